"""Hours that the law allows: a week by age (data/weekly_hours.csv), and what a span of days has room for."""

from __future__ import annotations

import csv
import datetime as dt
import functools
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"
WORKING_DAYS_A_WEEK = 5
ADULT = 18
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Norm:
    """Most hours a week for an age (both ages included), while the line of the law is in force."""

    age_from: int
    age_to: int | None
    hours_a_week: int
    valid_from: dt.date
    valid_to: dt.date | None
    source: str

    def covers(self, age: int, day: dt.date) -> bool:
        """Whether the line speaks of somebody of this age on this day."""
        in_force = self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        return in_force and self.age_from <= age and (self.age_to is None or age <= self.age_to)


@functools.cache
def norms() -> tuple[Norm, ...]:
    """The table, as shipped."""
    with (DATA / "weekly_hours.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Norm(
                age_from=int(line["age_from"]),
                age_to=int(line["age_to"]) if line["age_to"] else None,
                hours_a_week=int(line["hours_a_week"]),
                valid_from=dt.date.fromisoformat(line["valid_from"]),
                valid_to=dt.date.fromisoformat(line["valid_to"]) if line["valid_to"] else None,
                source=line["source"],
            )
            for line in csv.DictReader(file)
        )


def age_on(day: dt.date, birth_date: dt.date) -> int:
    """Full years on a day; who was born on 29 February grows older on 1 March."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


@functools.lru_cache(maxsize=4096)
def _limit(age: int | None, day: dt.date) -> int:
    lines = [n for n in norms() if n.covers(age, day)] if age is not None else []
    # somebody of unknown age is counted as an adult: an unknown age must not refuse true hours
    return min((n.hours_a_week for n in lines), default=max(n.hours_a_week for n in norms()))


def weekly_limit(day: dt.date, birth_date: dt.date | None) -> int:
    """Most hours a week for somebody on a day; of unknown age: the limit of an adult."""
    return _limit(None if birth_date is None else age_on(day, birth_date), day)


def monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def weeks_of(starts_on: dt.date, ends_on: dt.date) -> list[dt.date]:
    """Mondays of all calendar weeks that the span touches."""
    first, last = monday(starts_on), monday(ends_on)
    return [first + dt.timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]


def capacity_by_week(starts_on: dt.date, ends_on: dt.date, birth_date: dt.date | None) -> dict[dt.date, int]:
    """Most hours for each calendar week of the span.

    A day has room for a fifth of the week's limit at the age on that day, and a calendar week for five such days, whichever
    they are (enterprises work in shifts, weekends included). Someone who comes of age inside a week gets the better days.
    """
    days: dict[dt.date, list[int]] = defaultdict(list)
    day = starts_on
    while day <= ends_on:
        days[monday(day)].append(weekly_limit(day, birth_date))
        day += DAY
    return {
        week: sum(sorted(limits, reverse=True)[:WORKING_DAYS_A_WEEK]) // WORKING_DAYS_A_WEEK for week, limits in days.items()
    }


@functools.lru_cache(maxsize=4096)
def _capacity(starts_on: dt.date, ends_on: dt.date, birth_date: dt.date | None) -> int:
    return sum(capacity_by_week(starts_on, ends_on, birth_date).values())


def capacity(starts_on: dt.date, ends_on: dt.date, birth_date: dt.date | None) -> int:
    """Most hours that the span has room for."""
    is_adult = birth_date is not None and age_on(starts_on, birth_date) >= ADULT
    return _capacity(starts_on, ends_on, None if is_adult else birth_date)


def spread(hours: int, capacities: dict[dt.date, int]) -> dict[dt.date, int]:
    """Planned hours shared out over the weeks in proportion to their room; the shares add up to `hours`."""
    room = sum(capacities.values())
    shares: dict[dt.date, int] = {}
    given, passed = 0, 0
    for week in sorted(capacities):
        passed += capacities[week]
        until_now = (2 * hours * passed + room) // (2 * room) if room else 0
        shares[week] = until_now - given
        given = until_now
    return shares
