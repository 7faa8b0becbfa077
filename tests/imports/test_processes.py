"""Imports in real processes: killed in the middle nothing of them is there, and two at once never make anybody twice."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from exchange.access.actor import SYSTEM, asking
from exchange.extensions import db
from tests.databases import ROOT, Database, flask
from tests.imports.register import counts, fingerprint
from tests.imports.rosters import PEOPLE, lines, many, xlsx

# The process stops (as by a power cut) when the chosen table gets its rows: early, in the middle, and right before the commit.
STOP_AT = ("INSERT INTO person ", "INSERT INTO order_line", "INSERT INTO study_period", "UPDATE import_file", "INSERT INTO audit_entry")
PROGRAM = """
import os, signal, sys
import sqlalchemy as sa
from wsgi import app

@sa.event.listens_for(sa.Engine, "after_cursor_execute")
def stop(connection, cursor, statement, *rest):
    if statement.startswith(sys.argv[1]) and (sys.argv[1] != "INSERT INTO audit_entry" or has_students(cursor, connection)):
        os.kill(os.getpid(), signal.SIGKILL)

def has_students(cursor, connection):
    stop.seen = getattr(stop, "seen", 0) + 1
    return stop.seen == 3

app.test_cli_runner().invoke(args=["import", "apply", "students", sys.argv[2], "--organisation", "ASU"])
"""


def apply_command(database: Database, file: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "import", "apply", "students", str(file)]
    return subprocess.Popen(
        [*command, "--organisation", "ASU", "--json", *more], cwd=ROOT, env=database.environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def state(app: Flask) -> tuple[dict[str, int], str]:
    with asking(SYSTEM), app.app_context():
        try:
            return counts(db.session()), fingerprint(db.session())
        finally:
            db.session.remove()


def test_killed_in_the_middle(fresh_database: Database, real_app: Flask, tmp_path: Path) -> None:
    """What was applied before is all there; of the one that was killed there is nothing; afterwards it can be applied."""
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    people = many(60)
    first.write_bytes(xlsx(lines(people=people[:10])))
    second.write_bytes(xlsx(lines(people=people[10:])))
    flask(fresh_database, "import", "apply", "students", str(first), "--organisation", "ASU")
    before = state(real_app)
    assert before[0]["student"] == 10
    for place in STOP_AT:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, place, str(second)], cwd=ROOT, env=fresh_database.environment, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL, f"{place} was not reached: {done.stderr[-500:]}"
        assert state(real_app) == before, place
    flask(fresh_database, "audit", "verify")
    flask(fresh_database, "import", "apply", "students", str(second), "--organisation", "ASU")
    assert state(real_app)[0]["student"] == 60


@pytest.mark.sqlite_only
def test_killed_at_any_moment(fresh_database: Database, real_app: Flask, tmp_path: Path) -> None:
    """Whenever the whole process is killed: everything of its list is there, or nothing."""
    everybody = len(PEOPLE)
    file = tmp_path / "list.xlsx"
    file.write_bytes(xlsx(lines()))
    for wait in (0.3, 0.9, 1.5):
        process = apply_command(fresh_database, file)
        time.sleep(wait)
        process.kill()
        process.communicate()
        assert state(real_app)[0]["student"] in (0, everybody)
    flask(fresh_database, "import", "apply", "students", str(file), "--organisation", "ASU")
    assert state(real_app)[0]["student"] == everybody


def test_two_at_once(fresh_database: Database, real_app: Flask, tmp_path: Path) -> None:
    """The same list and one with other columns, at the same moment: everybody is there once, and each answer is a sentence."""
    one, other = tmp_path / "one.xlsx", tmp_path / "other.xlsx"
    one.write_bytes(xlsx(lines()))
    other.write_bytes(xlsx(lines()[:1] + lines(heading=False)[::-1]))
    running = [apply_command(fresh_database, file) for file in (one, one, other)]
    answers: list[Any] = []
    for process in running:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err[-2000:]
        answers.append(json.loads(out))
    assert sorted(answer["new"] for answer in answers) == [0, 0, len(PEOPLE)]
    told = state(real_app)[0]
    assert (told["student"], told["person"]) == (len(PEOPLE), len(PEOPLE))
    flask(fresh_database, "audit", "verify")
