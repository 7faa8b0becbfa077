"""Migrations: they make what the models say, go back to nothing and up again, and work whole or not at all."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exchange import policy
from exchange.config import load
from exchange.database import Base, prepare_engine
from tests.databases import ROOT, Database, Databases, flask

# A migration that changes a table, and then fails: nothing of it may stay.
FAILING = '''
"""Fails in the middle."""
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    op.create_table("halfway", sa.Column("id", sa.Integer(), primary_key=True))
    op.add_column("organisation", sa.Column("halfway", sa.Integer(), nullable=True))
    raise RuntimeError("in the middle")


def downgrade() -> None:
    pass
'''
# A migration that rebuilds a table to which many others point, as SQLite has to for every change of a column.
REBUILDING = '''
"""Rebuilds a parent."""
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade() -> None:
    with op.batch_alter_table("person", recreate="always") as table:
        table.add_column(sa.Column("rebuilt", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("person", recreate="always") as table:
        table.drop_column("rebuilt")
'''
COUNTED = ("person", "person_facts", "student", "study_period", "order_line", "identity_document", "internship")


@pytest.fixture
def empty(database: str, run_databases: Databases) -> Any:
    made = run_databases.create(database)
    yield made
    run_databases.drop(made)


def owner_engine(made: Database) -> sa.Engine:
    return sa.create_engine(made.owner_url)


def tables(made: Database) -> set[str]:
    engine = owner_engine(made)
    found = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    return found


def described(inspector: sa.Inspector, table: str) -> dict[str, Any]:
    """What a database says of a table, in words that do not depend on who made it."""
    return {
        "columns": {
            c["name"]: (str(c["type"]), c["nullable"], c.get("comment"), bool(c.get("default")))
            for c in inspector.get_columns(table)
        },
        "key": tuple(inspector.get_pk_constraint(table)["constrained_columns"]),
        "foreign": {
            (k["name"], tuple(k["constrained_columns"]), k["referred_table"], tuple(k["referred_columns"]))
            for k in inspector.get_foreign_keys(table)
        },
        "unique": {(u["name"], tuple(u["column_names"])) for u in inspector.get_unique_constraints(table)},
        "indexes": {
            (i["name"], tuple(i["column_names"]), bool(i["unique"]), options_of(i))
            for i in inspector.get_indexes(table)
            if not str(i["name"]).startswith("ex_")  # exclusions are looked at with the triggers
        },
        "checks": {(c["name"], plain(c["sqltext"])) for c in inspector.get_check_constraints(table)},
        "comment": inspector.get_table_comment(table) if inspector.dialect.supports_comments else None,
    }  # fmt: skip


def options_of(index: Any) -> str:
    """The condition of a partial index, and whatever else a database keeps of it."""
    return str(sorted((name, str(value)) for name, value in index.get("dialect_options", {}).items()))


def plain(condition: str) -> str:
    """A condition without the marks that each database adds to it."""
    return re.sub(r"[\s()]|::[a-z]+( varying)?|\[\]", "", condition.lower())


def test_migrations_make_what_the_models_say(empty: Database, database: str, run_databases: Databases) -> None:
    """Compared with a database that is made from the models alone."""
    assert policy.ROWS, "with the policy page, every model is known"
    flask(empty, "db", "upgrade")
    modelled = run_databases.create(database)
    engines = [owner_engine(empty), owner_engine(modelled)]
    try:
        Base.metadata.create_all(engines[1])
        migrated, made = (sa.inspect(engine) for engine in engines)
        assert set(migrated.get_table_names()) - {"alembic_version"} == set(made.get_table_names())
        for table in made.get_table_names():
            ours, theirs = described(migrated, table), described(made, table)
            for aspect, said in theirs.items():
                assert ours[aspect] == said, f"{table}: {aspect}"
        assert triggers(engines[0]) >= triggers(engines[1])
        for fact in ("person_facts", "study_period"):
            assert any(name.startswith(f"ex_{fact}_one_fact_a_day") for name in triggers(engines[0]))
    finally:
        for engine in engines:
            engine.dispose()
        run_databases.drop(modelled)


def triggers(engine: sa.Engine) -> set[str]:
    """Rules that no model can show: triggers of SQLite, exclusions of PostgreSQL."""
    question = {
        "sqlite": "select name from sqlite_master where type = 'trigger'",
        "postgresql": "select conname from pg_constraint where contype = 'x'",
    }[engine.dialect.name]
    with engine.connect() as connection:
        return set(connection.execute(sa.text(question)).scalars())


def test_every_column_and_table_is_explained(empty: Database) -> None:
    silent = [table.name for table in Base.metadata.tables.values() if not table.comment]
    assert not silent, silent


def test_back_to_nothing_and_up_again(empty: Database) -> None:
    flask(empty, "db", "upgrade")
    full = tables(empty)
    assert full > {"student", "organisation", "audit_entry"}
    flask(empty, "db", "downgrade", "base")
    assert tables(empty) <= {"alembic_version"}
    assert triggers_left(empty) == set()
    flask(empty, "db", "upgrade")
    assert tables(empty) == full
    flask(empty, "db", "upgrade")
    assert tables(empty) == full


def triggers_left(made: Database) -> set[str]:
    engine = owner_engine(made)
    found = triggers(engine)
    engine.dispose()
    return found


def test_the_newest_state_is_named_in_one_line() -> None:
    named = (ROOT / "migrations" / "current-head").read_text().strip()
    revisions = {path.name.split("_")[0] for path in (ROOT / "migrations" / "versions").glob("0*.py")}
    assert named == max(revisions)


def with_migration(folder: Path, text: str) -> Path:
    """A copy of the migrations with one more."""
    shutil.copytree(ROOT / "migrations", folder / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    head = (ROOT / "migrations" / "current-head").read_text().strip()
    (folder / "migrations" / "versions" / "9999_more.py").write_text(text.replace("{head}", head).lstrip())
    return folder / "migrations"


def test_a_migration_that_fails_leaves_nothing(fresh_database: Database, tmp_path: Path) -> None:
    folder = with_migration(tmp_path, FAILING)
    before = tables(fresh_database)
    done = flask(fresh_database, "db", "upgrade", "-d", str(folder), check=False)
    assert done.returncode != 0
    assert "in the middle" in done.stderr
    assert tables(fresh_database) == before
    engine = owner_engine(fresh_database)
    columns = {column["name"] for column in sa.inspect(engine).get_columns("organisation")}
    with engine.connect() as connection:
        version = connection.execute(sa.text("select version_num from alembic_version")).scalar_one()
    engine.dispose()
    assert "halfway" not in columns
    assert version == (ROOT / "migrations" / "current-head").read_text().strip()


@pytest.mark.sqlite_only
def test_rebuilding_a_parent_loses_no_children(fresh_database: Database, world: Any, tmp_path: Path) -> None:
    """On SQLite a changed column is a new table: with foreign keys on, dropping the old one would delete its children."""
    folder = with_migration(tmp_path, REBUILDING)

    def counts() -> dict[str, int]:
        engine = owner_engine(fresh_database)
        with engine.connect() as connection:
            found = {t: connection.execute(sa.text(f"select count(*) from {t}")).scalar_one() for t in COUNTED}
        engine.dispose()
        return found

    before = counts()
    assert all(before.values())
    flask(fresh_database, "db", "upgrade", "-d", str(folder))
    assert counts() == before
    head = (ROOT / "migrations" / "current-head").read_text().strip()
    flask(fresh_database, "db", "downgrade", "-d", str(folder), head)
    assert counts() == before


# --------------------------------------------------------------------------------------------------------------- SQLite
@pytest.mark.sqlite_only
def test_sqlite_is_opened_so_that_nothing_is_lost(fresh_database: Database) -> None:
    engine = sa.create_engine(fresh_database.url)
    prepare_engine(engine)
    with engine.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert asked == {"journal_mode": "truncate", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15000}


@pytest.mark.sqlite_only
def test_a_key_that_points_nowhere_is_refused(app: Flask, session: Any) -> None:
    from exchange.people.models import Person

    session.add(Person(organisation_id=999_999))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
    session.rollback()


def test_the_log_stays_as_it_is(app: Flask, world: Any, session: Any, database: str) -> None:
    """Even the system, past all walls of the application, can't change a line of the log."""
    for statement in ("update audit_entry set action = 'x'", "delete from audit_entry"):
        point = session.begin_nested()
        with pytest.raises(sa.exc.DBAPIError, match=r"append-only|permission denied"):
            session.execute(sa.text(statement))
        point.rollback()


def test_settings_say_the_same_in_every_process(tmp_path: Path) -> None:
    """Two processes that start at once agree on one key."""
    first, second = load(tmp_path, {}), load(tmp_path, {})
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) >= 32
