"""What tests of migration facts have in common: facts that are in no database, and a visitor who works at ASTU."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from exchange.stays.models import StayFact


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def fact(kind: str, first: str, last: str = "", **more: Any) -> StayFact:
    """A fact in memory, with what the database would fill in."""
    empty = {"number": "", "place": "", "party": "", "code": "", "note": ""}
    return StayFact(kind=kind, starts_on=day(first), ends_on=day(last) if last else None, **{**empty, **more})


@pytest.fixture
def astu(client: Any, world: Any, login: Callable[..., Any], today: Any) -> Any:
    """A visitor who works at ASTU, on 23 November 2026."""
    login(client, world.emails["astu"])
    return client
