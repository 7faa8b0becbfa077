"""A kept file with other decisions: checked again in the request, or in a job when it is large."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app

from exchange.extensions import db
from exchange.imports import actions, apart, queries
from exchange.imports.checking import understand
from exchange.imports.decisions import Decisions
from exchange.imports.kinds import KINDS
from exchange.imports.models import Import
from exchange.imports.turns import turn
from exchange.imports.views.room import brought_or_404
from exchange.web.pages import go, today


def check_with(brought: Import, decisions: Decisions) -> Import:
    """Keeps the check of the file with these decisions; of a large one only the decisions, and asks a job to check it.

    No transaction is open while the file is read: on SQLite it would hold back all who write.

    Raises Conflict when somebody decided meanwhile, Unreadable, RuleBroken.
    """
    if apart.is_long(size=brought.size, rows=brought.counts["people_rows"]):
        apart.check_again(db.session(), brought, decisions)
        return brought
    kind, public_id, version = KINDS[brought.kind], brought.public_id, brought.version
    content, file_name = brought.content, brought.file_name
    known = kind.prepare(db.session())
    remembered = queries.remembered(db.session(), kind.name, [brought.organisation_id])
    db.session.rollback()
    with turn(Path(current_app.instance_path)):
        book = actions.read(content)
    file = understand(kind, known, book, file_name, today(), decisions=decisions, remembered=remembered)
    brought = brought_or_404(public_id)
    actions.expect_version(db.session(), brought, version)
    actions.check_again(db.session(), brought, file)
    return brought


def onward(brought: Import, endpoint: str = "imports.show", **values: Any) -> Any:
    """To a page of the upload, or to the job that still checks it."""
    if brought.state == "received":
        job, _is_running = apart.job_of(db.session(), brought)
        if job is not None:
            return go("jobs.show", public_id=job.public_id)
    return go(endpoint, public_id=brought.public_id, **values)
