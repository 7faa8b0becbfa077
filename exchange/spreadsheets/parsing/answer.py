"""What the child says to its parent: one JSON document a line, never more than was asked for.

{"sheet": name, "hidden": …}     a sheet begins
[row number, [cell, …]]          a row that has a value
{"merged": …, …}                 the sheet ends
{"error": code, …}               the file was refused
{"end": true}                    nothing was cut off
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO

from .limits import COUNTED, ROWS_AROUND_THE_TABLE, Limits
from .refusal import Refused
from .values import Travelling

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_FLUSH = 1 << 16


class Answer:
    """Counts rows, cells and characters as they go out."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        self._waiting = bytearray()
        self._sent = 0
        self._cells = 0
        self._hidden = False
        self._rows_here = 0
        self.visible_rows = 0

    def sheet(self, name: str, hidden: bool) -> None:
        """A sheet begins."""
        self._hidden = hidden
        self._rows_here = 0
        self._line({"sheet": name, "hidden": hidden})

    def row(self, number: int, cells: list[Travelling], times: int = 1) -> int:
        """A row with at least one value, and how often it follows itself. How many were sent.

        Rows over the limit are counted, so that the message can say how many there are.
        """
        seen = self._rows_here if self._hidden else self.visible_rows
        sent = max(0, min(times, self._limits.rows + ROWS_AROUND_THE_TABLE - seen))
        self._rows_here += times
        if not self._hidden:
            self.visible_rows += times
            if self.visible_rows > max(COUNTED * self._limits.rows, self._limits.rows + ROWS_AROUND_THE_TABLE):
                raise Refused("too_many_rows", over=COUNTED * self._limits.rows, most=self._limits.rows)
        for further in range(sent):
            self._cells += len(cells)
            if self._cells > self._limits.cells:
                raise Refused("too_many_cells")
            self._line([number + further, cells])
        return sent

    def sheet_ends(self, **facts: Any) -> None:
        """What is known only after the last row."""
        facts["truncated"] = self._rows_here > self._limits.rows + ROWS_AROUND_THE_TABLE
        self._line(facts)

    def end(self, **facts: Any) -> None:
        """All was read; refuses a file with too many rows or none."""
        if self.visible_rows > self._limits.rows + ROWS_AROUND_THE_TABLE:
            raise Refused("too_many_rows", found=self.visible_rows, most=self._limits.rows)
        if not self.visible_rows:
            raise Refused("no_table")
        self._line({"end": True, **facts})
        self.flush()

    def refused(self, refusal: Refused) -> None:
        """The last line of a file that is not read."""
        self._waiting.clear()
        self._line({"error": refusal.code, "note": refusal.note, **refusal.details})
        self.flush()

    def flush(self) -> None:
        """Hand over what is waiting."""
        self._stream.write(self._waiting)
        self._stream.flush()
        self._waiting.clear()

    def _line(self, document: Any) -> None:
        line = _encode(document).encode("utf-8", "replace")
        self._sent += len(line)
        if self._sent > self._limits.answer:
            raise Refused("too_much_text")
        self._waiting += line
        self._waiting += b"\n"
        if len(self._waiting) > _FLUSH:
            self.flush()
