"""Imports in real processes: killed in the middle nothing of them is there, and two at once never make anybody twice."""

from __future__ import annotations

import contextvars
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exchange.access.actor import SYSTEM, asking
from exchange.extensions import db
from tests.databases import Database, flask
from tests.imports.register import counts, fingerprint
from tests.imports.rosters import PEOPLE, lines, many, xlsx

# The process is killed when these statements were sent: early, in the middle, and as the last before the commit.
STOP_AT = ("INSERT INTO person ", "INSERT INTO order_line", "INSERT INTO study_period", "UPDATE import_file")


def child(app: Flask, work: Callable[[], int]) -> int:
    """Begins `work` in a process of its own, with connections of its own; returns its id."""
    if process := os.fork():
        return process
    code = 70
    try:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose(close=False)
        code = contextvars.Context().run(work)
    finally:
        os._exit(code)


def ended(process: int) -> int:
    """The exit code, or the signal as a negative number."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def applying(app: Flask, file: Path, answer: Path | None = None) -> Callable[[], int]:
    """`flask import apply students FILE --organisation ASU --json`."""

    def run() -> int:
        command = ["import", "apply", "students", str(file), "--organisation", "ASU", "--json"]
        result = app.test_cli_runner().invoke(args=command)
        if answer:
            answer.write_text(result.output)
        return result.exit_code

    return run


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
    assert ended(child(real_app, applying(real_app, first))) == 0
    before = state(real_app)
    assert before[0]["student"] == 10
    for place in STOP_AT:

        def killed(place: str = place) -> int:
            def stop(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
                if statement.startswith(place):
                    os.kill(os.getpid(), signal.SIGKILL)

            sa.event.listen(sa.Engine, "after_cursor_execute", stop)
            return applying(real_app, second)()

        assert ended(child(real_app, killed)) == -signal.SIGKILL, f"{place} was not reached"
        assert state(real_app) == before, place
    assert ended(child(real_app, applying(real_app, second))) == 0
    assert state(real_app)[0]["student"] == 60
    flask(fresh_database, "audit", "verify")


def test_killed_at_any_moment(real_app: Flask, tmp_path: Path) -> None:
    """Whenever the process is killed: everybody of its list is there, or nobody."""
    people = many(40)
    file = tmp_path / "list.xlsx"
    file.write_bytes(xlsx(lines(people=people)))
    for wait in (0.05, 0.2, 0.35, 0.5, 0.65):
        process = child(real_app, applying(real_app, file))
        time.sleep(wait)
        os.kill(process, signal.SIGKILL)
        ended(process)
        assert state(real_app)[0]["student"] in (0, len(people))
    assert ended(child(real_app, applying(real_app, file))) == 0
    assert state(real_app)[0]["student"] == len(people)


@pytest.mark.usefixtures("fresh_database")
def test_two_at_once(real_app: Flask, tmp_path: Path) -> None:
    """The same list twice and one in another order, at the same moment: everybody is there once, the others changed nothing."""
    one, other = tmp_path / "one.xlsx", tmp_path / "other.xlsx"
    one.write_bytes(xlsx(lines()))
    other.write_bytes(xlsx(lines()[:1] + lines(heading=False)[::-1]))
    answers = [tmp_path / f"answer-{number}" for number in range(3)]
    running = [
        child(real_app, applying(real_app, file, answer)) for file, answer in zip((one, one, other), answers, strict=True)
    ]
    assert [ended(process) for process in running] == [0, 0, 0]
    assert sorted(json.loads(answer.read_text())["new"] for answer in answers) == [0, 0, len(PEOPLE)]
    told = state(real_app)[0]
    assert (told["student"], told["person"]) == (len(PEOPLE), len(PEOPLE))
