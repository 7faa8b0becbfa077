"""What there is to mend in a whole file: how much is proposed, what must be typed, which faults come again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from exchange.imports.problems import Problem, Reading

OFTEN = 3  # so many rows with one fault are mended at once
NAMED = 3  # so many cells to type are named on the page
# These belong to one person: what is right in one row is wrong in another.
ONE_EACH = {
    "last_name", "first_name", "patronymic", "full_name", "latin_name", "born", "iin", "passport", "snils", "phone", "email",
    "record_book", "address", "last_name_kk", "first_name_kk", "patronymic_kk", "last_name_lat", "first_name_lat",
}  # fmt: skip


def alike(told: dict[str, Any]) -> str:
    """The key of a fault (as kept with a row) that may stand in several rows; empty when it belongs to one person."""
    if told["field"] in ONE_EACH or told.get("source", told["field"]) in ONE_EACH or told.get("twin"):
        return ""
    return f"{told['field']}|{told['value'].lower()}"


def of(readings: Sequence[Reading]) -> dict[str, Any]:
    """Of the refused rows: how many have a proposal for all that is wrong, which are proposed to be left out, what is to type.

    `again`: fault -> number of rows, for faults that stand in OFTEN rows or more.
    """
    counted: Counter[str] = Counter()
    proposed = left_out = to_type = 0
    named: list[dict[str, Any]] = []
    for reading in readings:
        wrong = [p for p in reading.problems if p.severity == "error"]
        counted.update({key for p in wrong if (key := alike(p.as_dict()))})
        open_ones = [p for p in wrong if not p.suggestion]
        if any(p.skip for p in wrong):
            left_out += 1
        elif not open_ones:
            proposed += 1
        else:
            to_type += 1
            named += _named(reading, open_ones[:1]) if len(named) < NAMED else []
    again = {key: count for key, count in counted.items() if count >= OFTEN}
    return {"proposed": proposed, "left_out": left_out, "to_type": to_type, "named": named, "again": again}


def _named(reading: Reading, problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [{"sheet": reading.row.sheet, "row": reading.row.number, "field": p.field, "target": p.target} for p in problems]
