"""Pages of this room."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("reference", __name__, url_prefix="/reference")
