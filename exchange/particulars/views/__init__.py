"""Pages of the tab: the tab itself, a page for each group, changes from a day, documents, guardians."""

from __future__ import annotations

from exchange.particulars.views import changes, groups, guardians, papers, tab
from exchange.particulars.views.room import room

__all__ = ["changes", "groups", "guardians", "papers", "room", "tab"]
