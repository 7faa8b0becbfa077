"""A form acts once: double click, reload, two at the same moment, corrected after a refusal."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import redirect, render_template_string, request

from exchange.access.actor import SYSTEM, asking
from exchange.extensions import db
from exchange.web.models import Submission
from exchange.web.submission import new_token, once
from tests.web.trial import add, signed_in, visitor

TOKEN = "abcdefghijklmnopqrstuvwx"


@pytest.fixture
def trial(real_app: Any, world: Any) -> Any:
    done: list[str] = []

    @once
    def create() -> Any:
        name = request.form["name"]
        if name == "refused":
            return "no", 422
        if name == "step":
            return "a further step"
        done.append(name)
        return redirect(f"/things/{len(done)}", 303)

    def form() -> str:
        return render_template_string("{{ once() }}")

    add(real_app, "/things", create, ("POST",), signed_in)
    add(real_app, "/form", form, ("GET", "POST"), signed_in)
    real_app.extensions["done"] = done
    return real_app


def kept(app: Any) -> list[tuple[str, str]]:
    with asking(SYSTEM), app.app_context():
        rows = [(s.token, s.location) for s in db.session.scalars(sa.select(Submission))]
        db.session.remove()
        return rows


def test_the_second_time_leads_to_the_first_result(trial: Any, world: Any) -> None:
    client = visitor(trial, world.emails["asu"])
    answers = [client.post("/things", data={"name": "a", "once": TOKEN}) for _ in range(3)]
    assert [(a.status_code, a.location) for a in answers] == [(303, "/things/1")] * 3
    assert trial.extensions["done"] == ["a"]
    assert kept(trial) == [(TOKEN, "/things/1")]


def test_a_refused_form_can_be_corrected_and_sent_again(trial: Any, world: Any) -> None:
    client = visitor(trial, world.emails["asu"])
    assert client.post("/things", data={"name": "refused", "once": TOKEN}).status_code == 422
    assert kept(trial) == []
    assert client.post("/things", data={"name": "b", "once": TOKEN}).location == "/things/1"


def test_a_further_step_does_not_finish_the_form(trial: Any, world: Any) -> None:
    client = visitor(trial, world.emails["asu"])
    assert client.post("/things", data={"name": "step", "once": TOKEN}).status_code == 200
    assert client.post("/things", data={"name": "b", "once": TOKEN}).location == "/things/1"


@pytest.mark.parametrize("token", ["", "short", "x" * 41, "has spaces in it and is long", "\x00" * 24, "x" * 10_000])
def test_a_form_without_a_proper_token_is_processed_as_usual(trial: Any, world: Any, token: str) -> None:
    client = visitor(trial, world.emails["asu"])
    answers = [client.post("/things", data={"name": "a", "once": token}).location for _ in range(2)]
    assert answers == ["/things/1", "/things/2"]
    assert kept(trial) == []


def test_another_account_can_not_read_the_result_by_the_token(trial: Any, world: Any) -> None:
    visitor(trial, world.emails["asu"]).post("/things", data={"name": "a", "once": TOKEN})
    answer = visitor(trial, world.emails["altvagon"]).post("/things", data={"name": "b", "once": TOKEN})
    assert answer.location != "/things/1"
    assert trial.extensions["done"] == ["a"]


def test_two_at_the_same_moment_act_once(trial: Any, world: Any) -> None:
    clients = [visitor(trial, world.emails["asu"]) for _ in range(4)]
    answers: list[Any] = [None] * 4
    start = threading.Barrier(4)

    def send(number: int) -> None:
        start.wait()
        answers[number] = clients[number].post("/things", data={"name": "a", "once": TOKEN})

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [(a.status_code, a.location) for a in answers] == [(303, "/things/1")] * 4
    assert kept(trial) == [(TOKEN, "/things/1")]


def test_the_token_is_new_for_each_form_and_kept_by_one_that_comes_back(trial: Any, world: Any) -> None:
    client = visitor(trial, world.emails["asu"])
    first, second = client.get("/form").text, client.get("/form").text
    assert first != second
    assert len(first) == 32
    assert client.post("/form", data={"once": first}).text == first
    assert client.post("/form", data={"once": "x y"}).text != "x y"
    with trial.test_request_context():
        assert len(new_token()) == 32


def test_old_tokens_go(trial: Any, world: Any, today: Any) -> None:
    client = visitor(trial, world.emails["asu"])
    client.post("/things", data={"name": "a", "once": TOKEN})
    today.shift(3 * 24 * 3600)
    client = visitor(trial, world.emails["asu"])
    client.post("/things", data={"name": "b", "once": TOKEN[::-1]})
    assert kept(trial) == [(TOKEN[::-1], "/things/2")]
