"""kill -9 while a large file is recorded: everybody of it is there and the job is done, or nobody and the job says so."""

from __future__ import annotations

import contextvars
import datetime as dt
import os
import signal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exchange.extensions import db
from exchange.imports.models import Import
from exchange.jobs import worker
from exchange.jobs.models import Job
from tests.databases import Database, flask
from tests.imports import killed
from tests.imports.rosters import lines, many, xlsx
from tests.jobs.queue import asked_by, work_off
from tests.world import World

PEOPLE = 60
DAY = dt.date(2026, 11, 23)
# Parts of the time that the whole takes.
PARTS = (0.15, 0.45, 0.6, 0.75, 0.85, 0.95)


def test_killed_at_some_moment(real_app: Flask, fresh_database: Database, world: World) -> None:
    """Six kills, the moments spread over the time that an earlier file took; `python -m bench kills` does fifty."""
    real_app.config["JOBS_APART"] = True
    asu = world.actors["asu"]
    everybody = many(2 * PEOPLE)
    first = killed.brought(real_app, asu, xlsx(lines(people=everybody[:PEOPLE])), DAY)
    second = killed.brought(real_app, asu, xlsx(lines(people=everybody[PEOPLE:])), DAY)
    killed.press(real_app, asu, first)
    whole = killed.took(real_app)
    found = killed.Found()
    for number, part in enumerate(PARTS):
        killed.kill_at(real_app, asu, second, part * whole, PEOPLE, found, number)
        if found.states[-1] == "done":
            break
    assert found.wrong == []
    assert set(found.states) <= {"waiting", "interrupted", "done"}
    if found.states[-1] != "done":  # and afterwards it can be recorded
        job = killed.press(real_app, asu, second)
        assert work_off(real_app) == 1
        with asked_by(real_app) as session:
            assert session.query(Job).filter_by(public_id=job).one().state == "done"
    flask(fresh_database, "audit", "verify")


@pytest.mark.parametrize(
    "statement", ["INSERT INTO person ", "INSERT INTO study_period", "UPDATE import_file", "UPDATE job SET state"]
)
def test_killed_after_a_statement(real_app: Flask, world: World, statement: str) -> None:
    """The last of them says that the job is done, and is not committed yet: then it is not done."""
    real_app.config["JOBS_APART"] = True
    asu = world.actors["asu"]
    public_id = killed.brought(real_app, asu, xlsx(lines(people=many(PEOPLE))), DAY)
    with asked_by(real_app) as session:
        before = killed.students(session)
    job = killed.press(real_app, asu, public_id)
    process = os.fork()
    if not process:
        try:
            with real_app.app_context():
                for engine in db.engines.values():
                    engine.dispose(close=False)
            begun: list[str] = []

            def stop(connection: Any, cursor: Any, said: str, *rest: Any) -> None:
                begun.extend([said] if said.startswith("INSERT INTO person ") else [])
                if begun and said.startswith(statement):  # not the statement by which the job was taken
                    os.kill(os.getpid(), signal.SIGKILL)

            sa.event.listen(sa.Engine, "after_cursor_execute", stop)
            contextvars.Context().run(worker.work_off, real_app)
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == -signal.SIGKILL, "the statement was not reached"
    with asked_by(real_app) as session:
        assert killed.students(session) == before
        assert session.scalar(sa.select(Job.state).where(Job.public_id == job)) == "working"
        assert session.scalar(sa.select(Import.state).where(Import.public_id == public_id)) == "checked"
