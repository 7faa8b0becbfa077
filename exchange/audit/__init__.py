"""What happened: who changed, viewed, downloaded; append-only, hash-chained."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Gives the web layer its pen: `exchange.web.transaction.log` collects, this writes."""
    from exchange.audit.actions import write

    app.extensions["write_log"] = write


def register(app: Flask) -> None:
    """Hangs the pages of this room."""
    from exchange.audit import views

    app.register_blueprint(views.room)
