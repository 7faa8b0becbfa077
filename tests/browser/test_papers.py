"""Papers of a card: the personal sheet is one sheet of A4, a certificate is a file; an act is taken back without scripts."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.hands import fill_in, main, press, said

SignIn = Callable[..., None]
A4 = (595, 842)


def test_the_personal_sheet_is_one_sheet(page: Page, sign_in: SignIn, world: Any) -> None:
    sign_in(page, world.emails["astu"])
    page.goto(f"/students/{world.public_ids['kim']}/sheet")
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(pdf.pages) == 1
    box = pdf.pages[0].mediabox
    assert (round(box.width), round(box.height)) == A4
    text = " ".join(pdf.pages[0].extract_text().split())
    for words in ("Личная карточка студента", "Ким", "Приказы", "Ответственный за личные дела"):
        assert words in text, words
    assert world.iins["kim"] not in text
    for words in ("Показать номера", "Печать: Ctrl", "Загрузки"):
        assert words not in text, words
    press(page, "Показать номера", 200)
    page.get_by_text("Номера открыты").wait_for()
    opened = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(opened.pages) == 1
    assert world.iins["kim"] in opened.pages[0].extract_text()


def test_a_certificate_and_taking_an_order_back(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["astu"])
    page.goto(f"/students/{world.public_ids['kim']}")
    page.click("summary:has-text('Ещё')")
    press(page, "Выдать справку", 200)
    press(page, "Выдать справку", 303)
    with page.expect_download() as coming:
        press(page, "Скачать PDF")
    assert coming.value.suggested_filename == "Справка_1-2026_2026-11-23.pdf"
    page.goto(f"/students/{world.public_ids['kim']}")
    page.click("summary:has-text('Записать приказ')")
    press(page, "Отчислить", 200)
    fill_in(page, number="412-ст", signed_on="20.11.2026", ground="debt")
    press(page, "Проверить и записать", 200)
    press(page, "Записать приказ", 303)
    press(page, "Отменить", 303)
    assert "Отменено" in said(page)
    assert "Аннулирован приказом отмена ввода" in main(page)
