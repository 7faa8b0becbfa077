"""Where tables begin in a sheet: rows of headings, of one row to three, one table under another or beside another."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from exchange.imports.cells import text_of
from exchange.imports.vocabulary import IGNORED
from exchange.imports.vocabulary_own import is_own
from exchange.imports.vocabulary_rows import may_be_heading
from exchange.spreadsheets.book import Cell, SheetRead

HEADING_WITHIN = 30  # the first headings stand in the first rows of a sheet
NAMES = {"full_name", "last_name"}
TELLING = {"iin", "passport", "born", "kind", "starts_on", "ends_on", "period"}
DEEPEST = 3
_MOST_LOOKED_AT = 300  # rows below the first table that may be headings of another
_NOT_TELLING = {"number_in_list", "note", IGNORED}
Fields = Callable[[str], Iterable[tuple[str, float]]]


@dataclass
class Heading:
    """The headings of one table: row of the first, how many rows, text by column (empty where the table is not)."""

    top: int
    depth: int
    texts: list[str]
    score: float
    first: int = 0  # the first column of a table that stands beside another
    last: int | None = None
    is_beside: bool = False  # whether another table stands on its left

    @property
    def bottom(self) -> int:
        return self.top + self.depth - 1

    def cut(self, cells: Sequence[Cell]) -> list[Cell]:
        """The cells of a row that belong to this table, each in its column."""
        if not self.first and self.last is None:
            return list(cells)
        return [cell if index >= self.first else None for index, cell in enumerate(cells[: self.last])]


def headings(sheet: SheetRead, fields: Fields) -> list[Heading]:
    """The tables of a sheet from top to bottom; none when the sheet begins with people or has no table of people."""
    rows = dict(sheet.rows)
    merged = _Merged(sheet)
    numbers = sorted(rows)
    best: Heading | None = None
    among_first = [n for n in numbers if n <= numbers[0] + HEADING_WITHIN]
    for number in among_first:
        for found in _at(number, rows, merged, fields):
            # a deeper heading must earn its extra row
            if best is None or found.score > best.score + 0.4 * (found.depth > best.depth):
                best = found
    if best is None:
        return []
    tables = [best]
    looked_at = 0
    for number in numbers:
        if any(one.top - DEEPEST < number <= one.bottom for one in tables) or not may_be_heading(map(text_of, rows[number])):
            continue
        looked_at += 1
        if looked_at > _MOST_LOOKED_AT:
            break
        other = max(_at(number, rows, merged, fields), key=lambda one: one.score - 0.4 * (one.depth - 1), default=None)
        above = max((one for one in tables if one.top < number), key=lambda one: one.top, default=tables[0])
        if other is not None and _is_another(other, above, rows, fields):
            tables.append(other)
    tables.sort(key=lambda one: one.top)
    return [part for one in tables for part in _beside(one, rows, fields)]


def _at(number: int, rows: dict[int, list[Cell]], merged: _Merged, fields: Fields) -> Iterator[Heading]:
    """The headings that may begin in this row, one row deep or more."""
    for depth in range(1, DEEPEST + 1):
        if number + depth - 1 not in rows or (depth > 1 and _looks_like_data(rows[number + depth - 1])):
            return
        texts = merged.headings(rows, number, depth)
        score = _score(texts, fields)
        if score > 0:
            yield Heading(number, depth, texts, score)


def _is_another(found: Heading, above: Heading, rows: dict[int, list[Cell]], fields: Fields) -> bool:
    """Whether these are headings of a table of its own: not those of the table above said again, and with rows under them."""
    same = sum(1 for text in found.texts if text and text in above.texts)
    at_their_place = sum(1 for one, two in zip(found.texts, above.texts, strict=False) if one and one == two)
    filled = sum(1 for text in found.texts if text)
    if at_their_place and same > 0.7 * filled and at_their_place == same:
        return False
    remarks = {index for index, text in enumerate(above.texts) if is_own(text)}  # what we wrote beside a row names fields too
    named = _likeliest((text for index, text in enumerate(found.texts) if index not in remarks), fields)
    return len(named) >= 3 and bool(named & TELLING) and any(found.bottom + further in rows for further in (1, 2, 3))


def _beside(whole: Heading, rows: dict[int, list[Cell]], fields: Fields) -> list[Heading]:
    """One table, or those that stand side by side under these headings: each has names and what tells people apart."""
    for starts in (_after_gaps(whole, rows), _where_headings_begin_again(whole.texts)):
        if len(starts) < 2:
            continue
        ends = [*starts[1:], len(whole.texts)]
        cut = [
            ["" if not first <= index < last else text for index, text in enumerate(whole.texts)]
            for first, last in zip(starts, ends, strict=True)
        ]
        named = [_likeliest(texts, fields) for texts in cut]
        if all(fields_here & NAMES == named[0] & NAMES != set() and fields_here & TELLING for fields_here in named):
            return [
                Heading(whole.top, whole.depth, texts[:last], _score(texts, fields), first, last, first > starts[0])
                for texts, first, last in zip(cut, starts, ends, strict=True)
            ]
    return [whole]


def _after_gaps(whole: Heading, rows: dict[int, list[Cell]]) -> list[int]:
    """Columns that begin after a column in which nothing stands. Our own in a file that came back belong to the last table."""
    texts = whole.texts
    used = [index for index, text in enumerate(texts) if text and not is_own(text)]
    blank = [False] * len(texts)
    for index in range(used[0], used[-1]) if used else ():
        below = (cells[index] for n, cells in rows.items() if n > whole.bottom and len(cells) > index)
        blank[index] = not texts[index] and all(cell is None for cell in below)
    return [index for index in used if index == used[0] or blank[index - 1]]


def _where_headings_begin_again(texts: Sequence[str]) -> list[int]:
    first = next((text for text in texts if text), "")
    return [index for index, text in enumerate(texts) if text == first]


def _likeliest(texts: Iterable[str], fields: Fields) -> set[str]:
    """The fields that headings name first of all."""
    return {name for text in texts if text and len(text) < 120 for name, _trust in list(fields(text))[:1]} - _NOT_TELLING


def _score(texts: Sequence[str], fields: Fields) -> float:
    seen: dict[str, float] = {}
    for heading in texts:
        if heading and len(heading) < 120:
            for name, confidence in list(fields(heading))[:1]:
                seen[name] = max(seen.get(name, 0), confidence)
    useful = {name: value for name, value in seen.items() if name not in _NOT_TELLING}
    if len(useful) < 2 or not useful.keys() & (NAMES | {"iin", "first_name"}):
        return 0
    return sum(useful.values())


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
                # a cell with words of its own keeps them: some programs join areas in which something stands
                for c in range(left - 1, min(right, width)):
                    lines[upper - top][c] = lines[upper - top][c] or value
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
