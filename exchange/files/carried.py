"""What a request brought along with its form: files that wait on the server, and what was wrong with the one just chosen."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g

from exchange.extensions import db
from exchange.files import queries
from exchange.files.models import Scan

# Fields of the form: ids of files that wait, and the file itself.
KEPT, CHOSEN = "scan", "scan_file"
MOST = 10


class Carried:
    """What this request brought: files that wait for the form, and what was wrong with the one that was chosen."""

    def __init__(self, ids: Sequence[str] = (), error: str = "") -> None:
        self.ids = list(dict.fromkeys(ids))[:MOST]
        self.error = error
        self._scans: Sequence[Scan] | None = None

    @property
    def scans(self) -> Sequence[Scan]:
        if self._scans is None:
            self._scans = queries.waiting_of(db.session(), self.ids) if self.ids else []
        return self._scans


def carried() -> Carried:
    """What this request brought (templates: `carried()`)."""
    if "carried" not in g:
        g.carried = Carried()
    found: Carried = g.carried
    return found
