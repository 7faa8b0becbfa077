"""The check of a file: what is wrong, what would change; after it was applied, the result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.extensions import db
from exchange.imports import absent, apart, queries
from exchange.imports.decisions import CLEAR, Decisions
from exchange.imports.fields import FIELDS
from exchange.imports.models import Import
from exchange.imports.views.boxes import Desk, summary, to_type
from exchange.imports.views.room import UPLOAD, brought_or_404, may_apply, opens_cards, page_number, room
from exchange.organisations.models import Organisation
from exchange.reference.terms import term
from exchange.web.pages import address, go
from exchange.web.paging import first_of, pages_of

# Of which remarks a tab speaks; other tabs show all of them, without boxes.
MENDED = {"errors": (), "warnings": ("warning",), "skipped": ()}
# Counts that a check need not have.
EMPTY: dict[str, Any] = {
    "consequences": [], "guard": None, "absent": 0, "notes": [], "skipped": 0, "faults": {"to_type": 0},
}  # fmt: skip
ONLY_WHEN_THERE = ("unchanged", "skipped")


@room.get("/<public_id>")
@allow(Permission.IMPORT_READ)
def show(public_id: str) -> Any:
    """The check: what is wrong and what would change; or the result."""
    brought = brought_or_404(public_id)
    job, is_running = apart.job_of(db.session(), brought) if brought.state in ("received", "checked") else (None, False)
    if job is not None and is_running:
        return go("jobs.show", public_id=job.public_id)
    if brought.state in ("received", "refused"):
        writes = any(may(permission) for permission in UPLOAD)
        return render_template("imports/received.html", brought=brought, job=job, writes=writes)
    return show_page(brought)


def show_page(
    brought: Import, refusal: str = "", status: int = 200, typed: Any = None, refused: Mapping[str, str] | None = None
) -> Any:
    """The page; with what was typed when it can't be taken."""
    counts = queries.tab_counts(db.session(), brought)
    is_done = brought.state in ("applied", "undone")
    tab = (typed or request.args).get("tab", "")
    if tab not in queries.TABS:
        tab = next((name for name in ("errors", "warnings", "changed", "new") if counts[name] and not is_done), "all")
    size = queries.ROWS_A_PAGE
    first = first_of(page_number(), counts[tab], size)
    rows = queries.rows_of(db.session(), brought, tab, first)
    earlier = None
    if brought.state == "checked":
        earlier = queries.applied_before(db.session(), brought.kind, brought.organisation_id, brought.sha256)
    decisions = Decisions.kept(brought.decisions)
    return (
        render_template(
            "imports/show.html", brought=brought, organisation=db.session.get_one(Organisation, brought.organisation_id),
            lines=Desk(brought, typed, refused or {}).lines(rows, MENDED.get(tab, ())), tabs=_tabs(counts, tab), tab=tab,
            tab_counts=counts, counts=EMPTY | brought.counts, page=pages_of(rows, counts[tab], first, size), fields=FIELDS,
            refusal=refusal, refused=refused or {}, earlier=earlier, writes=may_apply(brought), opens=opens_cards(brought),
            many_sheets=len({one["sheet"] for one in brought.columns}) > 1, is_done=is_done,
            confirmed=(typed or {}).get("confirmed"), advice=summary(brought.counts),
            to_type=to_type(brought), undo_until=undo_until(brought), typed=typed or {},
            clears=decisions.empty == CLEAR, mends=may_apply(brought) and tab in (*MENDED, "changed"),
        ),
        status,
    )  # fmt: skip


def undo_until(brought: Import) -> dt.datetime | None:
    """Until when the upload may be taken back as a whole."""
    if brought.applied_at is None:
        return None
    return brought.applied_at + dt.timedelta(hours=term("IMPORT_UNDO", brought.applied_at.date()))


def _tabs(counts: dict[str, int], current: str) -> list[dict[str, Any]]:
    words = {
        "errors": _("Ошибки"),
        "warnings": _("Предупреждения"),
        "changed": _("Обновления"),
        "new": _("Новые"),
        "unchanged": _("Без изменений"),
        "skipped": _("Пропущенные"),
        "all": _("Все строки"),
    }
    return [
        {"label": words[name], "url": address(tab=name, page=None), "current": name == current, "count": counts[name]}
        for name in queries.TABS
        if counts[name] or name == current or name not in ONLY_WHEN_THERE
    ]


@room.get("/<public_id>/absent", endpoint="absent")
@allow(Permission.IMPORT_READ)
def absent_page(public_id: str) -> Any:
    """Who of the register is not in the file."""
    brought = brought_or_404(public_id)
    size = queries.ROWS_A_PAGE
    number = page_number()
    rows, total = absent.missing_from(db.session(), brought, number, size) if brought.kind == "students" else ([], 0)
    return render_template(
        "imports/absent.html", brought=brought, organisation=db.session.get_one(Organisation, brought.organisation_id),
        rows=absent.in_words(rows), page=pages_of(rows, total, (number - 1) * size, size), opens=opens_cards(brought),
    )  # fmt: skip
