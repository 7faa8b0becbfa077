"""Pages of students: the list and its export, the card, corrections, orders."""

from __future__ import annotations

from exchange.students.views.room import room
from exchange.students.views import cards, editing, lists, new, orders  # noqa: F401, I001  (each hangs its pages on the room)

__all__ = ["room"]
