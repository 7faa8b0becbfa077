"""Taking an upload back: what will go and what stays, the act, the result."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, render_template
from flask_babel import ngettext

from exchange.access.doors import allow
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.imports import undoing
from exchange.imports.models import Import
from exchange.imports.views.room import UPLOAD, brought_or_404, kinds_of_upload, opens_cards, room
from exchange.organisations.models import Organisation
from exchange.web.pages import go


@room.get("/<public_id>/undo")
@allow(*UPLOAD)
def undo_page(public_id: str) -> Any:
    """What would be taken back and what would stay; after the undo, what stayed."""
    return _page(_own(public_id))


@room.post("/<public_id>/undo")
@allow(*UPLOAD)
def undo(public_id: str) -> Any:
    """Takes the upload back. A second press leads to the result of the first."""
    brought = _own(public_id)
    if brought.state == "undone":
        return go("imports.undo_page", public_id=brought.public_id)
    try:
        with db.session.begin_nested():
            done = undoing.undo_import(db.session(), brought)
    except RuleBroken as broken:
        db.session.expire(brought)
        return _page(brought, str(broken.message), 422)
    said = ngettext("Загрузка отменена: %(num)s запись", "Загрузка отменена, записей: %(num)s", len(done.goes))
    flash(said, "ok")
    return go("imports.undo_page", public_id=brought.public_id)


def _own(public_id: str) -> Import:
    brought = brought_or_404(public_id)
    if brought.kind not in kinds_of_upload():
        abort(404)
    return brought


def _page(brought: Import, refusal: str = "", status: int = 200) -> Any:
    is_done = brought.state == "undone"
    reason = refusal or ("" if is_done else undoing.why_not(brought))
    found = undoing.Plan() if is_done or reason else undoing.plan(db.session(), brought)
    stays = undoing.left_over(db.session(), brought) if is_done else found.stays
    html = render_template(
        "imports/undo.html", brought=brought, organisation=db.session.get_one(Organisation, brought.organisation_id),
        is_done=is_done, reason=reason, stays=stays, opens=opens_cards(brought),
        goes=brought.counts.get("undone", 0) if is_done else len(found.goes),
        new=sum(row.verdict == "new" for row in found.goes), changed=sum(row.verdict == "changed" for row in found.goes),
    )  # fmt: skip
    return html if status == 200 else (html, status)
