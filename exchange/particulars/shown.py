"""A document as its form sends it to the action."""

from __future__ import annotations

from dataclasses import dataclass

from exchange.people.actions import Document


@dataclass(frozen=True)
class Shown:
    """A document as its form sends it. An empty number of a known document: as it is."""

    document: Document
    is_presented: bool
