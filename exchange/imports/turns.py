"""At most two files of the site are parsed at once: each parser may take half a gigabyte and seconds of a processor."""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from exchange.spreadsheets.book import Unreadable

AT_ONCE = 2
PATIENCE = 6.0  # seconds
_STEP = 0.1


@contextlib.contextmanager
def turn(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Waits for a free place, then holds it. Raises Unreadable when none gets free in time.

    The places are locks on files of the instance folder, so all workers share them, and a worker that dies gives its place
    back. Where the folder can't be written the places are not counted.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        places = [(folder / f"parsing-{number}.lock").open("w") for number in range(AT_ONCE)]
    except OSError:
        yield
        return
    with contextlib.ExitStack() as stack:
        for place in places:
            stack.enter_context(place)
        _wait(places, time.monotonic() + patience)
        yield


def _wait(places: Sequence[IO[str]], until: float) -> None:
    while True:
        for place in places:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
        if time.monotonic() > until:
            raise Unreadable("unavailable", note="other files are being parsed")
        time.sleep(_STEP)
