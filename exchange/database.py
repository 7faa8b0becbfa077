"""The database: the base of all models, column types, two times, and how a connection is opened."""

from __future__ import annotations

import contextvars
import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, mapped_column

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def now() -> dt.datetime:
    """This moment, aware, in UTC: the only clock of the registry."""
    return dt.datetime.now(dt.UTC)


def new_public_id() -> str:
    """Twelve random characters of Crockford's base 32 (60 bits) for addresses: no look-alikes, nothing to count through."""
    bits = secrets.randbits(60)
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(0, 60, 5))


class Moment(sa.types.TypeDecorator[dt.datetime]):
    """A moment: aware in Python, UTC in the database (SQLite keeps no zone, so it is taken off and put back)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


# Keys for search and order are compared byte by byte on both databases, so a range is a prefix and needs no ICU.
Key = sa.String().with_variant(sa.String(collation="C"), "postgresql")


class Base(DeclarativeBase):
    """Every model: constraints named by convention, every column documented in the database itself."""

    metadata = sa.MetaData(naming_convention=CONVENTION)
    type_annotation_map = {dt.datetime: Moment, dict[str, Any]: sa.JSON, list[Any]: sa.JSON}


class TwoTimes:
    """A fact with two times: when it holds in the world, and since when (and until when) the registry says so.

    A fact is never edited. A correction sets `superseded_at` of the old row and adds a new one, so the report of a past
    day can be made again as it was known then (`known_at`) and as it is known now.
    """

    valid_from: Mapped[dt.date] = mapped_column(comment="first day on which the fact holds")
    valid_to: Mapped[dt.date | None] = mapped_column(comment="first day on which it no longer holds; empty: still holds")
    recorded_at: Mapped[dt.datetime] = mapped_column(Moment, default=now, comment="when the registry began to say so")
    superseded_at: Mapped[dt.datetime | None] = mapped_column(Moment, comment="when the registry stopped to say so")


def as_of(fact: Any, day: dt.date, known_at: dt.datetime | None = None) -> sa.ColumnElement[bool]:
    """The condition under which a two-times fact holds on `day`, as it was known at `known_at` (empty: as known now).

    `fact` is a model with TwoTimes or an alias of one. A fact holds from the start of its first day.
    """
    return sa.and_(_begun(fact, day, known_at), sa.or_(fact.valid_to.is_(None), fact.valid_to > day))


def as_of_in_parts(
    fact: Any, day: dt.date, known_at: dt.datetime | None = None
) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """The same condition in two: the facts that have no end, and those that end after `day`. No fact is in both.

    For counts of a large register: each part is a range of an index that begins with `valid_to`; both together are none.
    """
    begun = _begun(fact, day, known_at)
    return sa.and_(begun, fact.valid_to.is_(None)), sa.and_(begun, fact.valid_to > day)


def _begun(fact: Any, day: dt.date, known_at: dt.datetime | None) -> sa.ColumnElement[bool]:
    known = (
        fact.superseded_at.is_(None)
        if known_at is None
        else sa.and_(fact.recorded_at <= known_at, sa.or_(fact.superseded_at.is_(None), fact.superseded_at > known_at))
    )
    return sa.and_(known, fact.valid_from <= day)


# ------------------------------------------------------------------------------------------------------- connections
_reading: contextvars.ContextVar[bool] = contextvars.ContextVar("reading", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Inside, transactions only read: SQLite then takes no write lock (a GET request, a report)."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def only_reading(value: bool) -> None:
    """Says for the rest of this context whether transactions only read (set by the web layer for each request)."""
    _reading.set(value)


def prepare_engine(engine: Engine) -> None:
    """Opens connections the way that loses nothing.

    SQLite: own BEGIN (Python's default loses updates), IMMEDIATE when the request may write, foreign keys on, and
    journal TRUNCATE with synchronous FULL: the pair that kept every acknowledged transaction in simulated power cuts,
    while DELETE with FULL and WAL with NORMAL lost some (sqlite.org/pragma.html#pragma_synchronous).
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def open_connection(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("foreign_keys=ON", "journal_mode=TRUNCATE", "synchronous=FULL", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")


def gather_statistics(connection: sa.Connection) -> None:
    """Tells SQLite how its rows are spread, so that it picks the right index; PostgreSQL gathers this by itself."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("ANALYZE")


class by_no_index(sa.ColumnElement[Any]):  # noqa: N801  reads as a function of SQL, and is used as one
    """A column that SQLite's planner finds no index for, so it begins with another table. For PostgreSQL the bare column: it
    plans by statistics, and takes no computed value past a row policy into an index.
    """

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        self.column = column
        self.type = column.type

    @property
    def _from_objects(self) -> Any:
        return self.column._from_objects

    _traverse_internals = [("column", sa.sql.visitors.InternalTraversal.dp_clauseelement)]


@compiles(by_no_index)
def _bare(element: by_no_index, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.column, **options))


@compiles(by_no_index, "sqlite")
def _with_plus(element: by_no_index, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.column, **options)}"


def prefix_range(column: sa.ColumnElement[str] | InstrumentedAttribute[str], prefix: str) -> sa.ColumnElement[bool]:
    """Rows whose key begins with `prefix`, as a range that an index answers on both databases."""
    return sa.and_(column >= prefix, column < prefix + "\U0010ffff")
