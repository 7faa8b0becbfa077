"""Faults of rows: whatever the layout, exactly the faulty row is refused, at the right field, and the others are accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from exchange.imports.checking import CheckedRow
from exchange.spreadsheets.book import CellError, NoCachedValue
from tests.imports.rosters import CELLS, PEOPLE, USUAL, Someone, book, errors, iin_of, lines, understood
from tests.imports.test_layouts import APART, ENGLISH, GROUPS, KAZAKH, LOWER

pytestmark = pytest.mark.usefixtures("words")
FAULTY = 5


def usual(**cells: Any) -> tuple[Any, int]:
    return book([["Список студентов на 01.10.2026"], [], *lines(USUAL, **cells)]), 4 + FAULTY


def kazakh(**cells: Any) -> tuple[Any, int]:
    return book(lines(KAZAKH[::-1], **cells)), 2 + FAULTY


def english(**cells: Any) -> tuple[Any, int]:
    return book([["a summary"], ["Faculty", 3]], lines(ENGLISH, **cells), names=["Summary", "Students"]), 2 + FAULTY


def two_rows(**cells: Any) -> tuple[Any, int]:
    return book([GROUPS, LOWER, *lines(APART, heading=False, **cells)]), 3 + FAULTY


LAYOUTS = (usual, kazakh, english, two_rows)
# What is written into the cell of a column of the faulty row -> field that is refused.
FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "check digit": ({"iin": lambda p: p.iin[:-1] + str((int(p.iin[-1]) + 1) % 10)}, "iin"),
    "letter in the number": ({"iin": lambda p: p.iin.replace("0", "О", 1)}, "iin"),
    "number too short": ({"iin": lambda p: p.iin[:-2]}, "iin"),
    "number too long": ({"iin": lambda p: p.iin + "1"}, "iin"),
    "number of another's birth as a number": ({"iin": lambda p: 98765432}, "iin"),
    "neither number nor document": ({"iin": lambda p: None, "passport": lambda p: "-"}, "iin"),
    "no such day": ({"born": lambda p: "31.02.2005"}, "born"),
    "no date": ({"born": lambda p: "весна 2005"}, "born"),
    "only a year": ({"born": lambda p: "2005"}, "born"),
    "born tomorrow": ({"born": lambda p: dt.date(2027, 1, 1)}, "born"),
    "no birth date": ({"born": lambda p: None}, "born"),
    "an error of Excel": ({"born": lambda p: CellError("#N/A")}, "born"),
    "no such programme": ({"programme": lambda p: "99.99.99 Волшебство", "programme_code": lambda p: "99.99.99"}, "programme"),
    "course out of range": ({"course": lambda p: 7}, "course"),
    "no course but words": ({"course": lambda p: "выпускной"}, "course"),
    "unknown form": ({"form": lambda p: "по выходным"}, "form"),
    "no form": ({"form": lambda p: ""}, "form"),
    "unknown payer": ({"funding": lambda p: "добрые люди"}, "funding"),
    "unknown level": ({"level": lambda p: "волшебник"}, "level"),
    "unknown region": ({"region": lambda p: "Нарния"}, "region"),
    "unknown country": ({"citizenship": lambda p: "Атлантида"}, "citizenship"),
    "document of a wrong form": ({"passport": lambda p: "N123"}, "passport"),
    "formula for a name": ({"full_name": lambda p: "=HYPERLINK(1)", "last_name": lambda p: "=HYPERLINK(1)"}, "last_name"),
    "formula without a value": (
        {"full_name": lambda p: NoCachedValue("A1&B1"), "last_name": lambda p: NoCachedValue("A1&B1")}, "last_name",
    ),
    "figures for a name": ({"full_name": lambda p: "Ахметов2 Иван", "last_name": lambda p: "Ахметов2"}, "last_name"),
    "no first name": ({"full_name": lambda p: p.last, "first_name": lambda p: ""}, "first_name"),
    "initials": ({"full_name": lambda p: f"{p.last} {p.first[0]}. {p.first[0]}.", "first_name": lambda p: "А."}, "first_name"),
    "an order of the future": (
        {"order": lambda p: "№ 1 от 01.12.2026", "order_date": lambda p: dt.date(2026, 12, 1)}, "order_date",
    ),
    "an order on no day": ({"order": lambda p: "№ 1 от 31.02.2026", "order_date": lambda p: "31.02.2026"}, "order_date"),
}  # fmt: skip


def only_there(cells: dict[str, Any]) -> dict[str, Callable[[Someone], Any]]:
    """The fault in one row, the truth in the others."""

    def at(name: str, fault: Any) -> Callable[[Someone], Any]:
        return lambda p: fault(p) if p is PEOPLE[FAULTY] else CELLS[name](p)

    return {name: at(name, fault) for name, fault in cells.items()}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("fault", FAULTS)
def test_exactly_the_faulty_row_is_refused(layout: Any, fault: str) -> None:
    cells, field = FAULTS[fault]
    content, row = layout(**only_there(cells))
    rows = understood(content)
    assert len(rows) == len(PEOPLE)
    assert {number: list(told) for number, told in errors(rows).items()} == {row: [field]}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.__name__)
def test_somebody_twice(layout: Any) -> None:
    """The first row stands, the second is refused with the number of the first."""
    twin = PEOPLE[1]

    def told(rows: list[CheckedRow]) -> Any:
        return {p.field: p.message for row in rows if row.reading.is_rejected for p in row.reading.problems}

    content, row = layout(
        **only_there(
            {name: (lambda p, name=name: CELLS[name](twin)) for name in CELLS if not name.startswith(("order", "group"))}
        )
    )
    rows = understood(content)
    assert list(errors(rows)) == [row]
    assert told(rows)["iin"] == f"Тот же ИИН в строке {row - FAULTY + 1} этого файла. Оставьте одну"


def test_the_same_person_without_numbers_is_known_by_name_and_birth() -> None:
    again = lines([(words, name) for words, name in USUAL if name != "passport"], people=[*PEOPLE, PEOPLE[0]])
    assert list(errors(understood(book(again)))) == [len(PEOPLE) + 2]


def test_namesakes_of_one_day_with_other_numbers_are_two_people() -> None:
    other = iin_of(PEOPLE[0].born, "M", 9700)
    rows = [*lines(), lines(people=PEOPLE[:1], heading=False, iin=lambda p: other, passport=lambda p: "N76543210")[0]]
    assert errors(understood(book(rows))) == {}


def said(rows: list[CheckedRow]) -> dict[str, str]:
    """field -> sentence, of all rows."""
    return {p.field: p.message for row in rows for p in row.reading.problems if p.severity == "error"}


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ("form", "В файле нет столбца «Форма обучения». Добавьте его. Напишите «очная», «заочная» или «очно-заочная»"),
        ("born", "В файле нет столбца «Дата рождения». Добавьте его. Напишите дату рождения, например 27.03.2007"),
    ],
)
def test_a_column_that_is_not_there_is_named(column: str, sentence: str) -> None:
    without = [(words, name) for words, name in USUAL if name != column]
    assert said(understood(book(lines(without, people=PEOPLE[:1])))) == {column: sentence}


def test_an_empty_cell_is_told_from_half_a_name() -> None:
    empty, _ = usual(**only_there({"funding": lambda p: "—"}))
    assert said(understood(empty)) == {"funding": "Значение не указано. Напишите «бюджет», «квота» или «договор»"}
    half, _ = usual(**only_there({"full_name": lambda p: p.last}))
    last = PEOPLE[FAULTY].last
    assert said(understood(half)) == {
        "first_name": f"В ячейке только «{last}». Напишите через пробел фамилию, имя и отчество"
    }  # fmt: skip


def test_initials_and_formulas_in_the_column_of_names_are_told_as_such() -> None:
    short, _ = usual(**only_there({"full_name": lambda p: f"{p.last} А. Б."}))
    assert said(understood(short)) == {"first_name": "Вместо имени инициалы «А.». Напишите имя полностью"}
    formula, _ = usual(**only_there({"full_name": lambda p: NoCachedValue("A1&B1")}))
    sentence = "В ячейке формула без значения. Откройте файл в Excel, сохраните и загрузите снова"
    assert said(understood(formula)) == {"last_name": sentence}
