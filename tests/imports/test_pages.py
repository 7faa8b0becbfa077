"""The pages of uploads: whatever is sent in, the answer is a page with a sentence; nothing is recorded before it is asked."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from exchange.imports import turns
from exchange.imports.models import Import
from exchange.spreadsheets.book import Unreadable
from tests.applications import Client
from tests.imports.register import fingerprint
from tests.imports.rosters import GIVEN, PEOPLE, lines, many, text, xlsx
from tests.imports.test_intern_lists import SPECIALIST, USUAL, listed
from tests.spreadsheets.building import build_xlsx

pytestmark = pytest.mark.usefixtures("today")
OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600)
MOST_QUERIES = 12
Login = Callable[..., Any]


def send(client: Client, content: bytes, name: str = "roster.xlsx", **form: str) -> Any:
    """Uploads a file as a browser does. The body is made here: the test client would leave its temporary file open."""
    values = {"organisation": "ASU", **form, "file": FileStorage(io.BytesIO(content), name)}
    boundary, body = encode_multipart(values)
    return client.post("/imports/new", data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


def words(answer: Any) -> str:
    return BeautifulSoup(answer.data, "html.parser").get_text(" ", strip=True)


def bomb() -> bytes:
    target = io.BytesIO(build_xlsx(""))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(60_000_000))
    return target.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "Файл пустой"),
    "blanks": (lambda: b" \r\n \r\n", "Файл пустой"),
    "old format": (lambda: OLE + "Workbook".encode("utf-16-le"), "Формат .xls устарел"),
    "password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "Файл защищён паролем"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "Файл должен быть .xlsx, .ods или .csv"),
    "pdf": (lambda: b"%PDF-1.7\n1;2\n3;4\n", "Файл должен быть .xlsx, .ods или .csv"),
    "web page": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", "В файле веб-страница"),
    "half a workbook": (lambda: xlsx(lines())[:2000], "Файл повреждён"),
    "zip bomb": (bomb, "разворачивается в слишком большой объём"),
    "entities": (
        lambda: build_xlsx(sheet='<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'),
        "которых в книгах Excel не бывает",
    ),
    "one word": (lambda: b"hello", "нет таблицы"),
    "figures only": (lambda: text([[1, 2, 3], [4, 5, 6]]), "нет таблицы"),
    "a heading without people": (lambda: xlsx(lines()[:1]), "нет таблицы"),
    "empty sheets": (lambda: xlsx([], []), "нет таблицы"),
    "too many people": (lambda: text(lines(people=PEOPLE[:1]) + lines(people=PEOPLE[:1], heading=False) * 5_000),
    "принимается 5"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_get_a_sentence_at_the_field(
    client: Client, login: Login, world: Any, session: Session, name: str
) -> None:
    make, said = HOSTILE[name]
    login(client, world.emails["asu"])
    before = fingerprint(session)
    answer = send(client, make(), "file.xlsx")
    assert answer.status_code == 422
    page = BeautifulSoup(answer.data, "html.parser")
    field = page.find("input", {"type": "file"})
    assert field is not None
    assert field.get("aria-invalid") == "true"
    assert said in words(answer)
    assert fingerprint(session) == before
    assert session.scalar(sa.select(sa.func.count()).select_from(Import)) == 0


@pytest.mark.sqlite_only
def test_a_million_empty_rows(client: Client, login: Login, world: Any) -> None:
    rows = "".join(f'<row r="{number}"/>' for number in range(1, 1_048_577))
    login(client, world.emails["asu"])
    assert send(client, build_xlsx(rows)).status_code == 422


@pytest.mark.sqlite_only
def test_too_large(client: Client, login: Login, world: Any, app: Flask) -> None:
    login(client, world.emails["asu"])
    most = app.config["MAX_UPLOAD_LENGTH"]
    answer = send(client, b"x" * (most + 1))
    assert answer.status_code == 422
    assert "Файл должен быть меньше 10 МБ" in words(answer)
    assert send(client, b"x" * (most + app.config["MAX_CONTENT_LENGTH"] + 1)).status_code == 413


@pytest.mark.sqlite_only
def test_nothing_chosen(client: Client, login: Login, world: Any) -> None:
    login(client, world.emails["asu"])
    answer = client.post("/imports/new", data={"organisation": "ASU"}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Выберите файл" in words(answer)
    answer = send(client, xlsx(lines()), organisation="ASTU")
    assert answer.status_code == 422
    assert "Выберите, для кого список" in words(answer)


def test_the_whole_way(client: Client, login: Login, world: Any, session: Session) -> None:
    """Upload, look, record: nothing is in the register before the press, and a second press changes nothing."""
    login(client, world.emails["asu"])
    before = fingerprint(session)
    answer = send(client, xlsx([["Список на 01.10.2026"], *lines()]))
    assert answer.status_code == 303
    place = answer.headers["Location"]
    page = client.get(place)
    assert page.status_code == 200
    assert "В реестр ещё ничего не записано" in words(page)
    assert f"Загрузить {len(PEOPLE)} строк" in words(page)
    for tab in ("errors", "warnings", "changed", "new", "all"):
        assert client.get(f"{place}?tab={tab}").status_code == 200
    assert client.get("/imports").status_code == 200
    assert fingerprint(session) == before, "looking writes nothing"

    answer = client.post(f"{place}/apply")
    assert answer.status_code == 303
    after = fingerprint(session)
    assert after != before
    page = client.get(place)
    assert "Записано в реестр" in words(page)
    assert client.post(f"{place}/apply").status_code == 303
    assert client.post(f"{place}/cancel").status_code == 303
    assert fingerprint(session) == after

    again = client.get(send(client, xlsx([["Список на 01.10.2026"], *lines()])).headers["Location"])
    assert "Загружать нечего" in words(again)


def test_rows_with_errors_are_skipped_only_when_asked(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["asu"])
    content = xlsx(lines(born=lambda p: "весна" if p is PEOPLE[2] else p.born))
    place = send(client, content).headers["Location"]
    page = words(client.get(place))
    assert "1 строку нужно исправить или пропустить" in page
    assert "Загрузить 7, пропустить 1" in page
    assert "весна" in page
    before = fingerprint(session)
    refused = client.post(f"{place}/apply")
    assert refused.status_code == 422
    assert "В файле есть строки с ошибками" in words(refused)
    assert fingerprint(session) == before
    assert client.post(f"{place}/apply", data={"rows": "good"}).status_code == 303
    assert fingerprint(session) != before


def test_a_form_sent_twice_is_one_upload(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["asu"])
    once = "a" * 32
    places = {send(client, xlsx(lines()), once=once).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(Import)) == 1


def test_an_upload_can_be_put_aside(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["asu"])
    before = fingerprint(session)
    place = send(client, xlsx(lines())).headers["Location"]
    assert client.post(f"{place}/cancel").status_code == 303
    assert "Загрузка отменена" in words(client.get(place))
    answer = client.post(f"{place}/apply")
    assert answer.status_code == 422
    assert "Загрузите файл снова" in words(answer)
    assert fingerprint(session) == before


def test_somebody_elses_upload_is_not_there(
    client: Client, new_client: Callable[[], Client], login: Login, world: Any, session: Session
) -> None:
    login(client, world.emails["asu"])
    place = send(client, xlsx(lines())).headers["Location"]
    before = fingerprint(session)
    for stranger in ("astu", "altvagon"):
        other = new_client()
        login(other, world.emails[stranger])
        assert other.get(place).status_code == 404
        assert other.post(f"{place}/apply").status_code == 404
        assert other.post(f"{place}/cancel").status_code == 404
        assert "roster.xlsx" not in words(other.get("/imports"))
    ministry = new_client()
    login(ministry, world.emails["ministry"])
    assert ministry.post(f"{place}/apply").status_code == 403
    assert fingerprint(session) == before


def test_an_enterprise_brings_its_interns(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["altvagon"])
    answer = send(client, xlsx(listed(USUAL, SPECIALIST)), "interns.xlsx", organisation="ALTVAGON")
    assert answer.status_code == 303
    place = answer.headers["Location"]
    assert "Болатов Олжас Ерланович" in words(client.get(f"{place}?tab=all"))
    before = fingerprint(session)
    assert client.post(f"{place}/apply").status_code == 303
    assert fingerprint(session) != before


@pytest.mark.parametrize(
    ("who", "code", "content", "said"),
    [
        ("asu", "ASU", xlsx(listed(USUAL, SPECIALIST)), "Похоже, это список практикантов"),
        ("altvagon", "ALTVAGON", xlsx(lines()), "Похоже, это список студентов"),
    ],
)
def test_a_list_of_the_other_kind(
    client: Client, login: Login, world: Any, who: str, code: str, content: bytes, said: str
) -> None:
    login(client, world.emails[who])
    answer = send(client, content, organisation=code)
    assert answer.status_code == 422
    assert said in words(answer)


@pytest.mark.sqlite_only
def test_many_remarks_come_in_pages_and_few_queries(client: Client, login: Login, world: Any) -> None:
    """Sixty refused rows are two pages, and a page asks as little of the database for three hundred rows as for three."""
    login(client, world.emails["asu"])
    people = many(300)
    wrong = set(people[::5])
    place = send(client, xlsx(lines(people=people, born=lambda p: "?" if p in wrong else p.born))).headers["Location"]
    for address in (f"{place}?tab=errors", f"{place}?tab=errors&page=2", f"{place}?tab=all&page=6", "/imports", "/imports/new"):
        sent: list[str] = []

        def note(connection: Any, cursor: Any, statement: str, *rest: Any, sent: list[str] = sent) -> None:
            if not re.match(r"SAVEPOINT|RELEASE|BEGIN|set_config|PRAGMA", statement):
                sent.append(statement)

        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            page = client.get(address)
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)
        assert page.status_code == 200
        assert len(sent) <= MOST_QUERIES, sent
    body = BeautifulSoup(client.get(f"{place}?tab=errors&page=2").data, "html.parser").select("tbody tr")
    assert len([row for row in body if "вопросит" not in row.get_text()]) >= 10
    assert client.get(f"{place}?tab=errors&page=99999").status_code == 200
    assert client.get(f"{place}?tab=nonsense&page=x").status_code == 200


@pytest.mark.sqlite_only
def test_what_a_file_says_is_text_on_the_page(client: Client, login: Login, world: Any) -> None:
    evil = "<script>alert(1)</script>"
    login(client, world.emails["asu"])
    content = xlsx(lines([("ФИО", "full_name"), (evil, "evil"), ("ИИН", "iin"), ("Дата рождения", "born")], evil=lambda p: evil,
                         full_name=lambda p: evil), names=["<b>лист"])  # fmt: skip
    place = send(client, content, name="<i>.xlsx").headers["Location"]
    for tab in ("errors", "all"):
        assert b"<script>alert" not in client.get(f"{place}?tab={tab}").data
        assert b"<i>.xlsx" not in client.get(f"{place}?tab={tab}").data


def test_only_two_files_are_parsed_at_once(tmp_path: Path) -> None:
    with (
        turns.turn(tmp_path, 0),
        turns.turn(tmp_path, 0),
        pytest.raises(Unreadable, match="Повторите через минуту"),
        turns.turn(tmp_path, 0.15),
    ):
        pass
    with turns.turn(tmp_path, 0):
        pass


@pytest.mark.sqlite_only
def test_a_given_roster_on_the_page(client: Client, login: Login, world: Any) -> None:
    login(client, world.emails["asu"])
    page = client.get(send(client, (GIVEN / "asu-2026-10-01.xlsx").read_bytes()).headers["Location"])
    assert "6 строк нужно исправить или пропустить" in words(page)
    assert "данные на 01.10.2026" in words(page)
