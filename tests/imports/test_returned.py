"""The workbook that goes back: marks beside the rows, mended by a person, brought again; the protocol."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.imports import keys
from exchange.imports.models import Import, ImportRow
from exchange.students.models import Student
from tests.applications import Client
from tests.imports.rosters import GIVEN, PEOPLE, lines, text, xlsx
from tests.imports.test_intern_lists import SPECIALIST, USUAL, listed
from tests.imports.test_pages import send, words

pytestmark = pytest.mark.usefixtures("today")
Login = Callable[..., Any]


def faulty() -> bytes:
    """Eight people under a title; the third has no birth date that could be one, the fifth an unknown form of study."""
    wrong = {PEOPLE[2]: {"born": "весна"}, PEOPLE[4]: {"form": "лунная", "born": "осень"}}
    rows = lines(born=lambda p: wrong.get(p, {}).get("born", p.born), form=lambda p: wrong.get(p, {}).get("form", p.form))
    return xlsx([["Список на 01.10.2026"], *rows])


def returned(client: Client, place: str) -> Any:
    answer = client.get(f"{place}/workbook.xlsx")
    assert answer.status_code == 200, answer.headers
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    content = answer.get_data()
    answer.close()
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return content, openpyxl.load_workbook(io.BytesIO(content), rich_text=True)


def saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def place_of(sheet: Any, heading: str) -> tuple[int, int]:
    """Row and column of a heading."""
    found = [(cell.row, cell.column) for row in sheet.iter_rows() for cell in row if cell.value == heading]
    assert len(found) == 1, (heading, found)
    return found[0]


def verdicts(sheet: Any, heading: str = "Проверка") -> list[str]:
    row, column = place_of(sheet, heading)
    found = [sheet.cell(number, column).value for number in range(row + 1, row + 1 + len(PEOPLE))]
    return [re.sub(r"^(\d+) ошиб\w+$", r"ошибок: \1", verdict) for verdict in found]  # whatever the catalogue of words has


@pytest.fixture
def asu(client: Client, login: Login, world: Any) -> Client:
    login(client, world.emails["asu"])
    return client


def test_every_row_has_its_verdict_and_what_to_mend(asu: Client, session: Session) -> None:
    place = send(asu, faulty(), "Список АлтГУ.xlsx").headers["Location"]
    _content, book = returned(asu, place)
    sheet = book.worksheets[0]
    assert verdicts(sheet) == ["Готово", "Готово", "ошибок: 1", "Готово", "ошибок: 2", "Готово", "Готово", "Готово"]
    row, column = place_of(sheet, "Что исправить")
    said = str(sheet.cell(row + 5, column).value).split("\n")
    assert len(said) == 2
    assert {one.partition(":")[0] for one in said} == {"Дата рождения", "Форма обучения"}
    assert sheet.cell(row + 5, column).alignment.wrap_text
    assert sheet.cell(row + 5, column).number_format == "@"
    (born,) = (cell.column for cell in sheet[row] if cell.value == "Дата рождения")
    assert "весна" in sheet.cell(row + 3, born).comment.text
    assert sheet.cell(row + 1, born).comment is None
    tinted = {str(area) for formats in sheet.conditional_formatting for area in formats.sqref.ranges}
    assert sheet.cell(row + 3, born).coordinate in tinted
    assert sheet.cell(row + 3, born).value == "весна", "the cell of the person is as it was"
    assert book.sheetnames[1:] == ["Как исправить", "Справочники"]
    # the filter shows the two rows in error
    assert [one.partition(" ")[0] for one in sheet.auto_filter.filterColumn[0].filters.filter] == ["1", "2"]
    shown = [number for number in range(row + 1, row + 9) if not sheet.row_dimensions[number].hidden]
    assert shown == [row + 3, row + 5]
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "import:downloaded")).one()
    assert entry.details["rows"] == len(PEOPLE)
    name = asu.get(f"{place}/workbook.xlsx").headers["Content-Disposition"]
    assert "Spisok-AltGU_proverka.xlsx" in name


def test_mended_and_brought_again_it_works(asu: Client, session: Session) -> None:
    """As a person would: download, mend three cells, save, upload. No errors; our own columns are replaced, not doubled."""
    _content, book = returned(asu, send(asu, faulty()).headers["Location"])
    sheet = book.worksheets[0]
    row, _column = place_of(sheet, "Проверка")
    columns = {cell.value: cell.column for cell in sheet[row]}
    sheet.cell(row + 3, columns["Дата рождения"]).value = PEOPLE[2].born
    sheet.cell(row + 5, columns["Дата рождения"]).value = PEOPLE[4].born.strftime("%d.%m.%Y")
    half = saved(book)
    # one is still wrong: it goes back a second time
    place = send(asu, half).headers["Location"]
    page = words(asu.get(place))
    assert "1 строку нужно исправить или пропустить" in page
    assert "Столбец" not in page.partition("О файле")[2].partition("Как поняты столбцы")[0], "no notes about our own columns"
    _content, book = returned(asu, place)
    sheet = book.worksheets[0]
    assert verdicts(sheet) == ["Готово"] * 4 + ["ошибок: 1"] + ["Готово"] * 3
    place_of(sheet, "registry_id"), place_of(sheet, "Что исправить")  # once each
    assert book.sheetnames[1:] == ["Как исправить", "Справочники"]
    assert [number for number in range(row + 1, row + 9) if not sheet.row_dimensions[number].hidden] == [row + 5]
    comments = [cell.coordinate for line in sheet.iter_rows() for cell in line if cell.comment]
    assert comments == [sheet.cell(row + 5, columns["Форма обучения"]).coordinate]
    tinted = {str(area) for formats in sheet.conditional_formatting for area in formats.sqref.ranges}
    assert tinted == set(comments)
    sheet.cell(row + 5, columns["Форма обучения"]).value = "очная"
    place = send(asu, saved(book)).headers["Location"]
    assert f"Загрузить {len(PEOPLE)} строк" in words(asu.get(place))
    _content, book = returned(asu, place)
    sheet = book.worksheets[0]
    assert verdicts(sheet) == ["Готово"] * 8
    assert not sheet.auto_filter.ref, "no errors, no filter"
    assert not any(sheet.row_dimensions[number].hidden for number in range(1, row + 10))
    assert asu.post(f"{place}/apply").status_code == 303


def test_the_result_says_what_became_of_each_row_and_its_keys_find_them(asu: Client, session: Session, app: Flask) -> None:
    place = send(asu, faulty()).headers["Location"]
    assert asu.post(f"{place}/apply", data={"rows": "good"}).status_code == 303
    _content, book = returned(asu, place)
    sheet = book.worksheets[0]
    assert verdicts(sheet, "Результат загрузки") == [
        "Внесён", "Внесён", "Пропущена", "Внесён", "Пропущена", "Внесён", "Внесён", "Внесён",
    ]  # fmt: skip
    assert book.sheetnames[1:] == ["О загрузке"]
    number = place.rpartition("/")[2]
    assert number in {cell.value for line in book["О загрузке"].iter_rows() for cell in line}
    row, column = place_of(sheet, "registry_id")
    assert sheet.column_dimensions[sheet.cell(row, column).column_letter].hidden
    marks = [sheet.cell(n, column).value for n in range(row + 1, row + 9)]
    with app.app_context():
        found = [keys.read(mark) if mark else None for mark in marks]
    known = set(session.scalars(sa.select(Student.public_id)))
    assert [one is not None for one in found] == [verdict == "Внесён" for verdict in verdicts(sheet, "Результат загрузки")]
    assert {one for one in found if one} <= known
    # the same file again, with another group in one row: its key is read, its columns are ours
    groups = {cell.value: cell.column for cell in sheet[row]}
    sheet.cell(row + 1, groups["Группа"]).value = "новая-1"
    place = send(asu, saved(book)).headers["Location"]
    upload = session.scalars(sa.select(Import).where(Import.public_id == place.rpartition("/")[2])).one()
    rows = session.scalars(sa.select(ImportRow).where(ImportRow.import_id == upload.id).order_by(ImportRow.id)).all()
    assert [one.values.get("key") for one in rows] == found
    assert rows[0].verdict == "changed"
    assert rows[0].subject_id == found[0]
    asu.post(f"{place}/apply", data={"rows": "good"})
    _content, book = returned(asu, place)
    assert verdicts(book.worksheets[0], "Результат загрузки")[:3] == ["Обновлён: группа", "Без изменений", "Пропущена"]
    _row, column = place_of(book.worksheets[0], "Подробности загрузки")
    assert "стало «новая-1»" in book.worksheets[0].cell(row + 1, column).value


def test_a_key_that_is_not_ours_is_ignored_with_a_warning(asu: Client, session: Session, app: Flask, world: Any) -> None:
    with app.app_context():
        good = keys.mark(world.public_ids["kim"])
    forged = good[:-2] + ("AA" if good[-2:] != "AA" else "BB")
    rows = lines(
        [("ФИО", "full_name"), ("Дата рождения", "born"), ("ИИН", "iin"), ("registry_id", "key")], key=lambda p: forged
    )
    place = send(asu, xlsx(rows)).headers["Location"].removesuffix("/columns")
    problems = session.scalars(sa.select(ImportRow.problems)).all()
    assert all(any(p["field"] == "key" and p["severity"] == "warning" for p in row) for row in problems)
    assert "kim" not in str(session.scalars(sa.select(ImportRow.values)).all())
    assert asu.get(f"{place}/workbook.xlsx").status_code == 200


def test_whatever_else_is_in_the_workbook_stays(asu: Client) -> None:
    """Formats, widths, joined cells, formulas, lists, hidden rows and columns, notes, other sheets: as they were."""
    book = openpyxl.load_workbook(io.BytesIO(faulty()))
    sheet = book.worksheets[0]
    sheet["A1"].fill = PatternFill("solid", fgColor="FF00AA55")
    sheet.merge_cells("A1:C1")
    sheet.column_dimensions["B"].width = 37.5
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions[4].height = 41
    sheet.cell(12, 1).value = "=COUNTA(B3:B10)"
    sheet.cell(3, 2).comment = Comment("сверить", "Иванова")
    checks = DataValidation(type="list", formula1='"м,ж"')
    checks.add("D3:D10")
    sheet.add_data_validation(checks)
    sheet.row_dimensions[3].hidden = True
    other = book.create_sheet("Сводка")
    other["A1"] = "=1+1"
    other["B2"] = "текст"
    book.create_sheet("Скрытый").sheet_state = "hidden"
    content = saved(book)
    place = send(asu, content).headers["Location"]
    back, marked = returned(asu, place)
    was, now = zipfile.ZipFile(io.BytesIO(content)), zipfile.ZipFile(io.BytesIO(back))
    same = {name for name in was.namelist() if name in now.namelist() and was.read(name) == now.read(name)}
    assert {"xl/worksheets/sheet2.xml", "xl/theme/theme1.xml", "xl/worksheets/sheet3.xml"} <= same
    kept = marked.worksheets[0]
    assert kept["A1"].fill.fgColor.rgb == "FF00AA55"
    assert {str(area) for area in kept.merged_cells.ranges} == {"A1:C1"}
    assert kept.column_dimensions["B"].width == 37.5
    assert kept.column_dimensions["C"].hidden
    assert kept.row_dimensions[4].height == 41
    assert kept.cell(12, 1).value == "=COUNTA(B3:B10)"
    assert kept.cell(3, 2).comment.text == "сверить"
    assert kept.data_validations.dataValidation[0].formula1 == '"м,ж"'
    assert marked["Скрытый"].sheet_state == "hidden"
    # every cell of the person, to the byte
    cells = re.compile(rb'<c r="[A-Z]+\d+"[^>]*?(?:/>|>.*?</c>)')
    before = cells.findall(was.read("xl/worksheets/sheet1.xml"))
    after = set(cells.findall(now.read("xl/worksheets/sheet1.xml")))
    assert len(before) > 80
    assert all(cell in after for cell in before)


def test_a_table_or_filter_of_their_own_is_not_broken(asu: Client) -> None:
    book = openpyxl.load_workbook(io.BytesIO(faulty()))
    sheet = book.worksheets[0]
    sheet.add_table(Table(displayName="People", ref=f"A2:{sheet.cell(2, sheet.max_column + 2).column_letter}10"))
    for extra, column in enumerate(range(sheet.max_column - 1, sheet.max_column + 1)):
        sheet.cell(2, column).value = sheet.cell(2, column).value or f"Пусто {extra}"
    last = sheet.max_column
    _content, marked = returned(asu, send(asu, saved(book)).headers["Location"])
    sheet = marked.worksheets[0]
    assert place_of(sheet, "Проверка") == (2, last + 3) or place_of(sheet, "Проверка")[1] > last
    assert not sheet.auto_filter.ref
    assert not any(sheet.row_dimensions[number].hidden for number in range(3, 11))
    book = openpyxl.load_workbook(io.BytesIO(faulty()))
    book.worksheets[0].auto_filter.ref = "A2:D10"
    _content, marked = returned(asu, send(asu, saved(book)).headers["Location"])
    assert marked.worksheets[0].auto_filter.ref == "A2:D10"


def test_what_cells_say_is_never_calculated(asu: Client) -> None:
    evil = '=HYPERLINK("http://evil.example","<b>&]]>")\x07_x0041_'
    rows = lines(born=lambda p: evil.replace("\x07", "") if p is PEOPLE[0] else p.born)
    place = send(asu, text(rows), "list.csv").headers["Location"]
    content, book = returned(asu, place)
    sheet = book.worksheets[0]
    assert sheet.title == "Список"
    found = [cell for line in sheet.iter_rows() for cell in line if str(cell.value).startswith("=HYPERLINK")]
    assert found
    assert all(cell.data_type in ("s", "inlineStr") for cell in found)
    for name in (archive := zipfile.ZipFile(io.BytesIO(content))).namelist():
        assert b"<f>" not in archive.read(name).replace(b"<formula>", b"")
    iin = place_of(sheet, "ИИН")[1]
    assert sheet.cell(2, iin).data_type in ("s", "inlineStr"), "digits of a .csv keep their zeros"


def test_a_workbook_with_macros_is_not_handed_on(asu: Client) -> None:
    target = io.BytesIO(faulty())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macros")
    answer = send(asu, target.getvalue())
    if answer.status_code != 303:
        pytest.skip("such a workbook is not read at all")
    content, book = returned(asu, answer.headers["Location"])
    assert not any("vba" in name for name in zipfile.ZipFile(io.BytesIO(content)).namelist())
    assert verdicts(book.worksheets[0])[2] == "ошибок: 1"


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", ["asu-2026-10-01.xlsx", "agmu-faculties.xlsx", "altstu.csv"])
def test_given_rosters_go_back_and_come_again(asu: Client, session: Session, name: str) -> None:
    """The same verdicts come out of the returned file as of the one that was brought."""
    counts = []
    content = (GIVEN / name).read_bytes()
    for _round in range(2):
        answer = send(asu, content, name.replace(".csv", ".xlsx") if _round else name)
        place = answer.headers["Location"].removesuffix("/columns")
        upload = session.scalars(sa.select(Import).where(Import.public_id == place.rpartition("/")[2])).one()
        told = {key: value for key, value in upload.counts.items() if key not in ("notes", "checked")}
        for fault in told["faults"]["named"]:
            del fault["sheet"]  # a .csv has none, and comes back as a workbook
        rows = session.execute(
            sa.select(ImportRow.row_number, ImportRow.verdict, ImportRow.title).where(ImportRow.import_id == upload.id)
        ).all()
        counts.append((told, sorted(map(tuple, rows))))
        content, book = returned(asu, place)
        assert len({sheet.title for sheet in book.worksheets}) == len(book.worksheets)
    assert counts[0] == counts[1]


@pytest.mark.sqlite_only
def test_interns_go_back_too(client: Client, login: Login, world: Any) -> None:
    login(client, world.emails["altvagon"])
    place = send(client, xlsx(listed(USUAL, SPECIALIST)), "interns.xlsx", organisation="ALTVAGON").headers["Location"]
    _content, book = returned(client, place)
    assert "Справочники" in book.sheetnames
    row, column = place_of(book.worksheets[0], "Проверка")
    assert book.worksheets[0].cell(row + 1, column).value in ("Готово", "Предупреждение")


def test_nobody_elses(asu: Client, new_client: Callable[[], Client], login: Login, world: Any) -> None:
    place = send(asu, faulty()).headers["Location"]
    for stranger, status in (("astu", 404), ("altvagon", 404), ("ministry", 403)):
        other = new_client()
        login(other, world.emails[stranger])
        assert other.get(f"{place}/workbook.xlsx").status_code == status
        assert other.get(f"{place}/protocol").status_code == status


def test_the_protocol(asu: Client, session: Session) -> None:
    place = send(asu, faulty(), "<b>список.xlsx").headers["Location"]
    page = asu.get(f"{place}/protocol")
    assert page.status_code == 200
    said = words(page)
    upload = session.scalars(sa.select(Import)).one()
    for expected in (upload.sha256, "<b>список.xlsx", "данные на 01.10.2026", "ничего не записано", PEOPLE[2].last, "весна"):
        assert expected in said, expected
    assert b"<b>\xd1\x81\xd0\xbf" not in page.data
    asu.post(f"{place}/apply", data={"rows": "good"})
    said = words(asu.get(f"{place}/protocol"))
    assert "Строки, которые не записаны" in said
    rows = BeautifulSoup(asu.get(f"{place}/protocol").data, "html.parser").select("#left tbody tr")
    assert len(rows) == 2


@pytest.mark.sqlite_only
def test_the_protocol_of_decisions_says_no_numbers_of_people(asu: Client, session: Session) -> None:
    place = send(asu, faulty()).headers["Location"]
    upload = session.scalars(sa.select(Import)).one()
    upload.decisions = {
        "cells": {f"{upload.columns[0]['sheet']}!5": {"iin": "040101500123", "group": "ИС-31"}},
        "words": {"form": {"очка": "очная"}},
    }
    session.commit()
    said = words(asu.get(f"{place}/protocol"))
    assert "040101500123" not in said
    assert "Группа: исправлено на «ИС-31»" in said
    assert "читается как «очная»" in said
    _content, book = returned(asu, place)
    _row, column = place_of(book.worksheets[0], "Что исправить")
    assert "Исправлено на странице проверки: Группа — «ИС-31»" in book.worksheets[0].cell(5, column).value
