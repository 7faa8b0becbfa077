"""Workbooks are read as plain values, in the rows where Excel shows them."""

# ruff: noqa: DTZ001 - what stands in a cell is local time without a zone

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from exchange.spreadsheets.reader import CellError, Limits, NoCachedValue, Unreadable, read
from tests.spreadsheets.building import MAIN, RELATIONS, only_sheet, text_cell, values

STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"

# cell formats: 0 general, 1 dd.mm.yyyy, 2 h:mm, 3 [h]:mm, 4 own date, 5 own number with words
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/>'
    '<numFmt numFmtId="165" formatCode="0 &quot;days&quot;"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/>'
    '<xf numFmtId="46"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>'
)


def test_plain_values_and_their_rows(xlsx, upload):
    book = read(
        upload(
            xlsx(
                f'<row r="3">{text_cell("A3", "Ахметов")}<c r="B3"><v>7</v></c><c r="D3"><v>1.5</v></c></row>'
                '<row r="5"><c r="A5" t="b"><v>1</v></c><c r="B5" t="b"><v>0</v></c><c r="C5"><v>50424634791</v></c></row>'
            )
        )
    )
    assert book.kind == "xlsx"
    assert book.encoding is None
    assert only_sheet(book).rows == [(3, ["Ахметов", 7, None, 1.5]), (5, [True, False, 50424634791])]
    assert isinstance(values(book)[3][1], int)


def test_hash_and_size_are_those_of_the_file(xlsx, upload):
    import hashlib

    content = xlsx(f"<row>{text_cell('A1', 'x')}</row>")
    book = read(upload(content))
    assert (book.sha256, book.size) == (hashlib.sha256(content).hexdigest(), len(content))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c r="A1" s="1"><v>38245</v></c>', dt.date(2004, 9, 15)),
        ('<c r="A1" s="4"><v>38245</v></c>', dt.date(2004, 9, 15)),
        ('<c r="A1" s="1"><v>38245.5</v></c>', dt.datetime(2004, 9, 15, 12)),
        ('<c r="A1" s="1"><v>61</v></c>', dt.date(1900, 3, 1)),
        ('<c r="A1" s="1"><v>59</v></c>', dt.date(1900, 2, 28)),
        ('<c r="A1" s="1"><v>1</v></c>', dt.date(1900, 1, 1)),
        ('<c r="A1" s="2"><v>0.354166666666667</v></c>', dt.time(8, 30)),
        ('<c r="A1" s="3"><v>4.5</v></c>', dt.timedelta(hours=108)),
        ('<c r="A1" s="5"><v>38245</v></c>', 38245),
        ('<c r="A1"><v>38245</v></c>', 38245),
        ('<c r="A1" s="1"><v>-5</v></c>', -5),
        ('<c r="A1" s="1"><v>99999999</v></c>', 99999999),
        ('<c r="A1" s="77"><v>38245</v></c>', 38245),
        ('<c r="A1" t="d"><v>2004-09-15</v></c>', dt.date(2004, 9, 15)),
        ('<c r="A1" t="d"><v>2004-09-15T08:30:00Z</v></c>', dt.datetime(2004, 9, 15, 8, 30)),
        ('<c r="A1" t="d"><v>15 September</v></c>', CellError("15 September")),
    ],
)
def test_dates_and_times(xlsx, upload, cell, expected):
    book = read(upload(xlsx(f'<row r="1">{cell}</row>', styles=STYLES)))
    value = values(book)[1][0]
    assert value == expected
    assert type(value) is type(expected)


def test_dates_counted_from_1904(xlsx, upload):
    workbook = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr date1904="1"/>'
        '<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    rows = '<row r="1"><c r="A1" s="1"><v>36783</v></c><c r="B1" s="1"><v>0</v></c></row>'
    assert values(read(upload(xlsx(rows, styles=STYLES, workbook=workbook))))[1] == [dt.date(2004, 9, 15), dt.date(1904, 1, 1)]


def test_shared_strings_rich_text_and_phonetic_hints(xlsx, upload):
    strings = (
        f'<sst xmlns="{MAIN}" count="99999999" uniqueCount="99999999"><si><t>Ахметов</t></si>'
        "<si><r><rPr><b/></rPr><t>Гүл</t></r><r><t>нұр</t></r></si>"
        '<si><t>東京</t><rPh sb="0" eb="2"><t>とうきょう</t></rPh></si><si/><si><t> </t></si></sst>'
    )
    rows = '<row r="1">' + "".join(f'<c t="s"><v>{index}</v></c>' for index in (1, 0, 2, 3, 4, 0)) + "</row>"
    assert values(read(upload(xlsx(rows, strings=strings))))[1] == ["Гүлнұр", "Ахметов", "東京", None, None, "Ахметов"]


def test_inline_rich_text(xlsx, upload):
    rows = '<row><c t="inlineStr"><is><r><t>Се</t></r><r><t>рік</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c></row>'
    assert values(read(upload(xlsx(rows))))[1] == ["Серік"]


def test_missing_references_follow_each_other(xlsx, upload):
    rows = (
        '<row><c><v>1</v></c><c><v>2</v></c></row><row r="4"><c r="C4"><v>3</v></c><c><v>4</v></c></row>'
        "<row><c><v>5</v></c></row>"
    )
    assert only_sheet(read(upload(xlsx(rows)))).rows == [(1, [1, 2]), (4, [None, None, 3, 4]), (5, [5])]


def test_a_dimension_that_lies_is_not_believed(xlsx, upload):
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>{number}</v></c></row>' for number in range(1, 14))
    sheet = f'<worksheet xmlns="{MAIN}"><dimension ref="A1:A2"/><sheetData>{rows}</sheetData></worksheet>'
    assert len(only_sheet(read(upload(xlsx(sheet=sheet)))).rows) == 13


def test_strict_workbook(xlsx, upload):
    workbook = (
        f'<workbook xmlns="{STRICT}" xmlns:r="{STRICT_RELATIONS}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{STRICT_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    )
    sheet = (
        f'<worksheet xmlns="{STRICT}"><sheetData><row r="1"><c r="A1" t="d"><v>2004-09-15</v></c>'
        f"{text_cell('B1', 'да')}</row></sheetData></worksheet>"
    )
    content = xlsx(workbook=workbook, sheet=sheet, extra={"xl/_rels/workbook.xml.rels": relations})
    assert values(read(upload(content)))[1] == [dt.date(2004, 9, 15), "да"]


def test_formulas_give_their_stored_value(xlsx, upload):
    book = read(
        upload(
            xlsx(
                '<row r="2"><c r="A2"><f>SUM(B2:C2)</f><v>12</v></c><c r="B2"><f>A1*2</f></c><c r="C2"><f>A1</f><v></v></c>'
                '<c r="D2" t="str"><f>A1&amp;""</f><v></v></c><c r="E2" t="str"><f>A1</f><v>да</v></c>'
                '<c r="F2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
            )
        )
    )
    assert values(book)[2] == [12, NoCachedValue("A1*2"), NoCachedValue("A1"), None, "да", CellError("#DIV/0!")]
    assert only_sheet(book).skipped_formulas == [(2, 2), (2, 3)]
    assert str(values(book)[2][1]) == "=A1*2"


def test_text_that_looks_like_a_formula_stays_text(xlsx, upload):
    cells = text_cell("A1", "=HYPERLINK(&quot;http://x&quot;)"), text_cell("B1", "+7 701"), text_cell("C1", "@SUM(1)")
    rows = f'<row r="1">{"".join(cells)}</row>'
    assert values(read(upload(xlsx(rows))))[1] == ['=HYPERLINK("http://x")', "+7 701", "@SUM(1)"]


@pytest.mark.parametrize("raw", ["NaN", "1e999", "-1e9999", "Infinity", "1_000", "0x10", "12,5", "two", "9" * 400])
def test_a_number_that_is_none_spoils_one_cell_only(xlsx, upload, raw):
    rows = f'<row r="1"><c r="A1"><v>{raw}</v></c><c r="B1"><v>5</v></c></row>'
    first, second = values(read(upload(xlsx(rows))))[1]
    assert isinstance(first, CellError)
    assert first.text == raw[:50]
    assert second == 5


def test_numbers_keep_their_kind(xlsx, upload):
    cells = "".join(f"<c><v>{raw}</v></c>" for raw in ("1.0", "0.1", "1E3", "-7", "1e300", "123456789012345678"))
    assert values(read(upload(xlsx(f"<row>{cells}</row>"))))[1] == [1, 0.1, 1000, -7, 1e300, 123456789012345678.0]


def test_escaped_and_control_characters(xlsx, upload):
    cells = "".join(
        text_cell(f"{letter}1", raw)
        for letter, raw in zip(
            "ABCDE", ("один_x000D__x000A_два", "_x0000_", "_xD83D__xDE00_", "_xD83D_", "_x005F_x0041_"), strict=True
        )
    )
    assert values(read(upload(xlsx(f'<row r="1">{cells}</row>'))))[1] == ["один\nдва", "\ufffd", "😀", "\ufffd", "_x0041_"]


def test_blank_texts_and_empty_rows_are_nothing(xlsx, upload):
    rows = (
        f'<row r="1">{text_cell("A1", " ")}<c r="B1" s="3"/></row><row r="2"/>'
        f'<row r="9">{text_cell("B9", "x")}{text_cell("C9", "")}</row>'
    )
    assert only_sheet(read(upload(xlsx(rows)))).rows == [(9, [None, "x"])]


def test_hidden_things_and_merged_cells(xlsx, upload):
    sheet = (
        f'<worksheet xmlns="{MAIN}"><cols><col min="2" max="3" hidden="1"/><col min="5" max="16384" hidden="true"/></cols>'
        '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="D1"><v>1</v></c></row>'
        '<row r="2" hidden="1"><c r="A2"><v>2</v></c></row></sheetData>'
        '<mergeCells count="3"><mergeCell ref="A1:B2"/><mergeCell ref="C1:XFD1048576"/><mergeCell ref="A7:B9"/></mergeCells>'
        "</worksheet>"
    )
    found = only_sheet(read(upload(xlsx(sheet=sheet))))
    assert found.hidden_rows == {2}
    assert {2, 3, 5, 200} <= found.hidden_columns
    assert 4 not in found.hidden_columns
    assert max(found.hidden_columns) == 200
    assert found.merged == [(1, 1, 2, 2), (1, 3, 2, 4)]


def test_several_sheets_of_which_one_is_hidden(upload, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Имя", "Курс"])
    book.create_sheet("Второй").append(["Ким", 2])
    book.create_sheet("Третий").sheet_state = "hidden"
    book["Третий"].append(["служебное"])
    book.create_sheet("Скрытый").sheet_state = "veryHidden"
    book.create_sheet("Пустой")
    book.save(tmp_path / "a.xlsx")
    sheets = read(tmp_path / "a.xlsx").sheets
    assert [(sheet.name, sheet.hidden, len(sheet.rows)) for sheet in sheets] == [
        ("Sheet", False, 1),
        ("Второй", False, 1),
        ("Третий", True, 1),
        ("Скрытый", True, 0),
        ("Пустой", False, 0),
    ]


def test_a_chart_sheet_is_no_table(tmp_path):
    from openpyxl.chart import BarChart, Reference

    book = openpyxl.Workbook()
    book.active.append(["Ким", 2])
    chart = BarChart()
    chart.add_data(Reference(book.active, min_col=2, min_row=1))
    book.create_chartsheet("Диаграмма").add_chart(chart)
    book.save(tmp_path / "a.xlsx")
    assert [sheet.name for sheet in read(tmp_path / "a.xlsx").sheets] == ["Sheet"]


def test_part_names_whatever_the_case(xlsx, upload):
    content = xlsx(f"<row>{text_cell('A1', 'x')}</row>")
    renamed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(renamed, "w") as target:
        for name in source.namelist():
            target.writestr(name.replace("sheet1", "Sheet1"), source.read(name))
    assert values(read(upload(renamed.getvalue())))[1] == ["x"]


def test_openpyxl_and_we_read_the_same(tmp_path):
    """A generated roster of every kind of value; our reading against the library's."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.merge_cells("A1:D1")
    sheet["A1"] = "Список"
    for number in range(300):
        sheet.append(
            [
                f"Студент {number}",
                number,
                number / 7,
                dt.date(2000, 1, 1) + dt.timedelta(number),
                None,
                dt.datetime(2026, 10, 1, 8, number % 60),
                number % 2 == 0,
                f"{number:012}",
            ]
        )
    book.save(tmp_path / "a.xlsx")
    ours = values(read(tmp_path / "a.xlsx"))
    for number, row in enumerate(openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows(values_only=True), start=1):
        theirs = [
            value.date() if isinstance(value, dt.datetime) and value.time() == dt.time() and column == 3 else value
            for column, value in enumerate(row)
        ]
        assert ours[number] + [None] * (8 - len(ours[number])) == theirs


# ------------------------------------------------------------------------------------------------ limits


def numbered_rows(count, step=1):
    return "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, count * step + 1, step))


def test_rows_over_the_limit_are_counted_for_the_message(xlsx, upload):
    with pytest.raises(Unreadable) as refused:
        read(upload(xlsx(numbered_rows(6_200))))
    assert refused.value.code == "too_many_rows"
    assert str(refused.value) == "В файле 6\u00a0200 строк, за раз принимается 5\u00a0000. Разделите файл на части"


def test_titles_and_totals_around_a_full_table_are_let_through(xlsx, upload):
    assert len(values(read(upload(xlsx(numbered_rows(5_010)))))) == 5_010


def test_an_operator_may_read_more(xlsx, upload):
    assert len(values(read(upload(xlsx(numbered_rows(6_200))), limits=Limits.for_rows(100_000)))) == 6_200


def test_a_long_hidden_sheet_is_cut_not_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Ким", 2])
    hidden = book.create_sheet("Справочник")
    hidden.sheet_state = "hidden"
    for number in range(400):
        hidden.append([number])
    book.save(tmp_path / "a.xlsx")
    _, reference = read(tmp_path / "a.xlsx", limits=Limits(rows=100)).sheets
    assert reference.truncated
    assert len(reference.rows) == 300


def test_a_million_empty_rows(xlsx, upload):
    empty = "".join(f'<row r="{row}"/>' for row in range(3, 1_000_001))
    rows = (
        f'<row r="1">{text_cell("A1", "Имя")}</row><row r="2">{text_cell("A2", "Ким")}</row>{empty}'
        '<row r="1048576"><c r="B1048576"><v>5</v></c></row>'
    )
    assert only_sheet(read(upload(xlsx(rows)))).rows == [(1, ["Имя"]), (2, ["Ким"]), (1048576, [None, 5])]
