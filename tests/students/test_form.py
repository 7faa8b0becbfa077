"""The values of the form: what is refused, warned of and suggested; a page and a row are judged by the same rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel

from exchange.students.student_form import StudentForm
from tests.students.conftest import FORM, day

TODAY = day("2026-11-23")
WRONG_IIN = f"{FORM['iin'][:-1]}6"  # the check digit is 7


def row(**changes: Any) -> StudentForm:
    form: StudentForm = StudentForm.from_row({**FORM, **changes}, today=TODAY)
    form.validate()
    return form


@pytest.fixture(autouse=True, scope="module")
def small_app() -> Iterator[Flask]:
    """The form needs an application for its words only; nothing here asks a database."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="for tests", WTF_CSRF_ENABLED=False, BABEL_DEFAULT_LOCALE="ru")
    Babel(app)
    with app.app_context():
        yield app


@pytest.fixture
def page(small_app: Flask) -> Any:
    """The form as a page sends it."""

    def post(**changes: Any) -> StudentForm:
        values = {name: value for name, value in {**FORM, **changes}.items() if value is not None}
        with small_app.test_request_context("/students/new", method="POST", data=values):
            form = StudentForm(today=TODAY)
            form.validate()
            return form

    return post


def said(form: StudentForm, name: str) -> str:
    return " ".join(str(text) for text in form.errors.get(name, ()))


def test_a_good_row_and_a_good_page_say_the_same(page: Any) -> None:
    filled, sent = row(), page()
    assert (filled.errors, filled.warnings) == (sent.errors, sent.warnings) == ({}, {})
    assert filled.registration(1) == sent.registration(1)
    told = filled.registration(1)
    assert told.study == {
        "programme_code": "09.03.04", "level_code": "bachelor", "form_code": "full", "funding_code": "contract_person",
        "course": 1, "group_name": "8ПИ-61",
    }  # fmt: skip
    assert told.paper is not None
    assert (told.paper.number, told.paper.signed_on, told.enrolled_on) == ("Л-1187", day("2026-08-26"), day("2026-09-01"))
    assert told.human is not None
    assert told.human.phone == "+77771234567"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"iin": ""}, "iin", "ИИН не указан. Введите 12 цифр или отметьте, что ИИН нет"),
        ({"iin": "0803146512"}, "iin", "ИИН должен состоять из 12 цифр, сейчас 10. Сверьте номер с документом"),
        ({"iin": "08031465123A"}, "iin", "В ИИН должны быть только цифры. Введите 12 цифр, как в документе"),
        ({"last_name": ""}, "last_name", "Фамилия не указана. Введите её, как в документе"),
        ({"last_name": "Ахметов1"}, "last_name",
         "Фамилия может содержать только буквы, дефис, пробел и апостроф. Уберите остальные знаки"),
        ({"last_name": "=HYPERLINK(1)"}, "last_name",
         "Фамилия может содержать только буквы, дефис, пробел и апостроф. Уберите остальные знаки"),
        ({"last_name": "А" * 101}, "last_name", "Сократите до 100 знаков, сейчас 101"),
        ({"first_name": ""}, "first_name", "Имя не указано. Введите его, как в документе"),
        ({"last_name_lat": "Ахметова"}, "last_name_lat",
         "Здесь только латинские буквы. Введите имя, как в паспорте: AKHMETOVA"),
        ({"born": ""}, "born", "Дата рождения не указана. Введите день, месяц и год, например 27.3.2007"),
        ({"born": "03.2008"}, "born",
         "В дате «03.2008» не хватает дня или года. Введите день, месяц и год, например 27.3.2007"),
        ({"born": "31.02.2006"}, "born", "Даты 31.02.2006 нет в календаре. Исправьте дату"),
        ({"born": "14.03.2027"}, "born", "Дата рождения должна быть в прошлом. Исправьте дату"),
        ({"sex": ""}, "sex", "Пол не выбран. Выберите мужской или женский"),
        ({"region": ""}, "region", "Регион не выбран. Выберите регион Казахстана, где студент жил до поступления"),
        ({"district": "101000000"}, "district", "Этот район не в выбранном регионе. Измените район или регион"),
        ({"citizenship": "XX"}, "citizenship", "Гражданство не выбрано. Выберите страну из списка"),
        ({"document_type": "kz_passport", "passport": "12345678"}, "passport",
         "Номер паспорта Казахстана — буква N и 8 цифр, например N12345678. Сверьте номер с документом"),
        ({"document_type": "kz_passport"}, "passport", "Выбран вид документа, а номера нет. Введите номер"),
        ({"document_issued_on": "24.11.2026"}, "document_issued_on",
         "Дата выдачи должна быть не позже сегодняшней. Исправьте дату"),
        ({"email": "имя@домен"}, "email", "Это не похоже на почту. Введите адрес полностью, например имя@домен.kz"),
        ({"phone": "12345"}, "phone", "Это не похоже на телефон. Введите номер с кодом страны, например +7 777 123-45-67"),
        ({"snils": "112-233-445 96"}, "snils", "СНИЛС не сходится. Введите 11 цифр, как в документе, например 112-233-445 95"),
        ({"programme": ""}, "programme", "Выберите направление подготовки"),
        ({"programme": "информ систмы"}, "programme",
         "Не нашли «информ систмы». Введите код, например 09.03.02, или часть названия"),
        ({"level": "master"}, "level", "09.03.04 — это бакалавриат. Измените уровень или направление"),
        ({"course": "5"}, "course", "На этой программе курсов: 4. Выберите курс от 1 до 4"),
        ({"course": ""}, "course", "Выберите курс"),
        ({"form": ""}, "form", "Форма обучения не выбрана. Выберите её из списка"),
        ({"funding": ""}, "funding", "Оплата не выбрана. Выберите, кто оплачивает обучение"),
        ({"order_number": ""}, "order_number", "Номер приказа не указан. Введите номер"),
        ({"order_date": ""}, "order_date", "Дата приказа не указана. Введите её, например 27.8.2026"),
        ({"order_date": "24.11.2026"}, "order_date", "Дата приказа должна быть не позже сегодняшней. Исправьте дату"),
        ({"enrolled_on": "24.11.2027"}, "enrolled_on", "Эта дата больше чем на год позже приказа. Проверьте дату"),
        ({"planned_end": "31.08.2026"}, "planned_end", "Плановый выпуск должен быть позже начала учёбы. Исправьте одну из дат"),
        ({"group": "г" * 41}, "group", "Сократите до 40 знаков, сейчас 41"),
    ],
)  # fmt: skip
def test_what_is_refused(page: Any, changes: dict[str, str], field: str, sentence: str) -> None:
    form = page(**changes)
    assert said(form, field) == sentence
    assert set(form.errors) == {field}


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"iin": WRONG_IIN}, "iin",
         "Контрольная цифра ИИН не сходится. Сверьте номер с документом"),
        ({"born": "14.08.2003"}, "born", "По ИИН похоже на 14.03.2008. Совпадение не обязательно: сверьтесь с удостоверением"),
        ({"sex": "M"}, "sex", "По ИИН пол женский. Сверьтесь с удостоверением"),
        ({"enrolled_on": "01.09.2025", "order_date": "01.07.2024", "born": "14.03.2008"}, "enrolled_on",
         "Между приказом и началом учёбы больше года. Проверьте даты"),
    ],
)  # fmt: skip
def test_a_warning_waits_for_a_tick(page: Any, changes: dict[str, str], field: str, sentence: str) -> None:
    form = page(**changes)
    assert form.errors == {}
    assert [str(text) for text in form.warnings[field]] == [sentence]
    assert form._fields[field].warnings
    assert not form._fields[field].confirmed
    ticked = page(**changes, **{f"confirm_{field}": "1"})
    assert ticked._fields[field].confirmed
    assert ticked.iin_needs_check is (field == "iin")


def test_the_number_suggests_what_was_not_typed(page: Any) -> None:
    form = page(born="", sex="")
    assert form.proposals == {"born": "14.03.2008", "sex": "F"}
    assert str(form.born.suggestion) == "По ИИН: 14.03.2008"


def test_a_document_stands_in_for_the_number(page: Any) -> None:
    assert said(page(iin="", no_iin="1"), "passport") == "Без ИИН нужен номер документа. Введите его"
    form = page(iin="", no_iin="1", passport="Н 1234 5678")
    assert form.errors == {}
    assert form.human().documents[0].number == "N12345678"
    assert form.human().iin is None


def test_letters_of_two_alphabets_are_noticed(page: Any) -> None:
    form = page(last_name="Aхметова")
    assert form.proposals == {"last_name": "Ахметова"}
    assert form.warnings["last_name"]
    filled = row(last_name="Aхметова")
    assert filled.last_name.data == "Ахметова"
    assert filled.errors == {}


def test_all_capitals_become_a_name(page: Any) -> None:
    assert page(last_name="АХМЕТОВА", patronymic="ЕРЛАН ҚЫЗЫ").facts()["patronymic"] == "Ерлан қызы"


@pytest.mark.parametrize(
    "typed", ["14.3.2008", "14/03/2008", "14032008", "2008-03-14", "14 марта 2008", "14 наурыз 2008", "14.03.08"]
)
def test_dates_as_people_type_them(typed: str) -> None:
    form = row(born=typed)
    assert form.born.day == day("2008-03-14")
    assert form.born.data == "14.03.2008"


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"order_number": "", "order_date": "", "enrolled_on": ""}, set()),
        ({"course": "", "region": "", "group": ""}, set()),
        ({"iin": "", "passport": "N12345678"}, set()),
        ({"iin": "", "passport": ""}, {"iin"}),
        ({"iin": WRONG_IIN}, {"iin"}),
        ({"born": "31.02.2006"}, {"born"}),
        ({"programme": "99.99.99"}, {"programme"}),
        ({"course": "7"}, {"course"}),
        ({"phone": "внутр. 12"}, set()),
    ],
)
def test_a_row_may_lack_what_a_roster_states(changes: dict[str, str], errors: set[str]) -> None:
    assert set(row(**changes).errors) == errors


def test_all_faults_of_a_row_are_found_in_one_pass() -> None:
    form = row(last_name="", born="31.02.2006", course="9", order_date="24.11.2026", programme="99.99.99")
    assert set(form.errors) == {"last_name", "born", "course", "order_date", "programme"}


@pytest.mark.parametrize(
    ("programme", "form", "most"),
    [
        ("09.03.04", "full", 4),
        ("09.03.04", "extra", 5),
        ("38.04.02", "full", 2),
        ("38.04.02", "extra", 3),
        ("31.05.01", "full", 6),
    ],
)
def test_how_many_courses_there_are(programme: str, form: str, most: int) -> None:
    assert row(programme=programme, form=form, course=str(most)).errors == {}
    assert set(row(programme=programme, form=form, course=str(most + 1)).errors) == {"course"}


@pytest.mark.parametrize("name", sorted(FORM))
@pytest.mark.parametrize("bad", ["", "я" * 10_000, "\x00\x07\x1b", "1" * 5000, "<b>&", "=1+1", "\ud800", "🙂"])
def test_no_field_breaks_the_form(name: str, bad: str) -> None:
    form = row(**{name: bad})
    for sentences in form.errors.values():
        assert all(isinstance(str(text), str) for text in sentences)


def test_a_date_object_of_a_spreadsheet() -> None:
    assert row(born=dt.date(2008, 3, 14)).born.day == day("2008-03-14")
