"""Enrolments, orders, study periods; the contingent on a day."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Hangs the pages of this room."""
    from exchange.students import views

    app.register_blueprint(views.room)
