"""What one's organisation remembers of its uploads: the list, and forgetting."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from exchange.access.doors import allow
from exchange.extensions import db
from exchange.imports import vocabulary_choices
from exchange.imports.choices import count, forget, forget_all, remembered_page
from exchange.imports.decisions import NOT_LOADED
from exchange.imports.fields import FIELDS
from exchange.imports.models import ImportChoice
from exchange.imports.views.room import UPLOAD, own_organisations, page_number, room
from exchange.web.pages import go, public_id_or_404
from exchange.web.paging import first_of, pages_of

SIZE = 50


@room.get("/choices")
@allow(*UPLOAD)
def choices() -> Any:
    """Headings and words that are read as somebody decided."""
    total = count(db.session())
    first = first_of(page_number(), total, SIZE)
    rows = remembered_page(db.session(), first, SIZE)
    return render_template(
        "imports/choices.html", rows=[(one, name, _meaning(one)) for one, name in rows],
        page=pages_of(rows, total, first, SIZE), fields=FIELDS, many=len(own_organisations()) > 1,
    )  # fmt: skip


@room.post("/choices/forget", endpoint="forget")
@allow(*UPLOAD)
def forget_choice() -> Any:
    """One choice, or all of them."""
    if request.form.get("what") == "all":
        gone = forget_all(db.session())
        flash(ngettext("Забыто %(num)s решение", "Забыто %(num)s решений", gone) if gone else _("Забывать нечего"), "ok")
    else:
        one = forget(db.session(), public_id_or_404(request.form.get("choice", "")))
        flash(_("Забыто: «%(text)s». Следующая загрузка поймёт его сама или спросит", text=one.shown), "ok")
    return go("imports.choices")


def _meaning(one: ImportChoice) -> str:
    """What is read instead, in words."""
    if not one.field:
        return str(FIELDS.get(one.choice, one.choice)) if one.choice != NOT_LOADED else _("не загружать")
    if one.choice == NOT_LOADED:
        return _("пусто")
    known = any(one.field in fields for fields in vocabulary_choices.CODED.values())
    code = vocabulary_choices.recognise(one.field, one.choice) if known else None
    return vocabulary_choices.shown(one.field, code) if code else one.choice
