"""Excel for the outside, on top of exchange; one report a file."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Hangs the pages of the reports and of the overview, and the commands."""
    from reports import commands, overview_views, views

    app.register_blueprint(views.room)
    app.register_blueprint(overview_views.room)
    for command in commands.COMMANDS:
        app.cli.add_command(command)
