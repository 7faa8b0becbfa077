"""INN of a person, the Russian taxpayer's number: ten digits and two control digits."""

from __future__ import annotations

import re
from typing import Literal

FIRST = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
SECOND = (3, *FIRST)


def examine_inn(text: str | None) -> tuple[str, Literal["empty", "format", "checksum"] | None]:
    """A typed INN as twelve digits and what is wrong with it, if anything."""
    digits = re.sub(r"[\s\u00a0-]", "", text or "")
    if not digits:
        return "", "empty"
    if not re.fullmatch(r"[0-9]{12}", digits):
        return digits, "format"
    if _control(digits, FIRST) != int(digits[10]) or _control(digits, SECOND) != int(digits[11]) or digits == "0" * 12:
        return digits, "checksum"
    return digits, None


def _control(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11 % 10
