"""Pages of students: the list and its export, the card, corrections, orders."""

from __future__ import annotations

from exchange.students.views import cards, editing, lists, new, orders  # each hangs its pages on the room
from exchange.students.views.room import room

__all__ = ["cards", "editing", "lists", "new", "orders", "room"]
