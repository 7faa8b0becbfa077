"""Upload -> columns -> check -> preview -> apply."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Hangs the pages of this room."""
    from exchange.imports import apart, views

    apart.know_works()

    app.register_blueprint(views.room)
