"""Headings of our own columns in a workbook that goes back, as `plain` text: by them they are known when it comes again."""

from __future__ import annotations

from exchange.imports.vocabulary_text import plain

KEY_HEADING = "registry_id"
KEY = plain(KEY_HEADING)
VERDICTS = frozenset({"проверка", "результат загрузки"})
REMARKS = frozenset({"что исправить", "подробности загрузки"})
OWN = VERDICTS | REMARKS | {KEY}
PAGES = frozenset({"справочники", "как исправить", "о загрузке"})

PHRASES = {"key": KEY}


def is_own(heading: str) -> bool:
    """Whether a heading is of a column that we wrote ourselves."""
    return plain(heading.rpartition(" / ")[2]) in OWN


def is_own_page(name: str) -> bool:
    """Whether a sheet is one that we wrote ourselves («Справочники», «Справочники (2)»)."""
    words = plain(name).split()
    return " ".join(words[:-1] if words and words[-1].isdecimal() else words) in PAGES
