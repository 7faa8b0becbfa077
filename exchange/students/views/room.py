"""The blueprint of the room, and what several of its pages need."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, request
from flask_babel import gettext as _

from exchange.extensions import db
from exchange.people import queries as people
from exchange.people.models import PersonFacts
from exchange.reference import classifiers
from exchange.reference.labels import funding_group_label, label, short_label
from exchange.students import records
from exchange.students.fields import RoomForm, language
from exchange.students.models import Student
from exchange.web.pages import BARNAUL, public_id_or_404, today

room = Blueprint("students", __name__, url_prefix="/students")


@room.app_template_filter("programme")
def programme_name(code: str, written: str = "") -> str:
    """«09.03.04 Программная инженерия»; `written` is the name of a code that the list does not have."""
    known = classifiers.programmes().get(code)
    return str(known) if known else f"{code} {written}".strip()


def coded(kind: str, code: str | None, *, short: bool = False) -> str:
    """The name of a code of a classifier in the language of the page; the code itself when it is not known."""
    if not code:
        return ""
    known: dict[str, Any] = getattr(classifiers, kind)()
    item = known.get(code)
    return code if item is None else short_label(item, language()) if short else label(item, language())


def group_name(group: str) -> str:
    return funding_group_label(group, language())


def full_name(facts: Any) -> str:
    """Surname, name and patronymic as in orders."""
    return " ".join(part for part in (facts.surname, facts.name, facts.patronymic) if part)


def student_or_404(public_id: str) -> Student:
    return records.student_by_public_id(db.session, public_id_or_404(public_id))  # type: ignore[arg-type]


def facts_now(student: Student) -> PersonFacts:
    """What is said of the person today; before the first day, what will be said."""
    session: Any = db.session
    return people.facts_on(session, student.person_id, today()) or people.latest_facts(session, student.person_id)


def forget(form: RoomForm) -> None:
    """Leaves what was typed and takes back what was said of it: the page is shown again, nothing is judged yet."""
    for field in form:
        field.errors, field.warnings, field.suggestion = [], [], ""
    form.form_errors = []


def put_in(form: RoomForm) -> bool:
    """«Подставить»: what was suggested goes into its field. False: another button was pressed."""
    name = request.form.get("fill", "")
    if name not in form.proposals:
        return False
    form._fields[name].data = form.proposals[name]
    forget(form)
    return True


def moment_words(moment: dt.datetime) -> str:
    """«сегодня, 07:49», «вчера, 16:20» or the day."""
    here = moment.astimezone(BARNAUL)
    days = (today() - here.date()).days
    if days == 0:
        return _("сегодня, %(time)s", time=f"{here:%H:%M}")
    if days == 1:
        return _("вчера, %(time)s", time=f"{here:%H:%M}")
    return f"{here:%d.%m.%Y}"
