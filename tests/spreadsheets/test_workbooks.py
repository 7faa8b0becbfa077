"""Covers and charts, empty and endless tables, where a file goes and how it is called."""

# ruff: noqa: DTZ001 - what stands in a cell is local time without a zone

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import io
import re
import weakref
import zipfile
from typing import BinaryIO, cast

import pytest

from exchange.spreadsheets.sheet import BarChart, Column, Cover, Workbook
from exchange.spreadsheets.writer import FIRST_ROW, content_disposition, file_name, write
from tests.spreadsheets.tables import opened, part, table, total_cells, written

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
    assert cells[dt.datetime(2026, 10, 1)].number_format == "dd.mm.yyyy"
    assert 1122 in cells
    failed, passed = cells["K2: НЕ СХОДИТСЯ"], cells["K1: сходится"]
    assert (failed.font.color.rgb, failed.fill.fgColor.rgb) == ("00B1221B", "00FDEBEA")
    assert passed.font.color.rgb == "0014693A"
    assert passed.fill.fill_type is None
    assert sheet["A4"].value.startswith("Не сошлась 1 контрольная сумма")
    assert sheet["A4"].font.color.rgb == "00B1221B"
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


def between(tag, xml):
    return xml.split(f"<{tag}>")[1].split(f"</{tag}>")[0]


def test_chart_carries_its_values_and_words():
    rows = [("Абай", 20), ("ВКО", "<5"), ("Астана", 7)]
    columns = (Column("r", "Регион"), Column("n", "Студентов", "int", total=True))
    chart = BarChart("Больше всего из области Абай", "r", ["n"], 'Столбцы: "Абай" 20 & Астана 7')
    content = written(table(rows, columns, chart=chart))
    xml = part(content, "xl/charts/chart1.xml")
    assert "<f>'Вузы'!$B$5:$B$7</f>" in xml
    assert "<f>'Вузы'!$A$5:$A$7</f>" in xml
    values = between("numCache", xml)
    assert re.findall(r'<pt idx="(\d)"><v>(\d+)</v>', values) == [("0", "20"), ("2", "7")]
    assert '<ptCount val="3"/>' in values
    assert re.findall(r"<v>([^<]*)</v></pt>", between("strCache", xml)) == ["Абай", "ВКО", "Астана"]
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
    assert sheet["A5"].value == "Нет записей"
    assert sheet["B5"].value is None
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
    with pytest.raises(ValueError, match=r"shorter|longer"):
        written(table([("а", "б"), ("в",)], (Column("a", "a"), Column("b", "b"))))
    with pytest.raises(ValueError, match=r"shorter|longer"):
        written(table([("а", "б")], (Column("a", "a"),)))


class Value:
    """A value that can be watched."""

    def __str__(self):
        return "x"


def test_never_more_than_a_batch_of_rows_is_alive():
    living: weakref.WeakSet[Value] = weakref.WeakSet()
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
    class Pipe(io.BufferedIOBase):
        def __init__(self):
            self.content = b""

        def writable(self):
            return True

        def write(self, chunk):
            self.content += bytes(chunk)
            return len(chunk)

    pipe = Pipe()
    done = write(Workbook(Cover("a"), [table()]), cast(BinaryIO, pipe))
    assert done.sha256 == hashlib.sha256(pipe.content).hexdigest()
    assert opened(pipe.content)["Вузы"]["A5"].value == "АлтГУ"


def test_a_report_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match="promised"):
        write(Workbook(Cover("a"), [table(iter([]), count=5)]), path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


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
    assert file_name([]) == "file.xlsx"
    assert len(file_name(["я" * 500])) <= 125
    assert content_disposition(file_name(["Құрманғалиев Ә."])).startswith('attachment; filename="Qurmangaliev-A.xlsx"')
