"""Which kinds of work there are. A room that has some says what it is (`know`) when it is registered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from exchange.access.permissions import Permission


@dataclass(frozen=True)
class Outcome:
    """How a job ended: a sentence for its owner; `refused` when the work itself said no and something of that is kept."""

    message: str
    refused: bool = False


@dataclass(frozen=True)
class Work:
    """One kind of work.

    `run(session, arguments)` asks and writes as the person who asked for the job; it flushes and does not commit. It may
    roll back between reading and writing; what stands in the session at its end is committed together with the job.
    `stopped(session, arguments)` is called when the job was cancelled, in the transaction that says so.
    `interrupted` is the sentence for a job whose worker is gone.
    """

    name: str
    title: Any
    interrupted: Any
    permissions: tuple[Permission, ...]
    run: Callable[[Session, dict[str, Any]], Outcome]
    stopped: Callable[[Session, dict[str, Any]], None] | None = None


WORKS: dict[str, Work] = {}


def know(*works: Work) -> None:
    WORKS.update({work.name: work for work in works})
