"""Recognising what a column is: by the words of its heading, and when they say nothing, by what stands in it."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, lru_cache

from exchange.imports import vocabulary_headings as headings
from exchange.imports import vocabulary_own
from exchange.imports.vocabulary_regions import region
from exchange.imports.vocabulary_text import as_text, plain, without_brackets
from exchange.imports.vocabulary_values import course, form, funding, kind, level, sex, status
from exchange.people import iin
from exchange.people.dates import excel_serial, parse_date
from exchange.people.documents import examine_document
from exchange.people.names import is_name, is_nothing, looks_like_patronymic
from exchange.reference.classifiers import is_programme_code, programmes, programmes_named

Candidate = tuple[str, float]

_SAMPLE = 60
# How much of a column must look alike before its content decides.
_MAJORITY = 0.6
_SURNAME = re.compile(
    r"(?:ов|ова|ев|ева|ёв|ёва|ин|ина|ын|ына|ский|ская|цкий|цкая|ко|ук|юк|швили|ян|ұлы|тегі|ич|ых|их|ov|ova|ev|eva|yev|yeva|in|ina|ko)$",
    re.IGNORECASE,
)


@cache
def _exact() -> dict[str, list[str]]:
    """phrase -> fields: whole headings, each of them in `plain` writing."""
    found: dict[str, list[str]] = {}
    for field, phrases in headings.EXACT.items():
        for phrase in phrases.split("|"):
            fields = found.setdefault(plain(phrase), [])
            if field not in fields:
                fields.append(field)
    return found


@cache
def _likely() -> tuple[tuple[str, re.Pattern[str], float], ...]:
    return tuple((name, re.compile(pattern), trust) for name, pattern, trust in (*headings.LIKELY, *headings.WEAK))


@cache
def _pairs() -> tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...]:
    return tuple((re.compile(upper), re.compile(lower), name) for upper, lower, name in headings.PAIRS)


@lru_cache(maxsize=4096)
def _recognise(text: str) -> tuple[Candidate, ...]:
    found: dict[str, float] = {}

    def offer(name: str, trust: float) -> None:
        found[name] = max(found.get(name, 0.0), round(trust, 2))

    parts = [part for part in re.split(r"\s+/\s+", re.sub(r"\([^()]*\)", _guarded, text)) if plain(part)]
    parts = [part.replace("\x00", "/") for part in parts]
    whole = plain(" ".join(parts))
    if parts and plain(parts[-1]) in vocabulary_own.VERDICTS | vocabulary_own.REMARKS:
        return ((headings.IGNORED, 1.0),)  # what we wrote ourselves into a workbook that came back
    if len(parts) > 1:
        upper, lower = plain(" ".join(parts[:-1])), plain(parts[-1])
        if headings.NO_PLACE.search(upper):
            return ((headings.IGNORED, 0.9),)
        for upper_pattern, lower_pattern, name in _pairs():
            if upper_pattern.search(upper) and lower_pattern.search(lower):
                offer(name, 0.97)
                break
        for name, trust in _recognise(parts[-1]):
            offer(name, trust * 0.92)
    for name in _exact().get(whole, ()):
        offer(name, 1.0)
    if not re.search(headings.SCRIPT, whole):
        for name in _exact().get(plain(without_brackets(text)), ()):
            offer(name, 0.95)
    if not any(trust >= 0.95 for trust in found.values()):
        if headings.NO_PLACE.search(whole):
            return ((headings.IGNORED, 0.9),)
        for name, pattern, trust in _likely():
            if pattern.search(whole):
                offer(name, trust)
    return tuple(sorted(found.items(), key=lambda candidate: -candidate[1]))


def _guarded(match: re.Match[str]) -> str:
    """A slash inside brackets does not part two rows of a heading."""
    return match.group().replace("/", "\x00")


def recognise_heading(text: object, kind: str | None = None) -> list[Candidate]:
    """Fields that a heading may stand for with the trust in each, the likeliest first; nothing for an unknown heading.

    A heading in two rows is given as "upper / lower". `kind` ("students" or "interns") leaves the fields of that list only.
    The field "ignored" means: a known heading of something that the registry does not keep, so its content must not decide.
    From 0.8 a heading may be trusted without asking, from 0.95 it is a whole known phrase.
    """
    found = list(_recognise(str(text)[:600] if isinstance(text, str) else as_text(text)))
    if kind == "interns":
        found = [(_for_interns(name, found), trust) for name, trust in found]
        allowed = headings.INTERN_FIELDS
    elif kind == "students":
        allowed = headings.STUDENT_FIELDS
    else:
        return found
    best: dict[str, float] = {}
    for name, trust in found:
        if name in allowed or name == headings.IGNORED:
            best[name] = max(best.get(name, 0.0), trust)
    return sorted(best.items(), key=lambda candidate: -candidate[1])


def fields_among(texts: Sequence[str], kind: str) -> set[str]:
    """The fields that headings surely stand for in a list of a kind."""
    likeliest = (recognise_heading(text, kind)[:1] for text in texts if text)
    return {name for found in likeliest for name, trust in found if trust >= 0.8}


def _for_interns(name: str, found: list[Candidate]) -> str:
    """The meaning in a list of interns, unless the heading already has one there."""
    others = {other for other, _ in found}
    if name in headings.AS_INTERN and not others & {"kind", "sender", "department", "starts_on", "ends_on", "hours"}:
        return headings.AS_INTERN[name]
    return name


def recognise_column(values: Sequence[object], *, today: dt.date | None = None) -> Candidate | None:
    """The field that the content of a column speaks for, with the trust; None when it may be anything.

    Never trusted as much as a heading: at most 0.8.
    """
    cells = [value for value in values if not is_nothing(as_text(value))][:_SAMPLE]
    if not cells:
        return None
    counts: Counter[str] = Counter()
    for cell in cells:
        name = next((name for name, test in _CONTENTS if test(cell)), None)
        if name:
            counts[name] += 1
    if not counts:
        return None
    name, number = counts.most_common(1)[0]
    share = number / len(cells)
    if share < _MAJORITY:
        return None
    if name == "date":
        return _date_field(cells, today or dt.date.max, share)
    if name == "full_name" and len({as_text(cell) for cell in cells}) < _MAJORITY * len(cells):
        return None
    if name == "word":
        return _name_field(cells, share)
    return name, round(0.8 * share, 2)


def _is_iin(cell: object) -> bool:
    text = re.sub(r"[\s'\u00a0]", "", as_text(cell))
    return bool(re.fullmatch(r"\d{9,12}", text)) and iin.examine(text.zfill(12)).error in {None, "checksum"}


def _is_passport(cell: object) -> bool:
    return examine_document("kz_passport", as_text(cell)).error is None


def _is_phone(cell: object) -> bool:
    text = as_text(cell)
    digits = re.sub(r"\D", "", text)
    return bool(re.fullmatch(r"\+?[\d\s()\-.]{10,20}", text)) and 10 <= len(digits) <= 13 and digits[0] in "78+9"


def _day(cell: object) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if isinstance(cell, int | float):
        day = excel_serial(cell)
    else:
        day = parse_date(as_text(cell), birth=True, today=dt.date(2000, 1, 1))
        if not isinstance(day, dt.date) and day.code == "serial" and day.proposal:
            return day.proposal
    return day if isinstance(day, dt.date) else None


def _is_code(cell: object) -> bool:
    return is_programme_code(as_text(cell)) and as_text(cell) in programmes()


def _is_programme(cell: object) -> bool:
    text = as_text(cell)
    return bool(re.match(r"\d{2}\.\d{2}\.\d{2}\s+\S", text)) or bool(programmes_named(without_brackets(text)))


def _is_small(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern)
    return lambda cell: bool(compiled.fullmatch(plain(cell)))


def _words(cell: object) -> int:
    text = as_text(cell)
    return len(text.split()) if is_name(text) else 0


# The first test that a cell passes names it; the narrow ones stand first.
_CONTENTS: tuple[tuple[str, Callable[[object], bool]], ...] = (
    ("email", lambda cell: bool(re.fullmatch(r"\S+@\S+\.\S+", as_text(cell)))),
    ("iin", _is_iin),
    ("passport", _is_passport),
    ("snils", lambda cell: bool(re.fullmatch(r"\d{3}-\d{3}-\d{3}[ -]\d{2}", as_text(cell)))),
    ("programme_code", _is_code),
    ("programme", _is_programme),
    ("date", lambda cell: _day(cell) is not None),
    ("phone", _is_phone),
    ("order", lambda cell: bool(re.search(r"\d.*\b(?:от|dated|of)\b.*\d{4}", as_text(cell), re.IGNORECASE))),
    ("sex", lambda cell: sex(cell) is not None),
    ("citizenship", _is_small(r"(?:каз|рк|казахстан|республика казахстан|kaz|kz|kazakhstan|казакстан|кр)")),
    ("kind", lambda cell: bool(re.search(r"практик|стажир|тажириб|тагылым", plain(cell))) and kind(cell) is not None),
    ("level", lambda cell: len(plain(cell)) > 2 and level(cell) is not None),
    ("form", lambda cell: len(plain(cell)) > 1 and form(cell) is not None),
    ("funding", lambda cell: len(plain(cell)) > 2 and funding(cell) is not None),
    ("status", lambda cell: len(plain(cell)) > 3 and status(cell) is not None),
    ("course", lambda cell: "курс" in plain(cell) and course(cell) is not None),
    ("region", lambda cell: region(as_text(cell)) is not None),
    ("full_name", lambda cell: _words(cell) >= 2 and all(word[0].isupper() for word in as_text(cell).split()[:2])),
    ("word", lambda cell: _words(cell) == 1),
)  # fmt: skip


def _date_field(cells: list[object], today: dt.date, share: float) -> Candidate | None:
    """Births are of people of a student's age; other dates have no name of their own."""
    days = sorted(day for cell in cells if (day := _day(cell)))
    middle = days[len(days) // 2]
    latest = min(days[-1], today)
    if dt.date(1940, 1, 1) <= middle and middle.year <= latest.year and len({day.year for day in days}) > 1:
        reference = today.year if today != dt.date.max else dt.datetime.now(dt.UTC).year
        age = reference - middle.year
        if 15 <= age <= 60:
            return "born", round(0.8 * share, 2)
        if middle.year > reference:
            return "document_valid_until", round(0.6 * share, 2)
    return None


def _name_field(cells: list[object], share: float) -> Candidate | None:
    words = [as_text(cell) for cell in cells if _words(cell) == 1]
    patronymics = sum(looks_like_patronymic(word) for word in words) / len(words)
    surnames = sum(bool(_SURNAME.search(word)) for word in words) / len(words)
    if patronymics >= _MAJORITY:
        return "patronymic", round(0.8 * share, 2)
    if surnames >= _MAJORITY:
        return "last_name", round(0.7 * share, 2)
    # A column of few different words is a list of kinds, not of people.
    if len(set(words)) >= max(3, len(words) // 4):
        return "first_name", round(0.5 * share, 2)
    return None
