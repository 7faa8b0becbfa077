"""What the pages themselves need to remember."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.database import Base, Moment, now


class Submission(Base):
    """A form that was sent: sending the same one again (double click, reload) leads to the first result, and acts once."""

    __tablename__ = "submission"
    __table_args__ = (sa.Index("ix_submission_created_at", "created_at"), {"comment": "one-time tokens of forms already sent"})

    token: Mapped[str] = mapped_column(sa.String(40), primary_key=True, comment="one-time token of the form")
    user_id: Mapped[int] = mapped_column(comment="who sent it")
    location: Mapped[str] = mapped_column(sa.String(500), comment="address of the result")
    created_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)


class Hit(Base):
    """How often something limited was tried in a window of time (sign-in, lookups); shared by all workers."""

    __tablename__ = "limit_hit"
    __table_args__ = (sa.Index("ix_limit_hit_expires_at", "expires_at"), {"comment": "counters of limits"})

    key: Mapped[str] = mapped_column(sa.String(200), primary_key=True, comment="what is limited, for whom, in which window")
    hits: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[dt.datetime] = mapped_column(Moment)
