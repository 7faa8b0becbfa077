"""What a person decided about an upload: columns, words, cells, rows that stay out. Each is an edit of the spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from exchange.imports.tables import Column, Row, Table, text_of
from exchange.imports.vocabulary_text import plain

NOT_LOADED = ""
KEEP, CLEAR = "keep", "clear"


def place(sheet: str, number: int) -> str:
    """The key of a row: «Список!37»."""
    return f"{sheet}!{number}"


@dataclass
class Remembered:
    """What the organisation decided in earlier uploads of this kind. Keys are texts as `vocabulary_text.plain` gives them.

    headings: heading -> field («» is not loaded). words: field -> text of a cell -> text to read instead.
    """

    headings: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)

    def heading(self, text: str) -> str | None:
        """The field that a heading meant before («» is not loaded); None: nobody said."""
        return self.headings.get(plain(text)) if text else None


@dataclass
class Decisions:
    """Of one upload.

    columns: sheet -> letter of the column -> field of the file («» is not loaded).
    words: field -> text of a cell, made plain -> text to read instead («очка» -> «очная»).
    cells: place of the row -> field -> text to read instead.
    everywhere: field without a column -> text for all rows.
    skipped: places of rows that stay out. empty: whether an empty cell keeps or clears what the register has.
    accepted: place of the row -> fields whose warnings a person looked at and left as they are.
    confirmed: the number of changes that somebody typed to let a file through the guard.
    by, at: who decided last and when, for the one who was deciding at the same time.
    """

    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    everywhere: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    empty: str = KEEP
    accepted: dict[str, list[str]] = field(default_factory=dict)
    confirmed: int | None = None
    by: str = ""
    at: str = ""

    @classmethod
    def kept(cls, stored: Mapping[str, Any]) -> Decisions:
        """As kept with the upload; names that this version does not know are left out."""
        return cls(**{name: value for name, value in stored.items() if name in cls.__dataclass_fields__})

    def stored(self) -> dict[str, Any]:
        """For keeping with the upload: what was decided, nothing else."""
        return {name: value for name, value in asdict(self).items() if value not in ({}, [], None, "", KEEP)}

    def column(self, sheet: str, letter: str) -> str | None:
        """The field that a person gave to the column; None: nobody did."""
        return self.columns.get(sheet, {}).get(letter)

    def edit(self, row: Row, remembered: Remembered) -> None:
        """Puts into the row what was decided of its cells, before it is read."""
        for name, text in self.everywhere.items():
            if name not in row.columns:
                row.cells[name] = text
        for name, cell in list(row.cells.items()):
            said = plain(text_of(cell))
            word = self.words.get(name, {}).get(said, remembered.words.get(name, {}).get(said))
            if said and word is not None:
                row.cells[name] = word
        for name, text in self.cells.get(place(row.sheet, row.number), {}).items():
            row.cells[name] = text or None

    def is_skipped(self, row: Row) -> bool:
        return place(row.sheet, row.number) in self.skipped

    def is_accepted(self, row: Row, name: str) -> bool:
        """Whether somebody looked at the warnings of a field of this row and left them."""
        return name in self.accepted.get(place(row.sheet, row.number), ())

    def cleared(self, row: Row) -> list[str]:
        """Fields that the row empties in the register: their column is there, their cell is not filled."""
        if self.empty != CLEAR:
            return []
        return [name for name in row.columns if not text_of(row.cells.get(name))]


def settle_columns(table: Table, decisions: Decisions, remembered: Remembered) -> None:
    """Gives each column of the table the field that was decided for it; another column that held the field loses it.

    Rows must be read after this: see `tables.find`.
    """
    for column in table.columns:
        chosen = decisions.column(table.sheet, column.letter)
        before = remembered.heading(column.heading)
        if chosen is not None:
            _give(table.columns, column, chosen, "chosen")
        elif before is not None:
            _give(table.columns, column, before, "remembered")


def _give(columns: list[Column], column: Column, name: str, how: str) -> None:
    for other in columns:
        if name != NOT_LOADED and other is not column and other.field == name and other.how != "chosen":
            other.field, other.how = None, "none"
    column.field, column.how = name or None, how
