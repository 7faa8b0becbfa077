"""How far the work of this thread is, and whether its owner wants it to stop. Outside a job both are nobody's business."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Iterable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

Item = TypeVar("Item")


class Cancelled(Exception):
    """The owner of the job wants no more of it; whatever it wrote is rolled back."""


@dataclass
class Told:
    """How far a job is."""

    step: str = ""
    done: int = 0
    of: int = 0


@dataclass
class Progress:
    """Written by the thread that works, read by the one that tells others; `stop` is set the other way round."""

    told: Told = field(default_factory=Told)
    stop: threading.Event = field(default_factory=threading.Event)


_current: contextvars.ContextVar[Progress | None] = contextvars.ContextVar("progress", default=None)


@contextmanager
def watched(progress: Progress) -> Iterator[Progress]:
    """Inside, the work is a job: its steps are told, and it can be stopped."""
    token = _current.set(progress)
    try:
        yield progress
    finally:
        _current.reset(token)


def go_on() -> None:
    """A place where the work may stop. Raises Cancelled."""
    progress = _current.get()
    if progress is not None and progress.stop.is_set():
        raise Cancelled


def step(name: str, of: int = 0) -> None:
    """The next part of the work begins. Raises Cancelled."""
    go_on()
    progress = _current.get()
    if progress is not None:
        progress.told = Told(name, 0, of)


def counted(items: Iterable[Item], name: str) -> Iterator[Item]:
    """The items one by one, each of them counted as done when the next is asked for. Raises Cancelled."""
    step(name, len(items) if isinstance(items, Sized) else 0)
    for item in items:
        go_on()
        yield item
        progress = _current.get()
        if progress is not None:
            progress.told.done += 1
