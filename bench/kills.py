"""kill -9 at random moments of the recording of a large file, on both databases: what half of it or lost would be told."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections import Counter
from pathlib import Path

from flask import Flask

from bench import rosters
from bench.ground import table
from tests.applications import Applications, application, dispose
from tests.databases import Databases
from tests.imports import killed

PEOPLE = 5_000
KILLS = 50


def kills(people: int = PEOPLE, times: int = KILLS) -> None:
    """The worker is killed, the file is asked for again, until it was killed so often."""
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory(prefix="kills-") as folder:
            databases = Databases(Path(folder), os.getpid())
            try:
                _kills(kind, databases, people, times)
            finally:
                databases.stop()


def _kills(kind: str, databases: Databases, people: int, times: int) -> None:
    source, world = Applications(databases, "only").inhabited(kind)
    asu, day = world.actors["asu"], dt.datetime.now(dt.UTC).date()
    file = databases.folder / "large.xlsx"
    rosters.write(file, people)

    def fresh() -> tuple[Flask, str]:
        """The site on a database of its own, with the file brought and checked."""
        app = application(databases.copy(source), JOBS_APART=True)
        return app, killed.brought(app, asu, file.read_bytes(), day)

    app, public_id = fresh()
    rows = killed.rows_of(app, public_id)
    killed.press(app, asu, public_id)
    whole = killed.took(app)
    found, is_recorded = killed.Found(), True
    for number, part in enumerate(killed.moments(times)):
        if is_recorded:  # it stays recorded: the next kill needs a register without it
            dispose(app)
            app, public_id = fresh()
        killed.kill_at(app, asu, public_id, part * whole, rows, found, number)
        is_recorded = found.states[-1] == "done"
    dispose(app)
    states = Counter(found.states)
    table(
        f"kill -9 while {rows:,} rows are recorded, {kind}",
        [
            ("kills", f"{len(found.states)}", f"at random moments of {whole:.1f} s"),
            ("  before the job was taken", f"{states['waiting']}", "nothing written"),
            ("  in the middle", f"{states['interrupted']}", "nothing written, the job says so"),
            ("  after its end", f"{states['done']}", "all written"),
            ("half imports, lost writes", f"{len(found.wrong)}", "aim: 0"),
        ],
    )
    if found.wrong:
        raise SystemExit("\n".join(found.wrong))
