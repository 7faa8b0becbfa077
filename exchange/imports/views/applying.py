"""Recording a checked file, or putting it aside."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext

from exchange.access.doors import allow
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.imports import actions, guard
from exchange.imports.views.review import show_page
from exchange.imports.views.room import UPLOAD, brought_or_404, kind_of_upload, room
from exchange.web.pages import go, today


@room.post("/<public_id>/apply")
@allow(*UPLOAD)
def apply(public_id: str) -> Any:
    """Records the file: all of it, or its good rows."""
    brought = brought_or_404(public_id)
    if brought.kind != kind_of_upload():
        abort(404)
    if brought.state == "applied":  # a second press leads to the result of the first
        return go("imports.show", public_id=brought.public_id)
    if brought.state == "checked":
        guard.confirm(brought, request.form.get("confirmed", ""))
    try:
        with db.session.begin_nested():
            done = actions.apply_import(db.session(), brought, good_rows_only=request.form.get("rows") == "good", today=today())
    except RuleBroken as broken:
        db.session.expire(brought)
        return show_page(brought, refusal=str(broken.message), status=422, typed=request.form)
    said = ngettext("Загружена %(num)s строка", "Загружено %(num)s строк", sum(done.values()))
    flash(_("%(said)s: новых %(new)s, обновлено %(changed)s", said=said, **done), "ok")
    return go("imports.show", public_id=brought.public_id)


@room.post("/<public_id>/cancel")
@allow(*UPLOAD)
def cancel(public_id: str) -> Any:
    """Puts the checked file aside."""
    brought = brought_or_404(public_id)
    actions.cancel_import(db.session(), brought)
    flash(_("Загрузка отменена. В реестр ничего не записано"), "ok")
    return go("imports.index")
