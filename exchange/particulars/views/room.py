"""The blueprint of the room, and what several of its pages need."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _

from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.particulars.actions import lock
from exchange.particulars.queries import Around, around
from exchange.people import keeping
from exchange.students.models import Student
from exchange.students.views.room import full_name, moment_words, student_or_404

room = Blueprint("particulars", __name__, url_prefix="/students/<string:public_id>/particulars")


def around_or_404(public_id: str) -> Around:
    return around(db.session(), student_or_404(public_id))


def locked_or_404(public_id: str) -> Around:
    """The same, held until the end of the request: whoever changes the card meanwhile waits."""
    student = student_or_404(public_id)
    lock(db.session(), student)
    return around(db.session(), student)


def keeper_only(told: Around) -> None:
    """What another office keeps is not there to be written; the tab offers no such button."""
    try:
        keeping.require_keeper(db.session(), told.person.id)
    except RuleBroken:
        abort(404)


def heading(told: Around) -> dict[str, Any]:
    """What the pages of this room say of whose they are."""
    return {"student": told.student, "name": full_name(told.facts)}


def changed_meanwhile(student: Student) -> str:
    """Who changed the record after the form was opened."""
    return _(
        "Пока вы редактировали, запись изменилась: %(who)s, %(when)s. Ваши правки ниже и пока не записаны. "
        "Сверьте их и сохраните снова",
        who=student.updated_by or _("другой пользователь"),
        when=moment_words(student.updated_at),
    )  # fmt: skip


def state_of(row: Any, names: Sequence[str]) -> str:
    """What a form is opened with, so that a change in between is noticed ("": a new row); it tells nothing of the person."""
    if row is None:
        return ""
    return hashlib.sha256("\n".join(str(getattr(row, name)) for name in names).encode()).hexdigest()[:24]


def put_down(
    told: Around, form: Any, state: str, save: Callable[[], bool], page: Callable[..., Any], done: str, anchor: str
) -> Any:  # fmt: skip
    """Records a document or a guardian, under `lock`; refused (422) or overtaken (409) the form comes back as it was typed.

    `state` is that of the row now; `save` says whether anything changed; `page` takes a status, what was refused, a notice.
    """
    passed = form.validate()
    if request.form.get("opened", "") != state:
        return page(409, notice=changed_meanwhile(told.student))
    if not passed:
        return page(422)
    try:
        changed = save()
    except RuleBroken as broken:
        form.refuse(broken)
        return page(422, broken)
    flash(done if changed else _("Изменений нет"), "ok")
    return back(told.student, anchor)


def back(student: Student, anchor: str = "") -> Any:
    """POST → 303 → the tab, at the group that was edited."""
    return redirect(url_for("particulars.index", public_id=student.public_id, _anchor=anchor or None), 303)
