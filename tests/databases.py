"""Databases for tests: migrated once a test run, then copied (a file, or CREATE DATABASE … TEMPLATE) in milliseconds."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pickle
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
OWNER, SITE = "exchange_owner", "exchange_app"
PASSWORD = "exchange-tests"
SECRET_KEY = "a key for tests only, the same in every process"


class Broken(RuntimeError):
    """A template could not be made, so no test on it can run."""


@dataclass(frozen=True)
class Database:
    """A database of its own: `url` as the site connects, `owner_url` as the owner of the tables does."""

    kind: str
    url: str
    owner_url: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment for a process that works on this database."""
        ours = {
            "DATABASE_URL": self.url,
            "DATABASE_OWNER_URL": self.owner_url,
            "EXCHANGE_ENV": "development",
            "SECRET_KEY": SECRET_KEY,
        }
        return {**os.environ, **ours}

    @property
    def settings(self) -> dict[str, Any]:
        """The settings for an application in this process."""
        return {
            "SQLALCHEMY_DATABASE_URI": self.url,
            "DATABASE_OWNER_URL": self.owner_url,
            "SECRET_KEY": SECRET_KEY,
            "PASSWORD_SALT": SECRET_KEY[::-1],
        }

    @property
    def path(self) -> Path:
        """The file of an SQLite database."""
        return Path(sa.make_url(self.url).database or "")


class Databases:
    """All databases of one test run. Workers of a parallel run share the folder, the server and the templates."""

    def __init__(self, folder: Path, run_process: int) -> None:
        self.folder = folder
        self.run_process = run_process
        self._server: sa.URL | None = None
        self._failures: dict[str, str] = {}

    # ---------------------------------------------------------------------------------------------------- the server
    @contextlib.contextmanager
    def _alone(self, name: str) -> Iterator[Path]:
        """Only one process of the run is inside at a time."""
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self.folder / f"{name}.json"

    @property
    def prefix(self) -> str:
        return f"test_{self.folder.name.rpartition('-')[2].lower()}_"

    def server(self) -> sa.URL:
        """The server as its superuser; started by whoever asks first. Raises postgres.Unavailable."""
        if self._server is None:
            with self._alone("server") as state:
                if not state.exists():
                    state.write_text(json.dumps(self._start()))
                told = json.loads(state.read_text())
            if "error" in told:
                raise postgres.Unavailable(told["error"])
            self._server = sa.make_url(told["url"]).set(drivername="postgresql+psycopg")
        return self._server

    def _start(self) -> dict[str, Any]:
        try:
            url, keeper = postgres.start(self.run_process)
            with self._superuser(sa.make_url(url)) as connection:
                for role in (OWNER, SITE):
                    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
                    order = "ALTER" if known else "CREATE"
                    connection.execute(
                        sql.SQL(order + " ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {}").format(
                            sql.Identifier(role), sql.Literal(PASSWORD)
                        )
                    )
        except (postgres.Unavailable, psycopg.Error, sa.exc.ArgumentError) as error:
            return {"error": str(error)}
        return {"url": url, "keeper": keeper}

    @contextlib.contextmanager
    def _superuser(self, url: sa.URL | None = None) -> Iterator[psycopg.Connection[Any]]:
        plain = (url or self.server()).set(drivername="postgresql").render_as_string(hide_password=False)
        with contextlib.closing(psycopg.connect(plain, autocommit=True, connect_timeout=30)) as connection:
            yield connection

    def stop(self) -> None:
        """Ends the server, or takes our databases off a server that is not ours."""
        state = self.folder / "server.json"
        told = json.loads(state.read_text()) if state.exists() else {}
        if told.get("keeper"):
            postgres.stop(told["keeper"])
        elif "url" in told:
            with self._superuser() as connection:
                ours = connection.execute(
                    "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [self.prefix]
                ).fetchall()
                for (name,) in ours:
                    connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    # ------------------------------------------------------------------------------------------------- single databases
    def named(self, kind: str, name: str) -> Database:
        if kind == "sqlite":
            address = f"sqlite:///{self.folder / name}.sqlite3"
            return Database(kind, address, address)
        urls = [
            self.server()
            .set(username=role, password=PASSWORD, database=self.prefix + name)
            .render_as_string(hide_password=False)
            for role in (SITE, OWNER)
        ]
        return Database(kind, *urls)

    def create(self, kind: str, name: str = "") -> Database:
        """An empty database: nothing in it, not even tables."""
        made = self.named(kind, name or f"bare_{secrets.token_hex(4)}")
        if kind == "postgresql":
            self._create_on_server(made, None)
        return made

    def copy(self, source: Database, name: str = "") -> Database:
        """A copy of a database that nobody is connected to."""
        made = self.named(source.kind, name or f"copy_{secrets.token_hex(4)}")
        if source.kind == "sqlite":
            shutil.copyfile(source.path, made.path)
        else:
            self._create_on_server(made, source)
        return made

    def drop(self, database: Database) -> None:
        if database.kind == "sqlite":
            for path in self.folder.glob(f"{database.path.name}*"):
                path.unlink()
        else:
            with self._superuser() as connection:
                name = sql.Identifier(sa.make_url(database.url).database or "")
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))

    def _create_on_server(self, made: Database, source: Database | None) -> None:
        template = (sa.make_url(source.url).database or "") if source else "template0"
        with self._superuser() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    *map(sql.Identifier, (sa.make_url(made.url).database or "", OWNER, template))
                )
            )

    # ---------------------------------------------------------------------------------------------------- the templates
    def template(self, kind: str, name: str, build: Callable[[Database], Any]) -> tuple[Database, Any]:
        """A database that is built once a run and only copied afterwards, with what `build` gave back (plain values)."""
        with self._alone(f"{kind}-{name}"):
            made = self.named(kind, f"template_{name}")
            result, failure = (self.folder / f"{kind}-{name}.{end}" for end in ("result", "failure"))
            if failure.exists():
                raise Broken(f"no template {kind}/{name} (told in full where it failed first): {failure.read_text()}")
            if not result.exists():
                try:
                    result.write_bytes(pickle.dumps(build(made)))
                except Exception as error:
                    failure.write_text(str(error).strip().splitlines()[-1] if str(error) else type(error).__name__)
                    raise
            return made, pickle.loads(result.read_bytes())

    def migrated(self, kind: str) -> Database:
        """The template that holds what migrations make, and nothing else."""

        def migrate(made: Database) -> None:
            if kind == "postgresql":
                self.create(kind, "template_migrated")
            flask(made, "db", "upgrade")

        return self.template(kind, "migrated", migrate)[0]


def flask(database: Database, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Runs `flask --app wsgi …` on a database in a process of its own, as an operator does."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=database.environment, capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise Broken(f"flask {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr[-3000:]}{done.stdout[-1000:]}")
    return done
