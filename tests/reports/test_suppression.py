"""Nobody can work out a hidden count: proven here by listing every table that agrees with what is shown."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from reports.confidential import ALL, conceal, margin
from reports.suppression import FURTHER, SMALL, hide, is_safe, is_small, sum_of
from reports.table import Line, Measure, Table


def possible(cell, values, signs, unprinted, most):
    """What a reader may believe of a cell, knowing the rule."""
    if cell in unprinted:
        return range(most + 1)
    sign = signs.get(cell)
    if sign == SMALL:
        return range(1, 5)
    if sign == FURTHER:
        return [0, *range(5, most + 1)]
    return [values[cell]]


def worked_out(values, sums, signs, unprinted=(), most=14):
    """Small counts that have one value in all tables that agree with what is shown: found by trying all tables."""
    cells = list(values)
    seen: dict[Any, set[int]] = {cell: set() for cell in cells}
    by_last: dict[int, list[Any]] = {}
    for one in sums:
        by_last.setdefault(max(cells.index(cell) for cell in one), []).append(one)

    def fill(place, table):
        if place == len(cells):
            for cell, value in table.items():
                seen[cell].add(value)
            return
        cell = cells[place]
        for value in possible(cell, values, signs, unprinted, most):
            table[cell] = value
            if all(sum(sign * table[c] for c, sign in one.items()) == 0 for one in by_last.get(place, ())):
                fill(place + 1, table)
        table.pop(cell, None)

    fill(0, {})
    assert all(values[cell] in seen[cell] for cell in cells), "the true table is one of them"
    return [cell for cell in cells if is_small(values[cell]) and len(seen[cell]) == 1]


def grid(numbers):
    """A table of rows and columns with both totals: values and sums."""
    rows, columns = range(len(numbers)), range(len(numbers[0]))
    values: dict[Any, int] = {(r, c): numbers[r][c] for r in rows for c in columns}
    values |= {(r, "all"): sum(numbers[r]) for r in rows}
    values |= {("all", c): sum(numbers[r][c] for r in rows) for c in columns}
    values["all", "all"] = sum(map(sum, numbers))
    sums = [sum_of((r, "all"), [(r, c) for c in columns]) for r in rows]
    sums += [sum_of(("all", c), [(r, c) for r in rows]) for c in [*columns, "all"]]
    sums.append(sum_of(("all", "all"), [("all", c) for c in columns]))
    return values, sums


def test_a_lonely_small_count_takes_a_second_one_with_it():
    assert hide({"total": 40, "a": 3, "b": 20, "c": 17}, [sum_of("total", "abc")]) == {"a": SMALL, "c": FURTHER}


def test_two_small_counts_protect_each_other():
    assert hide({"total": 25, "a": 3, "b": 2, "c": 20}, [sum_of("total", "abc")]) == {"a": SMALL, "b": SMALL}


@pytest.mark.parametrize(("a", "b"), [(1, 1), (4, 4)])
def test_two_small_counts_that_their_sum_gives_away(a, b):
    """1 + 1 = 2 and 4 + 4 = 8 have no other solution within 1 to 4: a third figure is hidden."""
    found = hide({"total": a + b + 30, "a": a, "b": b, "c": 30}, [sum_of("total", "abc")])
    assert found == {"a": SMALL, "b": SMALL, "c": FURTHER}


def test_a_second_cell_of_five_does_not_protect_from_below():
    """1 + 5 = 6: with «…» for 0 or 5 and more, the small one could only be 1. So the total is hidden instead."""
    found = hide({"total": 6, "a": 1, "b": 5}, [sum_of("total", "ab")])
    assert found == {"a": SMALL, "total": FURTHER}


def test_when_the_total_must_stay_nobody_learns_which_ones_are_small():
    """4 + 4 = 8 has no other solution within 1 to 4: with «…» for both there are five."""
    found = hide({"total": 8, "a": 4, "b": 4}, [sum_of("total", "ab")], kept=["total"])
    assert found == {"a": FURTHER, "b": FURTHER}


def test_zeros_and_large_counts_stay():
    values = {"total": 30, "a": 0, "b": 10, "c": 20}
    assert hide(values, [sum_of("total", "abc")]) == {}


def test_what_follows_from_two_shown_figures_is_protected():
    """38 of 40 are women, so 2 are men, though no column says so."""
    values = {"total": 40, "women": 38, "men": 2}
    assert hide(values, [sum_of("total", ["women", "men"])], unprinted=["men"]) == {"women": FURTHER}


def test_rows_columns_and_totals_together():
    values, sums = grid([[3, 20, 30], [25, 15, 10], [9, 18, 40]])
    signs = hide(values, sums)
    assert signs[0, 0] == SMALL
    assert len(signs) == 4  # the smallest block: two rows, two columns
    assert worked_out(values, sums, signs, most=50) == []


def test_hiding_only_the_small_ones_would_not_do():
    values, sums = grid([[3, 20], [25, 15]])
    assert worked_out(values, sums, {(0, 0): SMALL}) == [(0, 0)]
    assert not is_safe(values, sums, {(0, 0): SMALL})
    assert is_safe(values, sums, hide(values, sums))


def test_the_search_for_another_table_agrees_with_trying_all_of_them():
    """Random tables of 2 x 3 with both totals, many of them full of small counts and zeros."""
    dice = random.Random(20261001)
    tried = 0
    for _turn in range(60):
        numbers = [[dice.choice((0, 0, 1, 2, 3, 4, 5, 6, 7)) for _c in range(3)] for _r in range(2)]
        values, sums = grid(numbers)
        signs = hide(values, sums)
        assert {cell for cell, value in values.items() if is_small(value)} == {c for c, s in signs.items() if s == SMALL}
        if sum(1 for s in signs.values() if s == FURTHER) <= 2:
            assert worked_out(values, sums, signs, most=max(values.values()) + 2) == [], numbers
            tried += 1
    assert tried > 20


def test_a_margin_does_not_depend_on_the_order_of_its_parts():
    """Two reports over the same day must hide the same margins, or one undoes the other."""
    parts = {"a": 2, "b": 50, "c": 9, "d": 9}
    for order in itertools.permutations(parts):
        assert margin({key: parts[key] for key in order}) == {"a": SMALL, "c": FURTHER}


def measures(*keys):
    return tuple(Measure(key, key) for key in keys)


def test_a_table_with_branches_groups_and_subsets():
    """A head organisation with a branch of three, levels, women: neither the tree nor the groups give anything away."""
    lines = (
        Line("head", ("A",), {ALL: 43, "level:b": 40, "level:m": 3, "women": 22}, "head"),
        Line("own", ("A",), {ALL: 40, "level:b": 38, "level:m": 2, "women": 20}, "part"),
        Line("branch", ("B",), {ALL: 3, "level:b": 2, "level:m": 1, "women": 2}, "part"),
        Line("other", ("C",), {ALL: 60, "level:b": 50, "level:m": 10, "women": 33}),
    )
    total = Line(ALL, ("Σ",), {ALL: 103, "level:b": 90, "level:m": 13, "women": 55}, "total")
    columns = measures(ALL, "level:b", "level:m", "women")
    table = Table("t", "T", "h", "s", (("a", "A"),), columns, lines, total)
    tree = {ALL: ["head", "other"], "head": ["own", "branch"]}
    groups, subsets = [["level:b", "level:m"]], {"women": ALL}
    signs = conceal(table, tree, groups, subsets)
    values: dict[Any, Any] = {(line.key, m.key): line.values[m.key] for line in (*lines, total) for m in columns}
    values |= {(line.key, "men"): values[line.key, ALL] - values[line.key, "women"] for line in (*lines, total)}
    sums = [sum_of((line.key, ALL), [(line.key, key) for key in groups[0]]) for line in (*lines, total)]
    sums += [sum_of((line.key, ALL), [(line.key, "women"), (line.key, "men")]) for line in (*lines, total)]
    sums += [sum_of((top, m), [(part, m) for part in parts]) for top, parts in tree.items() for m in [c.key for c in columns]]
    unprinted = {(line.key, "men") for line in (*lines, total)}
    assert is_safe(values, sums, signs, unprinted)
    assert not is_safe(values, sums, {cell: SMALL for cell, v in values.items() if is_small(v)}, unprinted)
    shown = table.hidden(signs)
    assert shown.total is not None
    assert all(not is_small(v) for line in (*shown.lines, shown.total) for v in line.values.values() if isinstance(v, int))
    assert shown.total.values[ALL] == 103, "the grand total stays"
