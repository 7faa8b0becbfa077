"""SNILS, the Russian insurance number: nine digits and a control number."""

from __future__ import annotations

import re
from typing import Literal

# Numbers up to this one were issued before the control number was introduced.
LAST_WITHOUT_CONTROL = 1_001_998
_SHAPE = re.compile(r"(\d{3})[\s\u00a0-]*(\d{3})[\s\u00a0-]*(\d{3})[\s\u00a0-]*(\d{2})")


def examine_snils(text: str | None) -> tuple[str | None, Literal["empty", "format", "checksum"] | None]:
    """A typed SNILS as `NNN-NNN-NNN CC` and what is wrong with it, if anything."""
    typed = (text or "").strip()
    if not typed:
        return None, "empty"
    match = _SHAPE.fullmatch(typed)
    if match is None:
        return None, "format"
    number = "".join(match.groups()[:3])
    normalised = "{}-{}-{} {}".format(*match.groups())
    if int(number) > LAST_WITHOUT_CONTROL and control(number) != int(match.group(4)):
        return normalised, "checksum"
    return normalised, None


def control(number: str) -> int:
    """The control number of nine digits: weights 9 to 1, modulo 101, and 100 is written as 00."""
    return sum(int(digit) * weight for digit, weight in zip(number, range(9, 0, -1), strict=True)) % 101 % 100
