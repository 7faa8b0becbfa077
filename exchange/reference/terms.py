"""Numbers that the law sets: data with a date and a reference, never code (`terms.csv`, `deadlines.csv`)."""

from __future__ import annotations

import datetime as dt

from exchange.reference.shelf import read


def term(code: str, day: dt.date) -> int:
    """How many months, years or days a rule allows on a day. Raises LookupError when no line speaks of that day.

    Before the first line of a rule its first number holds: papers may be older than the rule that is kept here.
    """
    lines = sorted((line for line in read("terms") if line["code"] == code), key=lambda line: line["valid_from"])
    if not lines:
        raise LookupError(f"terms.csv has no {code}")
    held = [line for line in lines if line["valid_from"] <= day.isoformat()] or lines[:1]
    if held[-1]["valid_to"] and held[-1]["valid_to"] < day.isoformat():
        raise LookupError(f"terms.csv has no {code} for {day.isoformat()}")
    return int(held[-1]["number"])


def deadline(code: str) -> int:
    """The number of days of a term that follows from an event (`deadlines.csv`). Raises LookupError."""
    for line in read("deadlines"):
        if line["code"] == code:
            return int(line["offset"])
    raise LookupError(f"deadlines.csv has no {code}")
