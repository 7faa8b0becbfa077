"""Wall two, PostgreSQL: it stands also where the session does not look."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from exchange import policy
from exchange.access.actor import SYSTEM, Actor, Role
from exchange.access.walls import statements, tell
from exchange.students.models import Student
from tests.databases import Database

pytestmark = pytest.mark.postgres_only

TABLES = [str(sa.inspect(model).local_table) for model in policy.ROWS]
COUNT = sa.text("SELECT count(*) FROM student")


def engine_of(url: str) -> sa.Engine:
    return sa.create_engine(url, poolclass=sa.pool.NullPool)


@pytest.fixture
def site(fresh_database: Database, world: Any) -> Any:
    """A bare connection of the site's own role: no session, no wall one."""
    with engine_of(fresh_database.url).connect() as connection:
        yield connection


def test_untold_it_shows_nothing(site: Any, world: Any) -> None:
    for table in TABLES:
        assert site.scalar(sa.text(f"SELECT count(*) FROM {table}")) == 0, table


@pytest.mark.parametrize(
    ("who", "seen"), [("asu", 7), ("branch", 2), ("astu", 8), ("ministry", 15), ("akimat", 0), ("altvagon", 0)]
)
def test_told_it_shows_what_the_session_shows(site: Any, world: Any, who: str, seen: int) -> None:
    tell(site, world.actors[who])
    assert site.scalar(COUNT) == seen


def test_what_it_was_told_ends_with_the_transaction(site: Any, world: Any) -> None:
    tell(site, world.actors["ministry"])
    assert site.scalar(COUNT) == 15
    site.commit()
    assert site.scalar(COUNT) == 0
    site.rollback()
    assert site.scalar(COUNT) == 0


@pytest.mark.parametrize("told", ["", "0", "-1", "2147483647"])
def test_no_organisation_is_nobodys_organisation(site: Any, world: Any, told: str) -> None:
    site.execute(
        sa.text("SELECT set_config('exchange.role', 'university', true), set_config('exchange.organisation_ids', :ids, true)"),
        {"ids": told},
    )
    assert site.scalar(COUNT) == 0


def test_it_refuses_what_is_written_for_others(site: Any, world: Any) -> None:
    tell(site, world.actors["asu"])
    with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
        site.execute(
            sa.text("INSERT INTO person (public_id, organisation_id, created_at) VALUES ('AAAABBBBCCCC', :other, now())"),
            {"other": world.organisations["ASTU"]},
        )
    site.rollback()
    tell(site, world.actors["asu"])
    moved = sa.text("UPDATE student SET organisation_id = :other WHERE id = :id")
    with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
        site.execute(moved, {"other": world.organisations["ASTU"], "id": world.students["ivanov"]})
    site.rollback()
    tell(site, world.actors["asu"])
    assert site.execute(sa.text("UPDATE student SET note = 'x'")).rowcount == 7
    site.rollback()


def test_the_log_can_not_be_touched_even_by_the_system(site: Any, world: Any) -> None:
    for statement in ("UPDATE audit_entry SET user_name = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"):
        tell(site, SYSTEM)
        with pytest.raises(sa.exc.DBAPIError):
            site.execute(sa.text(statement))
        site.rollback()


def test_the_site_can_not_change_tables(site: Any, world: Any) -> None:
    for statement in ("ALTER TABLE student DISABLE ROW LEVEL SECURITY", "DROP TABLE student", "CREATE TABLE mine (id integer)",
                      "DROP POLICY student_read ON student", "SET ROLE postgres",
                      "UPDATE alembic_version SET version_num = 'x'"):  # fmt: skip
        with pytest.raises(sa.exc.DBAPIError):
            site.execute(sa.text(statement))
        site.rollback()


def test_the_owner_of_the_tables_stands_before_it_too(fresh_database: Database, world: Any) -> None:
    with engine_of(fresh_database.owner_url).connect() as connection:
        assert connection.scalar(COUNT) == 0


def test_the_session_and_the_transaction_are_told_together(as_: Any, world: Any) -> None:
    with as_(world.actors["branch"]) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Student)) == 2
        assert session.connection().scalar(COUNT) == 2  # past wall one, on the same transaction


def test_a_policy_of_every_kind_compiles() -> None:
    text = "\n".join(statements(policy.ROWS))
    for table in TABLES:
        assert f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY' in text
    assert "audit_entry_change" not in text.replace("DROP POLICY IF EXISTS audit_entry_change", "")
    assert Actor(Role.GATE).organisation_ids == ()
