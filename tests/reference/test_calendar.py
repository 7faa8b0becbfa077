"""Working days: vectors of the domain specification, and the ends of the calendar."""

from __future__ import annotations

import datetime as dt

import pytest

from exchange.reference.calendar import (
    OutsideCalendar,
    add_working_days,
    is_working,
    working_day_on_or_after,
    working_day_on_or_before,
    working_days,
)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        ("2026-11-20", 3, "2026-11-25"),
        ("2026-11-03", 3, "2026-11-09"),
        ("2026-12-29", 3, "2027-01-12"),
        ("2026-04-30", 3, "2026-05-06"),
        ("2025-10-31", 3, "2025-11-06"),
        ("2027-02-18", 3, "2027-02-24"),
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-25", -3, "2026-11-20"),
    ],
)
def test_terms_in_working_days(start: str, number: int, end: str) -> None:
    assert add_working_days(day(start), number) == day(end)


def test_transfers_of_days_off() -> None:
    assert is_working(day("2025-11-01"))
    assert is_working(day("2027-02-20"))
    assert not is_working(day("2026-11-22"))
    assert not is_working(day("2026-11-04"))
    assert is_working(day("2026-11-23"))


def test_a_term_that_must_be_kept_before_moves_back() -> None:
    assert working_day_on_or_before(day("2027-01-09")) == day("2026-12-30")
    assert working_day_on_or_before(day("2026-11-23")) == day("2026-11-23")
    assert working_day_on_or_before(day("2026-11-22")) == day("2026-11-20")
    assert working_day_on_or_after(day("2026-11-22")) == day("2026-11-23")


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_118_days_off_a_year(year: int) -> None:
    off = [one for one, working in working_days().items() if one.year == year and not working]
    assert len(off) == 118


@pytest.mark.parametrize("text", ["2024-12-31", "2028-01-01"])
def test_days_outside_the_calendar(text: str) -> None:
    with pytest.raises(OutsideCalendar, match="2025 to 2027"):
        is_working(day(text))
    with pytest.raises(OutsideCalendar):
        add_working_days(day(text), 1)


def test_a_term_that_runs_out_of_the_calendar() -> None:
    with pytest.raises(OutsideCalendar) as caught:
        add_working_days(day("2027-12-30"), 5)
    assert caught.value.day == day("2028-01-01")
