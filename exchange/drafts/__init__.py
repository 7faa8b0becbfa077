"""What was typed into a form and not sent yet, or sent and not taken: kept for its owner, shown to nobody else."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Stands between the question «who asks?» and the doors: what was typed into a form is kept when nobody may come in."""
    from exchange.drafts import rescue

    rescue.init_app(app)


def register(app: Flask) -> None:
    """Hangs the pages of this room; a draft is shown in its form only after the doors were passed."""
    from exchange.drafts import keeping, views

    keeping.init_app(app)
    app.register_blueprint(views.room)
