"""What tests of scans have in common: somebody of ASTU who is signed in, and how a file is sent."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def astu(client: Any, world: Any, login: Callable[..., Any], today: Any) -> Any:
    """A visitor who works at ASTU, on 23 November 2026."""
    login(client, world.emails["astu"])
    return client


def sent(content: bytes, name: str = "scan.pdf") -> tuple[io.BytesIO, str]:
    """A file as a form sends it."""
    return io.BytesIO(content), name
