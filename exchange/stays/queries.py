"""Questions about migration facts: those of a person with what was annulled, one of them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.errors import NotFound
from exchange.people import queries as people
from exchange.stays.models import StayFact


@dataclass(frozen=True)
class FactOnCard:
    """A fact, and the one that annulled it, if any."""

    fact: StayFact
    annulled_by: StayFact | None = None


def facts_of(session: Session, *person_ids: int) -> list[FactOnCard]:
    """Facts of a person (or of several records of one human), newest first; annulled ones with their annulment."""
    return _told(session, sa.select(StayFact).where(StayFact.person_id.in_(person_ids)))


def _told(session: Session, asked: sa.Select[StayFact]) -> list[FactOnCard]:
    found = session.scalars(asked.order_by(StayFact.starts_on.desc(), StayFact.id.desc())).all()
    annulments = {fact.cancels_id: fact for fact in found if fact.cancels_id is not None}
    return [FactOnCard(fact, annulments.get(fact.id)) for fact in found if fact.cancels_id is None]


def facts_of_human(session: Session, person_id: int) -> list[FactOnCard]:
    """Facts of a person, also those that were entered for a record that was joined to his later."""
    return _told(session, sa.select(StayFact).where(StayFact.person_id.in_(people.selves(person_id))))


def in_force(facts: list[FactOnCard]) -> list[StayFact]:
    """Those that nobody annulled, newest first."""
    return [item.fact for item in facts if item.annulled_by is None]


def fact_of(session: Session, person_id: int, fact_id: int) -> FactOnCard:
    """A fact of this person, not an annulment; raises NotFound."""
    found = next((item for item in facts_of_human(session, person_id) if item.fact.id == fact_id), None)
    if found is None:
        raise NotFound
    return found
