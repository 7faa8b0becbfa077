"""«Сохранить исправления и проверить»: what was typed on the page of rows becomes decisions, and the file is checked anew."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import abort, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext

from exchange.access.doors import allow
from exchange.errors import Conflict, RuleBroken
from exchange.extensions import db
from exchange.imports import choices, queries
from exchange.imports.decisions import Decisions
from exchange.imports.fixing import Fixes, Place, Sent, place_of, sheets_of
from exchange.imports.models import Import
from exchange.imports.views.again import check_with, onward
from exchange.imports.views.review import show_page
from exchange.imports.views.room import UPLOAD, brought_or_404, kinds_of_upload, may_apply, room
from exchange.spreadsheets.book import Unreadable
from exchange.web.pages import go, moment


@room.post("/<public_id>/fixes")
@allow(*UPLOAD)
def fixes(public_id: str) -> Any:
    """Keeps what was typed and ticked for the rows of one page, and checks the whole file again."""
    brought = brought_or_404(public_id)
    if brought.kind not in kinds_of_upload():
        abort(404)
    if not may_apply(brought):
        return go("imports.show", public_id=public_id)
    if request.form.get("version", "") != str(brought.version):
        return _refused(brought, _changed_meanwhile(brought))
    made = _read_form(brought)
    if made.refused:
        return show_page(
            brought, refusal=_("Исправления ещё не сохранены. Отмеченные ячейки так записать нельзя"), status=422,
            typed=request.form, refused=made.refused,
        )  # fmt: skip
    left = brought.counts["rejected"]
    try:
        brought = check_with(brought, made.decisions)
    except Conflict:
        db.session.rollback()
        brought = brought_or_404(public_id)
        return _refused(brought, _changed_meanwhile(brought))
    except (Unreadable, RuleBroken) as refused:
        db.session.rollback()
        return _refused(brought_or_404(public_id), str(refused.message))
    choices.remember(db.session(), brought, {}, made.words)
    if brought.state == "received":
        return onward(brought)
    now_left = brought.counts["rejected"]
    flash(_told(now_left, left), "ok")
    tab = request.form.get("tab", "")
    page = request.form.get("page", "")
    if tab not in queries.TABS or (tab == "errors" and not now_left):
        return go("imports.show", public_id=public_id)
    return go("imports.show", public_id=public_id, tab=tab, page=page if page.isdecimal() and page != "1" else None)


def _refused(brought: Import, sentence: str) -> Any:
    return show_page(brought, refusal=sentence, status=422, typed=request.form)


def _changed_meanwhile(brought: Import) -> str:
    told = brought.counts.get("checked", {})
    at = moment(dt.datetime.fromisoformat(told["at"])) if told.get("at") else ""
    return _(
        "Пока вы исправляли, файл уже проверили снова: %(who)s, %(at)s. Набранное вами осталось в полях — сохраните ещё раз",
        who=told.get("by") or _("другой сотрудник"),
        at=at,
    )


def _told(left: int, before: int) -> str:
    if not left:
        return _("Исправления сохранены. Строк с ошибками нет")
    words = ngettext("осталась %(num)s строка с ошибками", "осталось %(num)s строк с ошибками", left)
    return _("Исправления сохранены: %(left)s", left=words) if left != before else _("Проверено снова: %(left)s", left=words)


def _read_form(brought: Import) -> Fixes:
    """The decisions of the upload with those of this page."""
    sheets = sheets_of(brought)
    places: dict[str, Place] = {}
    for key in request.form.getlist("row")[: 2 * queries.ROWS_A_PAGE]:
        if (found := place_of(sheets, key)) is not None:
            places[key] = found
    at = queries.rows_at(db.session(), brought, places.values())
    of_many = any(name.startswith("all-") for name in request.form)
    every = queries.rows_with_problems(db.session(), brought) if of_many else []
    columns: dict[str, set[str]] = {}
    for one in brought.columns:
        told = str(one["sheet"])[:100]
        for sheet in {told, told.rpartition("!")[0] or told}:  # rows of a second table in a sheet bear the name of the sheet
            columns.setdefault(sheet, set()).update(c["field"] for c in one["columns"] if c["field"])
    rows = {key: at[where] for key, where in places.items() if where in at}
    return Sent(request.form, rows, [tuple(one) for one in every], columns).fixes(Decisions.kept(brought.decisions))
