"""Is this installation safe to run? One sentence for each thing that is not."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import Migrate
from sqlalchemy.orm import Session

from exchange import config, policy
from exchange.accounts.safety import SENTENCE, demo_accounts
from exchange.audit.actions import FIRST_HASH, hash_of
from exchange.audit.queries import head, newest
from exchange.database import now
from exchange.reference.models import Level, OrderType, Programme, Region, Status

# sqlite.org/wal.html: with a write-ahead log, versions before these can lose what was acknowledged.
WAL_IS_SOUND_FROM = ((3, 44, 6), (3, 50, 7), (3, 51, 3))
TABLES_WITH_LINES = (Region, Programme, Level, Status, OrderType)
CLOCK_MAY_DIFFER = dt.timedelta(minutes=1)


def problems(session: Session) -> Iterator[str]:
    """Sentences about what is unsafe here; the database must have been migrated for most of them to be asked."""
    if current_app.config["PRODUCTION"]:
        yield from config.problems(current_app.config)
    behind = _behind(session)
    if behind:
        yield behind
        return
    if session.get_bind().dialect.name == "sqlite":
        yield from _sqlite(session)
    else:
        yield from _postgresql(session)
    number = demo_accounts(session.connection())
    if number and current_app.config["PRODUCTION"]:
        yield SENTENCE.format(number=number)
    empty = [
        str(model.__tablename__)
        for model in TABLES_WITH_LINES
        if not session.scalar(sa.select(sa.func.count()).select_from(model))
    ]
    if empty:
        yield f"Classifiers are not loaded ({', '.join(empty)}): run `flask --app wsgi reference load`."
    yield from _log_and_clock(session)


def notes(session: Session) -> Iterator[str]:
    """What an operator should know, though it is not unsafe."""
    if not current_app.config["PRODUCTION"]:
        yield "this is not a production installation (EXCHANGE_ENV): settings for production were not checked."
    if session.get_bind().dialect.name == "sqlite":
        yield f"SQLite {sqlite3.sqlite_version} with one write at a time; for many writers use PostgreSQL."


def _behind(session: Session) -> str:
    migrate: Migrate = current_app.extensions["migrate"].migrate
    heads = set(ScriptDirectory.from_config(migrate.get_config()).get_heads())
    if not sa.inspect(session.connection()).has_table("alembic_version"):
        return "The database is empty: run `flask --app wsgi db upgrade`."
    found = set(session.scalars(sa.text("SELECT version_num FROM alembic_version")))
    return "" if found == heads else "The database is not migrated: run `flask --app wsgi db upgrade`."


def _sqlite(session: Session) -> Iterator[str]:
    journal = session.scalar(sa.text("PRAGMA journal_mode"))
    synchronous = session.scalar(sa.text("PRAGMA synchronous"))
    safe = {("truncate", 2), ("persist", 2), ("delete", 3), ("truncate", 3), ("persist", 3), ("wal", 2), ("wal", 3)}
    if (journal, synchronous) not in safe:
        yield f"SQLite with journal_mode={journal} and synchronous={synchronous} may lose what was saved in a power cut."
    if journal == "wal" and not wal_is_sound(sqlite3.sqlite_version_info):
        yield f"SQLite {sqlite3.sqlite_version} may lose what was saved with a write-ahead log: use journal_mode=TRUNCATE."
    if not session.scalar(sa.text("PRAGMA foreign_keys")):
        yield "SQLite does not check foreign keys on this connection."


def wal_is_sound(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the repair of 2026 or one of its backports."""
    return version >= WAL_IS_SOUND_FROM[-1] or any(fixed <= version < (*fixed[:2], 999) for fixed in WAL_IS_SOUND_FROM)


def _postgresql(session: Session) -> Iterator[str]:
    role = session.execute(sa.text("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")).one()
    if role.rolsuper:
        yield f"The site connects as {role.rolname}, a superuser: the database wall does not stop it."
    elif role.rolbypassrls:
        yield f"The site connects as {role.rolname}, who passes row-level security by: take BYPASSRLS away."
    tables = sorted(str(model.__tablename__) for model in policy.ROWS)  # type: ignore[attr-defined]
    rows = session.execute(
        sa.text(
            "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner) AS owner "
            "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = current_schema() AND c.relkind = 'r'"
        )
    ).all()
    known = {row.relname: row for row in rows}
    open_tables = [t for t in tables if t not in known or not (known[t].relrowsecurity and known[t].relforcerowsecurity)]
    if open_tables:
        yield f"Row-level security is not forced on {', '.join(open_tables)}: run `flask --app wsgi db upgrade` as the owner."
    if any(row.owner == role.rolname for row in rows):
        yield f"The site connects as {role.rolname}, who owns tables: set DATABASE_OWNER_URL and use another role for the site."
    clock = session.scalar(sa.text("SELECT now()"))
    if clock is not None and abs(clock - now()) > CLOCK_MAY_DIFFER:
        yield "The clocks of this machine and of the database differ by more than a minute."


def _log_and_clock(session: Session) -> Iterator[str]:
    number, last = head(session)
    entry = newest(session)
    if (entry.id, entry.hash) != (number, last) if entry else (number, last) != (0, FIRST_HASH):
        yield "The end of the log is not what its head says: run `flask --app wsgi audit verify`."
    elif entry and hash_of(entry) != entry.hash:
        yield f"Entry {entry.id} of the log was changed: run `flask --app wsgi audit verify`."
    if entry and entry.at > now() + CLOCK_MAY_DIFFER:
        yield "The clock of this machine is behind the newest entry of the log: set it right."
