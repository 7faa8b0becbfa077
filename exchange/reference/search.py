"""Finding lines of a classifier by any words of their names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

from exchange.reference.vocabulary import SAME_LETTERS

T = TypeVar("T")

_ABSENT = (9, 0)
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """Words of a text for comparing: lower case, Kazakh letters and ё as their Russian neighbours, no punctuation."""
    return tuple(_WORD.findall(unicodedata.normalize("NFC", text).lower().translate(SAME_LETTERS)))


def plain(text: str) -> str:
    """The words of a text joined by single spaces: equal for two writings of one name."""
    return " ".join(words(text))


def has_words(asked: tuple[str, ...], offered: tuple[str, ...]) -> bool:
    """Whether every asked word begins another offered word, in any order."""
    left = list(offered)
    for word in sorted(asked, key=len, reverse=True):
        found = next((candidate for candidate in left if candidate.startswith(word)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def search(items: Iterable[T], text: str, names: Callable[[T], tuple[str, ...]], limit: int) -> list[T]:
    """Items one of whose names has all words of `text`: whole names first, then names that begin with it, then the rest."""
    asked = words(text)
    if not asked:
        return []
    joined = " ".join(asked)
    ranked: list[tuple[tuple[int, int], int, T]] = []
    for number, item in enumerate(items):
        best = min((_rank(asked, joined, name) for name in names(item)), default=_ABSENT)
        if best < _ABSENT:
            ranked.append((best, number, item))
    ranked.sort(key=lambda entry: entry[:2])
    return [item for _, _, item in ranked[:limit]]


def _rank(asked: tuple[str, ...], joined: str, name: str) -> tuple[int, int]:
    """How near a name is, less is nearer; among names that only have the words, a shorter one is."""
    offered = words(name)
    if not has_words(asked, offered):
        return _ABSENT
    whole = " ".join(offered)
    return (0, 0) if whole == joined else (1, 0) if whole.startswith(joined) else (2, len(offered))
