"""What is written opens with the values, types and looks that were meant, and nothing in it can run."""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import io
import re
import weakref
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from exchange.spreadsheets.reader import read
from exchange.spreadsheets.sheet import BarChart, Column, Cover, Properties, Sheet, Workbook
from exchange.spreadsheets.writer import FIRST_ROW, HEADER_ROW, content_disposition, file_name, write

COLUMNS = (
    Column("name", "Вуз"),
    Column("students", "Студентов", "int", total=True),
    Column("change", "Изменение", "int", number_format="+#,##0;-#,##0;0"),
    Column("mark", "Средний балл", "float"),
    Column("share", "Доля", "share"),
    Column("day", "Дата приказа", "date"),
    Column("at", "Изменено", "datetime"),
    Column("iin", "ИИН", digit_text=True),
)
ROWS = [
    ("АлтГУ", 312, 5, 4.25, 0.5, dt.date(2026, 9, 1), dt.datetime(2026, 10, 1, 8, 30), "040101500123"),
    ("АлтГТУ", 498, -7, 3.5, 0.25, dt.date(2025, 9, 1), dt.datetime(2026, 10, 1, 23, 59, 59), "990101300999"),
    (None, 0, None, None, None, None, None, None),
]


def table(rows=ROWS, columns=COLUMNS, **others):
    given = {
        "title": "Вузы",
        "count": len(rows) if isinstance(rows, list) else 0,
        "heading": "По вузам",
        "subtitle": "На 1 октября 2026 г. · человек",
        "name": "Contingent",
    } | others
    return Sheet(columns=columns, rows=rows, **given)


def written(*sheets, **others):
    target = io.BytesIO()
    write(Workbook(others.pop("cover", Cover("Контингент")), sheets, **others), target)
    return target.getvalue()


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def body_xml(content):
    """The XML of the first table's sheet."""
    return part(content, "xl/worksheets/sheet2.xml")


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
    assert total.font.b and total.border.top.style == "medium"
    assert sheet["A1"].value == "По вузам" and sheet["A1"].font.b and sheet["A1"].font.sz == 14
    assert sheet["A2"].value == "На 1 октября 2026 г. · человек"
    assert not sheet.merged_cells.ranges
    assert all(8 <= sheet.column_dimensions[letter].width <= 48 for letter in "ABCDEFGH")


def test_page_and_view():
    book = opened(written(table(), footer="Реестр & партнёры · R-2026-000317"))
    assert book.active.title == "Обложка"
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
            1,
            0,
        ) and sheet.sheet_properties.pageSetUpPr.fitToPage
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
    assert sheet.row_dimensions[FIRST_ROW].height == 28
    assert sheet.row_dimensions[FIRST_ROW + 1].height is None


def test_digits_kept_as_text_get_no_warning_corners():
    content = body_xml(written(table()))
    assert '<ignoredError sqref="H5:H7" numberStoredAsText="1"/>' in content
    # The order of elements is the schema's, or Excel repairs the file.
    assert content.index("</headerFooter>") < content.index("<ignoredErrors>") < content.index("<tableParts")


# ------------------------------------------------------------------------------------------------ totals


def total_cells(content, row):
    found = re.search(rf'<row r="{row}"[^>]*>.*?</row>', body_xml(content))
    return {cell[0]: cell[1] for cell in re.findall(r'<c r="([A-Z]+)\d+"[^>]*?(?:/>|>(.*?)</c>)', found[0])}


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
    assert cells["B"] == "<v>52</v>" and "&lt;20" in cells["C"] and "<f>" not in cells["C"]
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
    assert cells["A"] == "<f>SUBTOTAL(109,A5:A6)</f><v>0.3</v>" and cells["B"].endswith("<v>3.30</v>")


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


# ------------------------------------------------------------------------------------------------ cover, notes, chart


def test_cover():
    cover = Cover(
        "Контингент студентов",
        [("На дату", dt.date(2026, 10, 1)), ("Студентов", 1122), ("Кем", "Петров А. А.")],
        [("K1", "Вузы = регионы", True, "1 122 = 1 122"), ("K2", "Начало + движение = конец", False, "1 121 ≠ 1 122")],
    )
    book = opened(written(table(), cover=cover, notes=[("<5", "число скрыто"), "Правило"]))
    sheet = book["Обложка"]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert sheet["A1"].value == "Контингент студентов"
    assert cells[dt.datetime(2026, 10, 1)].number_format == "dd.mm.yyyy" and 1122 in cells
    failed, passed = cells["K2: НЕ СХОДИТСЯ"], cells["K1: сходится"]
    assert (failed.font.color.rgb, failed.fill.fgColor.rgb) == ("00B1221B", "00FDEBEA")
    assert passed.font.color.rgb == "0014693A" and passed.fill.fill_type is None
    assert sheet["A4"].value.startswith("Не сошлась 1 контрольная сумма") and sheet["A4"].font.color.rgb == "00B1221B"
    links = {cell.value: cell.hyperlink.location for cell in cells.values() if cell.hyperlink}
    assert links == {"Вузы": "'Вузы'!A1", "Примечания": "'Примечания'!A1"}
    assert [cell.value for cell in book["Примечания"]["B"]][3:] == ["число скрыто", "Правило"]


def test_a_sound_report_has_no_warning():
    sheet = opened(written(table(), cover=Cover("a", [("б", "в")], [("K1", "x", True, "")])))["Обложка"]
    assert sheet["A4"].value == "б"


def test_sheet_names_that_excel_accepts():
    wanted = ["Регионы: [все] / часть?", "вузы", "Вузы", "'кавычки'", "x" * 40, "x" * 40, "Обложка", "///"]
    book = opened(written(*(table(title=title, name=f"Table_{place}") for place, title in enumerate(wanted))))
    names = book.sheetnames
    assert len({name.casefold() for name in names}) == len(names) == 9
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) and name.strip("'") == name for name in names)
    assert names[1] == "Регионы все часть"


def test_chart_carries_its_values_and_words():
    rows = [("Абай", 20), ("ВКО", "<5"), ("Астана", 7)]
    columns = (Column("r", "Регион"), Column("n", "Студентов", "int", total=True))
    chart = BarChart("Больше всего из области Абай", "r", ["n"], 'Столбцы: "Абай" 20 & Астана 7')
    content = written(table(rows, columns, chart=chart))
    xml = part(content, "xl/charts/chart1.xml")
    assert "<f>'Вузы'!$B$5:$B$7</f>" in xml and "<f>'Вузы'!$A$5:$A$7</f>" in xml
    values = re.search("<numCache>(.*?)</numCache>", xml)[1]
    assert re.findall(r'<pt idx="(\d)"><v>(\d+)</v>', values) == [("0", "20"), ("2", "7")] and '<ptCount val="3"/>' in values
    assert re.findall(r"<v>([^<]*)</v></pt>", re.search("<strCache>(.*?)</strCache>", xml)[1]) == ["Абай", "ВКО", "Астана"]
    assert "Больше всего из области Абай" in xml
    assert 'descr="Столбцы: &quot;Абай&quot; 20 &amp; Астана 7"' in part(content, "xl/drawings/drawing1.xml")
    assert len(opened(content)["Вузы"]._charts) == 1


def test_two_charts_keep_their_own_words():
    columns = (Column("r", "Регион"), Column("n", "Студентов", "int"))
    sheets = [
        table(
            [("Абай", 20)] if place != 1 else [],
            columns,
            title=f"Лист {place}",
            name=f"Table_{place}",
            chart=BarChart("Вывод", "r", ["n"], f"слова {place}"),
        )
        for place in range(3)
    ]
    content = written(*sheets)
    assert 'descr="слова 0"' in part(content, "xl/drawings/drawing1.xml")
    assert 'descr="слова 2"' in part(content, "xl/drawings/drawing2.xml")


# ------------------------------------------------------------------------------------------------ empty and large


def test_an_empty_report_is_a_valid_file():
    content = written(table([], totals=["Итого", 0, None, None, None, None, None, None]))
    sheet = opened(content)["Вузы"]
    assert sheet.tables["Contingent"].ref == "A4:H5"
    assert sheet["A5"].value == "Нет записей" and sheet["B5"].value is None
    assert total_cells(content, 6)["B"] == "<f>SUBTOTAL(109,B5:B5)</f><v>0</v>"


def test_two_sheets_and_ten_more():
    book = opened(
        written(
            *(
                table([(place,)], (Column("n", "Число", "int"),), title=f"Лист {place}", name=f"Table_{place}")
                for place in range(12)
            )
        )
    )
    assert [book[f"Лист {place}"]["A5"].value for place in range(12)] == list(range(12))


@pytest.mark.parametrize("promised", [0, 2, 4])
def test_another_number_of_rows_than_promised_is_an_error(promised):
    with pytest.raises(ValueError, match="promised"):
        written(table(iter([("а",), ("б",), ("в",)]), (Column("a", "a"),), count=promised))


def test_rows_of_another_length_are_an_error():
    with pytest.raises(ValueError, match="shorter|longer"):
        written(table([("а", "б"), ("в",)], (Column("a", "a"), Column("b", "b"))))
    with pytest.raises(ValueError, match="shorter|longer"):
        written(table([("а", "б")], (Column("a", "a"),)))


class Value:
    """A value that can be watched."""

    def __str__(self):
        return "x"


def test_never_more_than_a_batch_of_rows_is_alive():
    living = weakref.WeakSet()
    most = 0
    rows = 20_000

    def source():
        nonlocal most
        for number in range(rows):
            value = Value()
            living.add(value)
            if number % 500 == 0:
                gc.collect()
                most = max(most, len(living))
            # The second text differs in every row, so neither can be kept for later.
            yield value, str(number)

    content = written(table(source(), (Column("a", "a"), Column("b", "b")), count=rows))
    # A batch, and the few thousand values that the dictionary of ready cells may hold before it gives up.
    assert most < 6_000
    assert opened(content)["Вузы"].cell(FIRST_ROW + rows - 1, 2).value == str(rows - 1)


def test_rows_are_asked_for_while_the_file_grows():
    target = io.BytesIO()
    sizes = []

    def source():
        for number in range(30_000):
            if number % 10_000 == 9_999:
                sizes.append(target.tell())
            yield (number * 7919 % 1_000_003,)

    write(Workbook(Cover("a"), [table(source(), (Column("n", "n", "int"),), count=30_000)]), target)
    assert 0 < sizes[0] < sizes[1] < sizes[2]


def test_columns_of_unlike_values_are_as_right_as_others():
    """Past the learning rows a column of ever new values is encoded another way; both must agree."""
    texts = ["обычный", "a&b", "<i>", " край", "", None, "_x0041_", "nbsp\u00a0", "кон\nец"]
    rows = [
        (f"{texts[n % 9] or ''}{n}" if n % 9 not in (4, 5) else texts[n % 9], n, n / 7, n if n % 50 else "<5")
        for n in range(6_000)
    ]
    columns = (Column("t", "t"), Column("i", "i", "int"), Column("f", "f", "float"), Column("s", "s", "int"))
    sheet = opened(written(table(iter(rows), columns, count=6_000)))["Вузы"]
    found = [tuple(row) for row in sheet.iter_rows(min_row=FIRST_ROW, values_only=True)]
    assert found == [((text or None) and text.replace("_x0041_", "_x005F_x0041_"), *rest) for text, *rest in rows]


# ------------------------------------------------------------------------------------------------ targets


def test_path_and_stream_get_the_same_file(tmp_path):
    path = tmp_path / "отчёт.xlsx"
    done = write(Workbook(Cover("a"), [table()]), path)
    content = path.read_bytes()
    assert (done.bytes, done.sha256, done.rows) == (len(content), hashlib.sha256(content).hexdigest(), 3)
    assert list(tmp_path.iterdir()) == [path]


def test_a_pipe_gets_a_whole_file():
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.content = b""

        def writable(self):
            return True

        def write(self, chunk):
            self.content += bytes(chunk)
            return len(chunk)

    pipe = Pipe()
    done = write(Workbook(Cover("a"), [table()]), pipe)
    assert done.sha256 == hashlib.sha256(pipe.content).hexdigest()
    assert opened(pipe.content)["Вузы"]["A5"].value == "АлтГУ"


def test_a_report_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="promised"):
        write(Workbook(Cover("a"), [table(iter([]), count=5)]), path)
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_the_archive_is_sound():
    with zipfile.ZipFile(io.BytesIO(written(table()))) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert len(set(archive.namelist())) == len(archive.namelist())


# ------------------------------------------------------------------------------------------------ descriptions


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Контингент"},
        {"name": "A1"},
        {"name": "R01"},
        {"name": "two words"},
        {"name": ""},
        {"count": -1},
        {"count": 1_048_577},
        {"count": 900_000, "columns": tuple(Column(str(n), str(n)) for n in range(30))},
        {"totals": [1]},
        {"columns": ()},
        {"columns": (Column("a", "Имя"), Column("b", "имя"))},
        {"columns": (Column("a", ""),)},
        {"chart": BarChart("a", "none", ["students"], "b")},
    ],
)
def test_sheets_that_excel_would_repair_are_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        table(**wrong)


def test_columns_that_make_no_sense():
    for wrong in ({"kind": "money"}, {"kind": "text", "total": True}):
        with pytest.raises(ValueError, match="column"):
            Column("a", "a", **wrong)


def test_a_chart_of_a_stream_is_refused():
    with pytest.raises(ValueError, match="list"):
        written(
            table(iter([("а", 1)]), (Column("r", "r"), Column("n", "n", "int")), count=1, chart=BarChart("a", "r", ["n"], "b"))
        )


def test_file_names():
    name = file_name(["Контингент", dt.date(2026, 10, 1), "все вузы", "R-2026-000317"])
    assert name == "Контингент_2026-10-01_все-вузы_R-2026-000317.xlsx"
    header = content_disposition(name)
    assert header.startswith(
        "attachment; filename=\"Kontingent_2026-10-01_vse-vuzy_R-2026-000317.xlsx\"; filename*=UTF-8''%D0%9A"
    )
    assert header.isascii()
    assert file_name(["../../etc/passwd", 'a"b\r\nc', "", "__"]) == "etc-passwd_a-b-c.xlsx"
    assert file_name([]) == "file.xlsx" and len(file_name(["я" * 500])) <= 125
    assert content_disposition(file_name(["Құрманғалиев Ә."])).startswith('attachment; filename="Qurmangaliev-A.xlsx"')
