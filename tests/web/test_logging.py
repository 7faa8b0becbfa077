"""The log of the process: valid JSON whatever is logged, a fixed set of fields, nothing personal."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest

from exchange.web.logging import FIELDS, JsonLines, redacted


def line_of(message: str, *arguments: Any, **extra: Any) -> dict[str, Any]:
    record = logging.getLogger("exchange").makeRecord("exchange", logging.INFO, "f", 1, message, arguments, None, extra=extra)
    text = JsonLines().format(record)
    assert "\n" not in text
    return dict(json.loads(text))


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("student 080315500123 saved", "080315500123"),
        ("iin=080315500123;", "080315500123"),
        ("passport N12345678", "N12345678"),
        ("passport N 12345678", "12345678"),
        ("Russian 01 05 123456", "123456"),
        ("Russian 0105123456", "0105123456"),
        ("permit 82 1234567", "1234567"),
        ("card 048123456 of Kazakhstan", "048123456"),
        ("mail to ivanova.daria@university.ru now", "ivanova"),
    ],
)
def test_what_looks_personal_is_taken_out(text: str, hidden: str) -> None:
    assert hidden not in redacted(text)
    assert hidden not in json.dumps(line_of("%s", text), ensure_ascii=False)


@pytest.mark.parametrize("text", ["error 3F2A1C at GET students.index", "took 1234.5 ms", "2026-11-23T12:00:00", "page 123456"])
def test_what_an_operator_needs_stays(text: str) -> None:
    assert redacted(text) == text


def test_only_known_fields_leave_the_process() -> None:
    line = line_of("request", status=200, ms=1.5, password="secret", surname="Иванова", account=7)
    assert set(line) <= {"at", "level", "logger", "message", "trace", *FIELDS}
    assert line["status"] == 200
    assert "Иванова" not in str(line)


@pytest.mark.parametrize("text", ["two\nlines", '\r\n{"level": "forged"}', "\x1b[31mred", "\u2028", "%s %d {x}", "\x00"])
def test_no_line_can_be_forged(text: str) -> None:
    assert line_of("%s", text)["level"] == "info"


def test_a_trace_is_redacted_too() -> None:
    try:
        raise ValueError("iin 080315500123 of a@b.kz")
    except ValueError:
        record = logging.LogRecord("exchange", logging.ERROR, "f", 1, "failed", (), sys.exc_info())
    line = json.loads(JsonLines().format(record))
    assert "ValueError" in line["trace"]
    assert "080315500123" not in line["trace"]
    assert "a@b.kz" not in line["trace"]


def test_a_request_is_logged_by_its_route_without_ids_and_words(
    client: Any, world: Any, login: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    login(client, world.emails["admin"])
    capsys.readouterr()
    key = world.actors["asu"].user_id
    answer = client.get(f"/accounts/{key}?q=Иванова+080315500123")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    request = next(line for line in lines if line["logger"] == "exchange.requests")
    assert request["route"] == "/accounts/<int(max=2147483647):user_id>"
    assert (request["method"], request["status"], request["role"]) == ("GET", 200, "administrator")
    assert request["account"] == world.actors["admin"].user_id
    assert request["request"] == answer.headers["X-Request-Id"]
    assert "Иванова" not in str(lines)
    assert "080315500123" not in str(lines)
    assert "asu@" not in str(lines)
