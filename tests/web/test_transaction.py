"""A request is a transaction: below 400 an unsafe method commits, everything else leaves nothing but its lines in the log."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import abort

from exchange.access.actor import SYSTEM, asking
from exchange.audit.actions import Note
from exchange.audit.models import AuditEntry
from exchange.errors import Conflict, NotFound, RuleBroken
from exchange.extensions import db
from exchange.web.models import Hit
from exchange.web.transaction import log
from tests.web.trial import add, signed_in, visitor


def left(app: Any) -> tuple[int, list[str]]:
    """How many counters and which lines of the log there are."""
    with asking(SYSTEM), app.app_context():
        hits = db.session.scalar(sa.select(sa.func.count()).select_from(Hit).where(Hit.key.like("trial%")))
        lines = db.session.scalars(
            sa.select(AuditEntry.action).where(AuditEntry.action.like("trial:%")).order_by(AuditEntry.id)
        )
        found = hits or 0, list(lines)
        db.session.remove()
        return found


def write(key: str) -> None:
    from exchange.database import now

    db.session.add(Hit(key=f"trial/{key}", hits=1, expires_at=now()))
    db.session.flush()


OUTCOMES: dict[str, Any] = {
    "200": lambda: "done",
    "303": lambda: ("", 303),
    "400": lambda: abort(400),
    "404": lambda: (_ for _ in ()).throw(NotFound()),
    "409": lambda: (_ for _ in ()).throw(Conflict()),
    "422": lambda: ("refused", 422),
    "500": lambda: 1 / 0,
}


@pytest.fixture
def trial(real_app: Any, world: Any) -> Any:
    def page(outcome: str) -> Any:
        write(outcome)
        log(Note("trial:viewed"))
        return OUTCOMES[outcome]()

    add(real_app, "/trial/<outcome>", page, ("GET", "POST", "PUT", "PATCH", "DELETE"), signed_in)
    return real_app


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_below_400_an_unsafe_method_commits_with_its_lines(trial: Any, world: Any, method: str) -> None:
    client = visitor(trial, world.emails["asu"])
    for outcome in ("200", "303"):
        assert getattr(client, method)(f"/trial/{outcome}").status_code == int(outcome)
    assert left(trial) == (2, ["trial:viewed"] * 2)


@pytest.mark.parametrize("outcome", ["400", "404", "409", "422", "500"])
def test_a_refusal_takes_everything_back_but_the_log(trial: Any, world: Any, outcome: str) -> None:
    client = visitor(trial, world.emails["asu"])
    assert client.post(f"/trial/{outcome}").status_code == int(outcome)
    hits, lines = left(trial)
    assert hits == 0
    assert lines == ([] if outcome == "500" else ["trial:viewed"])


def test_a_get_writes_nothing_but_the_log(trial: Any, world: Any) -> None:
    client = visitor(trial, world.emails["asu"])
    assert client.get("/trial/200").status_code == 200
    assert left(trial) == (0, ["trial:viewed"])


def test_the_line_of_the_log_names_who_asked(trial: Any, world: Any) -> None:
    visitor(trial, world.emails["asu"]).get("/trial/200")
    with asking(SYSTEM), trial.app_context():
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "trial:viewed")).one()
        assert (entry.user_id, entry.role, entry.address) == (world.actors["asu"].user_id, "university", "127.0.0.1")
        db.session.remove()


def test_requests_do_not_hear_of_each_other(trial: Any, world: Any) -> None:
    one, other = visitor(trial, world.emails["asu"]), visitor(trial, world.emails["altvagon"])
    for client, name in ((one, "Asu Tester"), (other, "Altvagon Tester"), (one, "Asu Tester")):
        assert name in client.get("/me").text
    assert visitor(trial).get("/me").status_code == 302


def test_a_broken_rule_is_not_a_page_of_its_own() -> None:
    """Views catch RuleBroken and show it beside the field; nobody else does, so a forgotten one is a failure to be seen."""
    assert str(RuleBroken("field", "sentence")) == "sentence"
