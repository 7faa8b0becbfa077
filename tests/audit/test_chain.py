"""The chain of the log: whole as it is written, broken by every touch, and the command that says so."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from exchange.access.actor import SYSTEM
from exchange.audit.actions import Note, data_version, record, verify, write
from exchange.audit.models import AuditEntry, AuditHead


@pytest.fixture
def owner(app: Any, as_: Any) -> Any:
    """`owner(sql)` runs a statement as the owner of the tables would, with the trigger and the grants out of the way."""

    def run(statement: str, **values: Any) -> None:
        from exchange.extensions import db

        with as_(SYSTEM) as session:
            connection = session.connection()
            if connection.dialect.name == "sqlite":
                for when in ("update", "delete"):
                    connection.execute(sa.text(f"DROP TRIGGER IF EXISTS audit_entry_stays_{when}"))
            connection.execute(sa.text(statement), values)
            assert db is not None

    return run


def chain(as_: Any, anchor: Any = None) -> Any:
    with as_(SYSTEM) as session:
        return verify(session, anchor)


def test_what_is_written_is_whole_and_numbered_without_gaps(written: Any, as_: Any) -> None:
    written(25)
    verdict = chain(as_)
    assert verdict.is_whole
    with as_(SYSTEM) as session:
        numbers = session.scalars(sa.select(AuditEntry.id).order_by(AuditEntry.id)).all()
        assert numbers == list(range(1, len(numbers) + 1))
        head = session.execute(sa.select(AuditHead.sequence, AuditHead.hash)).one()
        assert (head.sequence, head.hash) == (verdict.entries, verdict.head)


TOUCHES = [
    ("UPDATE audit_entry SET user_name = 'x' WHERE id = 5", 5),
    ("UPDATE audit_entry SET details = '{}' WHERE id = 9", 9),
    ("UPDATE audit_entry SET at = '2020-01-01 00:00:00.000000' WHERE id = 7", 7),
    ("UPDATE audit_entry SET hash = previous_hash WHERE id = 4", 4),
    ("DELETE FROM audit_entry WHERE id = 6", 6),
    ("UPDATE audit_entry SET id = 999 WHERE id = 8", 8),
]


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("statement", "number"), TOUCHES)
def test_every_touch_is_found_where_it_was(
    written: Any, owner: Any, as_: Any, runner: Any, statement: str, number: int
) -> None:
    written(20, "test:changed", None, size=3)
    owner(statement)
    verdict = chain(as_)
    assert not verdict.is_whole
    assert verdict.broken_at == number
    answer = runner.invoke(args=["audit", "verify"])
    assert answer.exit_code == 1
    assert f"broken at entry {number}:" in answer.output


@pytest.mark.sqlite_only
def test_entries_cut_off_at_the_end_are_missed(written: Any, owner: Any, as_: Any) -> None:
    written(20)
    owner("DELETE FROM audit_entry WHERE id > 15")
    verdict = chain(as_)
    assert (verdict.broken_at, verdict.reason) == (16, "entries at the end are missing")


def test_the_database_itself_refuses_to_touch_an_entry(written: Any, as_: Any) -> None:
    written(3)
    for statement in ("UPDATE audit_entry SET user_name = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(sa.exc.DBAPIError), as_(SYSTEM) as session:
            session.connection().execute(sa.text(statement))


def test_an_anchor_noted_elsewhere_catches_a_rewritten_chain(written: Any, as_: Any, runner: Any) -> None:
    written(5)
    noted = chain(as_)
    written(5)
    assert chain(as_, (noted.entries, noted.head)).is_whole
    assert not chain(as_, (noted.entries, "0" * 64)).is_whole
    good = runner.invoke(args=["audit", "verify", "--anchor", f"{noted.entries}:{noted.head}"])
    assert good.exit_code == 0
    assert f"{noted.entries + 5} entries" in good.output
    assert runner.invoke(args=["audit", "verify", "--anchor", f"{noted.entries}:{'0' * 64}"]).exit_code == 1
    assert runner.invoke(args=["audit", "verify", "--anchor", "nonsense"]).exit_code == 2


def test_the_command_prints_entries_and_head(written: Any, as_: Any, runner: Any) -> None:
    written(2)
    verdict = chain(as_)
    answer = runner.invoke(args=["audit", "verify"])
    assert answer.exit_code == 0
    assert f"{verdict.entries} entries, head {verdict.head}" in answer.output


def test_looking_does_not_count_as_a_change_of_data(as_: Any, world: Any) -> None:
    with as_(SYSTEM) as session:
        before = data_version(session)
        write(session, [Note("student:viewed"), Note("report:downloaded"), Note("account:signed-in")])
        assert data_version(session) == before
        record(session, "student:registered")
        assert data_version(session) == before + 1


def test_text_with_anything_in_it_keeps_the_chain_whole(as_: Any, world: Any) -> None:
    with as_(SYSTEM) as session:
        record(session, "test:changed", ("x", "y"), text="Қ\n\"'\\ \u2028 😀", nothing=None, number=1.5, many=[1, {"a": "б"}])
    assert chain(as_).is_whole
