"""Two people edited one record: what merges by itself, and where one has to choose. Pure: values in, decisions out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from exchange.internships.entry import COLUMNS, for_the_log


@dataclass
class Merge:
    """`values`: what the record becomes. `taken`, `kept`: columns of only theirs and only mine. `clashes`: columns of both."""

    values: dict[str, Any]
    taken: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)


def _plain(column: str, value: Any) -> Any:
    """A value as the log keeps it: the log is where the opened version is remembered."""
    value = for_the_log(column, value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return None if value == "" else value


def merge(mine: Mapping[str, Any], theirs: Mapping[str, Any], before: Mapping[str, Any], choices: Mapping[str, str]) -> Merge:
    """Three ways, column by column.

    `mine`: what I sent. `theirs`: the record now. `before`: what the columns that others changed held when I opened it.
    `choices`: column -> "mine" or "theirs" for columns that both changed; without a choice it is unanswered.
    """
    merged = Merge(dict(theirs))
    for column in COLUMNS:
        opened = _plain(column, before[column] if column in before else theirs[column])
        i_changed = _plain(column, mine[column]) != opened
        they_changed = _plain(column, theirs[column]) != opened
        if mine[column] == theirs[column] or not (i_changed or they_changed):
            continue
        if they_changed and not i_changed:
            merged.taken.append(column)
        elif i_changed and not they_changed:
            merged.kept.append(column)
            merged.values[column] = mine[column]
        else:
            merged.clashes.append(column)
            choice = choices.get(column)
            if choice == "mine":
                merged.values[column] = mine[column]
            elif choice != "theirs":
                merged.unanswered.append(column)
    return merged
