"""How headings and values are made comparable before they are recognised."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from exchange.people.vocabulary import KAZAKH_TO_RUSSIAN

LONGEST = 300
_NOT_WORDS = re.compile(r"[^\w№]+|_+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])-[ \t]*\n\s*(?=[^\W\d_])")


def as_text(value: object) -> str:
    """A cell as one would read it: 3.0 is "3", a day is DD.MM.YYYY, nothing is ""."""
    if value is None or isinstance(value, bool):
        return "" if value is None else "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", str(value))).split())


def plain(value: object) -> str:
    """Words of a cell for comparing: small letters, Kazakh ones as their Russian neighbours, no punctuation but №.

    A word that a heading breaks over two lines is joined.
    """
    text = str(value)[: 2 * LONGEST] if isinstance(value, str) else as_text(value)
    text = _BROKEN_WORD.sub("", unicodedata.normalize("NFC", text))
    text = _INVISIBLE.sub("", text).lower().translate(KAZAKH_TO_RUSSIAN).replace("№", " № ")
    return " ".join(_NOT_WORDS.sub(" ", text).split())[:LONGEST]


def without_brackets(text: str) -> str:
    """A text without what stands in brackets."""
    return re.sub(r"\([^()]*\)", " ", text[: 2 * LONGEST])
