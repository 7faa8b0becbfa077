"""Colours, fonts and number formats of every workbook: the same as on the site, in a typeface that every office program has."""

from __future__ import annotations

from textwrap import wrap

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from exchange.spreadsheets.sheet import Column

HEADER = "10294A"
TEXT = "16212F"
MUTED = "51607A"
LINK = "0B4F9C"
LINE = "D6DDE7"
STRONG_LINE = "10294A"
BAD, BAD_SOFT = "B1221B", "FDEBEA"
OK = "14693A"
CHART = ("0B4F9C", "7F93AE", "0E8F88", "B1532B")

FAMILY = "Arial"
SIZE = 10

FORMATS = {
    "text": "@",
    "int": "#,##0",
    "float": "#,##0.0",
    "share": "0.0%",
    "date": "dd.mm.yyyy",
    "datetime": "dd.mm.yyyy hh:mm",
}

HEADING = Font(name=FAMILY, size=14, bold=True, color=HEADER)
BODY = Font(name=FAMILY, size=SIZE, color=TEXT)
BOLD = Font(name=FAMILY, size=SIZE, bold=True, color=TEXT)
QUIET = Font(name=FAMILY, size=SIZE, color=MUTED)
WHITE = Font(name=FAMILY, size=SIZE, bold=True, color="FFFFFF")
LINKED = Font(name=FAMILY, size=SIZE, color=LINK, underline="single")
FAILED = Font(name=FAMILY, size=SIZE, bold=True, color=BAD)
PASSED = Font(name=FAMILY, size=SIZE, bold=True, color=OK)

HEADER_FILL = PatternFill("solid", fgColor=HEADER)
FAILED_FILL = PatternFill("solid", fgColor=BAD_SOFT)

UNDER = Border(bottom=Side(style="thin", color=LINE))
OVER_TOTALS = Border(top=Side(style="medium", color=STRONG_LINE), bottom=Side(style="thin", color=LINE))

LEFT = Alignment(horizontal="left", vertical="top")
LEFT_WRAPPED = Alignment(horizontal="left", vertical="top", wrap_text=True)
RIGHT = Alignment(horizontal="right", vertical="top", indent=1)
HEADER_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
HEADER_RIGHT = Alignment(horizontal="right", vertical="center", wrap_text=True, indent=1)
HEADER_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
MIDDLE = Alignment(horizontal="left", vertical="center")

NARROWEST, WIDEST = 8.0, 48.0
_WIDTH = {"text": 22.0, "int": 11.0, "float": 11.0, "share": 10.0, "date": 12.0, "datetime": 17.0}
_BUTTON = 3.0
_LINE_HEIGHT = 13.0
ROW_HEIGHT = 15.0


def number_format(column: Column) -> str:
    """The format of a column's cells."""
    return column.number_format or FORMATS[column.kind]


def width(column: Column, longest_value: int, has_button: bool) -> float:
    """Characters of width: the longest word of the title fits, the title fits two lines, the content fits if it can."""
    if column.width is not None:
        return column.width
    words = column.title.split()
    title = max(max(map(len, words)) * 1.15, len(column.title) * 0.62) + 1.5 + (_BUTTON if has_button else 0)
    content = longest_value + 2 if longest_value else _WIDTH[column.kind]
    return max(NARROWEST, min(WIDEST, max(title, content, _WIDTH[column.kind] if column.kind != "text" else 0)))


def height(text: str, width_of_cell: float) -> float:
    """Points that a wrapped text needs: office programs do not all work it out when they open a file."""
    # Russian letters and spaces are on the average as wide as the digits that widths are measured in; a cell has a small edge.
    across = max(int(width_of_cell - 1), 1)
    lines = sum(max(1, len(wrap(paragraph, across))) for paragraph in text.split("\n"))
    return ROW_HEIGHT + (lines - 1) * _LINE_HEIGHT
