"""A cell as a person sees it."""

from __future__ import annotations

import datetime as dt
import re

from exchange.imports.vocabulary_cells import NO, YES
from exchange.spreadsheets.book import Cell

SPACES = re.compile(r"[ \t\u00a0\u202f]+")


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
