"""The list of students: which rows answer what is asked for, in which order, on which page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.people.models import IdentityDocument, Person, PersonFacts
from exchange.people.names import from_wrong_layout
from exchange.students import ledger
from exchange.students.figures import Counts, count_of, universities
from exchange.students.filters import (
    LEAVES,
    Wanted,
    asked_of_each,
    from_facts,
    held_on,
    is_by_name,
    matching,
    narrowed,
    searched,
)
from exchange.students.models import Order, OrderLine, Student, StudyPeriod

__all__ = [
    "FEW_PAGES", "IIN", "LEAVES", "NUMBERED_PAGES", "SIZES", "SORTS", "Counts", "Slice", "Wanted", "all_rows", "count_of",
    "matching", "page", "rows", "student_with_iin", "universities", "with_other_layout",
]  # fmt: skip

SIZES = (25, 50, 100)
SORTS = ("name", "name_kk", "updated", "course", "birth")
BY_NAME = {"name": "sort_key", "name_kk": "sort_key_kk"}  # order -> column of its key
NUMBERED_PAGES = 10
FEW_PAGES = 4
KEPT_STATEMENTS = 256
IIN = re.compile(r"\d{12}")


@dataclass(frozen=True)
class Slice:
    """A page of a list: rows, where it begins (counted from 0), whether there are rows on either side."""

    rows: Sequence[Any]
    first: int
    has_before: bool
    has_after: bool


# ---------------------------------------------------------------------------------------------------------------- pages
def _keys(sort: str) -> list[Any]:
    """Columns of an order, `sort` with or without its sign; the last ones make it one order for all."""
    by_name = [PersonFacts.sort_key, PersonFacts.person_id, Student.id]
    orders: dict[str, list[Any]] = {
        "name": by_name,
        "name_kk": [PersonFacts.sort_key_kk, PersonFacts.person_id, Student.id],
        "updated": [Student.updated_at, Student.id],
        "course": [sa.func.coalesce(StudyPeriod.course, 0), *by_name],
        "birth": [PersonFacts.birth_date, *by_name],
    }
    return orders[sort.removeprefix("-")]


def _by_no_index(keys: list[Any]) -> list[Any]:
    """The same order, but no planner walks its index: where the rows are found otherwise, or all are wanted, it is slower."""
    return [sa.func.coalesce(keys[0], keys[0]), *keys[1:]]


def _ordered(found: sa.Select[*tuple[Any, ...]], keys: Sequence[Any], *, is_down: bool) -> sa.Select[*tuple[Any, ...]]:
    return found.order_by(*(key.desc() if is_down else key.asc() for key in keys))


@lru_cache(maxsize=KEPT_STATEMENTS)
def _walk(wanted: Wanted, are_few: bool) -> tuple[sa.Select[*tuple[Any, ...]], list[Any]]:
    """Ids of students and the columns of their order; built once, since building takes longer than the answer.

    Where many match, the index of the order is walked and each student is asked whether the filters leave him: the first
    page of a million costs what the first of a thousand does. Where few match, they are found and put in order.
    """
    sort = wanted.sort.removeprefix("-")
    if sort not in ("updated", *BY_NAME):
        return matching(wanted).with_only_columns(Student.id), _keys(sort)
    if is_by_name(wanted.q) and (are_few or sort in BY_NAME):
        walk, said = from_facts(wanted, are_few=are_few)
        if sort in BY_NAME:
            return walk, _keys_of_name(said, sort)
        return walk, _by_no_index(_keys(sort))
    if are_few or (wanted.q and not is_by_name(wanted.q)):
        return matching(wanted).with_only_columns(Student.id), _keys(sort)
    if sort == "updated":
        asked = (*narrowed(replace(wanted, q="")), *searched(wanted.q, PersonFacts, of_each=True))
        held = held_on(wanted).where(StudyPeriod.student_id == Student.id, *asked)
        return sa.select(Student.id).where(asked_of_each(held, Student)), _keys(sort)
    walk, said = from_facts(wanted)
    return walk, _keys_of_name(said, sort)


def _keys_of_name(said: Any, sort: str) -> list[Any]:
    return [getattr(said, BY_NAME[sort]), said.person_id, Student.id]


def _edge(session: Session, wanted: Wanted, public_id: str) -> Sequence[Any] | None:
    """Where a student stands in the order: a page goes on from there, however far inside it is."""
    unfiltered = Wanted(on=wanted.on, is_on_given=wanted.is_on_given, status=wanted.status)
    at = matching(unfiltered).where(Student.public_id == public_id).with_only_columns(*_keys(wanted.sort))
    row = session.execute(at).first()
    return tuple(row) if row else None


def page(
    session: Session, wanted: Wanted, total: int, *, number: int = 1, after: str = "", before: str = "", at: int = 0,
    is_last: bool = False, shown: Sequence[str] = (),
) -> Slice:  # fmt: skip
    """A page by number (the first ten), or from a student on: `after` or `before` his public id; or the last one.

    `shown` names columns that rows have beside the usual ones.
    """
    size = wanted.size
    found, keys = _walk(wanted, total <= FEW_PAGES * size)
    is_down = wanted.sort.startswith("-")
    if is_last:
        rest = total % size or min(size, total)
        ids = _ids(session, _ordered(found, keys, is_down=not is_down).limit(rest))[::-1]
        return Slice(rows(session, wanted, ids, shown), max(total - rest, 0), total > rest, False)
    edge = _edge(session, wanted, after or before) if after or before else None
    if edge is not None:
        is_down = is_down != bool(before)
        here = sa.tuple_(*keys)
        there = sa.tuple_(*(sa.literal(value, key.type) for value, key in zip(edge, keys, strict=True)))
        found = found.where(here < there if is_down else here > there)
        ids = _ids(session, _ordered(found, keys, is_down=is_down).limit(size + 1))
        more, ids = len(ids) > size, ids[:size]
        if before:
            first = max(at - len(ids), 0) if more else 0
            return Slice(rows(session, wanted, ids[::-1], shown), first, more, True)
        return Slice(rows(session, wanted, ids, shown), at, True, more)
    number = min(max(number, 1), NUMBERED_PAGES, max(1, -(-total // size)))
    first = (number - 1) * size
    ids = _ids(session, _ordered(found, keys, is_down=is_down).limit(size + 1).offset(first))
    return Slice(rows(session, wanted, ids[:size], shown), first, first > 0, len(ids) > size)


def public_ids(session: Session, wanted: Wanted, total: int, first: int, count: int) -> list[str]:
    """Who stands at these places of a list, counted from 0: one question."""
    found, keys = _walk(wanted, total <= FEW_PAGES * wanted.size)
    ordered = _ordered(found.with_only_columns(Student.public_id), keys, is_down=wanted.sort.startswith("-"))
    return list(session.scalars(ordered.limit(count).offset(first)))


def _ids(session: Session, found: sa.Select[*tuple[Any, ...]]) -> list[int]:
    return list(session.scalars(found))


COLUMNS = (
    Student.id, Student.public_id, Student.record_book_no, Student.updated_at, Student.organisation_id, Student.faculty,
    PersonFacts.surname, PersonFacts.name, PersonFacts.patronymic, PersonFacts.surname_lat, PersonFacts.name_lat,
    PersonFacts.birth_date, PersonFacts.sex, PersonFacts.region_code, PersonFacts.citizenship, StudyPeriod.programme_code,
    StudyPeriod.level_code, StudyPeriod.form_code, StudyPeriod.funding_code, StudyPeriod.course, StudyPeriod.group_name,
    StudyPeriod.status_code, Person.iin, Person.iin_needs_check, Person.phone, Person.email,
)  # fmt: skip


# Columns that only some lists show, by the name that a row gives them.
def _began() -> sa.Select[*tuple[Any, ...]]:
    """The line that began the enrolment, of those in force."""
    annulled = sa.select(OrderLine.cancels_line_id).where(OrderLine.cancels_line_id.is_not(None))
    began = sa.select(OrderLine).join(Order, Order.id == OrderLine.order_id)
    began = began.where(
        OrderLine.student_id == Student.id, OrderLine.event.in_(sorted(ledger.beginnings())), OrderLine.id.not_in(annulled)
    )
    return began.order_by(OrderLine.effective_on.desc(), OrderLine.id.desc()).limit(1).correlate(Student)


def _of_beginning(column: Any) -> Any:
    return _began().with_only_columns(column).scalar_subquery()


_newest = sa.select(IdentityDocument.valid_until).where(IdentityDocument.person_id == Student.person_id)
FURTHER: dict[str, tuple[Any, ...]] = {
    "intake": (_of_beginning(OrderLine.effective_on).label("enrolled_on"),),
    "enrolment": (
        _of_beginning(Order.number).label("order_number"), _of_beginning(Order.signed_on).label("order_signed_on"),
    ),
    "document": (
        _newest.order_by(IdentityDocument.id.desc()).limit(1).correlate(Student).scalar_subquery().label("document_until"),
    ),
    "planned": (Student.planned_end_on,),
    "lacks": (Student.person_id.not_in(sa.select(IdentityDocument.person_id)).label("lacks_document"),),
    "address": (Person.address, Person.is_in_dormitory),
}  # fmt: skip


def further(columns: Sequence[str]) -> tuple[Any, ...]:
    """What is asked for beside COLUMNS, when a list shows these."""
    return tuple(column for name in columns for column in FURTHER.get(name, ()))


@lru_cache(maxsize=KEPT_STATEMENTS)
def _rows_of(wanted: Wanted, shown: tuple[str, ...]) -> sa.Select[*tuple[Any, ...]]:
    found = matching(wanted).join(Person, Person.id == Student.person_id)
    found = found.with_only_columns(*COLUMNS, *further(shown))
    return found.where(StudyPeriod.student_id.in_(sa.bindparam("ids", expanding=True)))


def rows(session: Session, wanted: Wanted, ids: Sequence[int], shown: Sequence[str] = ()) -> list[Any]:
    """The rows of these ids, in their order: columns, not objects. `shown` names columns beyond those that all lists have."""
    if not ids:
        return []
    period = Wanted(on=wanted.on, is_on_given=wanted.is_on_given, status=wanted.status)
    statement = _rows_of(period, tuple(name for name in shown if name in FURTHER))
    found = {row.id: row for row in session.execute(statement, {"ids": ids})}
    return [found[key] for key in ids if key in found]


def all_rows(session: Session, wanted: Wanted, columns: Sequence[Any]) -> Iterator[Any]:
    """These columns of every row of the list in its order, a thousand rows at a time: for the export."""
    found = matching(wanted, all_at_once=True).join(Person, Person.id == Student.person_id).with_only_columns(*columns)
    found = _ordered(found, _by_no_index(_keys(wanted.sort)), is_down=wanted.sort.startswith("-"))
    yield from session.execute(found.execution_options(yield_per=1000))


def with_other_layout(q: str) -> str:
    """What was meant when the keyboard was in the other language."""
    return from_wrong_layout(q) if any(character.isalpha() for character in q) else q


def student_with_iin(session: Session, iin: str) -> str | None:
    """The public id of the newest record of the person with exactly this number, among one's own rows."""
    found = sa.select(Student.public_id).join(Person, Person.id == Student.person_id).where(Person.iin == iin)
    return session.scalar(found.order_by(Student.id.desc()).limit(1))
