"""A university does its part of the main job in a browser without scripts: registers, records orders, exports, agrees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from exchange.people.iin import check_digit
from tests.browser.hands import (
    ROSTERS,
    download,
    fact,
    fill_in,
    focused,
    follow,
    go_to,
    heading,
    main,
    names,
    press,
    said,
    table_of,
    typed,
)

SignIn = Callable[..., None]
STEM = "07051469930"
IIN = f"{STEM}{check_digit(STEM)}"  # a woman born on 14.05.2007
PERSON = {
    "iin": IIN, "born": "14.5.2007", "sex": "F", "last_name": "Нұрланова", "first_name": "Айгерім", "patronymic": "Маратқызы",
    "citizenship": "KZ", "region": "630000000", "phone": "+77771234567",
}  # fmt: skip
STUDY = {"form": "full", "course": "1", "funding": "contract_person", "group": "ИВТ-61"}
PAPER = {"order_number": "Л-1187", "order_date": "24.11.2026", "enrolled_on": "01.09.2026"}


def test_a_student_is_registered_after_one_mistake(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["astu"])
    go_to(page, "Студенты")
    assert heading(page) == "Студенты 5"
    press(page, "Добавить студента", 200)
    fill_in(page, **PERSON, **STUDY, **PAPER, programme_query="информатика и вычислительная")
    press(page, "Найти")
    fill_in(page, programme="09.03.01")

    press(page, "Сохранить", 422)
    assert page.title().startswith("Ошибка: ")
    assert focused(page) == "errsum"
    sentence = "Дата приказа должна быть не позже сегодняшней. Исправьте дату"
    assert page.inner_text(".errsum li") == sentence
    kept = {**PERSON, **STUDY, **PAPER, "born": "14.05.2007", "programme": "09.03.01"}
    assert typed(page, kept) == kept
    assert page.locator("#order_date").get_attribute("aria-invalid") == "true"
    described = (page.locator("#order_date").get_attribute("aria-describedby") or "").split()
    assert any(sentence in page.inner_text(f"#{one}") for one in described)
    page.click(f".errsum a:has-text('{sentence}')")
    assert focused(page) == "order_date"

    fill_in(page, order_date="24.08.2026")
    press(page, "Сохранить", 303)
    assert said(page).startswith("Запись добавлена: Нұрланова Айгерім Маратқызы")
    assert heading(page) == "Нұрланова Айгерім Маратқызы"
    assert fact(page, "Дата рождения") == "14.05.2007"
    assert fact(page, "Направление").startswith("09.03.01")
    assert fact(page, "ИИН") == f"{IIN[:4]}••••{IIN[-4:]}"
    assert IIN not in page.content()
    press(page, "Показать номера")
    assert fact(page, "ИИН") == IIN

    go_to(page, "Студенты")
    assert heading(page) == "Студенты 6"
    assert names(page)[0] == "Нұрланова Айгерім Маратқызы"
    page.fill("main [name=q]", "nurlanova")
    press(page, "Применить")
    assert names(page) == ["Нұрланова Айгерім Маратқызы"]


def test_the_next_of_a_series_and_a_double(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["astu"])
    page.goto("/students/new")
    fill_in(page, **PERSON, **STUDY, **PAPER | {"order_date": "24.08.2026"}, programme_query="09.03.01")
    press(page, "Сохранить и добавить ещё", 303)
    assert "/students/new" in page.url
    carried = {**STUDY, **PAPER, "order_date": "24.08.2026", "programme": "09.03.01"}
    assert typed(page, carried) == carried
    assert typed(page, ["iin", "last_name", "phone"]) == {"iin": "", "last_name": "", "phone": ""}
    fill_in(page, **PERSON)
    press(page, "Сохранить", 422)
    assert "уже есть" in page.inner_text(".errsum")
    follow(page.get_by_role("link", name="Открыть запись").first)
    assert heading(page) == "Нұрланова Айгерім Маратқызы"


def test_an_expulsion_and_its_annulment(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["astu"])
    card = f"/students/{world.public_ids['orazbayeva']}"
    page.goto(card)
    page.click("summary:has-text('Записать приказ')")
    press(page, "Отчислить", 200)
    fill_in(page, signed_on="20.11.2026", ground="debt")
    press(page, "Проверить и записать", 422)
    assert page.inner_text(".errsum li") == "Номер приказа не указан. Введите номер"
    assert typed(page, ["signed_on", "ground"]) == {"signed_on": "20.11.2026", "ground": "debt"}
    fill_in(page, number="412-ст")
    press(page, "Проверить и записать", 200)
    asked = main(page)
    assert "Выбывает из контингента: АлтГТУ, с 20.11.2026" in asked
    assert "Отчёт на 1 октября 2026 г. не изменится" in asked
    beside = page.context.new_page()
    beside.goto("/students")
    assert heading(beside) == "Студенты 5", "the check page records nothing"
    beside.close()
    press(page, "Записать приказ", 303)
    assert "Отчисл" in said(page)
    assert "20.11.2026" in said(page)
    assert "Отчисл" in page.inner_text(".ident .badge, .ident [class*=b-], .ident .bd, .ident")
    go_to(page, "Студенты")
    assert heading(page) == "Студенты 4"

    page.goto(card)
    follow(page.locator(".line-of li").filter(has_text="412-ст").get_by_role("link", name="Аннулировать"))
    press(page, "Аннулировать", 422)
    fill_in(page, number="415-ст", reason="Записан не тому студенту")
    press(page, "Аннулировать", 303)
    assert "аннулирован" in said(page).lower()
    ledger = page.inner_text(".line-of")
    assert "412-ст" in ledger
    assert "Аннулирован" in ledger
    go_to(page, "Студенты")
    assert heading(page) == "Студенты 5"


def test_the_exported_list_is_the_list(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["asu"])
    page.goto("/students?sort=name&status=all")
    shown = [
        [cell.strip().split("\n")[0] for cell in row.locator("th a, td:not(.cb)").all_inner_texts()]
        for row in page.locator("tbody tr").all()
    ]
    assert heading(page) == "Студенты 7"
    book = download(page, "Скачать 7 записей в Excel")
    headings, *rows = table_of(book, "ФИО")
    place = {name: headings.index(name) for name in ("ФИО", "Дата рождения", "Курс", "Статус")}
    got = [(row[place["ФИО"]], f"{row[place['Дата рождения']]:%d.%m.%Y}", str(row[place["Курс"]] or "—")) for row in rows]
    assert got == [(row[0], row[1], row[3]) for row in shown]
    numbers = [row[headings.index("ИИН")] for row in rows]
    assert world.iins["ivanov"] in numbers, "who may reveal numbers gets them whole"

    page.fill("main [name=q]", "kurmangaliyeva")
    press(page, "Применить")
    assert names(page) == ["Құрманғалиева Әлия"]
    assert [row[0] for row in table_of(download(page, "Скачать 1 запись в Excel"), "ФИО")[1:]] == ["Құрманғалиева Әлия"]


def test_two_editors_lose_nothing(new_page: Callable[..., Page], sign_in: SignIn, world: Any) -> None:
    """One works at the branch, the other at the head; scripts are off for both."""
    first, second = new_page(java_script_enabled=False), new_page(java_script_enabled=False)
    card = f"/students/{world.public_ids['kasymova']}"
    for page, key in ((first, "branch"), (second, "asu")):
        sign_in(page, world.emails[key])
        page.goto(f"{card}/edit")
    fill_in(first, phone="+77050000001", note="Позвонить родителям")
    press(first, "Сохранить", 303)
    assert said(first) == "Изменения записаны Отменить"
    fill_in(second, phone="+77050000002", address="Рубцовск, Ленина 1")
    press(second, "Сохранить", 409)
    told = main(second)
    assert "Пока вы редактировали, запись изменилась" in told
    for words in ("Branch Tester", "+77050000001", "+77050000002", "Рубцовск, Ленина 1", "Позвонить родителям"):
        assert words in told
    press(second, "Сохранить", 409)
    assert "Выберите значение для поля «Телефон»" in main(second)
    second.check("main [name=choice-phone][value=mine]")
    press(second, "Сохранить", 303)
    for label, value in (("Телефон", "+77050000002"), ("Заметка", "Позвонить родителям")):
        assert fact(second, label) == value
    assert "Рубцовск, Ленина 1" in fact(second, "Адрес в крае")


def test_a_real_roster(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    """240 rows, 6 of them wrong (shared as altstu.csv); the good ones go in, and the same file changes nothing again."""
    page = page_without_js
    sign_in(page, world.emails["astu"])
    go_to(page, "Загрузки")
    press(page, "Загрузить из Excel", 200)
    press(page, "Загрузить и проверить", 422)
    assert page.inner_text(".errsum li") == "Выберите файл"
    page.set_input_files("input[type=file]", ROSTERS / "altstu.csv")
    press(page, "Загрузить и проверить", 303)
    asked = main(page)
    assert "В реестр ещё ничего не записано" in asked
    assert "6 строк нужно исправить или пропустить" in asked
    # where the six are, in the words of the file: two rows of names and three of IINs are told by their cells
    for cell in ("19", "43", "108", "140", "197", "237"):
        assert page.locator("tbody tr").filter(has_text=cell).count(), cell
    press(page, "Загрузить 234, пропустить 6", 303)
    assert said(page) == "Загружены 234 строки: новых 234, обновлено 0"
    go_to(page, "Студенты")
    assert heading(page) == "Студенты 239"
    page.fill("main [name=q]", "Оразбаева Сауле")
    press(page, "Применить")
    assert names(page) == ["Оразбаева Сауле Талгатовна"]

    page.goto("/imports/new")
    page.set_input_files("input[type=file]", ROSTERS / "altstu.csv")
    press(page, "Загрузить и проверить", 303)
    again = main(page)
    assert "Этот файл уже загружен 23.11.2026, новых изменений нет" in again
    assert not page.locator("main button").filter(has_text="Загрузить ").count()
    go_to(page, "Студенты")
    assert heading(page) == "Студенты 239"
