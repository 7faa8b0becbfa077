"""What happens to a job: asked for, taken by one worker, ended once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.database import now
from exchange.jobs import queries
from exchange.jobs.models import UNFINISHED, Job
from exchange.jobs.works import WORKS

KEPT = dt.timedelta(days=90)


def ask(session: Session, work: str, arguments: dict[str, Any], *, subject: str, about: str, result: str) -> Job:
    """Puts the work into the queue, in the transaction of the session; the same work about the same subject once at a time."""
    waiting = queries.unfinished(session, subject)
    if waiting is not None:
        return waiting
    actor = actor_of(session)
    job = Job(
        user_id=actor.user_id,
        role=str(actor.role),
        organisation_id=actor.organisation_id,
        work=WORKS[work].name,
        arguments=arguments,
        subject=subject,
        about=about[:255],
        result=result,
    )
    session.add(job)
    session.flush()
    audit.record(session, "job:asked", job, work=job.work)
    return job


def ask_again(session: Session, job: Job) -> Job:
    """The same work once more, after it was interrupted or failed."""
    return ask(session, job.work, dict(job.arguments), subject=job.subject, about=job.about, result=job.result)


def take(session: Session, job_id: int, worker: str) -> Job | None:
    """Gives a waiting job to a worker; None when another one was quicker."""
    moment = now()
    wanted = sa.update(Job).where(Job.id == job_id, Job.state == "waiting")
    taken = _one(session, wanted.values(state="working", worker=worker, begun_at=moment, beat_at=moment))
    return session.get_one(Job, job_id) if taken else None


def _one(session: Session, change: sa.Update) -> bool:
    """Whether the row was as the change expects it; of two who change it at once the second waits, and finds it changed."""
    found = session.execute(change.returning(Job.id).execution_options(synchronize_session=False))
    return found.first() is not None


def end(session: Session, public_id: str, worker: str, state: str, message: str) -> bool:
    """Says how the job ended; False when it is no longer this worker's: then nothing of its work may be committed."""
    mine = sa.update(Job).where(Job.public_id == public_id, Job.state == "working", Job.worker == worker)
    return _one(session, mine.values(state=state, message=message[:500], ended_at=now()))


def cancel_waiting(session: Session, job: Job, message: str) -> bool:
    """Takes a job that nobody began out of the queue; False when a worker was quicker."""
    waiting = sa.update(Job).where(Job.id == job.id, Job.state == "waiting")
    if not _one(session, waiting.values(state="cancelled", message=message[:500], ended_at=now())):
        return False
    work = WORKS.get(job.work)
    if work is not None and work.stopped is not None:
        work.stopped(session, job.arguments)
    audit.record(session, "job:cancelled", ("job", job.public_id), work=job.work)
    return True


def give_up(session: Session, job: Job, message: str) -> bool:
    """Of a worker that gives no sign of life: the job was interrupted. False when it gave one meanwhile, or came to an end."""
    alive = Job.beat_at.is_(None) if job.beat_at is None else Job.beat_at == job.beat_at
    silent = sa.update(Job).where(Job.id == job.id, Job.state == "working", Job.worker == job.worker, alive)
    if not _one(session, silent.values(state="interrupted", message=message[:500], ended_at=now())):
        return False
    audit.record(session, "job:interrupted", ("job", job.public_id), work=job.work)
    return True


def forget_old(session: Session) -> int:
    """Takes away jobs that ended long ago; how many."""
    old = sa.delete(Job).where(Job.state.not_in(UNFINISHED), Job.ended_at < now() - KEPT)
    return len(session.execute(old.returning(Job.id).execution_options(synchronize_session=False)).all())
