"""The form of an intern, filled by rows of a spreadsheet."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask

from exchange.internships.forms import InternForm
from exchange.internships.universities import Universities, University
from exchange.internships.vocabulary import grade_of, kind_of, outcome_of

TODAY = dt.date(2026, 11, 23)
ASTU = University(7, "ASTU", "university", "АлтГТУ", ("Алтайский государственный технический университет",), True)
EKTU = University(9, "KZ-EKTU", "partner", "ВКТУ", ("Восточно-Казахстанский технический университет",), True)
KNOWN = Universities([ASTU, EKTU])
ROW: dict[str, Any] = {
    "full_name": "Петренко Диана Маратовна", "iin": "041228678907", "kind": "практика", "sender": "АлтГТУ",
    "department": "Сборочный цех", "mentor": "Шнайдер Е.А.", "starts_on": dt.date(2026, 2, 13), "ends_on": "13.03.2026",
    "hours_planned": 144, "hours": "136.0", "briefing_on": "2026-02-13", "grade": "хорошо", "hired": "да",
}  # fmt: skip


def row(**changes: Any) -> InternForm:
    return InternForm.from_row({**ROW, **changes}, known=KNOWN, today=TODAY)


def errors(form: InternForm) -> set[str]:
    assert not form.validate()
    return set(form.errors)


def test_a_row_of_a_student(app: Flask) -> None:
    with app.app_context():
        form = row()
        assert form.validate(), form.errors
        entry = form.entry()
    assert form.warnings == {}
    assert entry.columns() == {
        "kind": "practice", "surname": "Петренко", "name": "Диана", "patronymic": "Маратовна", "iin": "041228678907",
        "birth_date": dt.date(2004, 12, 28), "sex": "F", "phone": "", "email": "", "university_id": 7, "employer": "",
        "employer_bin": "", "position": "", "programme": "", "department": "Сборочный цех", "mentor": "Шнайдер Е.А.",
        "mentor_phone": "", "starts_on": dt.date(2026, 2, 13), "ends_on": dt.date(2026, 3, 13), "hours_planned": 144,
        "hours_done": 136, "briefing_on": dt.date(2026, 2, 13), "grade": 4, "outcome": "hired",
    }  # fmt: skip
    assert entry.university_is_here


def test_a_row_of_a_specialist(app: Flask) -> None:
    with app.app_context():
        form = row(kind="стажировка", sender="ТОО «Казцинк»", grade=5, hired="нет")
        assert form.validate(), form.errors
        entry = form.entry()
    assert (entry.kind, entry.employer, entry.university_id, entry.grade, entry.outcome) == (
        "specialist", "ТОО «Казцинк»", None, 5, "no",
    )  # fmt: skip


def test_a_student_of_a_partner_needs_no_recognition_here(app: Flask) -> None:
    with app.app_context():
        form = row(sender="ВКТУ")
        assert form.validate(), form.errors
        assert form.entry().university_id == 9
        assert not form.entry().university_is_here


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"starts_on": "23.06.2026", "ends_on": "09.06.2026", "briefing_on": "09.06.2026"}, {"ends_on"}),
        ({"hours": 9999}, {"hours"}),
        ({"hours_planned": "много"}, {"hours_planned"}),
        ({"hours": -5}, {"hours"}),
        ({"hours": "10000000000000000000000"}, {"hours"}),
        ({"kind": ""}, {"kind"}),
        ({"kind": "экскурсия"}, {"kind"}),
        ({"sender": "Неизвестный вуз"}, {"sender"}),
        ({"sender": ""}, {"university"}),
        ({"kind": "стажировка", "sender": ""}, {"employer"}),
        ({"full_name": ""}, {"last_name", "first_name"}),
        ({"full_name": "Петренко"}, {"full_name"}),
        ({"full_name": "=HYPERLINK(1)"}, {"full_name"}),
        ({"iin": "04122867890O"}, {"iin"}),
        ({"iin": "041228678906"}, {"iin"}),
        ({"starts_on": "31.02.2026"}, {"starts_on"}),
        ({"starts_on": None}, {"starts_on"}),
        ({"ends_on": "когда-нибудь"}, {"ends_on"}),
        ({"briefing_on": "14.03.2026"}, {"briefing_on"}),
        ({"grade": 9}, {"grade"}),
        ({"email": "не почта"}, {"email"}),
        ({"department": "ц" * 201}, {"department"}),
        ({"employer_bin": "123", "kind": "стажировка", "sender": "ТОО «Казцинк»"}, {"employer_bin"}),
    ],
)
def test_refused(app: Flask, changes: dict[str, Any], fields: set[str]) -> None:
    with app.app_context():
        assert errors(row(**changes)) == fields


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({"born": "28.12.2005"}, {"iin"}),
        ({"iin": "", "born": ""}, {"iin"}),
        ({"iin": "", "born": "28.12.2004"}, set()),
        ({"sex": "м"}, {"iin"}),
        ({"briefing_on": ""}, {"briefing_on"}),
        ({"briefing_on": "нет"}, {"briefing_on"}),
        ({"briefing_on": "20.02.2026"}, {"briefing_on"}),
        ({"grade": "зачтено"}, {"grade"}),
        ({"full_name": "Пeтренко Диана Маратовна"}, {"full_name"}),  # a Latin e
        ({"kind": "стажировка", "sender": "ТОО «Казцинк»", "ends_on": "20.05.2026"}, {"ends_on"}),  # 97 days
        ({"hired": "-", "grade": "—"}, set()),
        ({"starts_on": 46066}, set()),  # a serial of Excel: 13.02.2026
    ],
)
def test_accepted_with_warnings(app: Flask, changes: dict[str, Any], warned: set[str]) -> None:
    with app.app_context():
        form = row(**changes)
        assert form.validate(), form.errors
        assert set(form.warnings) == warned
        entry = form.entry()
    assert entry.surname == "Петренко"
    assert entry.starts_on == dt.date(2026, 2, 13)


def test_lost_zeros_come_back_when_the_birth_date_agrees(app: Flask) -> None:
    with app.app_context():
        form = row(iin=41228678907, born="28.12.2004")
        assert form.validate(), form.errors
        assert form.entry().iin == "041228678907"
        assert errors(row(iin=41228678907)) == {"iin"}  # nothing to compare it with


@pytest.mark.parametrize(
    "value", ["", " ", "ъ" * 10_000, "\x00\x07", "1e999", "=cmd|' /C calc'!A0", "9" * 400, "<b>", "😀", "None"]
)
def test_whatever_stands_in_a_cell_is_an_answer_and_not_a_failure(app: Flask, value: str) -> None:
    with app.app_context():
        for name in (*ROW, "born", "sex", "phone", "email", "university", "employer", "employer_bin", "position", "programme"):
            row(**{name: value}).validate()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Практика", "practice"),
        ("производственная практика", "practice"),
        ("стажировка", "specialist"),
        ("студент", "practice"),
        ("", ""),
    ],
)
def test_kinds(text: str, code: str) -> None:
    assert kind_of(text) == code


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("5", 5),
        ("4.0", 4),
        ("5 (отл.)", 5),
        ("хорошо", 4),
        ("удовлетворительно", 3),
        ("неуд.", 2),
        ("Отл", 5),
        ("зачёт", None),
        ("", None),
    ],
)
def test_grades(text: str, grade: int | None) -> None:
    assert grade_of(text) == grade


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("да", "hired"),
        ("нет", "no"),
        ("не принят", "no"),
        ("принята", "hired"),
        ("приглашён", "invited"),
        ("+", "hired"),
        ("?", ""),
    ],
)
def test_outcomes(text: str, outcome: str) -> None:
    assert outcome_of(text) == outcome
