"""What a roster states of many students at once, as of a day: the same ledger as one order, a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.database import now
from exchange.students import ledger
from exchange.students.ledger import Entry
from exchange.students.models import Student
from exchange.students.orders import add_lines, entries_by_student, tell, touch_all
from exchange.students.registration import Paper, join_orders

CHUNK = 500


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
    students = {s.id: s for s in session.scalars(sa.select(Student).where(Student.id.in_(ids)))}
    lines = entries_by_student(session, ids)
    fresh = {
        key: Entry(ledger.STATE, paper.signed_on, dict(fields), None, paper.type_code, paper.number, paper.signed_on)
        for key, fields in stated.items()
    }
    told = {key: ledger.periods_from([*lines[key], fresh[key]]) for key in ids}
    new = add_lines(session, [(students[key], order_id, fresh[key], None) for key in ids], moment)
    tell(session, [students[key] for key in ids], told, new, moment)
    touch_all(session, list(students.values()), moment)
