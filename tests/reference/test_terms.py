"""Numbers of the law: read from data, with their dates."""

from __future__ import annotations

import datetime as dt

import pytest

from exchange.reference.terms import deadline, term


@pytest.mark.parametrize(
    ("code", "day", "number"),
    [
        ("LEAVE_ACADEMIC", "2026-02-16", 12),  # order 303 of 04.04.2025
        ("LEAVE_ACADEMIC", "2025-08-31", 24),  # the last day of order 455 of 2013
        ("LEAVE_ACADEMIC", "2025-09-01", 12),
        ("LEAVE_ACADEMIC", "2001-01-01", 24),  # older than what is kept
        ("LEAVE_MEDICAL", "2026-02-16", 24),
        ("RETURN", "2026-02-16", 5),  # 273-FZ art. 62
    ],
)
def test_terms(code: str, day: str, number: int) -> None:
    assert term(code, dt.date.fromisoformat(day)) == number


def test_a_rule_that_is_not_kept() -> None:
    with pytest.raises(LookupError, match=r"terms\.csv has no NOTHING"):
        term("NOTHING", dt.date(2026, 1, 1))
    with pytest.raises(LookupError, match=r"deadlines\.csv has no NOTHING"):
        deadline("NOTHING")


def test_deadlines() -> None:
    assert (deadline("NOTICE_END_3"), deadline("STAY_90")) == (3, 90)
