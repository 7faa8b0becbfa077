"""Where the numbers lead: addresses of the list of students with the filters of a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import current_app, url_for

from exchange.access.doors import may
from exchange.access.permissions import Permission


def sees_list() -> bool:
    """Whether the actor of this request may open the list of students."""
    return "students.index" in current_app.view_functions and may(Permission.STUDENT_READ)


def students(query: Mapping[str, Sequence[str]] | None) -> str:
    """The list behind a figure; "" where there is none: only universities may be several in one address."""
    if query is None or not sees_list() or any(len(values) != 1 for name, values in query.items() if name != "org"):
        return ""
    said = {name: ",".join(values) for name, values in query.items() if values}
    return url_for("students.index") + "?" + urlencode(sorted(said.items()))
