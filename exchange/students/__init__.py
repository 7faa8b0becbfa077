"""Enrolments, orders, study periods; the contingent on a day."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Hangs the pages of this room."""
    from exchange.students import views
    from exchange.students.views import scans

    app.register_blueprint(views.room)
    scans.hang()
