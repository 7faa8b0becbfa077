"""Questions about transfers: which come in, which go out, which wait for me."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.actor import Role
from exchange.access.rows import actor_of
from exchange.errors import NotFound
from exchange.organisations.models import Organisation
from exchange.people.models import PersonFacts
from exchange.students.models import Student
from exchange.transfers.models import OPEN, State, Transfer

TABS = ("incoming", "outgoing", "done")
MOST = 200


def transfer_by_public_id(session: Session, public_id: str) -> Transfer:
    """Raises NotFound, for what is between others too."""
    found = session.scalar(sa.select(Transfer).where(Transfer.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def _own(session: Session, column: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    actor = actor_of(session)
    return column.in_(actor.organisation_ids) if actor.role is Role.UNIVERSITY else sa.true()


def _of_tab(session: Session, tab: str) -> sa.ColumnElement[bool]:
    if tab == "done":
        return Transfer.state.not_in(OPEN)
    column = Transfer.to_organisation_id if tab == "incoming" else Transfer.from_organisation_id
    return sa.and_(Transfer.state.in_(OPEN), _own(session, column.expression))


def transfers_of(session: Session, tab: str) -> Sequence[Transfer]:
    """Incoming: somebody is to study with me; outgoing: somebody is to leave; done: it is over. The last change first."""
    found = sa.select(Transfer).where(_of_tab(session, tab)).order_by(Transfer.updated_at.desc(), Transfer.id.desc())
    return session.scalars(found.limit(MOST)).all()


def counts(session: Session) -> dict[str, int]:
    """How many stand under each tab."""
    sums = [sa.func.coalesce(sa.func.sum(sa.case((_of_tab(session, tab), 1), else_=0)), 0) for tab in TABS]
    row = session.execute(sa.select(*sums).select_from(Transfer)).one()
    return {tab: int(count) for tab, count in zip(TABS, row, strict=True)}


def waiting_for_me(session: Session) -> int:
    """How many wait for an act of mine: I am asked to let go, or to accept."""
    asked = sa.and_(Transfer.state == State.REQUESTED, _own(session, Transfer.from_organisation_id.expression))
    sent = sa.and_(Transfer.state == State.SENT, _own(session, Transfer.to_organisation_id.expression))
    return session.scalar(sa.select(sa.func.count()).select_from(Transfer).where(sa.or_(asked, sent))) or 0


def offices(session: Session, ids: set[int]) -> dict[int, Organisation]:
    """Organisations by id."""
    return {one.id: one for one in session.scalars(sa.select(Organisation).where(Organisation.id.in_(ids)))}


def receivers(session: Session, but: int) -> list[tuple[str, str]]:
    """Universities of the register to which a student may go: code and short name."""
    found = sa.select(Organisation.code, Organisation.short_ru).where(
        Organisation.kind.in_(("university", "branch")), Organisation.is_active, Organisation.id != but
    )
    return sorted(((code, name) for code, name in session.execute(found)), key=lambda row: row[1].casefold())


def names_of(session: Session, people: set[int]) -> dict[int, PersonFacts]:
    """What is said now of those whom I may read, for titles."""
    found = sa.select(PersonFacts).where(
        PersonFacts.person_id.in_(people), PersonFacts.superseded_at.is_(None), PersonFacts.valid_to.is_(None)
    )
    return {facts.person_id: facts for facts in session.scalars(found)}


def students_of(session: Session, person_id: int) -> Sequence[Student]:
    """Enrolments of a person that are my own, the newest first."""
    return session.scalars(sa.select(Student).where(Student.person_id == person_id).order_by(Student.id.desc())).all()


def request_for(session: Session, person_id: int, to_id: int) -> Transfer | None:
    """The open transfer of a person to a university."""
    found = sa.select(Transfer).where(
        Transfer.person_id == person_id, Transfer.to_organisation_id == to_id, Transfer.state.in_(OPEN)
    )
    return session.scalar(found)
