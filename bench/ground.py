"""The ground that measurements stand on: databases with demo data, and child processes that measure themselves."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from bench.multiplied import multiply
from tests.databases import Database, Databases

ROOT = Path(__file__).resolve().parent.parent
FEW, MANY = 2_000, 100_000
KEY = "a key for measurements only, the same in every process"


def environment(database: Path | Database) -> dict[str, str]:
    if isinstance(database, Database):
        return {**database.environment, "SECRET_KEY": KEY}
    return {
        **os.environ, "DATABASE_URL": f"sqlite:///{database}", "DATABASE_OWNER_URL": f"sqlite:///{database}",
        "EXCHANGE_ENV": "development", "SECRET_KEY": KEY,
    }  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds of CPU, seconds of the clock, and its peak of memory in MB."""

    cpu: float
    wall: float
    memory: float


def run(database: Path | Database, *arguments: str) -> Cost:
    """`flask --app wsgi …` in a process of its own."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(database), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        said = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"flask {' '.join(arguments)} ended with {process.returncode}:\n{said[-3000:]}")
    # wait4 knows the process alone; what it started itself (the reader of uploads) is in the sum of all children
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = max(used.ru_utime + used.ru_stime, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return Cost(cpu, time.perf_counter() - began, used.ru_maxrss / 1024)


class Ground:
    """Databases in one folder: empty, with few students, with many; made when first asked for."""

    def __init__(self, folder: Path, many: int = MANY) -> None:
        self.folder = folder
        self.many = many
        self.loading: dict[int, Cost] = {}

    def empty(self) -> Path:
        path = self.folder / "empty.sqlite3"
        if not path.exists():
            run(path, "db", "upgrade")
        return path

    def copy(self, source: Path, name: str) -> Path:
        path = self.folder / name
        shutil.copyfile(source, path)
        return path

    def with_students(self, students: int) -> Path:
        path = self.folder / f"students-{students}.sqlite3"
        if not path.exists():
            empty = self.copy(self.empty(), f"loading-{students}.sqlite3")
            self.loading[students] = run(empty, "demo", "load", "--students", str(students))
            empty.rename(path)
        return path

    def multiplied(self, enrolments: int) -> Path:
        """A copy of the few, grown to so many enrolments."""
        path = self.folder / f"multiplied-{enrolments}.sqlite3"
        if not path.exists():
            growing = self.copy(self.with_students(FEW), f"growing-{enrolments}.sqlite3")
            engine = sa.create_engine(f"sqlite:///{growing}")
            sa.event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
            multiply(engine, enrolments)
            with engine.begin() as connection:
                connection.exec_driver_sql("ANALYZE")
            engine.dispose()
            growing.rename(path)
        return path

    @contextlib.contextmanager
    def on_postgresql(self, enrolments: int) -> Iterator[tuple[Database, Database]]:
        """The few and the many on a server of their own, with what planners know of them."""
        databases = Databases(self.folder, os.getpid())
        try:
            few = databases.create("postgresql", "few")
            run(few, "db", "upgrade")
            run(few, "demo", "load", "--students", str(FEW))
            many = databases.copy(few, "many")
            for made in (few, many):
                address = databases.server().set(database=sa.make_url(made.url).database)
                # the server's own user sees past the walls, and is asked for no foreign keys
                engine = sa.create_engine(address, connect_args={"options": "-c session_replication_role=replica"})
                if made is many:
                    multiply(engine, enrolments)
                with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql("VACUUM ANALYZE")
                engine.dispose()
            yield few, many
        finally:
            databases.stop()

    def measure(self, name: str, database: Path | Database, **options: Any) -> dict[str, float]:
        """Runs a measurement of `bench.child` in a fresh process, so that none inherits another's memory."""
        command = [sys.executable, "-m", "bench.child", name, json.dumps(options)]
        done = subprocess.run(command, cwd=ROOT, env=environment(database), capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{name} failed:\n{done.stderr[-3000:]}")
        found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
        return found


def interleaved(rounds: int, *work: Callable[[], Any]) -> list[float]:
    """Median CPU seconds of each piece of work, done in turn, so that a busy machine is busy for all of them."""
    taken: list[list[float]] = [[] for _ in work]
    for _ in range(rounds):
        for times, piece in zip(taken, work, strict=True):
            began = time.process_time()
            piece()
            times.append(time.process_time() - began)
    return [median(times) for times in taken]


def forget_peak() -> None:
    """The peak of memory is counted from now on: hashing a password at the sign-in takes 64 MB, which say nothing here."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak() -> float:
    """The highest memory of this process since the peak was forgotten, in MB."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def table(title: str, rows: Sequence[tuple[str, str, str]]) -> None:
    """Prints: what was measured, the value, and what is aimed at."""
    print(f"\n{title}")
    width = max(len(name) for name, _, _ in rows)
    for name, value, aim in rows:
        print(f"  {name:<{width}}  {value:>12}  {aim}".rstrip())
