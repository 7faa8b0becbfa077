"""A student goes from one university to another: asked for, sent, accepted; the one action that crosses the wall."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Hangs the pages of this room, the form of the order of transfer and the count of the menu."""
    from exchange.extensions import db
    from exchange.students.orders import hang_on_annulment
    from exchange.students.views.frame import lead
    from exchange.transfers import queries, views
    from exchange.transfers.annulment import FOLLOWER

    app.register_blueprint(views.room)
    lead("transfer_out", "transfers.send")
    hang_on_annulment("transfers", FOLLOWER)
    app.extensions.setdefault("menu_counts", {})["transfers.index"] = lambda: queries.waiting_for_me(db.session())
