"""Working days of Russia: counting terms by the production calendar.

Rules of counting: "within N working days from" starts on the next day; a last day that "must be kept not later than N days
before" moves back to a working day, never forward. The calendar covers the years of `working_calendar_ru.csv`.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

from exchange.reference.shelf import read

ONE_DAY = dt.timedelta(days=1)


class OutsideCalendar(LookupError):
    """The production calendar does not know this day; the next year must be added to the data first."""

    def __init__(self, day: dt.date) -> None:
        days = working_days()
        super().__init__(f"{day.isoformat()} is outside the production calendar ({min(days).year} to {max(days).year})")
        self.day = day


@cache
def working_days() -> dict[dt.date, bool]:
    """Every day of the calendar -> whether it is a working day, transfers included."""
    return {dt.date.fromisoformat(row["date"]): row["is_working"] == "1" for row in read("working_calendar_ru")}


def is_working(day: dt.date) -> bool:
    """Whether a day is a working day. Raises OutsideCalendar."""
    try:
        return working_days()[day]
    except KeyError:
        raise OutsideCalendar(day) from None


def add_working_days(day: dt.date, number: int) -> dt.date:
    """The day on which a term of `number` working days that starts after `day` ends; a negative number counts back.

    Nothing is moved for 0: the answer is the day itself. Raises OutsideCalendar.
    """
    step = ONE_DAY if number > 0 else -ONE_DAY
    is_working(day)
    for _ in range(abs(number)):
        day += step
        while not is_working(day):
            day += step
    return day


def working_day_on_or_before(day: dt.date) -> dt.date:
    """The day itself when it is a working one, else the last working day before it. Raises OutsideCalendar."""
    while not is_working(day):
        day -= ONE_DAY
    return day


def working_day_on_or_after(day: dt.date) -> dt.date:
    """The day itself when it is a working one, else the next working day. Raises OutsideCalendar."""
    while not is_working(day):
        day += ONE_DAY
    return day
