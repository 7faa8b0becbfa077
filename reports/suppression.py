"""Hiding small counts so that nobody can work them out from what is shown: not from rows, columns, totals or complements.

A count of 1 to 4 is shown as «<5». Where a sum would give it away, further figures are hidden as «…», and if even that does
not help (4 + 4 = 8), the small ones become «…» too, so that nobody knows that they are small. A hidden count is safe when
there is another table that agrees with everything shown, and in which this count is different. Such a table is looked for
(best first: the cheapest set of changes that leaves all sums right); what it changes and is still shown, is hidden. So the
result is proven, whatever the shape of the sums: for every hidden count there is a second table.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from types import MappingProxyType
from typing import Any, TypeAlias

# Whatever names a cell.
Key: TypeAlias = Any
# Cells of an identity with their signs: total − part − part − … = 0.
Sum: TypeAlias = Mapping[Key, int]

SMALL, FURTHER = "<5", "…"
# Shown as «…» like any other hidden figure, but may be a small one.
_ANY = "?"
SMALLEST_SHOWN = 5
_MOST_STEPS = 1500
# What it costs to hide one more figure, to hide one that is a total, to upset a sum, to change one more cell.
_HIDING, _TOTAL, _UPSET, _CHANGE = 8.0, 12.0, 9.0, 0.5


def is_small(value: int) -> bool:
    """A count that points at persons: 1 to 4, of either sign."""
    return 0 < abs(value) < SMALLEST_SHOWN


def sum_of(total: Key, parts: Iterable[Key]) -> dict[Key, int]:
    """total = Σ parts."""
    return {total: 1, **dict.fromkeys(parts, -1)}


def hide(
    values: Mapping[Key, int],
    sums: Sequence[Sum],
    *,
    unprinted: Collection[Key] = (),
    hidden: Mapping[Key, str] = MappingProxyType({}),
    kept: Collection[Key] = (),
) -> dict[Key, str]:
    """What to show in place of figures: cell -> «<5» or «…»; cells that are not in the answer are shown.

    unprinted: cells that stand in no table but follow from it (men, when women and all are shown): they are protected too.
    hidden: cell -> sign; hidden already, elsewhere, and to be protected here. kept: shown elsewhere, hidden here only if
    nothing else helps.
    """
    table = _Table(values, sums, unprinted, hidden)
    for cell in values:
        if is_small(values[cell]) or cell in hidden:
            table.protect(cell, kept)
    return {cell: SMALL if sign == SMALL else FURTHER for cell, sign in table.signs.items() if cell not in table.unprinted}


def is_safe(values: Mapping[Key, int], sums: Sequence[Sum], signs: Mapping[Key, str], unprinted: Collection[Key] = ()) -> bool:
    """Whether every hidden small count could be another one, as far as a reader of the rest can tell."""
    table = _Table(values, sums, unprinted, signs)
    table.signs = {cell: sign for cell, sign in table.signs.items() if cell in signs}
    shown = [cell for cell in values if not table.is_open(cell)]
    only_hidden = _Allowance(kept=frozenset(shown))
    return all(table.another(cell, only_hidden) for cell in values if is_small(values[cell]))


@dataclass(frozen=True)
class _Allowance:
    """Which shown figures may be hidden: not those in `kept`; zeros and fives only where small ones are «…» too."""

    kept: frozenset[Key]
    blurred: bool = False


class _Table:
    """Figures, the sums between them, and what is hidden so far."""

    def __init__(
        self, values: Mapping[Key, int], sums: Sequence[Sum], unprinted: Collection[Key], hidden: Mapping[Key, str]
    ) -> None:
        self.values = values
        self.unprinted = frozenset(unprinted)
        self.sums = [one for one in sums if all(cell in values for cell in one)]
        self.at: dict[Key, list[int]] = {cell: [] for cell in values}
        for place, one in enumerate(self.sums):
            for cell in one:
                self.at[cell].append(place)
        self.totals = {cell for one in self.sums for cell, sign in one.items() if sign > 0}
        self.signs: dict[Key, str] = {c: SMALL for c, v in values.items() if is_small(v) and c not in self.unprinted}
        for cell, sign in hidden.items():
            self.signs[cell] = _ANY if sign == FURTHER and is_small(values[cell]) else sign
        # Another table stays one: whatever is hidden later only leaves more room.
        self._proven: set[Key] = set()

    def is_open(self, cell: Key) -> bool:
        """The reader does not see the figure."""
        return cell in self.signs or cell in self.unprinted

    def could_be(self, cell: Key, value: int, sign: str) -> bool:
        """Whether the reader would believe the value: the signs say what is small and what is not."""
        if self.values[cell] < 0 or (self.values[cell] == 0 and value < 0):
            value = -value
        if sign == SMALL:
            return is_small(value) and value > 0
        return value == 0 or value >= SMALLEST_SHOWN if sign == FURTHER else value >= 0

    def protect(self, cell: Key, kept: Collection[Key]) -> None:
        """Hides what is needed for this cell to have another value: first little, at last everything linked with it."""
        if cell in self._proven:
            return
        fresh = FURTHER
        found = self.another(cell, _Allowance(frozenset(kept)))
        if found is None:
            fresh = _ANY
            self._blur(cell)
            found = self.another(cell, _Allowance(frozenset(kept), blurred=True))
        if found is None:
            found = self.another(cell, _Allowance(frozenset(), blurred=True))
        if found is None:
            found = dict.fromkeys(self._linked(cell, everything=True), 0)
        for changed in found:
            if not self.is_open(changed):
                self.signs[changed] = _ANY if is_small(self.values[changed]) else fresh
        self._proven.update(found)

    def another(self, cell: Key, allowance: _Allowance) -> dict[Key, int] | None:
        """Changes of cells, this one among them, after which all sums still agree; None when none was found."""
        if not self.is_open(cell):
            return None
        sizes: tuple[int, ...] = (1, -1, 2, -2, 3, -3)
        if not is_small(self.values[cell]):
            sizes += (SMALLEST_SHOWN, -SMALLEST_SHOWN, -self.values[cell])
        for size in sizes:
            if size and self.could_be(cell, self.values[cell] + size, self.signs.get(cell, _ANY)):
                upset = {place: self.sums[place][cell] * size for place in self.at[cell]}
                if (found := self._settle({cell: size}, upset, allowance)) is not None:
                    return found
        return None

    def _settle(self, first: dict[Key, int], upset: dict[int, int], allowance: _Allowance) -> dict[Key, int] | None:
        """The cheapest further changes that make up for the first one in every sum that it upset."""
        number = count()
        queue = [(0.0, next(number), 0.0, first, upset)]
        for _step in range(_MOST_STEPS):
            if not queue:
                break
            _rank, _number, cost, changes, upset = heapq.heappop(queue)
            if not upset:
                return changes
            for cell, change, price in self._ways(changes, upset, allowance):
                left = dict(upset)
                for place in self.at[cell]:
                    left[place] = left.get(place, 0) + self.sums[place][cell] * change
                left = {place: amount for place, amount in left.items() if amount}
                paid = cost + price
                heapq.heappush(queue, (paid + _UPSET * len(left), next(number), paid, {**changes, cell: change}, left))
        return None

    def _ways(
        self, changes: Mapping[Key, int], upset: Mapping[int, int], allowance: _Allowance
    ) -> list[tuple[Key, int, float]]:
        """Ways to settle the upset sum that has fewest of them: cell, change, price."""
        best: list[tuple[Key, int, float]] | None = None
        for place in sorted(upset):
            one, amount = self.sums[place], upset[place]
            ways = []
            for cell, sign in one.items():
                price = None if cell in changes else self._price(cell, -amount * sign, allowance)
                if price is not None:
                    ways.append((cell, -amount * sign, price))
            if best is None or len(ways) < len(best):
                best = ways
            if len(best) < 2:
                break
        return best or []

    def _price(self, cell: Key, change: int, allowance: _Allowance) -> float | None:
        """What a change costs: little in a hidden cell, more where one more figure must be hidden; None: impossible."""
        value = self.values[cell]
        if self.is_open(cell):
            return _CHANGE if self.could_be(cell, value + change, self.signs.get(cell, _ANY)) else None
        if cell in allowance.kept or not self.could_be(cell, value + change, _ANY if allowance.blurred else FURTHER):
            return None
        return _HIDING + _CHANGE + math.sqrt(abs(value)) + (_TOTAL if cell in self.totals else 0.0)

    def _linked(self, cell: Key, *, everything: bool) -> set[Key]:
        """Cells that sums link with this one, through hidden cells or through all."""
        reached, edge = {cell}, {cell}
        while edge:
            around = {c for one in edge for place in self.at[one] for c in self.sums[place]}
            edge = {c for c in around if everything or self.is_open(c)} - reached
            reached |= edge
        return reached

    def _blur(self, cell: Key) -> None:
        """Takes the word «small» away from everything hidden that is linked with the cell."""
        self.signs.update(dict.fromkeys((c for c in self._linked(cell, everything=False) if c in self.signs), _ANY))
