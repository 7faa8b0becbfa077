"""What tests of scans have in common: somebody of ASTU who is signed in, and how a file is sent."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import stream_encode_multipart


@pytest.fixture
def astu(client: Any, world: Any, login: Callable[..., Any], today: Any) -> Any:
    """A visitor who works at ASTU, on 23 November 2026."""
    login(client, world.emails["astu"])
    return client


def large(content: bytes, name: str, **values: str) -> dict[str, Any]:
    """A request with a large file, put together in memory: the test client would leave a file of its own behind."""
    body = {**values, "scan_file": FileStorage(io.BytesIO(content), name)}
    stream, _length, boundary = stream_encode_multipart(body, use_tempfile=False)
    return {"data": stream.read(), "content_type": f"multipart/form-data; boundary={boundary}"}


def sent(content: bytes, name: str = "scan.pdf") -> tuple[io.BytesIO, str]:
    """A file as a form sends it."""
    return io.BytesIO(content), name
