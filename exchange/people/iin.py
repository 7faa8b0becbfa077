"""The individual identification number of Kazakhstan (IIN) and the number of an organisation (BIN).

Twelve digits: birth date YYMMDD, century and sex, a serial number of four digits, a check digit. The eleventh digit has a
weight of 11, which is 0 modulo 11: an error in it is not found. So a number is never called verified, only well formed.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

LENGTH = 12
FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
# Digit 7: century of birth and sex. 0 is given to foreigners registered in Kazakhstan and says neither.
CENTURY_AND_SEX = {"1": (1800, "M"), "2": (1800, "F"), "3": (1900, "M"), "4": (1900, "F"), "5": (2000, "M"), "6": (2000, "F")}
# A number of a person born on 2000-01-01 loses three zeros in a cell of numbers, never more.
SHORTEST_WITHOUT_ZEROS = 9
_NOISE = re.compile(r"[\s\u00a0\u200b'\u2019.\-\u2013]")

Error = Literal["empty", "length", "digits", "checksum", "date", "century", "unassignable"]


@dataclass(frozen=True)
class IinFinding:
    """What a typed number is. `normalised` is there whenever it has twelve digits, so that it may be kept "as in the document".

    `warnings` has "foreigner" when digit 7 is 0. Birth date and sex are what the number says, to compare and to suggest.
    """

    normalised: str | None
    error: Error | None
    birth_date: dt.date | None = None
    sex: Literal["M", "F"] | None = None
    warnings: tuple[str, ...] = ()
    digits: int = 0

    @property
    def is_well_formed(self) -> bool:
        """Whether nothing speaks against the number; that does not prove it."""
        return self.error is None


def check_digit(first: str) -> int | None:
    """The twelfth digit for the first eleven; None when such a number is never assigned."""
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        remainder = sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True)) % 11
        if remainder < 10:
            return remainder
    return None


def examine(text: str | None) -> IinFinding:
    """Looks at a typed IIN; spaces, hyphens and apostrophes are put aside."""
    number = _NOISE.sub("", text or "")
    if not number:
        return IinFinding(None, "empty")
    count = sum(character.isdecimal() for character in number)
    if not re.fullmatch(r"[0-9]+", number):
        return IinFinding(None, "digits", digits=count)
    if len(number) != LENGTH:
        return IinFinding(None, "length", digits=count)
    warnings: tuple[str, ...] = ()
    sex: Literal["M", "F"] | None = None
    birth_date: dt.date | None = None
    if number[6] == "0":
        warnings = ("foreigner",)
        has_date = bool(_birth_date(number, 2000) or _birth_date(number, 1900))
    elif number[6] in CENTURY_AND_SEX:
        century, letter = CENTURY_AND_SEX[number[6]]
        sex = "M" if letter == "M" else "F"
        birth_date = _birth_date(number, century)
        has_date = birth_date is not None
    else:
        return IinFinding(number, "century", digits=count)
    error: Error | None = "date" if not has_date else _checksum_error(number)
    return IinFinding(number, error, birth_date, sex, warnings, count)


def _birth_date(number: str, century: int) -> dt.date | None:
    try:
        return dt.date(century + int(number[:2]), int(number[2:4]), int(number[4:6]))
    except ValueError:
        return None


def _checksum_error(number: str) -> Literal["unassignable", "checksum"] | None:
    digit = check_digit(number[:-1])
    if digit is None:
        return "unassignable"
    return None if digit == int(number[-1]) else "checksum"


def restore_zeros(number: str | int | float | None, birth_date: dt.date | None) -> str | None:
    """The IIN whose leading zeros a spreadsheet lost; None unless the check digit and the birth date both agree with it."""
    text = _whole_digits(number)
    if text is None or birth_date is None or not SHORTEST_WITHOUT_ZEROS <= len(text) < LENGTH:
        return None
    finding = examine(text.zfill(LENGTH))
    return finding.normalised if finding.is_well_formed and finding.birth_date == birth_date else None


def _whole_digits(number: str | int | float | None) -> str | None:
    """Digits of a cell; 5.06E+10 has lost its digits and is refused, 5.0624634791E+10 has them all."""
    if number is None or isinstance(number, bool):
        return None
    text = re.sub(r"[\s\u00a0']", "", str(number)).replace(",", ".")
    if len(text) > 2 * LENGTH:
        return None
    if re.fullmatch(r"[0-9]+", text):
        return text
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if not value.is_finite() or value != value.to_integral_value() or value <= 0:
        return None
    significant = len(value.as_tuple().digits)
    return str(int(value)) if "e" not in text.lower() or value.adjusted() + 1 <= significant else None


def differences(finding: IinFinding, birth_date: dt.date | None, sex: str | None) -> tuple[str, ...]:
    """Names of the facts that the number says otherwise: "birth_date", "sex". A reason to look again, never to refuse."""
    found = []
    if finding.birth_date and birth_date and finding.birth_date != birth_date:
        found.append("birth_date")
    if finding.sex and sex and finding.sex != sex:
        found.append("sex")
    return tuple(found)


def mask(iin: str | None) -> str:
    """How lists show a number: the first and the last four digits."""
    return f"{iin[:4]}••••{iin[-4:]}" if iin and len(iin) >= 10 else "•" * len(iin or "")


def bin_error(text: str | None) -> Literal["empty", "digits", "length", "date", "kind", "unassignable", "checksum"] | None:
    """What is wrong with a BIN: year and month of registration, then 4, 5 or 6; the check digit is that of an IIN."""
    number = _NOISE.sub("", text or "")
    if not number:
        return "empty"
    if not re.fullmatch(r"[0-9]+", number):
        return "digits"
    if len(number) != LENGTH:
        return "length"
    if not 1 <= int(number[2:4]) <= 12:
        return "date"
    if number[4] not in "456":
        return "kind"
    return _checksum_error(number)
