"""Honest failure: every error is a page of the site, says nothing of the inside, and leaves nothing half done."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, abort

from exchange.access.doors import public
from exchange.errors import Conflict, NotFound
from exchange.extensions import db
from exchange.organisations.models import Organisation
from exchange.web.handlers import PAGES
from tests.applications import Client
from tests.world import World

INSIDE = re.compile(r"Traceback|sqlalchemy|werkzeug|jinja2|/exchange/|\.py\b|SELECT ", re.IGNORECASE)


def provoke(app: Flask, monkeypatch: pytest.MonkeyPatch, view: Callable[[], Any], client: Client, method: str = "GET") -> Any:
    """What a visitor gets from a page that fails like this."""
    monkeypatch.setitem(app.view_functions, "healthz", public(view))
    return client.open("/healthz", method=method)


@pytest.mark.parametrize("status", PAGES)
def test_every_error_is_a_page(app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    def fail() -> Any:
        abort(status)

    answer = provoke(app, monkeypatch, fail, client)
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert "<h1" in answer.text
    assert not INSIDE.search(answer.text)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("error", "status"), [(NotFound(), 404), (Conflict(), 409), (KeyError("secret"), 500), (MemoryError(), 500)]
)
def test_what_rules_and_accidents_look_like(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def fail() -> Any:
        raise error

    answer = provoke(app, monkeypatch, fail, client)
    assert answer.status_code == status
    assert "secret" not in answer.text
    assert not INSIDE.search(answer.text)


def test_an_accident_takes_everything_back(
    app: Flask, client: Client, world: World, session: Any, login: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.commit()

    def fail() -> Any:
        organisation = db.session.scalars(sa.select(Organisation).where(Organisation.code == "ASU")).one()
        organisation.city = "Somewhere else"
        db.session.flush()
        raise RuntimeError("after the flush")

    login(client, world.emails["admin"])
    fail.door = "signed-in"  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "profile.act_as", fail)
    assert client.post("/me/role").status_code == 500
    assert session.scalar(sa.select(Organisation.city).where(Organisation.code == "ASU")) != "Somewhere else"


def test_addresses_that_do_not_exist(client: Client) -> None:
    for path in (
        "/nowhere",
        "/students/../../etc/passwd",
        "/%00",
        "/" + "x" * 3000,
        "/static/../wsgi.py",
        "/static/%2e%2e/wsgi.py",
    ):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert "<h1" in answer.text
        assert not INSIDE.search(answer.text)
