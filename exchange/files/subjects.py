"""Records that may have scans. A younger room says what its records are; this room knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from exchange.errors import NotFound

Ref = tuple[str, str]


@dataclass(frozen=True)
class Subject:
    """A record: its kind and public id (as the log has them), its office, what it is called, where its scans are shown.

    `trail` are (words, address) that lead to it; `kind` is what its scans usually are; `scans_url` is where the hidden
    ones are, if not at `url`.
    """

    type: str
    id: str
    organisation_id: int
    title: str = ""
    url: str = ""
    trail: tuple[tuple[Any, str], ...] = ()
    kind: str = ""
    scans_url: str = ""

    @property
    def ref(self) -> Ref:
        return self.type, self.id


_known: dict[str, Callable[[Session, str], Subject]] = {}


def know(subject_type: str, find: Callable[[Session, str], Subject]) -> None:
    """Says how records of a kind are found: `find` takes the public id, and raises NotFound for what is somebody else's."""
    _known[subject_type] = find


def subject_of(session: Session, subject_type: str, subject_id: str) -> Subject:
    """The record that a scan belongs to. Raises NotFound."""
    if subject_type not in _known:
        raise NotFound
    return _known[subject_type](session, subject_id)
