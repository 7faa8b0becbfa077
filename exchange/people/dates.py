"""Reading a date as people type it, in Russian, Kazakh or English, and dates that a spreadsheet keeps as numbers."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from exchange.people.vocabulary import MONTHS, TODAY, YEAR_WORDS, YESTERDAY

LONGEST = 60
FIRST_YEAR, LAST_YEAR = 1900, 2100
# Births: two digits from here to 99 are of the 1900s, below are of the 2000s. Other dates are always of the 2000s.
FIRST_TWO_DIGIT_YEAR_OF_1900 = 30
FIRST_SERIAL, LAST_SERIAL = 20_000, 60_000
_SERIAL_ZERO = dt.date(1899, 12, 30)

_TIME = re.compile(r"(?<=\d)[ t]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?z)?$")
_WORDS_OR_NUMBERS = re.compile(r"\d+|[^\W\d_]+")


@dataclass(frozen=True)
class DateProblem:
    """Why a text is no date.

    empty; impossible: there is no such day ("31.02.2006"); incomplete: a part is missing ("03.2007"); serial: a number that a
    spreadsheet keeps for a day, `proposal` says which; not_a_date.
    """

    code: Literal["empty", "impossible", "incomplete", "serial", "not_a_date"]
    proposal: dt.date | None = None


def parse_date(text: str | dt.date | None, *, birth: bool = False, today: dt.date) -> dt.date | DateProblem:
    """The day that was typed, or what is wrong with it. `today` is the day for "сегодня" and "вчера"."""
    if isinstance(text, dt.datetime):
        return text.date()
    if isinstance(text, dt.date):
        return text
    typed = " ".join((text or "").replace("\u00a0", " ").lower().split()).strip(" .,;")
    if not typed:
        return DateProblem("empty")
    if len(typed) > LONGEST:
        return DateProblem("not_a_date")
    if typed in TODAY:
        return today
    if typed in YESTERDAY:
        return today - dt.timedelta(days=1)
    if re.fullmatch(r"\d{5}(?:\.0+)?", typed):
        day = excel_serial(float(typed))
        return DateProblem("serial", day) if isinstance(day, dt.date) else DateProblem("not_a_date")
    parts = _parts(_TIME.sub("", typed))
    return _day(parts, birth=birth) if isinstance(parts, list) else parts


def _parts(typed: str) -> list[str] | DateProblem:
    """Day, month and year as text, in this order."""
    if re.search(r"[^\w\s./\-\u2013\u2014,«»\"'()]", typed):
        return DateProblem("not_a_date")
    pieces = [piece for piece in _WORDS_OR_NUMBERS.findall(typed) if piece not in YEAR_WORDS]
    named = [number for number, piece in enumerate(pieces) if not piece[0].isdecimal()]
    pieces = [re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", piece) for piece in pieces]
    if named:
        return _named_parts(pieces, named)
    if len(pieces) == 1 and len(pieces[0]) == 8:
        digits = pieces[0]
        forward = [digits[:2], digits[2:4], digits[4:]]
        backward = [digits[6:], digits[4:6], digits[:4]]
        is_backward = not FIRST_YEAR <= int(forward[2]) <= LAST_YEAR and FIRST_YEAR <= int(backward[2]) <= LAST_YEAR
        return backward if is_backward else forward
    if len(pieces) == 3:
        return pieces[::-1] if len(pieces[0]) == 4 else pieces
    if len(pieces) == 2 or (len(pieces) == 1 and re.fullmatch(r"\d{4}", pieces[0])):
        return _incomplete(pieces)
    return DateProblem("not_a_date")


def _incomplete(pieces: list[str]) -> DateProblem:
    """Two numbers are a date without a year or a day; other pairs are something else."""
    is_date = all(len(piece) <= 2 or FIRST_YEAR <= int(piece) <= LAST_YEAR for piece in pieces if len(piece) <= 4)
    return DateProblem("incomplete" if is_date and all(len(piece) <= 4 for piece in pieces) else "not_a_date")


def _named_parts(pieces: list[str], named: list[int]) -> list[str] | DateProblem:
    words = [pieces[number] for number in named if pieces[number] not in {"st", "nd", "rd", "th", "of"}]
    month = MONTHS.get(words[0][:3]) if len(words) == 1 else None
    if month is None:
        return DateProblem("not_a_date")
    numbers = [piece for piece in pieces if piece[0].isdecimal()]
    if len(numbers) == 1:
        return DateProblem("incomplete")
    if len(numbers) != 2:
        return DateProblem("not_a_date" if numbers else "incomplete")
    if len(numbers[0]) == 4:
        numbers.reverse()
    return [numbers[0], str(month), numbers[1]]


def _day(parts: list[str], *, birth: bool) -> dt.date | DateProblem:
    day, month, year = parts
    if len(day) > 2 or len(month) > 2:
        return DateProblem("not_a_date")
    if len(year) not in {2, 4}:
        return DateProblem("incomplete" if len(year) < 4 else "not_a_date")
    number = int(year)
    if len(year) == 2:
        number += 1900 if birth and number >= FIRST_TWO_DIGIT_YEAR_OF_1900 else 2000
    if not FIRST_YEAR <= number <= LAST_YEAR:
        return DateProblem("impossible")
    try:
        return dt.date(number, int(month), int(day))
    except ValueError:
        return DateProblem("impossible")


def excel_serial(number: float) -> dt.date | DateProblem:
    """The day that a spreadsheet keeps as a number: 38245 is 15.09.2004. Only 20000 to 60000 (1954 to 2064)."""
    if not FIRST_SERIAL <= number <= LAST_SERIAL:
        return DateProblem("not_a_date")
    return _SERIAL_ZERO + dt.timedelta(days=int(number))
