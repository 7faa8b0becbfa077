"""Files in requests: only a route that says so may be sent one, and at most two files of the site are read at once."""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar

from flask import Flask, request

View = TypeVar("View", bound=Callable[..., Any])
AT_ONCE = 2
PATIENCE = 6.0  # seconds
_STEP = 0.1


def takes_file(view: View) -> View:
    """Marks a view that may be sent a file: its requests may be as large as one file and one form together."""
    view.takes_file = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    # before the check of forged forms, which reads the body
    @app.before_request
    def allow_large_body() -> None:
        view = app.view_functions.get(request.endpoint or "")
        if request.method == "POST" and getattr(view, "takes_file", False):
            request.max_content_length = app.config["MAX_UPLOAD_LENGTH"] + app.config["MAX_CONTENT_LENGTH"]


class NoPlace(Exception):
    """Other files are being read, and none was done in time."""


@contextlib.contextmanager
def turn(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Waits for a free place, then holds it: each reader may take half a gigabyte and seconds of a processor.

    The places are locks on files of the instance folder, so all workers share them, and a worker that dies gives its place
    back. Where the folder can't be written the places are not counted. Raises NoPlace.
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
            raise NoPlace
        time.sleep(_STEP)
