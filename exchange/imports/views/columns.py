"""The step «Столбцы»: which column is which field, and what the words of the file mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask import abort, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from exchange.access.doors import allow
from exchange.audit import actions as audit
from exchange.errors import Conflict, RuleBroken
from exchange.extensions import db
from exchange.imports import choices, columns, queries
from exchange.imports.decisions import Decisions
from exchange.imports.fields import FIELDS
from exchange.imports.matching import Matching
from exchange.imports.models import Import
from exchange.imports.views.again import check_with, onward
from exchange.imports.views.room import UPLOAD, brought_or_404, kinds_of_upload, may_apply, room
from exchange.imports.vocabulary_choices import MAY_BE_EMPTY
from exchange.organisations.models import Organisation
from exchange.spreadsheets.book import Unreadable
from exchange.web.pages import go, moment, today

SHOWN = 60  # understood words of one field on the page


@room.route("/<public_id>/columns", methods=["GET", "POST"], endpoint="columns")
@allow(*UPLOAD)
def match(public_id: str) -> Any:
    """How columns and words were understood; by POST, how they should be."""
    brought = brought_or_404(public_id)
    if brought.kind not in kinds_of_upload():
        abort(404)
    matching = _matching(brought)
    if request.method == "GET":
        return _page(brought, matching)
    matching.take(request.form, today())
    if request.form.get("version") != str(brought.version):
        return _page(brought, matching, _was_changed(brought), 409)
    if matching.errors:
        return _page(brought, matching, status=422)
    try:
        brought = check_with(brought, matching.decisions())
    except Conflict:
        brought = brought_or_404(public_id)
        return _page(brought, _retaken(brought), _was_changed(brought), 409)
    except (Unreadable, RuleBroken) as refused:
        db.session.rollback()
        brought = brought_or_404(public_id)
        return _page(brought, _retaken(brought), str(refused.message), 422)
    return _keep(brought, matching)


def _keep(brought: Import, matching: Matching) -> Any:
    """Remembers what is to be remembered, and leads on: to words that nobody was asked about yet, or to the rows."""
    headings, words = matching.headings(), matching.learned()
    kept = choices.remember(db.session(), brought, headings if matching.keep else {}, words)
    decided = [choices.told("", text, name) for text, name in headings.items()]
    decided += [choices.told(word.field, word.text, word.choice) for word in matching.words if word.choice is not None]
    audit.record(
        db.session(), "import:decided", brought, kind=brought.kind, choices=decided, everywhere=sorted(matching.everywhere),
        remembered=kept,
    )  # fmt: skip
    if kept:
        flash(
            ngettext(
                "Запомнено %(num)s решение для следующих загрузок", "Запомнено %(num)s решений для следующих загрузок", kept
            ),
            "ok",
        )
    if brought.state == "received":
        return onward(brought)
    asked = {word.name for word in matching.words}
    further = [word for word in _matching(brought).words if word.is_open and word.name not in asked]
    if further:
        flash(_("Столбцы сохранены. Теперь выберите, что значат слова в них"), "ok")
        return go("imports.columns", public_id=brought.public_id, _anchor="words")
    return go("imports.show", public_id=brought.public_id)


def wants_columns(brought: Import) -> bool:
    """Whether somebody should look at the columns of a new upload before its rows."""
    earlier = queries.remembered(db.session(), brought.kind, [brought.organisation_id])
    return columns.asks(brought.columns, brought.kind, Decisions.kept(brought.decisions), earlier)


def _matching(brought: Import) -> Matching:
    earlier = queries.remembered(db.session(), brought.kind, [brought.organisation_id])
    return Matching.of(brought.columns, brought.kind, Decisions.kept(brought.decisions), earlier)


def _retaken(brought: Import) -> Matching:
    """The upload as it is now, with what was chosen on the page."""
    matching = _matching(brought)
    matching.take(request.form, today())
    return matching


def _was_changed(brought: Import) -> str:
    """«Пока вы выбирали, …»: who was first, and when."""
    said = Decisions.kept(brought.decisions)
    if not said.by:
        return _("Пока вы выбирали, загрузка изменилась. Ваш выбор показан ниже: проверьте его и сохраните")
    at = moment(dt.datetime.fromisoformat(said.at)) if said.at else ""
    return _(
        "Пока вы выбирали, решения об этом файле изменены: %(who)s, %(at)s. Ваш выбор показан ниже: проверьте его и сохраните",
        who=said.by, at=at,
    )  # fmt: skip


def _page(brought: Import, matching: Matching, refusal: str = "", status: int = 200) -> Any:
    lines = [line for sheet in matching.sheets for line in sheet.lines]
    understood, total = columns.tally(brought.columns, brought.kind)
    return (
        render_template(
            "imports/columns.html", brought=brought, matching=matching, refusal=refusal, understood=understood, total=total,
            groups=columns.field_groups(brought.kind), is_open=any(line.is_open for line in lines),
            splits=columns.splits(matching.sheets), unknown=[word for word in matching.words if word.is_open],
            known=_by_field(word for word in matching.words if not word.is_open), writes=may_apply(brought),
            organisation=db.session.get_one(Organisation, brought.organisation_id), many=len(matching.sheets) > 1,
            tried=request.method == "POST", fields=FIELDS, empty=MAY_BE_EMPTY,
        ),
        status,
    )  # fmt: skip


def _by_field(words: Iterable[Any]) -> dict[str, list[Any]]:
    """Understood words under their fields, the frequent ones first."""
    found: dict[str, list[Any]] = {}
    for word in words:
        if len(found.setdefault(word.field, [])) < SHOWN:
            found[word.field].append(word)
    return found
