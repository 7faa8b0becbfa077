"""A worker that records a large file and is killed with it: what then must be true, told for tests and for measurements."""

from __future__ import annotations

import contextvars
import datetime as dt
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.access.actor import Actor, asking
from exchange.database import now
from exchange.extensions import db
from exchange.imports import apart
from exchange.imports.models import Import
from exchange.jobs import running, worker
from exchange.jobs.models import Job
from exchange.jobs.signs import signs
from exchange.students.models import SavedView, Student
from tests.jobs.queue import asked_by


@dataclass
class Found:
    """What was found after a kill: wrong is a sentence for each thing that must not be."""

    states: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def brought(app: Flask, actor: Actor, content: bytes, today: dt.date) -> str:
    """A large file that was brought and checked, and is not recorded yet."""
    with app.test_request_context(), asking(actor):
        from exchange.organisations.models import Organisation

        session: Session = db.session()
        office = session.get_one(Organisation, actor.organisation_id)
        job = apart.receive(session, "students", office, "large.xlsx", content, today)
        public_id = str(job.arguments["import"])
        session.commit()
        db.session.remove()
    contextvars.Context().run(worker.work_off, app)
    with asked_by(app) as session:
        assert session.scalar(sa.select(Import.state).where(Import.public_id == public_id)) == "checked"
    return public_id


def press(app: Flask, actor: Actor, public_id: str) -> str:
    """«Загрузить»: the job."""
    with app.test_request_context(), asked_by(app, actor) as session:
        one = session.scalars(sa.select(Import).where(Import.public_id == public_id)).one()
        return apart.apply(session, one, good_rows_only=True).public_id


def write_down(app: Flask, actor: Actor, name: str) -> None:
    """A small write of somebody else, acknowledged when this returns."""
    with asked_by(app, actor) as session:
        session.add(SavedView(user_id=actor.user_id, name=name, query="intake=2026"))


def begin(app: Flask, told: int) -> int:
    """A worker in a process of its own; it says on `told` that the work was done, when it knows."""
    if process := os.fork():
        return process
    try:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose(close=False)
        if contextvars.Context().run(worker.work_off, app):
            os.write(told, b"done")
    finally:
        os._exit(0)


def took(app: Flask) -> float:
    """How long the work takes that waits: seconds by the clock, with the start of the process."""
    reader, writer = os.pipe()
    began = time.monotonic()
    os.waitpid(begin(app, writer), 0)
    os.close(writer)
    assert os.read(reader, 10) == b"done"
    os.close(reader)
    return time.monotonic() - began


def students(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Student)) or 0


def kill_at(app: Flask, actor: Actor, public_id: str, wait: float, people: int, found: Found, number: int) -> None:
    """Lets a worker record the file, kills it after so many seconds, and looks at what is there."""
    with asked_by(app) as session:
        before = students(session)
    job_id = press(app, actor, public_id)
    write_down(app, actor, f"{number}")  # acknowledged before the kill
    reader, writer = os.pipe()
    process = begin(app, writer)
    time.sleep(wait)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    os.close(writer)
    acknowledged = os.read(reader, 10) == b"done"
    os.close(reader)
    with app.app_context():
        signs().forget(job_id)  # nobody waits here until the signs of life are old
    with asked_by(app) as session:
        session.execute(sa.update(Job).where(Job.state == "working").values(beat_at=now() - dt.timedelta(minutes=1)))
    contextvars.Context().run(running.give_up_lost, app)
    with asked_by(app) as session:
        there = students(session) - before
        state = session.scalar(sa.select(Job.state).where(Job.public_id == job_id)) or "gone"
        applied = session.scalar(sa.select(Import.state).where(Import.public_id == public_id))
        kept = session.scalar(sa.select(sa.func.count()).select_from(SavedView).where(SavedView.name == f"{number}"))
        if state == "waiting":  # the worker was killed before it took the job: the next one does it
            session.execute(sa.delete(Job).where(Job.public_id == job_id))
    found.states.append(state)
    wanted = {"done": (people, "applied")}.get(state, (0, "checked"))
    if (there, applied) != wanted:
        found.wrong.append(f"killed after {wait:.2f} s: job {state}, upload {applied}, {there} of {people} people")
    if acknowledged and state != "done":
        found.wrong.append(f"killed after {wait:.2f} s: it was acknowledged and is {state}")
    if kept != 1:
        found.wrong.append(f"killed after {wait:.2f} s: a small write that was acknowledged is lost")


def moments(number: int, seed: int = 1) -> Iterator[float]:
    """So many moments between the start of the worker (0) and a little after its end (1)."""
    dice = random.Random(seed)
    for _ in range(number):
        yield dice.uniform(0.02, 1.05)


def rows_of(app: Flask, public_id: str) -> int:
    """How many people the file brings."""
    with asked_by(app) as session:
        return apart.will_write(session.scalars(sa.select(Import).where(Import.public_id == public_id)).one())
