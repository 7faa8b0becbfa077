"""The pages of an undo: what goes and what stays, the act, a second press, whose upload it is."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from exchange.imports.models import Import
from exchange.students.models import Student
from tests.applications import Client
from tests.imports.register import fingerprint
from tests.imports.rosters import PEOPLE, lines, xlsx
from tests.imports.test_pages import send, words

pytestmark = pytest.mark.usefixtures("today")


def applied(client: Client, content: bytes) -> str:
    """Uploads and applies a file; its address."""
    address = str(send(client, content).headers["Location"])
    press(client, address, "/apply")
    return address


def press(client: Client, page: str, act: str) -> Any:
    """Presses the button of a page that leads to an act of the upload."""
    html = BeautifulSoup(client.get(page).data, "html.parser")
    token = html.select_one('input[name="csrf_token"]')
    assert token is not None
    upload = re.sub(r"/(undo|apply)$", "", page)
    return client.post(f"{upload}{act}", data={"csrf_token": token["value"]})


def test_what_goes_what_stays_and_the_result(client: Client, login: Any, world: Any, session: Session, today: Any) -> None:
    login(client, world.emails["asu"])
    address = applied(client, xlsx(lines()))
    student = session.scalars(sa.select(Student).order_by(Student.id.desc())).first()
    assert student is not None
    student.note = "проверено"
    session.commit()
    before = fingerprint(session)
    session.rollback()
    shown = words(client.get(f"{address}/undo"))
    assert "Отменить можно до" in shown
    assert "1 запись уже изменена, она останется" in shown
    assert "После загрузки запись изменена" in shown
    assert fingerprint(session) == before, "a page changes nothing"
    session.rollback()
    answer = press(client, f"{address}/undo", "/undo")
    assert answer.status_code == 303
    shown = words(client.get(answer.headers["Location"]))
    assert "Загрузка отменена" in shown
    assert "1 запись уже изменена, она останется" in shown
    brought = session.scalars(sa.select(Import).order_by(Import.id.desc())).first()
    assert brought is not None
    assert (brought.state, brought.counts["undone"], brought.counts["stays"]) == ("undone", len(PEOPLE) - 1, 1)
    after = fingerprint(session)
    session.rollback()
    assert press(client, f"{address}/undo", "/undo").status_code in (303, 422)
    assert fingerprint(session) == after, "a second press changes nothing"


def test_too_late(client: Client, login: Any, world: Any, session: Session, today: Any) -> None:
    login(client, world.emails["asu"])
    address = applied(client, xlsx(lines()))
    for brought in session.scalars(sa.select(Import)):
        brought.undo_until = brought.undo_until and brought.undo_until - dt.timedelta(hours=73)
    session.commit()
    before = fingerprint(session)
    session.rollback()
    assert "в течение 72 часов" in words(client.get(f"{address}/undo"))
    answer = press(client, address, "/undo")
    assert answer.status_code == 422
    assert "в течение 72 часов" in words(answer)
    assert fingerprint(session) == before


def test_nobody_else_takes_it_back(client: Client, login: Any, world: Any, session: Session) -> None:
    login(client, world.emails["asu"])
    address = applied(client, xlsx(lines()))
    client.get("/logout")
    with client.session_transaction() as kept:
        kept.clear()
    login(client, world.emails["astu"])
    assert client.get(f"{address}/undo").status_code == 404
