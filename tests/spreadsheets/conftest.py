"""Uploads as somebody would send them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

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


@pytest.fixture
def speaking() -> Iterator[None]:
    """The interface's language without the site."""
    flask = Flask("words of spreadsheets")
    flask.config |= {"WTF_CSRF_ENABLED": False, "SECRET_KEY": "not needed", "BABEL_DEFAULT_LOCALE": "ru"}
    Babel(flask)
    with flask.app_context():
        yield
