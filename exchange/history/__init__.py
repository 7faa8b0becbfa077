"""What changed in the record of a student, field by field: who, when, from what to what, and where it came from."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Hangs the page of this room, as the last tab on the card of a student."""
    from flask_babel import lazy_gettext as _l

    from exchange.history import views
    from exchange.students.views.frame import hang_tab

    app.register_blueprint(views.room)
    hang_tab("history.index", _l("История изменений"), 90)
