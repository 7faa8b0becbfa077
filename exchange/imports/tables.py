"""Finds the table of people in a sheet as it was sent: titles above, headings of one row or two, totals between."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as made_of

from exchange.imports import vocabulary
from exchange.imports.vocabulary import IGNORED
from exchange.imports.vocabulary_cells import NO, SECTION, YES
from exchange.imports.vocabulary_events import BESIDE, LEANING
from exchange.spreadsheets.book import Book, Cell, SheetRead, column_letters

HEADING_WITHIN = 30  # headings stand in the first rows of a sheet
SAMPLE = 60  # rows looked at to recognise a column by its content
NAMES = {"full_name", "last_name"}
TELLING = {"iin", "passport", "born", "kind", "starts_on", "ends_on", "period"}
# What can't be mistaken: a column full of such cells is one, whatever its heading says.
PLAIN_TO_SEE = {"iin", "passport", "email"}
SURE = 0.75
SPACES = re.compile(r"[ \t\u00a0\u202f]+")
LONG_NUMBER = re.compile(r"\d{8}")
# «Вуз» for students beside «Место работы» for specialists: of such columns the filled one speaks.
ONE_OF_SEVERAL = {"sender"}
Fields = Callable[[str], Iterable[tuple[str, float]]]


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
    """One row of people: Excel's row number and the cells by field (the first column of a field wins)."""

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
    """A table of people in one sheet."""

    sheet: str
    title: str
    columns: list[Column]
    rows: list[Row]


Settle = Callable[[Table], None]


def _as_found(table: Table) -> None:
    """Leaves the columns as they were understood."""


def text_of(cell: Cell) -> str:
    """What a person sees in the cell: numbers without a tail, dates as dates."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return YES if cell else NO
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return f"{cell:%d.%m.%Y}" if cell.time() == dt.time() else f"{cell:%d.%m.%Y %H:%M}"
    if isinstance(cell, dt.date):
        return f"{cell:%d.%m.%Y}"
    return SPACES.sub(" ", str(cell)).strip()


def find(book: Book, fields: Fields, settle: Settle = _as_found) -> list[Table]:
    """The tables of people of all visible sheets; a hidden sheet holds lists for drop-downs, not people.

    `settle` may give other fields to the columns of a table before its rows are read. Beside a table that says who people
    are (number, birth, term), one that only names them is a list of contacts or a summary.
    """
    found = [table for sheet in book.sheets if not sheet.hidden and (table := _in_sheet(sheet, fields, settle)) is not None]
    peopled = [table for table in found if table.rows and _names_people(table)]
    return [table for table in peopled if TELLING & {c.field for c in table.columns}] or peopled or found[:1]


def _names_people(table: Table) -> bool:
    """Whether names stand in the columns of names: a summary has figures there («Студентов: 12»)."""
    names = [text_of(row.cells.get(name)) for row in table.rows for name in (*NAMES, "first_name") if name in row.columns]
    filled = [name for name in names if name]
    return not filled or sum(any(sign.isalpha() for sign in name) for name in filled) * 2 >= len(filled)


def _in_sheet(sheet: SheetRead, fields: Fields, settle: Settle) -> Table | None:
    if not sheet.rows:
        return None
    rows = dict(sheet.rows)
    merged = _Merged(sheet)
    best: tuple[float, int, int, list[str]] | None = None
    numbers = sorted(rows)
    for number in [n for n in numbers if n <= numbers[0] + HEADING_WITHIN]:
        for depth in (1, 2, 3):
            if any(number + d not in rows for d in range(depth)):
                break
            if depth > 1 and _looks_like_data(rows[number + depth - 1]):
                break
            headings = merged.headings(rows, number, depth)
            score = _score(headings, fields)
            # a deeper heading must earn its extra row
            if score > 0 and (best is None or score > best[0] + 0.4 * (depth > best[2])):
                best = (score, number, depth, headings)
    if best is None:
        return _without_heading(sheet, rows, numbers, settle)
    _, top, depth, headings = best
    columns = _columns(headings, fields)
    body = [n for n in numbers if n >= top + depth]
    _by_content(columns, [rows[n] for n in body[:SAMPLE]])
    title = " ".join(text_of(c) for n in numbers if n < top for c in rows[n] if c is not None)
    return _peopled(Table(sheet.name, title, columns, []), [(n, rows[n]) for n in body], headings, settle)


def _peopled(table: Table, rows: Iterable[tuple[int, list[Cell]]], headings: Sequence[str], settle: Settle) -> Table:
    settle(table)
    table.rows = _people(table.sheet, table.columns, rows, headings)
    return table


class _Merged:
    """Joined cells: the value of the first cell stands for the whole width of a heading."""

    def __init__(self, sheet: SheetRead) -> None:
        self.areas = sheet.merged

    def headings(self, rows: dict[int, list[Cell]], top: int, depth: int) -> list[str]:
        width = max(len(rows[top + d]) for d in range(depth))
        for upper, _left, lower, right in self.areas:
            if upper <= top + depth - 1 and lower >= top:
                width = max(width, right)
        lines = [[text_of(rows[top + d][c]) if c < len(rows[top + d]) else "" for c in range(width)] for d in range(depth)]
        for upper, left, _lower, right in self.areas:
            if top <= upper <= top + depth - 1 and right > left:
                value = lines[upper - top][left - 1]
                for c in range(left - 1, min(right, width)):
                    lines[upper - top][c] = value
        if depth > 1 and not self.areas:
            lines[0] = _carried(lines[0], lines[1])
        return [" / ".join(dict.fromkeys(part for part in column if part)) for column in zip(*lines, strict=True)]


def _carried(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """A CSV keeps no joined cells: an empty upper cell over a filled lower one belongs to the group on its left."""
    carried, group = [], ""
    for above, below in zip(upper, lower, strict=True):
        group = above or (group if below else "")
        carried.append(group)
    return carried


def _looks_like_data(row: Sequence[Cell]) -> bool:
    """Headings are words; dates, long numbers and passports are data."""
    filled = [c for c in row if text_of(c)]
    data = sum(
        isinstance(c, dt.date | dt.datetime) or bool(re.search(r"\d{5,}|\d\d?\.\d\d?\.\d{2,4}", text_of(c))) for c in filled
    )
    return data >= 2 or (len(filled) > 2 and all(isinstance(c, int | float) for c in filled))


def _score(headings: Sequence[str], fields: Fields) -> float:
    seen: dict[str, float] = {}
    for heading in headings:
        if heading and len(heading) < 120:
            for name, confidence in list(fields(heading))[:1]:
                seen[name] = max(seen.get(name, 0), confidence)
    useful = {name: value for name, value in seen.items() if name not in ("number_in_list", "note", IGNORED)}
    if len(useful) < 2 or not useful.keys() & (NAMES | {"iin", "first_name"}):
        return 0
    return sum(useful.values())


def _columns(headings: Sequence[str], fields: Fields) -> list[Column]:
    """Each field goes to the column that names it best; the runner-up looks for its next best field."""
    wishes = sorted(
        ((confidence, -index, name) for index, text in enumerate(headings) if text for name, confidence in fields(text)),
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
    return [
        Column(index, text, kept.get(index), "heading" if index in given else "none") for index, text in enumerate(headings)
    ]


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
    return _peopled(Table(sheet.name, "", columns, []), [(n, rows[n]) for n in numbers], [], settle)


def _people(sheet: str, columns: list[Column], rows: Iterable[tuple[int, list[Cell]]], headings: Sequence[str]) -> list[Row]:
    known = {c.field: c for c in reversed(columns) if c.field}
    spare = [c for c in columns if c.field in ONE_OF_SEVERAL and known[str(c.field)] is not c]
    vital = [c for name, c in known.items() if name in ("full_name", "last_name", "first_name", "iin", "passport", "born")]
    numbered = [c for name, c in known.items() if name in ("iin", "passport")]
    wanted = {c.index for c in known.values() if c.field != "number_in_list"}
    found: list[Row] = []
    section = ""
    for number, cells in rows:
        texts = [text_of(c) for c in cells]
        filled = [(i, t) for i, t in enumerate(texts) if t]
        if not filled:
            continue
        if not any(c.index < len(texts) and LONG_NUMBER.search(texts[c.index]) for c in numbered) and _is_no_person(
            texts, headings
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


def _is_no_person(texts: Sequence[str], headings: Sequence[str]) -> bool:
    """Totals, headings said again, numbers of columns, signatures."""
    words = [text for text in texts if text]
    return (
        vocabulary.is_total_row(words)
        or _is_heading_again(texts, headings)
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


def _is_heading_again(texts: Sequence[str], headings: Sequence[str]) -> bool:
    filled = [(i, t) for i, t in enumerate(texts) if t]
    same = sum(1 for i, t in filled if i < len(headings) and t and t in headings[i].split(" / "))
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
