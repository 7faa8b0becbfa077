"""Mutated and hostile uploads through the parser: what it answers, how long it takes, how much memory it needs."""

from __future__ import annotations

import argparse
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from flask import Flask
from flask_babel import Babel

from exchange.imports import checking
from exchange.imports.student_kind import StudentKind
from exchange.spreadsheets import reader
from exchange.spreadsheets.archive import kind_of
from exchange.spreadsheets.book import Book, Unreadable
from exchange.spreadsheets.parsing.child import serve
from exchange.spreadsheets.reader import Limits, read
from tests.imports.rosters import TODAY
from tests.spreadsheets.corpus import CASES
from tests.spreadsheets.mutating import mutations

FILES, IN_CHILDREN, SEED = 20_000, 300, 20261123
UNDERSTOOD_EACH = 10  # of the files that are read, so many-th also goes through the recognition of columns and the form


def in_this_process(content: bytes) -> Book:
    """What the child and its parent make of a file, without a process for each."""
    limits = Limits()
    kind = kind_of(content, limits)
    target = io.BytesIO()
    serve(kind, limits, io.BytesIO(content), target)
    collected = reader._Collected()
    for line in target.getvalue().splitlines():
        collected.take(line)
    if not collected.complete:
        raise AssertionError("the answer has no end")
    return Book(collected.sheets, kind, collected.encoding, "0" * 64, len(content))


def fuzz(number: int = FILES, children: int = IN_CHILDREN, seed: int = SEED) -> dict[str, object]:
    """Verdicts of so many mutated files, and everything that is no verdict."""
    speaking = Flask("words")
    speaking.config |= {"WTF_CSRF_ENABLED": False, "SECRET_KEY": "not needed", "BABEL_DEFAULT_LOCALE": "ru"}
    Babel(speaking)
    verdicts: Counter[str] = Counter()
    faults: list[str] = []
    slowest = 0.0
    with speaking.app_context(), tempfile.TemporaryDirectory(prefix="exchange-fuzz-") as folder:
        path = Path(folder, "upload")
        for index, content in enumerate(mutations(seed, number + children)):
            began = time.process_time()
            try:
                if index < number:
                    book = in_this_process(content)
                else:
                    path.write_bytes(content)
                    book = read(path)
                verdicts["read"] += 1
                if not verdicts["read"] % UNDERSTOOD_EACH:
                    checking.understand(StudentKind(), None, book, "roster.xlsx", TODAY)
            except Unreadable as refusal:
                if not refusal.message:
                    faults.append(f"{index}: no sentence for {refusal.code}")
                verdicts[refusal.code] += 1
            except Exception as error:
                faults.append(f"{index}: {type(error).__name__}: {error}"[:200])
            slowest = max(slowest, time.process_time() - began)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"verdicts": dict(verdicts.most_common()), "faults": faults, "slowest": slowest, "memory": memory}


def one(name: str) -> dict[str, object]:
    """A file of the corpus, read as an upload: seconds and memory of this process and of the child."""
    speaking = Flask("words")
    speaking.config |= {"WTF_CSRF_ENABLED": False, "SECRET_KEY": "not needed", "BABEL_DEFAULT_LOCALE": "ru"}
    Babel(speaking)
    with speaking.app_context(), tempfile.TemporaryDirectory(prefix="exchange-fuzz-") as folder:
        path = Path(folder, "upload")
        path.write_bytes(CASES[name][0]())
        read_warm(path)
        before = _used()
        idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        code = "read"
        try:
            checking.understand(StudentKind(), None, read(path), "roster.xlsx", TODAY)
        except Unreadable as refusal:
            code = refusal.code
        after = _used()
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"name": name, "code": code, "cpu": after - before, "memory": (ours + children) / 1024}


def read_warm(path: Path) -> None:
    """The look at the archive alone: what it imports is no cost of a file."""
    try:
        kind_of(path.read_bytes()[:64], Limits())
    except Unreadable:
        return


def _used() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def corpus() -> list[dict[str, object]]:
    """Every file of the corpus in a process of its own."""
    command = [sys.executable, "-m", "bench.fuzz", "--one"]
    done = (subprocess.run([*command, name], check=True, capture_output=True, text=True).stdout for name in CASES)
    return [json.loads(said.splitlines()[-1]) for said in done]


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    arguments.add_argument("--one", metavar="NAME")
    arguments.add_argument("--files", type=int, default=FILES)
    given = arguments.parse_args()
    print(json.dumps(one(given.one) if given.one else fuzz(given.files), ensure_ascii=False))


if __name__ == "__main__":
    main()
