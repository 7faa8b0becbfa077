"""Which university the words of a file or a form mean."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.internships.norms import DATA
from exchange.internships.vocabulary import LETTER_CASE, city_of, plain_name
from exchange.organisations.models import Kind, Organisation

_WORDS = re.compile(r"[^\W_]+")


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORDS.findall(text))


def _spelled(text: str) -> tuple[str, ...]:
    """Tokens of what somebody wrote; a small letter before a capital ends a token («AltGTU» is «alt» and «gtu»)."""
    return tuple(part.casefold() for word in _WORDS.findall(text) for part in LETTER_CASE.split(word) if part)


def _means(written: Sequence[str], full: Sequence[str]) -> bool:
    """Whether each written token shortens the next word of the full name, or is the initials of the next words."""
    if not written:
        return not full
    token, rest = written[0], written[1:]
    if full and len(token) > 1 and full[0].startswith(token) and _means(rest, full[1:]):
        return True
    size = len(token)
    return 2 <= size <= len(full) and "".join(w[0] for w in full[:size]) == token and _means(rest, full[size:])


@functools.cache
def _aliases() -> dict[tuple[str, ...], str]:
    with (DATA / "university_aliases.csv").open(encoding="utf-8", newline="") as file:
        return {_tokens(line["alias"]): line["code"] for line in csv.DictReader(file)}


@dataclass(frozen=True)
class University:
    """A university as a form needs it: no row of the database, so nothing is asked while rows are checked."""

    id: int
    code: str
    kind: str
    short_name: str
    names: tuple[str, ...]
    is_active: bool
    city: str = ""
    parent_id: int | None = None

    @property
    def is_here(self) -> bool:
        """Of the Krai: it keeps a register here and can recognise its student."""
        return self.kind in (Kind.UNIVERSITY, Kind.BRANCH)


class Universities:
    """All universities that may send a student, found by id, code or by whatever a file calls them."""

    def __init__(self, universities: Iterable[University]) -> None:
        self.all = tuple(universities)
        self.by_id = {u.id: u for u in self.all}
        self.by_code = {u.code.casefold(): u for u in self.all}
        self._exact: dict[tuple[str, ...], list[University]] = {}
        self._full: list[tuple[tuple[str, ...], University]] = []
        for university in self.all:
            for name in (university.code.removeprefix("KZ-"), university.short_name, *university.names):
                for key in {_tokens(name), _tokens(plain_name(name))} - {()}:
                    known = self._exact.setdefault(key, [])
                    if university not in known:
                        known.append(university)
            for name in university.names:
                self._full.append((_tokens(plain_name(name)), university))
        self._found: dict[str, University | None] = {}

    @property
    def choices(self) -> list[tuple[str, str]]:
        """For a select: first the universities of the Krai, then partners; closed ones are only recognised in files."""
        ranked = sorted((u for u in self.all if u.is_active), key=lambda u: (not u.is_here, u.short_name))
        return [(u.code, u.short_name) for u in ranked]

    def match(self, text: str) -> University | None:
        """The one university that the words mean, or None when there is none or more than one."""
        text = str(text or "").strip()[:400]
        if text not in self._found:
            if len(self._found) > 5000:
                self._found.clear()
            self._found[text] = self._match(text)
        return self._found[text]

    def _match(self, text: str) -> University | None:
        if found := self._named(text):
            return found
        text, city = city_of(text)
        found = self._named(text) if city else None
        if found is None or found.city.casefold() == city:
            return found
        return self._one([u for u in self.all if u.parent_id == found.id and u.city.casefold() == city])

    def _named(self, text: str) -> University | None:
        if found := self.by_code.get(text.casefold()):
            return found
        plain = plain_name(text)
        for key in (_tokens(text), _tokens(plain), _spelled(plain)):
            if code := _aliases().get(key):
                return self.by_code.get(code.casefold())
            if found := self._one(self._exact.get(key, [])):
                return found
        written = _spelled(plain)
        return self._one([u for full, u in self._full if written and _means(written, full)])

    def _one(self, found: list[University]) -> University | None:
        """A single one; of several the single one that is open, or the single one of the Krai."""
        choices = [set(found), {u for u in found if u.is_active}, {u for u in found if u.is_active and u.is_here}]
        return next((next(iter(few)) for few in choices if len(few) == 1), None)


def universities(session: Session) -> Universities:
    """Universities and branches of the Krai and partners in Kazakhstan: one query."""
    rows = session.execute(
        sa.select(
            Organisation.id, Organisation.code, Organisation.kind, Organisation.short_ru, Organisation.name_ru,
            Organisation.name_kk, Organisation.name_en, Organisation.is_active, Organisation.city, Organisation.parent_id,
        )
        .where(Organisation.kind.in_((Kind.UNIVERSITY, Kind.BRANCH, Kind.PARTNER)))
        .order_by(Organisation.id)
    )  # fmt: skip
    return Universities(
        University(
            r.id, r.code, r.kind, r.short_ru, tuple(n for n in (r.name_ru, r.name_kk, r.name_en) if n), r.is_active, r.city,
            r.parent_id,
        )
        for r in rows
    )  # fmt: skip


def match_university(session: Session, text: str) -> Organisation | None:
    """The university that the words mean; for one text. For many take `universities(session).match`."""
    found = universities(session).match(text)
    return session.get(Organisation, found.id) if found else None
