"""The card as one of a list: which place it has there, and the cards before and after it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request, url_for

from exchange.extensions import db
from exchange.students import queries
from exchange.students.models import Student
from exchange.students.views import listing

# Deeper inside a list its rows are not counted off one by one.
DEEPEST = 2000


@dataclass(frozen=True)
class Turn:
    """Where the card stands in the list one came from; empty addresses at its ends."""

    list_url: str
    place: int
    total: int
    previous_url: str = ""
    next_url: str = ""


def neighbours(student: Student) -> Turn | None:
    """The list of this address; none when one came from elsewhere, or when a search led here: its words stay in no address."""
    place, total = listing.number_of("at", 1, 10**7), listing.number_of("of", 1, 10**7)
    if request.method != "GET" or place is None or total is None or place > total:
        return None
    query = listing.query_of()
    list_url = url_for("students.index") + (f"?{query}" if query else "")
    if place > DEEPEST:
        return Turn(list_url, place, total)
    first = max(place - 2, 0)
    around = queries.public_ids(db.session(), listing.read().wanted, total, first, 3)
    if student.public_id not in around:
        return Turn(list_url, place, total)  # the list has changed since
    here = around.index(student.public_id)

    def card(position: int) -> str:
        if not 0 <= position < len(around):
            return ""
        tail = urlencode({"at": first + position + 1, "of": total})
        return url_for("students.show", public_id=around[position]) + f"?{query}{'&' if query else ''}{tail}"

    return Turn(list_url, first + here + 1, total, card(here - 1), card(here + 1))
