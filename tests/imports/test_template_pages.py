"""Taking a template and bringing it back over the site: who may take what, what is logged, what it asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.imports import actions
from exchange.imports.kit import vocabulary as words
from exchange.imports.kit.stamp import stamp_of
from exchange.imports.tables import text_of
from exchange.spreadsheets.book import Book
from exchange.spreadsheets.entry import FIRST_ROW
from tests.applications import Client
from tests.house.test_queries import count_queries
from tests.imports.test_pages import send
from tests.imports.test_pages import words as said

pytestmark = pytest.mark.usefixtures("today")
Visit = Callable[[str], Client]


@pytest.fixture
def visit(new_client: Callable[[], Client], login: Callable[..., Any], world: Any) -> Visit:
    """A browser of its own for somebody of the world, signed in."""

    def come(key: str) -> Client:
        client = new_client()
        login(client, world.emails[key])
        return client

    return come


def taken(client: Client, **asked: str) -> Book:
    answer = client.get("/imports/template", query_string=asked)
    assert answer.status_code == 200, answer.status_code
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return actions.read(answer.data)


def people(book: Book) -> list[dict[str, str]]:
    """The rows below the example, by heading."""
    rows = dict(book.sheets[0].rows)
    headings = [text_of(cell) for cell in rows[4]]
    return [
        dict(zip(headings, map(text_of, cells), strict=False)) for number, cells in sorted(rows.items()) if number >= FIRST_ROW
    ]


def test_a_university_takes_its_students_and_brings_them_back(visit: Visit, world: Any, session: Session) -> None:
    client = visit("asu")
    empty = taken(client)
    stamp = stamp_of(empty)
    assert stamp is not None
    assert (stamp.kind, stamp.organisation, stamp.filled) == ("students", "ASU", False)
    assert people(empty) == []
    answer = client.get("/imports/template?kind=students&filled=1")
    filled = actions.read(answer.data)
    mine = people(filled)
    assert mine
    assert all(len(one[words.KEY].split(".")[0]) == 12 for one in mine)
    line = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (line.action, line.details["rows"], line.details["iin_open"]) == ("student:downloaded", len(mine), True)
    shown = send(client, answer.data, "template.xlsx", organisation="ASU")
    assert shown.status_code == 303
    page = said(client.get(shown.headers["Location"]))
    assert "Скрытый ключ" not in page


def test_others_are_not_in_it(visit: Visit, world: Any) -> None:
    client = visit("asu")
    mine = {one[words.KEY].split(".")[0] for one in people(taken(client, filled="1"))}
    client = visit("astu")
    theirs = {one[words.KEY].split(".")[0] for one in people(taken(client, filled="1"))}
    assert mine
    assert theirs
    assert not mine & theirs
    assert mine | theirs <= set(world.public_ids.values())


@pytest.mark.parametrize("asked", ["kind=people", "org=ASTU", "kind=interns", "kind=interns&host=ASTU", "kind=interns&host="])
def test_what_is_not_there(visit: Visit, world: Any, asked: str) -> None:
    client = visit("asu")
    assert client.get(f"/imports/template?{asked}").status_code == 404


def test_an_enterprise_takes_its_interns(visit: Visit, world: Any, session: Session) -> None:
    client = visit("altvagon")
    assert client.get("/imports/template?kind=students").status_code == 404
    mine = people(taken(client, filled="1"))
    assert mine
    assert all(one["ИИН"] == "" for one in mine)
    line = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (line.action, line.details["rows"], line.details["iin_open"]) == ("internship:downloaded", len(mine), False)
    answer = client.get("/imports/template?filled=1")
    shown = send(client, answer.data, "kit.xlsx", organisation="ALTVAGON")
    assert shown.status_code == 303, said(shown)


def test_the_kit_for_an_enterprise_has_only_ones_own_students(visit: Visit, world: Any) -> None:
    client = visit("altvagon")
    every = {one[words.KEY] for one in people(taken(client, filled="1"))}
    client = visit("asu")
    book = taken(client, kind="interns", host="ALTVAGON", filled="1")
    stamp = stamp_of(book)
    assert stamp is not None
    assert stamp.organisation == "ALTVAGON"
    mine = {one[words.KEY] for one in people(book)}
    assert mine < every
    # the enterprise brings it as its own
    client = visit("altvagon")
    answer = client.get("/imports/template?filled=1")
    assert "Шаблон скачан для" not in said(
        client.get(send(client, answer.data, "kit.xlsx", organisation="ALTVAGON").headers["Location"])
    )


def test_few_questions(visit: Visit, world: Any, session: Session) -> None:
    for key, asked in (("asu", "filled=1"), ("altvagon", "filled=1"), ("asu", "kind=interns&host=ALTVAGON&filled=1")):
        client = visit(key)
        with count_queries(session.connection()) as questions:
            assert client.get(f"/imports/template?{asked}").status_code == 200
        assert len(questions) <= 12, questions


def test_the_page_offers_them(visit: Visit, world: Any) -> None:
    client = visit("asu")
    page = client.get("/imports/new")
    assert "Шаблон с записями реестра" in said(page)
    assert "Комплект для предприятия" in said(page)
    client = visit("altvagon")
    assert "Комплект для предприятия" not in said(client.get("/imports/new"))
