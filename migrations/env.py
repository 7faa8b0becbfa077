"""Runs the migrations: whole or not at all, on SQLite and PostgreSQL, as the owner of the tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from exchange import installation
from exchange.database import Base, prepare_engine

applied: list[Any] = []


def note(*, ctx: Any, step: Any, heads: Any, run_args: Any) -> None:
    applied.append(step)


def run() -> None:
    given: sa.Connection | None = context.config.attributes.get("connection")
    site = current_app.config["SQLALCHEMY_DATABASE_URI"]
    if given is not None:
        migrate(given, site)
        return
    engine = sa.create_engine(current_app.config["DATABASE_OWNER_URL"], poolclass=sa.pool.NullPool)
    prepare_engine(engine)
    with engine.connect() as connection:
        migrate(connection, site)
    engine.dispose()


def migrate(connection: sa.Connection, site: str) -> None:
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        # Rebuilding a parent table with foreign keys on would delete its children. Inside a transaction SQLite
        # ignores this switch, so it is thrown on the bare connection before the first BEGIN.
        raw.execute("PRAGMA foreign_keys=OFF")
    with connection.begin():
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            transactional_ddl=True,
            on_version_apply=note,
        )
        context.run_migrations()
        if connection.dialect.name == "sqlite" and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise RuntimeError(f"rows point to rows that are not there: {lost[:5]}")
        heads = set(context.get_context().get_current_heads())
        if any(step.is_upgrade for step in applied) and heads == set(context.script.get_heads()):
            installation.complete(connection, site)
    if connection.dialect.name == "sqlite":
        raw.execute("PRAGMA foreign_keys=ON")


run()
