"""Corrections of a card. Two who change one card at once: the second is shown what the first changed, and loses nothing."""

from __future__ import annotations

import json
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.drafts.keeping import drafted
from exchange.errors import Conflict, RuleBroken
from exchange.extensions import db
from exchange.people import documents as papers
from exchange.people import iin as iins
from exchange.people import keeping
from exchange.people import queries as people
from exchange.students import records, undoing
from exchange.students.actions import save_card
from exchange.students.fields import countries
from exchange.students.forms import MERGED, TICKS, EditForm, card_strings
from exchange.students.models import Student
from exchange.students.student_form import SEXES
from exchange.students.views.conflict import compare, conflict_page, resolve, sent
from exchange.students.views.room import coded, full_name, put_in, room, student_or_404
from exchange.students.views.undoing import told

# Fields of the form that the card does not show: they can't differ, and go on as they were typed.
NOT_MERGED = (
    "iin", "document_type", "passport", "document_issued_by", "document_issued_on", "document_valid_until", "snils",
)  # fmt: skip


def _kept(student: Student) -> dict[str, str]:
    person = records.person_of(db.session(), student)
    contacts = keeping.contacts_of(db.session(), person)
    return card_strings(contacts, people.latest_facts(db.session(), person.id), student)


def _page(student: Student, form: EditForm, opened: dict[str, str], status: int = 200) -> Any:
    session = db.session()
    person = records.person_of(session, student)
    html = render_template(
        "students/edit.html",
        student=student,
        form=form,
        name=full_name(people.latest_facts(session, person.id)),
        iin=iins.mask(person.iin),
        snils=papers.mask(keeping.contacts_of(session, person).snils),
        opened=json.dumps(opened, ensure_ascii=False),
    )
    return html if status == 200 else (html, status)


@room.get("/<string:public_id>/edit")
@allow(Permission.STUDENT_EDIT)
def edit(public_id: str) -> Any:
    """The form of a card as it is kept."""
    student = student_or_404(public_id)
    kept = _kept(student)
    form = EditForm()
    form.open_with(kept)
    form.version.data = str(student.version)
    return _page(student, form, kept)


@room.post("/<string:public_id>/edit")
@allow(Permission.STUDENT_EDIT)
@drafted(_l("Изменение записи"), named=("last_name", "first_name"))
def save(public_id: str) -> Any:
    """Saves, refuses with the form, or (409) asks which of two changes stands."""
    student = student_or_404(public_id)
    opened = sent("opened", MERGED)
    form = EditForm(opened=opened)
    do = request.form.get("do", "save")
    missing = resolve(form, opened, MERGED) if do == "merge" else []
    if do == "back":
        form.version.data = str(student.version)
        return _page(student, form, _kept(student))
    passed = form.validate()
    if put_in(form):
        return _page(student, form, opened)
    if not passed:
        return _page(student, form, opened, 422)
    if missing:
        return _conflict(student, form, opened, missing)
    before = undoing.card_before(db.session(), student)
    try:
        changed = save_card(db.session(), student, card=form.card(), person=form.person(), version=form.version.number)
    except Conflict:
        return _conflict(student, form, opened, [])
    except RuleBroken as broken:
        form.refuse(broken)
        return _refused(public_id, form, opened)
    except IntegrityError:
        form.refuse(RuleBroken("", _("Такой ИИН или номер дела уже есть. Проверьте их")))
        return _refused(public_id, form, opened)
    offered = undoing.offer_edit(db.session(), student, before, changed)
    said = _("Изменения записаны") if changed else _("Изменений нет")
    if offered and "document" in changed:
        said = _("Изменения записаны. Отмена не тронет документ: он остаётся в истории")
    told(said, offered)
    return redirect(url_for("students.show", public_id=student.public_id), 303)


def _refused(public_id: str, form: EditForm, opened: dict[str, str]) -> Any:
    db.session.rollback()
    return _page(student_or_404(public_id), form, opened, 422)


def _conflict(student: Student, form: EditForm, opened: dict[str, str], missing: list[str]) -> Any:
    kept = {name: value for name, value in _kept(student).items() if name in MERGED}
    was = {**kept, **(sent("base", MERGED) if missing else opened)}
    public_id = student.public_id
    return conflict_page(
        student, full_name(people.latest_facts(db.session(), student.person_id)),
        compare(form, was, kept, missing, shown), was, kept, NOT_MERGED,
        title=_("Изменение"),
        save_url=url_for("students.save", public_id=public_id), back_url=url_for("students.show", public_id=public_id),
    )  # fmt: skip


def shown(name: str, value: str) -> str:
    """A value of the card in words."""
    if name in TICKS:
        return _("да") if value else _("нет")
    if name == "region":
        return coded("regions", value)
    if name == "district":
        return coded("districts", value)
    if name == "citizenship":
        return countries().get(value, value)
    if name == "sex":
        return str(SEXES.get(value, value))
    return value
