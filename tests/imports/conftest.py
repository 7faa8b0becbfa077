"""What the tests of imports share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel


@pytest.fixture
def words() -> Iterator[None]:
    """The interface's language without the site: forms of rows speak, and nothing is asked of a database."""
    speaking = Flask("words of imports")
    speaking.config |= {"WTF_CSRF_ENABLED": False, "SECRET_KEY": "not needed", "BABEL_DEFAULT_LOCALE": "ru"}
    Babel(speaking)
    with speaking.app_context():
        yield
