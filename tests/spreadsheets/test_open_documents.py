"""Workbooks of LibreOffice and other free programs: the same values in the same rows as from an .xlsx."""

# ruff: noqa: DTZ001 - what stands in a cell is local time without a zone

from __future__ import annotations

import datetime as dt

import pytest

from exchange.spreadsheets.reader import CellError, Limits, NoCachedValue, Unreadable, read
from tests.spreadsheets.building import build_ods, ods_content, ods_sheet, ods_text, only_sheet, values


def cell(more, inside=""):
    return f"<table:table-cell {more}>{inside}</table:table-cell>"


def row(*cells, more=""):
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def float_cell(value, more=""):
    return cell(f'office:value-type="float" office:value="{value}"{more}', f"<text:p>{value}</text:p>")


def repeated(what, times):
    return f' table:number-{what}-repeated="{times}"'


EMPTY = "<table:table-cell/>"
ONE = row(ods_text("Ким"))


def refused(content, **limits):
    with pytest.raises(Unreadable) as raised:
        read(content, limits=Limits(cpu_seconds=4, wall_seconds=8, **limits))
    assert len(str(raised.value)) > 15
    return raised.value


def test_plain_values_and_their_rows(upload):
    book = read(
        upload(
            build_ods(
                '<table:table-column table:number-columns-repeated="4"/>'
                + row(EMPTY, more=repeated("rows", 2))
                + row(ods_text("Ахметов"), float_cell(7), EMPTY, float_cell("1.5"))
                + row(cell('office:value-type="boolean" office:boolean-value="true"', "<text:p>ИСТИНА</text:p>"))
                + row(float_cell(50424634791), cell(repeated("columns", 16383)))
                + row(cell(repeated("columns", 16384)), more=repeated("rows", 1048571))
            )
        )
    )
    assert (book.kind, book.encoding) == ("ods", None)
    assert only_sheet(book).name == "Лист1"
    assert only_sheet(book).rows == [(3, ["Ахметов", 7, None, 1.5]), (4, [True]), (5, [50424634791])]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (cell('office:value-type="date" office:date-value="2004-09-15"', "<text:p>15.09.04</text:p>"), dt.date(2004, 9, 15)),
        (cell('office:value-type="date" office:date-value="2004-09-15T08:30:00"'), dt.datetime(2004, 9, 15, 8, 30)),
        (cell('office:value-type="date" office:date-value="2004-02-31"'), CellError("2004-02-31")),
        (cell('office:value-type="time" office:time-value="PT08H30M00S"'), dt.time(8, 30)),
        (cell('office:value-type="time" office:time-value="PT108H00M00S"'), dt.timedelta(hours=108)),
        (cell('office:value-type="time" office:time-value="soon"'), CellError("soon")),
        (cell('office:value-type="percentage" office:value="0.25"', "<text:p>25%</text:p>"), 0.25),
        (cell('office:value-type="currency" office:value="100"', "<text:p>100 ₽</text:p>"), 100),
        (cell('office:value-type="float" office:value="NaN"'), CellError("NaN")),
        (cell('office:value-type="float" office:value="1e999"'), CellError("1e999")),
        (cell("", "<text:p>без вида</text:p>"), "без вида"),
        (cell('office:value-type="string" office:string-value="значение"', "<text:p>вид</text:p>"), "значение"),
        (cell('table:formula="of:=[.B1]*2" office:value-type="float" office:value="12"', "<text:p>12</text:p>"), 12),
        (cell('table:formula="of:=[.B1]*2"'), NoCachedValue("[.B1]*2")),
        (cell('table:formula="of:=[.B1]*2" office:value-type="float"'), NoCachedValue("[.B1]*2")),
        (
            cell(
                'table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"',
                "<text:p>#ДЕЛ/0!</text:p>",
            ),
            CellError("#ДЕЛ/0!"),
        ),
    ],
)
def test_typed_cells(upload, made, expected):
    value = values(read(upload(build_ods(row(ods_text("а"), made)))))[1][1]
    assert value == expected
    assert type(value) is type(expected)


def test_a_formula_without_a_value_is_counted(upload):
    book = read(upload(build_ods(row(ods_text("а"), cell('table:formula="of:=[.A1]"'), more=repeated("rows", 2)))))
    assert only_sheet(book).skipped_formulas == [(1, 2), (2, 2)]


def test_text_is_what_people_see(upload):
    made = cell(
        'office:value-type="string"',
        "<office:annotation><text:p>примечание</text:p></office:annotation>"
        "<text:p>\n  Ахметов<text:s text:c='2'/><text:span>Да</text:span>нияр </text:p><text:p>415<text:tab/>1</text:p>"
        "<draw:frame><draw:text-box><text:p>на картинке</text:p></draw:text-box></draw:frame>",
    )
    assert values(read(upload(build_ods(row(made)))))[1] == ["Ахметов  Данияр\n415 1"]


def test_repeated_rows_and_cells_with_values(upload):
    made = row(float_cell(1, repeated("columns", 3)), ods_text("а"), more=repeated("rows", 2)) + row(float_cell(2))
    assert only_sheet(read(upload(build_ods(made)))).rows == [(1, [1, 1, 1, "а"]), (2, [1, 1, 1, "а"]), (3, [2])]


def test_joined_cells_have_one_value(upload):
    made = row(
        ods_text("Документ", ' table:number-columns-spanned="2" table:number-rows-spanned="1"'),
        "<table:covered-table-cell><text:p>не видно</text:p></table:covered-table-cell>",
        ods_text("Дата"),
    ) + row(ods_text("серия"), ods_text("номер"), ods_text("выдачи"))
    sheet = only_sheet(read(upload(build_ods(made))))
    assert sheet.rows == [(1, ["Документ", None, "Дата"]), (2, ["серия", "номер", "выдачи"])]
    assert sheet.merged == [(1, 1, 1, 2)]


def test_what_is_hidden_is_said(upload):
    hidden = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    first = ods_sheet(
        '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
        + row(float_cell(1))
        + row(float_cell(2), more=' table:visibility="filter"')
        + row(float_cell(3), more=' table:visibility="collapse"')
        + row(EMPTY, more=' table:visibility="collapse"' + repeated("rows", 1000))
    )
    second = ods_sheet(row(float_cell(4)), "Справочник", ' table:style-name="ta2"')
    book = read(upload(build_ods(content=ods_content(first + second, hidden))))
    assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == [("Лист1", False), ("Справочник", True)]
    assert book.sheets[0].hidden_rows == {2, 3}
    assert book.sheets[0].hidden_columns == {3}


def test_rows_in_groups_and_under_headings(upload):
    made = f"<table:table-header-rows>{row(ods_text('ФИО'))}</table:table-header-rows>"
    made += f"<table:table-row-group><table:table-row-group>{ONE}</table:table-row-group></table:table-row-group>"
    assert only_sheet(read(upload(build_ods(made)))).rows == [(1, ["ФИО"]), (2, ["Ким"])]


def test_deleted_cells_and_foreign_tables_are_not_read(upload):
    tracked = (
        f"<table:tracked-changes><table:cell-content-change><table:previous>{ods_text('было')}</table:previous>"
        f"</table:cell-content-change><table:deletion><table:table>{row(ods_text('нет'))}</table:table></table:deletion>"
        "</table:tracked-changes>"
    )
    links = f"<table:dde-links><table:dde-link>{ods_sheet(row(ods_text('чужое')))}</table:dde-link></table:dde-links>"
    inner = row(cell("", f"<table:sub-table>{row(ods_text('внутри'))}</table:sub-table>"), ods_text("Ким"))
    book = read(upload(build_ods(content=ods_content(tracked + ods_sheet(inner) + links))))
    assert only_sheet(book).rows == [(1, [None, "Ким"])]


@pytest.mark.parametrize("mimetype", ["application/vnd.oasis.opendocument.text", "hello", ""])
def test_other_documents_are_not_tables(upload, mimetype):
    assert refused(upload(build_ods(ONE, mimetype=mimetype))).code == "wrong_kind"


def test_a_text_document_is_known_by_its_body(upload):
    assert (
        refused(upload(build_ods(content=ods_content("<text:p>а</text:p>", body="text"), mimetype=None))).code == "wrong_kind"
    )


def test_a_template_and_a_workbook_without_its_kind_are_read(upload):
    for mimetype in ("application/vnd.oasis.opendocument.spreadsheet-template", None):
        assert values(read(upload(build_ods(ONE, mimetype=mimetype))))[1] == ["Ким"]


def test_a_password(upload):
    locked = '<manifest:encryption-data><manifest:algorithm manifest:algorithm-name="aes256"/></manifest:encryption-data>'
    assert refused(upload(build_ods(content=b"\x07\x08" * 40, manifest=locked))).code == "password"


HOSTILE = {
    "a value in a million rows": (row(float_cell(1), more=repeated("rows", 1048576)), "too_many_rows"),
    "a value in all columns": (row(float_cell(1, repeated("columns", 16384))), "too_many_columns"),
    "a value in the last column": (row(cell(repeated("columns", 16383)), float_cell(1)), "too_many_columns"),
    "a value under the last row": (ONE + row(EMPTY, more=repeated("rows", 1048576)) + ONE, "damaged"),
    "repeated without end": (row(float_cell(1), more=repeated("rows", "9" * 40)), "damaged"),
    "repeated minus once": (row(float_cell(1, repeated("columns", "-1"))), "damaged"),
    "repeated no times": (row(float_cell(1), more=repeated("rows", 0)), "damaged"),
    "many values by repetition": (row(float_cell(1, repeated("columns", 190)), more=repeated("rows", 4000)), "too_many_cells"),
    "spaces without end": (row(ods_text("а" + '<text:s text:c="30000"/>' * 5)), "long_text"),
    "a long text": (row(ods_text("я" * 70_000)), "long_text"),
    "a long value": (row(cell(f'office:value-type="string" office:string-value="{"x" * 70_000}"')), "long_text"),
    "a cell outside its row": (float_cell(1), "damaged"),
    "a cell in a cell": (row(cell("", float_cell(1))), "damaged"),
    "a row in a row": (row(ONE), "damaged"),
    "no rows": ("", "no_table"),
    "a million paragraphs": (row(cell("", "<text:p/>" * 2_200_000)), "bomb"),
    "deep": (row(cell("", "<text:p>" + "<text:span>" * 2_000)), "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_rows(upload, name):
    made, code = HOSTILE[name]
    assert refused(upload(build_ods(made))).code == code


def test_hostile_workbooks(upload):
    twice = ods_content(ods_sheet(ONE) + ods_sheet(ONE))
    assert refused(upload(build_ods(content=twice))).code == "damaged"
    assert (
        refused(upload(build_ods(content=ods_content(ods_sheet(ONE)).replace("?>", "?><!DOCTYPE a>", 1)))).code
        == "declarations"
    )
    assert refused(upload(build_ods(content=ods_content(ods_sheet(ONE))[:-40]))).code == "damaged"
    many = "".join(ods_sheet("", f"Лист{number}") for number in range(101))
    assert refused(upload(build_ods(content=ods_content(many)))).code == "too_many_sheets"
    assert refused(upload(build_ods(ONE, extra={"xl/workbook.xml": "<a/>"}))).code == "other_format"
    assert refused(upload(build_ods(ONE, extra={"encrypted-package": b"\1"}))).code == "password"
    assert refused(upload(build_ods(content=ods_content("")))).code == "no_table"


def test_a_hidden_sheet_of_a_million_rows_is_cut(upload):
    hidden = '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>'
    lists = ods_sheet(row(float_cell(1), more=repeated("rows", 1048576)), "Списки", ' table:style-name="h"')
    book = read(upload(build_ods(content=ods_content(lists + ods_sheet(ONE), hidden))))
    assert (len(book.sheets[0].rows), book.sheets[0].truncated) == (5_200, True)
    assert book.sheets[1].rows == [(1, ["Ким"])]
