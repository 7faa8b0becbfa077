"""A job runs once, as the person who asked for it; it is done when its work is committed, else nothing of it is there."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.access.actor import SYSTEM
from exchange.access.permissions import Permission
from exchange.accounts.models import Membership, User
from exchange.audit.models import AuditEntry
from exchange.database import now, reading
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.jobs import actions, queries, running, worker
from exchange.jobs.models import Job
from exchange.jobs.progress import counted, go_on, step
from exchange.jobs.signs import signs
from exchange.jobs.works import WORKS, Outcome, Work
from exchange.students.models import SavedView, Student
from tests.databases import Database, flask
from tests.jobs.queue import WORK, Run, ask, asked_by, job, work_off
from tests.world import World

Known = Callable[[Run], None]


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Known:
    """Makes a function the work of these tests."""

    def make(run: Run, stopped: Any = None) -> None:
        work = Work(WORK, "Работа", "Работа прервалась. Ничего не записано", (Permission.STUDENT_EDIT,), run, stopped)
        monkeypatch.setitem(WORKS, WORK, work)

    return make


def writing(session: Session, arguments: dict[str, Any]) -> Outcome:
    """Adds a row of the actor's own, and says how many students the actor sees."""
    session.add(SavedView(user_id=arguments["user"], name="Из задания", query="intake=2026"))
    session.flush()
    seen = session.scalar(sa.select(sa.func.count()).select_from(Student))
    return Outcome(f"студентов: {seen}")


def written(app: Flask) -> int:
    with asked_by(app) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(SavedView)) or 0


def logged(app: Flask) -> list[str]:
    with asked_by(app) as session:
        wanted = sa.select(AuditEntry.action).where(AuditEntry.subject_type == "job").order_by(AuditEntry.id)
        return list(session.scalars(wanted))


def test_done_as_the_person_who_asked(real_app: Flask, world: World, known: Known) -> None:
    """The row is there, the sentence too, and only the students of the asker's own university were seen."""
    known(writing)
    asu = world.actors["asu"]
    public_id = ask(real_app, asu, user=asu.user_id)
    assert job(real_app, public_id).state == "waiting"
    assert work_off(real_app) == 1
    ended = job(real_app, public_id)
    with asked_by(real_app, asu) as session:
        own = session.scalar(sa.select(sa.func.count()).select_from(Student))
    with asked_by(real_app) as session:
        everybody = session.scalar(sa.select(sa.func.count()).select_from(Student))
    assert (ended.state, ended.message, (own or 0) < (everybody or 0)) == ("done", f"студентов: {own}", True)
    assert ended.ended_at is not None
    assert written(real_app) == 1
    assert logged(real_app) == ["job:asked"]
    assert work_off(real_app) == 0


def test_one_unfinished_job_about_one_thing(real_app: Flask, world: World, known: Known) -> None:
    known(writing)
    asu = world.actors["asu"]
    first = ask(real_app, asu, user=asu.user_id)
    assert ask(real_app, asu, user=asu.user_id) == first
    work_off(real_app)
    assert ask(real_app, asu, user=asu.user_id) != first


def test_two_workers_never_take_the_same_job(real_app: Flask, world: World, known: Known) -> None:
    known(writing)
    asu = world.actors["asu"]
    ask(real_app, asu, user=asu.user_id)
    with asked_by(real_app) as session:
        waiting = queries.next_waiting(session)
        assert waiting is not None
        assert actions.take(session, waiting, "one") is not None
        assert actions.take(session, waiting, "two") is None
    assert work_off(real_app) == 0


def test_a_message_is_json_and_holds_an_id_only(real_app: Flask, world: World, known: Known) -> None:
    known(writing)
    asu = world.actors["asu"]
    public_id = ask(real_app, asu, user=asu.user_id)
    queue = worker.queue(real_app, "one")
    message = json.loads(queue.storage.dequeue())
    assert message["args"] == [public_id]
    assert {key: value for key, value in message.items() if value} == {
        "id": public_id, "name": "exchange.jobs.worker.run", "args": [public_id],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (RuleBroken("", "Так нельзя"), "Так нельзя"),
        (ZeroDivisionError(), "Сбой на нашей стороне. В реестр ничего не записано: попробуйте ещё раз"),
    ],
)
def test_a_failure_leaves_nothing(
    real_app: Flask, world: World, known: Known, failure: Exception, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(session: Session, arguments: dict[str, Any]) -> Outcome:
        writing(session, arguments)
        raise failure

    known(failing)
    asu = world.actors["asu"]
    public_id = ask(real_app, asu, user=asu.user_id)
    work_off(real_app)
    ended = job(real_app, public_id)
    assert (ended.state, ended.message, written(real_app)) == ("failed", sentence, 0)
    assert logged(real_app) == ["job:asked", "job:failed"]


def test_stopped_before_it_began(real_app: Flask, world: World, known: Known) -> None:
    known(writing)
    asu = world.actors["asu"]
    public_id = ask(real_app, asu, user=asu.user_id)
    with asked_by(real_app, asu) as session:
        assert actions.cancel_waiting(session, queries.by_public_id(session, public_id), "Отменено")
    assert work_off(real_app) == 0
    assert (job(real_app, public_id).state, written(real_app)) == ("cancelled", 0)


@pytest.mark.parametrize("how", ["between steps", "at a statement"])
def test_stopped_while_it_writes(real_app: Flask, world: World, known: Known, how: str) -> None:
    """What was written is rolled back, whether the work asks or only sends statements."""
    asu = world.actors["asu"]
    heard: list[str] = []

    def stopping(session: Session, arguments: dict[str, Any]) -> Outcome:
        writing(session, arguments)
        with Session(db.engine, info={"fixed_actor": SYSTEM}) as other, reading():  # the owner, in another request
            signs().ask_to_stop(other, queries.by_public_id(other, public_id))
            other.commit()
        for _ in range(600):
            if how == "between steps":
                go_on()
            else:
                session.scalar(sa.select(sa.func.count()).select_from(SavedView))
            time.sleep(0.02)
        return Outcome("не остановлена")

    known(stopping, lambda session, arguments: heard.append("stopped"))  # type: ignore[call-arg]
    public_id = ask(real_app, asu, user=asu.user_id)
    work_off(real_app)
    ended = job(real_app, public_id)
    assert (ended.state, ended.message, written(real_app)) == ("cancelled", "Отменено. В реестр ничего не записано", 0)
    assert heard == ["stopped"]
    assert logged(real_app) == ["job:asked", "job:cancelled"]


def test_progress_is_told_while_the_work_goes_on(real_app: Flask, world: World, known: Known) -> None:
    """The page sees how far it is while the transaction of the work is open, also where one writes at a time."""
    asu = world.actors["asu"]
    told: list[tuple[str, int, int]] = []

    def stepping(session: Session, arguments: dict[str, Any]) -> Outcome:
        writing(session, arguments)
        for number in counted([1, 2, 3, 4], "rows"):
            if number == 4:
                for _ in range(600):
                    with Session(db.engine, info={"fixed_actor": SYSTEM}) as other, reading():
                        found = signs().told(queries.by_public_id(other, public_id))
                    if found.done == 3:
                        break
                    time.sleep(0.02)
                told.append((found.step, found.done, found.of))
        step("saving")
        return Outcome("готово")

    known(stepping)
    public_id = ask(real_app, asu, user=asu.user_id)
    work_off(real_app)
    assert told == [("rows", 3, 4)]
    assert job(real_app, public_id).state == "done"


def test_a_worker_that_is_gone(real_app: Flask, world: World, known: Known) -> None:
    """Its job is interrupted, says so, runs never by itself, and can be asked for again."""
    known(writing)
    asu = world.actors["asu"]
    public_id = ask(real_app, asu, user=asu.user_id)
    assert running.take_next(real_app, "the one that dies") == public_id
    assert running.give_up_lost(real_app) == 0
    with real_app.app_context():
        signs().forget(public_id)
    with asked_by(real_app) as session:
        session.execute(sa.update(Job).values(beat_at=now() - dt.timedelta(minutes=1)))
    assert work_off(real_app) == 0
    ended = job(real_app, public_id)
    assert (ended.state, ended.message) == ("interrupted", "Работа прервалась. Ничего не записано")
    with asked_by(real_app, asu) as session:
        again = actions.ask_again(session, queries.by_public_id(session, public_id)).public_id
    assert work_off(real_app) == 1
    assert (job(real_app, again).state, written(real_app)) == ("done", 1)
    assert logged(real_app) == ["job:asked", "job:interrupted", "job:asked"]


def test_taken_for_dead_and_alive(real_app: Flask, world: World, known: Known, caplog: pytest.LogCaptureFixture) -> None:
    """Its owner was told that nothing was written: so nothing is, though the worker came back."""
    asu = world.actors["asu"]

    def slow(session: Session, arguments: dict[str, Any]) -> Outcome:
        with Session(db.engine, info={"fixed_actor": SYSTEM}) as other:
            other.execute(sa.update(Job).values(state="interrupted"))
            other.commit()
        return writing(session, arguments)

    known(slow)
    public_id = ask(real_app, asu, user=asu.user_id)
    work_off(real_app)
    assert (job(real_app, public_id).state, written(real_app)) == ("interrupted", 0)


@pytest.mark.parametrize("lost", ["account", "membership"])
def test_whoever_lost_access_gets_nothing_done(real_app: Flask, world: World, known: Known, lost: str) -> None:
    known(writing)
    asu = world.actors["asu"]
    public_id = ask(real_app, asu, user=asu.user_id)
    with asked_by(real_app) as session:
        if lost == "account":
            session.get_one(User, asu.user_id).active = False
        else:
            for held in session.scalars(sa.select(Membership).where(Membership.user_id == asu.user_id)):
                held.valid_to = dt.date(2020, 1, 2)
                held.valid_from = dt.date(2020, 1, 1)
    work_off(real_app)
    ended = job(real_app, public_id)
    assert (ended.state, written(real_app)) == ("failed", 0)
    assert ended.message == "Доступ изменился с тех пор, как задание было поставлено. Ничего не записано"


def test_a_role_without_the_permission(real_app: Flask, world: World, known: Known) -> None:
    known(writing)
    ministry = world.actors["ministry"]
    public_id = ask(real_app, ministry, user=ministry.user_id)
    work_off(real_app)
    assert (job(real_app, public_id).state, written(real_app)) == ("failed", 0)


def test_the_command_does_what_waits_and_forgets_what_is_old(
    real_app: Flask, fresh_database: Database, world: World, known: Known
) -> None:
    known(writing)
    asu = world.actors["asu"]
    public_id = ask(real_app, asu, user=asu.user_id)
    said = flask(fresh_database, "jobs", "work", "--once").stdout
    assert said.strip() == "1 jobs are done."  # a process that does not know this work says so in the job
    assert job(real_app, public_id).state == "failed"
    with asked_by(real_app) as session:
        session.execute(sa.update(Job).values(ended_at=now() - dt.timedelta(days=91)))
    assert flask(fresh_database, "jobs", "purge").stdout.strip() == "1 jobs are gone."
