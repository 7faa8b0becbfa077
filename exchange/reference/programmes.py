"""Fields of study: directions and specialties by code, scientific specialties, and the search for them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache

from exchange.reference.search import plain, search
from exchange.reference.shelf import read, years

# The middle pair of a code gives the level (order 1061); 07 is a reserved pair, codes of order 118 have another form.
LEVEL_OF_PAIR = {
    "01": "spo_worker",
    "02": "spo",
    "03": "bachelor",
    "04": "master",
    "05": "specialist",
    "06": "postgraduate",
    "08": "residency",
    "09": "assistantship",
}
_PAIRS = re.compile(r"\d{2}\.\d{2}\.\d{2}")
_SCIENTIFIC = re.compile(r"[1-5]\.\d{1,2}\.\d{1,2}")
# When a name alone is given, the first degree is meant sooner than what follows it.
_LEVEL_ORDER = ("specialist", "bachelor", "master", "residency", "postgraduate", "spo", "spo_worker", "prep", "assistantship")


@dataclass(frozen=True)
class Programme:
    """A direction, a specialty or a scientific specialty. `years` is the usual length of the full-time programme."""

    code: str
    name_ru: str
    level_code: str | None
    ugsn_code: str | None
    years: float | None
    kz_field_code: str | None
    legacy: bool
    confidence: str

    @property
    def name(self) -> str:
        """The name as the order gives it; there is only a Russian one."""
        return self.name_ru

    def courses(self, form_code: str | None = None) -> int | None:
        """How many years of study there are: half a year counts as one, part-time and extramural study takes a year more."""
        if self.years is None:
            return None
        return math.ceil(self.years) + (1 if form_code in {"part", "extra"} else 0)

    def __str__(self) -> str:
        return f"{self.code} {self.name_ru}"


@cache
def programmes() -> dict[str, Programme]:
    """code -> programme: directions first, then scientific specialties (`group` lines of order 118 are not programmes)."""
    found = {
        row["code"]: Programme(
            code=row["code"],
            name_ru=row["name_ru"],
            level_code=row["level_code"],
            ugsn_code=row["ugsn_code"],
            years=float(row["typical_years_full_time"]),
            kz_field_code=row["kz_field_code"],
            legacy=row["legacy"] == "1",
            confidence=row["confidence"],
        )
        for row in read("directions")
    }
    longest = _longest_years()
    for row in read("programmes_more"):
        found[row["code"]] = Programme(
            code=row["code"],
            name_ru=row["name_ru"],
            level_code=row["level_code"],
            ugsn_code=row["ugsn_code"] or None,
            years=longest[row["level_code"]],
            kz_field_code=None,
            legacy=False,
            confidence=row["confidence"],
        )
    for row in read("scientific_specialties"):
        if row["kind"] == "specialty":
            found[row["code"]] = Programme(
                code=row["code"],
                name_ru=row["name_ru"],
                level_code="postgraduate",
                ugsn_code=None,
                years=longest["postgraduate"],
                kz_field_code=None,
                legacy=False,
                confidence=row["confidence"],
            )
    return found


@cache
def _longest_years() -> dict[str, float | None]:
    return {row["code"]: years(row["typical_years"])[1] for row in read("levels")}


@cache
def _groups_without_specialties() -> frozenset[str]:
    """Groups of order 118 whose specialties the shipped list lacks: there an unknown code proves nothing."""
    rows = read("scientific_specialties")
    return frozenset(row["code"] for row in rows if row["kind"] == "group") - {row["group_code"] for row in rows}


def is_programme_code(text: str) -> bool:
    """Whether a text has the form of a code, known or not."""
    return bool(_PAIRS.fullmatch(text) or _SCIENTIFIC.fullmatch(text))


def level_of(code: str) -> str | None:
    """The level that the form of a code implies; None when it implies none."""
    if _SCIENTIFIC.fullmatch(code):
        return "postgraduate"
    return LEVEL_OF_PAIR.get(code[3:5]) if _PAIRS.fullmatch(code) else None


def programme_for(code: str, name: str = "") -> Programme | None:
    """The programme of a code; None when there is none.

    The shipped list has no secondary vocational codes (middle pair 01 or 02) and no specialties in some groups of order 118:
    there a well-formed code with a name is taken as the document gives it, with confidence U, so that the caller can warn.
    Codes of every other level must be in the list.
    """
    known = programmes().get(code)
    name = " ".join(name.split())
    if known is not None or not name:
        return known
    level = level_of(code)
    if level in {"spo", "spo_worker"}:
        ugsn = {row["code"]: row["kz_field_code"] for row in read("ugsn")}
        group = f"{code[:2]}.00.00"
        if group not in ugsn or code.endswith(".00"):
            return None
        return Programme(code, name, level, group, _longest_years()[level], ugsn[group], legacy=False, confidence="U")
    if level == "postgraduate" and code.rpartition(".")[0] in _groups_without_specialties() and not code.endswith(".0"):
        return Programme(code, name, level, None, _longest_years()[level], None, legacy=False, confidence="U")
    return None


@cache
def _by_name() -> dict[str, tuple[Programme, ...]]:
    found: dict[str, tuple[Programme, ...]] = {}
    for programme in programmes().values():
        key = plain(programme.name_ru)
        found[key] = (*found.get(key, ()), programme)
    return {key: tuple(sorted(group, key=_preference)) for key, group in found.items()}


def _preference(programme: Programme) -> tuple[bool, int, str]:
    rank = _LEVEL_ORDER.index(programme.level_code) if programme.level_code in _LEVEL_ORDER else len(_LEVEL_ORDER)
    return (programme.legacy, rank, programme.code)


def programmes_named(name: str) -> tuple[Programme, ...]:
    """Programmes with exactly this name, whatever case and punctuation: first degrees first, old codes last."""
    return _by_name().get(plain(name), ())


def search_programmes(text: str, level: str | None = None, limit: int = 20) -> list[Programme]:
    """Programmes by the beginning of a code ("09.03", "0903") or by any words of the name, in any order."""
    wanted = [p for p in programmes().values() if level is None or p.level_code == level]
    asked = text.strip().rstrip(".")
    if re.fullmatch(r"[\d.,\s]+", asked):
        dotted = re.sub(r"[.,\s]+", ".", asked)
        return [p for p in wanted if p.code.startswith(dotted) or _begins_with_digits(p.code, dotted)][:limit]
    code = re.match(r"\d{2}\.\d{2}\.\d{2}|[1-5]\.\d{1,2}\.\d{1,2}", asked)
    if code and code.group() in programmes():
        return [p for p in wanted if p.code == code.group()]
    found = search(wanted, asked, lambda p: (p.name_ru,), len(wanted))
    return sorted(found, key=lambda p: p.legacy)[:limit]


def _begins_with_digits(code: str, asked: str) -> bool:
    """Codes of order 1061 are also typed without dots: 0903 is 09.03."""
    return "." not in asked and len(code) == 8 and code.replace(".", "").startswith(asked)
