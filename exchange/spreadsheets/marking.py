"""A person's own workbook back with marks: edited in a child process with limits, or copied cell by cell where it can't be."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, cast

from exchange.confinement import Child, TooLong, TooMuch
from exchange.spreadsheets.book import Book, SheetRead, Unreadable
from exchange.spreadsheets.copying import copy_of, sheet_names
from exchange.spreadsheets.parsing.limits import MEGABYTE, Limits

_HERE = Path(__file__).resolve().parent
_CHILD = "import sys; sys.path.append(sys.argv.pop()); from parsing.marking.child import main; main()"
_HEAD = 10_000

#: Looks of the words of a row.
LOOKS = ("text", "heading", "ok", "error", "warning", "quiet", "title")


@dataclass(frozen=True)
class Row:
    """What is written beside a row. look: one of LOOKS; rows that look like errors are what the filter shows."""

    look: str
    verdict: str
    remarks: str
    key: str = ""


@dataclass(frozen=True)
class BadCell:
    """A cell to be tinted, with its note. severity: error or warning."""

    row: int
    column: int
    severity: str
    note: str


@dataclass(frozen=True)
class SheetMarks:
    """The marks of one sheet. Rows and columns count from 1.

    at: the first column right of everything. left: where the table begins. headings: the rows in which headings stand.
    own: the columns of an earlier return, which are replaced. filter: the row of headings under which only rows in error
    are shown; 0 shows all.
    """

    name: str
    at: int
    left: int
    headings: Sequence[int]
    rows: dict[int, Row]
    bad: Sequence[BadCell] = ()
    own: Sequence[int] = ()
    filter: int = 0

    def told(self, name: str) -> dict[str, object]:
        """For the child."""
        return {
            "name": name, "at": self.at, "left": self.left, "headings": list(self.headings), "own": list(self.own),
            "filter": self.filter,
            "rows": {number: (row.look, row.verdict, row.remarks, row.key) for number, row in self.rows.items()},
            "bad": [(cell.row, cell.column, cell.severity, cell.note) for cell in self.bad],
        }  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A sheet of ours at the end. key: what it is, a word of Latin letters. rows: (look, text) for each cell."""

    key: str
    title: str
    widths: Sequence[float]
    rows: Sequence[Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Marks:
    """Everything that is written into the workbook. words: headings of the verdict, of the remarks, of the key."""

    words: tuple[str, str, str]
    sheets: Sequence[SheetMarks]
    pages: Sequence[Page] = field(default=())

    def told(self, names: dict[str, str]) -> bytes:
        """The question as the child reads it; `names`: what sheets are called where they are renamed."""
        sheets = [sheet.told(names.get(sheet.name, sheet.name)) for sheet in self.sheets]
        question = {"words": self.words, "sheets": sheets, "pages": [asdict(page) for page in self.pages]}
        body = json.dumps(question, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        return b"%d\n" % len(body) + body


@dataclass(frozen=True)
class Marked:
    """The new workbook, to be read once and closed. is_own: the person's own file, not a copy of its cells."""

    file: IO[bytes]
    size: int
    is_own: bool


class _NotThis(Exception):
    """The child would not edit the file; its words are for the operator."""


def mark(content: bytes, book: Book, marks: Marks, limits: Limits | None = None) -> Marked:
    """The file `content`, which was read as `book`, with marks. Raises Unreadable."""
    limits = limits or Limits()
    if book.kind == "xlsx":
        try:
            return _edit(content, marks.told({}), limits, is_own=True)
        except _NotThis:
            pass  # a workbook that acts by itself or is built in a way of its own: its cells are given in a new one
    book = replace(book, sheets=[sheet for sheet in book.sheets if not _is_page(sheet, marks.pages)])
    names = dict(zip((sheet.name for sheet in book.sheets), sheet_names(book), strict=True))
    try:
        return _edit(copy_of(book), marks.told(names), limits, is_own=False)
    except _NotThis as refused:
        raise Unreadable("too_complex", note=str(refused)) from None


def _is_page(sheet: SheetRead, pages: Sequence[Page]) -> bool:
    """Whether a sheet is one of ours that came back."""
    return any(page.title == sheet.name and sheet.rows and sheet.rows[0][1][:1] == [page.title] for page in pages)


def _edit(content: bytes, question: bytes, limits: Limits, *, is_own: bool) -> Marked:
    with tempfile.TemporaryFile() as asked:
        asked.write(question)
        asked.write(content)
        asked.seek(0)
        told = json.dumps((limits if is_own else _roomy(limits)).as_dict())
        try:
            child = Child(_CHILD, [told, str(_HERE)], cast(IO[bytes], asked))
        except OSError as error:
            raise Unreadable("unavailable", note=str(error)) from None
        return _heard(child, limits, is_own)


def _roomy(limits: Limits) -> Limits:
    """A copy is larger than the .csv from which it was made, and is ours."""
    told = limits.as_dict()
    return Limits(**{**told, "size": max(limits.size, 40 * MEGABYTE)})


def _heard(child: Child, limits: Limits, is_own: bool) -> Marked:
    file = tempfile.TemporaryFile()  # noqa: SIM115  (whoever gets it closes it)
    head, has_head, size = b"", False, 0
    try:
        with child:
            for piece in child.said(limits.wall_seconds, limits.answer + _HEAD):
                if not has_head:
                    head += piece
                    has_head = b"\n" in head
                    if not has_head:
                        continue
                    head, _end, piece = head.partition(b"\n")
                size += file.write(piece)
        told = json.loads(head) if has_head else {}
        if told.get("size") != size or not size:
            raise _NotThis(str(told.get("note") or f"the child ended with status {child.status}")[:300])
    except (TooLong, TooMuch, ValueError, AttributeError, _NotThis) as refused:
        file.close()
        raise _NotThis(str(refused) or type(refused).__name__) from None
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Marked(cast(IO[bytes], file), size, is_own)
