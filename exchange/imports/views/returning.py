"""What an upload gives back: the workbook of who brought it, with remarks or with the result, and a protocol for paper."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from flask import Response, abort, current_app, flash, render_template
from flask_babel import gettext as _

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.audit.actions import Note
from exchange.extensions import db
from exchange.imports import actions, protocol, queries, returned
from exchange.imports.outcome import Line, Upload
from exchange.imports.turns import turn
from exchange.imports.views.room import KIND_WORDS, STATES, brought_or_404, room
from exchange.organisations.models import Organisation
from exchange.spreadsheets.book import Unreadable
from exchange.spreadsheets.writer import MIMETYPE, content_disposition, file_name
from exchange.web.pages import go
from exchange.web.transaction import log

_PIECE = 1 << 16


@room.get("/<public_id>/workbook.xlsx")
@allow(Permission.IMPORT_READ)
def workbook(public_id: str) -> Any:
    """The file that was brought, with what the check said of every row; after it was applied, with what became of every row."""
    brought = brought_or_404(public_id)
    organisation = db.session.get_one(Organisation, brought.organisation_id).short_ru
    lines = [Line(*row) for row in queries.rows_to_return(db.session(), brought)]
    if not lines:
        abort(404)
    upload = Upload.of(brought, organisation)
    # on SQLite an open transaction would hold back everybody who writes, as long as the file is read and written
    db.session.rollback()
    try:
        with turn(Path(current_app.instance_path)):
            made = returned.workbook(upload, lines, actions.read(upload.content))
    except Unreadable as unreadable:
        flash(unreadable.message, "bad")
        return go("imports.show", public_id=upload.public_id)
    name = file_name([Path(upload.file_name).stem, _("результат") if upload.is_applied else _("проверка")])
    told = {"rows": len(lines), "sha256": _digest(made.file)}
    log(Note("import:downloaded", "import_file", upload.public_id, told))
    headers = {"Content-Disposition": content_disposition(name), "Content-Length": str(made.size)}
    return Response(_sent(made.file), mimetype=MIMETYPE, headers=headers)


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    return digest


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces; it is gone when the last one was sent."""
    with file:
        while piece := file.read(_PIECE):
            yield piece


@room.get("/<public_id>/protocol", endpoint="protocol")
@allow(Permission.IMPORT_READ)
def protocol_page(public_id: str) -> Any:
    """One or two sheets of paper: who brought what, what was decided, what was recorded, what was left out and why."""
    brought = brought_or_404(public_id)
    organisation = db.session.get_one(Organisation, brought.organisation_id)
    told = protocol.of(db.session(), brought)
    log(Note("import:viewed", "import_file", brought.public_id))
    return render_template(
        "imports/protocol.html", brought=brought, organisation=organisation, told=told, state=STATES[brought.state],
        kind=KIND_WORDS[brought.kind],
    )  # fmt: skip
