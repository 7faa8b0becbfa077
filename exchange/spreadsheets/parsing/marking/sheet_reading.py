"""Where in the XML of a worksheet those things stand that the mark-up touches: rows, a few cells, filter, tints of ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ..limits import LAST_COLUMN, LAST_ROW, Limits
from ..refusal import Refused
from ..worksheet import column_number
from . import splices

# Sheets of the strict kind are in another namespace, as all parts around them: their cells are given in a usual workbook.
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# A condition that always holds, by which our own tints are known again.
OWN_RULE = 'ISTEXT("registry")'
_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?")
_MOST_RANGES = 60_000
Area = tuple[int, int, int, int]


@dataclass
class Cell:
    """A cell at or right of the columns that are looked at."""

    column: int
    element: splices.Element


@dataclass
class Line:
    """A row of the sheet."""

    number: int
    element: splices.Element
    cells: list[Cell] = field(default_factory=list)


@dataclass
class Found:
    """What stands in the sheet. Areas are (top, left, bottom, right)."""

    part: splices.Part
    lines: list[Line]
    merged: list[Area]
    columns: list[dict[str, str]]
    rules: list[tuple[splices.Element, splices.Element, bool]]

    @property
    def filter(self) -> Area | None:
        """The range of the sheet's own filter."""
        element = self.part.child("autoFilter")
        return area(element.attributes.get("ref", "")) if element is not None else None


def area(reference: str) -> Area:
    """A1:C7 as numbers. Raises Refused."""
    match = _RANGE.fullmatch(reference)
    if match is None:
        raise Refused("damaged", "range")
    left, top = column_number(match[1]), int(match[2])
    right, bottom = (column_number(match[3]), int(match[4])) if match[3] else (left, top)
    if not (0 < top <= bottom <= LAST_ROW and 0 < left <= right <= LAST_COLUMN):
        raise Refused("damaged", "range")
    return top, left, bottom, right


def look(raw: bytes, limits: Limits, from_column: int) -> Found:
    """Reads the sheet; of the cells only those from a column on are kept. Raises Refused."""
    lines: list[Line] = []
    merged: list[Area] = []
    columns: list[dict[str, str]] = []
    rules: list[tuple[splices.Element, splices.Element, bool]] = []
    known: dict[str, int] = {}
    above: list[splices.Element] = []
    condition: list[str] = []
    number = column = 0
    hears = False

    def row(element: splices.Element) -> None:
        nonlocal number, column
        text = element.attributes.get("r")
        before, number, column = number, number + 1, 0
        if text is not None:
            number = int(text) if text.isdecimal() and len(text) < 8 else 0
        if not before < number <= LAST_ROW:
            raise Refused("damaged", "row number")
        lines.append(Line(number, element))

    def cell(element: splices.Element) -> None:
        nonlocal column
        text = element.attributes.get("r")
        if text is None:
            column += 1
        else:
            letters = text.removesuffix(str(number))
            column = known.get(letters, 0)
            if not column and letters.isalpha() and len(letters) < 4:
                column = known[letters] = column_number(letters)
        if not 0 < column <= LAST_COLUMN:
            raise Refused("damaged", "column")
        if column >= from_column:
            lines[-1].cells.append(Cell(column, element))

    def merge(element: splices.Element) -> None:
        merged.append(area(element.attributes.get("ref", "")))
        if len(merged) > _MOST_RANGES:
            raise Refused("damaged", "merged cells")

    def col(element: splices.Element) -> None:
        columns.append({name: value for name, value in element.attributes.items() if "}" not in name})
        if len(columns) > LAST_COLUMN:
            raise Refused("damaged", "columns")

    below: dict[tuple[str, ...], Callable[[splices.Element], None]] = {
        ("sheetData", "row"): row, ("sheetData", "row", "c"): cell, ("mergeCells", "mergeCell"): merge, ("cols", "col"): col,
    }  # fmt: skip

    def begins(element: splices.Element, depth: int) -> None:
        nonlocal hears
        del above[max(depth - 1, 0) :]
        if depth:
            above.append(element)
            act = below.get(tuple(one.name for one in above))
            if act is not None:
                act(element)
            hears = depth == 3 and element.name == "formula" and above[0].name == "conditionalFormatting"
            if depth == 2:
                condition.clear()

    def ends(element: splices.Element, depth: int) -> None:
        nonlocal hears
        hears = False
        if depth == 2 and element.name == "cfRule" and above[0].name == "conditionalFormatting":
            rules.append((above[0], element, "".join(condition).strip() == OWN_RULE))
            if len(rules) > _MOST_RANGES:
                raise Refused("damaged", "conditional formats")

    def text(piece: str) -> None:
        if hears:
            condition.append(piece[:200])

    part = splices.read(raw, limits, begins, ends, text)
    if part.root.name != "worksheet" or part.namespace != MAIN or part.child("sheetData") is None:
        raise Refused("damaged", "worksheet")
    return Found(part, lines, merged, columns, rules)
