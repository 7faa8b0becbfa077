"""Consents of a person to what a university does with his data: each separate, append-only, with the text that was signed."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Hangs the pages of this room."""
    from exchange.consents import quality, scans, views

    quality.register()
    app.register_blueprint(views.room)
    scans.hang()
