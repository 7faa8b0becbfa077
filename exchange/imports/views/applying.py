"""Recording a checked file, or putting it aside."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, request
from flask_babel import gettext as _

from exchange.access.doors import allow
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.imports import actions, apart, guard
from exchange.imports.views.review import show_page
from exchange.imports.views.room import UPLOAD, brought_or_404, kinds_of_upload, room
from exchange.web.pages import go, today


@room.post("/<public_id>/apply")
@allow(*UPLOAD)
def apply(public_id: str) -> Any:
    """Records the file: all of it, or its good rows."""
    brought = brought_or_404(public_id)
    if brought.kind not in kinds_of_upload():
        abort(404)
    if brought.state == "applied":  # a second press leads to the result of the first
        return go("imports.show", public_id=brought.public_id)
    if brought.state == "checked":
        guard.confirm(brought, request.form.get("confirmed", ""))
    good_rows_only = request.form.get("rows") == "good"
    try:
        if brought.state == "checked" and apart.is_long(rows=apart.will_write(brought)):
            return go("jobs.show", public_id=apart.apply(db.session(), brought, good_rows_only=good_rows_only).public_id)
        with db.session.begin_nested():
            done = actions.apply_import(db.session(), brought, good_rows_only=good_rows_only, today=today())
    except RuleBroken as broken:
        db.session.expire(brought)
        return show_page(brought, refusal=str(broken.message), status=422, typed=request.form)
    flash(apart.applied_words(done), "ok")
    return go("imports.show", public_id=brought.public_id)


@room.post("/<public_id>/cancel")
@allow(*UPLOAD)
def cancel(public_id: str) -> Any:
    """Puts the checked file aside."""
    brought = brought_or_404(public_id)
    actions.cancel_import(db.session(), brought)
    flash(_("Загрузка отменена. В реестр ничего не записано"), "ok")
    return go("imports.index")
