"""A table of a report: one description for the screen and for the workbook, with a list behind every number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from unicodedata import name

from exchange.spreadsheets.sheet import BarChart, Column, Kind, Sheet

Value = int | float | str | None
Query = Mapping[str, Sequence[str]]
# The key of the measure and of the line that hold everything.
ALL = "total"
# Letters half as wide again as others, by the last words of their names.
WIDE = [["ZHE"], ["EM"], ["EF"], ["SHA"], ["SHCHA"], ["YERU"], ["YU"], ["M"], ["W"]]
# Characters; longer labels wrap.
WIDEST_LABEL = 32.0


@dataclass(frozen=True)
class Measure:
    """A column of figures. query: what the list of students is narrowed by; None: no list shows exactly these."""

    key: str
    title: str
    kind: Kind = "int"
    query: Query | None = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """A row. kind: "head" (a total of the rows under it), "part" of the head above, "total", or ""."""

    key: str
    labels: tuple[str, ...]
    values: Mapping[str, Value]
    kind: str = ""
    query: Query | None = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """Rows of figures with their totals. name: of the Excel table. base: filters behind all figures (None: no lists).

    is_repeated: the same figures as in another table, for a chart in the workbook; not shown on the screen.
    """

    title: str
    name: str
    heading: str
    subtitle: str
    labels: tuple[tuple[str, str], ...]
    measures: tuple[Measure, ...]
    lines: tuple[Line, ...]
    total: Line | None = None
    base: Query | None = None
    chart: BarChart | None = None
    notes: tuple[str, ...] = ()
    is_repeated: bool = False

    def sheet(self) -> Sheet:
        """The same table for a workbook: one row of unique headings, no merged cells."""
        columns = [Column(key, title, width=self._label_width(place)) for place, (key, title) in enumerate(self.labels)]
        # rows that are totals of others would be counted twice by a formula
        is_flat = not any(line.kind == "head" for line in self.lines)
        columns += [Column(m.key, m.title, m.kind, self._width(m), total=is_flat and m.kind == "int") for m in self.measures]
        rows = [self._row(line) for line in self.lines]
        return Sheet(
            title=self.title, columns=columns, rows=rows, count=len(rows), heading=self.heading, subtitle=self.subtitle,
            name=self.name, totals=self._row(self.total) if self.total else None, chart=self.chart, notes=self.notes,
        )  # fmt: skip

    def _label_width(self, place: int) -> float:
        """As wide as the longest label, but not so wide that the figures would go to another sheet of paper."""
        lines = [*self.lines, *([self.total] if self.total else [])]
        longest = max(len(text) for text in (self.labels[place][1], *(line.labels[place] for line in lines)))
        return max(8.0, min(longest + 2.0, WIDEST_LABEL))

    def _width(self, measure: Measure) -> float:
        """As narrow as the title in two lines and the figures allow, so that many columns stay readable on paper."""
        words = measure.title.split()
        halves = ((" ".join(words[:place]), " ".join(words[place:])) for place in range(1, len(words) + 1))
        title = min(max(map(_characters, pair)) for pair in halves) + 2
        lines = [*self.lines, *([self.total] if self.total else [])]
        figures = max((len(f"{line.values.get(measure.key) or 0:,}") for line in lines if is_number(line, measure)), default=1)
        return max(7.5, title, figures + 3)

    def _row(self, line: Line) -> list[Any]:
        return [*line.labels, *(line.values.get(m.key) for m in self.measures)]

    def query_of(self, line: Line, measure: Measure) -> dict[str, Sequence[str]] | None:
        """The filters of the list behind one figure; None when no list shows exactly these people."""
        if self.base is None or line.query is None or measure.query is None or not is_count(line.values.get(measure.key)):
            return None
        return {**self.base, **line.query, **measure.query}

    def in_parts(self, most: int = 8) -> list[tuple[Measure, ...]]:
        """The columns in pieces that fit a screen and a sheet of paper; each begins with the first column, the total."""
        first, *rest = self.measures
        pieces = [rest[place : place + most] for place in range(0, len(rest), most)] or [[]]
        if len(pieces) > 1 and len(pieces[-1]) < most // 2:  # no crumbs at the end
            even = -(-len(rest) // len(pieces))
            pieces = [rest[place : place + even] for place in range(0, len(rest), even)]
        return [(first, *piece) for piece in pieces]

    def hidden(self, signs: Mapping[tuple[str, str], str]) -> Table:
        """The table with signs in place of figures: (line, measure) -> sign. Lists behind figures go too."""

        def cover(line: Line) -> Line:
            values = {key: signs.get((line.key, key), value) for key, value in line.values.items()}
            return replace(line, values=values)

        return replace(
            self, lines=tuple(cover(line) for line in self.lines), total=cover(self.total) if self.total else None, base=None
        )


def _characters(words: str) -> float:
    """How wide bold words are, in digits."""
    return sum(
        1.7 if name(sign, "").split()[-1:] in WIDE else 1.3 if sign.isupper() else 0.6 if sign == " " else 1.1 for sign in words
    )


def is_number(line: Line, measure: Measure) -> bool:
    return isinstance(line.values.get(measure.key), int | float)


def is_count(value: Any) -> bool:
    """A figure that a list can stand behind: a whole number above zero."""
    return isinstance(value, int) and value > 0
