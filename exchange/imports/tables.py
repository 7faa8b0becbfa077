"""Finds the tables of people in a file as it was sent: titles above, totals between, several tables in a sheet."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as made_of

from exchange.imports import vocabulary
from exchange.imports.cells import text_of
from exchange.imports.headings import NAMES, TELLING, Fields, Heading, headings
from exchange.imports.vocabulary import IGNORED
from exchange.imports.vocabulary_cells import COURSE, SECTION
from exchange.imports.vocabulary_events import BESIDE, LEANING
from exchange.imports.vocabulary_own import is_own
from exchange.imports.vocabulary_sheets import faculty_of
from exchange.spreadsheets.book import Book, Cell, SheetRead, column_letters

__all__ = ["Column", "Fields", "Row", "Table", "day_of", "find", "text_of"]

SAMPLE = 60  # rows looked at to recognise a column by its content
# What can't be mistaken: a column full of such cells is one, whatever its heading says.
PLAIN_TO_SEE = {"iin", "passport", "email"}
SURE = 0.75
LONG_NUMBER = re.compile(r"\d{8}")
# «Вуз» for students beside «Место работы» for specialists: of such columns the filled one speaks.
ONE_OF_SEVERAL = {"sender"}


@dataclass
class Column:
    """A column of the file and the field it was understood as. `how`: chosen, remembered, heading, content or none."""

    index: int
    heading: str
    field: str | None
    how: str
    samples: list[str] = made_of(default_factory=list)

    @property
    def letter(self) -> str:
        return column_letters(self.index + 1)


@dataclass
class Row:
    """One row of people: Excel's row number and the cells by field (the first column of a field wins).

    `sheet` and `number` are its own: of tables side by side only the left one bears the bare name of the sheet (see `Table`).
    """

    sheet: str
    number: int
    cells: dict[str, Cell]
    columns: dict[str, Column]
    section: str = ""

    def address(self, field_name: str) -> str:
        column = self.columns.get(field_name)
        return f"{column.letter}{self.number}" if column else ""


@dataclass
class Table:
    """A table of people. `sheet` is the name of its sheet, with the first cell after it when it is not the only table there
    («Список!A40»); `of_sheet` is the name alone. `faculty` was read from that name."""

    sheet: str
    title: str
    columns: list[Column]
    rows: list[Row]
    of_sheet: str = ""
    faculty: str = ""


Settle = Callable[[Table], None]


def _as_found(table: Table) -> None:
    """Leaves the columns as they were understood."""


def find(book: Book, fields: Fields, settle: Settle = _as_found) -> list[Table]:
    """The tables of people of all visible sheets; a hidden sheet holds lists for drop-downs, not people.

    `settle` may give other fields to the columns of a table before its rows are read. Beside a table that says who people
    are (number, birth, term), one that only names them is a list of contacts or a summary.
    """
    found = [table for sheet in book.sheets if not sheet.hidden for table in _in_sheet(sheet, fields, settle)]
    peopled = [table for table in found if table.rows and _names_people(table)]
    chosen = [table for table in peopled if TELLING & {c.field for c in table.columns}] or peopled or found[:1]
    _tell_faculties(chosen)
    return chosen


def _tell_faculties(found: Sequence[Table]) -> None:
    """A faculty a sheet: its name stands for the column that no table of the sheet has."""
    beside = len({table.of_sheet for table in found})
    for table in found:
        if any(column.field == "faculty" for column in table.columns):
            continue
        table.faculty = faculty_of(table.of_sheet, table.title, beside)
        for row in table.rows if table.faculty else ():
            row.cells["faculty"] = table.faculty


def _names_people(table: Table) -> bool:
    """Whether names stand in the columns of names: a summary has figures there («Студентов: 12»)."""
    names = [text_of(row.cells.get(name)) for row in table.rows for name in (*NAMES, "first_name") if name in row.columns]
    filled = [name for name in names if name]
    return not filled or sum(any(sign.isalpha() for sign in name) for name in filled) * 2 >= len(filled)


def _in_sheet(sheet: SheetRead, fields: Fields, settle: Settle) -> list[Table]:
    if not sheet.rows:
        return []
    rows = dict(sheet.rows)
    numbers = sorted(rows)
    found = headings(sheet, fields)
    if not found:
        table = _without_heading(sheet, rows, numbers, settle)
        return [] if table is None else [table]
    return [_under(heading, found, sheet, rows, fields, settle) for heading in found]


def _under(
    heading: Heading, all_here: Sequence[Heading], sheet: SheetRead, rows: dict[int, list[Cell]], fields: Fields, settle: Settle
) -> Table:
    """The table under one of the headings of a sheet: until the next one begins."""
    numbers = sorted(rows)
    ends = min((other.top for other in all_here if other.top > heading.top), default=numbers[-1] + 1)
    begins = max((other.bottom for other in all_here if other.bottom < heading.top), default=0)
    body = [(n, heading.cut(rows[n])) for n in numbers if heading.bottom < n < ends]
    columns = _columns(heading.texts, fields)
    _by_content(columns, [cells for _, cells in body[:SAMPLE]])
    above = [n for n in numbers if begins < n < heading.top]
    section = ""
    if begins:
        # what stands between two tables: the last rows of the one above, then the title of this one
        above = [n for n in above[-3:] if sum(cell is not None for cell in rows[n]) == 1]
        section = next((text_of(cell) for n in above[-1:] for cell in rows[n] if cell is not None), "")
    title = " ".join(text_of(c) for n in above for c in rows[n] if c is not None)
    first = next(index for index, text in enumerate(heading.texts) if text)
    own = f"{sheet.name}!{column_letters(first + 1)}{heading.top}"
    table = Table(sheet.name if heading is all_here[0] else own, title, columns, [], sheet.name)
    settle(table)
    whose = own if heading.is_beside else sheet.name
    table.rows = _people(whose, columns, body, heading.texts, section or _section_of(sheet.name))
    return table


def _section_of(name: str) -> str:
    """The name of a sheet heads its rows when it is that of a course."""
    return name if COURSE in name.lower() else ""


def _columns(texts: Sequence[str], fields: Fields) -> list[Column]:
    """Each field goes to the column that names it best; the runner-up looks for its next best field."""
    wishes = sorted(
        ((confidence, -index, name) for index, text in enumerate(texts) if text for name, confidence in fields(text)),
        reverse=True,
    )
    taken: dict[str, int] = {}
    given: dict[int, str] = {}
    for trust, minus, name in wishes:
        if -minus not in given and (name not in taken or name == IGNORED or (name in ONE_OF_SEVERAL and trust > SURE)):
            taken[name], given[-minus] = -minus, name
    if not taken.keys() & BESIDE:
        given = {index: name for index, name in given.items() if name not in LEANING}
    kept = {index: name for index, name in given.items() if name != IGNORED}
    return [Column(index, text, kept.get(index), "heading" if index in given else "none") for index, text in enumerate(texts)]


def _by_content(columns: list[Column], rows: Sequence[Sequence[Cell]]) -> None:
    """Columns that no heading explains are recognised by what stands in them."""
    cells: list[list[str]] = []
    for column in columns:
        values = [text_of(row[column.index]) for row in rows if column.index < len(row)]
        values = [v for v in values if v]
        column.samples = list(dict.fromkeys(values))[:3]
        cells.append(values)
    _mend_headings(columns, cells)
    taken = {c.field for c in columns if c.field}
    for column, values in zip(columns, cells, strict=True):
        if column.field is None and column.how == "none" and len(values) >= 2:
            name, confidence = vocabulary.recognise_column(values) or ("", 0.0)
            if name and name not in taken and confidence >= 0.7:
                if name == "full_name" and taken & {"last_name", "full_name"}:
                    continue
                column.field, column.how = name, "content"
                taken.add(name)


def _is_telling(values: Sequence[str]) -> bool:
    """Whether most cells have a long number or an address in them: only then is it worth to look closer."""
    return sum(bool(LONG_NUMBER.search(value)) or "@" in value for value in values) > SURE * len(values)


def _mend_headings(columns: list[Column], cells: list[list[str]]) -> None:
    """A heading over the wrong column (numbers of passports under «ИИН») gives way to what plainly stands in it."""
    for column, values in zip(columns, cells, strict=True):
        if column.field is None or len(values) < 3 or not _is_telling(values):
            continue
        name, confidence = vocabulary.recognise_column(values) or ("", 0.0)
        if name == column.field or name not in PLAIN_TO_SEE or confidence < SURE:
            continue
        holder = next((c for c in columns if c.field == name), None)
        column.field, column.how, given = name, "content", column.field
        if holder is not None:
            holder.field, holder.how = given, "content"


def _without_heading(sheet: SheetRead, rows: dict[int, list[Cell]], numbers: list[int], settle: Settle) -> Table | None:
    """A list that begins with the first person."""
    width = max(len(row) for row in rows.values())
    columns = [Column(index, "", None, "none") for index in range(width)]
    _by_content(columns, [rows[n] for n in numbers[:SAMPLE]])
    known = {c.field for c in columns if c.field}
    if len(known) < 3 or not known & NAMES:
        return None
    table = Table(sheet.name, "", columns, [], sheet.name)
    settle(table)
    table.rows = _people(sheet.name, columns, [(n, rows[n]) for n in numbers], [], _section_of(sheet.name))
    return table


def _people(
    sheet: str, columns: list[Column], rows: Iterable[tuple[int, list[Cell]]], texts_above: Sequence[str], section: str
) -> list[Row]:
    known = {c.field: c for c in reversed(columns) if c.field}
    spare = [c for c in columns if c.field in ONE_OF_SEVERAL and known[str(c.field)] is not c]
    vital = [c for name, c in known.items() if name in ("full_name", "last_name", "first_name", "iin", "passport", "born")]
    numbered = [c for name, c in known.items() if name in ("iin", "passport")]
    wanted = {c.index for c in known.values() if c.field != "number_in_list"}
    ours = {c.index for c in columns if is_own(c.heading)}  # verdicts of an earlier return tell nothing of a row
    found: list[Row] = []
    for number, cells in rows:
        texts = ["" if index in ours else text_of(cell) for index, cell in enumerate(cells)]
        filled = [(i, t) for i, t in enumerate(texts) if t]
        if not filled:
            continue
        if not any(c.index < len(texts) and LONG_NUMBER.search(texts[c.index]) for c in numbered) and _is_no_person(
            texts, texts_above
        ):
            continue
        if len(filled) == 1 and not any(i in wanted and texts[i] and _is_person_cell(texts[i], i, known) for i, _ in filled):
            section = filled[0][1]
            continue
        person = sum(1 for c in vital if c.index < len(texts) and texts[c.index])
        if not person and len([i for i, _ in filled if i in wanted]) < 3:
            continue
        values = {name: cells[c.index] if c.index < len(cells) else None for name, c in known.items()}
        told = dict(known)
        for column in spare:
            name = str(column.field)
            if vocabulary.is_nothing(text_of(values[name])) and column.index < len(cells):
                values[name], told[name] = cells[column.index], column
        found.append(Row(sheet, number, values, told if spare else known, section))
    return found


def _is_no_person(texts: Sequence[str], texts_above: Sequence[str]) -> bool:
    """Totals, headings said again, numbers of columns, signatures."""
    words = [text for text in texts if text]
    return (
        vocabulary.is_total_row(words)
        or _is_heading_again(texts, texts_above)
        or vocabulary.is_numbering_row(words)
        or vocabulary.is_signature_row(words)
    )


def _is_person_cell(text: str, index: int, known: dict[str, Column]) -> bool:
    """In a row with a single cell: is it a person (a name in the column of names), or the title of a section?"""
    column = next((c for c in known.values() if c.index == index), None)
    if column is None or column.field not in ("full_name", "iin"):
        return False
    return bool(re.fullmatch(r"\d{11,12}", text)) or (
        column.field == "full_name" and 2 <= len(text.split()) <= 4 and not SECTION.search(text.lower())
    )


def _is_heading_again(texts: Sequence[str], texts_above: Sequence[str]) -> bool:
    filled = [(i, t) for i, t in enumerate(texts) if t]
    same = sum(1 for i, t in filled if i < len(texts_above) and t and t in texts_above[i].split(" / "))
    return len(filled) >= 2 and same >= max(2, len(filled) * 0.7)


def day_of(tables: Sequence[Table], file_name: str, today: dt.date) -> dt.date:
    """The day for which the roster speaks: named above the table, or in the name of the file, or today; never later."""
    texts = [table.title for table in tables] + [file_name, *(table.sheet for table in tables)]
    for text in texts:
        for pattern, order in (
            (r"(?<!\d)(\d\d)[._](\d\d)[._](20\d\d)(?!\d)", "dmy"),
            (r"(?<!\d)(20\d\d)[-_.](\d\d)[-_.](\d\d)(?!\d)", "ymd"),
        ):
            if match := re.search(pattern, text):
                parts = [int(p) for p in match.groups()]
                year, month, day = parts if order == "ymd" else reversed(parts)
                try:
                    found = dt.date(year, month, day)
                except ValueError:
                    continue
                if found <= today:
                    return found
    return today
