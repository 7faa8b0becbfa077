"""What every test may ask for: an application on both databases, somebody who asks, a small known world, a fixed clock.

A test that takes `app` (or anything made from it: `client`, `session`, `as_`, `runner`, `world`) runs once on SQLite and
once on PostgreSQL, inside one transaction that is rolled back at its end. `@pytest.mark.sqlite_only` and
`@pytest.mark.postgresql_only` keep it to one of them.
"""

from __future__ import annotations

import contextlib
import contextvars
import datetime as dt
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests import databases, postgres
from tests.databases import Database, Databases
from tests.servers import LiveServer

TODAY = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)  # noon in Barnaul
# Hashing a password is made slow on purpose; hundreds of sign-ins in tests need not be.
QUICK_PASSWORDS = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}
FOR_TESTS = {
    "TESTING": True,
    "WTF_CSRF_ENABLED": False,
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": QUICK_PASSWORDS,
}


# ------------------------------------------------------------------------------------------------------- the test run
def pytest_configure(config: pytest.Config) -> None:
    """The first process of a run makes a folder for it; workers of a parallel run are told where it is."""
    told = getattr(config, "workerinput", {})
    folder = Path(told.get("run_folder") or tempfile.mkdtemp(prefix="exchange-tests-"))
    config.stash[RUN] = Databases(folder, told.get("run_process") or os.getpid())
    for name in ("DATABASE_OWNER_URL", "PORT", "SITE_ADDRESS", "TRUSTED_HOSTS", "PROXIES", "PASSWORD_SALT"):
        os.environ.pop(name, None)
    # What is started without a database of its own must not find the one of `make run`.
    os.environ |= {
        "DATABASE_URL": f"sqlite:///{folder}/nobody.sqlite3",
        "EXCHANGE_ENV": "development",
        "SECRET_KEY": databases.SECRET_KEY,
    }


RUN = pytest.StashKey[Databases]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    run = node.config.stash[RUN]
    node.workerinput |= {"run_folder": str(run.folder), "run_process": run.run_process}


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        run = config.stash[RUN]
        run.stop()
        shutil.rmtree(run.folder, ignore_errors=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test on a database runs on both, unless it is marked for one of them."""
    if "database_kind" in metafunc.fixturenames:
        only = [k for k in databases.KINDS if metafunc.definition.get_closest_marker(f"{k}_only")]
        metafunc.parametrize("database_kind", only or databases.KINDS, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests go to one worker of a parallel run, one after another: two browsers would fight for two cores."""
    for item in items:
        if "playwright_browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


def missing(what: str) -> None:
    """What a test needs is not on this machine: an error where everything must be there (CI), else a skip."""
    if os.environ.get("CI"):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


# --------------------------------------------------------------------------------------------------------- no network
def _is_here(address: Any) -> bool:
    host = address[0] if isinstance(address, tuple) else address
    return not isinstance(address, tuple) or str(host) in ("", "localhost", "::1") or str(host).startswith("127.")


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """No test opens a socket off this machine."""

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if not _is_here(address):
                raise RuntimeError(f"a test tried to reach {address}: tests stay on this machine")
            return original(self, address)

        return connect

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
        yield


# ---------------------------------------------------------------------------------------------------------- databases
@pytest.fixture(scope="session")
def run_databases(pytestconfig: pytest.Config) -> Databases:
    return pytestconfig.stash[RUN]


@pytest.fixture
def database_kind(request: pytest.FixtureRequest, run_databases: Databases) -> str:
    """"sqlite" or "postgresql"."""
    kind: str = request.param
    if kind == "postgresql":
        try:
            run_databases.server()
        except postgres.Unavailable as error:
            missing(f"PostgreSQL: {error}")
    return kind


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
                world = build(db.session)
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


@pytest.fixture(scope="session")
def applications(run_databases: Databases) -> Iterator[Applications]:
    from exchange.extensions import db

    # What the site commits becomes a savepoint of the test's transaction; outside a test's transaction nothing changes.
    db.session.configure(join_transaction_mode="create_savepoint")
    made = Applications(run_databases, os.environ.get("PYTEST_XDIST_WORKER", "only"))
    yield made
    for _, app, _ in made.made.values():
        dispose(app)


@pytest.fixture
def fresh_database(
    request: pytest.FixtureRequest, database_kind: str, run_databases: Databases, applications: Applications
) -> Iterator[Database]:
    """A migrated database of this test alone (with the world in it, if the test takes `world`): for tests in which
    something really commits, or another process works on it."""
    with_world = "world" in request.fixturenames
    source = applications.inhabited(database_kind)[0] if with_world else run_databases.migrated(database_kind)
    made = run_databases.copy(source)
    yield made
    run_databases.drop(made)


@pytest.fixture
def real_app(fresh_database: Database) -> Iterator[Flask]:
    """The site on `fresh_database`: its commits are real."""
    app = application(fresh_database)
    yield app
    dispose(app)


# -------------------------------------------------------------------------------------- the site inside a transaction
@pytest.fixture
def app(request: pytest.FixtureRequest, database_kind: str, applications: Applications) -> Iterator[Flask]:
    """The site; whatever the test does in its database is taken back at the end."""
    from exchange.extensions import db

    _, app, _ = applications.get(database_kind, "world" in request.fixturenames)
    with app.app_context():
        engines = db.engines
    engine = engines[None]
    connection = engine.connect()
    transaction = connection.begin()
    engines[None] = connection  # type: ignore[assignment]
    app.extensions["sessions of the test"] = []
    try:
        yield app
    finally:
        transaction.rollback()
        connection.close()
        engines[None] = engine


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

    def invoke(self, cli: Any = None, args: Any = None, **kwargs: Any) -> Any:
        settle(self.app)
        return contextvars.Context().run(super().invoke, cli, args, **kwargs)


@pytest.fixture
def client(app: Flask) -> Client:
    return Client(app, app.response_class, use_cookies=True)


@pytest.fixture
def new_client(app: Flask) -> Callable[[], Client]:
    """Makes further visitors, each with cookies of its own."""
    return lambda: Client(app, app.response_class, use_cookies=True)


@pytest.fixture
def runner(app: Flask) -> Runner:
    return Runner(app)


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


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of the system itself: it sees and may write every row. The application context is pushed."""
    from exchange.access.actor import SYSTEM

    with asking_as(app, SYSTEM) as session:
        yield session


@pytest.fixture
def as_(app: Flask) -> Callable[[Any], contextlib.AbstractContextManager[Session]]:
    """`with as_(actor) as session:` asks as somebody: both walls stand before them."""
    return lambda actor: asking_as(app, actor)


@pytest.fixture
def world(request: pytest.FixtureRequest, database_kind: str, applications: Applications) -> Any:
    """The small hand-counted world of tests/world.py; it is in the database of `app`, `fresh_database` and `live_server`."""
    return applications.inhabited(database_kind)[1]


@pytest.fixture
def login() -> Callable[..., TestResponse]:
    """`login(client, email)` signs in through the door that everybody uses; fails the test when it stays closed."""
    from tests.world import PASSWORD

    def sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> TestResponse:
        answer = client.post("/login", data={"email": email, "password": password})
        assert answer.status_code in (302, 303), f"{email} was not let in: {answer.status_code}"
        return answer

    return sign_in


# ------------------------------------------------------------------------------------------------- the clock, a server
@pytest.fixture
def today() -> Iterator[time_machine.Traveller]:
    """It is noon of 23 November 2026 in Barnaul, and time goes on; `today.shift(…)` and `today.move_to(…)` travel."""
    with time_machine.travel(TODAY, tick=True) as traveller:
        yield traveller


@pytest.fixture
def serve(fresh_database: Database) -> Iterator[Callable[..., LiveServer]]:
    """Starts gunicorn, as `make run` does, on `fresh_database`: `server = serve()`; it is stopped at the end."""
    with contextlib.ExitStack() as stack:
        yield lambda **settings: stack.enter_context(LiveServer(fresh_database, **settings))
