"""Counting days of stay from entries and exits: pure functions. The day of entry and the day of exit both count.

Where the two numbers of the law (30, 90) come from: `exchange.reference.terms.deadline`. Here nothing of the law is known but
how days are added up (domain: sum over stays of the days in a year).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, both included; no `last`: without end."""

    first: dt.date
    last: dt.date | None = None

    def covers(self, day: dt.date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Stay(Span):
    """One stay in Russia. Without `last` it goes on; `is_exit_known` False: it ended some day before the next entry."""

    is_exit_known: bool = True


@dataclass(frozen=True)
class Crossings:
    """What entries and exits tell: stays in the order of days, and what is missing between them."""

    stays: tuple[Stay, ...]
    entries_after_unknown_exit: tuple[dt.date, ...]
    exits_without_entry: tuple[dt.date, ...]

    @property
    def open_stay(self) -> Stay | None:
        """The stay that goes on."""
        return self.stays[-1] if self.stays and self.stays[-1].last is None else None

    def until(self, day: dt.date) -> Sequence[Stay]:
        """Stays that began by a day."""
        return [stay for stay in self.stays if stay.first <= day]


def crossings(entries: Iterable[dt.date], exits: Iterable[dt.date]) -> Crossings:
    """Pairs entries with exits, in whatever order they are given.

    On a day that has both, who is in Russia leaves first and who is not enters first. A second entry without an exit between
    closes the stay on the day before it, so that no day counts twice; a second entry on the same day says nothing new.
    """
    came, left = Counter(entries), Counter(exits)
    stays: list[Stay] = []
    after_unknown: list[dt.date] = []
    without_entry: list[dt.date] = []
    since: dt.date | None = None
    for day in sorted({*came, *left}):
        for is_exit in _in_turn(came[day], left[day], is_inside=since is not None):
            if is_exit and since is None:
                without_entry.append(day)
            elif is_exit and since is not None:
                stays.append(Stay(since, day))
                since = None
            elif since is None:
                since = day
            elif since < day:
                stays.append(Stay(since, day - DAY, is_exit_known=False))
                after_unknown.append(day)
                since = day
    if since is not None:
        stays.append(Stay(since))
    return Crossings(tuple(stays), tuple(after_unknown), tuple(without_entry))


def _in_turn(entries: int, exits: int, *, is_inside: bool) -> list[bool]:
    """Crossings of one day as they can have followed each other: True is an exit."""
    turns = []
    is_exit = is_inside
    while entries or exits:
        if (is_exit and not exits) or (not is_exit and not entries):
            is_exit = not is_exit
        turns.append(is_exit)
        if is_exit:
            exits -= 1
        else:
            entries -= 1
        is_exit = not is_exit
    return turns


def last_day(first: dt.date, days: int) -> dt.date:
    """The last of so many days in a row, the first one counted: of 30 days from 25 August it is 23 September."""
    return first + (days - 1) * DAY


def days_in_a_row(found: Crossings, day: dt.date) -> int:
    """How many days the stay of this day has lasted so far; 0 when there is none. Each entry begins to count anew."""
    held = [stay for stay in found.stays if stay.covers(day)]
    return (day - held[-1].first).days + 1 if held else 0


def days_in_year(found: Crossings, year: int, day: dt.date, not_counted: Iterable[Span] = ()) -> int:
    """Days of stay in a calendar year up to `day`, summed over stays; a stay that goes on counts up to that day.

    Days of `not_counted` (an extension, a permit, a contract of work) are left out, however these spans overlap.
    """
    opening, closing = dt.date(year, 1, 1), min(dt.date(year, 12, 31), day)
    free = _merged(not_counted, closing)
    total = 0
    for stay in found.stays:
        first, last = max(stay.first, opening), min(stay.last or closing, closing)
        if first <= last:
            total += _length(first, last)
            total -= sum(_length(max(first, a), min(last, b)) for a, b in free if max(first, a) <= min(last, b))
    return total


def _length(first: dt.date, last: dt.date) -> int:
    return (last - first).days + 1


def _merged(spans: Iterable[Span], closing: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The same days as spans that do not overlap."""
    found: list[tuple[dt.date, dt.date]] = []
    for first, last in sorted((span.first, min(span.last or closing, closing)) for span in spans if span.first <= closing):
        if last < first:
            continue
        if found and first <= found[-1][1] + DAY:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
