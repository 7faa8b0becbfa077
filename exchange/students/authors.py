"""Who entered it: names of colleagues beside what they recorded, and nothing else of their accounts."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.master_key import SYSTEM, acting_as
from exchange.accounts.models import User


def names_of(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """account -> name. One's own account is all that one may read, so the names are asked for beyond it."""
    wanted = {key for key in ids if key is not None}
    if not wanted:
        return {}
    with acting_as(SYSTEM, "who recorded what the reader may read", session) as system:
        rows = system.execute(sa.select(User.id, User.name, User.email).where(User.id.in_(wanted)))
        return {key: name or email.partition("@")[0] for key, name, email in rows}
