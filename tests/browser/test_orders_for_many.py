"""A university records one order for many students without scripts: the whole list goes one course on, one is left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.hands import fact, fill_in, follow, go_to, heading, main, press, said, typed
from tests.browser.test_access import wrong_with

SignIn = Callable[..., None]


def courses(page: Page, world: Any, *keys: str) -> list[int]:
    """The year of study on the cards of these students."""
    found = []
    for key in keys:
        page.goto(f"/students/{world.public_ids[key]}")
        found.append(int(fact(page, "Курс и группа").split(",")[0]))
    return found


def test_a_query_is_promoted_to_the_next_course(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["astu"])
    was = courses(page, world, "kim", "orazbayeva")

    # what the bar of the list sends for everybody whom the filters leave
    page.goto("/students/orders/many?type=course_transfer&all=1&level=bachelor")
    assert heading(page).startswith("Перевести на курс: 3 студент")
    fill_in(page, signed_on="20.11.2026", effective_on="20.11.2026")
    press(page, "Проверить", 422)
    assert page.inner_text(".errsum li") == "Номер приказа не указан. Введите номер"
    assert typed(page, ["signed_on", "course"]) == {"signed_on": "20.11.2026", "course": "next"}
    fill_in(page, number="512-ст")
    press(page, "Проверить", 200)
    assert heading(page).startswith("Записать приказ для 3 студент")
    assert f"Курс: {was[0]} → {was[0] + 1}" in main(page)
    assert "Отчёт на 1 октября 2026 г. не изменится" in main(page)
    press(page, "Вернуться к форме", 200)
    assert typed(page, ["number", "course"]) == {"number": "512-ст", "course": "next"}
    press(page, "Проверить", 200)
    press(page, "Записать для 3 студент", 303)
    assert "Приказ записан для 3 студент" in said(page)
    assert heading(page) == "Приказ 512-ст от 20.11.2026 3"
    assert page.locator("#lines tbody tr").count() == 3
    paper = page.url

    assert courses(page, world, "kim", "orazbayeva") == [was[0] + 1, was[1] + 1]
    follow(page.get_by_role("link", name="Приказ 512-ст от 20.11.2026", exact=False).first)
    assert page.url == paper


def test_an_order_is_entered_first_and_its_students_are_found(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["astu"])
    go_to(page, "Студенты")
    press(page, "Приказы", 200)
    press(page, "Внести приказ", 200)
    follow(page.get_by_role("link", name="О предоставлении академического отпуска"))
    fill_in(page, number="77-ст", signed_on="16.11.2026", leave_ground="family", until="30.06.2027", expected="3")
    press(page, "Внести приказ", 303)
    assert "Внесено 0 из 3, не хватает 3." in main(page)
    press(page, "Добавить студентов", 200)
    for key in ("kim", "orazbayeva"):
        page.check(f"[name=student][value='{world.public_ids[key]}']")
    press(page, "Продолжить с отмеченными", 200)
    assert typed(page, ["leave_ground", "until"]) == {"leave_ground": "family", "until": "30.06.2027"}
    press(page, "Проверить", 200)
    press(page, "Записать для 2 студент", 303)
    assert "Внесено 2 из 3, не хватает 1." in main(page)

    press(page, "Аннулировать приказ", 200)
    fill_in(page, number="78-ст", signed_on="20.11.2026", reason="ошибка в списке")
    press(page, "Проверить", 200)
    press(page, "Аннулировать для 2 студент", 303)
    assert "Отменяет" in main(page)
    follow(page.get_by_role("link", name="приказ 77-ст от 16.11.2026").first)
    assert "Внесено 0 из 3, не хватает 3." in main(page)
    assert main(page).count("Аннулирован приказ 78-ст от 20.11.2026") == 2


def test_the_pages_are_open_to_everybody(page: Page, sign_in: SignIn, world: Any) -> None:
    """The form, its faults, the check page with somebody left out, the order, the list, the annulment."""
    sign_in(page, world.emails["astu"])
    found: list[str] = []
    known: set[str] = set()
    page.goto("/students/orders/new")
    found += wrong_with(page, known)
    page.goto("/students/orders/new?type=practice")
    found += wrong_with(page, known)
    keys = ("kim", "orazbayeva", "seitkali")
    page.goto("/students/orders/many?type=practice&" + "&".join(f"student={world.public_ids[key]}" for key in keys))
    fill_in(page, number="5-пр", until="20.12.2026")
    press(page, "Проверить", 422)
    found += wrong_with(page, known)
    fill_in(page, place="АО «Алтайвагон»")
    press(page, "Проверить", 200)
    assert page.locator("#unfit tbody tr").count() == 1
    found += wrong_with(page, known)
    press(page, "Записать для 2 студент", 303)
    found += wrong_with(page, known)
    paper = page.url
    for address in ("/students/orders", f"{paper}/students", f"{paper}/annul"):
        page.goto(address)
        found += wrong_with(page, known)
    fill_in(page, number="6-пр", reason="ошибка")
    press(page, "Проверить", 200)
    found += wrong_with(page, known)
    assert not found, "\n" + "\n".join(found)
