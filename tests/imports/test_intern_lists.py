"""Lists of interns as enterprises write them: students on practice and specialists, in any layout."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from exchange.imports.intern_kind import InternKind
from exchange.internships.universities import Universities, University
from tests.imports.rosters import book, errors, iin_of, understood

pytestmark = pytest.mark.usefixtures("words")
UNIVERSITIES = Universities(
    (
        University(1, "ASTU", "university", "АлтГТУ",
        ("Алтайский государственный технический университет им. И. И. Ползунова",), True),
        University(2, "ASU", "university", "АлтГУ", ("Алтайский государственный университет",), True),
    )
)  # fmt: skip
DAY = dt.date
FIRST, LAST = DAY(2026, 6, 1), DAY(2026, 6, 28)
BORN = DAY(2004, 6, 22)
IIN = iin_of(BORN, "F", 9921)
STUDENT = {
    "name": "Петренко Жансая Болатовна", "iin": IIN, "kind": "практика", "sender": "АлтГТУ", "department": "Сборочный цех",
    "mentor": "Лапина О.В.", "from": FIRST, "to": LAST, "plan": 144, "done": 136, "briefing": FIRST, "grade": "хорошо",
    "hired": "нет",
}  # fmt: skip
SPECIALIST = STUDENT | {
    "name": "Болатов Олжас Ерланович", "iin": iin_of(DAY(1990, 4, 4), "M", 9922), "kind": "стажировка",
    "sender": "ТОО «Казцинк»", "grade": 5, "hired": "да",
}  # fmt: skip
USUAL = (
    ("ФИО", "name"), ("ИИН", "iin"), ("Вид (практика / стажировка)", "kind"), ("Откуда направлен", "sender"),
    ("Цех, отдел", "department"), ("Руководитель от предприятия", "mentor"), ("С", "from"), ("По", "to"),
    ("Часов по плану", "plan"), ("Часов факт", "done"), ("Инструктаж по ОТ (дата)", "briefing"), ("Оценка", "grade"),
    ("Принят на работу", "hired"),
)  # fmt: skip
KAZAKH = (
    ("№", "number"), ("Аты-жөні", "name"), ("ЖСН", "iin"), ("Түрі", "kind"), ("Жіберуші ұйым", "sender"), ("Бөлімше",
        "department"),
    ("Тәлімгер", "mentor"), ("Басталуы", "from"), ("Аяқталуы", "to"), ("Жоспар бойынша сағат", "plan"), ("Нақты сағат", "done"),
    ("Нұсқаулық күні", "briefing"), ("Бағасы", "grade"), ("Жұмысқа алынды", "hired"),
)  # fmt: skip
ENGLISH = (
    ("Trainee", "name"), ("IIN", "iin"), ("Type", "kind"), ("Sending organisation", "sender"), ("Department", "department"),
    ("Supervisor", "mentor"), ("Start date", "from"), ("End date", "to"), ("Planned hours", "plan"), ("Actual hours", "done"),
    ("Safety briefing", "briefing"), ("Grade", "grade"), ("Hired", "hired"),
)  # fmt: skip
TWO_ROWS = (
    ["№", "Ф.И.О. практиканта", "ИИН", "Вид", "Откуда направлен", "Подразделение", "Наставник", "Период", None,
    "Количество часов",
     None, "Инструктаж", "Оценка", "Трудоустроен"],
    [None, None, None, None, None, None, None, "с", "по", "план", "факт", None, None, None],
)  # fmt: skip
WANTED = {"starts_on": FIRST, "ends_on": LAST, "hours_planned": 144, "hours_done": 136, "briefing_on": FIRST,
          "department": "Сборочный цех", "mentor": "Лапина О.В."}  # fmt: skip


def listed(columns: Sequence[tuple[str, str]], *people: dict[str, Any]) -> list[list[Any]]:
    return [[words for words, _ in columns], *([person.get(name, 1) for _, name in columns] for person in people)]


def entries(*sheets: Sequence[Sequence[Any]]) -> list[Any]:
    rows = understood(book(*sheets), InternKind(), UNIVERSITIES)
    assert errors(rows) == {}
    return [row.reading.checked for row in rows]


def assert_both(found: list[Any]) -> None:
    student, specialist = found
    for one in found:
        assert {name: getattr(one, name) for name in WANTED} == WANTED
    assert (student.kind, student.university_id, student.employer) == ("practice", 1, "")
    assert (student.surname, student.name, student.iin, student.grade, student.outcome) == ("Петренко", "Жансая", IIN, 4, "no")
    assert (specialist.kind, specialist.university_id, specialist.employer) == ("specialist", None, "ТОО «Казцинк»")
    assert (specialist.grade, specialist.outcome, specialist.birth_date) == (5, "hired", DAY(1990, 4, 4))


@pytest.mark.parametrize("columns", [USUAL, KAZAKH, ENGLISH, USUAL[::-1]], ids=["russian", "kazakh", "english", "reversed"])
def test_layouts(columns: Sequence[tuple[str, str]]) -> None:
    titles = [["АО «Алтайвагон»"], [], ["Список практикантов и стажёров, 2026 год"]]
    assert_both(entries([*titles, *listed(columns, STUDENT, SPECIALIST), [], ["Итого", 2], ["Начальник ОК ________ Иванова"]]))


def test_heading_in_two_rows() -> None:
    body = [[1, *(person[name] for _, name in USUAL)] for person in (STUDENT, SPECIALIST)]
    assert_both(entries([*TWO_ROWS, *body]))


@pytest.mark.parametrize(
    "text",
    ["01.06.2026–28.06.2026", "с 01.06.2026 по 28.06.2026", "01.06.2026 - 28.06.2026", "с 1 июня 2026 г. по 28 июня 2026 г.",
     "01.06.26-28.06.26", "1 июня 2026 — 28 июня 2026", "01.06.2026/28.06.2026", "2026-06-01 – 2026-06-28",
     "01.06–28.06.2026", "с 01.06 по 28.06.2026", "1–28 июня 2026", "с 1 по 28 июня 2026 года"],
)  # fmt: skip
def test_the_period_in_one_cell(text: str) -> None:
    columns = [*USUAL[:6], ("Период прохождения", "period"), *USUAL[8:]]
    assert_both(entries(listed(columns, STUDENT | {"period": text}, SPECIALIST | {"period": text})))


@pytest.mark.parametrize("text", ["144 ч", "144 ч.", 144.0, "144.0", "144,0", "144 часа", "144 час.", " 144 "], ids=repr)
def test_hours(text: Any) -> None:
    assert_both(entries(listed(USUAL, STUDENT | {"plan": text}, SPECIALIST | {"plan": text})))


def test_university_and_employer_in_two_columns() -> None:
    columns = [*USUAL[:3], ("ВУЗ", "university"), ("Место работы", "employer"), *USUAL[4:]]
    people = (
        STUDENT | {"university": "АлтГТУ", "employer": None},
        SPECIALIST | {"university": "-", "employer": "ТОО «Казцинк»"},
    )
    assert_both(entries(listed(columns, *people)))


def test_the_kind_follows_from_who_sent() -> None:
    """Without a column for the kind: a university sends students, a company sends specialists; each is said."""
    rows = understood(book(listed([c for c in USUAL if c[1] != "kind"], STUDENT, SPECIALIST)), InternKind(), UNIVERSITIES)
    assert_both([row.reading.checked for row in rows])
    assert all("kind" in {p.field for p in row.reading.problems} for row in rows)


@pytest.mark.parametrize(
    ("cells", "field"),
    [({"to": DAY(2026, 5, 1)}, "ends_on"), ({"done": 5000}, "hours"), ({"kind": "экскурсия"}, "kind"), ({"from": "скоро"},
    "starts_on"),
     ({"sender": "Хогвартс"}, "sender"), ({"iin": IIN[:-1] + "x"}, "iin"), ({"grade": "7"}, "grade"), ({"from": None},
         "starts_on"),
     ({"name": "Петренко"}, "first_name"), ({"plan": "много"}, "hours_planned")],
    ids=lambda value: str(value) if isinstance(value, str) else None,
)  # fmt: skip
def test_a_faulty_row_alone_is_refused(cells: dict[str, Any], field: str) -> None:
    rows = understood(book(listed(USUAL, SPECIALIST, STUDENT | cells)), InternKind(), UNIVERSITIES)
    assert {number: list(told) for number, told in errors(rows).items()} == {3: [field]}
