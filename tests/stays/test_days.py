"""Days of stay: the vectors of the domain, hand counts, and what holds for any entries and exits."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from exchange.reference.terms import deadline
from exchange.stays.days import Span, Stay, crossings, days_in_a_row, days_in_year, last_day

DAYS = some.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31))
FIRST, LAST = dt.date(2025, 1, 1), dt.date(2027, 12, 31)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("entry", "day_30", "day_90"), [("2026-08-25", "2026-09-23", "2026-11-22"), ("2026-09-01", "2026-09-30", "2026-11-29")]
)
def test_the_vectors_of_the_domain(entry: str, day_30: str, day_90: str) -> None:
    assert last_day(day(entry), deadline("MIG_REG_30")) == day(day_30)
    assert last_day(day(entry), deadline("STAY_90")) == day(day_90)
    found = crossings([day(entry)], [])
    assert days_in_a_row(found, day(day_30)) == 30
    assert days_in_a_row(found, day(day_90)) == 90
    assert days_in_year(found, 2026, day(day_90)) == 90


def test_entry_and_exit_both_count() -> None:
    found = crossings([day("2026-03-01")], [day("2026-03-10")])
    assert days_in_year(found, 2026, day("2026-12-31")) == 10
    assert days_in_a_row(found, day("2026-03-10")) == 10
    assert days_in_a_row(found, day("2026-03-11")) == 0
    assert days_in_a_row(found, day("2026-02-28")) == 0


def test_one_day_is_one_day() -> None:
    found = crossings([day("2026-03-01")], [day("2026-03-01")])
    assert found.stays == (Stay(day("2026-03-01"), day("2026-03-01")),)
    assert days_in_year(found, 2026, day("2026-12-31")) == 1


def test_a_year_has_only_its_own_days() -> None:
    found = crossings([day("2025-12-22")], [day("2026-01-10")])
    assert days_in_year(found, 2025, day("2026-11-23")) == 10
    assert days_in_year(found, 2026, day("2026-11-23")) == 10
    assert days_in_year(found, 2024, day("2026-11-23")) == 0
    assert days_in_a_row(found, day("2026-01-10")) == 20


def test_an_open_stay_counts_up_to_the_day() -> None:
    found = crossings([day("2026-11-01")], [])
    assert [days_in_year(found, 2026, day(f"2026-11-{n:02d}")) for n in (1, 2, 23)] == [1, 2, 23]
    assert days_in_year(found, 2026, day("2026-10-31")) == 0
    assert found.open_stay == Stay(day("2026-11-01"))


def test_an_unknown_exit_closes_the_stay_before_the_next_entry() -> None:
    found = crossings([day("2026-03-01"), day("2026-03-11")], [day("2026-03-20")])
    assert found.stays == (
        Stay(day("2026-03-01"), day("2026-03-10"), is_exit_known=False),
        Stay(day("2026-03-11"), day("2026-03-20")),
    )
    assert found.entries_after_unknown_exit == (day("2026-03-11"),)
    assert days_in_year(found, 2026, day("2026-12-31")) == 20


def test_an_exit_without_entry_is_said_and_counts_nothing() -> None:
    found = crossings([day("2026-03-05")], [day("2026-03-01"), day("2026-03-06"), day("2026-03-09")])
    assert found.exits_without_entry == (day("2026-03-01"), day("2026-03-09"))
    assert days_in_year(found, 2026, day("2026-12-31")) == 2


def test_out_and_back_on_one_day_are_two_stays() -> None:
    found = crossings([day("2026-03-01"), day("2026-03-10")], [day("2026-03-10")])
    assert found.stays == (Stay(day("2026-03-01"), day("2026-03-10")), Stay(day("2026-03-10")))
    assert days_in_a_row(found, day("2026-03-12")) == 3
    assert not found.entries_after_unknown_exit


def test_the_same_entry_twice_is_one() -> None:
    twice = crossings([day("2026-03-01"), day("2026-03-01")], [])
    assert twice == crossings([day("2026-03-01")], [])


def test_days_under_an_extension_are_left_out_once() -> None:
    found = crossings([day("2026-03-01")], [day("2026-03-31")])
    spans = [Span(day("2026-03-11"), day("2026-03-20")), Span(day("2026-03-15"), day("2026-03-25")), Span(day("2027-01-01"))]
    assert days_in_year(found, 2026, day("2026-12-31"), spans) == 31 - 15
    assert days_in_year(found, 2026, day("2026-12-31"), [Span(day("2025-01-01"))]) == 0


@given(some.lists(DAYS, max_size=8), some.lists(DAYS, max_size=8), some.randoms())
def test_the_order_of_recording_does_not_matter(entries: list[dt.date], exits: list[dt.date], dice: random.Random) -> None:
    expected = crossings(entries, exits)
    dice.shuffle(entries)
    dice.shuffle(exits)
    assert crossings(entries, exits) == expected


@given(some.lists(DAYS, max_size=8), some.lists(DAYS, max_size=8))
def test_stays_never_overlap_and_nothing_is_lost(entries: list[dt.date], exits: list[dt.date]) -> None:
    found = crossings(entries, exits)
    for one, next_one in zip(found.stays, found.stays[1:], strict=False):
        assert one.last is not None
        assert one.first <= one.last <= next_one.first
    assert {stay.first for stay in found.stays} == set(entries)
    known_ends = [stay.last for stay in found.stays if stay.last is not None and stay.is_exit_known]
    assert sorted([*known_ends, *found.exits_without_entry]) == sorted(exits)
    assert len(found.entries_after_unknown_exit) == sum(not stay.is_exit_known for stay in found.stays)


@given(some.lists(DAYS, min_size=2, max_size=8, unique=True), some.data())
def test_splitting_a_stay_adds_exactly_one_day(edges: list[dt.date], data: some.DataObject) -> None:
    """Whoever leaves and comes back on one day spends that day in two stays."""
    edges = sorted(edges)[: len(edges) // 2 * 2]
    entries, exits = edges[::2], edges[1::2]
    index = data.draw(some.integers(0, len(entries) - 1))
    split = data.draw(some.dates(entries[index], exits[index]))
    whole, parted = crossings(entries, exits), crossings([*entries, split], [*exits, split])
    assert not parted.entries_after_unknown_exit
    assert not parted.exits_without_entry
    for year in (2025, 2026, 2027):
        more = days_in_year(parted, year, LAST) - days_in_year(whole, year, LAST)
        assert more == (1 if split.year == year else 0)


@given(some.lists(DAYS, max_size=8), some.lists(DAYS, max_size=8), DAYS)
def test_each_day_adds_at_most_one_for_each_stay(entries: list[dt.date], exits: list[dt.date], asked: dt.date) -> None:
    found = crossings(entries, exits)
    before = days_in_year(found, asked.year, asked - dt.timedelta(days=1))
    now = days_in_year(found, asked.year, asked)
    assert now - before == sum(stay.covers(asked) for stay in found.stays)


@given(some.lists(DAYS, max_size=8), some.lists(DAYS, max_size=8), DAYS)
def test_the_years_add_up_to_the_stays(entries: list[dt.date], exits: list[dt.date], asked: dt.date) -> None:
    found = crossings(entries, exits)
    by_year = sum(days_in_year(found, year, asked) for year in range(2025, 2028))
    by_stay = sum((min(stay.last or asked, asked) - stay.first).days + 1 for stay in found.until(asked))
    assert by_year == by_stay


@given(some.lists(DAYS, max_size=6), some.lists(DAYS, max_size=6), DAYS, some.lists(some.tuples(DAYS, DAYS), max_size=4))
def test_what_is_not_counted_takes_away_its_own_days(
    entries: list[dt.date], exits: list[dt.date], asked: dt.date, pairs: list[tuple[dt.date, dt.date]]
) -> None:
    """Counted one by one, day for day."""
    found = crossings(entries, exits)
    spans = [Span(min(pair), max(pair)) for pair in pairs]
    days = [dt.date(asked.year, 1, 1) + dt.timedelta(days=n) for n in range((asked - dt.date(asked.year, 1, 1)).days + 1)]
    counted = [d for d in days if not any(span.covers(d) for span in spans)]
    expected = sum(stay.covers(d) for d in counted for stay in found.stays)
    assert days_in_year(found, asked.year, asked, spans) == expected
