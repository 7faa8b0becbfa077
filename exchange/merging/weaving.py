"""Two histories of what is said of one human woven into one: of every field the days of the record that was chosen. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

LONGEST_GROUND = 300


@dataclass(frozen=True)
class Span:
    """What is said of a person from a day to a day (not included; empty: on and on)."""

    valid_from: dt.date
    valid_to: dt.date | None
    said: Mapping[str, Any]
    ground: str = ""  # why it holds from its first day, when no order says it

    @property
    def key(self) -> tuple[Any, ...]:
        return (self.valid_from, self.valid_to, self.ground, *(self.said[name] for name in sorted(self.said)))


def _at(spans: Sequence[Span], day: dt.date, name: str) -> Any:
    """The value on a day; before the first span its first value."""
    begun = [span for span in spans if span.valid_from <= day]
    return (begun[-1] if begun else spans[0]).said[name]


def timeline(spans: Sequence[Span], names: Sequence[str]) -> list[tuple[dt.date | None, tuple[Any, ...]]]:
    """The values of these fields with the day since which each holds; the first since ever."""
    told: list[tuple[dt.date | None, tuple[Any, ...]]] = []
    for span in spans:
        values = tuple(span.said[name] for name in names)
        if not told or told[-1][1] != values:
            told.append((span.valid_from if told else None, values))
    return told


def woven(kept: Sequence[Span], gone: Sequence[Span], of_gone: Collection[str]) -> list[Span]:
    """The spans of the one human: fields of `of_gone` go by the days of `gone`, all others by those of `kept`.

    Both begin with the earlier of their first days and go on and on; neighbours that say the same are one span.
    """
    days = sorted({span.valid_from for span in (*kept, *gone)})
    told: list[Span] = []
    for day in days:
        said = {name: _at(gone if name in of_gone else kept, day, name) for name in kept[0].said}
        if told and told[-1].said == said:
            continue
        ground = _ground(told[-1].said if told else {}, day, kept, gone, of_gone)
        if told:
            told[-1] = replace(told[-1], valid_to=day)
        told.append(Span(day, None, said, ground))
    return told


def _ground(
    before: Mapping[str, Any], day: dt.date, kept: Sequence[Span], gone: Sequence[Span], of_gone: Collection[str]
) -> str:  # fmt: skip
    """Why something else holds from a day on: the ground of the record whose fields change on it, maybe of both."""
    told = []
    for spans, is_gone in ((kept, False), (gone, True)):
        for span in spans:
            names = [name for name in span.said if (name in of_gone) is is_gone]
            if span.valid_from == day and any(name not in before or before[name] != span.said[name] for name in names):
                told.append(span.ground)
    return "; ".join(dict.fromkeys(ground for ground in told if ground))[:LONGEST_GROUND]
