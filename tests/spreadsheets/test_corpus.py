"""Each file of the corpus gets its verdict, from the reader and from the page; thousands of mutated ones get a clear one."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.imports.models import Import
from exchange.spreadsheets import reader
from exchange.spreadsheets.archive import kind_of
from exchange.spreadsheets.book import Book, Unreadable
from exchange.spreadsheets.parsing.child import serve
from exchange.spreadsheets.reader import Limits, read
from tests.applications import Client
from tests.imports.register import fingerprint
from tests.imports.rosters import errors, understood
from tests.imports.test_pages import send
from tests.imports.test_pages import words as words_of
from tests.spreadsheets.corpus import CASES, FOUR
from tests.spreadsheets.mutating import mutations


def test_the_corpus_is_broad() -> None:
    assert len(CASES) >= 80
    assert sum(isinstance(verdict, str) for _, verdict in CASES.values()) >= 35


@pytest.mark.parametrize("name", CASES)
@pytest.mark.usefixtures("speaking")
def test_the_verdict(name: str) -> None:
    build, verdict = CASES[name]
    if isinstance(verdict, str):
        with pytest.raises(Unreadable) as refused:
            understood(build())
        assert refused.value.code == verdict, refused.value.note
        return
    rows = understood(build())
    assert {row: list(found) for row, found in errors(rows).items()} == {row: [field] for row, field in verdict.items()}
    good = [row.reading.values["iin"] for row in rows if not row.reading.is_rejected]
    assert good == [p.iin for number, p in enumerate(FOUR, 2) if number not in verdict]


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("today")
def test_every_file_is_answered_by_a_page_and_writes_nothing(
    client: Client, login: Callable[..., Any], world: Any, session: Session
) -> None:
    login(client, world.emails["asu"])
    before = fingerprint(session)
    kept = 0
    for name, (build, verdict) in CASES.items():
        answer = send(client, build(), f"{name}.xlsx")
        if isinstance(verdict, str):
            assert answer.status_code == 422, name
            assert len(words_of(answer)) > 100
            continue
        kept += 1
        assert answer.status_code == 303, name
        page = client.get(answer.headers["Location"] + "?tab=all")
        assert page.status_code == 200, name
        assert b"<script>alert" not in page.data
        assert b"<img src=x" not in page.data
        assert fingerprint(session) == before, name
    assert session.scalar(sa.select(sa.func.count()).select_from(Import)) == kept


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.xlsx", "а" * 400 + ".xlsx", "\u202excod.xlsx", "<b>{{1}}</b>.xlsx", "=cmd|'/c'!A1.csv", ".ods", "a\\b"],
)
def test_names_of_files_are_only_shown(client: Client, login: Callable[..., Any], world: Any, name: str) -> None:
    login(client, world.emails["asu"])
    answer = send(client, CASES["false_dimension"][0](), name)
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert b"<b>{{1}}" not in page.data


def in_this_process(content: bytes) -> Book:
    """What the child and its parent would make of the file, without a process."""
    limits = Limits()
    kind = kind_of(content, limits)
    target = io.BytesIO()
    serve(kind, limits, io.BytesIO(content), target)
    collected = reader._Collected()
    for line in target.getvalue().splitlines():
        collected.take(line)
    assert collected.complete
    return Book(collected.sheets, kind, collected.encoding, "0" * 64, len(content))


@pytest.mark.usefixtures("speaking")
def test_mutated_files_get_a_clear_verdict() -> None:
    read_whole = 0
    for content in mutations(seed=20261123, number=400):
        with contextlib.suppress(Unreadable):
            read_whole += bool(understood(in_this_process(content)))
    assert read_whole > 40, "not all of them are broken at the door"


def test_mutated_files_in_real_children(upload: Callable[[bytes], Any]) -> None:
    for content in mutations(seed=4, number=20):
        with contextlib.suppress(Unreadable):
            assert isinstance(read(upload(content)), Book)
