"""Practice of students and internships of specialists at the enterprises of the Krai."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Hangs the pages of this room."""
    from exchange.internships import views

    app.register_blueprint(views.room)
