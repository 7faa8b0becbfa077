"""Reads the cells of one worksheet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .answer import Answer
from .limits import LAST_COLUMN, LAST_ROW, Limits
from .markup import Markup
from .package import LONGEST_TEXT, Parts, SheetPart, tags
from .refusal import Refused
from .values import Travelling, iso_moment, number, text

MOST_MERGES = 50_000
#: Of elements that are neither rows nor cells: what a cell consists of, hyperlinks, validations, conditional formats.
_PARTS_OF_A_CELL = 2
_OTHER_PARTS = 100_000
_LARGEST_MERGE = 50_000
_MERGED_IN_ALL = 1_000_000
_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7}):\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
FORMULA_SHOWN = 200


def most_details(limits: Limits) -> int:
    """How many elements that are no cells a sheet may have."""
    return _PARTS_OF_A_CELL * limits.cells + _OTHER_PARTS


def column_number(letters: str) -> int:
    """A is 1, XFD is 16384."""
    value = 0
    for letter in letters.upper():
        value = value * 26 + ord(letter) - 64
    return value


@dataclass
class _Place:
    """Where the parser stands, and what it has met outside the rows."""

    row: int = 0
    column: int = 0
    last_row: int = 0
    last_column: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    formulas: list[tuple[int, int]] = field(default_factory=list)


def read_worksheet(markup: Markup, sheet: SheetPart, parts: Parts, answer: Answer, limits: Limits) -> None:
    """Send the rows of a sheet that have values. Raises Refused."""
    known = tags("row", "c", "v", "f", "t", "rPh", "mergeCell", "col")
    formats, strings, from_1904 = parts.formats, parts.strings, parts.from_1904
    place = _Place()
    columns: dict[str, int] = {}
    details_allowed = most_details(limits)

    cells: list[Travelling] = []
    in_row = in_cell = row_hidden = reading = reading_formula = has_formula = phonetic = False
    kind = "n"
    style = ""
    pieces: list[str] = []
    formula: list[str] = []
    length = details = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal in_row, in_cell, row_hidden, reading, reading_formula, has_formula, phonetic, kind, style, length, details
        name = known.get(tag)
        if name == "c":
            if in_cell or not in_row:
                raise Refused("damaged", "a cell outside its row")
            in_cell = True
            place.column = _column(attributes.get("r"), place, columns)
            kind = attributes.get("t", "n")
            style = attributes.get("s", "")
            has_formula = False
            length = 0
        elif name == "v" or name == "t":
            reading = in_cell and not phonetic
        elif name == "f":
            reading_formula = has_formula = in_cell
        elif name == "row":
            if in_row:
                raise Refused("damaged", "a row inside a row")
            in_row = True
            place.row = _row(attributes.get("r"), place.row)
            place.column = 0
            row_hidden = attributes.get("hidden") in ("1", "true")
        elif name == "rPh":
            phonetic = True
        elif name == "mergeCell":
            place.merged.append(_range(attributes.get("ref", "")))
            if len(place.merged) > MOST_MERGES:
                raise Refused("damaged", "merged cells")
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = (int(attributes.get(key, "0")) for key in ("min", "max"))
            place.hidden_columns.extend(range(max(first, 1), min(last, limits.columns) + 1))
            if len(place.hidden_columns) > LAST_COLUMN:
                raise Refused("damaged", "columns")
        if name != "c" and name != "row":
            details += 1
            if details > details_allowed:
                raise Refused("bomb", "elements that are no cells")

    def characters(piece: str) -> None:
        nonlocal length
        if reading:
            pieces.append(piece)
        elif reading_formula:
            formula.append(piece[:FORMULA_SHOWN])
        else:
            return
        length += len(piece)
        if length > 2 * LONGEST_TEXT:
            raise Refused("long_text", sheet.name, row=place.row)

    def end(tag: str) -> None:
        nonlocal in_row, in_cell, reading, reading_formula, phonetic
        name = known.get(tag)
        if name == "v" or name == "t":
            reading = False
        elif name == "c":
            in_cell = False
            if pieces or has_formula:
                raw = "".join(pieces)
                pieces.clear()
                value = convert(raw)
                formula.clear()
                if value is not None:
                    put(value)
        elif name == "f":
            reading_formula = False
        elif name == "row":
            in_row = False
            if cells:
                if row_hidden:
                    place.hidden_rows.append(place.row)
                place.last_row = place.row
                place.last_column = max(place.last_column, len(cells))
                answer.row(place.row, cells)
                cells.clear()
        elif name == "rPh":
            phonetic = False

    def convert(raw: str) -> Travelling:
        if has_formula and not raw and kind != "str":
            place.formulas.append((place.row, place.column))
            return ["f", "".join(formula)[:FORMULA_SHOWN]]
        if kind == "s":
            if not (raw.isdecimal() and raw.isascii() and len(raw) < 9 and int(raw) < len(strings)):
                raise Refused("damaged", "shared string index")
            return strings[int(raw)]
        if kind == "n":
            if not raw or raw.isspace():
                return None
            shows = formats[int(style)] if style.isdecimal() and len(style) < 6 and int(style) < len(formats) else ""
            return number(raw, shows, from_1904)
        if kind == "b":
            return raw.strip() in ("1", "true")
        if kind == "e":
            return ["e", raw[:50]]
        return iso_moment(raw) if kind == "d" else text(raw)

    def put(value: Travelling) -> None:
        column, filled = place.column, len(cells)
        if column > limits.columns:
            raise Refused("too_many_columns", sheet.name, row=place.row, column=column, most=limits.columns)
        if column > filled:
            if column > filled + 1:
                cells.extend([None] * (column - filled - 1))
            cells.append(value)
        elif cells[column - 1] is None:
            cells[column - 1] = value
        else:
            raise Refused("damaged", "one cell twice")

    markup.walk(sheet.part, start, end, characters, most_tags=limits.tags)
    answer.sheet_ends(
        merged=within(place.merged, place.last_row, place.last_column),
        hidden_rows=place.hidden_rows,
        hidden_columns=sorted(set(place.hidden_columns)),
        skipped_formulas=place.formulas,
    )


def _row(reference: str | None, before: int) -> int:
    """The number of a row; rows without one follow each other."""
    row = before + 1
    if reference is not None:
        row = int(reference) if reference.isdecimal() and len(reference) < 8 else 0
    if not before < row <= LAST_ROW:
        raise Refused("damaged", "row number")
    return row


def _column(reference: str | None, place: _Place, columns: dict[str, int]) -> int:
    """The column of a cell; a cell without a reference stands right of the one before."""
    if reference is None:
        column = place.column + 1
    else:
        letters = reference.removesuffix(str(place.row))
        column = columns.get(letters, 0)
        if not column:
            parts = _REFERENCE.fullmatch(reference)
            if parts is None or parts[1] != letters:
                # Says one row and stands in another: whichever we believed, somebody's data would move.
                raise Refused("damaged", "cell reference")
            column = columns[letters] = column_number(letters)
    if column > LAST_COLUMN:
        raise Refused("damaged", "column")
    return column


def _range(reference: str) -> tuple[int, int, int, int]:
    parts = _RANGE.fullmatch(reference)
    if parts is None:
        raise Refused("damaged", "merged range")
    return int(parts[2]), column_number(parts[1]), int(parts[4]), column_number(parts[3])


def within(merged: list[tuple[int, int, int, int]], last_row: int, last_column: int) -> list[tuple[int, int, int, int]]:
    """Merged ranges cut to the cells in use: whoever fills them in must not be sent round a whole sheet."""
    kept: list[tuple[int, int, int, int]] = []
    area = 0
    for top, left, bottom, right in merged:
        bottom, right = min(bottom, last_row), min(right, last_column)
        size = (bottom - top + 1) * (right - left + 1)
        if top > bottom or left > right or not top or not left or size > _LARGEST_MERGE:
            continue
        area += size
        if area > _MERGED_IN_ALL:
            raise Refused("damaged", "merged ranges overlap")
        kept.append((top, left, bottom, right))
    return kept
