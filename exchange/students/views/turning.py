"""Around the rows of a list: tabs, headings that order, and the other pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app, request, url_for
from flask_babel import gettext as _

from exchange.access.doors import may
from exchange.extensions import db
from exchange.students import queries
from exchange.students.fields import language
from exchange.students.models import SavedView
from exchange.students.queries import NUMBERED_PAGES, SIZES, SORTS, Slice, Wanted
from exchange.students.views.listing import PLACE, PROBLEM_NAMES, counts, intake_year, number_of, query_of
from exchange.web.pages import Page, address, today


@dataclass
class Tab:
    """A view of the list that is wanted often."""

    label: Any
    url: str
    current: bool
    count: int | None = None


def tabs(wanted: Wanted) -> list[Tab]:
    """«Учатся сейчас», «Набор 2026», «Академический отпуск», «Все», each with its figure."""
    day, year = today(), intake_year()
    figures = counts().tabs(day, year)
    here = ("", None) if wanted.problem else (wanted.status, wanted.intake)

    def tab(label: Any, key: str, **parameters: Any) -> Tab:
        current = here == (parameters.get("status", "contingent"), parameters.get("intake"))
        return Tab(label, url_for("students.index", **parameters), current, figures[key])

    fixed = [
        tab(_("Учатся сейчас"), "contingent"),
        tab(_("Набор %(year)s", year=year), "intake", intake=year),
        tab(_("В отпуске"), "leave", status="leave"),
        tab(_("Все"), "all", status="all"),
    ]
    if may("student:edit") and (incomplete := counts().problems(day)["incomplete"]):
        url = url_for("students.index", problem="incomplete")
        fixed.insert(2, Tab(_("Неполные"), url, wanted.problem == "incomplete", incomplete))
    saved = saved_views()
    here_now = query_of()
    if any(view.query == here_now for view in saved):
        for one in fixed:
            one.current = False
    base = url_for("students.index")
    return fixed + [Tab(view.name, f"{base}?{view.query}", view.query == here_now) for view in saved]


def saved_views() -> list[Any]:
    """The visitor's own saved views: id in addresses, name and query, by name."""
    found = sa.select(SavedView.public_id, SavedView.name, SavedView.query).order_by(SavedView.name, SavedView.id)
    return list(db.session().execute(found))


@dataclass(frozen=True)
class Check:
    """Records of the contingent that somebody should look at: how many, and where they are."""

    label: Any
    count: int
    url: str


def checks(wanted: Wanted) -> list[Check]:
    """What to look at, on the list as it opens; for those who can mend it. A problem that nobody has is not named.

    What younger rooms hung here is asked for by a question of each, remembered like the figures of the list.
    """
    if wanted.is_narrowed or wanted.is_on_given or not may("student:edit"):
        return []
    found = counts().problems(today())
    own = [
        Check(label, found[code], url_for("students.index", problem=code))
        for code, label in PROBLEM_NAMES.items()
        if found[code]
    ]
    hung = [link() for endpoint, link in _links.items() if endpoint in current_app.view_functions]
    return own + [link for link in hung if link is not None]


_links: dict[str, Callable[[], Check | None]] = {}


def hang_link(endpoint: str, check: Callable[[], Check | None]) -> None:
    """A younger room names what to look at beside the list: drawn with its figure, when there is something to see."""
    _links[endpoint] = check


@dataclass
class Heading:
    """A column heading: the address that orders by it, and how it is ordered now."""

    url: str
    sort: str


def headings(wanted: Wanted) -> dict[str, Heading]:
    """What the headings lead to: the same order turned round, or the usual order of the column."""
    made = {}
    by_kazakh = wanted.sort.removeprefix("-") == "name_kk" or (language() == "kk" and wanted.sort.removeprefix("-") != "name")
    for name in SORTS:
        if name == ("name" if by_kazakh else "name_kk"):
            continue
        usual = "-updated" if name == "updated" else name
        is_current = wanted.sort.removeprefix("-") == name
        turned = wanted.sort.removeprefix("-") if wanted.sort.startswith("-") else f"-{wanted.sort}"
        url = address(sort=turned if is_current else usual, **dict.fromkeys(PLACE))
        state = ("descending" if wanted.sort.startswith("-") else "ascending") if is_current else ""
        made["name" if name == "name_kk" else name] = Heading(url, state)
    return made


def alphabets(wanted: Wanted) -> tuple[Any, str] | None:
    """The other alphabet, where names are in order: its words and its address."""
    turned = {"name": "name_kk", "name_kk": "name"}.get(wanted.sort.removeprefix("-"))
    if turned is None:
        return None
    label = _("по казахскому алфавиту") if turned == "name_kk" else _("по русскому алфавиту")
    sign = "-" if wanted.sort.startswith("-") else ""
    return label, address(sort=f"{sign}{turned}", **dict.fromkeys(PLACE))


def slice_of(wanted: Wanted, total: int, shown: tuple[str, ...]) -> Slice:
    """The page that the address asks for, with what its columns need."""
    return queries.page(
        db.session(),
        wanted,
        total,
        number=number_of("page", 1, 10**6) or 1,
        after=_public_id("after"),
        before=_public_id("before"),
        at=min(number_of("at", 0, 10**7) or 0, total),
        is_last="last" in request.args,
        shown=shown,
    )


def _public_id(name: str) -> str:
    text = request.args.get(name, "")
    return text if len(text) == 12 and text.isascii() and text.isalnum() else ""


def page_of(wanted: Wanted, found: Slice, total: int) -> Page:
    """Links to the other pages: the first ones by number, those far inside from a student on, and the last one."""
    size = wanted.size
    here = found.first // size + 1
    count = max(1, -(-total // size))
    clear = dict.fromkeys(PLACE)

    def numbered(number: int) -> str:
        return address(**{**clear, "page": number if number > 1 else None})

    def last() -> str:
        return numbered(count) if count <= NUMBERED_PAGES else address(**{**clear, "last": "1"})

    page = Page(rows=found.rows, total=total, first_row=found.first + 1 if found.rows else 0, size=size)
    if found.has_after and found.rows:
        after = address(**{**clear, "after": found.rows[-1].public_id, "at": found.first + len(found.rows)})
        page.next_url = numbered(here + 1) if here < NUMBERED_PAGES and found.first % size == 0 else after
    if found.has_before and found.rows:
        before = address(**{**clear, "before": found.rows[0].public_id, "at": found.first})
        page.previous_url = numbered(here - 1) if 1 < here <= NUMBERED_PAGES + 1 and found.first % size == 0 else before
    shown = sorted({1, here, count} | {n for n in (here - 1, here + 1) if 1 <= n <= min(count, NUMBERED_PAGES)})
    links: list[tuple[str, str, bool] | None] = []
    previous = 0
    for number in shown:
        if number > previous + 1:
            links.append(None)
        url = address() if number == here else last() if number == count else numbered(number)
        links.append((str(number), url, number == here))
        previous = number
    page.pages = links if count > 1 else []
    page.sizes = [(n, address(**{**clear, "size": n if n != 50 else None}), n == size) for n in SIZES]
    return page
