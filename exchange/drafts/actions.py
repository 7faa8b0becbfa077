"""What can be done with drafts: keep, drop, forget the old; seal a form that came without a session, and open it again."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.database import now
from exchange.drafts import queries
from exchange.drafts.models import Draft, SealedForm
from exchange.drafts.sealing import Seal, Unreadable, browser_seal, hash_of
from exchange.errors import RuleBroken

KEPT = dt.timedelta(days=30)
SEALED = dt.timedelta(hours=1)
MOST_DRAFTS = 50
LONGEST = 64 * 1024

Values = Mapping[str, list[str]]


@dataclass(frozen=True)
class Typed:
    """What was typed: into which form, where it stands, its values."""

    endpoint: str
    address: str
    values: Values

    def check(self) -> None:
        """Raises RuleBroken when it is longer than a form of people can be."""
        if len(json.dumps(dict(self.values), ensure_ascii=False).encode()) > LONGEST or len(self.address) > 300:
            raise RuleBroken(
                "", _("Черновик не сохранён: в форме больше %(most)s КБ текста. Сократите его", most=LONGEST // 1024)
            )


def keep(session: Session, seal: Seal, typed: Typed) -> Draft:
    """Keeps what was typed, in place of what was kept of this form before. Raises RuleBroken when it is too long."""
    typed.check()
    user_id = actor_of(session).user_id
    if user_id is None:
        raise ValueError("a draft belongs to an account")
    draft = queries.draft_at(session, typed.address)
    sealed = seal.close(dict(typed.values))
    if draft is not None:
        draft.sealed, draft.saved_at = sealed, now()
        session.flush()
        return draft
    forget_old(session)
    older = queries.drafts_of(session)[MOST_DRAFTS - 1 :]
    for one in older:
        session.delete(one)
    draft = Draft(user_id=user_id, endpoint=typed.endpoint, address=typed.address, sealed=sealed)
    try:
        with session.begin_nested():
            session.add(draft)
            session.flush()
    except IntegrityError:  # another tab began the same form a moment before: the last word stays, as ever
        begun = queries.draft_at(session, typed.address)
        if begun is None:
            raise
        begun.sealed, begun.saved_at = sealed, now()
        session.flush()
        return begun
    audit.record(session, "draft:saved", draft)
    return draft


def drop(session: Session, draft: Draft) -> None:
    """Its owner does not want it any more."""
    audit.record(session, "draft:deleted", draft)
    session.delete(draft)
    session.flush()


def finish(session: Session, address: str) -> None:
    """The form went through: nothing is left to continue."""
    session.execute(sa.delete(Draft).where(Draft.address == address).execution_options(synchronize_session=False))


def forget_old(session: Session) -> int:
    """Takes away the drafts and sealed forms whose time is over, among the rows of who asks; returns how many."""
    gone = 0
    for over in (
        sa.delete(Draft).where(Draft.saved_at < now() - KEPT),
        sa.delete(SealedForm).where(SealedForm.expires_at < now()),
    ):
        done = session.execute(over.execution_options(synchronize_session=False))
        gone += int(getattr(done, "rowcount", 0) or 0)
    return gone


def seal_form(session: Session, secret: str, user_id: int, typed: Typed) -> str:
    """Keeps a form that came without a session; returns the token without which nobody opens it. Raises RuleBroken."""
    typed.check()
    session.execute(sa.delete(SealedForm).where(SealedForm.expires_at < now()).execution_options(synchronize_session=False))
    token = secrets.token_urlsafe(32)
    content = {"user": user_id, "endpoint": typed.endpoint, "address": typed.address, "values": dict(typed.values)}
    session.add(SealedForm(key=hash_of(token), sealed=browser_seal(secret, token).close(content), expires_at=now() + SEALED))
    session.flush()
    return token


def open_form(session: Session, secret: str, token: str) -> Typed | None:
    """What the actor typed before the session ended; it goes from its place. None: nothing, or somebody else's."""
    found = queries.sealed_form(session, hash_of(token))
    if found is None:
        return None
    try:
        content = browser_seal(secret, token).open(found.sealed)
    except Unreadable:
        return None
    if content["user"] != actor_of(session).user_id:
        return None
    session.delete(found)
    session.flush()
    return Typed(content["endpoint"], content["address"], content["values"])
