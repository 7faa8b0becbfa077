"""Kinds of consents and the texts that are signed, by version: data of texts/, read once."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TEXTS = Path(__file__).parent / "texts"
# From this age on a consent is a person's own.
OF_AGE = 18


@dataclass(frozen=True)
class Kind:
    """What a consent can be given for."""

    code: str
    name: str
    title: str


@dataclass(frozen=True)
class Text:
    """A version of what is signed; `sha256` shows that nobody touched it since."""

    kind: str
    version: str
    valid_from: dt.date
    text: str
    sha256: str

    @property
    def is_whole(self) -> bool:
        return hashlib.sha256(self.text.encode()).hexdigest() == self.sha256

    def filled(self, person: str, born: str, university: str) -> list[str]:
        """Paragraphs with the names in their places."""
        told = self.text.replace("{person}", person).replace("{born}", born).replace("{university}", university)
        return told.split("\n\n")


def _lines(name: str) -> list[dict[str, str]]:
    with (TEXTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def kinds() -> Mapping[str, Kind]:
    """Kinds by code, in the order of the file."""
    return {row["code"]: Kind(row["code"], row["name_ru"], row["title_ru"]) for row in _lines("kinds.csv")}


@cache
def texts() -> tuple[Text, ...]:
    """All versions, the oldest first."""
    found = (
        Text(row["kind"], row["version"], dt.date.fromisoformat(row["valid_from"]), row["text_ru"], row["sha256"])
        for row in _lines("texts.csv")
    )
    return tuple(sorted(found, key=lambda text: (text.kind, text.valid_from)))


def text_on(kind: str, day: dt.date) -> Text | None:
    """The version that was given out on a day; None before the first one."""
    return next((text for text in reversed(texts()) if text.kind == kind and text.valid_from <= day), None)


def birthday(born: dt.date, years: int = OF_AGE) -> dt.date:
    """The day on which somebody becomes so old; who was born on 29 February, on 1 March of other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return dt.date(born.year + years, 3, 1)


def is_minor(born: dt.date, day: dt.date) -> bool:
    return day < birthday(born)
