"""Pages of a list by number: the addresses of the others, kept with all filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from exchange.web.pages import Page, address


def first_of(number: int | None, total: int, size: int) -> int:
    """The first row (counted from 0) of page `number`; a page beyond the last one is the last one."""
    last = max(1, -(-total // size))
    return (min(max(number or 1, 1), last) - 1) * size


def pages_of(rows: Sequence[Any], total: int, first: int, size: int) -> Page:
    """The page whose first row (counted from 0) is `first`; the parameter `page` of the address turns it."""
    last = max(1, -(-total // size))
    current = first // size + 1

    def at(number: int) -> str:
        return address(page=number if number > 1 else None)

    shown = sorted({number for number in (1, current - 1, current, current + 1, last) if 1 <= number <= last})
    links: list[tuple[str, str, bool] | None] = []
    for before, number in zip([0, *shown], shown, strict=False):
        if number > before + 1:
            links.append(None)
        links.append((str(number), at(number), number == current))
    return Page(
        rows=rows,
        total=total,
        first_row=first + 1 if rows else 0,
        size=size,
        previous_url=at(current - 1) if 1 < current <= last + 1 else None,
        next_url=at(current + 1) if current < last else None,
        pages=links,
    )
