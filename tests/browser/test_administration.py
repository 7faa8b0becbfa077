"""The administrator lets somebody in; the door opens and closes. Scripts are off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.browser.hands import fact, fill_in, focused, follow, go_to, heading, main, press, said, typed

SignIn = Callable[..., None]
PASSWORD = "крепкий чай у окна в ноябре"


def test_from_the_invitation_to_the_first_page(new_page: Callable[..., Page], sign_in: SignIn, world: Any) -> None:
    admin, invited = new_page(java_script_enabled=False), new_page(java_script_enabled=False)
    sign_in(admin, world.emails["admin"])
    assert heading(admin) == "Пользователи 9"
    press(admin, "Пригласить", 200)
    person = {"email": "new@example.org", "name": "Сергеева Ольга", "organisation": "ALTKOKS", "role": "university"}
    fill_in(admin, **person)
    press(admin, "Создать приглашение", 422)
    assert focused(admin) == "errsum"
    assert typed(admin, person) == person
    fill_in(admin, role="enterprise")
    press(admin, "Создать приглашение", 303)
    link = admin.input_value("#link")

    assert invited.goto(link)
    assert heading(invited) == "Приглашение в реестр"
    fill_in(invited, password="short")
    press(invited, "Сохранить пароль", 422)
    fill_in(invited, password=PASSWORD)
    press(invited, "Сохранить пароль", 303)
    assert heading(invited) == "Практики и стажировки 2"
    invited.goto(link)
    assert heading(invited) == "Ссылка не действует"
    invited.goto("/me")
    assert fact(invited, "Организация") == "АО «Алтай-Кокс»"
    press(invited, "Выйти", 303)
    sign_in(invited, "new@example.org", PASSWORD)
    assert heading(invited) == "Практики и стажировки 2"

    admin.goto("/accounts?q=new@example.org")
    follow(admin.get_by_role("link", name="Сергеева Ольга"))
    assert fact(admin, "Роль").startswith("Сотрудник предприятия")
    press(admin, "Отключить", 200)
    press(admin, "Отключить", 303)
    invited.goto("/internships")
    assert heading(invited) == "Вход", "who is switched off is out at once"


def test_the_door_says_no_and_closes(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    answers = []
    for email in (world.emails["asu"], "nobody@example.org"):
        page.goto("/login")
        fill_in(page, email=email, password="not the password")
        press(page, "Войти", 422)
        answers.append(page.inner_text(".errsum").replace(email, ""))
        assert typed(page, ["email", "password"]) == {"email": email, "password": ""}
    assert answers[0] == answers[1], "an unknown account is answered as a known one"
    assert "Почта или пароль не подошли" in answers[0]

    page.goto(f"/students/{world.public_ids['ivanov']}")
    assert heading(page) == "Вход"
    fill_in(page, email=world.emails["asu"], password="long enough for a test")
    press(page, "Войти", 303)
    assert heading(page) == "Иванов Сергей Петрович", "after sign-in one is where one wanted to go"
    page.locator("details.acct summary").click()
    page.get_by_role("button", name="Выйти").click()
    assert heading(page) == "Вход"
    assert said(page) == "Вы вышли"
    page.go_back()
    assert "Иванов" not in page.content()


def test_the_administrator_keeps_organisations_and_sees_no_students(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["admin"])
    go_to(page, "Организации")
    page.goto("/organisations/ALTKOKS/edit")
    fill_in(page, short_ru="")
    press(page, "Сохранить", 422)
    assert focused(page) == "errsum"
    fill_in(page, short_ru="Алтай-Кокс", contact="отдел кадров, +7 38595 5-55-55")
    press(page, "Сохранить", 303)
    assert fact(page, "Контакт") == "отдел кадров, +7 38595 5-55-55"
    go_to(page, "Журнал")
    assert "изменена организация" in main(page)
    assert page.request.get("/students").status == 403
    # the last administrator stays
    page.goto("/accounts?q=admin@example.org")
    follow(page.get_by_role("link", name="Admin Tester"))
    press(page, "Отключить", 200)
    press(page, "Отключить", 422)
    assert "Отключить себя нельзя" in page.inner_text(".errsum")
    # colours are chosen without a script
    page.goto("/me")
    page.check("main [name=theme][value=dark]")
    press(page, "Сохранить", 303)
    assert page.locator("html").get_attribute("data-theme") == "dark"
