"""From rows with two times to single changes: a field, what it was, what it became. Pure: no database, no words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class Said(Protocol):
    """A row with two times."""

    valid_from: dt.date
    valid_to: dt.date | None
    recorded_at: dt.datetime
    superseded_at: dt.datetime | None


@dataclass(frozen=True)
class Change:
    """From a day on, a field says something else than it did before the moment `at`."""

    at: dt.datetime
    field: str
    was: Any
    became: Any
    since: dt.date | None
    is_first: bool = False
    by_id: int | None = None
    by: str = ""


def _known(rows: Sequence[Said], at: dt.datetime, *, before: bool) -> list[Said]:
    """What the registry said right before or right after a moment."""
    if before:
        return [row for row in rows if row.recorded_at < at and (row.superseded_at is None or row.superseded_at >= at)]
    return [row for row in rows if row.recorded_at <= at and (row.superseded_at is None or row.superseded_at > at)]


def _on(rows: Sequence[Said], day: dt.date) -> Said | None:
    return next((row for row in rows if row.valid_from <= day and (row.valid_to is None or day < row.valid_to)), None)


def changes_in(rows: Sequence[Any], fields: Sequence[str]) -> Iterator[Change]:
    """Every change of every field, in the order of recording. The same change that goes on for more days is told once."""
    moments = sorted({row.recorded_at for row in rows} | {row.superseded_at for row in rows if row.superseded_at is not None})
    for number, at in enumerate(moments):
        was, became = _known(rows, at, before=True), _known(rows, at, before=False)
        author = next((row for row in rows if row.recorded_at == at), None)
        told: set[tuple[str, Any, Any]] = set()
        for day in sorted({row.valid_from for row in (*was, *became)}):
            old, new = _on(was, day), _on(became, day)
            for name in fields:
                pair = (getattr(old, name, None), getattr(new, name, None))
                if pair[0] == pair[1] or (not pair[0] and not pair[1]) or (name, *pair) in told:
                    continue
                # what held before this day goes on: a day on which only an older value begins is no change of it
                told.add((name, *pair))
                yield Change(
                    at, name, *pair, since=day, is_first=number == 0,
                    by_id=getattr(author, "recorded_by_id", None), by=getattr(author, "recorded_by", ""),
                )  # fmt: skip
