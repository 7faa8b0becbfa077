"""Pages of students: the list and its export, the card, corrections, orders of one and of many."""

from __future__ import annotations

from exchange.students.views import (  # each hangs its pages on the room
    asking,
    cards,
    columning,
    editing,
    exports,
    lists,
    many,
    new,
    orders,
    papers,
    saving,
    scans,
    sheet,
    undoing,
)
from exchange.students.views.room import room

__all__ = [
    "asking", "cards", "columning", "editing", "exports", "lists", "many", "new", "orders", "papers", "room",
    "saving", "scans", "sheet", "undoing",
]  # fmt: skip
