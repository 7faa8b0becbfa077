"""J2: three hundred rows with seven faulty ones come in through the browser, with scripts and without, in twelve clicks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import heading, main, plain, said
from tests.imports.rosters import CELLS, Someone, lines, many, xlsx

SignIn = Callable[..., None]
COLUMNS = (
    ("№", "number"), ("Фамилия", "last_name"), ("Имя", "first_name"), ("Отчество", "patronymic"), ("Пол", "sex"),
    ("Дата рождения", "born"), ("ИИН", "iin"), ("Регион", "region"), ("Направление подготовки", "programme"),
    ("Уровень", "level"), ("Форма обучения", "form"), ("Финансирование", "funding"), ("Курс", "course"), ("Группа", "group"),
    ("Номер приказа", "order_number"), ("Дата приказа", "order_date"),
)  # fmt: skip
TITLE = 2  # rows above the first person: a title and the headings
MOST_CLICKS = 12


def people() -> list[Someone]:
    """Three hundred; the first of them are in the register already, in another group."""
    found = many(300)
    found[13] = replace(found[13], born=dt.date(2006, 2, 28), sex="F", first="Камила", middle="", serial=8100)
    found[155] = found[41]  # the same person again, with less said
    return found


def roster() -> bytes:
    """Seven rows are wrong: no such day, ten digits, a short name of a programme, no surname, a double, two typing errors."""
    everybody = people()

    def but(name: str, index: int, fault: Callable[[Someone], Any]) -> Callable[[Someone], Any]:
        return lambda p: fault(p) if p is everybody[index] else CELLS[name](p)

    rows = lines(
        COLUMNS, people=everybody,
        born=but("born", 13, lambda p: "31.02.2006"),
        iin=but("iin", 36, lambda p: p.iin[:10]),
        programme=but("programme", 88, lambda p: "Информатика и ВТ"),
        last_name=but("last_name", 121, lambda p: ""),
        order_date=but("order_date", 203, lambda p: "01.09.2036"),
        region=but("region", 267, lambda p: "Восточно-Казахстнская обл."),
    )  # fmt: skip
    rows[1 + 155] = [None if words == "Группа" else cell for (words, _name), cell in zip(COLUMNS, rows[1 + 155], strict=True)]
    return xlsx([["Список студентов на 01.10.2026"], *rows], names=["Список"])


def known() -> bytes:
    """Twelve of them as an earlier list had them."""
    rows = lines(COLUMNS, people=people()[:12], group=lambda p: "старая")
    return xlsx([["Список студентов на 15.09.2026"], *rows], names=["Список"])


class Hand:
    """A hand on a mouse that counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def press(self, words: str) -> None:
        self.clicks += 1
        place = self.page.locator("body")
        place.get_by_role("button", name=words).or_(place.get_by_role("link", name=words, exact=True)).first.click()

    def choose(self, path: Path) -> None:
        self.clicks += 1
        self.page.set_input_files("input[type=file]", path)

    def type(self, label: str, text: str) -> None:
        self.clicks += 1
        field = self.page.get_by_label(label, exact=True)
        field.click()
        field.fill(text)


@pytest.fixture(params=["with scripts", "without"])
def office(request: pytest.FixtureRequest, new_page: Callable[..., Page]) -> Page:
    return new_page(java_script_enabled=request.param == "with scripts")


def brought(page: Page, sign_in: SignIn, world: Any, folder: Path) -> Path:
    """The university is signed in, twelve students are in the register; the file that it will bring."""
    sign_in(page, world.emails["asu"])
    earlier, file = folder / "сентябрь.xlsx", folder / "Контингент 1 октября.xlsx"
    earlier.write_bytes(known())
    file.write_bytes(roster())
    page.goto("/imports/new")
    page.set_input_files("input[type=file]", earlier)
    page.get_by_role("button", name="Загрузить и проверить").click()
    page.get_by_role("button", name="Загрузить 12 строк").click()
    page.goto("/students")
    return file


def test_a_roster_with_seven_faults_takes_twelve_clicks(office: Page, sign_in: SignIn, world: Any, tmp_path: Path) -> None:
    page = office
    file = brought(page, sign_in, world, tmp_path)
    hand = Hand(page)
    hand.press("Загрузки")
    hand.press("Загрузить из Excel")
    hand.choose(file)
    hand.press("Загрузить и проверить")
    assert heading(page) == "Проверьте строки перед загрузкой"
    asked = main(page)
    assert "7 строк нужно исправить или пропустить" in asked
    assert "Впишите сами: ИИН в строке 39, Фамилия в строке 124." in asked
    assert page.get_by_label("Дата рождения, строка 16", exact=True).input_value() == "28.02.2006"
    assert page.get_by_label("Направление, строка 91", exact=True).input_value().startswith("09.03.01 Информатика и выч")
    assert page.get_by_label("Регион, строка 270", exact=True).input_value() == "Восточно-Казахстанская область"
    assert page.get_by_label("Дата приказа, строка 206", exact=True).input_value() == "01.09.2026"
    assert page.get_by_label("Пропустить строку 158").is_checked()
    mine = people()
    hand.type("ИИН, строка 39", mine[36].iin)
    hand.type("Фамилия, строка 124", mine[121].last)
    hand.press("Сохранить исправления и проверить")
    assert said(page) == "Исправления сохранены. Строк с ошибками нет"
    hand.press("Загрузить 299 строк")
    assert heading(page) == "Файл загружен"
    assert "Загружено 299 строк: 287 новых, 12 обновлено, 1 пропущена" in main(page)
    assert hand.clicks <= MOST_CLICKS, hand.clicks

    # the same file again: one more look, nothing to bring
    page.goto("/imports/new")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Загрузить и проверить").click()
    assert "Этот файл уже загружен 23.11.2026, новых изменений нет" in main(page)
    page.get_by_role("link", name="Открыть результат").click()
    assert heading(page) == "Файл загружен"


def test_rows_are_mended_by_keyboard_and_on_a_phone(
    new_page: Callable[..., Page], sign_in: SignIn, world: Any, accessible: Callable[[Page], None], tmp_path: Path
) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    file = brought(page, sign_in, world, tmp_path)
    page.goto("/imports/new")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Загрузить и проверить").click()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    field = page.get_by_label("ИИН, строка 39", exact=True)
    field.fill(people()[36].iin)
    field.press("Control+Enter")
    expect(page.locator("main .flash")).to_be_visible()
    assert said(page) == "Исправления сохранены: осталась 1 строка с ошибками"
    page.goto(page.url.split("?")[0] + "?tab=changed")
    accessible(page)
    row = plain(page.locator("tbody.one").first.inner_text())
    assert "старая" in row
    assert "415-1" in row
