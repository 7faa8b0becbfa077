"""What only several offices and several days bring out: transfers and numbers on the way, records of others, midnight."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from exchange.access.actor import SYSTEM
from exchange.merging.models import Merge
from exchange.merging.splitting import IIN_TAKEN, last_day
from exchange.people import keeping
from exchange.people.models import Person
from exchange.students.actions import save_card
from exchange.students.models import Student
from exchange.transfers.models import Transfer
from tests.merging.conftest import Register, human
from tests.merging.test_pages import LIST, address_of, asu, choices, words_of
from tests.students.pages import typed

__all__ = ["asu"]


def read_along(register: Register, office: str = "ASTU") -> tuple[int, int]:
    """An enrolment at another university of somebody whom ASU keeps: (person, enrolment)."""
    there = register.enter(human(surname="Сеитов", name="Али", surname_lat="", name_lat=""), by="astu", begins="2024-09-01")
    person = register.person(there)
    with register.now, register.as_(SYSTEM) as asked:
        keeping.hand_over(asked, person, register.world.organisations["ASU"])
    return person, there


def test_one_who_studied_elsewhere_is_joined_on_the_pages(asu: Any, register: Register, pair: tuple[int, int]) -> None:
    """ASU does not see the enrolment at ASTU: that it is there is no change meanwhile."""
    gone, there = read_along(register)
    address = address_of(register, (pair[0], gone))
    chosen = choices(asu.get(address), surname="first", name="first", patronymic="first", names_lat="first", origin="first")
    check = asu.post(address, data={**chosen, "do": "check"})
    assert check.status_code == 200, words_of(check)
    done = asu.post(address, data={**typed(check), "do": "record"})
    assert done.status_code == 303, words_of(done)
    with register.as_(SYSTEM) as asked:
        assert asked.get_one(Student, there).person_id == pair[0]


def test_a_pair_with_one_who_is_only_read_along_is_put_aside(asu: Any, register: Register) -> None:
    """ASU reads the older of the two, whom ASTU keeps, and keeps the younger: the button does what it says."""
    theirs = register.person(register.enter(human(surname="Курмангалиев"), by="astu"))
    with register.now, register.as_(SYSTEM) as asked:
        keeping.let_read(asked, asked.get_one(Person, theirs), register.world.organisations["ASU"])
    mine = register.person(register.enter(human()))
    keys = {"first": register.public_id(theirs), "second": register.public_id(mine)}
    assert asu.post(f"{LIST}/apart", data=keys).status_code == 303
    assert "Возможных дублей нет" in words_of(asu.get(LIST))
    assert asu.post(f"{LIST}/together", data=keys).status_code == 303


def test_a_transfer_sent_since_goes_back_with_its_enrolment(register: Register, pair: tuple[int, int]) -> None:
    ids = register.world.organisations
    with register.as_(SYSTEM) as asked:
        going = asked.scalars(sa.select(Student.id).where(Student.person_id == pair[1])).one()
        staying = asked.scalars(sa.select(Student.id).where(Student.person_id == pair[0])).one()
    merge = register.merge(*pair)
    with register.now, register.as_(SYSTEM) as asked:
        for student, office in ((going, "ASTU"), (staying, "ASU-RUB")):
            asked.add(
                Transfer(
                    from_organisation_id=ids["ASU"], to_organisation_id=ids[office], person_id=pair[0], student_id=student,
                    state="sent",
                )
            )  # fmt: skip
    register.split(merge)
    with register.as_(SYSTEM) as asked:
        told = asked.execute(sa.select(Transfer.student_id, Transfer.person_id)).all()
        assert {tuple(row) for row in told} == {(going, pair[1]), (staying, pair[0])}


def test_an_iin_that_was_let_go_and_given_to_somebody_else(register: Register) -> None:
    """The kept record took the other IIN; its own one was entered for somebody else since: parting would need it back."""
    one = register.person(register.enter(human(iin="060504550000")))
    other = register.person(register.enter(human(iin="060504550017")))
    merge = register.merge(one, other, "iin")
    register.enter(human(iin="060504550000", surname="Другой", name="Человек"))
    assert register.outlook(merge).obstacles == (IIN_TAKEN,)
    with register.now, register.as_(register.world.actors["asu"]) as asked:
        student = asked.scalars(sa.select(Student).where(Student.person_id == one).order_by(Student.id)).first()
        assert student is not None
        save_card(asked, student, card={}, person={"iin": None}, version=student.version)
    assert register.outlook(merge).obstacles == (), "the row was changed since: it stays as it is"


@pytest.mark.parametrize(("hour", "day"), [(16, dt.date(2026, 12, 23)), (18, dt.date(2026, 12, 24))])
def test_days_end_at_midnight_in_barnaul(register: Register, pair: tuple[int, int], hour: int, day: dt.date) -> None:
    """18:00 of the 23rd in Greenwich is one in the morning of the 24th in Barnaul."""
    register.clock = dt.datetime(2026, 11, 23, hour - 1, tzinfo=dt.UTC)
    merge = register.merge(*pair)
    with register.as_(SYSTEM) as asked:
        assert last_day(asked.get_one(Merge, merge)) == day
    for moment, is_open in (
        (dt.datetime.combine(day, dt.time(16, 59), dt.UTC), True), (dt.datetime.combine(day, dt.time(17, 1), dt.UTC), False),
    ):  # fmt: skip
        with register.as_(register.world.actors["asu"]) as asked, time_machine.travel(moment, tick=False):
            from exchange.merging import splitting

            assert (splitting.outlook(asked, asked.get_one(Merge, merge)).obstacles == ()) is is_open


@pytest.mark.parametrize("version", ["", "9" * 5000, "x", "٣", "-1"], ids=["none", "long", "word", "arabic", "negative"])
def test_a_version_that_is_none_is_no_failure(asu: Any, register: Register, pair: tuple[int, int], version: str) -> None:
    merge = register.merge(*pair)
    with register.as_(SYSTEM) as asked:
        key = asked.get_one(Merge, merge).public_id
    assert asu.post(f"{LIST}/merges/{key}", data={"version": version}).status_code == 409
