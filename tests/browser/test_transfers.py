"""Two universities in two browsers: one asks for a student, the other sends her, the first enrols her; without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.hands import fact, fill_in, go_to, heading, main, press, said

SignIn = Callable[..., None]
PageMaker = Callable[..., Page]


def test_a_student_goes_from_one_university_to_another(new_page: PageMaker, sign_in: SignIn, world: Any) -> None:
    asu, astu = new_page(java_script_enabled=False), new_page(java_script_enabled=False)
    sign_in(asu, world.emails["asu"])
    sign_in(astu, world.emails["astu"])

    go_to(asu, "Переводы")
    assert "Входящих переводов нет" in main(asu)
    press(asu, "Запросить студента", 200)
    fill_in(asu, number=world.iins["tolegenova"], born="20.11.2008", planned_on="23.11.2026", note="Ждём до начала сессии")
    press(asu, "Отправить запрос", 303)
    assert said(asu) == "Запрос отправлен: АлтГТУ"
    assert "Төлегенова" not in main(asu)

    astu.goto("/students")
    assert astu.locator("header a[href='/transfers'] .cnt, nav a[href='/transfers'] .cnt").first.inner_text() == "1"
    astu.goto("/transfers")
    press(astu, "Төлегенова", 200)
    assert "Ждём до начала сессии" in main(astu)
    press(astu, "Передать: номер дела", 200)
    fill_in(astu, number="77-п", signed_on="20.11.2026", effective_on="21.11.2026", has_history="y")
    press(astu, "Проверить и записать", 200)
    assert "Выбывает из контингента: АлтГТУ, с 21.11.2026" in main(astu)
    press(astu, "Передать студента", 303)
    assert said(astu) == "Студент передан: АлтГУ. Вуз увидит его в разделе «Переводы»"

    asu.goto("/transfers")
    press(asu, "Төлегенова", 200)
    assert "История обучения" in main(asu)
    press(asu, "Принять", 200)
    fill_in(
        asu, programme_query="09.03.04", form="full", course="1", funding="quota", order_number="91-п",
        order_date="23.11.2026", enrolled_on="20.11.2026",
    )  # fmt: skip
    press(asu, "Принять студента", 422)
    assert asu.inner_text(".errsum li").startswith("Это раньше отчисления из прежнего вуза. Зачислите не раньше 21.11.2026")
    fill_in(asu, enrolled_on="23.11.2026")
    press(asu, "Принять студента", 303)
    assert said(asu).startswith("Студент принят. Номер дела")
    assert heading(asu).startswith("Төлегенова")
    assert fact(asu, "Вуз") == "АлтГУ"

    astu.goto(f"/students/{world.public_ids['tolegenova']}")
    assert heading(astu).startswith("Төлегенова")
    assert fact(astu, "Вуз") == "АлтГТУ"
    assert "91-п" not in main(astu)


def test_pages_of_transfers_stand_on_a_phone_and_are_readable(
    new_page: PageMaker, sign_in: SignIn, world: Any, accessible: Any
) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    sign_in(page, world.emails["astu"])
    paths = ("/transfers", "/transfers?tab=done", "/transfers/new", f"/transfers/of/{world.public_ids['tolegenova']}")
    for path in paths:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        accessible(page)
