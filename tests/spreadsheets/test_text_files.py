"""Tables kept as text: encodings, separators, records and quotes."""

from __future__ import annotations

import csv
import io

import pytest

from exchange.spreadsheets.reader import Unreadable, read
from tests.spreadsheets.building import only_sheet, values

TABLE = 'ИИН;Фамилия;Имя;Примечание\r\n040101500123;Ахметов;Иван;"текст; с точкой"\r\n990101300999;Петрова;Ольга;да\r\n'
KAZAKH = TABLE.replace("Ахметов", "Қасымов").replace("Иван", "Серік").replace("Ольга", "Гүлнұр")


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (KAZAKH, "utf-8", "utf-8"),
        (KAZAKH, "utf-8-sig", "utf-8-sig"),
        (KAZAKH, "utf-16", "utf-16"),
        (KAZAKH, "utf-16-le", "utf-16-le"),
        (KAZAKH, "utf-16-be", "utf-16-be"),
        (TABLE, "cp1251", "cp1251"),
        (TABLE.upper(), "cp1251", "cp1251"),
        ("Фамилия;Имя\r\nКим;Ян\r\n", "cp1251", "cp1251"),
        (KAZAKH, "kz1048", "kz1048"),
        (TABLE, "cp866", "cp866"),
        (TABLE.upper(), "cp866", "cp866"),
        ("name;course\r\nKim;2\r\n", "ascii", "utf-8"),
    ],
)
def test_encodings(upload, text, encoding, named):
    book = read(upload(text.encode(encoding)))
    assert (book.kind, book.encoding) == ("csv", named)
    assert [cells for _, cells in only_sheet(book).rows] == list(csv.reader(io.StringIO(text), delimiter=";"))


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_separators(upload, sign):
    lines = [["Список студентов, 2026 год"], ["Имя", "Курс", "Место, адрес"], ["Ким", "2", "Барнаул; Ленина, 1"]]
    quoted = "\n".join(sign.join(f'"{field}"' for field in line) for line in lines)
    assert [cells for _, cells in only_sheet(read(upload(quoted))).rows] == lines


def test_separator_named_in_the_file(upload):
    book = read(upload("sep=,\r\nИмя,Курс; год\r\nКим,2; 2025\r\n"))
    assert only_sheet(book).rows == [(1, ["Имя", "Курс; год"]), (2, ["Ким", "2; 2025"])]


def test_rows_of_text_are_records(upload):
    book = read(upload('Имя;Адрес\n\n"Ким";"Барнаул\nЛенина 1"\n;\nЛи;Бийск\n'))
    assert only_sheet(book).rows == [(1, ["Имя", "Адрес"]), (3, ["Ким", "Барнаул\nЛенина 1"]), (5, ["Ли", "Бийск"])]


def test_old_line_ends(upload):
    assert only_sheet(read(upload("Имя;Курс\rКим;2\r"))).rows == [(1, ["Имя", "Курс"]), (2, ["Ким", "2"])]


def test_numbers_kept_as_text_by_a_formula(upload):
    book = read(upload('ИИН;Имя\n"=""040101500123""";=1+1\n'))
    assert values(book)[2] == ["040101500123", "=1+1"]


def test_a_quote_that_swallows_the_rest(upload):
    with pytest.raises(Unreadable) as refused:
        read(upload('Имя;Курс\nКим;"2\nЛи;3\nПак;4\n'))
    assert refused.value.code == "open_quote"
    assert "строке 2" in str(refused.value)


def test_too_many_rows_of_text(upload):
    with pytest.raises(Unreadable) as refused:
        read(upload("Имя;Курс\n" + "Ким;2\n" * 7_000))
    assert refused.value.code == "too_many_rows"


def test_mixed_text_and_forbidden_bytes(upload):
    with pytest.raises(Unreadable) as refused:
        read(upload(b"name;course\nKim;\x01\x02\x00\n"))
    assert refused.value.code == "wrong_kind"


@pytest.mark.parametrize("text", ["Ким;2\n" * 60_000, "Имя;Курс\n" + "\n" * 1_050_000])
def test_rows_far_over_the_limit_are_not_counted_to_the_end(upload, text):
    with pytest.raises(Unreadable) as refused:
        read(upload(text))
    assert refused.value.code == "too_many_rows"
    assert str(refused.value).startswith("В файле больше ")
