"""Is this person entered already? Own records are named, of others only the office that keeps them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.actor import Role
from exchange.access.master_key import SYSTEM, acting_as
from exchange.access.rows import actor_of
from exchange.organisations.models import Organisation
from exchange.people.models import IdentityDocument, Person, PersonFacts
from exchange.people.names import skeleton

CHUNK = 5000
Item = TypeVar("Item")


@dataclass(frozen=True)
class Candidate:
    """Somebody who is about to be entered. `key` is the caller's; `person_id` is left out of what is found."""

    key: Hashable
    organisation_id: int
    surname: str = ""
    name: str = ""
    birth_date: dt.date | None = None
    iin: str | None = None
    documents: tuple[tuple[str, str], ...] = ()
    person_id: int | None = None


@dataclass(frozen=True)
class Match:
    """A record that may be the same person. `by` is iin, document or names; `person_id` is 0 when it is not one's own."""

    by: str
    person_id: int
    is_own: bool
    office: str = ""
    contact: str = ""


def matches(session: Session, candidates: Sequence[Candidate]) -> dict[Hashable, list[Match]]:
    """For each candidate with doubles: those found, the surest first. A constant number of queries for any number of rows.

    The register is searched as a whole, beyond the rows of the one who asks: of a record of another institution only the
    name of the office and its public contact come back.
    """
    if not candidates:
        return {}
    with acting_as(SYSTEM, "whether a person is registered at any institution", session) as everywhere:
        found = _search(everywhere, candidates)
        offices = _offices(everywhere, {office for hits in found.values() for _, _, office in hits})
    actor = actor_of(session)
    own = set(actor.organisation_ids) if actor.role is Role.UNIVERSITY else set()
    answer: dict[Hashable, list[Match]] = {}
    for candidate in candidates:
        mine = own or {candidate.organisation_id}
        for by, person_id, office_id in found.get(candidate.key, ()):
            if person_id == candidate.person_id:
                continue
            is_own = office_id in mine
            name, contact = offices[office_id]
            match = Match(by, person_id if is_own else 0, is_own, name, contact)
            known = answer.setdefault(candidate.key, [])
            if all((m.person_id, m.office) != (match.person_id, match.office) for m in known):
                known.append(match)
    return answer


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def _search(session: Session, candidates: Sequence[Candidate]) -> dict[Hashable, list[tuple[str, int, int]]]:
    """(by, person, office) for each candidate: three questions, whatever the number of candidates."""
    by_iin: dict[Any, list[Hashable]] = defaultdict(list)
    by_document: dict[Any, list[Hashable]] = defaultdict(list)
    by_names: dict[Any, list[Hashable]] = defaultdict(list)
    for candidate in candidates:
        if candidate.iin:
            by_iin[candidate.iin].append(candidate.key)
        for document in candidate.documents:
            by_document[document].append(candidate.key)
        if candidate.surname and candidate.name and candidate.birth_date:
            by_names[skeleton(candidate.surname), skeleton(candidate.name), candidate.birth_date].append(candidate.key)
    found: dict[Hashable, list[tuple[str, int, int]]] = defaultdict(list)
    for iins in _chunks(list(by_iin)):
        for iin, person_id, office in session.execute(
            sa.select(Person.iin, Person.id, Person.organisation_id).where(Person.iin.in_(iins))
        ):
            for key in by_iin[iin]:
                found[key].append(("iin", person_id, office))
    numbers = sorted({number for _, number in by_document})
    for part in _chunks(numbers):
        for kind, number, person_id, office in session.execute(
            sa.select(
                IdentityDocument.type_code,
                IdentityDocument.number,
                IdentityDocument.person_id,
                IdentityDocument.organisation_id,
            )
            .join(Person, Person.id == IdentityDocument.person_id)
            .where(IdentityDocument.number.in_(part), Person.merged_into_id.is_(None))
        ):
            for key in by_document.get((kind, number), ()):
                found[key].append(("document", person_id, office))
    for surnames in _chunks(sorted({surname for surname, _, _ in by_names})):
        days = sorted({day for surname, _, day in by_names})
        said = sa.select(
            PersonFacts.surname_key,
            PersonFacts.name_key,
            PersonFacts.birth_date,
            PersonFacts.person_id,
            PersonFacts.organisation_id,
        ).where(PersonFacts.superseded_at.is_(None), PersonFacts.surname_key.in_(surnames))
        if len(days) <= CHUNK:
            said = said.where(PersonFacts.birth_date.in_(days))
        for surname, name, day, person_id, office in session.execute(said):
            for key in by_names.get((surname, name, day), ()):
                found[key].append(("names", person_id, office))
    return found


def _offices(session: Session, ids: set[int]) -> dict[int, tuple[str, str]]:
    if not ids:
        return {}
    rows = session.execute(
        sa.select(Organisation.id, Organisation.short_ru, Organisation.contact).where(Organisation.id.in_(ids))
    )
    return {key: (name, contact) for key, name, contact in rows}
