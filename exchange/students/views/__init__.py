"""Pages of students: the list and its export, the card, corrections, orders of one and of many."""

from __future__ import annotations

from exchange.students.views import cards, editing, lists, many, new, orders, papers  # each hangs its pages on the room
from exchange.students.views.room import room

__all__ = ["cards", "editing", "lists", "many", "new", "orders", "papers", "room"]
