"""What is written opens with the values, types and looks that were meant, and nothing in it can run."""

# ruff: noqa: DTZ001 - what stands in a cell is local time without a zone

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from exchange.spreadsheets.reader import read
from exchange.spreadsheets.sheet import Column, Cover, Properties, Workbook
from exchange.spreadsheets.writer import FIRST_ROW, HEADER_ROW, write
from tests.spreadsheets.tables import COLUMNS, ROWS, body_xml, opened, table, total_cells, written

# ------------------------------------------------------------------------------------------------ values and looks


def test_values_come_back():
    sheet = opened(written(table()))["Вузы"]
    assert [cell.value for cell in sheet[HEADER_ROW]] == [column.title for column in COLUMNS]
    moments = [dt.datetime(2026, 9, 1), dt.datetime(2026, 10, 1, 8, 30)]
    assert [cell.value for cell in sheet[FIRST_ROW]] == ["АлтГУ", 312, 5, 4.25, 0.5, *moments, "040101500123"]
    assert sheet.cell(FIRST_ROW + 1, 7).value == dt.datetime(2026, 10, 1, 23, 59, 59)
    assert [cell.value for cell in sheet[FIRST_ROW + 2]] == [None, 0, None, None, None, None, None, None]
    assert [cell.data_type for cell in sheet[FIRST_ROW]] == ["s", "n", "n", "n", "n", "d", "d", "s"]


def test_our_reader_reads_what_our_writer_writes(tmp_path):
    write(Workbook(Cover("Контингент"), [table()]), tmp_path / "a.xlsx")
    rows = dict(read(tmp_path / "a.xlsx").sheets[1].rows)
    assert [tuple(rows[FIRST_ROW]), tuple(rows[FIRST_ROW + 1])] == ROWS[:2]


def test_formats_of_numbers():
    sheet = opened(written(table()))["Вузы"]
    assert [cell.number_format for cell in sheet[FIRST_ROW]] == [
        "@",
        "#,##0",
        "+#,##0;-#,##0;0",
        "#,##0.0",
        "0.0%",
        "dd.mm.yyyy",
        "dd.mm.yyyy hh:mm",
        "@",
    ]


def test_looks():
    content = written(table(totals=["Итого", 810, None, None, None, None, None, None]))
    sheet = opened(content)["Вузы"]
    head, cell, total = sheet.cell(HEADER_ROW, 2), sheet.cell(FIRST_ROW, 2), sheet.cell(FIRST_ROW + 3, 2)
    assert (head.fill.fgColor.rgb, head.font.color.rgb, head.font.b, head.alignment.wrap_text) == (
        "0010294A",
        "00FFFFFF",
        True,
        True,
    )
    assert sheet.row_dimensions[HEADER_ROW].height == 30
    assert (cell.font.name, cell.font.sz, cell.alignment.horizontal) == ("Arial", 10, "right")
    assert total.font.b
    assert total.border.top.style == "medium"
    assert sheet["A1"].value == "По вузам"
    assert sheet["A1"].font.b
    assert sheet["A1"].font.sz == 14
    assert sheet["A2"].value == "На 1 октября 2026 г. · человек"
    assert not sheet.merged_cells.ranges
    assert all(8 <= sheet.column_dimensions[letter].width <= 48 for letter in "ABCDEFGH")


def test_page_and_view():
    book = opened(written(table(), footer="Реестр & партнёры · R-2026-000317"))
    assert book.active.title == "Обложка"
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1 if sheet is book.active else 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.sheet_view.showGridLines is False
        assert sheet.sheet_view.selection[-1].activeCell == "A1"
        assert sheet.oddFooter.right.text == "Стр. &P из &N"
    assert book["Вузы"].print_title_rows == "$4:$4"
    assert "R-2026-000317" in body_xml(written(table(), footer="R-2026-000317"))
    assert "&amp;&amp; " in body_xml(written(table(), footer="a & b"))


def test_properties():
    properties = Properties(author="Реестр", subject="R01", keywords="контингент", created=dt.datetime(2026, 11, 23, 7, 55))
    known = opened(written(table(), properties=properties)).properties
    assert (known.title, known.creator, known.subject, known.keywords, known.language) == (
        "Контингент",
        "Реестр",
        "R01",
        "контингент",
        "ru",
    )
    assert known.created == dt.datetime(2026, 11, 23, 7, 55)


def test_excel_table():
    book = opened(written(table(totals=[None] * 8)))
    (found,) = book["Вузы"].tables.values()
    assert (found.displayName, found.ref, found.autoFilter) == ("Contingent", "A4:H7", None)
    assert [column.name for column in found.tableColumns] == [column.title for column in COLUMNS]


def test_lists_have_filters_and_a_frozen_header():
    sheet = opened(written(table(freeze=1)))["Вузы"]
    assert sheet.freeze_panes == "B5"
    assert sheet.tables["Contingent"].autoFilter.ref == "A4:H7"
    assert opened(written(table()))["Вузы"].freeze_panes is None


def test_headers_equal_table_columns_letter_for_letter():
    columns = (Column("a", "  Число\nстудентов "), Column("b", 'A & <B> "C"'), Column("c", "=1+1"))
    content = written(table([("а", "б", "в")], columns))
    sheet = opened(content)["Вузы"]
    names = [column.name for column in sheet.tables["Contingent"].tableColumns]
    assert names == [cell.value for cell in sheet[HEADER_ROW]] == ["Число студентов", 'A & <B> "C"', "=1+1"]
    assert {cell.data_type for cell in sheet[HEADER_ROW]} == {"s"}


def test_long_text_in_a_short_table_wraps_and_its_row_is_high_enough():
    long = "Алтайский государственный технический университет имени Ивана Ивановича Ползунова, филиал"
    sheet = opened(written(table([(long, "x"), ("короткий", "y")], (Column("a", "Вуз"), Column("b", "Город")))))["Вузы"]
    assert sheet.cell(FIRST_ROW, 1).alignment.wrap_text
    assert sheet.row_dimensions[FIRST_ROW].height == 41  # three lines where a digit is 7 pixels wide
    assert sheet.row_dimensions[FIRST_ROW + 1].height is None


def test_digits_kept_as_text_get_no_warning_corners():
    content = body_xml(written(table()))
    assert '<ignoredError sqref="H5:H7" numberStoredAsText="1"/>' in content
    # The order of elements is the schema's, or Excel repairs the file.
    assert content.index("</headerFooter>") < content.index("<ignoredErrors>") < content.index("<tableParts")


# ------------------------------------------------------------------------------------------------ totals


def test_totals_are_a_formula_and_its_value():
    content = written(table(totals=["Итого", 810, None, None, None, None, None, None]))
    assert total_cells(content, 8)["B"] == "<f>SUBTOTAL(109,B5:B7)</f><v>810</v>"
    assert opened(content)["Вузы"]["B8"].value == "=SUBTOTAL(109,B5:B7)"
    assert openpyxl.load_workbook(io.BytesIO(content), data_only=True)["Вузы"]["B8"].value == 810
    assert opened(content)["Вузы"]["A8"].value == "Итого"


def test_a_missing_total_is_worked_out():
    assert total_cells(written(table(totals=[None] * 8)), 8)["B"].endswith("<v>810</v>")


def test_hidden_figures_have_no_formula_that_would_reveal_them():
    columns = (Column("a", "Регион"), Column("n", "Студентов", "int", total=True), Column("m", "Женщин", "int", total=True))
    content = written(table([("Абай", 20, "<5"), ("ВКО", 30, 12), ("Астана", "X", 0)], columns, totals=["Итого", 52, "<20"]))
    cells = total_cells(content, 8)
    assert cells["B"] == "<v>52</v>"
    assert "&lt;20" in cells["C"]
    assert "<f>" not in cells["C"]
    sheet = opened(content)["Вузы"]
    assert (sheet["C5"].value, sheet["C5"].data_type, sheet["C5"].alignment.horizontal) == ("<5", "s", "right")
    assert sheet["B7"].value == "X"


def test_a_formula_never_contradicts_its_value():
    columns = (Column("a", "Вуз"), Column("n", "Студентов", "int", total=True))
    assert total_cells(written(table([("а", 2), ("б", 3)], columns, totals=["Разных людей", 4])), 7)["B"] == "<v>4</v>"


def test_totals_of_fractions_and_decimals():
    columns = (Column("f", "a", "float", total=True), Column("d", "b", "float", total=True))
    content = written(table([(0.1, Decimal("1.10")), (0.2, Decimal("2.20"))], columns, totals=[0.3, None]))
    cells = total_cells(content, 7)
    assert cells["A"] == "<f>SUBTOTAL(109,A5:A6)</f><v>0.3</v>"
    assert cells["B"].endswith("<v>3.30</v>")


def test_no_formula_but_totals():
    content = written(table(totals=[None] * 8), table(title="Ещё", name="Second"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        formulas = [
            found
            for name in archive.namelist()
            if "worksheets" in name
            for found in re.findall(b"<f>.*?</f>", archive.read(name))
        ]
    assert formulas == [b"<f>SUBTOTAL(109,B5:B7)</f>"]


# ------------------------------------------------------------------------------------------------ text safety

PAYLOADS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")',
    "+7 701 123 45 67",
    "-5",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "{=SUM(A1)}",
    "#N/A",
    "http://example.kz",
    "_x0041_",
    "<b>&amp;</b>",
    "]]>",
    "'=1",
    " =1",
    "%0A=1",
]


def test_no_text_becomes_a_formula():
    rows = [(payload, payload) for payload in PAYLOADS]
    columns = (Column("a", "Имя"), Column("n", "Число", "int"))
    notes = [*PAYLOADS, *((payload, payload) for payload in PAYLOADS)]
    cover = Cover("=1+1", [(payload, payload) for payload in PAYLOADS], [("=1", "=2", False, "=3")], subtitle="=4")
    content = written(
        table(rows, columns, title="=1+1", heading="=5", subtitle="=6", notes=["=7"], totals=["=8", None]),
        cover=cover,
        notes=notes,
        footer="=9",
        properties=Properties(author="=10"),
    )
    book = opened(content)
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    sheet = book["=1+1"]
    shown = [sheet.cell(FIRST_ROW + place, 1).value for place in range(len(PAYLOADS))]
    # Carriage returns become line feeds; what looks like an escape is escaped, so that Excel shows what was typed.
    assert shown == [payload.replace("\r", "\n").replace("_x0041_", "_x005F_x0041_") for payload in PAYLOADS]
    assert all(sheet.cell(FIRST_ROW + place, 1).number_format == "@" for place in range(len(PAYLOADS)))
    assert "<f>" not in body_xml(content)


def test_payloads_survive_our_own_reading(tmp_path):
    rows = [(payload, "x") for payload in PAYLOADS]
    write(Workbook(Cover("a"), [table(rows, (Column("a", "Имя"), Column("b", "Ещё")))]), tmp_path / "a.xlsx")
    found = [cells[0] for number, cells in read(tmp_path / "a.xlsx").sheets[1].rows if number >= FIRST_ROW]
    assert found == [payload.replace("\r", "\n") for payload in PAYLOADS]


def test_characters_that_no_file_can_hold():
    rows = [("a\x00b\x07c\ud800d\uffff",), ("x" * 40_000,), ("😀" * 20_000,), ("  край ",), ("две\r\nстроки",)]
    sheet = opened(written(table(rows, (Column("a", "Имя"),))))["Вузы"]
    texts = [sheet.cell(FIRST_ROW + place, 1).value for place in range(5)]
    assert texts == ["a\ufffdb\ufffdc\ufffdd\ufffd", "x" * 32_767, "😀" * 16_383, "  край ", "две\nстроки"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int", float("nan")),
        ("float", float("inf")),
        ("float", Decimal("NaN")),
        ("int", object()),
        ("date", 5),
        ("datetime", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
    ],
)
def test_values_that_no_cell_can_hold_are_refused(kind, value):
    with pytest.raises((ValueError, TypeError)):
        written(table([(value,)], (Column("a", "a", kind),)))


def test_days_that_excel_cannot_count():
    sheet = opened(written(table([(dt.date(1899, 5, 1),), (dt.date(1900, 3, 1),)], (Column("a", "a", "date"),))))["Вузы"]
    assert (sheet["A5"].value, sheet["A6"].value) == ("01.05.1899", dt.datetime(1900, 3, 1))
