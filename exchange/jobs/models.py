"""A job: work that somebody asked for and that is done apart from the request."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.database import Base, Moment, new_public_id, now

UNFINISHED = ("waiting", "working")
STATES = (*UNFINISHED, "done", "failed", "interrupted", "cancelled")


class Job(Base):
    """The row is the message: a worker finds it here, and what it says of the outcome is committed with the outcome."""

    __tablename__ = "job"
    __table_args__ = (
        sa.CheckConstraint(
            "state in ('waiting', 'working', 'done', 'failed', 'interrupted', 'cancelled')", name="state_is_known"
        ),
        sa.Index("ix_job_state", "state", "id"),
        sa.Index("ix_job_user_id", "user_id", "id"),
        {"comment": "work that is done apart from the request that asked for it"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(12), unique=True, default=new_public_id, comment="id in addresses")
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), comment="who asked for it")
    role: Mapped[str] = mapped_column(sa.String(20), comment="in which role")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="for which organisation")
    work: Mapped[str] = mapped_column(sa.String(40), comment="which kind of work")
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="ids and choices, never data of people")
    subject: Mapped[str] = mapped_column(sa.String(60), comment="what it is about; one unfinished job at a time")
    about: Mapped[str] = mapped_column(sa.String(255), default="", comment="words by which its owner knows it: a file name")
    result: Mapped[str] = mapped_column(sa.String(200), default="", comment="address of the page where the result is")
    state: Mapped[str] = mapped_column(sa.String(20), default="waiting", comment=", ".join(STATES))
    step: Mapped[str] = mapped_column(sa.String(20), default="", comment="what is being done: reading, rows, register, saving")
    done: Mapped[int] = mapped_column(default=0, comment="how much of the step is done")
    of: Mapped[int] = mapped_column(default=0, comment="of how much; 0: nobody knows")
    message: Mapped[str] = mapped_column(sa.String(500), default="", comment="how it ended, in a sentence")
    cancel_asked: Mapped[bool] = mapped_column(default=False, comment="its owner wants it to stop")
    worker: Mapped[str] = mapped_column(sa.String(80), default="", comment="which process does it")
    beat_at: Mapped[dt.datetime | None] = mapped_column(Moment, comment="last sign of life of the worker")
    created_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)
    begun_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Moment)

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED


# Of two presses of one button the second finds the job of the first.
_unfinished = Job.state.in_(UNFINISHED)
sa.Index("uq_job_unfinished", Job.subject, unique=True, sqlite_where=_unfinished, postgresql_where=_unfinished)
