"""Those who look: the ministry at a day and its workbooks, the akimat at figures only, the auditor at what was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.hands import (
    download,
    focused,
    follow,
    go_to,
    heading,
    main,
    number_in,
    plain,
    press,
    said,
    total_in,
)

SignIn = Callable[..., None]


def test_the_same_total_everywhere(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    """Overview = workbook = report on the screen = list, at two days (hand counts of tests/world.py)."""
    page = page_without_js
    sign_in(page, world.emails["ministry"])
    assert heading(page) == "Обзор на 1 октября 2026 г."
    for day, long_day, enrolments, persons in (
        ("01.10.2026", "1 октября 2026 г.", 8, 7),
        ("01.10.2025", "1 октября 2025 г.", 11, 10),
    ):
        page.goto("/overview")
        page.fill("main [name=on]", day)
        page.fill("main [name=vs]", "01.10.2024")
        press(page, "Показать", 200)
        assert heading(page) == f"Обзор на {long_day}"
        cards = [plain(text) for text in page.locator(".kpi").all_inner_texts()]
        assert f" {enrolments} " in f" {cards[0]} "
        assert f" {persons} " in f" {cards[1]} "
        book = download(page, "Скачать отчёт Excel")
        assert total_in(book, "Всего") == enrolments
        assert total_in(book, "Уникальных лиц") == persons
        follow(page.locator(".kpi a").first)
        assert heading(page) == f"Студенты {enrolments}"
        page.goto(f"/reports/R01?on={day}")
        totals = page.locator("tfoot td.n a")
        assert plain(totals.first.inner_text()) == str(enrolments)
        follow(totals.first)
        assert heading(page) == f"Студенты {enrolments}"
    page.goto("/overview?on=24.11.2026")
    assert focused(page) == "errsum"
    assert "23.11.2026" in page.inner_text(".errsum")
    assert page.input_value("main [name=on]") == "24.11.2026"


def test_what_changed_leads_to_people_and_orders(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["ministry"])
    page.goto("/overview?on=01.10.2026&vs=01.10.2025")
    ways = page.locator("section", has=page.locator("#w, #w-h, #w-t, h2")).filter(has_text="Было на 1 октября 2025 г.").first
    step = ways.get_by_role("link").filter(has_text="+").first
    number = number_in(step.inner_text())
    follow(step)
    assert number_in(heading(page)) == number
    assert page.locator("tbody tr").count() == number
    follow(page.locator("tbody th a").first)
    assert "Лента" in main(page)
    assert not page.get_by_role("link", name="Изменить", exact=True).count(), "a ministry reads"


def test_reports_of_regions_and_internships(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["ministry"])
    go_to(page, "Отчёты")
    assert "Откуда приехали" in main(page)
    page.goto("/reports/R04?on=01.10.2026")
    assert plain(page.locator("tfoot td.n").first.inner_text()) == "8"
    assert "НЕ СХОДИТСЯ" not in main(page)
    assert total_in(download(page, "Скачать Excel"), "Всего") == 8
    # between 1 June and 23 November four were at enterprises, one of them is only planned for December
    page.goto("/reports/R08?from=01.06.2026&to=23.11.2026")
    assert plain(page.locator("tfoot td.n").first.inner_text()) == "3"
    assert total_in(download(page, "Скачать Excel"), "Всего") == 3
    answer = page.goto("/reports/R01?on=01.10.2036")
    assert answer is not None
    assert answer.status == 422
    assert page.input_value("main [name=on]") == "01.10.2036"


def test_the_akimat_sees_figures_only(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["akimat"])
    assert heading(page).startswith("Обзор на ")
    assert [plain(text) for text in page.locator(".nav .bar a").all_inner_texts()] == ["Обзор", "Отчёты"]
    everything = page.content()
    for address in ("/overview", "/reports", "/reports/R01?on=01.10.2026", "/reports/R04?on=01.10.2026", "/reports/R08"):
        page.goto(address)
        everything += page.content()
        assert not page.locator("a[href*='/students'], a[href*='/internships'], form[action*='/students']").count(), address
    for surname in ("Ахметов", "Ким", "Болатов", "Төлегенова"):
        assert surname not in everything
    closed = {"/students": 403, f"/students/{world.public_ids['kim']}": 403, "/students/export.xlsx": 403, "/internships": 403,
              f"/internships/{world.internship_public_ids['summer']}": 403, "/overview/changes?kind=enrolled": 403}  # fmt: skip
    assert {one: page.request.get(one, max_redirects=0).status for one in closed} == closed
    page.goto("/students")
    assert heading(page) == "Нет доступа к этой странице"
    page.goto("/reports/R01?on=01.10.2026")
    book = download(page, "Скачать Excel")
    cells = [
        str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]
    assert not [text for text in cells if "Ким" in text.split() or "Ахметов" in text]


def test_the_auditor_finds_what_others_did(new_page: Callable[..., Page], sign_in: SignIn, world: Any) -> None:
    astu, ministry, page = (new_page(java_script_enabled=False) for _ in range(3))
    sign_in(astu, world.emails["astu"])
    astu.goto(f"/students/{world.public_ids['kim']}")
    press(astu, "Показать номера")
    assert str(world.iins["kim"]) in astu.content()
    astu.goto("/students")
    download(astu, "Скачать 5 записей в Excel")
    sign_in(ministry, world.emails["ministry"])
    ministry.goto("/reports/R01?on=01.10.2026")
    download(ministry, "Скачать Excel")

    sign_in(page, world.emails["auditor"])
    go_to(page, "Журнал")
    told = [plain(row) for row in page.locator("tbody tr").all_inner_texts()]
    for who, what in (
        ("Astu Tester", "открыты ИИН и документы"),
        ("Astu Tester", "скачан список студентов"),
        ("Ministry Tester", "скачан отчёт R01"),
        ("Auditor Tester", "вход"),
    ):
        assert [row for row in told if who in row and what in row], f"{who}: {what}\n" + "\n".join(told)
    assert str(world.iins["kim"]) not in page.content()
    page.fill("main [name=who]", "Astu")
    press(page, "Применить")
    assert {plain(cell).split(" Tester")[0] for cell in page.locator("tbody td[data-l='Кто']").all_inner_texts()} == {"Astu"}
    press(page, "Проверить цепочку", 303)
    assert said(page).startswith("Журнал цел")
    book = download(page, "Скачать Excel")
    assert any(cell.value == "Ministry Tester" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    page.goto("/students")
    assert not page.get_by_role("link", name="Добавить студента").count()
    assert page.request.get("/students/new").status == 403
