"""J1 (register a student) and J3 (record an order) with their goal figures, with and without scripts; and no input is lost.

The goals with scripts: the first student of a series in 90 keys, each next one in 55, no click; an expulsion in 3 clicks; one
order for 30 students. Without scripts the first student takes 90 keys too (what the number says of birth and sex is filled
in by the answer and saved by a second Enter), and an expulsion the same 3 clicks (the form is sent by Enter).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from exchange.people.iin import check_digit
from tests.browser.hands import ROSTERS, fact, fill_in, heading, main, names, press, said, typed
from tests.browser.keyboard import Keyboard
from tests.world import PASSWORD

SignIn = Callable[..., None]


def iin(stem: str) -> str:
    return f"{stem}{check_digit(stem)}"


FIRST, SECOND = iin("08031455123"), iin("07112255012")


def focused_name(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.tagName"))


def tab_to(page: Page, keys: Keyboard, name: str) -> None:
    """Tab until the field of this name has the focus."""
    for _ in range(40):
        keys.press("Tab")
        if focused_name(page) == name:
            return
    raise AssertionError(f"Tab does not reach {name}")


# ------------------------------------------------------------------------------------------------------------------ J1
def test_j1_a_series_by_keyboard(page: Page, sign_in: SignIn, world: Any) -> None:
    sign_in(page, world.emails["astu"])
    page.goto("/students")
    keys = Keyboard(page)
    with page.expect_navigation():
        keys.press("n")
    assert focused_name(page) == "iin"
    keys.type(FIRST)
    expect(page.locator("#born")).to_have_value("14.03.2008")
    expect(page.locator("#sex")).to_have_value("M")
    expect(page.locator("#born-s")).to_have_text("Подсказано по ИИН, сверьте")
    for name, text in (("last_name", "Ахметов"), ("first_name", "Айдар"), ("patronymic", "Сериккалиевич"), ("region", "вос")):
        tab_to(page, keys, name)
        keys.type(text)
    expect(page.locator(".aside")).to_contain_text("Akhmetov Aidar")
    expect(page.locator(".aside")).to_contain_text("Похожих записей нет")
    tab_to(page, keys, "programme_query")
    keys.type("09.03.04")
    tab_to(page, keys, "course")
    expect(page.locator("#level")).to_have_value("bachelor")
    keys.type("1")
    tab_to(page, keys, "funding")
    keys.type("д")
    for name, text in (("order_number", "Л-1187"), ("order_date", "26.8.26"), ("enrolled_on", "1.9.26")):
        tab_to(page, keys, name)
        keys.type(text)
    with page.expect_navigation():
        keys.press("Control+Shift+Enter")
    first = keys.pressed
    assert "Запись добавлена: Ахметов Айдар Сериккалиевич" in main(page)
    taken = page.inner_text("main .note.ok .small")
    assert taken == (
        "Перенесено: вуз, направление подготовки, уровень, форма обучения, курс, оплата обучения, вид приказа, номер приказа, "
        "дата приказа, учится с."
    )

    keys = Keyboard(page)
    assert focused_name(page) == "iin"
    keys.type(SECOND)
    expect(page.locator("#sex")).to_have_value("M")
    for name, text in (("last_name", "Сапаров"), ("first_name", "Мирас"), ("patronymic", "Болатович"), ("region", "вос")):
        tab_to(page, keys, name)
        keys.type(text)
    with page.expect_navigation():
        keys.press("Control+Enter")
    assert said(page).startswith("Запись добавлена: Сапаров Мирас Болатович")
    assert fact(page, "Направление").startswith("09.03.04")
    assert fact(page, "Откуда").startswith("Восточно-Казахстанская")
    print(f"J1: {first} keys, then {keys.pressed}")
    assert first <= 90
    assert keys.pressed <= 55


def test_j1_without_scripts(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["astu"])
    page.goto("/students/new")
    keys = Keyboard(page)
    assert page.locator("#iin").evaluate("it => it === document.activeElement")
    keys.type(FIRST)
    told = (
        ("last_name", "Ахметов"), ("first_name", "Айдар"), ("patronymic", "Сериккалиевич"),
        ("region", "вос"), ("programme_query", "09.03.04"), ("course", "1"), ("funding", "д"), ("order_number", "Л-1187"),
        ("order_date", "26.8.26"), ("enrolled_on", "1.9.26"),
    )  # fmt: skip
    for name, text in told:
        tab_to(page, keys, name)
        keys.type(text)
    with page.expect_navigation():
        keys.press("Enter")
    assert said(page) == "Подсказано по ИИН: дата рождения, пол. Сверьте с документом и сохраните"
    assert (page.input_value("#born"), page.input_value("#sex")) == ("14.03.2008", "M")
    with page.expect_navigation():
        keys.press("Enter")
    assert said(page).startswith("Запись добавлена: Ахметов Айдар")
    print(f"J1 without scripts: {keys.pressed} keys")
    assert keys.pressed <= 90


# ------------------------------------------------------------------------------------------------------------------ J3
class Clicks:
    def __init__(self, page: Page) -> None:
        self.page, self.made = page, 0

    def __call__(self, words: str, role: Any = "button") -> None:
        self.page.locator("main").get_by_role(role, name=words, exact=True).first.click()
        self.made += 1


def expel(page: Page, world: Any) -> Clicks:
    click = Clicks(page)
    page.locator("main details.menu summary", has_text="Записать приказ").click()
    click.made += 1
    click("Отчислить", "link")
    fill_in(page, number="412-ст", signed_on="20.11.2026", ground="debt")
    return click


def test_j3_an_expulsion(page: Page, sign_in: SignIn, world: Any) -> None:
    sign_in(page, world.emails["astu"])
    keys = Keyboard(page)
    page.goto("/reports")
    keys.press("/")
    assert page.evaluate("document.activeElement.id") == "gs"
    keys.type("оразбаева")
    with page.expect_navigation():
        keys.press("Enter")
    assert heading(page) == "Оразбаева Томирис Қайратқызы"
    click = expel(page, world)
    expect(page.locator("[data-foresee]")).to_contain_text("Выбывает из контингента: АлтГТУ, с 20.11.2026")
    click("Записать приказ")
    assert "Отчисление записано с 20.11.2026" in said(page)
    print(f"J3: {click.made} clicks")
    assert click.made <= 3


def test_a_late_answer_about_what_stood_there_before_clears_nothing(page: Page, sign_in: SignIn, world: Any) -> None:
    """Whoever typed on has not read what follows of it: the button checks, until the answer about just that is there."""
    sign_in(page, world.emails["astu"])
    page.goto(f"/students/{world.public_ids['orazbayeva']}/orders/new?type=expulsion")
    held: list[Any] = []
    page.route("**/orders/new*", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    records = page.locator("main button[name=do][value=record]")
    with page.expect_request(lambda asked: asked.method == "POST"):
        fill_in(page, number="412-ст", signed_on="20.11.2026", ground="debt")
    with page.expect_request(lambda asked: asked.method == "POST"):  # it asks again; the first answer comes only now
        page.fill("[name=number]", "413-ст")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        held.pop(0).continue_()
    page.evaluate("new Promise((done) => setTimeout(done, 100))")
    assert records.count() == 0
    held.pop(0).continue_()
    expect(records).not_to_have_count(0)


def test_j3_without_scripts(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["astu"])
    page.fill("#gs", "оразбаева")
    page.press("#gs", "Enter")
    assert heading(page) == "Оразбаева Томирис Қайратқызы"
    click = expel(page, world)
    page.press("[name=number]", "Enter")
    assert "Выбывает из контингента: АлтГТУ, с 20.11.2026" in main(page)
    click("Записать приказ")
    assert "Отчисление записано с 20.11.2026" in said(page)
    assert click.made <= 3


def thirty(page: Page, world: Any) -> None:
    """A roster brings more than thirty students; one order is recorded for thirty of them from the list."""
    page.goto("/imports/new")
    page.set_input_files("input[type=file]", ROSTERS / "altstu.csv")
    press(page, "Загрузить и проверить", 303)
    press(page, "Загрузить 234, пропустить 6", 303)
    page.goto("/students?level=bachelor&course=1&size=50&sort=name")
    for tick in page.locator("tbody input[name=student]").all()[:30]:
        tick.check()
    page.locator(".bulk .menu summary").first.click()
    press(page, "Направить на практику", 200)
    assert heading(page) == "Направить на практику: 30 студентов"
    fill_in(page, number="77-п", signed_on="20.11.2026", place="АО «Алтайвагон»", until="18.12.2026")
    press(page, "Проверить", 200)
    assert heading(page) == "Записать приказ для 30 студентов"
    press(page, "Записать для 30 студентов", 303)
    assert said(page).startswith("Приказ записан для 30 студентов")


def test_j3_one_order_for_thirty(page: Page, sign_in: SignIn, world: Any) -> None:
    sign_in(page, world.emails["astu"])
    thirty(page, world)


def test_j3_one_order_for_thirty_without_scripts(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    sign_in(page_without_js, world.emails["astu"])
    thirty(page_without_js, world)


# ---------------------------------------------------------------------------------------------------- no input is lost
TYPED = {"iin": FIRST, "last_name": "Ахметов", "first_name": "Айдар", "order_number": "Л-1187"}


def begin(page: Page, path: str = "/students/new") -> None:
    page.goto(path)
    fill_in(page, **TYPED)


def test_a_crash_loses_nothing(page: Page, sign_in: SignIn, world: Any) -> None:
    sign_in(page, world.emails["astu"])
    page.clock.install()
    begin(page)
    with page.expect_response(lambda answer: answer.request.headers.get("accept") == "application/json"):
        page.clock.run_for(11_000)
    expect(page.locator("[data-said]")).to_contain_text("Черновик сохранён в")
    fresh = page.context.new_page()
    page.close()
    fresh.goto("/students/new")
    assert "Есть черновик от" in main(fresh)
    press(fresh, "Продолжить", 200)
    assert typed(fresh, TYPED) == TYPED


def test_a_draft_without_scripts(page_without_js: Page, sign_in: SignIn, world: Any) -> None:
    page = page_without_js
    sign_in(page, world.emails["astu"])
    begin(page)
    press(page, "Сохранить черновик", 303)
    assert typed(page, TYPED) == TYPED
    page.goto("/me/drafts")
    assert "Новый студент" in main(page)
    assert "Ахметов Айдар" in main(page)
    press(page, "Продолжить", 200)
    assert typed(page, TYPED) == TYPED
    press(page, "Начать заново", 303)
    assert typed(page, ["iin"]) == {"iin": ""}


def test_the_back_button_loses_nothing(page: Page, sign_in: SignIn, world: Any) -> None:
    sign_in(page, world.emails["astu"])
    begin(page)
    page.get_by_role("navigation", name="Разделы").get_by_role("link", name="Отчёты", exact=True).click()
    page.wait_for_url("**/reports")
    page.go_back()
    if typed(page, TYPED) != TYPED:  # the browser did not keep the page: the draft has it
        page.reload()
        press(page, "Продолжить", 200)
    assert typed(page, TYPED) == TYPED


def test_an_ended_session_loses_nothing(new_page: Callable[..., Page], sign_in: SignIn, world: Any) -> None:
    for scripts in (True, False):
        page = new_page(java_script_enabled=scripts)
        sign_in(page, world.emails["astu"])
        begin(page)
        page.context.clear_cookies(name="session")
        press(page, "Сохранить")
        assert heading(page) == "Вход"
        assert "Введённое сохранено на час" in main(page)
        page.fill("main [name=email]", world.emails["astu"])
        page.fill("main [name=password]", PASSWORD)
        press(page, "Войти")
        assert said(page) == "Вход выполнен. Ваши данные на месте — проверьте и сохраните"
        assert typed(page, TYPED) == TYPED
        press(page, "Начать заново", 303)
        page.context.close()


def test_a_double_submit_acts_once(page: Page, sign_in: SignIn, world: Any) -> None:
    sign_in(page, world.emails["astu"])
    page.goto(f"/students/{world.public_ids['orazbayeva']}/stay/new?kind=medical")
    fill_in(page, starts_on="20.11.2026", ends_on="19.11.2027")
    with page.expect_navigation():
        page.locator("main .buttons .btn").first.dblclick()
    assert page.locator("main .flash").count() == 1
    page.goto("/students?q=Оразбаева")
    assert names(page) == ["Оразбаева Томирис Қайратқызы"]


def test_the_session_is_warned_of_and_goes_on(page: Page, sign_in: SignIn, world: Any, accessible: Any) -> None:
    sign_in(page, world.emails["astu"])
    page.clock.install()
    begin(page)
    page.clock.fast_forward(28 * 60_000 + 30_000)
    page.clock.run_for(6_000)
    warning = page.get_by_role("alertdialog", name="Сеанс закончится через 2 минуты")
    expect(warning).to_be_visible()
    accessible(page)
    with page.expect_response("**/me/session"):
        warning.get_by_role("button", name="Продолжить").click()
    expect(warning).to_be_hidden()
    page.clock.run_for(6_000)
    expect(warning).to_be_hidden()
    assert typed(page, TYPED) == TYPED


# ------------------------------------------------------------------------------------------------- keys, lists, doubles
def test_keys_do_nothing_while_somebody_types(page: Page, sign_in: SignIn, world: Any, accessible: Any) -> None:
    sign_in(page, world.emails["astu"])
    page.goto("/students/new")
    keys = Keyboard(page)
    page.focus("#last_name")
    keys.type("n/?e")
    assert page.input_value("#last_name") == "n/?e"
    page.locator("h1").click()
    keys.press("?")
    expect(page.get_by_role("dialog", name="Клавиши")).to_be_visible()
    accessible(page)
    page.get_by_role("checkbox", name="Клавиши из одного знака включены").uncheck()
    keys.press("Escape")
    expect(page.get_by_role("dialog", name="Клавиши")).to_be_hidden()
    keys.press("/")
    assert page.evaluate("document.activeElement.id") != "gs", "they were switched off"


def test_a_programme_is_found_by_words(page: Page, sign_in: SignIn, world: Any, accessible: Any) -> None:
    sign_in(page, world.emails["astu"])
    page.goto("/students/new")
    keys = Keyboard(page)
    box = page.get_by_role("combobox", name="Направление подготовки")
    box.focus()
    keys.type("программная инж")
    options = page.locator(".lookup [role=option]")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    accessible(page)
    keys.press("ArrowDown", "Enter")
    expect(options.first).to_be_hidden()
    assert "рограммная инженерия" in box.input_value()
    assert page.locator("[name=programme]").input_value() == box.input_value().split()[0]
    assert heading(page) == "Новый студент", "Enter chose and did not send the form"


def test_a_double_is_told_before_saving(page: Page, sign_in: SignIn, world: Any, accessible: Any) -> None:
    sign_in(page, world.emails["astu"])
    page.goto("/students/new")
    page.fill("#iin", world.iins["kim"])
    expect(page.locator(".aside")).to_contain_text("Студент с таким ИИН уже есть")
    accessible(page)
    assert world.iins["kim"] not in page.url


def test_a_suggestion_never_overwrites(page: Page, sign_in: SignIn, world: Any) -> None:
    sign_in(page, world.emails["astu"])
    page.goto("/students/new")
    page.fill("#born", "1.2.2007")
    page.fill("#iin", FIRST)
    expect(page.locator("#sex")).to_have_value("M")
    assert page.input_value("#born") == "1.2.2007"
    page.select_option("#sex", "F")
    expect(page.locator("#sex-s")).to_have_count(0)


def test_a_conflict_loses_nothing(new_page: Callable[..., Page], sign_in: SignIn, world: Any) -> None:
    """With scripts; without them see test_university.py."""
    first, second = new_page(), new_page()
    card = f"/students/{world.public_ids['kasymova']}"
    for page, key in ((first, "branch"), (second, "asu")):
        sign_in(page, world.emails[key])
        page.goto(f"{card}/edit")
    for page, phone in ((first, "+77050000001"), (second, "+77050000002")):
        page.locator("#phone").fill(phone)
        Keyboard(page).press("Control+Enter")
        page.wait_for_load_state()
    expect(second.locator("h1")).to_have_text("Выберите, что сохранить")
    second.check("main [name=choice-phone][value=mine]")
    press(second, "Сохранить", 303)
    assert fact(second, "Телефон") == "+77050000002"
