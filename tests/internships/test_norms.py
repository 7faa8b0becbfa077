"""Hours that the law allows, counted by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from exchange.internships.norms import age_on, capacity, capacity_by_week, monday, norms, spread, weekly_limit, weeks_of

DAY = dt.date
ADULT = DAY(2000, 1, 1)


def test_the_table_is_that_of_the_labour_code() -> None:
    assert [(n.age_from, n.age_to, n.hours_a_week) for n in norms()] == [(14, 15, 24), (16, 17, 35), (18, None, 40)]
    assert all("Labour Code" in n.source for n in norms())


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (DAY(2008, 11, 20), DAY(2026, 11, 19), 17),
        (DAY(2008, 11, 20), DAY(2026, 11, 20), 18),
        (DAY(2008, 2, 29), DAY(2026, 2, 28), 17),
        (DAY(2008, 2, 29), DAY(2026, 3, 1), 18),
    ],
)
def test_age(born: dt.date, day: dt.date, age: int) -> None:
    assert age_on(day, born) == age


@pytest.mark.parametrize(
    ("born", "hours"), [(None, 40), (DAY(2000, 1, 1), 40), (DAY(2009, 1, 1), 35), (DAY(2011, 1, 1), 24), (DAY(2020, 1, 1), 40)]
)
def test_limit_of_a_week(born: dt.date | None, hours: int) -> None:
    """Of unknown or impossible age: the limit of an adult; that the age is impossible, another rule says."""
    assert weekly_limit(DAY(2026, 11, 23), born) == hours


def test_a_whole_week_and_a_part_of_one() -> None:
    # 16 November 2026 is a Monday
    assert capacity(DAY(2026, 11, 16), DAY(2026, 11, 22), ADULT) == 40
    assert capacity(DAY(2026, 11, 16), DAY(2026, 11, 20), ADULT) == 40
    assert capacity(DAY(2026, 11, 16), DAY(2026, 11, 18), ADULT) == 24  # three days of eight
    assert capacity(DAY(2026, 11, 21), DAY(2026, 11, 22), ADULT) == 16  # a weekend, in shifts
    assert capacity(DAY(2026, 11, 22), DAY(2026, 11, 23), ADULT) == 16  # a Sunday and a Monday: two weeks


def test_minors() -> None:
    assert capacity(DAY(2026, 11, 16), DAY(2026, 11, 29), DAY(2009, 6, 1)) == 70
    assert capacity(DAY(2026, 11, 16), DAY(2026, 11, 29), DAY(2011, 6, 1)) == 48


def test_somebody_comes_of_age_in_the_middle_of_a_week() -> None:
    # Monday to Thursday 17 years old, from Friday 20 November on 18: the five best days are three of 8 and two of 7 hours
    by_week = capacity_by_week(DAY(2026, 11, 16), DAY(2026, 12, 12), DAY(2008, 11, 20))
    assert by_week == {DAY(2026, 11, 16): 38, DAY(2026, 11, 23): 40, DAY(2026, 11, 30): 40, DAY(2026, 12, 7): 40}


def test_the_roster_rows_with_impossible_hours() -> None:
    # 4 February (Wednesday) to 4 March (Wednesday): 40 + 40 + 40 + 40 + three days of 8
    assert capacity(DAY(2026, 2, 4), DAY(2026, 3, 4), ADULT) == 184


def test_weeks() -> None:
    assert monday(DAY(2026, 11, 22)) == DAY(2026, 11, 16)
    assert weeks_of(DAY(2026, 11, 18), DAY(2026, 11, 30)) == [DAY(2026, 11, 16), DAY(2026, 11, 23), DAY(2026, 11, 30)]
    assert weeks_of(DAY(2026, 11, 18), DAY(2026, 11, 18)) == [DAY(2026, 11, 16)]


def test_planned_hours_are_shared_out_in_proportion() -> None:
    weeks = {DAY(2026, 11, 16): 24, DAY(2026, 11, 23): 40, DAY(2026, 11, 30): 40, DAY(2026, 12, 7): 16}
    shares = spread(60, weeks)  # half of the room
    assert list(shares.values()) == [12, 20, 20, 8]
    assert sum(spread(61, weeks).values()) == 61
    assert spread(0, weeks) == dict.fromkeys(weeks, 0)
    assert spread(5, {}) == {}
