"""The button «Отменить»: takes back what was just done, or says why it is too late."""

from __future__ import annotations

from typing import Any

from flask import flash
from flask_babel import gettext as _

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.students import undoing
from exchange.students.views.room import room
from exchange.web.pages import go, public_id_or_404


@room.post("/undo/<string:undo_id>")
@allow(Permission.STUDENT_EDIT)
def undo(undo_id: str) -> Any:
    """Whoever of the same office; afterwards the record as it stands."""
    public_id_or_404(undo_id)
    try:
        endpoint, values = undoing.take_back(db.session(), undo_id)
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken.message), "bad")
        of = undoing.student_of(db.session(), undo_id)
        return go("students.show", public_id=of) if of else go("students.orders_index")
    flash(_("Отменено. Запись о действии и об отмене осталась в истории"), "ok")
    return go(endpoint, **values)


def told(message: str, undo_id: str) -> None:
    """The green banner, with the button when the act can be taken back."""
    flash(message, f"undo:{undo_id}" if undo_id else "ok")
