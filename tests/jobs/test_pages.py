"""Pages of jobs: one's own only, how far, stop, try again; a page that stands still for those who want it so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy.orm import Session

from exchange.access.permissions import Permission
from exchange.database import now
from exchange.jobs.models import Job
from exchange.jobs.works import WORKS, Outcome, Work
from tests.applications import Client
from tests.jobs.queue import WORK
from tests.world import World

Login = Callable[..., Any]


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work(WORK, "Проверка файла", "Проверка прервалась", (Permission.STUDENT_EDIT,), lambda *given: Outcome(""))
    monkeypatch.setitem(WORKS, WORK, work)


def words(answer: Any) -> str:
    return BeautifulSoup(answer.data, "html.parser").get_text(" ", strip=True)


@pytest.fixture
def made(session: Session, world: World) -> Callable[..., Job]:
    def make(key: str = "asu", **values: Any) -> Job:
        actor = world.actors[key]
        job = Job(
            user_id=actor.user_id, role=str(actor.role), organisation_id=actor.organisation_id, work=WORK, about="list.xlsx",
            result="/students", **{"subject": f"thing/{key}/{values.get('state')}", **values},
        )  # fmt: skip
        session.add(job)
        session.commit()
        return job

    return make


@pytest.fixture
def asu(client: Client, login: Login, world: World) -> Client:
    login(client, world.emails["asu"])
    return client


def test_waiting(asu: Client, made: Callable[..., Job], session: Session) -> None:
    """The page asks again by itself; after ten seconds it says that the job waits longer than usual."""
    job = made()
    page = asu.get(f"/jobs/{job.public_id}")
    assert page.headers["Refresh"] == "3"
    assert "Начнётся, как только освободится обработчик" in words(page)
    assert "дольше обычного" not in words(page)
    still = asu.get(f"/jobs/{job.public_id}?still=1")
    assert "Refresh" not in still.headers
    job.created_at = now() - dt.timedelta(seconds=11)
    session.commit()
    assert "Задание ждёт дольше обычного" in words(asu.get(f"/jobs/{job.public_id}"))


def test_ended(asu: Client, made: Callable[..., Job]) -> None:
    """The result waits: in the job, and in the list of one's own."""
    job = made(state="done", message="Проверено 12 строк", ended_at=now())
    page = asu.get(f"/jobs/{job.public_id}")
    assert "Refresh" not in page.headers
    assert "Проверено 12 строк" in words(page)
    assert BeautifulSoup(page.data, "html.parser").find("a", string="Открыть результат")["href"] == "/students"
    listed = asu.get("/jobs/")
    assert "Проверено 12 строк" in words(listed)
    assert BeautifulSoup(listed.data, "html.parser").find("a", string="Открыть")["href"] == "/students"
    assert '/jobs/"' in asu.get("/students").text, "the menu of the account leads here"


def test_somebody_elses(asu: Client, made: Callable[..., Job]) -> None:
    theirs = made("astu").public_id
    assert asu.get(f"/jobs/{theirs}").status_code == 404
    assert asu.post(f"/jobs/{theirs}/cancel").status_code == 404
    assert asu.post(f"/jobs/{theirs}/again").status_code == 404
    assert theirs not in asu.get("/jobs/").text


def test_stop_before_it_began(asu: Client, made: Callable[..., Job], session: Session) -> None:
    job = made()
    answer = asu.post(f"/jobs/{job.public_id}/cancel", follow_redirects=True)
    assert "Отменено. В реестр ничего не записано" in words(answer)
    session.refresh(job)
    assert job.state == "cancelled"


def test_a_worker_that_is_gone_is_seen_at_once(asu: Client, made: Callable[..., Job], session: Session) -> None:
    """Though no worker came to say so in the table; «Повторить» puts the same work into the queue again."""
    long_ago = now() - dt.timedelta(minutes=1)
    job = made(state="working", worker="gone", beat_at=long_ago, begun_at=long_ago)
    page = asu.get(f"/jobs/{job.public_id}")
    assert "Refresh" not in page.headers
    assert "Прервано Проверка прервалась" in words(page)
    answer = asu.post(f"/jobs/{job.public_id}/again")
    assert answer.status_code == 303
    states = session.scalars(sa.select(Job.state).order_by(Job.id).execution_options(populate_existing=True)).all()
    assert list(states) == ["interrupted", "waiting"]
    assert asu.post(f"/jobs/{job.public_id}/again").location == answer.location, "a second press finds the job of the first"


def test_what_is_done_is_not_repeated(asu: Client, made: Callable[..., Job], session: Session) -> None:
    job = made(state="done", ended_at=now())
    assert asu.post(f"/jobs/{job.public_id}/again").location.endswith(job.public_id)
    assert session.scalar(sa.select(sa.func.count()).select_from(Job)) == 1


def test_nothing_asked_for(asu: Client) -> None:
    assert "Заданий нет" in words(asu.get("/jobs/"))


def test_strangers_are_sent_to_the_door(app: Flask, client: Client) -> None:
    assert client.get("/jobs/").status_code == 302
