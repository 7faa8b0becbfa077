"""The master key and counting beyond one's own rows: inside only, for a reason, and nothing comes out."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from exchange.access.actor import SYSTEM
from exchange.access.master_key import acting_as
from exchange.access.rows import NotYours
from exchange.access.statistics import counting
from exchange.people.models import Person
from exchange.students.models import Student

ALL = sa.select(sa.func.count()).select_from(Student)


def test_inside_all_rows_outside_own_rows(as_: Any, world: Any) -> None:
    with as_(world.actors["asu"]) as session:
        assert session.scalar(ALL) == 7
        with acting_as(SYSTEM, "to see whether it opens", session) as inner:
            assert inner.scalar(ALL) == 15
            assert session not in (inner,)
        assert session.scalar(ALL) == 7
        assert session.get(Student, world.students["kim"]) is None


def test_afterwards_the_database_is_told_again_who_asks(as_: Any, world: Any) -> None:
    with as_(world.actors["asu"]) as session:
        with acting_as(SYSTEM, "to see whether it closes", session):
            pass
        if session.get_bind().dialect.name == "postgresql":
            assert session.connection().scalar(sa.text("SELECT count(*) FROM student")) == 7


def fail_inside(session: Any) -> None:
    with acting_as(SYSTEM, "to fail", session) as inner:
        inner.scalar(ALL)
        raise ZeroDivisionError


def test_also_when_it_fails_inside(as_: Any, world: Any) -> None:
    with as_(world.actors["asu"]) as session:
        with pytest.raises(ZeroDivisionError):
            fail_inside(session)
        assert session.scalar(ALL) == 7


def test_what_was_done_inside_belongs_to_the_transaction_outside(as_: Any, world: Any) -> None:
    with as_(world.actors["asu"]) as session:
        with acting_as(SYSTEM, "to be taken back", session) as inner:
            inner.get_one(Student, world.students["kim"]).record_book_no = "changed"
        session.rollback()
    with as_(SYSTEM) as session:
        assert session.get_one(Student, world.students["kim"]).record_book_no == "ASTU-kim"


def test_it_needs_a_reason(as_: Any, world: Any) -> None:
    with as_(world.actors["asu"]) as session, pytest.raises(ValueError, match="reason"), acting_as(SYSTEM, "", session):
        pass


def test_an_akimat_counts_all_and_sees_none(as_: Any, world: Any) -> None:
    with as_(world.actors["akimat"]) as session:
        assert session.scalar(ALL) == 0
        with counting(session) as figures:
            assert figures.scalar(ALL) == 15
        assert session.scalar(ALL) == 0
        assert session.scalars(sa.select(Person)).all() == []


@pytest.mark.parametrize(("who", "seen"), [("asu", 7), ("ministry", 15), ("altvagon", 0), ("admin", 0)])
def test_everybody_else_counts_the_own_rows(as_: Any, world: Any, who: str, seen: int) -> None:
    with as_(world.actors[who]) as session, counting(session) as figures:
        assert figures is session
        assert figures.scalar(ALL) == seen


def test_the_counter_writes_nothing(as_: Any, world: Any) -> None:
    def write(session: Any) -> None:
        with counting(session) as figures:
            figures.add(Person(organisation_id=world.organisations["ASU"]))
            figures.flush()

    with as_(world.actors["akimat"]) as session, pytest.raises(NotYours):
        write(session)
