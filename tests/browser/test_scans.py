"""Scans in a browser: chosen, refused with nothing lost, put at a student, taken back as a file that is not opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.hands import fill_in, focused, follow, main, press, said, typed
from tests.browser.test_access import wrong_with
from tests.files import papers
from tests.files.papers import pdf, picture

SignIn = Callable[..., None]


def choose(page: Page, name: str, content: bytes) -> None:
    """Picks a file; what the browser calls it is the name's word, not the content's."""
    page.set_input_files("main [name=scan_file]", {"name": name, "mimeType": "application/pdf", "buffer": content})


def test_a_scan_is_brought_after_two_mistakes_and_downloaded(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["astu"])
    page.goto(f"/students/{world.public_ids['orazbayeva']}")
    press(page, "Документы", 200)
    assert "Документов нет" in main(page)
    fill_in(page, note="оригинал в деле")
    choose(page, "dogovor.pdf", papers.EXE)
    press(page, "Приложить", 422)
    assert focused(page) == "errsum"
    assert "В имени файла «.pdf», но внутри не PDF, JPG или PNG" in page.inner_text(".errsum")
    assert typed(page, ["note"]) == {"note": "оригинал в деле"}
    content = pdf(2, seed=80)
    choose(page, "Договор.pdf", content)
    press(page, "Приложить", 422)
    assert page.inner_text(".errsum li") == "Выберите, что за документ"
    assert page.locator("main [name=scan]:checked").count() == 1, "the file waits: it need not be chosen again"
    fill_in(page, kind="contract")
    press(page, "Приложить", 303)
    assert said(page) == "Файл приложен"
    with page.expect_download() as coming:
        page.get_by_role("link", name="Скачать").first.click()
    assert coming.value.suggested_filename == "Договор.pdf"
    assert Path(coming.value.path()).read_bytes() == content
    press(page, "Убрать", 200)
    fill_in(page, reason="не тому студенту")
    press(page, "Убрать скан", 303)
    page.locator("details summary", has_text="Убран 1 скан").click()
    press(page, "Вернуть", 303)
    assert said(page) == "Скан возвращён"


def test_an_order_keeps_its_scan_over_the_check_page(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["astu"])
    page.goto(f"/students/{world.public_ids['kim']}/orders/new?type=expulsion")
    choose(page, "prikaz.jpg", picture("JPEG"))
    press(page, "Проверить и записать", 422)
    fill_in(page, number="412-ст", ground="debt")
    press(page, "Проверить и записать", 200)
    assert "prikaz.jpg" in main(page)
    press(page, "Записать приказ", 303)
    assert "Приложено: 1" in main(page)
    follow(page.get_by_role("link", name="Приложено: 1").first)
    assert "prikaz.jpg" in main(page)


def test_the_pages_of_scans_are_open_to_everybody(page: Page, sign_in: SignIn, world: Any) -> None:
    sign_in(page, world.emails["astu"])
    found: list[str] = []
    known: set[str] = set()
    student = world.public_ids["kim"]
    for path in (
        f"/students/{student}/files", f"/files/student/{student}/new", f"/files/{world.scans['kim']}/remove",
        f"/students/{student}/orders/new?type=expulsion", f"/students/{student}/stay",
    ):  # fmt: skip
        page.goto(path)
        found += wrong_with(page, known)
    page.goto(f"/students/{student}/files")
    choose(page, "a.png", picture("PNG"))
    press(page, "Приложить", 422)
    found += wrong_with(page, known)
    assert found == []
