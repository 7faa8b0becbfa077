"""Questions about orders as papers: the list of them, one with its lines, how many of its names are in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exchange.errors import NotFound
from exchange.organisations.models import Organisation
from exchange.people.models import PersonFacts
from exchange.students import ledger
from exchange.students.models import Order, OrderLine, Student

ROSTER = "roster"


def in_force() -> sa.ColumnElement[bool]:
    """A line that neither annuls nor is annulled."""
    annulling = aliased(OrderLine)
    gone = sa.select(annulling.id).where(annulling.cancels_line_id == OrderLine.id).correlate(OrderLine)
    return sa.and_(OrderLine.event != ledger.CANCEL, ~gone.exists())


def _names_in() -> Any:
    """How many lines of an order are in force (of a cancellation: all, it annuls as many), beside the order."""
    counted = sa.or_(OrderLine.event == ledger.CANCEL, in_force())
    count = sa.select(sa.func.count(OrderLine.id)).where(OrderLine.order_id == Order.id, counted)
    return count.correlate(Order).scalar_subquery()


def order_by_public_id(session: Session, public_id: str) -> Order:
    """Raises NotFound, for what is somebody else's too."""
    order = session.scalar(sa.select(Order).where(Order.public_id == public_id))
    if order is None:
        raise NotFound
    return order


@dataclass(frozen=True)
class Wanted:
    """Which papers a list shows."""

    type_code: str = ""
    number: str = ""
    year: int | None = None
    is_unfinished: bool = False


def _matching(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [Order.type_code != ROSTER]
    if wanted.type_code:
        conditions.append(Order.type_code == wanted.type_code)
    if wanted.number:
        conditions.append(Order.number.startswith(wanted.number, autoescape=True))
    if wanted.year:
        conditions.append(Order.signed_on.between(dt.date(wanted.year, 1, 1), dt.date(wanted.year, 12, 31)))
    if wanted.is_unfinished:
        conditions.append(Order.expected_lines > _names_in())
    return conditions


def count_of(session: Session, wanted: Wanted) -> int:
    return session.scalar(sa.select(sa.func.count(Order.id)).where(*_matching(wanted))) or 0


def page(session: Session, wanted: Wanted, first: int, size: int) -> Sequence[Any]:
    """Orders with the number of their students (`names`), newest first."""
    asked = sa.select(Order, _names_in().label("names")).where(*_matching(wanted))
    return session.execute(asked.order_by(Order.signed_on.desc(), Order.id.desc()).offset(first).limit(size)).all()


def unfinished(session: Session, type_code: str) -> Sequence[Any]:
    """Orders of a kind that were entered with more names than are in; the newest ten."""
    return page(session, Wanted(type_code=type_code, is_unfinished=True), 0, 10)


@dataclass(frozen=True)
class Tally:
    """How many lines a paper has: all, and those in force."""

    lines: int
    names: int


def tally(session: Session, order: Order) -> Tally:
    counted = sa.select(sa.func.count(OrderLine.id), sa.func.sum(sa.case((in_force(), 1), else_=0)))
    lines, names = session.execute(counted.where(OrderLine.order_id == order.id)).one()
    return Tally(lines, names or 0)


@dataclass(frozen=True)
class LineOnPaper:
    """A line of an order with its student; `annulled_by` is the paper that annulled it, `annuls` the one that it annuls."""

    line: OrderLine
    student: Any
    annulled_by: Order | None = None
    annuls: Order | None = None


def lines_of(session: Session, order: Order, first: int, size: int) -> list[LineOnPaper]:
    """Lines of an order by the names of its students; three questions for a page."""
    asked = (
        sa.select(
            OrderLine, Student.public_id, Student.record_book_no, PersonFacts.surname, PersonFacts.name,
            PersonFacts.patronymic,
        )
        .join(Student, Student.id == OrderLine.student_id)
        .join(PersonFacts, PersonFacts.person_id == Student.person_id)
        .where(OrderLine.order_id == order.id, *_latest())
        .order_by(PersonFacts.sort_key, OrderLine.id)
    )  # fmt: skip
    rows = session.execute(asked.offset(first).limit(size)).all()
    lines = [row.OrderLine for row in rows]
    papers = sa.select(OrderLine.id, OrderLine.cancels_line_id, Order).join(Order, Order.id == OrderLine.order_id)
    by = session.execute(papers.where(OrderLine.cancels_line_id.in_([line.id for line in lines])))
    annulled_by = {cancels: paper for _id, cancels, paper in by}
    annuls = {}
    if gone := [line.cancels_line_id for line in lines if line.cancels_line_id is not None]:
        annuls = {line_id: paper for line_id, _cancels, paper in session.execute(papers.where(OrderLine.id.in_(gone)))}
    return [
        LineOnPaper(row.OrderLine, row, annulled_by.get(row.OrderLine.id), annuls.get(row.OrderLine.cancels_line_id))
        for row in rows
    ]


def _latest() -> tuple[sa.ColumnElement[bool], ...]:
    """The last that is said of a person: one row for everybody, also for those who begin tomorrow."""
    return PersonFacts.superseded_at.is_(None), PersonFacts.valid_to.is_(None)


def students_of(session: Session, public_ids: Iterable[str]) -> list[tuple[Student, PersonFacts]]:
    """Students with their names, in the order of names; what is not one's own is not there."""
    asked = sa.select(Student, PersonFacts).join(PersonFacts, PersonFacts.person_id == Student.person_id)
    found = session.execute(
        asked.where(Student.public_id.in_(list(public_ids)), *_latest()).order_by(PersonFacts.sort_key, Student.id)
    )
    return [(student, facts) for student, facts in found]


def ids_of(session: Session, matching: sa.Select[*tuple[Any, ...]], most: int) -> list[str]:
    """Public ids of the students of a query, at most one more than `most`."""
    return list(session.scalars(matching.with_only_columns(Student.public_id).order_by(Student.id).limit(most + 1)))


def twins(session: Session, order: Order) -> Sequence[Any]:
    """The same paper at the university's other parts: an order that names students of a branch too. With `names` and office."""
    asked = sa.select(Order.public_id, Organisation.short_ru, _names_in().label("names")).join(
        Organisation, Organisation.id == Order.organisation_id
    )
    return session.execute(
        asked.where(
            Order.type_code == order.type_code, Order.number == order.number, Order.signed_on == order.signed_on,
            Order.id != order.id, Order.recorded_by_id == order.recorded_by_id, Order.type_code != ROSTER,
        ).order_by(Order.id)
    ).all()  # fmt: skip


def names_in_force(session: Session, order: Order, most: int) -> list[str]:
    """Public ids of the students whose lines of this order are in force, at most one more than `most`."""
    asked = sa.select(Student.public_id).join(OrderLine, OrderLine.student_id == Student.id)
    asked = asked.where(OrderLine.order_id == order.id, in_force()).distinct()
    return list(session.scalars(asked.limit(most + 1)))


def first_line(session: Session, order: Order) -> OrderLine | None:
    """A line in force: what it says is offered when others join the order."""
    asked = sa.select(OrderLine).where(OrderLine.order_id == order.id, in_force())
    return session.scalar(asked.order_by(OrderLine.id).limit(1))


def order_of(session: Session, organisation_id: int, type_code: str, number: str, signed_on: dt.date) -> Order | None:
    """The order of this paper, if it is on file."""
    return session.scalar(
        sa.select(Order).where(
            Order.organisation_id == organisation_id, Order.type_code == type_code, Order.number == number,
            Order.signed_on == signed_on,
        )
    )  # fmt: skip
