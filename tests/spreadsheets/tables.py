"""A small table of every kind of column, written and opened again."""

# ruff: noqa: DTZ001 - what stands in a cell is local time without a zone

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

import openpyxl

from exchange.spreadsheets.sheet import Column, Cover, Sheet, Workbook
from exchange.spreadsheets.writer import write

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
    given: dict[str, Any] = {
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


def total_cells(content, row):
    """Column letters to what stands inside the cells of a row."""
    found = re.search(rf'<row r="{row}"[^>]*>.*?</row>', body_xml(content)) or [""]
    return {cell[0]: cell[1] for cell in re.findall(r'<c r="([A-Z]+)\d+"[^>]*?(?:/>|>(.*?)</c>)', found[0])}
