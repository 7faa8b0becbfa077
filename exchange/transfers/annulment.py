"""What becomes of an offer when the order by which the student left is annulled: it goes with the order, or holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.master_key import SYSTEM, acting_as
from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.database import now
from exchange.organisations.models import Organisation
from exchange.students.ledger import Entry
from exchange.students.models import StudyPeriod
from exchange.students.orders import Follower
from exchange.transfers.models import State, Transfer

Gone = Mapping[int, Sequence[Entry]]


def _of_orders(session: Session, gone: Gone, state: State, events: frozenset[str] | None = None) -> list[Transfer]:
    """Transfers in a state that stand on these entries."""
    left = {
        (key, entry.number, entry.effective_on)
        for key, entries in gone.items()
        for entry in entries
        if events is None or entry.event in events
    }
    if not left:
        return []
    found = sa.select(Transfer).where(Transfer.student_id.in_({key for key, *_rest in left}), Transfer.state == state)
    return [one for one in session.scalars(found) if (one.student_id, one.order_number, one.left_on) in left]


def hinders(session: Session, gone: Gone) -> dict[int, Any]:
    """An order of transfer stays while the university that accepted by it teaches the student: else he studies twice."""
    accepted = _of_orders(session, gone, State.ACCEPTED, frozenset({"transfer_out"}))
    found: dict[int, Any] = {}
    if not accepted:
        return found
    with acting_as(SYSTEM, "whether the university that accepted a student still teaches him", session) as everywhere:
        for one in accepted:
            teaches = sa.select(StudyPeriod.id).where(
                StudyPeriod.person_id == one.person_id, StudyPeriod.organisation_id != one.from_organisation_id,
                StudyPeriod.superseded_at.is_(None), StudyPeriod.in_contingent, StudyPeriod.valid_from >= one.left_on,
            )  # fmt: skip
            if one.student_id is not None and everywhere.scalar(teaches.limit(1)) is not None:
                office = everywhere.get_one(Organisation, one.to_organisation_id)
                found[one.student_id] = _(
                    "По этому приказу студента принял вуз: %(office)s. Сначала он аннулирует своё зачисление. "
                    "Контакт: %(contact)s",
                    office=office.short_ru,
                    contact=office.contact or "—",
                )
    return found


def follows(session: Session, gone: Gone) -> None:
    """Whoever has not left is offered to nobody: an offer without an answer is taken back with its order."""
    for one in _of_orders(session, gone, State.SENT):
        moment = now()
        one.state, one.closed_at, one.closed_by, one.updated_at = State.WITHDRAWN, moment, actor_of(session).name, moment
        session.flush()
        audit.record(session, "transfer:withdrawn", one)


FOLLOWER = Follower(hinders, follows)
