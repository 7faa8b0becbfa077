"""A visitor who works at ASTU, and the rows of the page of changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def astu(client: Any, world: Any, login: Callable[..., Any]) -> Any:
    login(client, world.emails["astu"])
    return client
