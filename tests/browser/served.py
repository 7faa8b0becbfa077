"""The site for browser tests: the real one, with the clock at noon of 23 November 2026, going on from there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import time_machine

from tests.clock import TODAY

time_machine.travel(TODAY, tick=True).start()

import wsgi  # noqa: E402 - nothing of the site may look at the clock before it is set


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site. Its cookies lose their day of expiry: the clock of the browser shows another year, perhaps."""

    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        kept = [(k, re.sub(r"; Expires=[^;]+", "", v) if k.lower() == "set-cookie" else v) for k, v in headers]
        return start_response(status, kept, *rest)

    return wsgi.app(environ, start)
