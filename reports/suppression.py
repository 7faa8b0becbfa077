"""Hiding small counts so that nobody can work them out from what is shown: not from rows, columns, totals or complements.

A count of 1 to 4 is shown as «<5». Where a sum would give it away, further figures are hidden as «…», and if even that does
not help (4 + 4 = 8), the small ones become «…» too, so that nobody knows that they are small. A hidden count is safe when there is another table that agrees with everything shown, and in which this count is different: such a table is looked
for, and as long as none is found, one more figure is hidden. So the result is proven, whatever the shape of the sums.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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
_DEEPEST = 40
# Steps of a search for another table: a few while figures can still be hidden, many before the totals go.
_QUICK, _THOROUGH = 250, 5000


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
    table = _Table(values, sums, unprinted)
    table.signs.update({cell: _ANY if sign == FURTHER and is_small(values[cell]) else sign for cell, sign in hidden.items()})
    protected = [cell for cell in values if is_small(values[cell]) or cell in hidden]
    while (unsafe := table.first_unsafe(protected)) is not None:
        victim = table.victim(unsafe, kept)
        if victim is None and (table.be_thorough() or table.blur(unsafe)):
            continue
        if victim is None:
            victim = table.victim(unsafe, ())
        if victim is None:
            break  # everything that is linked with it is hidden already
        table.signs[victim] = FURTHER
    return {cell: SMALL if sign == SMALL else FURTHER for cell, sign in table.signs.items() if cell not in table.unprinted}


def is_safe(values: Mapping[Key, int], sums: Sequence[Sum], signs: Mapping[Key, str], unprinted: Collection[Key] = ()) -> bool:
    """Whether every hidden small count could be another one, as far as a reader of the rest can tell."""
    table = _Table(values, sums, unprinted)
    table.be_thorough()
    table.signs = {cell: _ANY if sign == FURTHER and is_small(values[cell]) else sign for cell, sign in signs.items()}
    return table.first_unsafe([cell for cell in values if is_small(values[cell])]) is None


class _Table:
    """Figures, the sums between them, and what is hidden so far."""

    def __init__(self, values: Mapping[Key, int], sums: Sequence[Sum], unprinted: Collection[Key]) -> None:
        self.values = values
        self.unprinted = frozenset(unprinted)
        self.sums = [one for one in sums if all(cell in values for cell in one)]
        self.order = {cell: place for place, cell in enumerate(values)}
        self.at: dict[Key, list[int]] = {cell: [] for cell in values}
        for place, one in enumerate(self.sums):
            for cell in one:
                self.at[cell].append(place)
        self.signs: dict[Key, str] = {c: SMALL for c, v in values.items() if is_small(v) and c not in self.unprinted}
        # Once another table is found for a cell, it stays one: whatever is hidden later only leaves more room.
        self._proven: set[Key] = set()
        self._steps = 0
        self._patience = _QUICK

    def be_thorough(self) -> bool:
        """Searches longer from now on; False when it does so already."""
        was, self._patience = self._patience, _THOROUGH
        return was != _THOROUGH

    def is_open(self, cell: Key) -> bool:
        """The reader does not see the figure."""
        return cell in self.signs or cell in self.unprinted

    def could_be(self, cell: Key, value: int) -> bool:
        """Whether the reader would believe the value: the signs say what is small and what is not."""
        sign = self.signs.get(cell)
        if self.values[cell] < 0 or (self.values[cell] == 0 and value < 0):
            value = -value
        if sign == SMALL:
            return is_small(value) and value > 0
        return value == 0 or value >= SMALLEST_SHOWN if sign == FURTHER else value >= 0

    def first_unsafe(self, protected: Sequence[Key]) -> Key | None:
        """The first of the protected cells for which no other table is found."""
        for cell in protected:
            if cell not in self._proven:
                other = self.another_table(cell)
                if other is None:
                    return cell
                self._proven.update(other)
        return None

    def another_table(self, cell: Key) -> dict[Key, int] | None:
        """Changes of hidden cells, this one among them, after which all sums still agree."""
        if not self.is_open(cell):
            return None
        sizes: tuple[int, ...] = (1, -1, 2, -2, 3, -3)
        if not is_small(self.values[cell]):
            sizes += (SMALLEST_SHOWN, -SMALLEST_SHOWN, -self.values[cell])
        for size in sizes:
            self._steps = 0
            if size and self.could_be(cell, self.values[cell] + size):
                upset = {place: self.sums[place][cell] * size for place in self.at[cell]}
                if (found := self._settle({cell: size}, upset)) is not None:
                    return found
        return None

    def _settle(self, changes: dict[Key, int], upset: Mapping[int, int]) -> dict[Key, int] | None:
        """Makes up for changes in the sums that they upset, by other hidden cells; None when there is no way.

        The sum with the fewest ways goes first; of its ways, the one that leaves the fewest sums upset: a change that settles
        a row and a column at once is worth more than one that opens a new row.
        """
        if not upset:
            return changes
        self._steps += 1
        if self._steps > self._patience or len(changes) > _DEEPEST:
            return None
        tightest: list[tuple[Key, int]] | None = None
        for place in sorted(upset):
            ways = self._ways(self.sums[place], upset[place], changes)
            if tightest is None or len(ways) < len(tightest):
                tightest = ways
                if len(ways) < 2:
                    break
        after = []
        for cell, change in tightest or ():
            left = dict(upset)
            for place in self.at[cell]:
                left[place] = left.get(place, 0) + self.sums[place][cell] * change
            left = {place: amount for place, amount in left.items() if amount}
            after.append((len(left), self.order[cell], cell, change, left))
        for _left, _order, cell, change, left in sorted(after, key=lambda one: one[:2]):
            found = self._settle({**changes, cell: change}, left)
            if found is not None:
                return found
        return None

    def _ways(self, one: Sum, upset: int, changes: Mapping[Key, int]) -> list[tuple[Key, int]]:
        return [
            (cell, -upset * sign)
            for cell, sign in one.items()
            if cell not in changes and self.is_open(cell) and self.could_be(cell, self.values[cell] - upset * sign)
        ]

    def blur(self, unsafe: Key) -> bool:
        """Takes the word «small» away from everything hidden that is linked with the cell; False when that was done before."""
        reached, edge = {unsafe}, {unsafe}
        while edge:
            edge = {c for cell in edge for place in self.at[cell] for c in self.sums[place] if self.is_open(c)} - reached
            reached |= edge
        changed = [cell for cell in reached if self.signs.get(cell, _ANY) != _ANY]
        self.signs.update(dict.fromkeys(changed, _ANY))
        return bool(changed)

    def victim(self, unsafe: Key, kept: Collection[Key]) -> Key | None:
        """The figure to hide next: near the unsafe cell, in a sum with few hidden cells, small, and opening no new gap."""
        seen_sums: dict[int, int] = {}
        cells, distance = {unsafe}, 0
        reached = set(cells)
        while cells:
            places = {place for cell in cells for place in self.at[cell]} - seen_sums.keys()
            seen_sums.update(dict.fromkeys(places, distance))
            cells = {c for place in places for c in self.sums[place] if self.is_open(c)} - reached
            reached |= cells
            distance += 1
        best: tuple[tuple[int, ...], Key] | None = None
        for place, far in seen_sums.items():
            one = self.sums[place]
            already = sum(self.is_open(cell) for cell in one)
            for cell, sign in one.items():
                if self.is_open(cell) or cell in kept or cell in self.unprinted:
                    continue
                lonely = sum(not any(self.is_open(c) for c in self.sums[p]) for p in self.at[cell])
                value = abs(self.values[cell])
                rank = (already > 1, far, already, value == 0, lonely, sign > 0, value, self.order[cell])
                if best is None or rank < best[0]:
                    best = rank, cell
        return best[1] if best else None
