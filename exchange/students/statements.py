"""What a roster states of many students at once, as of a day: the same ledger as one order, a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.database import now
from exchange.students import ledger
from exchange.students.ledger import Entry
from exchange.students.models import Order, OrderLine, Student, StudyPeriod
from exchange.students.registration import ALL_COLUMNS, Paper, join_orders, period_row

CHUNK = 500
SAME = ("order_line_id", "valid_from", "valid_to", *ledger.STUDY_FIELDS, "status_code")


def record_statements(
    session: Session, organisation_id: int, number: str, as_of_on: dt.date, stated: Mapping[int, dict[str, Any]]
) -> int:
    """Puts on file what a roster states: student id -> fields (course, group_name, status_code, …); returns how many.

    Each statement works from `as_of_on`, until a later order says otherwise. Raises Impossible (a RuleBroken) when a student
    was not in the contingent on that day.
    """
    if not stated:
        return 0
    moment = now()
    paper = Paper("roster", number, as_of_on)
    order_id = join_orders(session, [(organisation_id, paper)], moment)[organisation_id, paper][0]
    ids = sorted(stated)
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        _state(session, part, {key: stated[key] for key in part}, order_id, paper, moment)
    return len(ids)


def _state(
    session: Session, ids: list[int], stated: Mapping[int, dict[str, Any]], order_id: int, paper: Paper, moment: dt.datetime
) -> None:
    author = actor_of(session).user_id
    students = {s.id: s for s in session.scalars(sa.select(Student).where(Student.id.in_(ids)))}
    lines = _entries(session, ids)
    fresh = {
        key: Entry(ledger.STATE, paper.signed_on, dict(fields), None, paper.type_code, paper.number, paper.signed_on)
        for key, fields in stated.items()
    }
    told = {key: ledger.periods_from([*lines[key], fresh[key]]) for key in ids}
    rows = [
        {
            "order_id": order_id, "student_id": key, "organisation_id": students[key].organisation_id, "event": ledger.STATE,
            "effective_on": paper.signed_on, "fields": fresh[key].fields, "cancels_line_id": None, "recorded_at": moment,
            "recorded_by_id": author,
        }
        for key in ids
    ]  # fmt: skip
    # the answer may come in any order: each student has one of these lines
    added_lines = session.execute(sa.insert(OrderLine).returning(OrderLine.student_id, OrderLine.id), rows)
    new = {student_id: line_id for student_id, line_id in added_lines}  # noqa: C416  (typed)
    kept: dict[int, list[StudyPeriod]] = defaultdict(list)
    current = sa.select(StudyPeriod).where(StudyPeriod.student_id.in_(ids), StudyPeriod.superseded_at.is_(None))
    for period in session.scalars(current):
        kept[period.student_id].append(period)
    added: list[dict[str, Any]] = []
    for key in ids:
        wanted = {
            tuple(row[name] for name in SAME): row
            for row in (period_row(p, students[key], p.line.id or new[key], moment) for p in told[key])
        }
        for period in kept[key]:
            if wanted.pop(tuple(getattr(period, name) for name in SAME), None) is None:
                period.superseded_at = max(moment, period.recorded_at)
        added += wanted.values()
    # the old ones go first: the database lets no two current periods hold on one day
    session.flush()
    _touch(session, list(students.values()), moment)
    if added:
        session.execute(sa.insert(StudyPeriod), added, execution_options=ALL_COLUMNS)


def _touch(session: Session, students: list[Student], moment: dt.datetime) -> None:
    """Marks the cards as changed by one statement: whoever has one open will be told."""
    session.execute(
        sa.update(Student)
        .where(Student.id.in_([student.id for student in students]))
        .values(updated_at=moment, updated_by_id=actor_of(session).user_id, version=Student.version + 1)
        .execution_options(synchronize_session=False)
    )
    for student in students:
        session.expire(student, ["updated_at", "updated_by_id", "version"])


def _entries(session: Session, ids: list[int]) -> dict[int, list[Entry]]:
    """The lines in force of each student."""
    rows = session.execute(
        sa.select(OrderLine, Order.type_code, Order.number, Order.signed_on)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.student_id.in_(ids))
        .order_by(OrderLine.effective_on, OrderLine.id)
    ).all()
    annulled = {line.cancels_line_id for line, *_ in rows}
    found: dict[int, list[Entry]] = defaultdict(list)
    for line, type_code, number, signed_on in rows:
        if line.id not in annulled and line.event != ledger.CANCEL:
            entry = Entry(line.event, line.effective_on, line.fields, line.id, type_code, number, signed_on)
            found[line.student_id].append(entry)
    return found
