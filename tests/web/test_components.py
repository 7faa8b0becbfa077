"""The components of forms and messages: marks for assistive technology, what is typed is kept, nothing undefined."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from wtforms import BooleanField, DateField, FileField, Form, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from tests.web.drawing import NOW, draw, one


class StudentForm(Form):
    family = StringField("Фамилия", [DataRequired(), Length(max=100)], description="Как в удостоверении")
    patronymic = StringField("Отчество", [Optional()])
    born = DateField("Дата рождения", format=["%d.%m.%Y"])
    level = SelectField("Уровень", choices=[SelectChoice("03", "Бакалавриат"), SelectChoice("04", "Магистратура")])
    paid = RadioField("Оплата", choices=[SelectChoice("b", "Бюджет"), SelectChoice("c", "Договор")])
    hired = BooleanField("Принят на работу")
    note = TextAreaField("Заметка", [Optional()])
    scan = FileField("Скан приказа", [Optional()])
    secret = PasswordField("Пароль")
    programme = StringField("Направление")


def known_form() -> Any:
    return StudentForm(data={"family": "Ахметова"})


def test_a_field_ties_hint_and_error_to_its_control() -> None:
    form = known_form()
    form.family.errors = ["Введите фамилию"]
    soup = draw("forms", "field", "{{ field(form.family) }}", form=form)
    control = one(soup, "input")
    assert control["aria-describedby"].split() == ["family-h", "family-e"]
    assert control["aria-invalid"] == "true"
    assert one(soup, "#family-h").text == "Как в удостоверении"
    assert "Ошибка: Введите фамилию" in one(soup, "#family-e").get_text()
    assert one(soup, "label")["for"] == "family"
    order = [tag.get("id") or tag.name for tag in one(soup, ".fld").find_all(["label", "div", "input"], recursive=False)]
    assert order == ["label", "family-h", "family-e", "family"]


def test_a_field_leaves_checks_to_the_server() -> None:
    form = known_form()
    control = one(draw("forms", "field", "{{ field(form.family) }}", form=form), "input")
    assert not {"required", "maxlength", "minlength", "aria-invalid"} & set(control.attrs)
    assert control["autocomplete"] == "off"
    assert control["value"] == "Ахметова"


def test_optional_is_said_in_words() -> None:
    form = known_form()
    assert one(draw("forms", "field", "{{ field(form.patronymic) }}", form=form), "label").text == "Отчество, необязательно"
    assert one(draw("forms", "field", "{{ field(form.family) }}", form=form), "label").text == "Фамилия"


def test_a_date_is_one_text_field() -> None:
    form = known_form()
    soup = draw("forms", "field", "{{ field(form.born) }}", form=form)
    assert (one(soup, "input")["type"], one(soup, "input")["inputmode"]) == ("text", "numeric")
    assert one(soup, "#born-h").text == "Например, 27.3.2007"
    assert one(soup, "input")["aria-describedby"] == "born-h"


def test_every_kind_of_field_is_drawn() -> None:
    form = known_form()
    assert one(draw("forms", "field", "{{ field(form.level) }}", form=form), "select")["id"] == "level"
    assert one(draw("forms", "field", "{{ field(form.note) }}", form=form), "textarea")["class"] == ["in"]
    assert one(draw("forms", "field", "{{ field(form.scan) }}", form=form), "input")["type"] == "file"
    assert one(draw("forms", "field", "{{ field(form.secret) }}", form=form), "input").get("autocomplete") is None
    assert one(draw("forms", "field", "{{ field(form.hired) }}", form=form), "label input")["type"] == "checkbox"


def test_radios_are_a_named_group_that_the_summary_can_reach() -> None:
    form = known_form()
    form.paid.errors = ["Выберите, кто оплачивает обучение"]
    soup = draw("forms", "field", "{{ field(form.paid) }}", form=form)
    group = one(soup, "fieldset")
    assert (group["role"], group["aria-invalid"], group["aria-describedby"]) == ("radiogroup", "true", "paid-e")
    assert one(soup, "legend").text.strip() == "Оплата"
    assert [radio["id"] for radio in soup.select("input")] == ["paid", "paid-1"]
    assert [label["for"] for label in soup.select("label")] == ["paid", "paid-1"]


def test_a_warning_asks_for_a_tick_and_does_not_mark_the_field_wrong() -> None:
    form = known_form()
    form.born.warnings = ["По ИИН похоже на 14.03.2008"]
    soup = draw("forms", "field", "{{ field(form.born) }}", form=form)
    assert one(soup, "input[type=checkbox]")["name"] == "confirm_born"
    assert "В документе так" in one(soup, ".softw label").get_text()
    assert one(soup, "input#born")["aria-describedby"] == "born-h born-w"
    assert "aria-invalid" not in one(soup, "input#born").attrs


def test_notes_can_stand_under_the_row() -> None:
    form = known_form()
    form.born.warnings = ["Проверьте"]
    form.born.suggestion = "Возможно, это 01.09.2006"
    assert not draw("forms", "field", "{{ field(form.born, notes=false) }}", form=form).select(".softw")
    soup = draw("forms", "field_notes", "{{ field_notes(form.born, suggest='fill') }}", form=form)
    assert one(soup, ".softw")["id"] == "born-w"
    assert (one(soup, ".sugg button")["name"], one(soup, ".sugg button")["value"]) == ("fill", "born")


def test_lookup_keeps_words_and_offers_radios() -> None:
    form = known_form()
    found = [("09.03.01", "09.03.01 Информатика", "Бакалавриат"), ("09.03.02", "09.03.02 Информационные системы")]
    body = "{{ lookup(form.programme, query='информ', results=found, total=14) }}"
    soup = draw("forms", "lookup", body, form=form, found=found)
    assert (one(soup, "#programme")["name"], one(soup, "#programme")["value"]) == ("programme_query", "информ")
    assert (one(soup, "button")["name"], one(soup, "button")["value"]) == ("find", "programme")
    assert [(radio["name"], radio["value"]) for radio in soup.select("input[type=radio]")] == [
        ("programme", "09.03.01"),
        ("programme", "09.03.02"),
    ]
    assert one(soup, "legend").text == "Найдено 14 вариантов"
    nothing = draw("forms", "lookup", "{{ lookup(form.programme, query='zzz', results=[]) }}", form=form)
    assert one(nothing, "[role=status]").text == "Не нашли «zzz». Введите код или часть названия."


def test_lookup_keeps_what_was_chosen() -> None:
    form = StudentForm(data={"programme": "09.03.01"})
    soup = draw("forms", "lookup", "{{ lookup(form.programme, chosen='09.03.01 Информатика') }}", form=form)
    kept = one(soup, "input[type=radio]")
    assert (kept["name"], kept["value"], kept.has_attr("checked")) == ("programme", "09.03.01", True)


def test_enter_in_a_form_saves() -> None:
    buttons = "{{ form_buttons('Сохранить', '/back', [('И ещё', 'another')]) }}"
    body = "{{ form_open('/x', true, version=3) }}" + buttons + "{{ form_close() }}"
    soup = draw("forms", "form_open, form_close, form_buttons", body)
    assert one(soup, "form").has_attr("novalidate")
    assert one(soup, "form")["enctype"] == "multipart/form-data"
    assert one(soup, "input[name=csrf_token]")["value"] == "token"
    assert one(soup, "input[name=version]")["value"] == "3"
    assert [(button["name"], button["value"]) for button in soup.select("button")] == [
        ("do", "save"),
        ("do", "save"),
        ("do", "another"),
    ]
    assert soup.select("button")[0]["aria-hidden"] == "true"
    assert soup.select("button")[0]["tabindex"] == "-1"


def test_upload_says_its_limits() -> None:
    form = known_form()
    body = "{{ upload(form.scan, accept='.xlsx,.csv', limits='До 10 МБ') }}"
    soup = draw("forms", "upload", body, form=form)
    assert one(soup, "input")["accept"] == ".xlsx,.csv"
    assert one(soup, "#" + one(soup, "input")["aria-describedby"]).text == "До 10 МБ"


def test_the_summary_takes_the_focus_and_links_to_fields() -> None:
    form = known_form()
    form.family.errors = ["Введите фамилию"]
    form.paid.errors = ["Выберите, кто оплачивает обучение"]
    soup = draw("page", "error_summary", "{{ error_summary(form) }}", form=form)
    box = one(soup, "section")
    assert box.has_attr("autofocus")
    assert box["tabindex"] == "-1"
    assert (
        one(soup, "#" + box["aria-labelledby"]).text == "Исправьте 2 ошибок"
    )  # the source text; the Russian catalogue has the form for 2
    assert [(a["href"], a.text) for a in soup.select("a")] == [
        ("#family", "Введите фамилию"),
        ("#paid", "Выберите, кто оплачивает обучение"),
    ]
    assert one(soup, "[role=alert]")


def test_the_summary_of_a_right_form_is_empty() -> None:
    form = known_form()
    assert str(draw("page", "error_summary", "{{ error_summary(form) }}", form=form)).strip() == ""
    assert one(draw("page", "error_summary", "{{ error_summary([('on', 'Введите дату')]) }}"), "a")["href"] == "#on"


@pytest.mark.parametrize(
    ("category", "role"), [("ok", "status"), ("info", "status"), ("warn", "status"), ("bad", "alert"), ("message", "status")]
)
def test_flashes_are_read_aloud(category: str, role: str) -> None:
    soup = draw("page", "flash", "{{ flash(items) }}", items=[(category, "<b>Готово</b>")])
    assert one(soup, ".flash")["role"] == role
    assert one(soup, ".flash p").text == "<b>Готово</b>"


def test_pieces_of_a_page() -> None:
    soup = draw("page", "page_header", "{% call page_header('Студенты', 1984, note='Все') %}<a>x</a>{% endcall %}")
    assert one(soup, "h1").text == "Студенты 1\u00a0984"
    crumbs = draw("page", "breadcrumbs", "{{ breadcrumbs([('Студенты', '/students'), ('Новый', none)]) }}")
    assert one(crumbs, "nav")["aria-label"] == "Путь"
    assert one(crumbs, "[aria-current=page]").text == "Новый"
    tabs = draw(
        "page", "tabs", "{{ tabs(items, 'Виды') }}", items=[SimpleNamespace(label="А", url="/a", current=True, count=3)]
    )
    assert one(tabs, "a")["aria-current"] == "page"
    assert one(tabs, "nav")["aria-label"] == "Виды"
    empty = draw("page", "empty_state", "{{ empty_state('Пусто', 'Потому', [('Добавить', '/new'), ('Загрузить', '/in')]) }}")
    assert [a["class"] for a in empty.select("a")] == [["btn"], ["btn", "sec"]]
    assert one(draw("page", "notice", "{{ notice('warn', 'А', 'б') }}"), ".note")["class"] == ["note", "warn"]
    assert one(draw("page", "alert_box", "{% call alert_box('А') %}<p>б</p>{% endcall %}"), "section").has_attr("autofocus")
    assert one(draw("page", "help_panel", "{% call help_panel('А') %}б{% endcall %}"), "summary").text == "А"
    assert "23.11.2026 07:55" in one(draw("page", "print_header", "{{ print_header(at) }}", at=NOW), ".only-p").text
    assert one(draw("page", "link_button", "{{ link_button('А', '/a', '', 'plus') }}"), "a svg")["aria-hidden"] == "true"


def test_acts_are_posts_with_the_token() -> None:
    soup = draw("page", "post_button", "{{ post_button('Показать', '/reveal', fields={'reason': 'r'}, explain='ИИН') }}")
    assert one(soup, "form")["method"] == "post"
    assert one(soup, "input[name=csrf_token]")
    assert one(soup, "input[name=reason]")
    body = (
        "{{ confirm_page('/void', 'Аннулировать', '/back', [('Приказ', '12')], ['Статус изменится'], true, {'version': 2}) }}"
    )
    confirm = draw("page", "confirm_page", body)
    assert one(confirm, "form")["method"] == "post"
    assert one(confirm, "input[name=csrf_token]")
    assert one(confirm, "button.danger").text == "Аннулировать"
    assert one(confirm, "a.ghost")["href"] == "/back"
    assert one(confirm, "li").text == "Статус изменится"
