"""What tests of jobs ask: sessions of their own, the worker in this process, one kind of work to look at."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from exchange.access.actor import SYSTEM, Actor, asking
from exchange.extensions import db
from exchange.jobs import actions, queries, worker
from exchange.jobs.models import Job
from exchange.jobs.works import Outcome

WORK = "tests.work"
SUBJECT = "thing/1"


@contextmanager
def asked_by(app: Flask, actor: Actor = SYSTEM) -> Iterator[Session]:
    """A session of its own; what it did is committed."""
    with asking(actor), app.app_context():
        try:
            yield db.session()
            db.session.commit()
        finally:
            db.session.remove()


def work_off(app: Flask) -> int:
    """What the worker does, in this process."""
    return contextvars.Context().run(worker.work_off, app)


def ask(app: Flask, actor: Actor, **arguments: Any) -> str:
    """Puts the work of the tests into the queue; the id of the job."""
    with asked_by(app, actor) as session:
        found = actions.ask(session, WORK, arguments, subject=SUBJECT, about="list.xlsx", result="/students")
        return found.public_id


def job(app: Flask, public_id: str) -> Job:
    """The job as it stands in the table, free of its session."""
    with asked_by(app) as session:
        found = queries.by_public_id(session, public_id)
        session.refresh(found)
        session.expunge(found)
        return found


Run = Callable[[Session, dict[str, Any]], Outcome]
