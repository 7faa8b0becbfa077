"""The site inside a test: made on a database, visited and operated without anything leaking between test and request."""

from __future__ import annotations

import contextlib
import contextvars
import os
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.clock import TODAY
from tests.databases import Database, Databases

# Hashing a password is made slow on purpose; hundreds of sign-ins in tests need not be.
QUICK_PASSWORDS = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}
FOR_TESTS: dict[str, Any] = {
    "TESTING": True,
    "WTF_CSRF_ENABLED": False,
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": QUICK_PASSWORDS,
}


def missing(what: str) -> NoReturn:
    """What a test needs is not on this machine: an error where everything must be there (CI), else a skip."""
    if os.environ.get("CI"):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


class Applications:
    """The applications of this worker: one for each database, made when first asked for."""

    def __init__(self, run: Databases, worker: str) -> None:
        self.run, self.worker = run, worker
        self.made: dict[tuple[str, bool], tuple[Database, Flask, Any]] = {}

    def get(self, kind: str, with_world: bool) -> tuple[Database, Flask, Any]:
        key = (kind, with_world)
        if key not in self.made:
            source, world = self.inhabited(kind) if with_world else (self.run.migrated(kind), None)
            database = self.run.copy(source, f"{self.worker}_{'world' if with_world else 'migrated'}")
            self.made[key] = (database, application(database), world)
        return self.made[key]

    def inhabited(self, kind: str) -> tuple[Database, Any]:
        """The template that holds the world, and the world: what tests/world.py calls it (ids, e-mails: plain values)."""

        def build(made: Database) -> Any:
            from exchange.access.actor import SYSTEM, asking
            from exchange.extensions import db
            from tests.world import build

            self.run.copy(self.run.migrated(kind), "template_world")
            app = application(made)
            with time_machine.travel(TODAY, tick=True), asking(SYSTEM), app.app_context():
                world = build(db.session())
                db.session.commit()
                db.session.remove()
            dispose(app)
            return world

        return self.run.template(kind, "world", build)


def application(database: Database, **settings: Any) -> Flask:
    """The whole site on a database."""
    import wsgi

    return wsgi.build({**database.settings, **FOR_TESTS, **settings})


def dispose(app: Flask) -> None:
    from exchange.extensions import db

    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def settle(app: Flask) -> None:
    """Ends what the test's own sessions began, so that the next one to ask tells the database anew who asks."""
    for session in app.extensions.get("sessions of the test", ()):
        session.commit()


class Client(FlaskClient):
    """A visitor. Each request runs in a context of its own, as in the server: nothing of the test leaks into it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        settle(self.application)
        return contextvars.Context().run(super().open, *args, **kwargs)


class Runner(FlaskCliRunner):
    """An operator at a terminal: `runner.invoke(args=["audit", "verify"])`."""

    def invoke(self, cli: Any = None, args: Any = None, **kwargs: Any) -> Any:  # type: ignore[override]
        settle(self.app)
        return contextvars.Context().run(super().invoke, cli, args, **kwargs)


@contextlib.contextmanager
def asking_as(app: Flask, actor: Any) -> Iterator[Session]:
    """A session in which `actor` asks; what it did is committed at the end, like a request's."""
    from exchange.access.actor import asking
    from exchange.extensions import db

    settle(app)
    with asking(actor), app.app_context():
        open_sessions = app.extensions.setdefault("sessions of the test", [])
        session = db.session()
        open_sessions.append(session)
        try:
            yield session
            session.commit()
        finally:
            open_sessions.remove(session)
            db.session.remove()
