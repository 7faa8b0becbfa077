"""Users, invitations, sign-in, second factor."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Hangs the pages of this room: administration, the entrance, one's own profile."""
    from exchange.accounts import entrance, profile, views

    for room in (views.room, entrance.room, profile.room):
        app.register_blueprint(room)


def init_app(app: Flask) -> None:
    """Finds out who asks, before any door."""
    from exchange.accounts import safety, sign_in

    sign_in.init_app(app)
    safety.check(app)
