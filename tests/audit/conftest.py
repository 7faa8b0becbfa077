"""What tests of the log share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from exchange.access.actor import SYSTEM
from exchange.audit.actions import record


@pytest.fixture(autouse=True)
def clock(today: Any) -> Any:
    return today


@pytest.fixture
def auditor(client: Any, world: Any, login: Any, clock: Any) -> Any:
    """A visitor signed in as the auditor."""
    login(client, world.emails["auditor"])
    return client


@pytest.fixture
def written(as_: Any, world: Any) -> Callable[..., None]:
    """`written(number, action, …)` adds entries as the system; `by=` names an account of the world."""

    def add(
        number: int = 1, action: str = "test:changed", subject: tuple[str, str] | None = None, by: str = "", **details: Any
    ) -> None:
        with as_(world.actors[by] if by else SYSTEM) as session:
            for _ in range(number):
                record(session, action, subject, **details)

    return add
