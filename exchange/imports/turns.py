"""At most two files of the site are parsed at once: each parser may take half a gigabyte and seconds of a processor."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from exchange.spreadsheets.book import Unreadable
from exchange.web import uploads


@contextlib.contextmanager
def turn(folder: Path, patience: float = uploads.PATIENCE) -> Iterator[None]:
    """Waits for a free place among all files of the site, then holds it. Raises Unreadable when none gets free in time."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(uploads.turn(folder, patience))
        except uploads.NoPlace:
            raise Unreadable("unavailable", note="other files are being parsed") from None
        yield
