"""Questions about joined records: both sides of a comparison, merges, pairs that were put aside, where a record is now."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.errors import NotFound
from exchange.merging.fields import DETAILS, ROWS, SAID, Row, row_of, values_of
from exchange.merging.models import Apart, Merge
from exchange.merging.weaving import Span, woven
from exchange.people.actions import FACTS
from exchange.people.models import IdentityDocument, Person, PersonDetails, PersonFacts
from exchange.students.contingent import COUNTRY
from exchange.students.models import Student, StudyPeriod


@dataclass(frozen=True)
class Side:
    """A person with everything that is compared."""

    person: Person
    facts: Sequence[PersonFacts]
    documents: Sequence[IdentityDocument]
    students: Sequence[Student]
    periods: Sequence[StudyPeriod]
    details: PersonDetails | None = None

    @property
    def spans(self) -> list[Span]:
        return [span_of(facts) for facts in self.facts]

    @property
    def last(self) -> PersonFacts:
        """What is said for the time to come."""
        return self.facts[-1]


def span_of(facts: PersonFacts) -> Span:
    return Span(facts.valid_from, facts.valid_to, {name: getattr(facts, name) for name in FACTS}, facts.ground)


def person_by_public_id(session: Session, public_id: str) -> Person:
    """Raises NotFound, for what is somebody else's too."""
    found = session.scalar(sa.select(Person).where(Person.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def person_named(session: Session, typed: str) -> Person | None:
    """The person of the actor's records with this number of a file, in any writing of its letters, or with this IIN."""
    written = sorted({typed, typed.upper(), typed.lower()})
    named = sa.select(Student.person_id).where(Student.record_book_no.in_(written))
    asked = sa.select(Person).where(sa.or_(Person.id.in_(named), Person.iin == "".join(typed.split())))
    return session.scalars(asked.order_by(Person.id).limit(1)).first()


def sides(session: Session, first: Person, second: Person) -> tuple[Side, Side]:
    """Both sides in four questions. Raises NotFound for a record that says nothing any more."""
    ids = [first.id, second.id]
    said = sa.select(PersonFacts, PersonDetails).outerjoin(
        PersonDetails,
        sa.and_(
            PersonDetails.person_id == PersonFacts.person_id, PersonDetails.organisation_id == PersonFacts.organisation_id
        ),
    ).where(PersonFacts.person_id.in_(ids), PersonFacts.superseded_at.is_(None))  # fmt: skip
    told_of_both = session.execute(said.order_by(PersonFacts.valid_from)).all()
    facts = [row.PersonFacts for row in told_of_both]
    details = {row.PersonFacts.person_id: row.PersonDetails for row in told_of_both}
    kept = sa.select(IdentityDocument).where(IdentityDocument.person_id.in_(ids)).order_by(IdentityDocument.id)
    documents = session.scalars(kept).all()
    students = session.scalars(sa.select(Student).where(Student.person_id.in_(ids)).order_by(Student.id)).all()
    told = sa.select(StudyPeriod).where(StudyPeriod.person_id.in_(ids), StudyPeriod.superseded_at.is_(None))
    periods = session.scalars(told.order_by(StudyPeriod.valid_from)).all()

    def side(person: Person) -> Side:
        mine = [row for row in facts if row.person_id == person.id]
        if not mine:
            raise NotFound
        return Side(
            person,
            mine,
            [row for row in documents if row.person_id == person.id],
            [row for row in students if row.person_id == person.id],
            [row for row in periods if row.person_id == person.id],
            details[person.id],
        )

    return side(first), side(second)


def compared(first: Side, second: Side) -> list[Row]:
    """The rows of the comparison."""
    both = [(side.spans, side.person, side.details) for side in (first, second)]
    return [row_of(name, *both) for name in ROWS]


def state_of(*both: Side) -> str:
    """A mark of all that is compared: another one means that somebody changed something meanwhile."""
    told = [
        (
            side.person.id, side.person.version, side.person.merged_into_id, sorted(row.id for row in side.facts),
            sorted((row.id, row.number) for row in side.documents), sorted((row.id, row.version) for row in side.students),
            [values_of(side.details, columns) for columns in DETAILS.values()],
        )
        for side in sorted(both, key=lambda side: side.person.id)
    ]  # fmt: skip
    return hashlib.sha256(repr(told).encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Counted:
    """People and enrolments that reports count on a day: before the merge and after it."""

    people: tuple[int, int]
    enrolments: tuple[int, int]


def counted(kept: Side, gone: Side, of_gone: Collection[str], day: dt.date) -> Counted:
    """How the figures of a day change, by the rules of `contingent_on`; among the enrolments that are one's own."""
    told = woven(kept.spans, gone.spans, {column for row in of_gone if row in SAID for column in SAID[row]})
    studying = [sum(_holds(row, day) and row.in_contingent for row in side.periods) for side in (kept, gone)]
    before = [number if _counts(side.spans, day) else 0 for number, side in zip(studying, (kept, gone), strict=True)]
    after = sum(studying) if _counts(told, day) else 0
    return Counted((sum(map(bool, before)), int(after > 0)), (sum(before), after))


def _holds(span: Any, day: dt.date) -> bool:
    return bool(span.valid_from <= day and (span.valid_to is None or span.valid_to > day))


def _counts(spans: Sequence[Span], day: dt.date) -> bool:
    held = next((span.said for span in spans if _holds(span, day)), None)
    return held is not None and held["citizenship"] == COUNTRY and not held["is_rf_citizen"]


# --------------------------------------------------------------------------------------------------------------- merges
def merge_by_public_id(session: Session, public_id: str) -> Merge:
    """Raises NotFound."""
    found = session.scalar(sa.select(Merge).where(Merge.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def merges(session: Session, first: int, size: int) -> Sequence[Merge]:
    """A page of merges, the newest first."""
    found = sa.select(Merge).order_by(Merge.merged_at.desc(), Merge.id.desc()).offset(first).limit(size)
    return session.scalars(found).all()


def last_merge_of(session: Session, gone_id: int) -> Merge | None:
    """The merge by which a record is gone now."""
    return session.scalar(sa.select(Merge).where(Merge.gone_id == gone_id, Merge.split_at.is_(None)))


def apart_of(session: Session, first: int, second: int) -> Apart | None:
    """Whether the two were said to be two people."""
    low, high = sorted((first, second))
    return session.scalars(sa.select(Apart).where(Apart.first_id == low, Apart.second_id == high).limit(1)).first()


def aparts(session: Session, people: Iterable[int]) -> dict[tuple[int, int], Apart]:
    """Pairs of these people that were put aside."""
    ids = list(people)
    found = sa.select(Apart).where(sa.or_(Apart.first_id.in_(ids), Apart.second_id.in_(ids)))
    return {(row.first_id, row.second_id): row for row in session.scalars(found)}


# ------------------------------------------------------------------------------------------------------ names for lists
@dataclass(frozen=True)
class Told:
    """A person in a list: what is said last of him, and his own records."""

    person: Person
    facts: PersonFacts
    students: Sequence[Student]


def told_of(session: Session, people: Iterable[int]) -> dict[int, Told]:
    """These people as a list names them; three questions. One who is gone is told by what was said of him last."""
    ids = sorted(set(people))
    persons = {row.id: row for row in session.scalars(sa.select(Person).where(Person.id.in_(ids)))}
    said: dict[int, PersonFacts] = {}
    rows = sa.select(PersonFacts).where(PersonFacts.person_id.in_(ids)).order_by(
        PersonFacts.superseded_at.is_(None), PersonFacts.superseded_at, PersonFacts.valid_from
    )  # fmt: skip
    for facts in session.scalars(rows):
        said[facts.person_id] = facts
    students: dict[int, list[Student]] = {key: [] for key in ids}
    for student in session.scalars(sa.select(Student).where(Student.person_id.in_(ids)).order_by(Student.id.desc())):
        students[student.person_id].append(student)
    return {key: Told(persons[key], said[key], students[key]) for key in ids if key in persons and key in said}
