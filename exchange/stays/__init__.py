"""Migration facts of a person, append-only: entries and exits, registrations, terms, documents, notices; days of stay."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l


def register(app: Flask) -> None:
    """Hangs the pages of this room, and its tab on the card of a student."""
    from exchange.stays import actions, scans, views
    from exchange.students.undoing import can_undo
    from exchange.students.views.frame import hang_tab

    can_undo(actions.UNDO, actions.take_back)
    app.register_blueprint(views.room)
    scans.hang()
    hang_tab("stays.index", _l("Миграция"), 30)
