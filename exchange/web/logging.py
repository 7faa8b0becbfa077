"""The log of the process: one JSON object a line on stderr, with a fixed set of fields and no personal data."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import secrets
import sys
import time
import traceback
from typing import Any, TextIO

from flask import Flask, Response, g, has_request_context, request

from exchange.access.actor import current_actor, has_actor

# Only these fields leave the process; whatever else hangs on a record is left out.
FIELDS = ("request", "method", "route", "status", "ms", "account", "role")
# The second net, should a value get into a message: e-mails, identity numbers, passports.
SECRETS = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(?<!\d)\d{12}(?!\d)"), "[12 digits]"),
    (re.compile(r"(?<![A-Za-z\u0410-\u044f0-9])[A-Z\u0410-\u042f]{1,2}[ \u2116]{0,2}\d{7,9}(?!\d)"), "[document]"),
    (re.compile(r"(?<!\d)\d{2} ?(?:\d{2} ?\d{6}|\d{7})(?!\d)"), "[document]"),
    (re.compile(r"(?<![A-Za-z0-9])\d{9}(?!\d)"), "[9 digits]"),
)


def redacted(text: str) -> str:
    """The text without anything that looks like an e-mail, an IIN or a document number."""
    for shape, instead in SECRETS:
        text = shape.sub(instead, text)
    return text


class JsonLines(logging.Formatter):
    """One record, one line, valid JSON whatever it holds (a forged line break is only the two characters \\n)."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage()),
        }
        line |= {name: getattr(record, name) for name in FIELDS if getattr(record, name, None) is not None}
        if record.exc_info and record.exc_info[1] is not None:
            line["trace"] = redacted("".join(traceback.format_exception(record.exc_info[1])))
        return json.dumps(line, ensure_ascii=False, default=str)


class RequestFields(logging.Filter):
    """Adds which request a record belongs to. Addresses are logged as routes: no ids, no search words."""

    def filter(self, record: logging.LogRecord) -> bool:
        if has_request_context():
            record.request = g.get("request_id")
            record.method = request.method
            record.route = request.url_rule.rule if request.url_rule else None
            if has_actor():
                record.account = current_actor().user_id
                record.role = str(current_actor().role)
        return True


class Stderr(logging.StreamHandler[TextIO]):
    """Writes to whatever stderr is now, not to what it was when the application was made."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)
        self.setFormatter(JsonLines())
        self.addFilter(RequestFields())

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


def init_app(app: Flask) -> None:
    root = logging.getLogger()
    if not any(isinstance(handler, Stderr) for handler in root.handlers):
        root.addHandler(Stderr())
    requests = logging.getLogger("exchange.requests")
    requests.setLevel(logging.INFO)

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def note(response: Response) -> Response:
        if request.endpoint not in ("static", "healthz"):
            took = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1)
            requests.info("request", extra={"status": response.status_code, "ms": took})
        if "request_id" in g:
            response.headers["X-Request-Id"] = g.request_id
        return response
