"""What tests of students have in common: a registration that passes, the values of the form, a signed-in visitor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from exchange.students.actions import Document, Human, Paper, Registration

FORM = {
    "iin": "080314650007", "last_name": "Ахметова", "first_name": "Айгерим", "patronymic": "Сериковна", "sex": "F",
    "born": "14.03.2008", "citizenship": "KZ", "region": "630000000", "phone": "+7 777 123-45-67", "programme": "09.03.04",
    "level": "", "form": "full", "funding": "contract_person", "course": "1", "group": "8ПИ-61", "order_number": "Л-1187",
    "order_date": "26.08.2026", "enrolled_on": "01.09.2026",
}  # fmt: skip
STUDY = {
    "programme_code": "09.03.04", "level_code": "bachelor", "form_code": "full", "funding_code": "contract_person",
    "course": 1, "group_name": "8ПИ-61",
}  # fmt: skip


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def human(number: int = 0, **changes: Any) -> Human:
    facts = {
        "surname": "Қасымов", "name": "Дияр", "patronymic": "Асқарұлы", "sex": "M", "birth_date": day("2007-09-08"),
        "citizenship": "KZ", "region_code": "630000000",
    }  # fmt: skip
    documents = (Document("kz_passport", f"N{90000000 + number}"),)
    return Human(facts={**facts, **changes}, documents=documents)


def registration(organisation_id: int, number: int = 0, **changes: Any) -> Registration:
    values = {
        "study": dict(STUDY), "human": human(number), "paper": Paper("enrolment", "Л-1187", day("2026-08-26")),
        "enrolled_on": day("2026-09-01"),
    }  # fmt: skip
    return Registration(organisation_id=organisation_id, **{**values, **changes})


@pytest.fixture
def astu(client: Any, world: Any, login: Callable[..., Any]) -> Any:
    """A visitor who works at ASTU."""
    login(client, world.emails["astu"])
    return client
