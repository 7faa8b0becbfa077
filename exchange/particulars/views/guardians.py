"""Guardians of a student who is under 18: another one, a change, an end."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import abort, render_template
from flask_babel import gettext as _

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.particulars.actions import GUARDIAN, save_guardian
from exchange.particulars.paper_forms import GuardianForm
from exchange.particulars.queries import Around, guardian_of
from exchange.particulars.views.room import around_or_404, heading, keeper_only, locked_or_404, put_down, room, state_of
from exchange.people import documents as papers
from exchange.people.models import Guardian
from exchange.web.submission import once


def _page(
    told: Around, form: GuardianForm, known: Guardian | None, status: int = 200, _broken: RuleBroken | None = None,
    notice: str = "",
) -> Any:  # fmt: skip
    html = render_template(
        "particulars/guardian.html",
        **heading(told),
        form=form,
        guardian_id=known.id if known else None,
        document=papers.mask(known.document) if known else "",
        opened=state_of(known, GUARDIAN),
        notice_text=notice,
    )
    return html if status == 200 else (html, status)


def _known(told: Around, guardian_id: int) -> Guardian:
    keeper_only(told)
    known = guardian_of(told, guardian_id)
    if known is None:
        abort(404)
    return known


@room.get("/guardians/new")
@allow(Permission.STUDENT_EDIT)
def guardian_new(public_id: str) -> Any:
    """An empty form."""
    told = around_or_404(public_id)
    keeper_only(told)
    return _page(told, GuardianForm(around=told), None)


@room.post("/guardians/new")
@allow(Permission.STUDENT_EDIT)
@once
def guardian_add(public_id: str) -> Any:
    """Adds a guardian, or shows the form again with what was typed."""
    told = locked_or_404(public_id)
    keeper_only(told)
    return _save(told, None)


@room.get("/guardians/<int(max=2147483647):guardian_id>")
@allow(Permission.STUDENT_EDIT)
def guardian(public_id: str, guardian_id: int) -> Any:
    """A guardian as he is kept; the number of his document stays masked."""
    told = around_or_404(public_id)
    known = _known(told, guardian_id)
    form = GuardianForm(around=told)
    form.begin(known)
    return _page(told, form, known)


@room.post("/guardians/<int(max=2147483647):guardian_id>")
@allow(Permission.STUDENT_EDIT)
@once
def guardian_save(public_id: str, guardian_id: int) -> Any:
    """Changes a guardian, unless somebody else did in between."""
    told = locked_or_404(public_id)
    return _save(told, _known(told, guardian_id))


def _save(told: Around, known: Guardian | None) -> Any:
    form = GuardianForm(around=told)
    return put_down(
        told, form, state_of(known, GUARDIAN), lambda: save_guardian(db.session(), told, form.values(), known),
        partial(_page, told, form, known), _("Представитель записан"), "guardian",
    )  # fmt: skip
