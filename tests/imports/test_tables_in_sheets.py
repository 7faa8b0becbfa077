"""Several tables in a sheet, a faculty a sheet, what is hidden: everybody is found once, and what was done is said."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from typing import Any

import openpyxl
import pytest

from exchange.imports import checking
from exchange.imports.student_kind import StudentKind
from exchange.spreadsheets.book import Book
from tests.imports.rosters import PEOPLE, TODAY, USUAL, assert_understood, book, lines, understood, xlsx
from tests.imports.test_layouts import ENGLISH, KAZAKH
from tests.spreadsheets.building import build_ods, ods_content, ods_sheet

pytestmark = pytest.mark.usefixtures("words")
SHORT = (("ФИО", "full_name"), ("Дата рождения", "born"), ("ИИН", "iin"), ("Паспорт", "passport"))
APART = (
    ("Фамилия", "last_name"), ("Имя", "first_name"), ("Отчество", "patronymic"), ("ИИН", "iin"), ("Дата рождения", "born"),
    ("Пол", "sex"), ("Номер паспорта", "passport"), ("Гражданство", "citizenship"), ("Регион", "region"),
    ("Код направления", "programme_code"), ("Наименование направления", "programme_name"), ("Уровень", "level"),
    ("Форма обучения", "form"), ("Основа обучения", "funding"), ("Курс", "course"), ("Группа", "group"),
    ("Номер приказа", "order_number"), ("Дата приказа", "order_date"),
)  # fmt: skip
NAMES = ["last_name", "first_name", "patronymic", "iin", "born", "passport"]


def people_of(content: bytes | Book) -> list[dict[str, Any]]:
    rows = understood(content)
    return [{name: row.reading.values.get(name) for name in NAMES} for row in rows]


def wanted(people=PEOPLE):
    return [
        {"last_name": p.last, "first_name": p.first, "patronymic": p.middle, "iin": p.iin, "born": f"{p.born:%d.%m.%Y}",
         "passport": p.passport}
        for p in people
    ]  # fmt: skip


def file_of(content: Book | bytes, **others: Any) -> checking.Understood:
    from exchange.imports import actions

    read = content if isinstance(content, Book) else actions.read(content)
    return checking.understand(StudentKind(), None, read, "roster.xlsx", TODAY, **others)


def notes_of(content: Book | bytes) -> list[str]:
    file = file_of(content)
    return checking._notes(file.book, file.tables)


# ------------------------------------------------------------------------------------------------ one under another


def test_tables_one_under_another_each_with_its_headings() -> None:
    rows = [
        ["Бакалавриат"], *lines(people=PEOPLE[:3]), ["Всего", 3], [],
        ["Таблица 2. Остальные"], *lines(APART, people=PEOPLE[3:6]), [],
        *lines(USUAL[::-1], people=PEOPLE[6:]),
    ]  # fmt: skip
    found = understood(book(rows))
    assert_understood(found)
    assert [row.reading.row.number for row in found] == [3, 4, 5, 10, 11, 12, 15, 16]
    assert {row.reading.row.sheet for row in found} == {"Лист1"}


def test_the_tables_of_a_sheet_are_told_apart() -> None:
    file = file_of(book([*lines(people=PEOPLE[:2]), [], [None, "Магистры"], *lines(APART, people=PEOPLE[2:4])]))
    assert [(table.sheet, table.of_sheet, table.title) for table in file.tables] == [
        ("Лист1", "Лист1", ""), ("Лист1!A6", "Лист1", "Магистры"),
    ]  # fmt: skip
    assert notes_of(file.book) == ["На листе «Лист1» прочитаны 2 таблицы"]


def test_the_same_headings_said_again_are_no_other_table() -> None:
    heading, *body = lines()
    file = file_of(book([heading, *body[:4], [], heading, *body[4:]]))
    assert len(file.tables) == 1
    assert_understood(file.rows)


def test_a_title_between_two_tables_is_the_section_of_the_second() -> None:
    columns = [pair for pair in APART if pair[1] != "course"]
    rows = [*lines(people=PEOPLE[:2]), [], ["3 курс"], *lines(columns, people=PEOPLE[2:4])]
    assert [row.reading.values["course"] for row in understood(book(rows))] == ["2", "3", "3", "3"]


@pytest.mark.parametrize("number", [1, 15, 28, 30])
@pytest.mark.parametrize("columns", [USUAL[::-1], KAZAKH, ENGLISH])
def test_headings_stand_anywhere_in_the_first_thirty_rows(number: int, columns: Any) -> None:
    above = [[f"Приложение {line}"] for line in range(1, number)]
    assert people_of(book([*above, *lines(columns)])) == wanted()


# ------------------------------------------------------------------------------------------------ side by side


def beside(gap: int, left=SHORT, right=SHORT) -> Book:
    one, two = lines(left, people=PEOPLE[:4]), lines(right, people=PEOPLE[4:])
    return book([[*a, *[None] * gap, *b] for a, b in zip(one, two, strict=True)])


@pytest.mark.parametrize("gap", [0, 1, 3])
def test_tables_side_by_side(gap: int) -> None:
    made = beside(gap)
    assert sorted(people_of(made), key=str) == sorted(wanted(), key=str)
    found = understood(made)
    places = [(row.reading.row.sheet, row.reading.row.number) for row in found]
    assert len(set(places)) == 8
    letter = "EFH"[(0, 1, 3).index(gap)]
    assert places[4:] == [(f"Лист1!{letter}1", number) for number in range(2, 6)]
    assert found[4].reading.row.address("full_name") == f"{letter}2"


def test_a_gap_does_not_part_one_table() -> None:
    made = lines([*USUAL[:5], ("", ""), *USUAL[5:], ("ФИО куратора", "adviser")], adviser=lambda p: "Петров Пётр Петрович")
    file = file_of(book(made))
    assert len(file.tables) == 1
    assert_understood(file.rows)


# ------------------------------------------------------------------------------------------------ a faculty a sheet


def faculties(*sheets: Any, names: list[str]) -> list[str | None]:
    return [row.reading.values.get("faculty") for row in understood(book(*sheets, names=names))]


def test_the_name_of_the_sheet_gives_the_faculty() -> None:
    sheets = [lines(people=PEOPLE[:1]), lines(people=PEOPLE[1:2])]
    assert faculties(*sheets, names=["Лечебный", "ИМИТ"]) == ["Лечебный", "ИМИТ"]
    assert faculties(sheets[0], names=["Юридический факультет"]) == ["Юридический факультет"]
    assert notes_of(book(*sheets, names=["Лечебный", "ИМИТ"])) == ["Факультет взят из названия листа: «Лечебный», «ИМИТ»"]


def test_a_column_or_a_title_between_rows_wins_over_the_name_of_the_sheet() -> None:
    columns = [*USUAL, ("Факультет", "faculty")]
    one = lines(columns, people=PEOPLE[:1], faculty=lambda p: "Исторический")
    assert faculties(one, lines(people=PEOPLE[1:2]), names=["Юридический", "Химический"]) == ["Исторический", "Химический"]


@pytest.mark.parametrize(
    "name", ["Лист2", "Sheet1", "Список", "2 курс", "Бакалавриат", "Заочная форма", "Остальные", "415-1", "Студенты РК"]
)
def test_other_names_of_sheets_are_no_faculties(name: str) -> None:
    sheets = [lines(people=PEOPLE[:1]), lines(people=PEOPLE[1:2])]
    assert faculties(*sheets, names=[name, "Лечебный"]) == [None, "Лечебный"]


def test_one_sheet_alone_is_no_faculty_unless_it_says_so() -> None:
    assert faculties(lines(people=PEOPLE[:1]), names=["Экономика"]) == [None]
    titled = [["Факультет: Экономика и право"], *lines(people=PEOPLE[:1])]
    assert faculties(titled, names=["Экономика и право"]) == ["Экономика и право"]


def test_the_name_of_the_sheet_gives_the_course() -> None:
    columns = [pair for pair in USUAL if pair[1] != "course"]
    rows = understood(book(lines(columns, people=PEOPLE[:1]), lines(columns, people=PEOPLE[1:2]), names=["1 курс", "3 курс"]))
    assert [row.reading.values["course"] for row in rows] == ["1", "3"]


# ------------------------------------------------------------------------------------------------ what is said


def test_hidden_rows_columns_and_sheets_are_said() -> None:
    made = openpyxl.load_workbook(io.BytesIO(xlsx(lines(), [["ФИО", "ИИН"], ["Скрытый Сергей", "1"]], hidden=[1])))
    sheet = made.worksheets[0]
    sheet.row_dimensions[3].hidden = sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["E"].hidden = True
    sheet.column_dimensions["ZZ"].hidden = True
    target = io.BytesIO()
    made.save(target)
    assert notes_of(target.getvalue()) == [
        "На листе «Лист1» скрыто строк: 2. Они прочитаны",
        "На листе «Лист1» скрыт столбец E. Он прочитан",
        "Лист «Лист2» скрыт: не прочитан",
    ]
    assert_understood(file_of(target.getvalue()).rows)


def test_what_is_known_by_content_is_said() -> None:
    columns = [("Код 1" if name == "iin" else words, name) for words, name in USUAL]
    assert notes_of(book(lines(columns))) == ["Столбец E («Код 1») понят по содержимому"]


# ------------------------------------------------------------------------------------------------ other formats


def as_ods(rows: list[list[Any]]) -> bytes:
    def cell(value: Any) -> str:
        if value is None or value == "":
            return "<table:table-cell/>"
        if isinstance(value, dt.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
        if isinstance(value, int):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    made = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    return build_ods(content=ods_content(ods_sheet(made)))


def test_an_open_document_is_understood() -> None:
    assert_understood(understood(as_ods(lines())))
    assert_understood(understood(as_ods(lines(APART))))
    assert people_of(as_ods(lines(KAZAKH))) == wanted()


def test_days_counted_from_1904() -> None:
    made = openpyxl.load_workbook(io.BytesIO(xlsx(lines())))
    made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    target = io.BytesIO()
    made.save(target)
    assert_understood(understood(target.getvalue()))


def test_error_cells_and_formulas_without_a_value_are_said_in_their_row() -> None:
    made = openpyxl.load_workbook(io.BytesIO(xlsx(lines(people=[dataclasses.replace(p) for p in PEOPLE[:2]]))))
    made.worksheets[0]["D2"] = "#N/A"
    made.worksheets[0]["D2"].data_type = "e"
    made.worksheets[0]["B3"] = "=A1"
    target = io.BytesIO()
    made.save(target)
    rows = understood(target.getvalue())
    assert [[(p.cell, p.message) for p in row.reading.problems if p.severity == "error"] for row in rows] == [
        [("D2", "В ячейке ошибка Excel #N/A. Введите значение")],
        [("B3", "В ячейке формула без значения. Откройте файл в Excel, сохраните и загрузите снова")],
    ]
