"""What tests of doubles have in common: two records of one human at ASU, entered on two days, joined and parted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import Session

from exchange.access.actor import SYSTEM, Actor
from exchange.merging import actions, queries, splitting
from exchange.merging.fields import KEPT, Row
from exchange.merging.models import Merge
from exchange.merging.particulars import COLUMNS
from exchange.people.actions import Document, Human
from exchange.people.models import DocumentOffice, Guardian, IdentityDocument, Person, PersonDetails, PersonFacts, PersonOffice
from exchange.students.actions import Paper, Registration, register_student
from exchange.students.models import Student, StudyPeriod
from tests.clock import TODAY
from tests.students.conftest import STUDY, day
from tests.world import World

AsActor = Callable[[Actor], AbstractContextManager[Session]]
HOUR = dt.timedelta(hours=1)
FACTS: dict[str, Any] = {
    "surname": "Құрманғалиев", "name": "Ерасыл", "patronymic": "Болатұлы", "sex": "M", "birth_date": day("2006-05-04"),
    "citizenship": "KZ", "region_code": "630000000", "surname_lat": "KURMANGALIYEV", "name_lat": "YERASSYL",
}  # fmt: skip
PASSPORT = Document("kz_passport", "N77777777", "МВД РК", day("2022-03-01"), day("2032-02-28"))
CARD = Document("kz_id", "055555555")


def human(*documents: Document, iin: str | None = None, phone: str = "", email: str = "", **changes: Any) -> Human:
    return Human(facts={**FACTS, **changes}, documents=documents, iin=iin, phone=phone, email=email)


class Register:
    """The register of the world at work, a moment after another."""

    def __init__(self, world: World, as_: AsActor, session: Session) -> None:
        self.world, self.as_, self.session = world, as_, session
        self.clock = TODAY
        session.commit()

    @property
    def now(self) -> Any:
        """The next hour."""
        self.clock += HOUR
        return time_machine.travel(self.clock, tick=True)

    def enter(self, who: Human, by: str = "asu", office: str = "", begins: str = "2026-09-01", **study: Any) -> int:
        """A person with one enrolment; returns the id of the enrolment."""
        owner = self.world.organisations[office] if office else self.world.actors[by].organisation_id
        assert owner is not None
        with self.now, self.as_(self.world.actors[by]) as asked:
            entered = Registration(
                organisation_id=owner, study={**STUDY, **study}, human=who, enrolled_on=day(begins),
                paper=Paper("enrolment", "44-ст", min(day("2026-08-26"), day(begins))),
            )  # fmt: skip
            return register_student(asked, entered).id

    def person(self, student: int) -> int:
        with self.as_(SYSTEM) as asked:
            return asked.scalars(sa.select(Student.person_id).where(Student.id == student)).one()

    def public_id(self, person: int) -> str:
        with self.as_(SYSTEM) as asked:
            return asked.scalars(sa.select(Person.public_id).where(Person.id == person)).one()

    def merge(self, kept: int, gone: int, *of_gone: str, by: str = "asu") -> int:
        """Joins two people; returns the id of the merge."""
        with self.now, self.as_(self.world.actors[by]) as asked:
            done = actions.merge_people(asked, asked.get_one(Person, kept), asked.get_one(Person, gone), of_gone)
            return done.id

    def split(self, merge: int, by: str = "asu") -> None:
        with self.now, self.as_(self.world.actors[by]) as asked:
            found = asked.get_one(Merge, merge)
            splitting.split_people(asked, found, found.version)

    def outlook(self, merge: int, by: str = "asu") -> splitting.Outlook:
        with self.now, self.as_(self.world.actors[by]) as asked:
            return splitting.outlook(asked, asked.get_one(Merge, merge))

    def rows(self, one: int, other: int, by: str = "asu") -> dict[str, Row]:
        with self.as_(self.world.actors[by]) as asked:
            both = queries.sides(asked, asked.get_one(Person, one), asked.get_one(Person, other))
            return {row.name: row for row in queries.compared(*both)}

    def owners(self, student: int) -> set[int]:
        """Of whom the periods of an enrolment speak now."""
        with self.as_(SYSTEM) as asked:
            held = sa.select(StudyPeriod.person_id).where(
                StudyPeriod.student_id == student, StudyPeriod.superseded_at.is_(None)
            )
            return set(asked.scalars(held))


def state(register: Register, person: int) -> dict[str, Any]:
    """All that is kept of a person now."""
    with register.as_(SYSTEM) as asked:
        one = asked.get_one(Person, person)
        facts = asked.scalars(
            sa.select(PersonFacts).where(PersonFacts.person_id == person, PersonFacts.superseded_at.is_(None))
        )
        documents = asked.scalars(sa.select(IdentityDocument).where(IdentityDocument.person_id == person))
        return {
            "contacts": {name: getattr(one, name) for names in KEPT.values() for name in names},
            "merged": one.merged_into_id,
            "facts": sorted(repr(queries.span_of(row)) for row in facts),
            "documents": sorted(
                (row.type_code, row.number, row.issued_by, str(row.valid_until), row.organisation_id, row.is_presented)
                for row in documents
            ),
            "students": sorted(asked.scalars(sa.select(Student.id).where(Student.person_id == person))),
            "offices": sorted(asked.scalars(sa.select(PersonOffice.organisation_id).where(PersonOffice.person_id == person))),
            "details": sorted(
                (row.organisation_id, row.updated_by, str(row.updated_at), *(getattr(row, name) for name in COLUMNS))
                for row in asked.scalars(sa.select(PersonDetails).where(PersonDetails.person_id == person))
            ),
            "guardians": sorted(
                (row.organisation_id, row.name, row.phone, str(row.until), row.updated_by)
                for row in asked.scalars(sa.select(Guardian).where(Guardian.person_id == person))
            ),
            "papers": asked.scalar(sa.select(sa.func.count()).select_from(DocumentOffice)),
        }


@pytest.fixture
def register(world: World, as_: AsActor, session: Session, today: Any) -> Register:
    return Register(world, as_, session)


@pytest.fixture
def pair(register: Register) -> tuple[int, int]:
    """Ids of two people of ASU: the same human in Kazakh and in Russian letters, each with one enrolment."""
    first = register.enter(human(PASSPORT, phone="+77010000001"))
    second = register.enter(
        human(
            Document("kz_passport", "N77777777"), CARD, email="e@example.org", surname="Курмангалиев", name="Ерасыл",
            patronymic="", surname_lat="", name_lat="", region_code="100000000",
        ),
        begins="2025-09-01", course=2,
    )  # fmt: skip
    return register.person(first), register.person(second)
