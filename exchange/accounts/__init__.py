"""Users, invitations, sign-in, second factor."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Hangs the pages of this room."""
    from exchange.accounts import views

    app.register_blueprint(views.room)


def init_app(app: Flask) -> None:
    """Finds out who asks, before any door."""
    from exchange.accounts import sign_in

    sign_in.init_app(app)
