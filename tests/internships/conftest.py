"""What tests of this room share: an entry to log, and counting of queries."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.internships.entry import Entry

TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def entry(world: Any) -> Callable[..., Entry]:
    """A student of ASTU at ALTVAGON, 1 to 28 February 2027; `entry(name=…)` changes what is named."""

    def made(**changes: Any) -> Entry:
        values: dict[str, Any] = {
            "kind": "practice", "surname": "Ким", "name": "Виктор", "patronymic": "Андреевич", "iin": world.iins["kim"],
            "birth_date": dt.date(2005, 5, 30), "sex": "M", "university_id": world.organisations["ASTU"],
            "university_is_here": True, "starts_on": dt.date(2027, 2, 1), "ends_on": dt.date(2027, 2, 28),
            "hours_planned": 144, "mentor": "Лапина О. В.", "department": "Сборочный цех",
        }  # fmt: skip
        return Entry(**{**values, **changes})

    return made


@pytest.fixture
def specialist(entry: Callable[..., Entry]) -> Callable[..., Entry]:
    """A specialist sent by a plant."""

    def made(**changes: Any) -> Entry:
        values: dict[str, Any] = {
            "kind": "specialist", "university_id": None, "university_is_here": False, "employer": "ТОО «Казцинк»", "iin": None,
            "surname": "Болатов", "name": "Олжас", "patronymic": "", "birth_date": dt.date(1990, 1, 1),
        }  # fmt: skip
        return entry(**{**values, **changes})

    return made


class Statements(list[str]):
    """What was asked of the database, without the frame of transactions."""


@contextlib.contextmanager
def counted() -> Iterator[Statements]:
    """Counts statements while it is open."""
    seen = Statements()

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "select set_config", "BEGIN")):
            seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.fixture
def count_statements() -> Callable[[], contextlib.AbstractContextManager[Statements]]:
    return counted
