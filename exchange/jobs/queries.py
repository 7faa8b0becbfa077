"""Questions about jobs: everybody sees their own, the worker all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.actor import Actor
from exchange.accounts.models import User
from exchange.accounts.queries import standing_of
from exchange.database import now
from exchange.errors import NotFound
from exchange.jobs.models import UNFINISHED, Job

LISTED = dt.timedelta(days=30)


def by_public_id(session: Session, public_id: str) -> Job:
    """One of one's own. Raises NotFound."""
    job = session.scalar(sa.select(Job).where(Job.public_id == public_id))
    if job is None:
        raise NotFound
    return job


def mine(session: Session) -> Sequence[Job]:
    """Jobs of the last 30 days, the newest first."""
    return session.scalars(
        sa.select(Job).where(Job.created_at > now() - LISTED).order_by(Job.id.desc()).limit(100)
    ).all()  # fmt: skip


def latest(session: Session, subject: str) -> Job | None:
    """The newest job about this subject among those that one sees."""
    return session.scalar(sa.select(Job).where(Job.subject == subject).order_by(Job.id.desc()).limit(1))


def unfinished(session: Session, subject: str) -> Job | None:
    """The job about this subject that is waiting or being done."""
    return session.scalar(sa.select(Job).where(Job.subject == subject, Job.state.in_(UNFINISHED)))


def next_waiting(session: Session) -> int | None:
    """The job that has waited longest."""
    return session.scalar(sa.select(Job.id).where(Job.state == "waiting").order_by(Job.id).limit(1))


def being_done(session: Session) -> Sequence[Job]:
    return session.scalars(sa.select(Job).where(Job.state == "working")).all()


def asker(session: Session, job: Job, today: dt.date) -> Actor | None:
    """Who asked for the job, as they are today; None when they have no longer the role or the organisation."""
    user = session.get(User, job.user_id)
    standing = standing_of(session, user.fs_uniquifier, today) if user is not None and user.active else None
    if standing is None:
        return None
    same = [m for m, organisation, _ in standing.memberships if m.role == job.role and organisation.id == job.organisation_id]
    return standing.actor(same[0].id) if same else None
