"""The check of a file: what is wrong, what would change; after it was applied, the result."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.extensions import db
from exchange.imports import apart, queries
from exchange.imports.fields import FIELDS
from exchange.imports.models import Import
from exchange.imports.views.room import UPLOAD, brought_or_404, may_apply, opens_cards, page_number, room
from exchange.organisations.models import Organisation
from exchange.web.pages import address, go
from exchange.web.paging import pages_of


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


def show_page(brought: Import, refusal: str = "", status: int = 200) -> Any:
    counts = queries.tab_counts(db.session(), brought)
    tab = request.args.get("tab", "")
    if tab not in queries.TABS:
        tab = next((name for name in ("errors", "warnings") if counts[name]), "all")
    number, size = page_number(), queries.ROWS_A_PAGE
    rows, total = queries.rows_of(db.session(), brought, tab, number)
    earlier = None
    if brought.state == "checked":
        earlier = queries.applied_before(db.session(), brought.kind, brought.organisation_id, brought.sha256)
    return (
        render_template(
            "imports/show.html", brought=brought, organisation=db.session.get_one(Organisation, brought.organisation_id),
            rows=rows, tabs=_tabs(counts, tab), tab=tab, counts=brought.counts,
            page=pages_of(rows, total, (number - 1) * size, size), fields=FIELDS, refusal=refusal, earlier=earlier,
            writes=may_apply(brought), opens=opens_cards(brought), many_sheets=len(brought.columns) > 1,
        ),
        status,
    )  # fmt: skip


def _tabs(counts: dict[str, int], current: str) -> list[dict[str, Any]]:
    words = {
        "errors": _("Ошибки"),
        "warnings": _("Предупреждения"),
        "changed": _("Обновления"),
        "new": _("Новые"),
        "all": _("Все строки"),
    }
    return [
        {"label": words[name], "url": address(tab=name, page=None), "current": name == current, "count": counts[name]}
        for name in queries.TABS
    ]
