"""Classifiers and calendars: the facts of others, carried as data."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Hangs the pages of this room."""
    from exchange.reference import views

    app.register_blueprint(views.room)
