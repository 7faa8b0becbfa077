"""The tab «История изменений»: field by field, each with its source; nobody reads what is another's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from tests.students.pages import soup_of, typed

pytestmark = pytest.mark.usefixtures("today")


def lines(page: Any) -> list[tuple[str, ...]]:
    """Field, was, became, who, where from."""
    assert page.status_code == 200
    found = []
    for row in soup_of(page).select("#history tbody tr"):
        cells = [" ".join(cell.get_text(" ").split()) for cell in row.select("td, th")]
        found.append(tuple(cells[1:]))
    return found


def test_an_order_is_told_by_the_fields_that_it_changed(astu: Any, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}"
    before = lines(astu.get(f"{path}/history?field=course"))
    sent = {"number": "398-ст", "signed_on": "16.11.2026", "effective_on": "20.11.2026", "course": "4", "do": "record"}
    assert astu.post(f"{path}/orders/new?type=course_transfer", data=sent).status_code == 303
    (line, *rest) = lines(astu.get(f"{path}/history?field=course"))
    assert rest == before
    assert (line[0], line[3], line[4]) == ("Курс", "Astu Tester", "приказ № 398-ст")
    assert line[2] == "4 действует с 20.11.2026"
    link = soup_of(astu.get(f"{path}/history?field=course")).select_one("#history tbody a")
    assert astu.get(link["href"]).status_code == 200


def test_an_annulment_and_its_order_are_both_told(astu: Any, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}"
    sent = {"number": "9-к", "signed_on": "16.11.2026", "effective_on": "20.11.2026", "ground": "own_wish", "do": "record"}
    card = astu.get(astu.post(f"{path}/orders/new?type=expulsion", data=sent).location)
    astu.post(soup_of(card).select_one(".flash form")["action"])
    back, out = lines(astu.get(f"{path}/history?field=status_code"))[:2]
    assert (out[0], out[4]) == ("Состояние", "приказ № 9-к")
    assert out[2].startswith("Отчислен")
    assert (back[1], back[4]) == (out[2].removesuffix(" действует с 20.11.2026"), "отмена ввода")
    assert back[2].startswith(out[1])


def test_an_edit_of_the_form_is_told_field_by_field(astu: Any, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}"
    form = typed(astu.get(f"{path}/edit"))
    sent = {
        **form,
        "last_name": "Кимов",
        "phone": "+7 777 000-00-00",
        "faculty": "ФИТ",
        "snils": "112-233-445 95",
        "do": "save",
    }
    assert astu.post(f"{path}/edit", data=sent).status_code == 303
    page = astu.get(f"{path}/history")
    told = {line[0]: line[1:] for line in reversed(lines(page)) if line[4] == "форма"}
    assert told["Фамилия"][0] == "Ким"
    assert told["Фамилия"][1].startswith("Кимов действует с ")
    assert told["Факультет"] == ("— нет данных", "ФИТ", "Astu Tester", "форма")
    assert told["Телефон"][:2] == ("+77051234567", "+77770000000")
    assert "112-233-445" not in page.text
    assert "11223344595" not in page.text


def test_numbers_are_told_by_their_ends(astu: Any, world: Any) -> None:
    path, number = f"/students/{world.public_ids['kim']}", "N77777777"
    form = typed(astu.get(f"{path}/edit"))
    sent = {**form, "document_type": "kz_passport", "passport": number, "do": "save"}
    assert astu.post(f"{path}/edit", data=sent).status_code == 303
    page = astu.get(f"{path}/history")
    assert number not in page.text
    assert world.iins["kim"] not in page.text
    assert any(line[0] == "Документ" for line in lines(page))


def test_what_can_still_be_taken_back_is_offered_here_too(astu: Any, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}"
    assert "Последнее действие" not in astu.get(f"{path}/history").text
    form = typed(astu.get(f"{path}/edit"))
    astu.post(f"{path}/edit", data={**form, "note": "звонил", "do": "save"})
    page = astu.get(f"{path}/history")
    assert "Последнее действие: изменена карточка студента, Astu Tester" in page.text
    (place,) = {form["action"] for form in soup_of(page).select("form[action*='/undo/']")}
    assert astu.post(place).location == path
    assert "Последнее действие" not in astu.get(f"{path}/history").text
    assert [line[:3] for line in lines(astu.get(f"{path}/history?field=note"))] == [
        ("Примечание", "звонил", "— нет данных"), ("Примечание", "— нет данных", "звонил"),
    ]  # fmt: skip


def test_the_page_is_narrowed_by_a_field(astu: Any, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/history"
    everything = lines(astu.get(path))
    some = lines(astu.get(f"{path}?field=course"))
    assert some
    assert some == [line for line in everything if line[0] == "Курс"]
    assert lines(astu.get(f"{path}?field=nothing&page=x")) == everything


def test_who_may_open_it(
    astu: Any, world: Any, new_client: Callable[..., Any], login: Callable[..., Any], session: Session
) -> None:
    path = f"/students/{world.public_ids['kim']}"
    form = typed(astu.get(f"{path}/edit"))
    astu.post(f"{path}/edit", data={**form, "phone": "+7 777 000-00-00", "faculty": "ФИТ", "do": "save"})
    for key, answered in (
        ("ministry", 200),
        ("auditor", 200),
        ("asu", 404),
        ("altvagon", 403),
        ("akimat", 403),
        ("admin", 403),
    ):
        visitor = new_client()
        login(visitor, world.emails[key])
        page = visitor.get(f"{path}/history")
        assert page.status_code == answered, key
        if answered == 200:
            assert "ФИТ" in page.text
            assert "+77770000000" not in page.text  # contacts are not theirs
            assert "undo" not in page.text
    looked = sa.select(AuditEntry.role).where(AuditEntry.action == "student:viewed")
    assert {"ministry", "auditor"} <= set(session.scalars(looked))
