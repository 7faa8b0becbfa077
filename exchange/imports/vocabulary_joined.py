"""Cells that hold several facts: an order with its date, a programme with its code, a span of days."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from functools import lru_cache
from typing import Literal, NamedTuple

from exchange.imports.vocabulary_text import LONGEST, as_text, plain, without_brackets
from exchange.people.dates import DateProblem, parse_date
from exchange.reference.classifiers import (
    Programme,
    is_programme_code,
    programme_for,
    programmes,
    programmes_named,
    search_programmes,
)

_DATE = re.compile(
    r"(?:\b\d{4}-\d{1,2}-\d{1,2}\b|(?<!\d)\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?!\d)"
    r"|[«\"]?\b\d{1,2}\b[»\"]?\s+[^\W\d_]{3,10}\.?\s+\d{4}|\b\d{4}\s*(?:ж\.?|жылғы"
    r"|жылы)?\s*\d{1,2}\s+[^\W\d_]{3,10})(?:\s*(?:года|г|ж)\b\.?)?"
)
_AROUND_NUMBER = re.compile(
    (
        r"^(?:(?:приказ\w*|распоряжени\w*|пр|бұйры\w*|order|о зачислении|зачисл\w*|от|dated|of|no|n|номер|нөмір\w*"
        r"|number)\b\.?|[№#:\s,;.])+|(?:\s*(?:от|dated|of|from|г|года|ж|жылғы|бастап|бойынша)\b\.?|[\s,;:(«\"\u2013\u2014-])+$"
    ),
    re.IGNORECASE,
)
# The number that a sign announces, up to the next space, with what is joined to it by a stroke or a hyphen.
_MARKED = re.compile(r"(?:№|#)\s*(?=[^\s,;()]*\d)([^\s,;()«»]+(?:\s*[/\\]\s*[^\s,;()«»]+)*)")
# What stands before the last day of a span whose first day leaves out month or year.
_BEGUN = re.compile(r"(?<![\d.])(\d{1,2})(?:[./](\d{1,2}))?\.?\s*(?:[-\u2013\u2014]|по|до|to|until)\s*$")
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\b")
_CODE = re.compile(r"(?<![\d.])(?:\d{2}[.\u2024,]\s?\d{2}[.\u2024,]\s?\d{2}|[1-5]\.\d{1,2}\.\d{1,2})(?![\d]|\.\d)")

# "09 03 01", "9.03.01": zeros lost, spaces for points.
_LOOSE = re.compile(r"(?<![\d.])(\d{1,2})[.\s]\s?(\d{1,2})[.\s]\s?(\d{1,2})(?![\d.])")

ProgrammeProblem = Literal[
    "empty", "unknown_code", "unknown_name", "ambiguous_name", "level_mismatch", "name_mismatch", "unlisted", "name_guessed",
    "level_assumed",
]  # fmt: skip
# With these the programme is given all the same and the person who loads the list is told.
WARNINGS = frozenset({"name_mismatch", "unlisted", "name_guessed", "level_assumed"})


class OrderText(NamedTuple):
    """An order as a cell gives it; `date` may be a problem when a date stands there that is no day."""

    number: str | None
    date: dt.date | DateProblem | None


def order(value: object) -> OrderText:
    """ "№ 123/с от 15.08.2025" in its parts, whichever stands first; either may be missing."""
    if isinstance(value, dt.date):
        return OrderText(None, value.date() if isinstance(value, dt.datetime) else value)
    text = as_text(value)[:LONGEST]
    days = _days(text)
    day, start, end = days[0] if days else (None, len(text), len(text))
    rest = " ".join(f"{text[:start]} {text[end:]}".split())
    rest = _CLOCK.sub(" ", rest)
    if marked := _MARKED.search(rest):
        return OrderText(marked.group(1).strip(" .:-\u2013\u2014")[:40], day)
    rest = without_brackets(rest).strip()
    for _ in range(2):
        rest = _AROUND_NUMBER.sub("", rest).strip(' ,;:.)(«»"-\u2013\u2014')
    number = rest.replace("№", "").strip()
    return OrderText(number[:40] or None if any(character.isalnum() for character in number) else None, day)


def _days(text: str) -> list[tuple[dt.date | DateProblem, int, int]]:
    """Days in a text with their places; what only looks like one ("77 dated 2025") is passed over."""
    found: list[tuple[dt.date | DateProblem, int, int]] = []
    position = 0
    while match := _DATE.search(text, position):
        day = parse_date(match.group(), today=dt.date(2000, 1, 1))
        if isinstance(day, DateProblem) and day.code == "not_a_date":
            position = match.start() + 1
        else:
            found.append((day, match.start(), match.end()))
            position = match.end()
    return found


def period(value: object) -> tuple[dt.date, dt.date] | None:
    """ "01.06.2026 – 30.06.2026", "с 1 июня 2026 по 30 июня 2026": first and last day; None when it has not two of them."""
    text = as_text(value)[:LONGEST]
    found = _days(text)
    if len(found) == 1 and (begun := _BEGUN.search(text[: found[0][1]])) and isinstance(found[0][0], dt.date):
        return _begun(int(begun.group(1)), int(begun.group(2) or 0), found[0][0])
    if len(found) != 2:
        return None
    first, last = (day for day, _, _ in found)
    return (first, last) if isinstance(first, dt.date) and isinstance(last, dt.date) else None


def _begun(day: int, month: int, last: dt.date) -> tuple[dt.date, dt.date] | None:
    """ "01.06 – 28.06.2026" and "1–28 июня 2026": the first day takes from the last what it does not say itself."""
    month = month or last.month
    try:
        first = dt.date(last.year - (month > last.month), month, day)
    except ValueError:
        return None
    return first, last


@lru_cache(maxsize=1024)
def programme(
    code: object, name: object = None, level: str | None = None, course: int | None = None
) -> tuple[Programme | None, ProgrammeProblem | None]:
    """The programme that a code, a name or both of them in one cell mean, and what is wrong or was assumed.

    A code decides. A name alone may belong to several levels: `level` and `course` narrow them; then a specialist or bachelor
    programme is taken before residency and postgraduate study, and between bachelor and master the choice is told
    ("level_assumed"). Problems of WARNINGS come with a programme, the others are for refusal; "level_mismatch" comes with the
    programme of the code.
    """
    found_code, found_name = _code_and_name(code, name)
    if found_code:
        return _by_code(found_code, found_name, level)
    return _by_name(found_name, level, course) if found_name else (None, "empty")


def _code_and_name(code: object, name: object) -> tuple[str, str]:
    """Looks for a code in both cells; what stands beside it is the name. A code that Excel took for a day is given back."""
    if isinstance(code, dt.date):
        for written in (f"{code:%d.%m.%y}", f"{code.day}.{code.month}.{code.year % 100}"):
            if written in programmes():
                return written, as_text(name)
    texts = [as_text(code)[:LONGEST], as_text(name)[:LONGEST]]
    for number, text in enumerate(texts):
        match = _CODE.search(text)
        if match:
            rest = f"{text[: match.start()]} {text[match.end() :]}"
            other = texts[1 - number]
            beside = " ".join(re.sub(r"\(\s*\)|^[\s\-\u2013\u2014.,:;_«»\"]+|[\s\-\u2013\u2014,:;_]+$", " ", rest).split())
            return re.sub(r"[\u2024,]\s?|\.\s", ".", match.group()), other if _is_worded(other) else beside
    if (loose := _LOOSE.search(texts[0])) and (
        written := ".".join(f"{int(part):02}" for part in loose.groups())
    ) in programmes():
        beside = " ".join(f"{texts[0][: loose.start()]} {texts[0][loose.end() :]}".split())
        return written, texts[1] if _is_worded(texts[1]) else beside
    bare = re.fullmatch(r"(\d{2})(\d{2})(\d{2})", texts[0].zfill(6) if texts[0].isdigit() and len(texts[0]) >= 5 else "")
    if bare:
        return ".".join(bare.groups()), texts[1]
    return "", texts[1] if _is_worded(texts[1]) else texts[0] if _is_worded(texts[0]) else ""


def _is_worded(text: str) -> bool:
    return sum(character.isalpha() for character in text) > 2


def _by_code(code: str, name: str, level: str | None) -> tuple[Programme | None, ProgrammeProblem | None]:
    known = programmes().get(code)
    found = known or programme_for(code, name)
    if found is None or not is_programme_code(code):
        return None, "unknown_code"
    if level and found.level_code and not _levels_agree(level, found.level_code):
        return found, "level_mismatch"
    if known is None:
        return found, "unlisted"
    return found, "name_mismatch" if name and not _names_agree(name, found.name_ru) else None


def _levels_agree(stated: str, implied: str) -> bool:
    """Secondary vocational levels are not told apart by lists, nor do pilot levels have codes of their own."""
    without_codes = {"base_ho", "spec_ho", "prep", "included"}
    return stated == implied or {stated, implied} <= {"spo", "spo_worker"} or stated in without_codes


def _names_agree(written: str, official: str) -> bool:
    """Whether a written name may be the official one: shortened, with a profile in brackets, or with an error of typing."""
    one, other = plain(without_brackets(written)), plain(official)
    if not one or one == other or one in other or other in one:
        return True
    short = [word[:4] for word in one.split() if len(word) > 3]
    long = {word[:4] for word in other.split()}
    return bool(short) and sum(word in long for word in short) * 2 >= len(short)


def _by_name(name: str, level: str | None, course: int | None) -> tuple[Programme | None, ProgrammeProblem | None]:
    found = programmes_named(name) or programmes_named(without_brackets(name))
    guessed = not found
    if guessed:
        found = tuple(similar_programmes(name, level, limit=12, only_words=True))
        if len({plain(one.name_ru) for one in found}) != 1:
            return None, "unknown_name"
    current = [one for one in found if not one.legacy] or list(found)
    if level:
        current = [one for one in current if one.level_code and _levels_agree(level, one.level_code)]
        if not current:
            return None, "level_mismatch"
    if course:
        current = [one for one in current if (one.courses("extra") or course) >= course] or current
    levels = list(dict.fromkeys(one.level_code for one in current))
    first = [one for one in current if one.level_code == levels[0]]
    if len(first) > 1:
        return None, "ambiguous_name"
    if guessed:
        return first[0], "name_guessed"
    return first[0], "level_assumed" if {"bachelor", "master"} <= set(levels) else None


def similar_programmes(text: object, level: str | None = None, *, limit: int = 3, only_words: bool = False) -> list[Programme]:
    """Programmes that a person may have meant: by words of the name, by the beginning of the code, by likeness."""
    typed = as_text(text)[:LONGEST]
    match = _CODE.search(typed)
    if match and not only_words:
        pair = match.group()[:5]
        by_code = [one for one in programmes().values() if one.code[:5] == pair and level in {None, one.level_code}]
        return sorted(by_code, key=lambda one: -difflib.SequenceMatcher(None, plain(typed), plain(str(one))).ratio())[:limit]
    words = plain(without_brackets(typed))
    by_words = search_programmes(words, level, limit) if len(words) > 4 else []
    if by_words or only_words:
        return by_words
    names = {plain(one.name_ru) for one in programmes().values() if level in {None, one.level_code} and not one.legacy}
    close = difflib.get_close_matches(words, sorted(names), n=limit, cutoff=0.6)
    return [next(one for one in programmes_named(name) if level in {None, one.level_code}) for name in close]
