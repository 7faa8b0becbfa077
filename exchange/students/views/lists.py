"""The list of students: its page and its print."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import current_app, redirect, render_template, request, url_for

from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.audit.actions import Note
from exchange.extensions import db
from exchange.students import order_kinds, queries
from exchange.students.queries import Wanted
from exchange.students.views import columns, listing, turning
from exchange.students.views.columns import KINDS, NUMERIC, Words
from exchange.students.views.room import room
from exchange.web.pages import address
from exchange.web.transaction import log

MOST_PRINTED = 500
MANY_ORDERS = "students.orders_many"
FEW_REMOVED = 5


def other_layout(asked: listing.Asked) -> tuple[Wanted, int, str]:
    """When nobody is found, what the other keyboard would have written is tried, and said."""
    wanted = asked.wanted
    total = listing.total_of(wanted)
    if total or not wanted.q:
        return wanted, total, ""
    meant = queries.with_other_layout(wanted.q)
    other = replace(wanted, q=meant)
    found = listing.counts().of(other) if meant != wanted.q.lower() else 0
    return (other, found, meant) if found else (wanted, 0, "")


@room.get("")
@allow(Permission.STUDENT_READ)
def index() -> Any:
    """Students by filters. Twelve digits are looked up as an IIN and lead straight to the card; they stay in no address."""
    if number := listing.number_in(request.args.get("q", "")):
        found = queries.student_with_iin(db.session(), number)
        if found is not None:
            return redirect(url_for("students.show", public_id=found), 303)
        return redirect(url_for("students.index", unknown="1"), 303)
    asked = listing.read()
    wanted, total, meant = other_layout(asked)
    part = turning.slice_of(wanted, total, _asked_for(asked))
    hidden = wanted.status == "contingent" and total == 0 and bool(wanted.q)
    elsewhere = listing.counts().of(replace(wanted, status="all")) if hidden else 0
    words = Words(asked.organisations)
    return render_template(
        "students/index.html",
        asked=asked,
        wanted=wanted,
        total=total,
        meant=meant,
        elsewhere=elsewhere,
        elsewhere_url=address(status="all", **dict.fromkeys(listing.PLACE)),
        unknown="unknown" in request.args,
        shown=[(KINDS[key], key in NUMERIC) for key in asked.columns],
        lines=columns.lines(part.rows, words, asked.columns, with_missing=may("student:edit")),
        filters=listing.filters(asked),
        tabs=turning.tabs(wanted),
        checks=turning.checks(wanted),
        headings=turning.headings(wanted),
        alphabet=turning.alphabets(wanted),
        page=turning.page_of(wanted, part, total),
        removed=_removed(asked) if not total and wanted.is_narrowed else [],
        kept=kept(),
        orders=_orders(),
        query=listing.whole_query(),
        plain=listing.query_of(),
    )


def _asked_for(asked: listing.Asked) -> tuple[str, ...]:
    return (*asked.columns, *(("lacks",) if asked.wanted.problem == "incomplete" else ()))


def kept() -> list[tuple[str, str]]:
    """What a form around the rows sends besides who was ticked: the filters, order and columns of this address."""
    return [(name, request.args[name]) for name in listing.WHOLE if request.args.get(name)]


def _orders() -> dict[str, Any] | None:
    """Orders that can be recorded for many at once: where, and (kind, what is done); none: no such page, or no right to it."""
    if MANY_ORDERS not in current_app.view_functions or not may("order:record"):
        return None
    kinds = [(code, kind.act) for code, kind in order_kinds.FOR_MANY.items()]
    return {"url": url_for(MANY_ORDERS), "kinds": kinds}


def _removed(asked: listing.Asked) -> list[tuple[str, int, str]]:
    """For a list where nobody is left: how many there would be without each filter."""
    wanted = asked.wanted
    found: list[tuple[str, int, str]] = []
    fresh = Wanted(on=wanted.on)
    facets = dict(listing.counts().facets(wanted).without) if listing.facets(wanted) else {}
    plain = {"q": "q", "org": "organisations", **{name: name for name in ("programme", "district", "sex", "intake", "problem")}}
    for chip in [chip for chip in asked.chips if chip.key in asked.args and chip.remove_url]:
        if chip.key in facets:
            number = facets[chip.key]
        elif chip.key in plain and len(found) < FEW_REMOVED:
            name = plain[chip.key]
            number = listing.counts().of(replace(wanted, **{name: getattr(fresh, name)}))
        else:
            continue
        if number:
            found.append((f"{chip.name}: {chip.value}", number, str(chip.remove_url)))
    return found


@room.get("/print")
@allow(Permission.STUDENT_EXPORT)
def print_list() -> Any:
    """The list for paper: the same filters, order and columns. That it was taken is recorded like a download."""
    asked = listing.read()
    wanted, total, _meant = other_layout(asked)
    lines = []
    if total <= MOST_PRINTED:
        part = queries.page(db.session(), replace(wanted, size=MOST_PRINTED), total, shown=_asked_for(asked))
        lines = columns.lines(part.rows, Words(asked.organisations), asked.columns)
        log(Note("student:printed", "student", "", {"rows": len(lines), "filters": unsaid(asked), "searched": bool(wanted.q)}))
    return render_template(
        "students/print.html", asked=asked, wanted=wanted, total=total, most=MOST_PRINTED, lines=lines,
        shown=[(KINDS[key], key in NUMERIC) for key in asked.columns], query=listing.whole_query(),
    )  # fmt: skip


def unsaid(asked: listing.Asked) -> dict[str, str]:
    """The filters for the log. The words of a search may be a name: it keeps that there were some, not which."""
    return {name: value for name, value in asked.args.items() if name != "q"}
