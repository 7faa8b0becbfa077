"""Honest failure: every error is a page with a sentence, a way back, and nothing of the inside."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import abort
from sqlalchemy.exc import DataError, OperationalError

from exchange.errors import Conflict, NotFound
from tests.web.trial import add, visitor

CODES = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503)


class Inside(Exception):
    """What nobody should see."""


def database(kind: type) -> Any:
    return kind("SELECT secret FROM person WHERE iin = '080315500123'", {}, Exception("detail: 080315500123"))


ERRORS: dict[str, tuple[Any, int]] = {
    "inside": (Inside("secret 080315500123"), 500),
    "missing": (NotFound(), 404),
    "conflict": (Conflict({"city": "x"}), 409),
    "away": (database(OperationalError), 503),
    "absurd": (database(DataError), 422),
}


@pytest.fixture
def trial(real_app: Any) -> Any:
    def page(what: str) -> Any:
        if what in ERRORS:
            raise ERRORS[what][0]
        return abort(int(what))

    add(real_app, "/trial/<what>", page)
    return visitor(real_app)


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page(trial: Any, code: int) -> None:
    answer = trial.get(f"/trial/{code}")
    assert answer.status_code == code
    assert re.search(r"<h1>[^<]{5,}</h1>", answer.text)
    assert f"Код ответа: {code}" in answer.text
    assert 'href="/' in answer.text


@pytest.mark.parametrize("what", sorted(ERRORS))
def test_what_happened_inside_stays_inside_and_out_of_the_log(
    trial: Any, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = trial.get(f"/trial/{what}")
    assert answer.status_code == ERRORS[what][1]
    printed = capsys.readouterr()
    for word in ("080315500123", "Traceback", "SELECT"):
        assert word not in answer.text
    for stream in (printed.err, printed.out):
        assert "080315500123" not in stream


def test_a_failure_has_a_number_that_is_also_in_the_log(trial: Any, capsys: pytest.CaptureFixture[str]) -> None:
    page = trial.get("/trial/inside").text
    number = re.search(r"номер случая: ([0-9A-F]{6})", page)
    assert number
    assert f"error {number[1]}" in capsys.readouterr().err


def test_a_wrong_method_names_the_right_ones(trial: Any) -> None:
    answer = trial.post("/trial/404")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_too_large_a_form_is_413(trial: Any) -> None:
    assert trial.post("/login", data={"email": "x" * 300_000, "password": "y"}).status_code == 413


@pytest.mark.parametrize("body", [b"\xff\xfe=%zz&email", b"email=%00&password=%ff", b"&&&&====", b"a" * 5000])
def test_a_damaged_form_is_refused_without_failing(trial: Any, body: bytes) -> None:
    answer = trial.post("/login", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    "address", ["/%00", "/%ff%fe", "/..%2f..%2fetc/passwd", "/" + "a" * 3000, "/login?next=%00", "//evil.example/"]
)
def test_absurd_addresses_are_no_failure(trial: Any, address: str) -> None:
    assert trial.get(address).status_code < 500


def test_healthz_answers_in_one_word(trial: Any) -> None:
    answer = trial.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
