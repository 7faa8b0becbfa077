"""Pages of students: the list and its export, the card, corrections, orders."""

from __future__ import annotations

from exchange.students.views import (  # each hangs its pages on the room
    cards,
    columning,
    editing,
    exports,
    lists,
    new,
    orders,
    saving,
)
from exchange.students.views.room import room

__all__ = ["cards", "columning", "editing", "exports", "lists", "new", "orders", "room", "saving"]
