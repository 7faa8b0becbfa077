"""A table for a reader who sees no persons: small counts and whatever would give them away are hidden, totals included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

from reports.suppression import Sum, hide, sum_of
from reports.table import ALL, Line, Table

Position: TypeAlias = tuple[str, str]
Tree: TypeAlias = Mapping[str, Sequence[str]]


def conceal(
    table: Table,
    tree: Tree,
    groups: Sequence[Sequence[str]] = (),
    subsets: Mapping[str, str] = MappingProxyType({}),
    given: Mapping[Position, str | None] | None = None,
) -> dict[Position, str]:
    """(line, measure) -> sign, for the counts of a table.

    tree: line -> lines that add up to it. groups: measures that add up to the measure «total» in each line; subsets: measure ->
    the measure that it is a part of (the rest can be worked out, so it is protected as well). given: what is hidden (a sign) or
    shown (None) elsewhere. The margins are decided first and each by itself, so every report about the same day hides the
    same margins, and one table does not undo another.
    """
    values = _counts(table, [ALL, *(m for group in groups for m in group), *subsets])
    unprinted = set()
    for line in {line for line, _ in values}:
        for subset, of in subsets.items():
            values[line, _rest(subset)] = values[line, of] - values[line, subset]
            unprinted.add((line, _rest(subset)))
    margins = given if given is not None else _margins(values, tree, groups, subsets, unprinted)
    sums = [*_across(values, groups, subsets), *_down(values, tree)]
    return {
        cell: sign
        for cell, sign in hide(
            values, sums, unprinted=unprinted,
            hidden={cell: sign for cell, sign in margins.items() if sign and cell in values},
            kept=[cell for cell, sign in margins.items() if sign is None and cell in values],
        ).items()
        if isinstance(cell, tuple)
    }  # fmt: skip


def margin(parts: Mapping[str, int], rest: Mapping[str, int] | None = None) -> dict[str, str]:
    """One line of figures that add up to their shown total: part -> sign. The order of the parts does not matter."""
    values: dict[Any, int] = {key: parts[key] for key in sorted(parts)} | dict(rest or {}) | {(ALL,): sum(parts.values())}
    found = hide(values, [sum_of((ALL,), sorted(parts))], kept=[(ALL,)])
    return {key: sign for key, sign in found.items() if isinstance(key, str)}


def _rest(measure: str) -> str:
    return f"not {measure}"


def _counts(table: Table, measures: Sequence[str]) -> dict[Position, int]:
    lines: list[Line] = [*table.lines, *([table.total] if table.total else [])]
    present = {measure.key for measure in table.measures}
    return {
        (line.key, key): int(value)
        for line in lines
        for key in measures
        if key in present and isinstance(value := line.values.get(key), int)
    }


def _across(values: Mapping[Position, int], groups: Sequence[Sequence[str]], subsets: Mapping[str, str]) -> list[Sum]:
    lines = list(dict.fromkeys(line for line, _ in values))
    found: list[Sum] = []
    for line in lines:
        found += [sum_of((line, ALL), [(line, measure) for measure in group]) for group in groups if group]
        found += [sum_of((line, of), [(line, subset), (line, _rest(subset))]) for subset, of in subsets.items()]
    return found


def _down(values: Mapping[Position, int], tree: Tree) -> list[Sum]:
    measures = list(dict.fromkeys(measure for _, measure in values))
    return [sum_of((line, one), [(part, one) for part in parts]) for line, parts in tree.items() for one in measures]


def _margins(
    values: Mapping[Position, int],
    tree: Tree,
    groups: Sequence[Sequence[str]],
    subsets: Mapping[str, str],
    unprinted: set[Position],
) -> dict[Position, str | None]:
    """The bottom line and the first column, each alone with the total, which stays if it can."""
    whole = (ALL, ALL)
    if whole not in values:
        return {}
    lists = [[(ALL, measure) for measure in group] for group in groups]
    lists += [[(ALL, subset), (ALL, _rest(subset))] for subset, of in subsets.items() if of == ALL]
    lists.append([(line, ALL) for line in tree.get(ALL, ())])
    found: dict[Position, str | None] = {}
    for parts in lists:
        alone = {cell: values[cell] for cell in sorted(parts) if cell in values} | {whole: values[whole]}
        hidden = hide(alone, [sum_of(whole, sorted(parts))], unprinted=unprinted & set(parts), kept=[whole])
        found |= {cell: hidden.get(cell) or found.get(cell) for cell in alone if cell not in unprinted}
    return found
