"""What a workbook is, before anybody thinks of files: columns, sheets, a cover, a chart."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["text", "int", "float", "date", "datetime", "share"]
KINDS: frozenset[str] = frozenset(("text", "int", "float", "date", "datetime", "share"))
NUMBERS: frozenset[str] = frozenset(("int", "float", "share"))

MOST_COLUMNS = 200
MOST_ROWS = 1_048_000
MOST_CELLS = 20_000_000
"""Above this the XML of one sheet passes 2 GB, which only archives of a newer kind can hold."""

_TABLE_NAME = re.compile("[A-Za-z_][A-Za-z0-9_]{2,254}")
_LOOKS_LIKE_A_CELL = re.compile("[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*")


@dataclass(frozen=True)
class Column:
    """A column of a table. In a number column '<5' and 'X' stand for figures that are not shown.

    digit_text: the text consists of digits (IIN, phone), so Excel must not offer to make numbers of it.
    total: the column is summed in the totals row. width: in characters; worked out from the content when not given.
    """

    key: str
    title: str
    kind: Kind = "text"
    width: float | None = None
    digit_text: bool = False
    total: bool = False
    number_format: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of column {self.kind!r}")
        if self.total and self.kind not in NUMBERS:
            raise ValueError(f"a column of kind {self.kind} has no total")


@dataclass(frozen=True)
class BarChart:
    """A native chart of one or a few number columns by a text column, drawn beside or under its table.

    title: the finding, in words. alt: what is to be seen, for those who do not see it.
    """

    title: str
    category: str
    values: Sequence[str]
    alt: str
    horizontal: bool = True


@dataclass
class Sheet:
    """One table on one sheet. `rows` may be a generator: it is read once, while the file is being written.

    name: of the Excel table, ASCII. count: how many rows there will be. totals: a value for each column or None;
    None in a summed column is filled with its sum. freeze: how many columns stay in sight together with the header
    row; None leaves the sheet unfrozen. filters: buttons in the header row; lists (frozen sheets) have them.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]
    count: int
    heading: str
    subtitle: str
    name: str
    freeze: int | None = None
    totals: Sequence[object] | None = None
    chart: BarChart | None = None
    notes: Sequence[str] = ()
    filters: bool | None = None

    def __post_init__(self) -> None:
        titles = [column.title.casefold() for column in self.columns]
        if not 1 <= len(titles) <= MOST_COLUMNS:
            raise ValueError(f"a table has 1 to {MOST_COLUMNS} columns")
        if len(set(titles)) != len(titles) or not all(titles):
            raise ValueError("the titles of columns must differ, or Excel repairs the file")
        if not _TABLE_NAME.fullmatch(self.name) or _LOOKS_LIKE_A_CELL.fullmatch(self.name):
            raise ValueError(f"{self.name!r} cannot name an Excel table")
        if not 0 <= self.count <= MOST_ROWS or self.count * len(titles) > MOST_CELLS:
            raise ValueError(f"{self.count} rows do not fit a sheet")
        if self.totals is not None and len(self.totals) != len(titles):
            raise ValueError("totals need a value or None for each column")
        if self.chart is not None:
            for key in (self.chart.category, *self.chart.values):
                self.column(key)

    @property
    def known_rows(self) -> Sequence[Sequence[object]]:
        """The rows, when they are a list and not a stream; else nothing."""
        return self.rows if isinstance(self.rows, Sequence) else ()

    def column(self, key: str) -> int:
        """The position of a column, from 1."""
        for position, column in enumerate(self.columns, start=1):
            if column.key == key:
                return position
        raise ValueError(f"no column {key!r}")

    @property
    def has_filters(self) -> bool:
        """Buttons in the header row?"""
        return self.freeze is not None if self.filters is None else self.filters


class Check(NamedTuple):
    """A control sum: what must agree, whether it does, the two figures."""

    id: str
    text: str
    ok: bool
    detail: str = ""


CoverValue = str | int | float | dt.date | dt.datetime | None


@dataclass
class Cover:
    """The first sheet: what this is, on which day, by whom, and whether the figures agree with each other."""

    title: str
    facts: Sequence[tuple[str, CoverValue]] = ()
    checks: Sequence[Check | tuple[str, str, bool, str]] = ()
    subtitle: str = ""


@dataclass
class Properties:
    """What Excel shows about the document itself."""

    title: str = ""
    author: str = ""
    subject: str = ""
    keywords: str = ""
    description: str = ""
    category: str = ""
    created: dt.datetime | None = None


@dataclass
class Workbook:
    """A whole file: the cover, tables, notes. notes: paragraphs, or pairs of a term and its meaning. footer: left, on paper."""

    cover: Cover
    sheets: Sequence[Sheet]
    notes: Sequence[str | tuple[str, str]] = ()
    language: str = "ru"
    properties: Properties = field(default_factory=Properties)
    footer: str = ""
