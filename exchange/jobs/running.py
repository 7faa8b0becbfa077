"""One job from its taking to its end: as the person who asked for it, in one transaction that also says that it is done."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from exchange.access.actor import SYSTEM, Actor, asking
from exchange.access.doors import may
from exchange.audit.actions import record
from exchange.database import reading
from exchange.errors import NotFound, RuleBroken
from exchange.extensions import db
from exchange.jobs import actions, queries
from exchange.jobs.models import Job
from exchange.jobs.progress import Cancelled, Progress, watched
from exchange.jobs.signs import BEAT, Signs, is_lost, signs
from exchange.jobs.works import WORKS, Outcome, Work
from exchange.web.pages import today

logger = logging.getLogger(__name__)


class Lost(Exception):
    """Somebody took this job for dead: it said so to its owner, so nothing of it may be written."""


def take_next(app: Flask, worker: str) -> str | None:
    """Takes the job that has waited longest; its public id, or None when nothing waits."""
    with _as_system(app) as session:
        with reading():
            found = queries.next_waiting(session)
            session.rollback()
        if found is None:
            return None
        job = actions.take(session, found, worker)
        public_id = job.public_id if job is not None else None
        session.commit()
    if public_id is not None:
        with app.app_context():
            signs().tell(public_id, worker, Progress().told)
    return public_id


def give_up_lost(app: Flask) -> int:
    """Says of jobs whose worker is gone that they were interrupted; how many."""
    with _as_system(app) as session:
        with reading():
            lost = [job for job in queries.being_done(session) if is_lost(job)]
            session.expunge_all()
            session.rollback()
        gone = [job for job in lost if actions.give_up(session, job, interrupted_sentence(job))]
        session.commit()
        for job in gone:
            signs().forget(job.public_id)
    return len(gone)


def interrupted_sentence(job: Job) -> str:
    """«Загрузка прервалась. В реестр ничего не записано»."""
    work = WORKS.get(job.work)
    return str(work.interrupted) if work is not None else _("Задание прервалось. Ничего не записано")


@contextmanager
def _as_system(app: Flask) -> Iterator[Session]:
    """A session of the worker itself, for the queue: it sees the jobs of all."""
    with app.app_context(), asking(SYSTEM):
        try:
            yield db.session()
        finally:
            db.session.remove()


def run(app: Flask, public_id: str, worker: str) -> None:
    """Does a job that this worker took, and says how it ended."""
    with _as_system(app) as session, reading():
        job = queries.by_public_id(session, public_id)
        actor = queries.asker(session, job, today())
        session.expunge_all()
        session.rollback()
    work = WORKS.get(job.work)
    with app.app_context():
        if work is None or actor is None or not any(may(permission, actor.role) for permission in work.permissions):
            refusal = _("Доступ изменился с тех пор, как задание было поставлено. Ничего не записано")
            _say(app, SYSTEM, job, worker, "failed", refusal)
            return
        progress = Progress()
        with _beating(signs(), public_id, worker, progress):
            _attempt(app, work, job, actor, worker, progress)
        signs().forget(public_id)


def _attempt(app: Flask, work: Work, job: Job, actor: Actor, worker: str, progress: Progress) -> None:
    try:
        with watched(progress), _stops_at_statements(progress):
            _work(work, job, actor, worker)
    except Cancelled:
        sentence = _("Отменено. В реестр ничего не записано")
        _say(app, actor, job, worker, "cancelled", sentence, work.stopped)
    except RuleBroken as broken:
        _say(app, actor, job, worker, "failed", str(broken.message))
    except NotFound:
        _say(app, actor, job, worker, "failed", _("Того, с чем должно было работать задание, больше нет"))
    except Lost:
        logger.error("job %s was taken for dead while it was done: nothing of it was written", job.public_id)
    except Exception:
        logger.exception("job %s failed", job.public_id)
        sentence = _("Сбой на нашей стороне. В реестр ничего не записано: попробуйте ещё раз")
        _say(app, actor, job, worker, "failed", sentence)


def _work(work: Work, job: Job, actor: Actor, worker: str) -> None:
    """The work and its end in one transaction: who reads that the job is done finds what it did."""
    with asking(actor):
        session = db.session()
        try:
            outcome: Outcome = work.run(session, dict(job.arguments))
            state = "failed" if outcome.refused else "done"
            if not actions.end(session, job.public_id, worker, state, outcome.message):
                raise Lost
            session.commit()
        finally:
            session.rollback()
            db.session.remove()


def _say(
    app: Flask, actor: Actor, job: Job, worker: str, state: str, sentence: str,
    besides: Callable[[Session, dict[str, Any]], None] | None = None,
) -> None:  # fmt: skip
    """The job ended without having written anything."""
    with app.app_context(), asking(actor):
        session = db.session()
        try:
            if actions.end(session, job.public_id, worker, state, sentence):
                if besides is not None:
                    besides(session, dict(job.arguments))
                record(session, f"job:{state}", ("job", job.public_id), work=job.work)
            session.commit()
        except SQLAlchemyError:
            # the database is away: the job stays without signs of life, and is found so
            logger.exception("the end of job %s could not be noted", job.public_id)
            session.rollback()
        finally:
            db.session.remove()


@contextmanager
def _beating(to: Signs, public_id: str, worker: str, progress: Progress) -> Iterator[None]:
    """Inside, a thread gives a sign of life every second, says how far the work is, and hears whether it should stop."""
    over = threading.Event()

    def beat() -> None:
        while True:
            try:
                if to.tell(public_id, worker, progress.told):
                    progress.stop.set()
            except (OSError, SQLAlchemyError):
                logger.warning("no sign of life could be given for job %s", public_id)
            if over.wait(BEAT):
                return

    thread = threading.Thread(target=beat, name=f"signs of {public_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def _stops_at_statements(progress: Progress) -> Iterator[None]:
    """Inside, the next statement of this thread is not sent any more once the owner wants the job to stop."""
    thread = threading.get_ident()

    def stop(*given: Any) -> None:
        if progress.stop.is_set() and threading.get_ident() == thread:
            raise Cancelled

    sa.event.listen(db.engine, "before_cursor_execute", stop)
    try:
        yield
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", stop)
