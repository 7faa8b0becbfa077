"""Questions about people: what is said of them on a day, their documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.database import as_of
from exchange.people.models import IdentityDocument, Person, PersonFacts


def facts_on(session: Session, person_id: int, day: dt.date, known_at: dt.datetime | None = None) -> PersonFacts | None:
    """What is said of a person on a day, as it was known at a moment (empty: now)."""
    return session.scalar(sa.select(PersonFacts).where(PersonFacts.person_id == person_id, as_of(PersonFacts, day, known_at)))


def latest_facts(session: Session, person_id: int) -> PersonFacts:
    """What is said of a person for the time to come."""
    held = sa.select(PersonFacts).where(PersonFacts.person_id == person_id, PersonFacts.superseded_at.is_(None))
    return session.scalars(held.order_by(PersonFacts.valid_from.desc()).limit(1)).one()


def documents_of(session: Session, person_id: int) -> Sequence[IdentityDocument]:
    """Identity documents, newest first."""
    kept = sa.select(IdentityDocument).where(IdentityDocument.person_id == person_id)
    return session.scalars(kept.order_by(IdentityDocument.id.desc())).all()


def selves(session: Session, person_id: int) -> tuple[int, ...]:
    """A person and the records that were joined to his: what can't be moved is read of all of them."""
    joined = session.scalars(sa.select(Person.id).where(Person.merged_into_id == person_id).order_by(Person.id))
    return (person_id, *joined)
