"""Work that takes longer than a request should: it waits in a table, is done apart from the web, and tells how far it is."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Hangs the pages of this room."""
    from exchange.jobs import views

    app.register_blueprint(views.room)
