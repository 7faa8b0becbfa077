"""How often something may be tried: counted in the database, so that all workers share one count.

A count is written and committed at once, in a transaction of its own, so it survives when the request is refused. Call
`take` before anything else is changed in the request.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from exchange.database import now, only_reading
from exchange.web.models import Hit


@dataclass(frozen=True)
class Limit:
    """At most `most` tries within `window`.

    `restarts`: each counted try starts the window anew, so within any window there are never more than `most`; without it
    the window begins with its first try (for counters that many people share).
    """

    name: str
    most: int
    window: dt.timedelta
    restarts: bool = False

    def key(self, who: str) -> str:
        """The row of the counter. Who is limited is not readable in it: an address or an e-mail is personal."""
        return f"{self.name}/{hashlib.sha256(who.encode()).hexdigest()[:40]}"


class TooMany(TooManyRequests):
    """The limit is reached; `opens_at` says when the next try will be looked at."""

    def __init__(self, opens_at: dt.datetime) -> None:
        self.opens_at = opens_at
        self.seconds = max(1, math.ceil((opens_at - now()).total_seconds()))
        super().__init__(retry_after=self.seconds)


def _count(session: Session, limit: Limit, who: str, moment: dt.datetime) -> tuple[int, dt.datetime]:
    """Adds one in a single statement, so that two workers never count the same try."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    over = Hit.expires_at <= moment
    anew = sa.or_(over, Hit.hits < limit.most) if limit.restarts else over
    end = sa.literal(moment + limit.window, Hit.expires_at.type)
    statement = (
        insert(Hit)
        .values(key=limit.key(who), hits=1, expires_at=moment + limit.window)
        .on_conflict_do_update(
            index_elements=[Hit.key],
            set_={
                "hits": sa.case((over, 1), else_=Hit.hits + 1),
                "expires_at": sa.case((anew, end), else_=Hit.expires_at),
            },
        )
        .returning(Hit.hits, Hit.expires_at)
    )
    hits, expires_at = session.execute(statement).one()
    return hits, expires_at


def take(session: Session, *asked: tuple[Limit, str]) -> None:
    """Counts one try for each (limit, who) and commits; raises TooMany when one of them is used up."""
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("limits are counted before anything is changed: the count is committed at once")
    moment = now()
    only_reading(False)
    counted = [(limit, *_count(session, limit, who, moment)) for limit, who in asked]
    session.commit()
    _forget(session, moment)
    if used_up := [expires_at for limit, hits, expires_at in counted if hits > limit.most]:
        raise TooMany(max(used_up))


def give_back(session: Session, *asked: tuple[Limit, str]) -> None:
    """The try turned out to be an honest one: it does not count. Part of the request's own transaction."""
    keys = [limit.key(who) for limit, who in asked]
    session.execute(
        sa.update(Hit)
        .where(Hit.key.in_(keys), Hit.hits > 0)
        .values(hits=Hit.hits - 1)
        .execution_options(synchronize_session=False)
    )


def _forget(session: Session, moment: dt.datetime) -> None:
    """Counters that are over are taken away, a few at a time; rows that another worker holds are left to it."""
    over = sa.select(Hit.key).where(Hit.expires_at < moment).limit(100).with_for_update(skip_locked=True)
    if keys := session.scalars(over).all():
        session.execute(sa.delete(Hit).where(Hit.key.in_(keys)).execution_options(synchronize_session=False))
    session.commit()
