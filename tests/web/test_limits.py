"""Limits: counted in the database by all workers, also when the request is refused."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.access.actor import GATE, SYSTEM, asking
from exchange.extensions import db
from exchange.web.limits import Limit, TooMany, give_back, take
from exchange.web.models import Hit
from tests.web.trial import add, visitor

FIVE = Limit("trial", 5, dt.timedelta(minutes=5))
STRICT = Limit("strict", 5, dt.timedelta(minutes=5), restarts=True)


def tries(session: Any, limit: Limit, number: int, who: str = "somebody") -> list[bool]:
    def one() -> bool:
        try:
            take(session, (limit, who))
        except TooMany:
            return False
        return True

    return [one() for _ in range(number)]


def test_as_many_as_allowed_and_no_more(session: Any, today: Any) -> None:
    assert tries(session, FIVE, 7) == [True] * 5 + [False] * 2
    assert tries(session, FIVE, 1, "somebody else") == [True]


def test_the_window_begins_with_the_first_try(session: Any, today: Any) -> None:
    tries(session, FIVE, 3)
    today.shift(240)
    assert tries(session, FIVE, 3) == [True, True, False]
    today.shift(61)
    assert tries(session, FIVE, 5) == [True] * 5


def test_where_tries_restart_the_window_no_five_minutes_hold_more(session: Any, today: Any) -> None:
    tries(session, STRICT, 4)
    today.shift(240)
    assert tries(session, STRICT, 2) == [True, False]
    today.shift(240)
    assert tries(session, STRICT, 1) == [False]
    today.shift(61)
    assert tries(session, STRICT, 6) == [True] * 5 + [False]


def test_refused_tries_do_not_lengthen_the_waiting(session: Any, today: Any) -> None:
    tries(session, STRICT, 5)
    today.shift(299)
    assert tries(session, STRICT, 3) == [False] * 3
    today.shift(2)
    assert tries(session, STRICT, 1) == [True]


def test_how_long_to_wait_is_said(session: Any, today: Any) -> None:
    tries(session, FIVE, 5)
    today.shift(100)
    with pytest.raises(TooMany) as many:
        take(session, (FIVE, "somebody"))
    assert 199 <= many.value.seconds <= 200
    assert many.value.code == 429
    assert ("Retry-After", str(many.value.seconds)) in many.value.get_headers()


def test_of_several_limits_the_longest_waiting_is_said(session: Any, today: Any) -> None:
    long = Limit("long", 2, dt.timedelta(hours=1))
    for _ in range(2):
        take(session, (FIVE, "a"), (long, "a"))
    with pytest.raises(TooMany) as many:
        take(session, (FIVE, "a"), (long, "a"))
    assert many.value.seconds > 3000


def test_honest_tries_are_given_back(session: Any, today: Any) -> None:
    for _ in range(20):
        take(session, (FIVE, "a"))
        give_back(session, (FIVE, "a"))
    assert tries(session, FIVE, 6, "a") == [True] * 5 + [False]


def test_the_counter_does_not_tell_who_it_is(session: Any, today: Any) -> None:
    take(session, (FIVE, "ivanova@university.ru"))
    keys = session.scalars(sa.select(Hit.key)).all()
    assert not any("ivanova" in key for key in keys)


def test_counters_that_are_over_are_taken_away(session: Any, today: Any) -> None:
    tries(session, FIVE, 1, "a")
    today.shift(3600)
    tries(session, FIVE, 1, "b")
    assert session.scalars(sa.select(Hit.key).where(Hit.key.like("trial/%"))).all() == [FIVE.key("b")]


def test_it_is_counted_before_anything_else_is_changed(session: Any) -> None:
    session.add(Hit(key="x", hits=1, expires_at=dt.datetime.now(dt.UTC)))
    with pytest.raises(RuntimeError, match="before anything is changed"):
        take(session, (FIVE, "a"))
    session.rollback()


def test_the_count_stays_when_the_request_is_refused_or_fails(real_app: Any) -> None:
    def page() -> Any:
        take(db.session(), (FIVE, "a"))
        return 1 / 0

    add(real_app, "/trial", page, ("GET", "POST"))
    client = visitor(real_app)
    answers = [client.post("/trial").status_code for _ in range(3)] + [client.get("/trial").status_code for _ in range(4)]
    assert answers == [500] * 5 + [429] * 2
    answer = client.get("/trial")
    assert int(answer.headers["Retry-After"]) <= 300
    assert "Повторите через" in answer.text


def test_workers_that_count_at_the_same_moment_count_exactly(real_app: Any) -> None:
    passed: list[bool] = []
    start = threading.Barrier(4)

    def work() -> None:
        with asking(GATE), real_app.app_context():
            start.wait()
            passed.extend(tries(db.session(), FIVE, 5, "crowd"))
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(passed) == [False] * 15 + [True] * 5
    with asking(SYSTEM), real_app.app_context():
        assert db.session.scalar(sa.select(Hit.hits).where(Hit.key == FIVE.key("crowd"))) == 20
        db.session.remove()
