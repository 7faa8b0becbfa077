"""Where the numbers lead: addresses of the list of students with the filters of a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import current_app, url_for

from exchange.access.doors import may
from exchange.access.permissions import Permission
from reports.counts import sources_of


def sees_list() -> bool:
    """Whether the actor of this request may open the list of students."""
    return "students.index" in current_app.view_functions and may(Permission.STUDENT_READ)


def students(query: Mapping[str, Sequence[str]] | None) -> str:
    """The list behind a figure; "" where there is none. A group of funding is opened up into its sources."""
    if query is None or not sees_list():
        return ""
    pairs: list[tuple[str, str]] = []
    for name, values in query.items():
        expanded = [source for value in values for source in sources_of(value)] if name == "funding" else values
        pairs += [(name, value) for value in expanded]
    return url_for("students.index") + "?" + urlencode(sorted(pairs))
