"""The tab «Particulars» of a student's card: all that is said of the person and of the enrolment, group by group."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l


def register(app: Flask) -> None:
    """Hangs the pages of this room, and its tab on the card of a student."""
    from exchange.particulars import views
    from exchange.students.views.frame import hang_tab

    app.register_blueprint(views.room)
    hang_tab("particulars.index", _l("Сведения"), 10)
