"""What is said of a person and an enrolment, collected once for a page; former names and citizenships with their days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.actor import Actor, Role
from exchange.organisations.models import Organisation
from exchange.people import keeping
from exchange.people import queries as people
from exchange.people.actions import NAMES, current_facts
from exchange.people.models import Guardian, IdentityDocument, Person, PersonDetails, PersonFacts
from exchange.students import records
from exchange.students.models import Order, OrderLine, Student, StudentDetails, StudyPeriod
from exchange.students.rules import today

CITIZENSHIP = ("citizenship", "is_rf_citizen")
# What changes from a day -> the columns of PersonFacts that say it.
CHANGING: dict[str, tuple[str, ...]] = {"names": NAMES, "citizenship": CITIZENSHIP}


@dataclass(frozen=True)
class Around:
    """Everything that the groups of the tab show and edit."""

    student: Student
    person: Person
    held: Sequence[PersonFacts]
    facts: PersonFacts
    contacts: Any
    details: PersonDetails
    more: StudentDetails
    guardians: Sequence[Guardian]
    office: Organisation
    current: StudyPeriod | None

    @property
    def latest(self) -> PersonFacts:
        """What is said for the time to come: this is what corrections are about."""
        return self.held[-1]

    def is_kept_by(self, actor: Actor) -> bool:
        """Whether the one who asks writes what is said of the person (`keeping.is_keeper`, without asking again)."""
        return actor.role is not Role.UNIVERSITY or self.person.organisation_id in actor.organisation_ids


def around(session: Session, student: Student) -> Around:
    """Reads what the groups need; rows that are not there yet come back empty, and are not added."""
    person, held, day = records.person_of(session, student), current_facts(session, student.person_id), today()
    periods = records.periods_of(session, student)
    details, more, guardians, office = _further(session, student, person)
    return Around(
        student=student,
        person=person,
        held=held,
        facts=next((facts for facts in reversed(held) if facts.valid_from <= day), held[0]),
        contacts=keeping.contacts_of(session, person),
        details=details or empty(PersonDetails),
        more=more or empty(StudentDetails),
        guardians=guardians,
        office=office,
        current=next((p for p in reversed(periods) if p.valid_from <= day), periods[0] if periods else None),
    )


def empty(model: type[Any]) -> Any:
    """A row with nothing in it, outside the session."""
    return model(**{
        p.key: "" for p in sa.inspect(model).column_attrs
        if isinstance(p.columns[0].type, sa.String) and not p.columns[0].nullable and p.key != "updated_by"
    })  # fmt: skip


def _further(
    session: Session, student: Student, person: Person
) -> tuple[PersonDetails | None, StudentDetails | None, list[Guardian], Organisation]:
    """Particulars, guardians (the newest first) and the university, by one question: the tab asks for much else."""
    offices = people.offices_of(session, person)
    rows = session.execute(
        sa.select(Organisation, PersonDetails, StudentDetails, Guardian)
        .select_from(Student)
        .join(Organisation, Organisation.id == Student.organisation_id)
        .outerjoin(
            PersonDetails, sa.and_(PersonDetails.person_id == Student.person_id, PersonDetails.organisation_id.in_(offices))
        )
        .outerjoin(StudentDetails, StudentDetails.student_id == Student.id)
        .outerjoin(Guardian, sa.and_(Guardian.person_id == Student.person_id, Guardian.organisation_id.in_(offices)))
        .where(Student.id == student.id)
        .order_by(Guardian.since.desc(), Guardian.id.desc())
    ).all()
    guardians = list({row.Guardian.id: row.Guardian for row in rows if row.Guardian is not None}.values())
    return rows[0].PersonDetails, rows[0].StudentDetails, guardians, rows[0].Organisation


@dataclass(frozen=True)
class Change:
    """From a day on something else was said: what holds since, what held before, and which order or paper says so."""

    what: str
    day: dt.date
    before: PersonFacts
    after: PersonFacts
    order: Order | None = None
    student_id: str = ""

    @property
    def ground(self) -> str:
        return self.after.ground


def changes_of(session: Session, around: Around) -> list[Change]:
    """Changes of names and of citizenship, the newest first, with the order behind each."""
    found = []
    for what, names in CHANGING.items():
        for before, after in zip(around.held, around.held[1:], strict=False):
            if any(getattr(before, name) != getattr(after, name) for name in names):
                found.append(Change(what, after.valid_from, before, after))
    orders = _orders(session, around.person.id) if any(change.what == "names" for change in found) else {}
    told = [Change(c.what, c.day, c.before, c.after, *orders.get(c.day, (None, ""))) if c.what == "names" else c for c in found]
    return sorted(told, key=lambda change: change.day, reverse=True)


def change_on(session: Session, around: Around, what: str, day: dt.date) -> Change | None:
    return next((change for change in changes_of(session, around) if (change.what, change.day) == (what, day)), None)


def _orders(session: Session, person_id: int) -> dict[dt.date, tuple[Order, str]]:
    """Orders of new names in force, by the day from which they hold."""
    cancels = sa.orm.aliased(OrderLine)
    asked = (
        sa.select(OrderLine.effective_on, Order, Student.public_id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Student, Student.id == OrderLine.student_id)
        .outerjoin(cancels, cancels.cancels_line_id == OrderLine.id)
        .where(Student.person_id == person_id, OrderLine.event == "name_change", cancels.id.is_(None))
    )
    return {day: (order, public_id) for day, order, public_id in session.execute(asked)}


def guardian_of(around: Around, guardian_id: int) -> Guardian | None:
    return next((one for one in around.guardians if one.id == guardian_id), None)


def document_of(session: Session, person: Person, document_id: int) -> IdentityDocument | None:
    asked = sa.select(IdentityDocument).where(IdentityDocument.id == document_id, IdentityDocument.person_id == person.id)
    return session.scalar(asked)
