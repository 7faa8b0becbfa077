"""What an enterprise does: logs interns (one or a whole list), edits, moves on, records weeks, evaluates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.audit.actions import Note, record, write
from exchange.database import new_public_id, now
from exchange.errors import Conflict, RuleBroken
from exchange.internships import queries, rules
from exchange.internships.entry import AGREED, IDENTITY, Entry, for_the_log
from exchange.internships.models import Internship, InternshipWeek
from exchange.internships.norms import weeks_of
from exchange.internships.stages import STEPS, Recognition, Stage

# What a second list may add to a record that is already here. It fills what is empty; what somebody entered stays.
FILLED_LATER = (
    "iin", "birth_date", "sex", "phone", "email", "employer", "employer_bin", "position", "programme", "department", "mentor",
    "mentor_phone", "hours_planned", "hours_done", "briefing_on", "grade", "outcome",
)  # fmt: skip
MOST_IDS = 500


# ---------------------------------------------------------------------------------------------------------------- logging
def log_internship(session: Session, enterprise_id: int, entry: Entry, today: dt.date) -> Internship:
    """Writes down one internship as planned; raises RuleBroken when a rule is not kept or the record is already here."""
    entry.check(today)
    keys = entry.keys()
    known = queries.KnownPeople(queries.known_between(session, enterprise_id, entry.starts_on, entry.ends_on))
    if known.same(entry, keys["sort_key"]) is not None:
        raise RuleBroken("starts_on", _("Такая запись уже есть: тот же человек и то же начало. Найдите её в списке"))
    one = Internship(
        **entry.columns(), **keys, enterprise_id=enterprise_id, created_by_id=actor_of(session).user_id,
        recognition=rules.recognition_of(entry.kind, entry.university_is_here), status=Stage.PLANNED,
    )  # fmt: skip
    session.add(one)
    session.flush()
    record(session, "internship:logged", one, kind=entry.kind, starts_on=entry.starts_on, ends_on=entry.ends_on)
    return one


@dataclass
class Logged:
    """What became of a list: positions of its entries. `different`: what the list says otherwise than the record here."""

    created: list[int] = field(default_factory=list)
    filled: list[int] = field(default_factory=list)
    same: list[int] = field(default_factory=list)
    different: dict[int, list[str]] = field(default_factory=dict)
    public_ids: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Brought:
    """A list that a university brings for an enterprise: by that it agrees to what is new in it.

    `students`: of each position that is new, which of its students it is (id and public id). Of records that are here it
    fills only those that came in this way.
    """

    university_id: int
    enterprise: str
    students: Mapping[int, tuple[int, str]]


def log_internships(
    session: Session,
    enterprise_id: int,
    entries: Sequence[Entry],
    today: dt.date,
    met: Mapping[int, str] | None = None,
    brought: Brought | None = None,
) -> Logged:
    """Writes down a whole list; the number of queries does not grow with it. The stage follows from dates, briefing and mark.

    A person who is already here with the same kind and first day is not added again: what the record lacks is filled in,
    what it says otherwise stays and is named. So the same list a second time changes nothing. `met`: public ids of records
    that positions are known to speak of, however they spell the names. Raises RuleBroken for an entry that the rules refuse:
    check entries first.
    """
    result = Logged()
    if not entries:
        return result
    for entry in entries:
        entry.check(today)
    first, last = min(e.starts_on for e in entries), max(e.ends_on for e in entries)
    known = queries.KnownPeople(queries.known_between(session, enterprise_id, first, last))
    named = queries.known_by_id(session, enterprise_id, list((met or {}).values()))
    rows: list[dict[str, Any]] = []
    repeated: list[tuple[int, Entry, int]] = []
    for position, entry in enumerate(entries):
        keys = entry.keys()
        found = named.get((met or {}).get(position, "")) or known.same(entry, keys["sort_key"])
        if found is not None:
            result.public_ids[position] = found.public_id
            if found.id > 0:
                repeated.append((position, entry, found.id))
            else:
                result.same.append(position)
            continue
        row = _row(session, enterprise_id, entry, keys, today) | _agreed(session, position, brought)
        rows.append(row)
        # a row of this very list has no id yet: 0 stands for «already seen»
        known.add(queries.Known(
            0, row["public_id"], entry.kind, entry.iin, keys["sort_key"], entry.starts_on, entry.ends_on,
            row["status"], entry.birth_date,
        ))  # fmt: skip
        result.created.append(position)
        result.public_ids[position] = row["public_id"]
    if rows:
        session.execute(sa.insert(Internship), rows, execution_options={"render_nulls": True})
    _fill(session, repeated, result, today, brought)
    details = [
        {"kind": row["kind"], "starts_on": row["starts_on"], "ends_on": row["ends_on"], "status": row["status"]} for row in rows
    ]
    if brought is None:
        notes = [
            Note("internship:logged", "internship", row["public_id"], said) for row, said in zip(rows, details, strict=True)
        ]
    else:
        whom = [{"enterprise": brought.enterprise, "student": brought.students[position][1]} for position in result.created]
        notes = [
            Note("internship:brought", "internship", row["public_id"], said | who)
            for row, said, who in zip(rows, details, whom, strict=True)
        ]
    write(session, notes)
    return result


def _agreed(session: Session, position: int, brought: Brought | None) -> dict[str, Any]:
    """The word of the university, as it stands in a new record; all rows of an insert have the same columns."""
    if brought is None:
        return {"student_id": None, "agreed_at": None, "agreed_by_id": None, "brought_by_id": None}
    return {
        "student_id": brought.students[position][0], "recognition": Recognition.RECOGNISED, "agreed_at": now(),
        "agreed_by_id": actor_of(session).user_id, "brought_by_id": brought.university_id,
    }  # fmt: skip


def _row(session: Session, enterprise_id: int, entry: Entry, keys: dict[str, str], today: dt.date) -> dict[str, Any]:
    stage = rules.stage_of_row(
        starts_on=entry.starts_on, ends_on=entry.ends_on, briefing_on=entry.briefing_on, grade=entry.grade, today=today
    )
    return {
        **entry.columns(), **keys, "public_id": new_public_id(), "enterprise_id": enterprise_id, "status": stage,
        "recognition": rules.recognition_of(entry.kind, entry.university_is_here), "created_by_id": actor_of(session).user_id,
    }  # fmt: skip


def _fill(
    session: Session, repeated: list[tuple[int, Entry, int]], result: Logged, today: dt.date, brought: Brought | None
) -> None:
    ids = sorted({key for _, _, key in repeated})
    here: dict[int, Internship] = {}
    for start in range(0, len(ids), MOST_IDS):
        asked = sa.select(Internship).where(Internship.id.in_(ids[start : start + MOST_IDS]))
        here |= {one.id: one for one in session.scalars(asked)}
    notes = []
    for position, entry, key in repeated:
        one = here[key]
        if brought is not None and one.brought_by_id is None:  # the enterprise entered it, and fills it
            result.same.append(position)
            continue
        changes: dict[str, list[Any]] = {}
        for name in FILLED_LATER:
            mine, theirs = getattr(entry, name), getattr(one, name)
            if mine in (None, "") or mine == theirs:
                continue
            if theirs in (None, ""):
                setattr(one, name, mine)
                changes[name] = [None, for_the_log(name, mine)]
            else:
                result.different.setdefault(position, []).append(name)
        if entry.ends_on != one.ends_on:
            result.different.setdefault(position, []).append("ends_on")
        if not changes:
            result.same.append(position)
            continue
        _move_on(one, changes, today)
        one.updated_at = now()
        result.filled.append(position)
        details = {"changes": changes, "version": one.version}
        if brought is not None:
            details["enterprise"] = brought.enterprise
        notes.append(Note("internship:filled", "internship", one.public_id, details))
    session.flush()
    write(session, notes)


def _move_on(one: Internship, changes: dict[str, list[Any]], today: dt.date) -> None:
    """A list that brings a briefing or a mark moves the stage on, never back."""
    order = [Stage.PLANNED, Stage.CONFIRMED, Stage.STARTED, Stage.FINISHED, Stage.EVALUATED]
    stage = rules.stage_of_row(
        starts_on=one.starts_on, ends_on=one.ends_on, briefing_on=one.briefing_on, grade=one.grade, today=today
    )
    if one.status in order and order.index(stage) > order.index(Stage(one.status)):
        changes["status"] = [one.status, stage]
        one.status = stage


# ---------------------------------------------------------------------------------------------------------------- editing
def same_version(one: Internship, version: int) -> None:
    """Raises Conflict when somebody changed the record after it was opened."""
    if one.version != version:
        raise Conflict(queries.entry_of(one))


def edit_internship(session: Session, one: Internship, entry: Entry, version: int, today: dt.date) -> dict[str, list[Any]]:
    """Changes a record; returns what changed (column -> [before, after]).

    Another person or university has to be recognised anew, another period has to be agreed anew.
    """
    same_version(one, version)
    if one.status in (Stage.CANCELLED, Stage.INTERRUPTED):
        raise RuleBroken("", _("Запись отменена или прервана, её не меняют. Заведите новую"))
    entry.check(today)
    before = queries.entry_of(one)
    changed = {name: [before[name], value] for name, value in entry.columns().items() if value != before[name]}
    if not changed:
        return {}
    _keep_stage_possible(one, entry, today)
    if {"starts_on", "ends_on"} & changed.keys():
        _keep_weeks_inside(session, one, entry)
    for name, (_old, value) in changed.items():
        setattr(one, name, value)
    for name, key in entry.keys().items():
        setattr(one, name, key)
    if set(AGREED) & changed.keys():
        one.agreed_at = one.agreed_by_id = None
        one.refusal = ""
    if set(IDENTITY) & changed.keys():
        one.student_id = None
        one.recognition = rules.recognition_of(entry.kind, entry.university_is_here)
    if "university_id" in changed:
        _move_weeks(session, one)
    logged = {name: [for_the_log(name, value) for value in pair] for name, pair in changed.items()}
    touch(session, one, "internship:edited", changes=logged)
    return changed


def _keep_stage_possible(one: Internship, entry: Entry, today: dt.date) -> None:
    """What has begun keeps its briefing and its first day in the past; what is over keeps its last day there."""
    if one.status in (Stage.STARTED, Stage.FINISHED, Stage.EVALUATED):
        rules.check_start(entry.starts_on, entry.ends_on, entry.briefing_on, Recognition.NOT_NEEDED, "", today)
    if one.status in (Stage.FINISHED, Stage.EVALUATED):
        rules.check_finish(entry.ends_on, today)
    if one.status == Stage.EVALUATED and entry.grade is None:
        raise RuleBroken("grade", _("Запись завершена, оценка нужна: выберите от 2 до 5"))


def _keep_weeks_inside(session: Session, one: Internship, entry: Entry) -> None:
    inside = set(weeks_of(entry.starts_on, entry.ends_on))
    recorded = queries.weeks(session, one)
    outside = {week: line for week, line in recorded.items() if week not in inside}
    if lost := [week for week, line in outside.items() if line.hours_done]:
        raise RuleBroken(
            "ends_on" if lost[-1] > entry.ends_on else "starts_on",
            _("На неделе с %(week)s записаны часы, а она вне нового срока. Сначала исправьте часы по неделям",
              week=rules.day(lost[-1])),
        )  # fmt: skip
    kept = {w: (line.hours_planned, line.hours_done) for w, line in recorded.items() if w in inside}
    # hours of past weeks were allowed when they were recorded; the new period must still have room for them
    if wrong := rules.check_weeks(kept, entry.starts_on, entry.ends_on, entry.birth_date, dt.date.max):
        raise RuleBroken("starts_on", next(iter(wrong.values()))[1])
    for line in outside.values():
        session.delete(line)


def _move_weeks(session: Session, one: Internship) -> None:
    session.execute(
        sa.update(InternshipWeek)
        .where(InternshipWeek.internship_id == one.id)
        .values(university_id=one.university_id)
        .execution_options(synchronize_session=False)
    )


def touch(session: Session, one: Internship, action: str, **details: Any) -> None:
    """Ends every change of a record: its time, its next version, its line in the log with the version that was changed."""
    version = one.version
    one.updated_at = now()
    session.flush()
    record(session, action, one, version=version, **details)


# ----------------------------------------------------------------------------------------------------------------- stages
def take_step(
    session: Session,
    one: Internship,
    code: str,
    version: int,
    today: dt.date,
    reason: str = "",
    briefing_on: dt.date | None = None,
) -> None:
    """Moves an internship on: confirm, start, finish, cancel, interrupt."""
    same_version(one, version)
    step = STEPS[code]
    briefing = briefing_on or one.briefing_on
    rules.check_step(
        step, stage=one.status, starts_on=one.starts_on, ends_on=one.ends_on, briefing_on=briefing,
        recognition=one.recognition, refusal=one.refusal, reason=reason, today=today,
    )  # fmt: skip
    changes: dict[str, list[Any]] = {"status": [one.status, step.to]}
    if briefing != one.briefing_on:
        changes["briefing_on"] = [one.briefing_on, briefing]
        one.briefing_on = briefing
    if step.needs_reason:
        changes["status_reason"] = [one.status_reason, reason]
        one.status_reason = reason
    one.status = step.to
    touch(session, one, f"internship:{step.to}", changes=changes)


def evaluate(
    session: Session, one: Internship, version: int, today: dt.date, *, grade: int | None, review: str, outcome: str | None
) -> None:
    """Mark, review and outcome; what still counted as running is finished by the same press."""
    same_version(one, version)
    rules.check_evaluation(stage=one.status, ends_on=one.ends_on, grade=grade, review=review, today=today)
    new = {"grade": grade, "review": review, "outcome": outcome, "status": Stage.EVALUATED}
    changes = {name: [getattr(one, name), value] for name, value in new.items() if getattr(one, name) != value}
    for name, value in new.items():
        setattr(one, name, value)
    touch(session, one, "internship:evaluated", changes=changes)


# ------------------------------------------------------------------------------------------------------------------ weeks
Hours = tuple[int, int, str]


def record_weeks(
    session: Session, one: Internship, hours: Mapping[dt.date, Hours], version: int, today: dt.date
) -> dict[dt.date, tuple[str, str]]:
    """Writes planned and actual hours and a note of calendar weeks (Monday -> hours); the others stay as they are.

    Nothing is written when a week is impossible; the answer says which and why. The sums go into the record: actual hours
    always, planned hours when every week of the period is there.
    """
    same_version(one, version)
    if one.status == Stage.CANCELLED:
        raise RuleBroken("", _("Запись отменена: часы не пишут"))
    figures = {week: (planned, done) for week, (planned, done, _note) in hours.items()}
    if wrong := rules.check_weeks(figures, one.starts_on, one.ends_on, one.birth_date, today):
        return wrong
    recorded = queries.weeks(session, one)
    changes: dict[str, list[Any]] = {}
    for week, (planned, done, note) in hours.items():
        line = recorded.get(week)
        was = (line.hours_planned, line.hours_done, line.note) if line else (0, 0, "")
        if was == (planned, done, note):
            continue
        changes[week.isoformat()] = [list(was), [planned, done, note]]
        if line is None:
            line = recorded[week] = InternshipWeek(
                internship_id=one.id, enterprise_id=one.enterprise_id, university_id=one.university_id, week_on=week
            )
            session.add(line)
        line.hours_planned, line.hours_done, line.note = planned, done, note
    if changes:
        one.hours_done = sum(line.hours_done for line in recorded.values())
        if set(weeks_of(one.starts_on, one.ends_on)) <= recorded.keys():
            one.hours_planned = sum(line.hours_planned for line in recorded.values())
        touch(session, one, "internship:hours-recorded", changes=changes)
    return {}


def overlapping(session: Session, enterprise_id: int, entries: Iterable[Entry], but: int | None = None) -> dict[int, str]:
    """Warnings for entries whose person is here on the same days under another record, also of the same list: one query."""
    entries = list(entries)
    if not entries:
        return {}
    first, last = min(e.starts_on for e in entries), max(e.ends_on for e in entries)
    known = queries.KnownPeople(queries.known_between(session, enterprise_id, first, last))
    found: dict[int, str] = {}
    for position, entry in enumerate(entries):
        key = entry.keys()["sort_key"]
        if others := known.others(entry, key, but):
            found[position] = rules.overlap_warning(others[0].starts_on, others[0].ends_on)
        known.add(
            queries.Known(0, "", entry.kind, entry.iin, key, entry.starts_on, entry.ends_on, Stage.PLANNED, entry.birth_date)
        )
    return found
