"""The blueprint of the room, and what several of its pages need."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, url_for
from flask_babel import gettext as _

from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.particulars.queries import Around, around
from exchange.people import keeping
from exchange.students.models import Student
from exchange.students.views.room import full_name, moment_words, student_or_404

room = Blueprint("particulars", __name__, url_prefix="/students/<string:public_id>/particulars")


def around_or_404(public_id: str) -> Around:
    return around(db.session(), student_or_404(public_id))


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


def back(student: Student, anchor: str = "") -> Any:
    """POST → 303 → the tab, at the group that was edited."""
    return redirect(url_for("particulars.index", public_id=student.public_id, _anchor=anchor or None), 303)
