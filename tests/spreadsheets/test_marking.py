"""Marks in somebody's own workbook: whatever it is built like, what comes back opens and holds the same cells."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask_babel import Babel

from exchange.spreadsheets import marking, reader
from exchange.spreadsheets.book import Book, CellError, SheetRead
from exchange.spreadsheets.marking import BadCell, Marks, Page, Row, SheetMarks
from exchange.spreadsheets.parsing.limits import Limits
from tests.spreadsheets.building import MAIN, PACKAGE, RELATIONS, build_xlsx, sheet_xml, text_cell


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    """The interface's language without the site."""
    speaking = Flask("words of workbooks")
    speaking.config["BABEL_DEFAULT_LOCALE"] = "ru"
    Babel(speaking)
    with speaking.app_context():
        yield


ROWS = (
    f'<row r="1" spans="1:2">{text_cell("A1", "Фамилия")}{text_cell("B1", "Курс")}</row>'
    f'<row r="2" spans="1:2" ht="15">{text_cell("A2", "Ким")}<c r="B2"><v>9</v></c></row>'
    f'<row r="3" spans="1:2">{text_cell("A3", "Ли")}<c r="B3"><v>2</v></c></row>'
)
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
HEAD = "application/vnd.openxmlformats-officedocument.spreadsheetml."
PAGE = Page("help", "Как исправить", (20.0, 60.0), [[("title", "Как")], [("text", "=1+1"), ("error", "<b>&")]])


def marks(**more: object) -> Marks:
    told: dict[str, object] = {
        "name": "Лист1", "at": 3, "left": 1, "headings": [1], "filter": 1,
        "rows": {2: Row("error", "1 ошибка", "Курс: 9\n=1+1", ""), 3: Row("ok", "Готово", "", "ABC.def")},
        "bad": [BadCell(2, 2, "error", "=cmd|' /C calc'!A0 <&>")],
    }  # fmt: skip
    return Marks(("Проверка", "Что исправить", "registry_id"), [SheetMarks(**{**told, **more})], [PAGE])


def types() -> str:
    parts = {"/xl/workbook.xml": "sheet.main+xml", "/xl/worksheets/sheet1.xml": "worksheet+xml"}
    return (
        f'<Types xmlns="{TYPES}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Override PartName="{part}" ContentType="{HEAD}{kind}"/>' for part, kind in parts.items())
        + "</Types>"
    )


def built(**more: Any) -> bytes:
    extra = {"[Content_Types].xml": types(), **more.pop("extra", {})}
    return build_xlsx(ROWS if "sheet" not in more else "", extra=extra, **more)


def mark(tmp_path: Path, content: bytes, asked: Marks | None = None, limits: Limits | None = None) -> tuple[bytes, bool]:
    path = tmp_path / "upload.xlsx"
    path.write_bytes(content)
    made = marking.mark(content, reader.read(path), asked or marks(), limits)
    with made.file as file:
        data = file.read()
    assert len(data) == made.size
    return data, made.is_own


def check(data: bytes) -> openpyxl.Workbook:
    """What every marked workbook of ROWS holds."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    assert [[cell.value for cell in row[:4]] for row in sheet.iter_rows(max_row=3)] == [
        ["Фамилия", "Курс", "Проверка", "Что исправить"], ["Ким", 9, "1 ошибка", "Курс: 9\n=1+1"], ["Ли", 2, "Готово", None],
    ]  # fmt: skip
    assert sheet["E3"].value == "ABC.def"
    assert sheet["D2"].data_type == "s"
    assert sheet.row_dimensions[3].hidden
    assert not sheet.row_dimensions[2].hidden
    assert sheet["B2"].comment.text == "=cmd|' /C calc'!A0 <&>"
    assert sheet["B2"].value == 9
    assert [str(formats.sqref) for formats in sheet.conditional_formatting] == ["B2"]
    assert book["Как исправить"]["A2"].value == "=1+1"
    assert book["Как исправить"]["A2"].data_type == "s"
    return book


DAY, MOMENT = dt.datetime(2026, 9, 1), dt.datetime(2026, 9, 1, 8, 30)  # noqa: DTZ001  (cells hold local time)
MARGINS = '<pageMargins left="1" right="1" top="1" bottom="1" header="1" footer="1"/>'
SHEETS: dict[str, str | bytes | None] = {
    "no styles at all": None,
    "a wide column": sheet_xml(ROWS, before='<cols><col min="2" max="16384" width="11"/></cols>'),
    "elements around": sheet_xml(ROWS, before='<dimension ref="A1:B3"/>', after=MARGINS),
    "utf-16": ('<?xml version="1.0" encoding="UTF-16"?>' + sheet_xml(ROWS)).encode("utf-16"),
    "a mark of the encoding": b"\xef\xbb\xbf" + sheet_xml(ROWS).encode(),
    "a prefix": re.sub(r"<(/?)(\w)", r"<\1x:\2", sheet_xml(ROWS)).replace("xmlns=", "xmlns:x="),
    "no addresses": sheet_xml(re.sub(r' r="[A-Z]?\d"', "", ROWS)),
    "empty cells": sheet_xml(
        ROWS.replace("</row>", '<c r="C1"/></row>', 1).replace('</c></row><row r="3', '</c><c r="D2"/></row><row r="3')
    ),
}


@pytest.mark.parametrize("name", SHEETS)
def test_workbooks_of_every_make(tmp_path: Path, name: str) -> None:
    sheet = SHEETS[name]
    data, is_own = mark(tmp_path, built(sheet=sheet) if sheet else built())
    assert is_own
    check(data)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"xl/vbaProject.bin": b"macros"}, id="macros"),
        pytest.param(
            {"xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}"><ddeLink/></externalLink>'}, id="dde"
        ),
        pytest.param({"xl/activeX/activeX1.bin": b"control"}, id="controls"),
        pytest.param({"xl/connections.xml": f'<connections xmlns="{MAIN}"/>'}, id="connections"),
    ],
)
def test_what_acts_by_itself_is_copied_without_it(tmp_path: Path, more: dict[str, str | bytes]) -> None:
    data, is_own = mark(tmp_path, built(extra=more))
    assert not is_own
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert not any(name in names for name in more)
    check(data)


def test_a_workbook_built_in_a_way_of_its_own_is_copied(tmp_path: Path) -> None:
    strict = built(sheet=sheet_xml(ROWS, namespace="http://purl.oclc.org/ooxml/spreadsheetml/main"))
    odd_styles = built(styles=f'<styleSheet xmlns="{MAIN}"/>')
    for content in (strict, odd_styles):
        data, is_own = mark(tmp_path, content)
        assert not is_own
        check(data)


def test_marks_of_an_earlier_time_are_replaced(tmp_path: Path) -> None:
    first, _is_own = mark(tmp_path, built())
    again = marks(at=3, own=[3, 4, 5])
    second, is_own = mark(tmp_path, first, again)
    assert is_own
    book = check(second)
    assert book.sheetnames == ["Лист1", "Как исправить"]
    fine = Row("ok", "Готово", "", "")
    third, _is_own = mark(tmp_path, second, marks(at=3, own=[3, 4, 5], rows={2: fine, 3: fine}, bad=[]))
    sheet = openpyxl.load_workbook(io.BytesIO(third)).worksheets[0]
    assert not sheet.auto_filter.ref
    assert not sheet.row_dimensions[3].hidden
    assert sheet["B2"].comment is None
    assert not list(sheet.conditional_formatting)
    assert [sheet.cell(2, column).value for column in range(1, 7)] == ["Ким", 9, "Готово", None, None, None]


def test_columns_that_moved_are_not_doubled(tmp_path: Path) -> None:
    """A person put a column of their own between ours."""
    cells = '<c r="D1" t="inlineStr"><is><t>Что исправить</t></is></c>'
    rows = ROWS.replace("</row>", f'{cells}<c r="E1"><v>7</v></c><c r="F1"><f>1+1</f><v>2</v></c></row>', 1)
    data, is_own = mark(tmp_path, built(sheet=sheet_xml(rows)), marks(at=6, own=[4, 6]))
    assert is_own
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["Фамилия", "Курс", None, None, 7, "Проверка", "Что исправить", "registry_id"]


def test_conditions_of_the_person_come_after_ours(tmp_path: Path) -> None:
    theirs = (
        '<conditionalFormatting sqref="A1:B9"><cfRule type="expression" priority="1"><formula>MOD(ROW(),2)=0</formula></cfRule>'
        "</conditionalFormatting>"
    )
    data, _is_own = mark(tmp_path, built(sheet=sheet_xml(ROWS, after=theirs)))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    order = {str(formats.sqref): [rule.priority for rule in formats.rules] for formats in sheet.conditional_formatting}
    assert order == {"A1:B9": [3], "B2": [1]}


def test_joined_cells_beside_the_table_are_not_written_into(tmp_path: Path) -> None:
    content = built(sheet=sheet_xml(ROWS, after='<mergeCells count="1"><mergeCell ref="B2:E2"/></mergeCells>'))
    data, _is_own = mark(tmp_path, content)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet["F1"].value == "Проверка"


@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param(sheet_xml(ROWS) + "<!-- -->" * 3, id="a comment after the end"),
        pytest.param(f'<!DOCTYPE a [<!ENTITY b "c">]>{sheet_xml(ROWS)}', id="entities"),
        pytest.param(sheet_xml(ROWS).replace('r="3"', 'r="1"'), id="rows out of order"),
        pytest.param(sheet_xml(ROWS, after='<mergeCells><mergeCell ref="ZZZZ9:A1"/></mergeCells>'), id="a range that is none"),
        pytest.param(sheet_xml(ROWS)[:-30], id="cut off"),
    ],
)
def test_hostile_sheets_are_copied_or_refused(tmp_path: Path, sheet: str) -> None:
    """The reader is put aside here: whatever got past it, the answer is a workbook or a sentence."""
    book = Book([SheetRead("Лист1", False, [(1, ["Фамилия", "Курс"]), (2, ["Ким", 9]), (3, ["Ли", 2])])], "xlsx", None, "", 0)
    made = marking.mark(built(sheet=sheet), book, marks())
    with made.file as file:
        check(file.read())


def test_a_child_that_gets_no_memory_or_time_says_so(tmp_path: Path) -> None:
    with pytest.raises(reader.Unreadable, match="слишком сложный"):
        mark(tmp_path, built(), limits=Limits(memory=1 << 20))


def test_a_copy_keeps_values_and_their_kinds(tmp_path: Path) -> None:
    sheet = SheetRead("a/b*c" * 9, False)
    sheet.rows = [
        (1, ["Фамилия", "Курс"]),
        (2, ["Ким", 9]),
        (3, ["Ли", 2]),
        (
            7,
            [
                None,
                "007",
                True,
                12.5,
                dt.date(2026, 9, 1),
                MOMENT,
                CellError("#N/A"),
                "=1+1",
                "\x07_x0041_",
            ],
        ),
    ]
    sheet.hidden_rows, sheet.hidden_columns, sheet.merged = frozenset({7}), frozenset({2}), [(7, 1, 7, 2)]
    book = Book([sheet, SheetRead("", False)], "csv", "utf-8", "", 0)
    made = marking.mark(b"", book, marks(name=sheet.name))
    with made.file as file:
        copy = openpyxl.load_workbook(io.BytesIO(file.read()))
    assert copy.sheetnames[1:] == ["Список", "Как исправить"]
    found = [cell.value for cell in copy.worksheets[0][7]][1:9]
    assert found == [None, True, 12.5, DAY, MOMENT, "#N/A", "=1+1", "\ufffd_x005F_x0041_"]  # escaped, which Excel undoes
    assert copy.worksheets[0]["H7"].data_type == "s"
    assert copy.worksheets[0].row_dimensions[7].hidden


def test_nothing_is_opened_and_nothing_left(tmp_path: Path) -> None:
    """What relates to files outside the archive is a name that no part has."""
    relations = (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{RELATIONS}/comments" Target="../../../etc/passwd"/>'
        "</Relationships>"
    )
    data, _is_own = mark(tmp_path, built(extra={"xl/worksheets/_rels/sheet1.xml.rels": relations}))
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    assert "root:" not in "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    assert "=cmd" in archive.read("xl/registryComments1.xml").decode()
