"""Uploads as somebody would send them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.spreadsheets.building import build_xlsx


@pytest.fixture
def xlsx() -> Callable[..., bytes]:
    return build_xlsx


@pytest.fixture
def upload(tmp_path: Path) -> Callable[[bytes | str], Path]:
    """Bytes as a file that somebody sent."""
    numbers = iter(range(1000))

    def save(content: bytes | str) -> Path:
        path = tmp_path / f"upload-{next(numbers)}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return save
