"""Streams the rows of a table as XML: one list of ready cell fragments for each column of a batch, joined by the row number.

A cell fragment begins after the row number of its own reference and ends with the column letters of the next one, so that
`number.join(fragments)` is a whole row with every reference in place, made by C code.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from exchange.spreadsheets.book import column_letters
from exchange.spreadsheets.sheet import Column
from exchange.spreadsheets.text import LONGEST, xml_text

BATCH = 512

_EPOCH = dt.date(1899, 12, 30).toordinal()
# Excel counts a 29.02.1900 that never was; days before it would be shown one off.
_FIRST_DAY = dt.date(1900, 3, 1).toordinal()
_FRAGMENTS_IN_ALL = 60_000
_MOST_FRAGMENTS = 4_096
_LEARNING = 4 * BATCH
_NOT_PLAIN = ("&", "<", ">", "_x", "| ", " |", "||")

Build = Callable[[object], str]


class _Fragments(dict[object, str]):
    """Value to cell fragment; what is not there yet is built, and kept while there is room."""

    def __init__(self, build: Build, room: int) -> None:
        super().__init__()
        self.built = 0
        self._build = build
        self._room = room

    def __missing__(self, value: object) -> str:
        self.built += 1
        fragment = self._build(value)
        if len(self) < self._room:
            self[value] = fragment
        return fragment


class _ColumnStream:
    """Encodes one column. Columns of few different values live from a dictionary, others are built without one."""

    def __init__(self, column: Column, before: str, after: str, room: int) -> None:
        self.kind = column.kind
        self.has_text = False
        self.sum: Any = 0
        self._before, self._after = before, after
        self._text_before, self._text_after = f'{before} t="inlineStr"><is><t>', f"</t></is></c>{after}"
        self._number_before, self._number_after = f"{before}><v>", f"</v></c>{after}"
        self._empty = f"{before}/>{after}"
        build: Build = self._text if column.kind == "text" else self._number
        if column.kind in ("date", "datetime"):
            build = self._moment
        self._build = build
        self._fragments: _Fragments | None = _Fragments(build, room)
        self._seen = 0
        self._summed = column.total

    def encode(self, values: Sequence[object]) -> list[str]:
        """The cells of one batch."""
        if self._summed:
            self._add(values)
        if self._fragments is not None:
            encoded = list(map(self._fragments.__getitem__, values))
            self._seen += len(values)
            if self._seen >= _LEARNING and self._fragments.built * 3 > self._seen:
                self._fragments = None
            return encoded
        if self.kind == "text":
            return self._plain_text(values)
        if self.kind in ("int", "float", "share") and set(map(type, values)) == {int}:
            before, after = self._number_before, self._number_after
            return [f"{before}{value}{after}" for value in values]
        return list(map(self._build, values))

    def _add(self, values: Sequence[object]) -> None:
        numbers = [value for value in values if isinstance(value, (int, float, Decimal))]
        if len(numbers) != len(values):
            self.has_text = self.has_text or any(isinstance(value, str) and value for value in values)
        self.sum += sum(numbers)

    def _plain_text(self, values: Sequence[object]) -> list[str]:
        """Most texts need no care at all, and that is seen faster for a batch than for each."""
        try:
            together = f"|{'|'.join(values)}|"  # type: ignore[arg-type]
        except TypeError:
            return list(map(self._build, values))
        if len(together) > LONGEST // 2 or not together.isprintable() or any(sign in together for sign in _NOT_PLAIN):
            return list(map(self._build, values))
        before, after = self._text_before, self._text_after
        return [f"{before}{value}{after}" for value in values]

    def _text(self, value: object) -> str:
        if value is None or value == "":
            return self._empty
        text = xml_text(value if isinstance(value, str) else str(value))
        if text and (text[0] in " \n\t" or text[-1] in " \n\t"):
            return f'{self._before} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>{self._after}'
        return self._text_before + text + self._text_after

    def _number(self, value: object) -> str:
        if value is None or isinstance(value, str):
            self.has_text = self.has_text or bool(value)
            return self._text(value)
        return f"{self._number_before}{number(value)}{self._number_after}"

    def _moment(self, value: object) -> str:
        if value is None or isinstance(value, str):
            return self._text(value)
        if not isinstance(value, dt.date):
            raise TypeError(f"{value!r} is not a date")
        if value.toordinal() < _FIRST_DAY:
            return self._text(f"{value:%d.%m.}{value.year:04}")
        return f"{self._number_before}{serial(value)}{self._number_after}"


def number(value: object) -> str:
    """A number as XML: exact, and never NaN or infinity, which no cell can hold."""
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, (float, Decimal)):
        if not math.isfinite(value):
            raise ValueError(f"{value} cannot stand in a cell")
        return repr(value) if isinstance(value, float) else str(value)
    raise TypeError(f"{value!r} is not a number")


def serial(value: dt.date) -> str:
    """Excel's count of days for a date or a local moment."""
    days = value.toordinal() - _EPOCH
    if not isinstance(value, dt.datetime):
        return str(days)
    if value.tzinfo is not None:
        raise ValueError("a cell has no time zone: convert to local time first")
    seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
    return repr(round(days + seconds / 86_400, 11))


class RowStream:
    """The body of one table. After `chunks` is exhausted it knows what it wrote."""

    def __init__(self, columns: Sequence[Column], styles: Sequence[int]) -> None:
        room = min(_MOST_FRAGMENTS, _FRAGMENTS_IN_ALL // len(columns))
        self.written = 0
        self._streams = []
        for position, (column, style) in enumerate(zip(columns, styles, strict=True), start=1):
            last = position == len(columns)
            after = "</row>" if last else f'<c r="{column_letters(position + 1)}'
            self._streams.append(_ColumnStream(column, f'" s="{style}"', after, room))

    def chunks(
        self, rows: Iterable[Sequence[object]], first: int, heights: Mapping[int, float] | None = None
    ) -> Iterator[bytes]:
        """XML of the rows, a batch at a time; only one batch is in memory. A row of another length is a ValueError.

        heights: row number to points, for the rows that are higher than one line.
        """
        row_number = first
        source = iter(rows)
        while batch := list(islice(source, BATCH)):
            encoded = [stream.encode(values) for stream, values in zip(self._streams, zip(*batch, strict=True), strict=True)]
            lines = []
            for cells in zip(*encoded, strict=True):
                text = str(row_number)
                height = f' ht="{heights[row_number]:g}" customHeight="1"' if heights and row_number in heights else ""
                lines.append(f'<row r="{text}"{height}><c r="A{text}{text.join(cells)}')
                row_number += 1
            self.written += len(lines)
            yield "".join(lines).encode()

    def sum(self, position: int) -> Any:
        """What the column (from 0) adds up to; None when it holds figures that are not shown."""
        stream = self._streams[position]
        return None if stream.has_text else stream.sum
