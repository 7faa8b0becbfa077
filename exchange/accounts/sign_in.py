"""Who asks: found out before any door."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Filled by the room."""
