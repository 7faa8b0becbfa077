"""Pages of practice and internships: the list, the card, entering, stages, weeks, the word of the university."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("internships", __name__, url_prefix="/internships")

from exchange.internships.views import agreement, cards, entering, lists, stages, weeks  # noqa: E402

__all__ = ["agreement", "cards", "entering", "lists", "room", "stages", "weeks"]
