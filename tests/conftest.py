"""What every test may ask for: an application on both databases, somebody who asks, a small known world, a fixed clock.

A test that takes `app` (or anything made from it: `client`, `session`, `as_`, `runner`, `world`) runs once on SQLite and
once on PostgreSQL, inside one transaction that is rolled back at its end. `@pytest.mark.sqlite_only` and
`@pytest.mark.postgres_only` keep it to one of them.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import hypothesis
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests import databases, postgres
from tests.applications import Applications, Client, Runner, application, asking_as, dispose, missing
from tests.clock import TODAY
from tests.databases import Database, Databases
from tests.servers import LiveServer

# Nothing is timed in a test, and the same tests run everywhere: the examples do not depend on luck or on earlier runs.
hypothesis.settings.register_profile(
    "the same everywhere",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("the same everywhere")


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
ONLY = {"sqlite": "sqlite_only", "postgresql": "postgres_only"}


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
    own = any("database" in str(mark.args[0]) for mark in metafunc.definition.iter_markers("parametrize"))
    if "database" in metafunc.fixturenames and not own:
        only = [kind for kind, mark in ONLY.items() if metafunc.definition.get_closest_marker(mark)]
        metafunc.parametrize("database", only or list(ONLY), indirect=True)


def pytest_make_parametrize_id(val: Any, argname: str) -> str | None:
    """A workbook is no name: made a second later it has other bytes, and workers would not agree on the names of tests."""
    return argname if isinstance(val, bytes) and val.startswith(b"PK") else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests go to one worker of a parallel run (two browsers would fight for two cores); xdist looks after this."""
    for item in items:
        if "playwright_browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


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
def database(request: pytest.FixtureRequest, run_databases: Databases) -> str:
    """ "sqlite" or "postgresql"."""
    kind: str = request.param
    if kind == "postgresql":
        try:
            run_databases.server()
        except postgres.Unavailable as error:
            missing(f"PostgreSQL: {error}")
    return kind


@pytest.fixture(scope="session")
def applications(run_databases: Databases) -> Iterator[Applications]:
    from exchange.extensions import db

    # What the site commits becomes a savepoint of the test's transaction; outside a test's transaction nothing changes.
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    made = Applications(run_databases, os.environ.get("PYTEST_XDIST_WORKER", "only"))
    yield made
    for _, app, _ in made.made.values():
        dispose(app)


@pytest.fixture
def fresh_database(
    request: pytest.FixtureRequest, database: str, run_databases: Databases, applications: Applications
) -> Iterator[Database]:
    """A migrated database of this test alone (with the world in it, if the test takes `world`): for tests in which
    something really commits, or another process works on it."""
    with_world = "world" in request.fixturenames
    source = applications.inhabited(database)[0] if with_world else run_databases.migrated(database)
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
def app(request: pytest.FixtureRequest, database: str, applications: Applications) -> Iterator[Flask]:
    """The site; whatever the test does in its database is taken back at the end."""
    from exchange.extensions import db

    _, app, _ = applications.get(database, "world" in request.fixturenames)
    with app.app_context():
        engines = cast("dict[str | None, Any]", db.engines)
    engine = engines[None]
    connection = engine.connect()
    transaction = connection.begin()
    engines[None] = connection
    app.extensions["sessions of the test"] = []
    try:
        yield app
    finally:
        transaction.rollback()
        connection.close()
        engines[None] = engine


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
def world(request: pytest.FixtureRequest, database: str, applications: Applications) -> Any:
    """The small hand-counted world of tests/world.py; it is in the database of `app`, `fresh_database` and `live_server`."""
    return applications.inhabited(database)[1]


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
