"""Opens an upload without trusting it: a look at its outside here, the parsing in a child process with hard limits."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, cast

from exchange.confinement import Child, TooLong, TooMuch
from exchange.spreadsheets.archive import kind_of
from exchange.spreadsheets.book import Book, Cell, CellError, NoCachedValue, SheetRead, Unreadable
from exchange.spreadsheets.parsing.limits import MEGABYTE, Limits

__all__ = ["Book", "Cell", "CellError", "Limits", "NoCachedValue", "SheetRead", "Unreadable", "read"]

_HERE = Path(__file__).resolve().parent
_CHILD = "import sys; sys.path.append(sys.argv.pop()); from parsing.child import main; main()"

_ARRIVING: dict[str, Callable[[Any], Cell]] = {
    "d": dt.date.fromisoformat,
    "m": dt.datetime.fromisoformat,
    "t": dt.time.fromisoformat,
    "l": lambda seconds: dt.timedelta(seconds=seconds),
    "e": CellError,
    "f": NoCachedValue,
}


def read(path: str | os.PathLike[str], *, limits: Limits | None = None) -> Book:
    """The sheets of an .xlsx or .ods or the records of a .csv as plain values. Raises Unreadable and nothing else."""
    limits = limits or Limits()
    try:
        with Path(path).open("rb", buffering=0) as upload:
            size = os.fstat(upload.fileno()).st_size
            if size > limits.size:
                raise Unreadable("too_large", most=limits.size // MEGABYTE)
            data = upload.read(limits.size + 1) or b""
            kind = kind_of(data, limits)
            digest = hashlib.sha256(data).hexdigest()
            del data
            upload.seek(0)
            encoding, sheets = _sheets(kind, cast(IO[bytes], upload), limits)
    except OSError as error:
        raise Unreadable("missing", note=str(error)) from None
    return Book(sheets, kind, encoding, digest, size)


def _sheets(kind: str, upload: IO[bytes], limits: Limits) -> tuple[str | None, list[SheetRead]]:
    collected, rest = _Collected(), b""
    try:
        child = Child(_CHILD, [kind, json.dumps(limits.as_dict()), str(_HERE)], upload)
    except OSError as error:
        raise Unreadable("unavailable", note=str(error)) from None
    with child:
        try:
            for chunk in child.said(limits.wall_seconds, 2 * limits.answer):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    collected.take(line)
        except TooLong:
            raise Unreadable("too_complex", note="time") from None
        except TooMuch:
            raise Unreadable("too_much_text", note="answer") from None
    if not collected.complete:
        raise Unreadable("too_complex", note=f"the parser ended with status {child.status}")
    return collected.encoding, collected.sheets


class _Collected:
    """Puts a book together from the child's lines, and believes none of them more than it must."""

    def __init__(self) -> None:
        self.sheets: list[SheetRead] = []
        self.encoding: str | None = None
        self.complete = False

    def take(self, line: bytes) -> None:
        """One JSON document."""
        try:
            document = json.loads(line)
            if isinstance(document, list):
                number, cells = document
                self.sheets[-1].rows.append((int(number), [_cell(cell) for cell in cells]))
            elif "error" in document:
                details = {key: value for key, value in document.items() if key not in ("error", "note")}
                raise Unreadable(str(document["error"]), note=str(document.get("note", "")), **details)
            elif "sheet" in document:
                self.sheets.append(SheetRead(str(document["sheet"]), bool(document["hidden"])))
            elif "merged" in document:
                self._finish(self.sheets[-1], document)
            elif "end" in document:
                self.encoding = document.get("encoding")
                self.complete = True
        except (ValueError, TypeError, LookupError, OverflowError, RecursionError) as error:
            raise Unreadable("damaged", note=f"answer: {error}") from None

    @staticmethod
    def _finish(sheet: SheetRead, facts: dict[str, Any]) -> None:
        sheet.merged = [(int(top), int(left), int(bottom), int(right)) for top, left, bottom, right in facts["merged"]]
        sheet.hidden_rows = frozenset(map(int, facts["hidden_rows"]))
        sheet.hidden_columns = frozenset(map(int, facts["hidden_columns"]))
        sheet.skipped_formulas = [(int(row), int(column)) for row, column in facts["skipped_formulas"]]
        sheet.truncated = bool(facts.get("truncated"))


def _cell(cell: Any) -> Cell:
    if type(cell) is list:
        tag, content = cell
        return _ARRIVING[tag](content)
    return cell  # type: ignore[no-any-return]
