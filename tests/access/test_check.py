"""`flask check` and `reference load`: what is said about an installation, and how it ends."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from exchange.access.actor import SYSTEM
from exchange.accounts.models import User
from exchange.audit.models import AuditHead
from exchange.cli_check import wal_is_sound
from exchange.database import Base
from tests.databases import Database, flask


def test_a_sound_installation(runner: Any) -> None:
    answer = runner.invoke(args=["check"])
    assert answer.exit_code == 0, answer.output
    assert "safe to run" in answer.output


def test_an_empty_database_is_told_what_to_do(database: str, run_databases: Any) -> None:
    bare = run_databases.create(database)
    try:
        answer = flask(bare, "check", check=False)
        assert answer.returncode == 1
        assert "run `flask --app wsgi db upgrade`" in answer.stderr
    finally:
        run_databases.drop(bare)


def test_demonstration_accounts_in_production_are_said(
    runner: Any, app: Any, as_: Any, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_(SYSTEM) as session:
        session.execute(sa.update(User).where(User.email == world.emails["asu"]).values(is_demo=True))
    assert "demonstration" not in runner.invoke(args=["check"]).output
    monkeypatch.setitem(app.config, "PRODUCTION", True)
    answer = runner.invoke(args=["check"])
    assert answer.exit_code == 1
    for words in ("demonstration accounts with a published password", "TRUSTED_HOSTS is empty", "SITE_ADDRESS"):
        assert words in answer.output


def test_a_log_whose_end_is_cut_off_is_said(runner: Any, as_: Any, world: Any) -> None:
    with as_(SYSTEM) as session:
        session.execute(
            sa.update(AuditHead).values(sequence=AuditHead.sequence + 1).execution_options(synchronize_session=False)
        )
    answer = runner.invoke(args=["check"])
    assert answer.exit_code == 1
    assert "audit verify" in answer.output


def test_a_clock_that_went_back_is_said(runner: Any, as_: Any, world: Any, today: Any) -> None:
    today.move_to("2020-01-01T00:00:00Z")
    answer = runner.invoke(args=["check"])
    assert answer.exit_code == 1
    assert "clock" in answer.output


@pytest.mark.postgres_only
def test_the_owner_of_the_tables_is_not_to_serve(fresh_database: Database) -> None:
    wrong = Database("postgresql", fresh_database.owner_url, fresh_database.owner_url)
    answer = flask(wrong, "check", check=False)
    assert answer.returncode == 1
    assert "who owns tables" in answer.stderr


@pytest.mark.postgres_only
def test_a_wall_that_was_taken_down_is_said(fresh_database: Database) -> None:
    with sa.create_engine(fresh_database.owner_url, poolclass=sa.pool.NullPool).begin() as connection:
        connection.execute(sa.text("ALTER TABLE student NO FORCE ROW LEVEL SECURITY"))
    answer = flask(fresh_database, "check", check=False)
    assert answer.returncode == 1
    assert "not forced on student:" in answer.stderr


@pytest.mark.sqlite_only
def test_a_database_that_can_lose_what_it_confirmed_is_said(runner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import exchange.cli_check as cli_check

    real = cli_check._sqlite
    told = {"PRAGMA journal_mode": "wal", "PRAGMA synchronous": 1, "PRAGMA foreign_keys": 0}

    class Told:
        def scalar(self, statement: Any) -> Any:
            return told[str(statement)]

    monkeypatch.setattr(cli_check, "_sqlite", lambda session: real(Told()))  # type: ignore[arg-type]
    answer = runner.invoke(args=["check"])
    assert answer.exit_code == 1
    assert "may lose what was saved in a power cut" in answer.output
    assert "foreign keys" in answer.output


@pytest.mark.parametrize(
    ("version", "is_sound"),
    [((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 50, 6), False), ((3, 50, 7), True),
     ((3, 51, 2), False), ((3, 51, 3), True), ((3, 53, 4), True)],
)  # fmt: skip
def test_which_sqlite_keeps_a_write_ahead_log(version: tuple[int, ...], is_sound: bool) -> None:
    assert wal_is_sound(version) is is_sound


def test_loading_the_classifiers_again_changes_nothing(runner: Any) -> None:
    for _ in range(2):
        answer = runner.invoke(args=["reference", "load"])
        assert answer.exit_code == 0
        assert "0 lines are new or changed" in answer.output


def test_what_is_missing_is_loaded_and_logged(runner: Any, as_: Any, world: Any) -> None:
    from exchange.audit.models import AuditEntry
    from exchange.organisations.models import Organisation

    with as_(SYSTEM) as session:
        session.execute(
            sa.delete(Organisation).where(Organisation.code == "ALTKOKS-NO").execution_options(synchronize_session=False)
        )
        free = session.scalars(
            sa.select(Organisation).where(Organisation.kind == "partner").order_by(Organisation.id.desc())
        ).first()
        session.delete(free)
    assert "1 lines are new or changed" in runner.invoke(args=["reference", "load"]).output
    with as_(SYSTEM) as session:
        assert session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "reference:loaded")).one().details == {
            "rows": 1
        }


def test_every_table_with_rows_of_somebody_is_among_those_that_are_checked() -> None:
    from exchange import policy

    scoped = {str(sa.inspect(model).local_table) for model in policy.ROWS}
    assert {"student", "person", "account", "audit_entry"} <= scoped <= set(Base.metadata.tables)
