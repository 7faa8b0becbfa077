"""Excel for the outside, on top of exchange; one report a file."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Filled by the room."""
