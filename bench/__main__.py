"""Measures speed and memory and prints ratios: `make bench`, or `python -m bench [list|report|import|…|fuzz|kills] …`.

CPU seconds, medians, what is compared is measured in turn: on a busy machine seconds mean little, ratios mean much.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import fuzz, rosters
from bench.ground import FEW, MANY, Cost, Ground, run, table
from bench.kills import kills

ROSTER = 2_000
MILLION = 1_000_000
DAY = "2026-10-01"


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def list_page(ground: Ground) -> None:
    """The list of students against a minimal view with the same questions and the same bytes."""
    few = ground.measure("list_page", ground.with_students(FEW))
    many = ground.measure("list_page", ground.with_students(ground.many))
    rows = []
    for students, found in ((FEW, few), (ground.many, many)):
        rows += [
            (f"page of {students:,} students", ms(found["ours"]), f"{found['bytes'] / 1000:.0f} kB of HTML"),
            ("  minimal view", ms(found["theirs"]), f"{found['questions']:.0f} questions"),
            ("  ratio", f"{found['ours'] / found['theirs']:.2f}", "aim: at most 3"),
        ]
    rows += [
        (f"{ground.many:,} against {FEW:,}", f"{many['ours'] / few['ours']:.2f}", "aim: flat"),
        ("memory of the process", f"{many['memory']:.0f} MB", ""),
    ]
    table("List page (CPU)", rows)


def report(ground: Ground) -> None:
    """R01 as an operator makes it, without the start of the process."""
    rows = []
    for students in (FEW, ground.many):
        database = ground.with_students(students)
        start = run(database, "report", "list")
        made = run(database, "report", "make", "R01", "--on", DAY, "--output", str(ground.folder / "R01.xlsx"))
        rows.append((f"R01 of {students:,} students", f"{max(0.0, made.cpu - start.cpu):.2f} s", f"{made.memory:.0f} MB"))
    table("Report R01 (CPU)", rows)


def roster(ground: Ground) -> None:
    """Check and apply of a roster against reading the file and inserting its rows."""
    file = ground.folder / "roster.xlsx"
    rosters.write(file, ROSTER)
    database = ground.copy(ground.with_students(FEW), "importing.sqlite3")
    start = run(database, "report", "list")
    bare = ground.measure("bare_import", database, file=str(file))
    floor = ground.measure("validated_import", database, file=str(file))
    applied = run(database, "import", "apply", "students", str(file), "--organisation", "ASU")
    again = run(database, "import", "apply", "students", str(file), "--organisation", "ASU")

    def net(cost: Cost) -> float:
        return cost.cpu - start.cpu

    table(
        f"Roster of {ROSTER:,} rows (CPU)",
        [
            ("check and apply", f"{net(applied):.2f} s", "aim: at most 5 s"),
            ("  by the clock, with the start", f"{applied.wall:.2f} s", ""),
            ("  memory of the process", f"{applied.memory:.0f} MB", ""),
            ("the same file again", f"{net(again):.2f} s", ""),
            ("reading and inserting, unchecked", f"{bare['cpu']:.2f} s", ""),
            ("ratio", f"{net(applied) / bare['cpu']:.1f}", ""),
            ("reading, the form of each row, one insert", f"{floor['cpu']:.2f} s", ""),
            ("ratio", f"{net(applied) / floor['cpu']:.2f}", "aim: at most 2"),
        ],
    )


def export(ground: Ground) -> None:
    """The whole register as a styled workbook against a bare loop of openpyxl over the same rows."""
    database = ground.with_students(ground.many)
    ours, rows, loop = (ground.measure("export", database, how=how) for how in ("site", "rows", "loop"))
    table(
        f"Export of {ground.many:,} students (CPU)",
        [
            ("styled download", f"{ours['cpu']:.2f} s", f"{ours['bytes'] / 1e6:.1f} MB"),
            ("bare loop of openpyxl, no styles", f"{loop['cpu']:.2f} s", ""),
            ("  asking for the rows, in both", f"{rows['cpu']:.2f} s", ""),
            ("ratio, as downloaded", f"{ours['cpu'] / loop['cpu']:.2f}", ""),
            ("ratio, writing alone", f"{(ours['cpu'] - rows['cpu']) / (loop['cpu'] - rows['cpu']):.2f}", "aim: at most 0.2"),
            ("growth of memory", f"{ours['growth']:.0f} MB", "aim: at most 32 MB"),
            ("  of the bare loop", f"{loop['growth']:.0f} MB", ""),
        ],
    )


def demo(ground: Ground) -> None:
    """Loading the demonstration."""
    rows = []
    start = run(ground.empty(), "report", "list")
    for students in (FEW, ground.many):
        ground.with_students(students)
        if students not in ground.loading:
            continue
        cost = ground.loading[students]
        net = cost.cpu - start.cpu
        rows += [
            (f"{students:,} students", f"{net:.1f} s", f"{students / net:,.0f} students a second"),
            ("  memory of the process", f"{cost.memory:.0f} MB", ""),
        ]
    table("Loading the demonstration (CPU)", rows)


def uploads(_ground: Ground) -> None:
    """Mutated archives, and the corpus of bad files: nothing but clear verdicts, little time and memory for each."""
    found = fuzz.fuzz()
    verdicts, faults = found["verdicts"], found["faults"]
    assert isinstance(verdicts, dict)
    assert isinstance(faults, list)
    rows = [(name, f"{number:,}", "") for name, number in verdicts.items()]
    rows += [
        ("no verdict", f"{len(faults)}", "aim: none"),
        ("the slowest", f"{found['slowest']:.2f} s", ""),
        *((fault, "", "") for fault in faults[:20]),
    ]
    table(f"{fuzz.FILES + fuzz.IN_CHILDREN:,} mutated uploads (CPU)", rows)
    each = fuzz.corpus()
    worst = [max(each, key=lambda one: float(str(one[what]))) for what in ("cpu", "memory")]
    table(
        f"{len(each)} bad uploads",
        [
            ("the slowest (CPU)", f"{worst[0]['cpu']:.2f} s", f"{worst[0]['name']}, aim: at most 2 s"),
            ("the largest", f"{worst[1]['memory']:.0f} MB", f"{worst[1]['name']}, aim: at most 256 MB over idle"),
        ],
    )


def _pages(title: str, few: dict[str, float], many: dict[str, float]) -> None:
    rows = []
    for name in many:
        aim = "" if name.endswith("after a change") else ", aim: at most 1.5"
        rows.append((name, f"{many[name]:.1f} ms", f"{many[name] / few[name]:.2f} times that of {FEW:,}{aim}"))
    table(title, rows)


def million(ground: Ground) -> None:
    """Pages at a million enrolments with five orders each on both databases, and the contingent against a flat table."""
    few, many = (ground.measure("pages", d) for d in (ground.with_students(FEW), ground.multiplied(MILLION)))
    _pages(f"Pages at {MILLION:,} enrolments, SQLite (clock)", few, many)
    with ground.on_postgresql(MILLION) as (small, large):
        few, many = (ground.measure("pages", d) for d in (small, large))
        _pages(f"Pages at {MILLION:,} enrolments, PostgreSQL (clock)", few, many)
        rows = []
        for day in (DAY, "2020-10-01"):
            found = ground.measure("contingent", large, day=day)
            rows += [
                (f"contingent on {day}", f"{found['ours']:.0f} ms", f"{found['counted']:,.0f} enrolments"),
                ("  a flat table", f"{found['flat']:.0f} ms", ""),
                ("  ratio", f"{found['ours'] / found['flat']:.2f}", "aim: at most 1.5"),
            ]
        table(f"Contingent over {MILLION:,} enrolments, PostgreSQL (clock)", rows)


def kill(ground: Ground) -> None:
    """kill -9 while a roster of 5,000 rows is recorded."""
    kills()


PARTS: dict[str, Callable[[Ground], None]] = {
    "list": list_page, "report": report, "import": roster, "export": export, "demo": demo,
    "fuzz": uploads, "kills": kill, "million": million,
}  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    arguments.add_argument("parts", nargs="*", metavar="part", help=f"of: {', '.join(PARTS)}; none: all of them")
    arguments.add_argument("--students", type=int, default=MANY, help="how many are many (default: %(default)s)")
    given = arguments.parse_args()
    if unknown := set(given.parts) - PARTS.keys():
        arguments.error(f"no such part: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="exchange-bench-") as folder:
        ground = Ground(Path(folder), given.students)
        for part in given.parts or PARTS:
            PARTS[part](ground)
            sys.stdout.flush()


if __name__ == "__main__":
    main()
