"""Pages of uploads. `room` holds what all of them share; each module is one page of the way: file, columns, rows, result."""

from __future__ import annotations

from exchange.imports.views import applying, choices, columns, fixes, returning, review, templates, undo, upload
from exchange.imports.views.room import room

__all__ = ["applying", "choices", "columns", "fixes", "returning", "review", "room", "templates", "undo", "upload"]
