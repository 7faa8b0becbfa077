"""What is told beyond one's own rows, with the master key: whether a university knows a student, and who changed a record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.master_key import SYSTEM, acting_as
from exchange.audit.actions import record
from exchange.audit.models import AuditEntry
from exchange.database import as_of
from exchange.errors import RuleBroken
from exchange.internships import rules
from exchange.internships.models import Internship
from exchange.internships.universities import Universities, University, match_university, universities
from exchange.organisations.models import Organisation
from exchange.people.models import Person, PersonFacts
from exchange.people.names import search_key, skeleton
from exchange.reference import classifiers
from exchange.students.contingent import studying_on
from exchange.students.models import Student, StudyPeriod

SHOWN = 10
ENTRIES = 50


@dataclass(frozen=True)
class Found:
    """All that an enterprise is told of a student."""

    initials: str
    university: str
    programme: str
    course: int | None


def programme_name(code: str) -> str:
    known = classifiers.programmes().get(code)
    return known.name_ru if known else code


def find_student(
    session: Session, university: University, today: dt.date, *,
    iin: str | None = None, surname: str = "", name: str = "", birth_date: dt.date | None = None,
) -> Found | None:  # fmt: skip
    """Whether the named university knows exactly this student: by IIN, or by surname, name and birth date together.

    Looks beyond the rows of the one who asks, so it answers with initials, programme and course, and each look is written
    into the log. The caller limits how often it may be asked. Raises RuleBroken when what is asked is not exact.
    """
    if not iin and not (surname and name and birth_date):
        raise RuleBroken("iin", rules.exact_search_needed())
    asked = studying_on(today).join(Person, Person.id == StudyPeriod.person_id).where(StudyPeriod.in_contingent)
    if iin:
        asked = asked.where(Person.iin == iin)
    else:
        asked = asked.where(
            PersonFacts.surname_key == skeleton(surname), PersonFacts.name_key == skeleton(name),
            PersonFacts.birth_date == birth_date,
        )  # fmt: skip
    branches = sa.select(Organisation.id).where(
        sa.or_(Organisation.id == university.id, Organisation.parent_id == university.id)
    )
    asked = asked.where(StudyPeriod.organisation_id.in_(branches)).order_by(StudyPeriod.student_id).limit(1)
    with acting_as(SYSTEM, "an enterprise asks whether a university knows its student", session) as system:
        row = system.execute(
            asked.with_only_columns(
                PersonFacts.surname, PersonFacts.name, PersonFacts.patronymic, StudyPeriod.programme_code, StudyPeriod.course
            )
        ).one_or_none()
    record(
        session,
        "internship:searched",
        ("organisation", university.code),
        by="iin" if iin else "names and birth date",
        found=bool(row),
    )
    if row is None:
        return None
    initials = " ".join(f"{part[0]}." for part in (row.surname, row.name, row.patronymic) if part)
    return Found(initials, university.short_name, programme_name(row.programme_code), row.course)


# ---------------------------------------------------------------------------------------------- the university's own rows
OwnStudent = sa.Row[Student, PersonFacts, StudyPeriod, str | None, str]


@dataclass(frozen=True)
class Proposal:
    """A student of the university who may be the intern. `is_sure`: one press is enough."""

    student_id: int
    public_id: str
    full_name: str
    record_book_no: str
    birth_date: dt.date
    programme: str
    course: int | None
    university: str
    by: str
    is_sure: bool


def _own_students(today: dt.date) -> sa.Select[Student, PersonFacts, StudyPeriod, str | None, str]:
    """Students with present facts and every study period that began; the walls leave the actor's own."""
    return (
        sa.select(Student, PersonFacts, StudyPeriod, Person.iin, Organisation.short_ru)
        .join(Person, Person.id == Student.person_id)
        .join(PersonFacts, PersonFacts.person_id == Student.person_id)
        .join(StudyPeriod, StudyPeriod.student_id == Student.id)
        .join(Organisation, Organisation.id == Student.organisation_id)
        .where(as_of(PersonFacts, today), StudyPeriod.superseded_at.is_(None), StudyPeriod.valid_from <= today)
        .order_by(Student.id, StudyPeriod.valid_from)
    )


def propose(session: Session, internships: Sequence[Internship], today: dt.date) -> dict[int, list[Proposal]]:
    """Students of the university for each internship that waits, the surest first: one query for a whole page."""
    iins = {one.iin for one in internships if one.iin}
    surnames = {one.surname_key for one in internships}
    if not internships:
        return {}
    rows = session.execute(
        _own_students(today).where(sa.or_(Person.iin.in_(iins), PersonFacts.surname_key.in_(surnames)))
    ).all()
    return {one.id: _rank(one, [row for row in rows if _by(one, row)]) for one in internships}


def _by(one: Internship, row: OwnStudent) -> str:
    """By what a student fits: "iin", "birth_date" (names and birth date), "names", or "" when he does not."""
    _student, facts, _period, iin, _university = row
    if one.iin and iin == one.iin:
        return "iin"
    if facts.surname_key != one.surname_key or facts.name_key != skeleton(one.name):
        return ""
    if one.iin and iin:
        return ""  # two people of one name
    if one.birth_date is None:
        return "names"
    return "birth_date" if facts.birth_date == one.birth_date else ""


def _rank(one: Internship, rows: Iterable[OwnStudent]) -> list[Proposal]:
    """One proposal a student, with the study period of the first day of the internship (or the newest one)."""
    best: dict[int, Proposal] = {}
    for row in rows:
        student, facts, period, _iin, university = row
        holds = period.valid_from <= one.starts_on and (period.valid_to is None or period.valid_to > one.starts_on)
        if student.id in best and not holds and period.valid_from > one.starts_on:
            continue
        by = _by(one, row)
        same_names = (facts.surname_key, facts.name_key) == (one.surname_key, skeleton(one.name))
        best[student.id] = Proposal(
            student_id=student.id, public_id=student.public_id, record_book_no=student.record_book_no,
            full_name=" ".join(p for p in (facts.surname, facts.name, facts.patronymic) if p), birth_date=facts.birth_date,
            programme=programme_name(period.programme_code), course=period.course, university=university, by=by,
            is_sure=by == "birth_date" or (by == "iin" and same_names),
        )  # fmt: skip
    return sorted(best.values(), key=lambda p: (not p.is_sure, p.by != "iin", p.by != "birth_date", p.student_id))[:SHOWN]


def own_student(session: Session, public_id: str) -> Student | None:
    """A student of the actor by public id."""
    return session.scalars(sa.select(Student).where(Student.public_id == public_id)).one_or_none()


def search_own(session: Session, one: Internship, words: str, today: dt.date) -> list[Proposal]:
    """Students of the university by number of the personal file, IIN or names, for one whom nothing proposes."""
    words = words.strip()
    if not words:
        return []
    keys = [search_key(word) for word in words.split()[:3]]
    names = sa.and_(*(sa.or_(PersonFacts.surname_key == key, PersonFacts.name_key == key) for key in keys))
    rows = session.execute(
        _own_students(today).where(sa.or_(Student.record_book_no == words, Person.iin == words, names)).limit(SHOWN * 8)
    ).all()
    return _rank(one, rows)


# ------------------------------------------------------------------------------------------------- who changed it meanwhile
@dataclass
class Since:
    """What happened after a version: who was last and when, and what each changed column held before."""

    who: str = ""
    at: dt.datetime | None = None
    before: dict[str, Any] = field(default_factory=dict)


def changes_since(session: Session, one: Internship, version: int) -> Since:
    """Changes after `version`. Names of colleagues are told; of another organisation only its name."""
    inside = Since()
    with acting_as(SYSTEM, "the second of two editors is told who changed the record", session) as system:
        entries = system.execute(
            sa.select(
                AuditEntry.user_name, AuditEntry.organisation_id, AuditEntry.at, AuditEntry.details, Organisation.short_ru
            )
            .outerjoin(Organisation, Organisation.id == AuditEntry.organisation_id)
            .where(AuditEntry.subject_type == Internship.__tablename__, AuditEntry.subject_id == one.public_id)
            .order_by(AuditEntry.id.desc())
            .limit(ENTRIES)
        ).all()
    for entry in entries:
        details = entry.details or {}
        if "version" not in details:
            continue
        if details["version"] < version:
            break
        if inside.at is None:
            inside.at = entry.at
            inside.who = entry.user_name if entry.organisation_id == one.enterprise_id else (entry.short_ru or entry.user_name)
        for column, pair in details.get("changes", {}).items():
            inside.before[column] = pair[0]
    return inside


__all__ = [
    "Found", "Proposal", "Since", "Universities", "University", "changes_since", "find_student", "match_university",
    "own_student", "propose", "search_own", "universities",
]  # fmt: skip
