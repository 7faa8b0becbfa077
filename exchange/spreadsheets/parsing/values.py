"""From what stands in the XML of a cell to a plain Python value."""

from __future__ import annotations

import datetime as dt
import re

# A cell as it travels to the parent process: a JSON scalar, or [tag, content] for what JSON has no word for.
# Tags: d date, m moment, t time of day, l length of time in seconds, e error or unreadable, f formula without a stored value.
Travelling = None | bool | int | float | str | list[str | float]

# What stands in a cell is local time without a zone.
_EPOCH_1900 = dt.datetime(1899, 12, 30)  # noqa: DTZ001
_EPOCH_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001
_LAST_SERIAL = {False: 2_958_466, True: 2_957_004}

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_DURATION = re.compile(r"(-?)P(?:([0-9]{1,6})D)?T?(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6}(?:[.,][0-9]{1,9})?)S)?")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")

# Built-in formats that show a day, and those that show only a time (ECMA-376 part 1, 18.8.30; 27-36 and 50-58 are Asian dates).
_BUILTIN_DAYS = {14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 59)}
_BUILTIN_TIMES = {18, 19, 20, 21, 32, 33, 34, 35, 45, 47}
_BUILTIN_LENGTHS = {46}
_NOT_PLACEHOLDERS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hmsHMS]+\])[^\]]*\]')
_LENGTH = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)

DAY, TIME, LENGTH = "day", "time", "length"


def format_shows(code: str) -> str:
    """Does a number format show a day, a time of day, a length of time ('' if none)?"""
    first = _NOT_PLACEHOLDERS.sub("", code).split(";")[0]
    if _LENGTH.search(first):
        return LENGTH
    letters = first.lower()
    if "general" in letters:
        return ""
    if "y" in letters or "d" in letters:
        return DAY
    if "h" in letters or "s" in letters:
        return TIME
    return DAY if "m" in letters else ""


def builtin_shows(number: int) -> str:
    """The same for the formats that Excel knows by number."""
    if number in _BUILTIN_DAYS:
        return DAY
    if number in _BUILTIN_TIMES:
        return TIME
    return LENGTH if number in _BUILTIN_LENGTHS else ""


def number(text: str, shows: str, from_1904: bool) -> Travelling:
    """A number, a date or a time; what is not a number comes back as an error cell, so that one bad cell is one problem."""
    text = text.strip()
    if len(text) <= 15 and text.isdigit() and text.isascii():
        value: int | float = int(text)
    else:
        if len(text) > 64 or not _NUMBER.fullmatch(text):
            return ["e", text[:50]]
        value = float(text)
        if value in (float("inf"), float("-inf")):
            return ["e", text[:50]]
        if value.is_integer() and abs(value) < 1 << 53:
            value = int(value)
    return moment(value, shows, from_1904) if shows else value


def moment(serial: int | float, shows: str, from_1904: bool) -> Travelling:
    """Excel's count of days as a date, a date with a time, a time or a length of time."""
    if shows == LENGTH:
        return ["l", round(serial * 86_400, 3)] if abs(serial) < 1_000_000 else serial
    if not 0 <= serial < _LAST_SERIAL[from_1904]:
        return serial
    days = int(serial)
    thousandths = round((serial - days) * 86_400_000)
    if days == 0 and not from_1904:
        if not thousandths:
            return serial
        return ["t", (_EPOCH_1900 + dt.timedelta(milliseconds=thousandths)).time().isoformat()]
    if days < 60 and not from_1904:
        # Excel believes in 29.02.1900, so its days before that date stand one later than the calendar's.
        days += 1
    value = (_EPOCH_1904 if from_1904 else _EPOCH_1900) + dt.timedelta(days=days, milliseconds=thousandths)
    return ["m", value.isoformat()] if thousandths else ["d", value.date().isoformat()]


def iso_moment(text: str) -> Travelling:
    """The value of a cell of type `d`, used by strict workbooks: 2006-05-17 or 2006-05-17T08:30:00."""
    try:
        value = dt.datetime.fromisoformat(text.strip().removesuffix("Z"))
    except ValueError:
        return ["e", text[:50]]
    value = value.replace(tzinfo=None)
    return ["m", value.isoformat()] if value.time() != dt.time() else ["d", value.date().isoformat()]


def iso_time(text: str) -> Travelling:
    """The value of a cell of time in an .ods workbook: PT08H30M00S is a time of day, PT108H00M00S is a length of time."""
    parts = _DURATION.fullmatch(text.strip())
    if parts is None or not any(parts.group(2, 3, 4, 5)):
        return ["e", text[:50]]
    days, hours, minutes = (int(part or 0) for part in parts.group(2, 3, 4))
    seconds = round(((days * 24 + hours) * 60 + minutes) * 60 + float((parts[5] or "0").replace(",", ".")), 3)
    if parts[1] or seconds >= 86_400:
        return ["l", -seconds if parts[1] else seconds]
    return ["t", (_EPOCH_1900 + dt.timedelta(seconds=seconds)).time().isoformat()]


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def text(raw: str) -> str | None:
    """Text of a cell: `_x000D_` escapes undone, ends of lines made one kind, control characters made visible, blank is None."""
    if "_x" in raw:
        raw = _ESCAPED.sub(_unescaped, raw)
        if any("\ud800" <= letter <= "\udfff" for letter in raw):
            raw = raw.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if not raw.isprintable():
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
        raw = _CONTROL.sub("\ufffd", raw)
    return None if not raw or raw.isspace() else raw
