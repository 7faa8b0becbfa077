"""What tests of the pages of students have in common: the form that passes, and reading a page back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from exchange.students.models import Student
from tests.students.conftest import FORM

GOOD = {**FORM, "do": "save"}
TOKEN = "a" * 30


def soup_of(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def typed(answer: Any) -> dict[str, str]:
    """What stands in the fields of the main form of a page."""
    values = {}
    for field in soup_of(answer).select("main form input[name], main form textarea[name]"):
        kind = field.get("type")
        if kind in ("checkbox", "radio"):
            if field.has_attr("checked"):
                values[str(field["name"])] = str(field.get("value", ""))
        else:
            values[str(field["name"])] = str(
                field.get("value", "") if field.name == "input" else field.text.removeprefix("\r\n")
            )
    for field in soup_of(answer).select("main form select[name]"):
        chosen = field.select_one("option[selected]")
        values[str(field["name"])] = str(chosen["value"]) if chosen else ""
    return values


def summary(answer: Any) -> list[str]:
    """Sentences of the box above the form."""
    return [" ".join(item.text.split()) for item in soup_of(answer).select(".errsum li")]


def students(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Student)) or 0
