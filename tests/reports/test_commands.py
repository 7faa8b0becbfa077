"""The same reports from a terminal: with an account's rights, with exit codes, recorded like any download."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa

from exchange.audit.models import AuditEntry
from tests.reports.conftest import facts, opened


@pytest.fixture
def make(today, runner, tmp_path, world):
    """`make("R01", "--on", …)`: the result of the command and the path of the file."""

    def run(*arguments):
        path = tmp_path / "out.xlsx"
        return runner.invoke(args=["report", "make", *arguments, "--output", str(path)]), path

    return run


def test_list(runner):
    output = runner.invoke(args=["report", "list"]).output
    assert [line.split()[0] for line in output.splitlines() if line.startswith("R")] == ["R01", "R04", "R08"]
    assert "--on, --known-at, --organisation" in output


def test_made_by_the_operator(make, session):
    result, path = make("R01", "--on", "2026-10-01")
    assert result.exit_code == 0, result.output
    assert facts(opened(path.read_bytes()))["Обучений всего"] == 8
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "report:downloaded")).one()
    assert entry.details["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert entry.role == "system"


@pytest.mark.parametrize(("known_at", "expected"), [("2026-10-05T12:00", 7), ("2026-10-06T11:59", 7), ("2026-10-06T12:00", 8)])
def test_known_at_in_barnaul_time(make, known_at, expected):
    """An enrolment was recorded at noon of 6 October in Barnaul."""
    result, path = make("R01", "--on", "2026-10-01", "--known-at", known_at)
    assert result.exit_code == 0, result.output
    assert facts(opened(path.read_bytes()))["Обучений всего"] == expected


def test_as_a_university(make, world, session):
    result, path = make("R01", "--on", "2026-10-01", "--as", world.emails["astu"])
    assert result.exit_code == 0, result.output
    assert facts(opened(path.read_bytes()))["Обучений всего"] == 5
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "report:downloaded")).one()
    assert (entry.role, entry.user_id) == ("university", world.actors["astu"].user_id)


def test_the_year_so_far(make):
    result, path = make("R08", "--on", "2026-10-01")
    assert result.exit_code == 0, result.output
    assert facts(opened(path.read_bytes()))["Период"] == "с 01.01.2026 по 01.10.2026"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("R99",), 2, "There is no report R99"),
        (("R01", "--on", "31.02.2026"), 2, "--on"),
        (("R01", "--on", "2027-01-01"), 2, "--on"),
        (("R01", "--known-at", "yesterday at noon"), 2, "--known-at"),
        (("R01", "--organisation", "NOWHERE"), 2, "--organisation"),
        (("R08", "--level", "bachelor"), 2, "does not take --level"),
        (("R01", "--as", "altvagon@example.org"), 1, "may not make R01"),
        (("R01", "--as", "admin@example.org"), 1, "may not make R01"),
        (("R01", "--as", "nobody@example.org"), 1, "no account"),
        (("R01", "--as", "akimat@example.org", "--organisation", "ASTU"), 2, "does not take --organisation"),
    ],
)
def test_refused(make, session, arguments, code, words):
    result, path = make(*arguments)
    assert result.exit_code == code
    assert words in result.output
    assert not path.exists()
    assert not session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "report:downloaded")).all()


def test_a_folder_that_is_not_there(today, runner, world, tmp_path):
    result = runner.invoke(args=["report", "make", "R01", "--output", str(tmp_path / "no" / "out.xlsx")])
    assert result.exit_code == 2
