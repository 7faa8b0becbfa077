"""The workbook that goes back to who brought it: what is written beside which row of which sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _

from exchange.imports import returned_pages, vocabulary_own
from exchange.imports.decisions import Decisions, place
from exchange.imports.outcome import Line, Upload, bad_cells, row_of
from exchange.imports.tables import text_of
from exchange.imports.vocabulary_text import plain
from exchange.spreadsheets import marking
from exchange.spreadsheets.book import Book, SheetRead
from exchange.spreadsheets.marking import BadCell, Marks, Row, SheetMarks
from exchange.spreadsheets.parsing.worksheet import column_number

_NAME = 100  # signs of the name of a sheet that are kept with a row
_NEAR = 2
_OWN = 3  # verdict, remarks, key


def workbook(upload: Upload, lines: Sequence[Line], book: Book) -> marking.Marked:
    """The file with its marks. Raises Unreadable."""
    return marking.mark(upload.content, book, marks(upload, lines, book))


def marks(upload: Upload, lines: Sequence[Line], book: Book) -> Marks:
    """What is written where."""
    if upload.is_applied:
        words = (_("Результат загрузки"), _("Подробности загрузки"), vocabulary_own.KEY_HEADING)
    else:
        words = (_("Проверка"), _("Что исправить"), vocabulary_own.KEY_HEADING)
    mended = Decisions.kept(upload.decisions).cells
    by_sheet: dict[str, list[Line]] = {}
    for line in lines:
        by_sheet.setdefault(line.sheet, []).append(line)
    sheets: list[SheetMarks] = []
    verdicts: list[Row] = []
    for sheet in book.sheets:
        here = by_sheet.get(sheet.name[:_NAME], ())
        rows = {line.number: row_of(upload, line, mended.get(place(line.sheet, line.number), {})) for line in here}
        if rows:
            bad = [cell for line in here for cell in bad_cells(line)]
            sheets.append(_sheet(sheet, rows, bad, _tables(upload, sheet), shows_errors=not upload.is_applied))
            verdicts += rows.values()
    return Marks(words, sheets, returned_pages.pages(upload, verdicts))


def _tables(upload: Upload, sheet: SheetRead) -> list[list[dict[str, Any]]]:
    """The columns of the tables of a sheet, as they were understood."""
    return [table["columns"] for table in upload.columns if table["sheet"][:_NAME] == sheet.name[:_NAME]]


def _sheet(
    sheet: SheetRead, rows: dict[int, Row], bad: list[BadCell], tables: list[list[dict[str, Any]]], *, shows_errors: bool
) -> SheetMarks:
    groups = _headings(sheet, rows.keys(), tables)
    own = _own(sheet, [row for group in groups for row in group])
    in_place = len(own) == _OWN and own == list(range(own[0], own[0] + _OWN))
    last = max((_last(cells, own) for _number, cells in sheet.rows), default=0)
    # without joined cells a heading of two rows is read as if the upper one went on to the right: it is said in both
    headings = [row for group in groups for row in (group[-1:] if sheet.merged else group)]
    firsts = [column_number(column["letter"]) for table in tables for column in table if column["heading"] or column["field"]]
    is_one = len(tables) == 1 and bool(groups) and groups[0][-1] < min(rows)
    return SheetMarks(
        name=sheet.name,
        at=own[0] if in_place else last + 1,
        left=min(firsts, default=1),
        headings=headings,
        rows=rows,
        bad=bad,
        own=own,
        filter=groups[0][-1] if is_one and shows_errors else 0,
    )


def _last(cells: Sequence[Any], own: Sequence[int]) -> int:
    """The last column of a row that is not ours."""
    column = len(cells)
    while column and (column in own or cells[column - 1] is None):
        column -= 1
    return column


def _headings(sheet: SheetRead, people: Iterable[int], tables: list[list[dict[str, Any]]]) -> list[list[int]]:
    """The rows in which the headings of tables stand: rows that follow each other are one heading."""
    persons = set(people)
    words = [
        {(column_number(column["letter"]) - 1, part) for column in table for part in column["heading"].split(" / ") if part}
        for table in tables
    ]
    said = set().union(*words)
    counts = {
        number: count
        for number, cells in sheet.rows
        if number not in persons and (count := sum((place, text_of(cell)) in said for place, cell in enumerate(cells)))
    }
    best = max(counts.values(), default=0)
    groups: list[list[int]] = []
    for number in sorted(counts):
        if groups and number == groups[-1][-1] + 1 and len(groups[-1]) <= _NEAR:
            groups[-1].append(number)
        else:
            groups.append([number])
    return [group for group in groups if 2 * max(counts[number] for number in group) >= best]


def _own(sheet: SheetRead, headings: Sequence[int]) -> list[int]:
    """Columns of an earlier return: known by their headings, of which two at least must be there."""
    rows = dict(sheet.rows)
    found = {
        column: word
        for number in headings
        for column, cell in enumerate(rows.get(number, ()), start=1)
        if isinstance(cell, str) and (word := plain(cell)) in vocabulary_own.OWN
    }
    return sorted(found) if len(set(found.values())) > 1 else []
