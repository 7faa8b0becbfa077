"""Names and citizenships from a day, without an order: entered with the ground, corrected, taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import abort, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.particulars.actions import correct_change, record_change, take_change_back
from exchange.particulars.change_forms import FORMS, TakeBackForm
from exchange.particulars.queries import Around, Change, change_on
from exchange.particulars.views.room import around_or_404, back, changed_meanwhile, heading, keeper_only, locked_or_404, room
from exchange.particulars.words import PLACE, former_of
from exchange.students.views.room import put_in
from exchange.web.submission import once

TITLES = {"names": _l("Смена ФИО без приказа"), "citizenship": _l("Смена гражданства")}


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        abort(404)


def _kept(told: Around, what: str, day: str) -> tuple[Around, Change]:
    """A change that is on file and has no order behind it."""
    keeper_only(told)
    change = change_on(db.session(), told, what, _day(day))
    if change is None or change.order is not None:
        abort(404)
    return told, change


def _page(told: Around, what: str, form: Any, change: Change | None = None, status: int = 200, notice: str = "") -> Any:
    html = render_template(
        "particulars/change.html",
        **heading(told),
        what=what,
        title=TITLES[what],
        form=form,
        day=change.day.isoformat() if change else "",
        anchor=PLACE[what],
        notice_text=notice,
        opened=_state(change),
    )
    return html if status == 200 else (html, status)


def _state(change: Change | None) -> str:
    """Which telling of a change a form was opened with; it says nothing of the person."""
    return str(change.after.id) if change is not None else ""


@room.get("/<any(names,citizenship):what>/from/new")
@allow(Permission.STUDENT_EDIT)
def change_new(public_id: str, what: str) -> Any:
    """The form opens with what is said now."""
    told = around_or_404(public_id)
    keeper_only(told)
    form = FORMS[what]()
    form.begin(told.facts)
    return _page(told, what, form)


@room.post("/<any(names,citizenship):what>/from/new")
@allow(Permission.STUDENT_EDIT)
@once
def change_record(public_id: str, what: str) -> Any:
    """Records it from its day, or shows the form again with what was typed."""
    told = locked_or_404(public_id)
    keeper_only(told)
    form = FORMS[what]()
    passed = form.validate()
    if put_in(form):
        return _page(told, what, form)
    if not passed or form.day.day is None:
        return _page(told, what, form, status=422)
    try:
        record_change(db.session(), told, what, form.day.day, form.said(), form.ground.text)
    except RuleBroken as broken:
        form.refuse(broken)
        return _page(told, what, form, status=422)
    flash(_("Смена записана. Прежнее осталось в истории"), "ok")
    return back(told.student, PLACE[what])


@room.get("/<any(names,citizenship):what>/from/<string:day>")
@allow(Permission.STUDENT_EDIT)
def change(public_id: str, what: str, day: str) -> Any:
    """A change as it is kept: its day, what holds since, and why."""
    told, kept = _kept(around_or_404(public_id), what, day)
    form = FORMS[what]()
    form.begin(kept.after)
    form.day.show(kept.day)
    form.ground.data = kept.ground
    return _page(told, what, form, kept)


@room.post("/<any(names,citizenship):what>/from/<string:day>")
@allow(Permission.STUDENT_EDIT)
@once
def change_correct(public_id: str, what: str, day: str) -> Any:
    """Says rightly what was said wrongly of a change."""
    told, kept = _kept(locked_or_404(public_id), what, day)
    form = FORMS[what]()
    passed = form.validate()
    if put_in(form):
        return _page(told, what, form, kept)
    if not passed or form.day.day is None:
        return _page(told, what, form, kept, 422)
    if request.form.get("opened", "") != _state(kept):
        return _page(told, what, form, kept, 409, changed_meanwhile(told.student))
    try:
        correct_change(db.session(), told, kept, form.day.day, form.said(), form.ground.text)
    except RuleBroken as broken:
        form.refuse(broken)
        return _page(told, what, form, kept, 422)
    flash(_("Запись о смене исправлена"), "ok")
    return back(told.student, PLACE[what])


@room.get("/<any(names,citizenship):what>/from/<string:day>/take-back")
@allow(Permission.STUDENT_EDIT)
def take_back(public_id: str, what: str, day: str) -> Any:
    """Asks why."""
    told, kept = _kept(around_or_404(public_id), what, day)
    return _take_back_page(told, kept, TakeBackForm())


@room.post("/<any(names,citizenship):what>/from/<string:day>/take-back")
@allow(Permission.STUDENT_EDIT)
@once
def take_back_record(public_id: str, what: str, day: str) -> Any:
    """What held before the day goes on."""
    told, kept = _kept(locked_or_404(public_id), what, day)
    form = TakeBackForm()
    if not form.validate():
        return _take_back_page(told, kept, form, 422)
    try:
        take_change_back(db.session(), told, kept, form.reason.text)
    except RuleBroken as broken:
        form.refuse(broken)
        return _take_back_page(told, kept, form, 422)
    flash(_("Смена отменена. В истории осталось, что она была записана"), "ok")
    return back(told.student, PLACE[what])


def _take_back_page(told: Around, kept: Change, form: TakeBackForm, status: int = 200) -> Any:
    html = render_template(
        "particulars/take_back.html",
        **heading(told),
        title=TITLES[kept.what],
        what=kept.what,
        day=kept.day.isoformat(),
        anchor=PLACE[kept.what],
        former=former_of(kept, told, may_edit=False),
        form=form,
    )
    return html if status == 200 else (html, status)
