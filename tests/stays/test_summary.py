"""Where a student stands on 23 November 2026: counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from exchange.stays.summary import Summary, summarise
from tests.stays.conftest import day, fact

TODAY = day("2026-11-23")
ENTRY = fact("entry", "2026-09-01")
EXTENDED = fact("term", "2026-10-01", "2027-06-30", code="temp_stay_ext")


def told(*facts: Any, **more: Any) -> Summary:
    return summarise(list(facts), TODAY, **more)


def test_nothing_known() -> None:
    found = told()
    assert (found.ground, found.until, found.has_entry, found.register_by, found.is_endless) == ("", None, False, None, False)
    assert (found.registration, found.medical, found.insurance, found.fingerprints) == (None, None, None, None)
    assert found.counts_days
    assert found.needs_medical


def test_a_visa_free_stay() -> None:
    found = told(ENTRY)
    assert (found.ground, found.until, found.is_until_counted) == ("temp_stay", day("2026-11-29"), True)
    assert (found.in_a_row, found.in_year, found.most_days) == (84, 84, 90)
    assert found.register_by == day("2026-09-30")


def test_an_extension_stops_the_clock_of_the_year() -> None:
    found = told(ENTRY, EXTENDED)
    assert (found.ground, found.until, found.is_until_counted) == ("temp_stay_ext", day("2027-06-30"), False)
    assert (found.in_a_row, found.in_year, found.counts_days) == (84, 30, False)


def test_an_extension_that_is_over() -> None:
    found = told(ENTRY, fact("term", "2026-10-01", "2026-11-10", code="temp_stay_ext"))
    assert (found.ground, found.until) == ("temp_stay_ext", day("2026-11-10"))
    assert found.in_year == 30 + 13
    assert found.counts_days, "what is over does not stop the clock"


def test_an_old_extension_says_nothing_after_a_new_entry() -> None:
    found = told(fact("term", "2025-10-01", "2026-06-30", code="temp_stay_ext"), ENTRY)
    assert (found.ground, found.until, found.is_until_counted) == ("temp_stay", day("2026-11-29"), True)


@pytest.mark.parametrize(("kind", "last"), [("rvpo", "2030-12-27"), ("rvp", "2029-09-01"), ("vnzh", "")])
def test_a_permit_is_stronger_than_a_term(kind: str, last: str) -> None:
    found = told(ENTRY, EXTENDED, fact(kind, "2026-09-15", last, number="1"))
    assert (found.ground, found.until) == (kind, day(last) if last else None)
    assert not found.counts_days
    assert not found.needs_medical
    assert found.is_endless == (not last)
    assert found.in_year == 14


def test_who_left() -> None:
    found = told(ENTRY, fact("exit", "2026-10-10"), fact("registration", "2026-09-05", "2027-06-30", place="A", party="B"))
    assert (found.ground, found.until, found.in_a_row, found.in_year) == ("left", None, 0, 40)
    assert found.has_registration_ended
    assert found.register_by is None


def test_a_new_entry_ends_the_registration() -> None:
    before = fact("registration", "2026-03-01", "2027-06-30")
    assert told(before, ENTRY).has_registration_ended
    assert not told(ENTRY, fact("registration", "2026-09-01", "2027-06-30")).has_registration_ended
    assert not told(before).has_registration_ended, "without an entry nobody knows better"


def test_a_citizen_of_russia() -> None:
    found = told(ENTRY, is_citizen=True)
    assert (found.ground, found.counts_days, found.needs_medical) == ("citizen_rf", False, False)


def test_the_document_that_holds_longest() -> None:
    found = told(fact("insurance", "2025-09-01", "2026-08-31"), fact("insurance", "2024-09-01", "2025-08-31"))
    assert found.insurance is not None
    assert found.insurance.ends_on == day("2026-08-31")
