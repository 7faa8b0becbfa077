"""The workbook that goes back to who brought it: what is written beside which row of which sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _

from exchange.imports import returned_pages, vocabulary_own
from exchange.imports.decisions import Decisions, place
from exchange.imports.outcome import Line, Upload, bad_cells, in_one_row, row_of
from exchange.imports.tables import text_of
from exchange.imports.vocabulary_text import plain
from exchange.spreadsheets import marking
from exchange.spreadsheets.book import Book, SheetRead
from exchange.spreadsheets.marking import BadCell, Marks, Row, SheetMarks
from exchange.spreadsheets.parsing.worksheet import column_number

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
    names = {sheet.name for sheet in book.sheets}
    by_sheet: dict[str, list[Line]] = {}
    for line in lines:
        by_sheet.setdefault(_sheet_of(line.sheet, names), []).append(line)
    sheets: list[SheetMarks] = []
    verdicts: list[Row] = []
    for sheet in book.sheets:
        told: dict[int, list[tuple[Line, Row]]] = {}
        for line in by_sheet.get(sheet.name, ()):
            row = row_of(upload, line, mended.get(place(line.sheet, line.number), {}))
            told.setdefault(line.number, []).append((line, row))
            verdicts.append(row)
        if told:
            bad = [cell for here in told.values() for line, _row in here for cell in bad_cells(line)]
            tables = [table for table in upload.columns if _sheet_of(table["sheet"], names) == sheet.name]
            sheets.append(_sheet(sheet, told, bad, tables, shows_errors=not upload.is_applied))
    shown = sum(row.look == "error" for sheet in sheets for row in sheet.rows.values() if sheet.filter)
    return Marks(words, sheets, returned_pages.pages(upload, verdicts, shown))


def _sheet_of(name: str, names: set[str]) -> str:
    """The sheet of a table: «Список», or «Список!H3» for another table there."""
    return name if name in names else name.rpartition("!")[0]


def _sheet(
    sheet: SheetRead,
    told: dict[int, list[tuple[Line, Row]]],
    bad: list[BadCell],
    kept: list[dict[str, Any]],
    *,
    shows_errors: bool,
) -> SheetMarks:
    tables = [table["columns"] for table in kept]
    beside = {line.sheet for here in told.values() for line, _row in here if line.sheet != sheet.name}
    rows = {number: in_one_row(here, has_key=not beside) for number, here in told.items()}
    groups = _headings(sheet, rows.keys(), tables)
    own = _own(sheet, [row for group in groups for row in group])
    in_place = len(own) == _OWN and own == list(range(own[0], own[0] + _OWN))
    last = max((_last(cells, own) for _number, cells in sheet.rows), default=0)
    # without joined cells a heading of two rows is read as if the upper one went on to the right: it is said in both
    headings = [row for group in groups for row in (group[-1:] if sheet.merged else group)]
    firsts = [column_number(column["letter"]) for table in tables for column in table if column["heading"] or column["field"]]
    under = [table for table in kept[1:] if table["sheet"] not in beside]
    is_one = not under and (len(groups) == 1 or len(tables) == 1) and bool(groups) and groups[0][-1] < min(rows)
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
