"""How a line of a classifier is called in the language of the page."""

from __future__ import annotations

from typing import Any

from exchange.reference.shelf import short_names

LANGUAGES = ("ru", "kk", "en")
FUNDING_GROUPS = ("budget", "quota", "contract", "other")


def label(item: Any, language: str = "ru") -> str:
    """The name of a line in a language; in Russian when that language lacks it."""
    return _first(item, f"name_{language}", "name_ru")


def short_label(item: Any, language: str = "ru") -> str:
    """The short name for lists and charts; the long one when there is no short one."""
    return _first(item, f"short_{language}", "short_ru", f"name_{language}", "name_ru")


def funding_group_label(group: str, language: str = "ru") -> str:
    """The name of one of FUNDING_GROUPS."""
    names = short_names("funding_group")[group]
    return names[LANGUAGES.index(language)] if language in LANGUAGES else names[0]


def _first(item: Any, *attributes: str) -> str:
    return next((text for name in attributes if (text := str(getattr(item, name, "") or ""))), "")
