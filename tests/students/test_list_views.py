"""What people make of the list: columns, saved views, paper, acts with those who are ticked."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.students.models import SavedView
from exchange.students.views import lists
from tests.students.pages import soup_of, summary
from tests.students.test_list import keys

pytestmark = pytest.mark.usefixtures("today")


def headings(answer: Any) -> list[str]:
    return [" ".join(th.text.split()) for th in soup_of(answer).select("#students thead th")]


def sheet_of(answer: Any) -> list[list[Any]]:
    """Heading and rows of the workbook."""
    sheet = load_workbook(io.BytesIO(answer.data))["Список"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(n for n, cells in enumerate(rows) if cells[0] == "ФИО")
    return [row for row in rows[start:] if row[2]]


# -------------------------------------------------------------------------------------------------------------- columns
def test_page_print_and_workbook_have_the_columns_of_the_address(astu: Any, world: Any) -> None:
    query = "columns=intake,iin,group,nonsense,iin&sort=name"
    page, paper = astu.get(f"/students?{query}"), astu.get(f"/students/print?{query}")
    assert headings(page) == ["ФИО", "Год приёма", "ИИН", "Группа"]
    assert headings(paper) == ["№", "ФИО", "Год приёма", "ИИН", "Группа"]
    rows = sheet_of(astu.get(f"/students/export.xlsx?{query}"))
    assert rows[0] == ["ФИО", "Латиницей", "Номер дела", "Год приёма", "ИИН", "Группа"]
    iin = world.iins["kim"]
    assert {row[2]: row[3] for row in rows[1:]} == {
        "ASTU-kim": 2024, "ASTU-kim2": 2025, "ASTU-orazbayeva": 2024, "ASTU-seitkali2": 2026, "ASTU-tolegenova": 2024,
    }  # fmt: skip
    assert {row[2]: row[4] for row in rows[1:]}["ASTU-kim"] == iin, "staff may have the whole number in a workbook"
    for answer in (page, paper):
        assert iin not in answer.text
        assert f"{iin[:4]}••••{iin[-4:]}" in answer.text


def test_every_column_can_be_shown_everywhere(astu: Any) -> None:
    from exchange.students.views.columns import KINDS

    query = "columns=" + ",".join(KINDS)
    assert len(headings(astu.get(f"/students?{query}"))) == 1 + len(KINDS)
    assert len(headings(astu.get(f"/students/print?{query}"))) == 2 + len(KINDS)
    rows = sheet_of(astu.get(f"/students/export.xlsx?{query}"))
    assert len(rows) == 6
    assert dict(zip(rows[0], rows[1], strict=True))["Телефон"] == "+77051234567"


def test_contacts_are_for_those_who_may_see_them(client: Any, world: Any, login: Any) -> None:
    login(client, world.emails["ministry"])
    answer = client.get("/students?columns=phone,address,course")
    assert headings(answer) == ["ФИО", "Курс"]
    assert "+7705" not in answer.text
    assert "+7705" not in str(sheet_of(client.get("/students/export.xlsx?columns=phone,course")))
    assert "Телефон" not in client.get("/students/columns").text


def test_columns_are_chosen_without_a_script(astu: Any) -> None:
    page = soup_of(astu.get("/students/columns?course=3&columns=iin,course,born"))
    assert [tick["value"] for tick in page.select("input[name=c][checked]")] == ["iin", "course", "born"]
    assert [field["value"] for field in page.select("form.onecol input[name=course]")] == ["3"]
    moved = soup_of(astu.get("/students/columns?course=3&c=iin&c=course&c=born&up=born"))
    assert [tick["value"] for tick in moved.select("input[name=c][checked]")] == ["iin", "born", "course"]
    moved = soup_of(astu.get("/students/columns?c=iin&c=course&c=born&down=iin"))
    assert [tick["value"] for tick in moved.select("input[name=c][checked]")] == ["course", "iin", "born"]
    shown = astu.get("/students/columns?course=3&q=kim&c=group&c=iin&do=show")
    assert (shown.status_code, shown.location) == (303, "/students?columns=group%2Ciin&course=3&q=kim")
    assert astu.get("/students/columns?c=group&course=3&do=usual").location == "/students?course=3"


# ---------------------------------------------------------------------------------------------------------- saved views
def save(client: Any, name: str, query: str = "course=3&funding=contract") -> Any:
    return client.post(f"/students/views?{query}", data={"name": name})


def test_a_view_keeps_filters_order_and_columns_but_no_words(astu: Any, world: Any, session: Session) -> None:
    query = "q=kim&course=3&sort=name&columns=iin&page=2&after=AAAAAAAAAAAA&student=BBBBBBBBBBBB"
    answer = save(astu, "  Третий   курс ", query)
    assert (answer.status_code, answer.location) == (303, "/students?columns=iin&course=3&sort=name")
    view = session.scalars(sa.select(SavedView)).one()
    assert (view.name, view.query) == ("Третий курс", "columns=iin&course=3&sort=name")
    page = astu.get(answer.location)
    assert headings(page) == ["ФИО", "ИИН"]
    tabs = {a.text.strip(): a.get("aria-current") for a in soup_of(page).select(".tabs a")}
    assert tabs["Третий курс"] == "page"
    assert list(tabs.values()).count("page") == 1
    assert "Слова поиска в вид не входят" in astu.get("/students/views?q=kim").text
    assert session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id.desc())).first() == "view:saved"


def test_names_that_do_not_do(astu: Any, session: Session) -> None:
    save(astu, "Первый курс")
    for name, sentence in (
        ("", "Введите название вида, например «Первый курс, договор»"),
        ("первый  КУРС", "Вид «первый КУРС» уже есть. Введите другое название или перезапишите его"),
        ("я" * 41, "Название вида — не больше 40 знаков, сейчас 41. Сократите его"),
    ):
        answer = save(astu, name)
        assert answer.status_code == 422
        assert summary(answer) == [sentence]
    assert save(astu, "я" * 40).status_code == 303
    assert session.scalar(sa.select(sa.func.count()).select_from(SavedView)) == 2


def test_thirty_and_no_more(astu: Any, session: Session) -> None:
    for number in range(30):
        assert save(astu, f"Вид {number}").status_code == 303
    answer = save(astu, "Ещё один")
    assert (answer.status_code, summary(answer)) == (422, ["Сохранено видов: 30, больше нельзя. Удалите ненужный"])
    assert "Ещё один" in answer.text


def test_a_view_is_renamed_overwritten_and_deleted(astu: Any, session: Session) -> None:
    save(astu, "Первый")
    save(astu, "Второй")
    one = session.scalars(sa.select(SavedView).where(SavedView.name == "Первый")).one()
    path = f"/students/views/{one.public_id}"
    taken = astu.post(path, data={"name": "Второй", "do": "rename"})
    assert (taken.status_code, len(summary(taken))) == (422, 1)
    assert astu.post(path, data={"name": "Договор", "do": "rename"}).status_code == 303
    session.refresh(one)
    assert (one.name, one.query) == ("Договор", "course=3&funding=contract")
    assert (
        astu.post(f"{path}?level=master&q=kim", data={"name": "не то", "do": "overwrite"}).location == "/students?level=master"
    )
    session.refresh(one)
    assert (one.name, one.query) == ("Договор", "level=master")
    gone = astu.post(f"{path}/delete")
    assert (gone.status_code, gone.location) == (303, "/students?level=master")
    assert session.scalars(sa.select(SavedView.name)).all() == ["Второй"]
    assert "можно сохранить снова" in astu.get(gone.location).text
    actions = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action.startswith("view:"))).all()
    assert sorted(actions) == ["view:changed", "view:changed", "view:deleted", "view:saved", "view:saved"]


def test_views_are_their_owners(astu: Any, new_client: Any, login: Any, world: Any, session: Session) -> None:
    save(astu, "Мой")
    view = session.scalars(sa.select(SavedView)).one()
    for who in ("asu", "ministry"):
        other = new_client()
        login(other, world.emails[who])
        assert "Мой" not in other.get("/students").text
        assert other.post(f"/students/views/{view.public_id}", data={"name": "Чужой"}).status_code == 404
        assert other.post(f"/students/views/{view.public_id}/delete").status_code == 404
        assert save(other, "Мой").status_code == 303, "names are apart"


# ---------------------------------------------------------------------------------------------------------------- paper
def test_the_list_for_paper(astu: Any, world: Any, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = astu.get("/students/print?funding=contract&q=kim")
    assert "Оплата: Договор" in answer.text
    assert len(soup_of(answer).select("#students tbody tr")) == 2
    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.details["rows"], entry.details["searched"]) == ("student:printed", 2, True)
    assert "kim" not in str(entry.details)
    monkeypatch.setattr(lists, "MOST_PRINTED", 4)
    many = astu.get("/students/print?sort=name")
    assert "на печать выходит не больше 4" in many.text
    assert soup_of(many).select("#students") == []
    assert 'href="/students/export.xlsx?sort=name"' in many.text


# --------------------------------------------------------------------------------------------------------- those ticked
def test_who_is_ticked_is_downloaded(astu: Any, world: Any) -> None:
    ids = world.public_ids
    for query, found in (
        (f"student={ids['kim']}&student={ids['tolegenova']}", {"ASTU-kim", "ASTU-tolegenova"}),
        (f"student={ids['kim']}&student={ids['akhmetov']}", {"ASTU-kim"}),
        (f"student={ids['akhmetov']}", set()),
        (f"student={ids['kim']}&all=1&form=full", {"ASTU-kim", "ASTU-tolegenova", "ASTU-seitkali2", "ASTU-orazbayeva"}),
    ):
        rows = sheet_of(astu.get(f"/students/export.xlsx?{query}"))
        assert {row[2] for row in rows[1:]} == found, query
    assert set(keys(world, astu.get(f"/students?student={ids['kim']}"))) == {"kim"}


def test_the_bar_sends_ticks_and_filters(astu: Any, world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    page = soup_of(astu.get("/students?form=full&columns=born"))
    form = page.select_one("form.picked")
    assert {tick["value"] for tick in form.select("input[name=student]")} == {
        world.public_ids[key] for key in ("kim", "tolegenova", "seitkali2", "orazbayeva")
    }
    assert {(field["name"], field["value"]) for field in form.select("input[type=hidden]")} == {
        ("form", "full"), ("columns", "born"),
    }  # fmt: skip
    assert "Выбрать все 4" in form.text
    where = {"url": "/students/orders/many", "kinds": [("expulsion", "Отчислить")]}
    monkeypatch.setattr(lists, "_orders", lambda: where)
    form = soup_of(astu.get("/students")).select_one("form.picked")
    sent = [(button["formaction"], button.get("value")) for button in form.select("button[formaction]")]
    assert sent == [
        ("/students/orders/many", "course_transfer"), ("/students/orders/many", "expulsion"), ("/students/export.xlsx", None),
    ]  # fmt: skip


def test_who_may_neither_record_nor_take_has_no_ticks(client: Any, world: Any, login: Any) -> None:
    login(client, world.emails["auditor"])
    page = soup_of(client.get("/students"))
    assert page.select("form.picked") == []
    assert client.get("/students/print").status_code == 403
    assert len(page.select("#students tbody tr")) == 8
