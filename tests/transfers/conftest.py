"""What tests of transfers have in common: kim of ASTU (two enrolments) and orazbayeva (one) go to ASU."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy.orm import Session

from exchange.access.actor import Actor
from exchange.students.actions import Paper, Registration
from exchange.students.models import Student
from exchange.transfers import actions
from exchange.transfers.actions import Leave, Wish
from exchange.transfers.models import Transfer
from tests.students.conftest import STUDY, day
from tests.world import World

AsActor = Callable[[Actor], AbstractContextManager[Session]]
LEFT, BEGINS = day("2026-11-20"), day("2026-11-23")
ORDER = {"number": "77-п", "signed_on": day("2026-11-19"), "effective_on": LEFT}
ENROL = {
    "programme": "09.03.04", "level": "", "form": "full", "course": "2", "funding": "contract_person", "group": "8ПИ-51",
    "order_number": "91-п", "order_date": "20.11.2026", "enrolled_on": "23.11.2026",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _on_the_day(today: Any) -> None:
    """It is 23 November 2026."""


def kept(session: Session, thing: Any) -> Any:
    """What was committed, to be looked at after its session."""
    session.commit()
    session.refresh(thing)
    session.expunge(thing)
    return thing


class Sides:
    """Both universities at work, each behind its own walls."""

    def __init__(self, world: World, as_: AsActor, session: Session) -> None:
        self.world, self.as_, self.session = world, as_, session
        session.commit()

    def wish(self, key: str = "orazbayeva", **changes: Any) -> Wish:
        from exchange.people.models import PersonFacts

        facts = self.session.query(PersonFacts).filter_by(person_id=self.world.persons[key], superseded_at=None).first()
        assert facts is not None
        values = {"number": self.world.iins[key], "birth_date": facts.birth_date, "planned_on": BEGINS, "note": ""}
        self.session.commit()
        return Wish(**{**values, **changes})

    def ask(self, key: str = "orazbayeva", by: str = "asu") -> Transfer:
        wish = self.wish(key)
        with self.as_(self.world.actors[by]) as asked:
            found = actions.ask_transfer(asked, wish)
            return kept(asked, found)

    def send(self, key: str = "orazbayeva", to: str = "ASU", by: str = "astu", **changes: Any) -> Transfer:
        leave = Leave(**{"to_id": self.world.organisations[to], **ORDER, **changes})
        with self.as_(self.world.actors[by]) as asked:
            found = actions.send_transfer(asked, asked.get_one(Student, self.world.students[key]), leave)
            assert found is not None
            return kept(asked, found)

    def accept(self, transfer: Transfer, by: str = "asu", begins: dt.date = BEGINS, version: int = 0) -> Student:
        with self.as_(self.world.actors[by]) as asked:
            one = asked.get_one(Transfer, transfer.id)
            student = actions.accept_transfer(asked, one, self.registration(by, begins), version or one.version)
            return kept(asked, student)

    def registration(self, by: str = "asu", begins: dt.date = BEGINS) -> Registration:
        office = self.world.actors[by].organisation_id
        assert office is not None
        paper = Paper("enrolment_transfer", "91-п", day("2026-11-20"))
        return Registration(organisation_id=office, study=dict(STUDY), paper=paper, enrolled_on=begins)

    def state(self, transfer: Transfer) -> str:
        self.session.expire_all()
        found = self.session.get_one(Transfer, transfer.id).state
        self.session.commit()
        return found


@pytest.fixture
def sides(world: World, as_: AsActor, session: Session) -> Sides:
    return Sides(world, as_, session)
