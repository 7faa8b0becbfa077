"""Certificates that a university issues to its students: that somebody studies, and for how long somebody studied."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Hangs the pages of this room, and its tab on the card of a student."""
    from flask_babel import lazy_gettext as _l

    from exchange.certificates import views
    from exchange.students.views.frame import hang_more, hang_tab

    app.register_blueprint(views.room)
    hang_tab("certificates.index", _l("Справки"), 50)
    hang_more("certificates.new", _l("Выдать справку"), 10)
