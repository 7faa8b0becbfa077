"""The fixtures keep their promises: both databases, one transaction a test, nothing that leaks, nothing off the machine."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import click
import pytest
import sqlalchemy as sa
from flask import Flask, g, request
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from exchange.access.actor import SYSTEM, Actor, NoActor, Role, asking, current_actor
from exchange.access.rows import NotYours
from exchange.database import now
from exchange.extensions import db
from exchange.organisations.models import Organisation
from tests.applications import Client, Runner
from tests.databases import ROOT, Database, flask

CODE = "FIXTURE"
AsActor = Callable[[Actor], AbstractContextManager[Session]]


def new_organisation() -> Organisation:
    return Organisation(code=CODE, kind="enterprise", name_ru="Проверка", short_ru="Проверка")


def count(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Organisation).where(Organisation.code == CODE)) or 0


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_gone_in_the_next(session: Session, turn: int) -> None:
    assert count(session) == 0, f"turn {turn}"
    session.add(new_organisation())
    session.commit()
    assert count(session) == 1
    session.rollback()
    assert count(session) == 1, "it was committed, as far as the test can see"


def test_the_database_is_the_one_in_the_name_of_the_test(app: Flask, session: Session, database: str) -> None:
    assert session.connection().dialect.name == database
    assert app.config["SQLALCHEMY_DATABASE_URI"].startswith(database)


@pytest.mark.postgres_only
def test_the_site_is_neither_owner_nor_above_the_wall(session: Session) -> None:
    ask = session.connection().scalar
    assert ask(sa.text("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")) is False
    assert ask(sa.text("select current_user")) == "exchange_app"
    assert ask(sa.text("select tableowner from pg_tables where tablename = 'organisation'")) == "exchange_owner"


@pytest.mark.sqlite_only
def test_marks_keep_a_test_to_one_database(database: str) -> None:
    assert database == "sqlite"


def test_another_actor_asks_in_between(session: Session, as_: AsActor) -> None:
    """The database is told anew who asks whenever the asker changes; on PostgreSQL its own wall depends on that."""
    session.add(new_organisation())
    session.flush()
    with as_(Actor(Role.ENTERPRISE, user_id=1, organisation_id=1, organisation_ids=(1,))) as theirs:
        assert count(theirs) == 1
        assert current_actor().role is Role.ENTERPRISE
        theirs.add(Organisation(code="OTHER", kind="enterprise", name_ru="x", short_ru="x"))
        with pytest.raises(NotYours):
            theirs.flush()
        theirs.rollback()
    assert current_actor().role is Role.SYSTEM
    assert count(session) == 1


def test_nobody_asks_unless_somebody_is_named(app: Flask) -> None:
    with app.app_context(), pytest.raises(NoActor):
        db.session.scalar(sa.select(sa.func.count()).select_from(Organisation))


def test_a_request_has_a_context_of_its_own(app: Flask, session: Session, client: Client) -> None:
    g.trace = "of the test"
    seen: list[Any] = []

    def look(error: BaseException | None) -> None:
        if request.path == "/healthz":
            seen.append((getattr(g, "trace", None), db.session() is session))

    app.teardown_request_funcs.setdefault(None, []).insert(0, look)
    try:
        assert client.get("/healthz").status_code == 200
    finally:
        app.teardown_request_funcs[None].remove(look)
    assert seen == [(None, False)]
    assert g.trace == "of the test"
    assert current_actor().role is Role.SYSTEM


def test_a_command_works_in_the_transaction_of_the_test(session: Session, runner: Runner) -> None:
    session.add(new_organisation())

    @click.command
    @with_appcontext
    def look() -> None:
        with asking(SYSTEM):
            click.echo(f"{count(db.session())}, {db.session() is session}")

    assert runner.invoke(look).output == "1, False\n"


def test_a_fresh_database_takes_real_commits(fresh_database: Database, real_app: Flask) -> None:
    with asking(SYSTEM), real_app.app_context():
        db.session.add(new_organisation())
        db.session.commit()
    engine = sa.create_engine(fresh_database.owner_url if fresh_database.kind == "sqlite" else fresh_database.url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("select count(*) from organisation where code = :code"), {"code": CODE}).scalar() == 1
    engine.dispose()
    newest = (ROOT / "migrations" / "current-head").read_text().strip()
    assert newest in flask(fresh_database, "db", "current").stdout


def test_gunicorn_serves_a_fresh_database(serve: Callable[..., Any]) -> None:
    server = serve()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        assert connection.recv(100).split()[1] == b"200"


def test_the_day_is_fixed_where_asked(today: Any) -> None:
    assert now().date().isoformat() == "2026-11-23"
    today.shift(24 * 3600)
    assert now().date().isoformat() == "2026-11-24"


def test_no_test_leaves_this_machine() -> None:
    with socket.socket() as outside, pytest.raises(RuntimeError, match="stay on this machine"):
        outside.connect(("192.0.2.1", 80))


def test_somebody_of_the_known_world_signs_in(world: Any, client: Client, login: Callable[..., Any], session: Session) -> None:
    assert client.get("/me", headers={"Accept": "text/html"}).status_code in (302, 303), (
        "a stranger is sent to the sign-in page"
    )
    login(client, world.emails["altvagon"])
    assert client.get("/me").status_code == 200
    assert session.get_one(Organisation, world.organisations["ALTVAGON"]).code == "ALTVAGON"
