"""Pages of a list: which one is asked for, and where the others are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request

from exchange.web.pages import Page, address


def number_in_address(name: str, default: int) -> int:
    """A number of the address; what is none counts as not given."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else default


def last_page(total: int, size: int) -> int:
    return max(1, -(-total // size))


def page_of(rows: Sequence[Any], total: int, number: int, size: int, sizes: Sequence[int] = ()) -> Page:
    """A page for the pager: the first, the last and two neighbours on each side have links."""
    last = last_page(total, size)
    near = sorted({1, last, *range(max(1, number - 2), min(last, number + 2) + 1)})
    shown: list[tuple[str, str, bool] | None] = []
    for position, one in enumerate(near):
        if position and one - near[position - 1] > 1:
            shown.append(None)
        shown.append((str(one), address(page=one if one > 1 else None), one == number))
    return Page(
        rows=rows,
        total=total,
        first_row=(number - 1) * size + 1,
        size=size,
        previous_url=address(page=number - 1 if number > 2 else None) if number > 1 else None,
        next_url=address(page=number + 1) if number < last else None,
        pages=shown,
        sizes=[(one, address(size=one if one != sizes[0] else None, page=None), one == size) for one in sizes],
    )
