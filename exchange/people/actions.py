"""Recording what is known of people: bulk entry, corrections that supersede, new names from a day, further documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.database import new_public_id, now
from exchange.people.keeping import require_keeper
from exchange.people.models import IdentityDocument, Person, PersonFacts
from exchange.people.names import fold, kazakh_order, skeleton

NAMES = (
    "surname", "name", "patronymic", "surname_kk", "name_kk", "patronymic_kk", "surname_lat", "name_lat",
)  # fmt: skip
FACTS = (
    *NAMES, "sex", "birth_date", "birth_place", "citizenship", "is_rf_citizen", "region_code", "district_code", "settlement",
)  # fmt: skip


@dataclass(frozen=True)
class Document:
    """An identity document as it is entered; `number` is normalised."""

    type_code: str
    number: str
    issued_by: str = ""
    issued_on: dt.date | None = None
    valid_until: dt.date | None = None


@dataclass(frozen=True)
class Human:
    """What is said of a person when he is entered. `facts` has the columns of FACTS; missing ones are empty."""

    facts: dict[str, Any]
    iin: str | None = None
    iin_needs_check: bool = False
    snils: str | None = None
    phone: str = ""
    email: str = ""
    address: str = ""
    is_in_dormitory: bool = False
    documents: tuple[Document, ...] = field(default=())


def keys_of(surname: str, name: str, patronymic: str = "") -> dict[str, str]:
    """Columns for order and search that follow from the names."""
    return {
        "sort_key": " ".join(fold(part) for part in (surname, name, patronymic) if part),
        "sort_key_kk": " ".join(kazakh_order(part) for part in (surname, name, patronymic) if part),
        "surname_key": skeleton(surname),
        "name_key": skeleton(name),
        "patronymic_key": skeleton(patronymic) if patronymic else "",
    }


def facts_row(facts: dict[str, Any]) -> dict[str, Any]:
    """All columns of PersonFacts that say something of the person, keys included."""
    row: dict[str, Any] = {"citizenship": "KZ", "is_rf_citizen": False, "region_code": None, "district_code": None}
    row |= {name: "" for name in FACTS if name not in row} | {k: v for k, v in facts.items() if k in FACTS and v is not None}
    return row | keys_of(row["surname"], row["name"], row["patronymic"])


def enter_people(session: Session, humans: Sequence[tuple[int, Human]], moment: dt.datetime | None = None) -> list[int]:
    """Adds people with their facts and documents for organisations; returns their ids in the same order. No query a row."""
    moment = moment or now()
    author = actor_of(session).user_id
    if not humans:
        return []
    people = [
        {
            "organisation_id": organisation_id, "iin": human.iin, "iin_needs_check": human.iin_needs_check,
            "snils": human.snils,
            "phone": human.phone, "email": human.email, "address": human.address, "is_in_dormitory": human.is_in_dormitory,
            "created_at": moment, "public_id": new_public_id(),
        }
        for organisation_id, human in humans
    ]  # fmt: skip
    # the answer may come in any order (asking for one costs a statement a row on SQLite): our own ids tell who is who
    added = session.execute(
        sa.insert(Person).returning(Person.id, Person.public_id), people, execution_options={"render_nulls": True}
    )
    given = {public_id: key for key, public_id in added}
    ids = [given[str(row["public_id"])] for row in people]
    facts, documents = [], []
    for person_id, (organisation_id, human) in zip(ids, humans, strict=True):
        owner = {"person_id": person_id, "organisation_id": organisation_id}
        row = facts_row(human.facts)
        # what is known of a person is held to be so from birth, until an order says otherwise
        row |= {"valid_from": row["birth_date"], "valid_to": None, "recorded_at": moment, "superseded_at": None}
        facts.append({**owner, **row, "recorded_by_id": author})
        documents += [{**owner, **_document_row(document), "created_at": moment} for document in human.documents]
    session.execute(sa.insert(PersonFacts), facts, execution_options={"render_nulls": True})
    if documents:
        session.execute(sa.insert(IdentityDocument), documents, execution_options={"render_nulls": True})
    return ids


def present_document(session: Session, person: Person, document: IdentityDocument | None) -> None:
    """This document is the one that the person shows now, and no other; None: none of them."""
    for known in session.scalars(sa.select(IdentityDocument).where(IdentityDocument.person_id == person.id)):
        is_shown = document is not None and known.id == document.id
        if known.is_presented != is_shown:
            require_keeper(session, person.id)
            known.is_presented = is_shown
    session.flush()


def _document_row(document: Document) -> dict[str, Any]:
    return {
        "type_code": document.type_code, "number": document.number, "issued_by": document.issued_by,
        "issued_on": document.issued_on, "valid_until": document.valid_until,
    }  # fmt: skip


def current_facts(session: Session, person_id: int) -> list[PersonFacts]:
    """The facts that the registry holds now, in the order of their days."""
    held = sa.select(PersonFacts).where(PersonFacts.person_id == person_id, PersonFacts.superseded_at.is_(None))
    return list(session.scalars(held.order_by(PersonFacts.valid_from)))


def correct_facts(session: Session, person_id: int, changes: dict[str, Any], moment: dt.datetime) -> dict[str, tuple[Any, Any]]:
    """Says otherwise what was said wrongly: the old rows are superseded, new ones say the same days rightly.

    A mistake is corrected wherever it stands: in every span of days that has the same wrong value as the last one. So a
    surname that was changed by an order keeps its earlier form. Returns what changed: field -> (before, after).
    """
    held = current_facts(session, person_id)
    last = held[-1]
    changed = {
        name: (getattr(last, name), value) for name, value in changes.items() if name in FACTS and getattr(last, name) != value
    }
    if not changed:
        return {}
    require_keeper(session, person_id)
    fresh = []
    for facts in held:
        wrong = {name: after for name, (before, after) in changed.items() if getattr(facts, name) == before}
        if wrong:
            fresh.append(_copy(facts, {**_said(facts), **wrong}, facts.valid_from, facts.valid_to, moment, session))
            facts.superseded_at = max(moment, facts.recorded_at)
    session.flush()
    session.add_all(fresh)
    session.flush()
    return changed


def take_correction_back(session: Session, person_id: int, corrected_at: dt.datetime, moment: dt.datetime) -> dict[str, Any]:
    """Undoes one `correct_facts`, the one of `corrected_at`: the days it spoke of say again what they said before.

    Nothing is taken away: the correction is superseded, and what it superseded is said anew. Returns what changed, as
    `correct_facts` does; nothing, when the facts were changed again since.
    """
    require_keeper(session, person_id)
    of_person = sa.select(PersonFacts).where(PersonFacts.person_id == person_id).order_by(PersonFacts.valid_from)
    wrong = session.scalars(of_person.where(PersonFacts.recorded_at == corrected_at)).all()
    before = session.scalars(of_person.where(PersonFacts.superseded_at == corrected_at)).all()
    if not wrong or not before or any(facts.superseded_at is not None for facts in wrong):
        return {}
    now_said, then_said = _said(wrong[-1]), _said(before[-1])
    fresh = [_copy(facts, _said(facts), facts.valid_from, facts.valid_to, moment, session) for facts in before]
    for facts in wrong:
        facts.superseded_at = max(moment, facts.recorded_at)
    session.flush()
    session.add_all(fresh)
    session.flush()
    return {name: (now_said[name], then_said[name]) for name in FACTS if now_said[name] != then_said[name]}


def _said(facts: PersonFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in FACTS}


def _copy(
    facts: PersonFacts, said: dict[str, Any], start: dt.date, end: dt.date | None, moment: dt.datetime, session: Session
) -> PersonFacts:
    return PersonFacts(
        person_id=facts.person_id, organisation_id=facts.organisation_id, valid_from=start, valid_to=end, recorded_at=moment,
        recorded_by_id=actor_of(session).user_id, ground=facts.ground, **facts_row(said),
    )  # fmt: skip


def change_facts_from(
    session: Session, person_id: int, day: dt.date, changes: dict[str, Any], moment: dt.datetime, ground: str = ""
) -> None:
    """From a day on something else holds (a new surname, another citizenship); what held before stays as history.

    It holds until a later change of the same fact. `ground` says why, when no order does.
    """
    _say_from(session, person_id, day, changes, moment, ground, {})


def take_back_from(
    session: Session, person_id: int, day: dt.date, names: Sequence[str], moment: dt.datetime, until: Mapping[str, dt.date]
) -> None:
    """Undoes `change_facts_from`: from the day on the named facts are again what they were the day before.

    `until`: fact -> a later day from which something else says the same value, so that it stays.
    """
    before = [facts for facts in current_facts(session, person_id) if facts.valid_from < day]
    if before:
        _say_from(session, person_id, day, {name: getattr(before[-1], name) for name in names}, moment, "", until)


def _say_from(
    session: Session, person_id: int, day: dt.date, changes: dict[str, Any], moment: dt.datetime, ground: str,
    until: Mapping[str, dt.date],
) -> None:  # fmt: skip
    """Each fact is said otherwise from the day on, as long as it stays what it is on that day: a later change stands."""
    require_keeper(session, person_id)
    fresh: list[PersonFacts] = []
    said_then: dict[str, Any] = {}
    for facts in current_facts(session, person_id):
        if facts.valid_to is not None and facts.valid_to <= day:
            continue
        is_first = not said_then
        said_then = said_then or {name: getattr(facts, name) for name in changes}
        said_then = {
            name: value for name, value in said_then.items()
            if getattr(facts, name) == value and facts.valid_from < until.get(name, dt.date.max)
        }  # fmt: skip
        if not said_then:
            break
        if facts.valid_from < day:
            fresh.append(_copy(facts, _said(facts), facts.valid_from, day, moment, session))
        said = {**_said(facts), **{name: changes[name] for name in said_then}}
        changed = _copy(facts, said, max(day, facts.valid_from), facts.valid_to, moment, session)
        changed.ground = ground if is_first else facts.ground
        fresh.append(changed)
        facts.superseded_at = max(moment, facts.recorded_at)
    session.flush()
    session.add_all(fresh)
    session.flush()


def add_document(session: Session, person: Person, document: Document) -> bool:
    """Adds a document, or completes the one with the same number; the others stay as history. Whether anything changed."""
    row = _document_row(document)
    for known in session.scalars(sa.select(IdentityDocument).where(IdentityDocument.person_id == person.id)):
        if (known.type_code, known.number) == (document.type_code, document.number):
            fresh = {name: value for name, value in row.items() if getattr(known, name) != value}
            if fresh:
                require_keeper(session, person.id)
            for name, value in fresh.items():
                setattr(known, name, value)
            session.flush()
            return bool(fresh)
    require_keeper(session, person.id)
    session.add(IdentityDocument(person_id=person.id, organisation_id=person.organisation_id, **row))
    session.flush()
    return True
