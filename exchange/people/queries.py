"""Questions about people: what is said of them on a day, their documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.actor import Role
from exchange.access.rows import actor_of
from exchange.database import as_of
from exchange.people.models import Guardian, IdentityDocument, Person, PersonFacts


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


def selves(person_id: int) -> sa.Select[int]:
    """A person and the records that were joined to his: what can't be moved is read of all of them.

    A part of a question, not one of its own: `column.in_(selves(person_id))`.
    """
    return sa.select(Person.id).where(sa.or_(Person.id == person_id, Person.merged_into_id == person_id))


def offices_of(session: Session, person: Person) -> tuple[int, ...]:
    """Whose rows of particulars the one who asks reads: the keeper's, or those of a university that only reads along."""
    actor = actor_of(session)
    if actor.role is not Role.UNIVERSITY or person.organisation_id in actor.organisation_ids:
        return (person.organisation_id,)
    return actor.organisation_ids


def guardians_of(session: Session, person: Person) -> Sequence[Guardian]:
    """Who acts or acted for a minor, the newest first."""
    offices = offices_of(session, person)
    asked = sa.select(Guardian).where(Guardian.person_id == person.id, Guardian.organisation_id.in_(offices))
    return session.scalars(asked.order_by(Guardian.since.desc(), Guardian.id.desc())).all()
