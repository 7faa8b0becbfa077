"""Wide tables on paper: nothing smaller than 8 points, the name of the row on every sheet, headings never cut."""

from __future__ import annotations

from html import unescape

import pytest

from exchange.spreadsheets.sheet import Column, Cover
from tests.spreadsheets.tables import opened, part, table, written

POINTS = 10  # of the letters in the cells
ACROSS = 136  # digits of that size between the margins of A4, landscape


def columns(*widths: float, texts: int = 1) -> tuple[Column, ...]:
    return tuple(
        Column(f"c{place}", f"Графа {place}", "text" if place < texts else "int", width=width)
        for place, width in enumerate(widths)
    )


def drawn(*widths: float, texts: int = 1, **others):
    rows = [tuple("x" if place < texts else place for place in range(len(widths)))] * 3
    return opened(written(table(rows, columns(*widths, texts=texts), **others)))["Вузы"]


def pieces(sheet, widths):
    ends = [one.id for one in sheet.col_breaks.brk]
    return [widths[start:end] for start, end in zip([0, *ends], [*ends, len(widths)], strict=True)]


def test_a_table_that_can_be_read_stays_on_one_page():
    sheet = drawn(30, *[14] * 10)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert not sheet.col_breaks.brk
    assert sheet.oddHeader.left.text is None
    assert not sheet.print_title_cols


@pytest.mark.parametrize(
    ("widths", "texts", "repeated"),
    [([30.0, *[14.0] * 11], 1, 1), ([23.0, 20.0, *[12.0] * 20], 2, 2), ([48.0, 48.0, 13.0, *[11.0] * 11], 3, 1),
     ([30.0, *[12.0] * 60], 1, 1), ([100.0, *[12.0] * 20], 1, 0)],
)  # fmt: skip
def test_a_wide_table_is_cut_so_that_it_can_be_read(widths, texts, repeated):
    sheet = drawn(*widths, texts=texts)
    head = sum(widths[:repeated])
    parts = [sum(part) for part in pieces(sheet, widths)]
    broad = [parts[0], *(head + part for part in parts[1:])]
    scale = sheet.page_setup.scale / 100
    assert len(parts) > 1
    assert max(broad) * scale <= ACROSS
    assert scale * POINTS >= 8
    assert max(broad) - min(broad) <= 2 * max(widths[repeated:])
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_cols == (f"$A:${chr(64 + repeated)}" if repeated else None)


def test_the_headings_of_a_cut_table_stand_above_every_page():
    rows = [("x", *range(20))] * 3
    content = written(table(rows, columns(30, *[14] * 20), heading="Вузы & филиалы", totals=["Итого", *[None] * 20]))
    sheet = opened(content)["Вузы"]
    assert sheet.print_area == "'Вузы'!$A$4:$U$8"
    header = part(content, "xl/worksheets/sheet2.xml").partition("<oddHeader>")[2].partition("</oddHeader>")[0]
    assert unescape(header) == '&L&"Arial,Bold"&11 &K10294AВузы && филиалы &"Arial,Regular"&8 На 1 октября 2026 г. · человек'
    assert sheet.print_title_rows == "$4:$4"


def test_the_first_frozen_columns_of_a_list_are_repeated():
    assert drawn(*[20] * 20, texts=8, freeze=1).print_title_cols == "$A:$A"


def test_a_cover_a_little_too_long_becomes_smaller_and_a_long_one_goes_on():
    def cover(facts: int):
        return opened(written(table(), cover=Cover("Контингент", [("а", "б")] * facts))).worksheets[0].page_setup.fitToHeight

    assert (cover(10), cover(33), cover(60)) == (1, 1, 0)
