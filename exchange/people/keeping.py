"""Who keeps a person: one office writes what is said of a human, others that had the human read along."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.actor import Role
from exchange.access.rows import actor_of
from exchange.errors import RuleBroken
from exchange.organisations.models import Organisation
from exchange.people.models import (
    DocumentOffice,
    Guardian,
    IdentityDocument,
    Person,
    PersonDetails,
    PersonFacts,
    PersonOffice,
)

CONTACTS = ("snils", "phone", "email", "address", "is_in_dormitory")


def hand_over(session: Session, person_id: int, office: int) -> None:
    """From now on `office` keeps the person; the one that kept it before reads what was there. For the master key only."""
    person = session.get_one(Person, person_id, with_for_update=True)
    if person.organisation_id == office:
        return
    let_read(session, person, person.organisation_id)
    copy_particulars(session, person, office)
    documents = sa.select(IdentityDocument.id).where(IdentityDocument.person_id == person_id)
    session.execute(
        sa.delete(DocumentOffice).where(
            DocumentOffice.organisation_id == office, DocumentOffice.document_id.in_(documents)
        )
    )  # fmt: skip
    session.execute(sa.delete(PersonOffice).where(PersonOffice.organisation_id == office, PersonOffice.person_id == person_id))
    for model in (PersonFacts, IdentityDocument):
        session.execute(sa.update(model).where(model.person_id == person_id).values(organisation_id=office))
    person.organisation_id = office
    session.flush()


def let_read(session: Session, person: Person, office: int) -> None:
    """An office reads the person beside the keeper: the facts, the documents of today, the contacts as they are today."""
    row = session.scalar(
        sa.select(PersonOffice).where(PersonOffice.organisation_id == office, PersonOffice.person_id == person.id)
    )
    if row is None:
        row = PersonOffice(organisation_id=office, person_id=person.id)
        session.add(row)
    for name in CONTACTS:
        setattr(row, name, getattr(person, name))
    copy_particulars(session, person, office)
    known = set(session.scalars(sa.select(DocumentOffice.document_id).where(DocumentOffice.organisation_id == office)))
    kept = sa.select(IdentityDocument.id).where(IdentityDocument.person_id == person.id)
    session.add_all(
        DocumentOffice(organisation_id=office, document_id=key) for key in session.scalars(kept) if key not in known
    )
    session.flush()


def copy_particulars(session: Session, person: Person, office: int) -> None:
    """An office gets a row of its own of what the keeper knows today; what either writes later is not the other's."""
    if office == person.organisation_id:
        return
    models: tuple[type[Any], ...] = (PersonDetails, Guardian)
    for model in models:
        session.execute(sa.delete(model).where(model.person_id == person.id, model.organisation_id == office))
        kept = sa.select(model).where(model.person_id == person.id, model.organisation_id == person.organisation_id)
        for row in session.scalars(kept).all():
            said = {p.key: getattr(row, p.key) for p in sa.inspect(model).column_attrs if p.key != "id"}
            session.add(model(**{**said, "organisation_id": office}))
    session.flush()


def is_keeper(session: Session, person_id: int) -> bool:
    """Whether the one who asks writes what is said of the person; whoever is no university is held by the walls alone."""
    actor = actor_of(session)
    if actor.role is not Role.UNIVERSITY:
        return True
    return session.scalar(sa.select(Person.organisation_id).where(Person.id == person_id)) in actor.organisation_ids


def require_keeper(session: Session, person_id: int) -> None:
    """Raises RuleBroken when another office keeps the person."""
    if is_keeper(session, person_id):
        return
    keeper = sa.select(Organisation.short_ru).join(Person, Person.organisation_id == Organisation.id)
    raise RuleBroken(
        "",
        _(
            "Сведения о человеке ведёт %(office)s: ФИО, документы и связь меняет этот вуз. "
            "Оставьте их как есть или обратитесь в него",
            office=session.scalar(keeper.where(Person.id == person_id)),
        ),
    )


def contacts_of(session: Session, person: Person) -> Person | PersonOffice:
    """Contacts as the one who asks may know them: of the present, or of the day when another office took over."""
    actor = actor_of(session)
    if actor.role is not Role.UNIVERSITY or person.organisation_id in actor.organisation_ids:
        return person
    kept = sa.select(PersonOffice).where(
        PersonOffice.person_id == person.id, PersonOffice.organisation_id.in_(actor.organisation_ids)
    )
    return session.scalars(kept.order_by(PersonOffice.since.desc()).limit(1)).first() or PersonOffice(
        phone="", email="", address="", is_in_dormitory=False
    )
