"""Questions about one record: the student, his person, periods, the ledger with what was annulled, other records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.errors import NotFound
from exchange.files.queries import count_at
from exchange.people.models import Person
from exchange.students.models import Order, OrderLine, Student, StudyPeriod


def student_by_public_id(session: Session, public_id: str) -> Student:
    """Raises NotFound, for what is somebody else's too."""
    asked = sa.select(Student).where(Student.public_id == public_id).options(joinedload(Student.person))
    student = session.scalar(asked)
    if student is None:
        raise NotFound
    return student


def person_of(session: Session, student: Student) -> Person:
    return session.get_one(Person, student.person_id)


def periods_of(session: Session, student: Student) -> Sequence[StudyPeriod]:
    """What the registry says now, in the order of days."""
    told = sa.select(StudyPeriod).where(StudyPeriod.student_id == student.id, StudyPeriod.superseded_at.is_(None))
    return session.scalars(told.order_by(StudyPeriod.valid_from)).all()


@dataclass(frozen=True)
class LineOnCard:
    """An order line with its paper; `annulled_by` is the paper that annulled it."""

    line: OrderLine
    order: Order
    annulled_by: Order | None = None
    annulled_line: OrderLine | None = None
    scans: int = 0


def lines_of(session: Session, student: Student) -> list[LineOnCard]:
    """The ledger of a student with what was annulled, newest first; annulments are shown at what they annul."""
    found = session.execute(
        sa.select(OrderLine, Order, count_at(Order.__tablename__, Order.public_id))
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.student_id == student.id)
    ).all()
    annulled = {line.cancels_line_id: (order, line) for line, order, _scans in found if line.cancels_line_id is not None}
    kept = [
        LineOnCard(line, order, *annulled.get(line.id, (None, None)), scans)
        for line, order, scans in found
        if line.cancels_line_id is None
    ]
    return sorted(kept, key=lambda item: (item.line.effective_on, item.line.id), reverse=True)


def line_of(session: Session, student: Student, line_id: int) -> OrderLine:
    """A line of this student; raises NotFound."""
    line = session.scalar(sa.select(OrderLine).where(OrderLine.id == line_id, OrderLine.student_id == student.id))
    if line is None:
        raise NotFound
    return line


def records_of_person(session: Session, student: Student) -> Sequence[Any]:
    """Other records of the same person: a second programme, an earlier study."""
    found = sa.select(Student.public_id, Student.record_book_no).where(
        Student.person_id == student.person_id, Student.id != student.id
    )
    return session.execute(found.order_by(Student.id)).all()


def lines_in_order(session: Session, organisation_id: int, type_code: str, number: str, signed_on: dt.date) -> int:
    """How many students are under an order already on file."""
    return session.scalar(
        sa.select(sa.func.count())
        .select_from(OrderLine)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.organisation_id == organisation_id, Order.type_code == type_code, Order.number == number,
            Order.signed_on == signed_on,
        )
    ) or 0  # fmt: skip
