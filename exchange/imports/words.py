"""The different words of coded columns («очка», «о/о»), counted: each is decided once for all its rows."""

from __future__ import annotations

from collections import Counter

from exchange.imports import vocabulary_choices as choices
from exchange.imports.reading import plain as without_dashes
from exchange.imports.tables import Table, text_of
from exchange.imports.vocabulary_text import plain

# field -> [the word as it stands in the file, how many rows have it]
Words = dict[str, list[list[str | int]]]
MOST = 100  # different words of a field that a page can show
LONGEST = 200


def words_of(table: Table, kind: str) -> Words:
    """The words of a table by field: those that nobody understands first, then the frequent ones."""
    fields = {column.field for column in table.columns}
    found: Words = {}
    for field in _coded(fields, kind):
        cells = Counter(row.cells.get(field) for row in table.rows)
        counted: Counter[str] = Counter()
        for cell, count in cells.items():
            if (text := text_of(cell)) and len(text) <= LONGEST and plain(text) and without_dashes(text):
                counted[text] += count
        order = sorted(counted.items(), key=lambda pair: (choices.recognise(field, pair[0]) is not None, -pair[1], pair[0]))
        if order:
            found[field] = [[text, count] for text, count in order[:MOST]]
    return found


def _coded(fields: set[str | None], kind: str) -> list[str]:
    """Coded columns that the table has. A programme with a code and a name in two columns is decided by both, row by row."""
    programme = [name for name in choices.PROGRAMMES if name in fields]
    return [
        name for name in choices.CODED[kind]
        if name in fields and (name not in choices.PROGRAMMES or programme == [name])
    ]  # fmt: skip
