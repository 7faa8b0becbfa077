"""An enterprise logs who works there, a university knows its student and agrees; scripts are off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

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
    plain,
    press,
    said,
    table_of,
    typed,
)

SignIn = Callable[..., None]
PLACE = {
    "starts_on": "02.11.2026", "ends_on": "20.11.2026", "department": "Сборочный цех", "mentor": "Лапина О. В.",
    "hours_planned": "100", "briefing_on": "02.11.2026",
}  # fmt: skip
WEEKS = {"2026-11-02": "36", "2026-11-09": "30", "2026-11-16": "34"}


def test_a_student_from_the_first_line_to_the_mark(new_page: Callable[..., Page], sign_in: SignIn, world: Any) -> None:
    page, university = new_page(java_script_enabled=False), new_page(java_script_enabled=False)
    sign_in(page, world.emails["altvagon"])
    assert heading(page) == "Практики и стажировки 2"
    press(page, "Добавить практиканта", 200)
    person = {
        "kind": "practice", "last_name": "Оразбаева", "first_name": "Томирис", "born": "08.08.2006",
        "iin": world.iins["orazbayeva"], "university": "ASTU",
    }  # fmt: skip
    fill_in(page, **person, **PLACE | {"ends_on": "20.10.2026"})
    press(page, "Спросить, знает ли вуз этого студента")
    assert "АлтГТУ знает этого студента" in main(page)
    assert "Қайратқызы" not in page.content(), "a university answers with no more than initials"
    press(page, "Добавить", 422)
    assert focused(page) == "errsum"
    assert "раньше начала" in page.inner_text(".errsum")
    kept = {**person, **PLACE, "ends_on": "20.10.2026"}
    assert typed(page, kept) == kept
    fill_in(page, ends_on="20.11.2026")
    press(page, "Добавить", 303)
    card = page.url
    assert heading(page) == "Оразбаева Томирис"
    assert world.iins["orazbayeva"] not in page.content()

    # the university
    sign_in(university, world.emails["astu"])
    go_to(university, "Практики и стажировки")
    assert "1 запись ждёт вашего слова" in main(university)
    press(university, "Узнать и согласовать")
    assert "ИИН и имя совпали" in main(university)
    press(university, "Это наш студент — согласовать", 303)
    assert "Никто не ждёт" in main(university)
    university.goto(card)
    assert "Вуз согласовал" in main(university)
    follow(university.get_by_role("link", name="Карточка студента в реестре вуза"))
    assert heading(university) == "Оразбаева Томирис Қайратқызы"

    # the work, and what came of it
    page.goto(card)
    for step in ("Подтвердить место", "Начать"):
        press(page, step, 200)
        press(page, step, 303)
    press(page, "Часы по неделям", 200)
    fill_in(page, **{f"done-{week}": hours for week, hours in (WEEKS | {"2026-11-09": "45"}).items()})
    press(page, "Записать часы", 422)
    assert "45 часов — больше 40, которые разрешены" in plain(page.inner_text(".errsum li"))
    assert typed(page, ["done-2026-11-02", "done-2026-11-09"]) == {"done-2026-11-02": "36", "done-2026-11-09": "45"}
    fill_in(page, **{"done-2026-11-09": "30"})
    press(page, "Записать часы", 303)
    assert "100 из" in main(page)
    press(page, "Оценить", 200)
    fill_in(page, grade="5", review="Хорошо")
    press(page, "Записать оценку", 422)
    assert "не меньше 20 знаков" in page.inner_text(".errsum")
    fill_in(page, review="Собирает узлы самостоятельно, чертежи читает.", outcome="invited")
    press(page, "Записать оценку", 303)
    done = main(page)
    assert "Завершена" in done
    assert "Приглашён на работу" in done
    university.goto(card)
    assert "5 — отлично" in main(university)
    go_to(page, "Практики и стажировки")
    page.goto("/internships?tab=all&sort=name")
    shown = names(page)
    assert "Оразбаева Томирис" in shown
    book = download(page, "Скачать 3 записи в Excel")
    assert [row[0] for row in table_of(book, "ФИО")[1:]] == shown


def test_a_specialist_has_an_employer_and_needs_no_university(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["altkoks"])
    press(page, "Добавить практиканта", 200)
    person = {"kind": "specialist", "last_name": "Сагинтаев", "first_name": "Ерлан", "born": "3.3.1990"}
    fill_in(page, **person, **PLACE)
    press(page, "Добавить", 422)
    assert page.inner_text(".errsum li") == "Введите организацию в Казахстане, которая направила специалиста"
    fill_in(page, employer="ТОО «Казцинк»", position="инженер-технолог")
    press(page, "Добавить", 303)
    told = main(page)
    assert "стажировка · ТОО «Казцинк»" in told
    assert "Ждёт вуз" not in told
    assert fact(page, "Дата рождения") == "03.03.1990"
    card = page.url
    press(page, "Изменить", 200)
    fill_in(page, department="Лаборатория")
    press(page, "Сохранить", 303)
    assert "Лаборатория" in main(page)

    # another enterprise does not even learn that there is such a record
    press(page, "Подтвердить место", 200)
    press(page, "Подтвердить место", 303)
    page.context.clear_cookies()
    sign_in(page, world.emails["altvagon"])
    answer = page.goto(card)
    assert answer is not None
    assert answer.status == 404


def test_two_of_an_enterprise_change_one_record(new_page: Callable[..., Page], sign_in: SignIn, world: Any) -> None:
    first, second = new_page(java_script_enabled=False), new_page(java_script_enabled=False)
    card = f"/internships/{world.internship_public_ids['minor']}"
    for page in (first, second):
        sign_in(page, world.emails["altvagon"])
        page.goto(f"{card}/edit")
    fill_in(first, mentor="Иванова А. А.", department="Цех № 2")
    press(first, "Сохранить", 303)
    fill_in(second, mentor="Петров Б. Б.", programme="Преддипломная практика")
    press(second, "Сохранить", 409)
    told = main(second)
    for words in ("Altvagon Tester", "Иванова А. А.", "Петров Б. Б.", "Преддипломная практика", "Цех № 2"):
        assert words in told
    second.check("main [name=choice-mentor][value=mine]")
    press(second, "Сохранить", 303)
    told = main(second)
    for words in ("Петров Б. Б.", "Преддипломная практика", "Цех № 2"):
        assert words in told


def test_a_list_of_interns(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["altvagon"])
    go_to(page, "Загрузки")
    press(page, "Загрузить из Excel", 200)
    page.set_input_files("input[type=file]", ROSTERS / "altaivagon-interns.xlsx")
    press(page, "Загрузить и проверить", 303)
    assert "В реестр ещё ничего не записано" in main(page)
    page.locator("main button").filter(has_text="Загрузить ").first.click()
    assert said(page).startswith("Загружен")
    added = int("".join(filter(str.isdigit, said(page).partition("новых")[2].partition(",")[0])))
    page.goto("/internships?tab=all")
    assert heading(page) == f"Практики и стажировки {2 + added}"
