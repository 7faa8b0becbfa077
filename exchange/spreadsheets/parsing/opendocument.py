"""Reads the sheets of an .ods workbook: everything that counts stands in its content.xml."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .answer import Answer
from .limits import LAST_COLUMN, LAST_ROW, Limits
from .markup import Markup
from .package import LONGEST_TEXT, sheet_name
from .refusal import Refused
from .values import Travelling, iso_moment, iso_time, number, text
from .worksheet import FORMULA_SHOWN, MOST_MERGES, most_details, within

_NAMESPACES = {
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0": "manifest",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}
_FULL = {prefix: space for space, prefix in _NAMESPACES.items()}


def _named(prefix: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{_FULL[prefix]}}}{name}" for name in names)


# Attributes as the parser names them.
_TABLE_NAME, _STYLE, _DISPLAY, _VISIBILITY = _named("table", "name", "style-name", "display", "visibility")
_COLUMNS, _ROWS, _FORMULA = _named("table", "number-columns-repeated", "number-rows-repeated", "formula")
_WIDE, _HIGH = _named("table", "number-columns-spanned", "number-rows-spanned")
_TYPE, *_STORED = _named("office", "value-type", "value", "date-value", "time-value", "boolean-value", "string-value")
_VALUE, _DATE, _TIME, _BOOLEAN, _STRING = _STORED
_FAMILY, _STYLE_NAME = _named("style", "family", "name")
(_SHOWN_TYPE,) = _named("calcext", "value-type")
(_SPACES,) = _named("text", "c")

_CONTENT, _MANIFEST, _KIND = "content.xml", "META-INF/manifest.xml", "mimetype"
_SPREADSHEET = ("application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet-template")
_HIDDEN = {"collapse", "filter"}
_BLANKS = re.compile(r"[ \t\r\n]+")
#: What stands in a cell without being its value: remarks, pictures, buttons, tables inside tables.
_ASIDE = {"office:annotation", "table:sub-table", "table:detective"}


def known(name: str) -> str:
    """`urn:…:table:1.0}table-cell` is table:table-cell; names of other namespaces are empty, those of shapes `draw:`."""
    space, _, local = name.rpartition("}")
    prefix = _NAMESPACES.get(space)
    if prefix is None:
        return "draw:" if space.startswith("urn:oasis:names:tc:opendocument:xmlns:drawing") else ""
    return f"{prefix}:{local}"


def repeated(said: str | None, most: int) -> int:
    """How often a row or a cell is said to be repeated, from once to the whole sheet."""
    if said is None:
        return 1
    if not (said.isdecimal() and said.isascii() and len(said) < 10 and int(said)):
        raise Refused("damaged", "repeated")
    return min(int(said), most)


@dataclass
class _Sheet:
    """The sheet that is being read."""

    name: str
    row: int = 1
    times: int = 1
    row_hidden: bool = False
    column: int = 1
    next_column: int = 1
    cells: list[Travelling] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    formulas: list[tuple[int, int]] = field(default_factory=list)


def read_open_document(markup: Markup, answer: Answer, limits: Limits) -> None:
    """Send the rows of all sheets. Raises Refused."""
    if markup.has(_KIND) and not markup.beginning(_KIND, 100).decode("ascii", "replace").strip().startswith(_SPREADSHEET):
        raise Refused("wrong_kind", "another document")
    _expect_no_password(markup)
    if not markup.has(_CONTENT):
        raise Refused("wrong_kind", "no content")
    reading = _Reading(answer, limits)
    markup.walk(_CONTENT, reading.start, reading.end, reading.characters, most_tags=limits.tags)
    if not reading.is_spreadsheet:
        raise Refused("wrong_kind", "another document")
    if not reading.names:
        raise Refused("no_table", "no worksheets")


def _expect_no_password(markup: Markup) -> None:
    def start(tag: str, _attributes: dict[str, str]) -> None:
        if known(tag) == "manifest:encryption-data":
            raise Refused("password")

    if markup.has(_MANIFEST):
        markup.walk(_MANIFEST, start)


class _Reading:
    """The way through content.xml. Only tables that stand in the spreadsheet itself are sheets."""

    def __init__(self, answer: Answer, limits: Limits) -> None:
        self.is_spreadsheet = False
        self.names: set[str] = set()
        self._answer = answer
        self._limits = limits
        self._names_of_tags: dict[str, str] = {}
        self._path: list[str] = []
        self._sheet: _Sheet | None = None
        self._style = ""
        self._hidden_styles: set[str] = set()
        self._attributes: dict[str, str] = {}
        self._in_cell = self._covered = False
        self._aside = 0
        self._lines: list[str] = []
        self._pieces: list[str] = []
        self._in_line = 0
        self._length = self._details = 0

    # ------------------------------------------------------------------------------------------------------- events
    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._names_of_tags.get(tag)
        if name is None:
            name = known(tag)
            if len(self._names_of_tags) < 1000:
                self._names_of_tags[tag] = name
        above = self._path[-1] if self._path else ""
        self._path.append(name)
        if len(self._path) > 200:
            raise Refused("damaged", "nesting")
        if name not in ("table:table-cell", "table:table-row"):
            self._details += 1
            if self._details > 2 * most_details(self._limits):
                raise Refused("bomb", "elements that are no cells")
        if self._aside or (self._sheet is not None and (name in _ASIDE or name == "draw:" or name == "table:shapes")):
            self._aside += 1
        elif name == "office:spreadsheet":
            self.is_spreadsheet = True
        elif name == "style:style" and attributes.get(_FAMILY) == "table":
            self._style = attributes.get(_STYLE_NAME, "")
        elif name == "style:table-properties":
            if attributes.get(_DISPLAY) == "false" and above == "style:style":
                self._hidden_styles.add(self._style)
        elif name == "table:table" and above == "office:spreadsheet":
            self._sheet_begins(attributes)
        elif self._sheet is not None:
            self._inside(self._sheet, name, attributes)

    def _inside(self, sheet: _Sheet, name: str, attributes: dict[str, str]) -> None:
        if name in ("table:table-cell", "table:covered-table-cell"):
            if self._in_cell or self._path[-2] != "table:table-row":
                raise Refused("damaged", "a cell outside its row")
            self._in_cell, self._covered = True, name != "table:table-cell"
            self._attributes = attributes
            self._length = 0
            sheet.column = sheet.next_column
            sheet.next_column += repeated(attributes.get(_COLUMNS), LAST_COLUMN)
        elif self._in_cell:
            self._in_text(name, attributes)
        elif name == "table:table-row":
            if self._path.count("table:table-row") > 1:
                raise Refused("damaged", "a row inside a row")
            sheet.times = repeated(attributes.get(_ROWS), LAST_ROW)
            sheet.row_hidden = attributes.get(_VISIBILITY) in _HIDDEN
            sheet.column = sheet.next_column = 1
        elif name == "table:table-column":
            times = repeated(attributes.get(_COLUMNS), LAST_COLUMN)
            if attributes.get(_VISIBILITY) in _HIDDEN:
                last = min(sheet.next_column + times - 1, self._limits.columns)
                sheet.hidden_columns.extend(range(sheet.next_column, last + 1))
            sheet.next_column = min(sheet.next_column + times, LAST_COLUMN + 1)

    def _in_text(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("text:p", "text:h"):
            self._in_line += 1
        elif name == "text:s":
            self._piece("\u0000" * repeated(attributes.get(_SPACES), LONGEST_TEXT + 1))
        elif name == "text:tab":
            self._piece("\u0000")
        elif name == "text:line-break":
            self._piece("\u0001")

    def characters(self, piece: str) -> None:
        if self._in_line and not self._aside:
            self._piece(piece)

    def _piece(self, piece: str) -> None:
        if self._in_line and not self._covered:
            self._pieces.append(piece)
            self._length += len(piece)
            if self._length > 2 * LONGEST_TEXT:
                raise Refused("long_text", row=self._sheet.row if self._sheet else 0)

    def end(self, _tag: str) -> None:
        name = self._path.pop()
        sheet = self._sheet
        if self._aside:
            self._aside -= 1
        elif sheet is None:
            return
        elif name in ("text:p", "text:h") and self._in_line:
            self._in_line -= 1
            if not self._in_line:
                line = _BLANKS.sub(" ", "".join(self._pieces)).strip(" ").replace("\u0000", " ").replace("\u0001", "\n")
                self._lines.append(line)
                self._pieces.clear()
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell_ends(sheet)
        elif name == "table:table-row":
            self._row_ends(sheet)
        elif name == "table:table" and self._path[-1:] == ["office:spreadsheet"]:
            self._sheet_ends(sheet)

    # ------------------------------------------------------------------------------------------------------- sheets
    def _sheet_begins(self, attributes: dict[str, str]) -> None:
        if len(self.names) >= self._limits.sheets:
            raise Refused("too_many_sheets", most=self._limits.sheets)
        name = sheet_name(attributes.get(_TABLE_NAME, ""), self.names)
        hidden = attributes.get(_STYLE, "") in self._hidden_styles
        hidden = hidden or attributes.get(_DISPLAY) == "false"
        self._sheet = _Sheet(name)
        self._answer.sheet(name, hidden)

    def _sheet_ends(self, sheet: _Sheet) -> None:
        self._answer.sheet_ends(
            merged=within(sheet.merged, sheet.last_row, sheet.last_column),
            hidden_rows=sheet.hidden_rows,
            hidden_columns=sorted(set(sheet.hidden_columns)),
            skipped_formulas=sheet.formulas,
        )
        self._sheet = None

    def _row_ends(self, sheet: _Sheet) -> None:
        cells, sheet.cells = sheet.cells, []
        first, last = sheet.row, sheet.row + sheet.times - 1
        sheet.row = last + 1
        if not cells:
            return
        if last > LAST_ROW:
            raise Refused("damaged", "row number")
        sent = self._answer.row(first, cells, sheet.times)
        if sheet.row_hidden:
            sheet.hidden_rows.extend(range(first, first + sent))
        for row in range(first + 1, first + sent):
            sheet.formulas += [(row, column) for column, cell in enumerate(cells, 1) if type(cell) is list and cell[0] == "f"]
        sheet.last_row, sheet.last_column = last, max(sheet.last_column, len(cells))

    def _cell_ends(self, sheet: _Sheet) -> None:
        self._in_cell = False
        value = None if self._covered else self._value(sheet)
        self._lines.clear()
        if not self._covered and (_HIGH in self._attributes or _WIDE in self._attributes):
            down = repeated(self._attributes.get(_HIGH), LAST_ROW)
            right = repeated(self._attributes.get(_WIDE), LAST_COLUMN)
            if down > 1 or right > 1:
                sheet.merged.append((sheet.row, sheet.column, sheet.row + down - 1, sheet.column + right - 1))
            if len(sheet.merged) > MOST_MERGES:
                raise Refused("damaged", "merged cells")
        if value is None:
            return
        last = sheet.next_column - 1
        if last > self._limits.columns:
            raise Refused("too_many_columns", sheet.name, row=sheet.row, column=last, most=self._limits.columns)
        sheet.cells.extend([None] * (sheet.column - 1 - len(sheet.cells)))
        sheet.cells.extend([value] * (last - sheet.column + 1))

    def _value(self, sheet: _Sheet) -> Travelling:
        said = self._attributes
        shown = "\n".join(self._lines)
        if said.get(_SHOWN_TYPE) == "error":
            return ["e", shown[:50] or "#ERR"]
        kind, has_value = said.get(_TYPE, ""), any(name in said for name in _STORED)
        if _FORMULA in said and not has_value and not shown and kind != "string":
            sheet.formulas.append((sheet.row, sheet.column))
            return ["f", said[_FORMULA].removeprefix("of:").removeprefix("=")[:FORMULA_SHOWN]]
        if _VALUE in said and kind in ("float", "percentage", "currency"):
            return number(said[_VALUE], "", from_1904=False)
        if _DATE in said and kind == "date":
            return iso_moment(said[_DATE][:50])
        if _TIME in said and kind == "time":
            return iso_time(said[_TIME][:50])
        if _BOOLEAN in said and kind == "boolean":
            return said[_BOOLEAN] == "true"
        raw = said.get(_STRING) or shown
        if len(raw) > 2 * LONGEST_TEXT:
            raise Refused("long_text", sheet.name, row=sheet.row)
        return text(raw)
