"""Questions about drafts: the session wall leaves each account its own."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.database import now
from exchange.drafts.models import Draft, SealedForm
from exchange.errors import NotFound
from exchange.web.models import Submission


def drafts_of(session: Session) -> Sequence[Draft]:
    """The actor's own, the newest first."""
    return session.scalars(sa.select(Draft).order_by(Draft.saved_at.desc(), Draft.id.desc())).all()


def draft_of(session: Session, public_id: str) -> Draft:
    """Raises NotFound, for somebody else's too, and for what is no id."""
    is_id = public_id.isascii() and public_id.isalnum()
    draft = session.scalar(sa.select(Draft).where(Draft.public_id == public_id)) if is_id else None
    if draft is None:
        raise NotFound
    return draft


def draft_at(session: Session, address: str) -> Draft | None:
    """The actor's draft of the form at an address."""
    return session.scalar(sa.select(Draft).where(Draft.address == address))


def sealed_form(session: Session, key: str) -> SealedForm | None:
    """One that is still in time."""
    return session.scalar(sa.select(SealedForm).where(SealedForm.key == key, SealedForm.expires_at > now()))


def went_through(session: Session, token: str) -> bool:
    """Whether the form with this one-time token was taken already: what comes late from its page is no draft."""
    taken = sa.select(Submission.token).where(Submission.token == token, Submission.location != "")
    return session.scalar(taken) is not None
