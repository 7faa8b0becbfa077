"""Corrections of a card. Two who change one card at once: the second is shown what the first changed, and loses nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.database import now
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
from exchange.students.views.room import coded, full_name, moment_words, put_in, room, student_or_404
from exchange.students.views.undoing import told

# Fields of the form that the card does not show: they can't differ, and go on as they were typed.
NOT_MERGED = (
    "iin", "document_type", "passport", "document_issued_by", "document_issued_on", "document_valid_until", "snils",
)  # fmt: skip


@dataclass
class Difference:
    """A field that both changed."""

    field: str
    label: Any
    was: str
    theirs: str
    mine: str
    error: Any = ""
    choice: str = ""


@dataclass
class Merged:
    """A field that one of the two changed."""

    label: Any
    value: str
    was: str | None = None


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


def _opened() -> dict[str, str]:
    """What the form was opened with, as it sent it back."""
    try:
        found = json.loads(request.form.get("opened", "") or "{}")
    except ValueError:
        return {}
    return {name: str(value) for name, value in found.items() if name in MERGED} if isinstance(found, dict) else {}


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
    opened = _opened()
    form = EditForm(opened=opened)
    do = request.form.get("do", "save")
    missing = _resolve(form, opened) if do == "merge" else []
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
    told(
        _("Изменения записаны") if changed else _("Изменений нет"),
        undoing.offer_edit(db.session(), student, before, changed),
    )
    return redirect(url_for("students.show", public_id=student.public_id), 303)


def _refused(public_id: str, form: EditForm, opened: dict[str, str]) -> Any:
    db.session.rollback()
    return _page(student_or_404(public_id), form, opened, 422)


def _resolve(form: EditForm, opened: dict[str, str]) -> list[str]:
    """Puts the chosen values into the form; names the fields for which nothing was chosen."""
    missing = []
    for name in request.form.get("both", "").split(","):
        if name not in MERGED:
            continue
        choice = request.form.get(f"choice-{name}", "")
        if choice == "theirs":
            form.open_with({name: opened.get(name, "")})
        elif choice != "mine":
            missing.append(name)
    return missing


def _conflict(student: Student, form: EditForm, opened: dict[str, str], missing: list[str]) -> Any:
    """Three ways: as it was when the form was opened, as the other left it, as it is typed here."""
    kept, mine = _kept(student), form.strings()
    was = opened if not missing else {**kept, **json.loads(request.form.get("base", "") or "{}")}
    both: list[Difference] = []
    theirs_in: list[Merged] = []
    mine_in: list[Merged] = []
    merged: dict[str, str] = {}
    for name in MERGED:
        base = was.get(name, kept[name])
        label = form._fields[name].label.text
        merged[name] = mine[name]
        if mine[name] == kept[name]:
            continue
        if mine[name] == base:
            merged[name] = kept[name]
            theirs_in.append(Merged(label, shown(name, kept[name])))
        elif kept[name] == base:
            mine_in.append(Merged(label, shown(name, mine[name]), shown(name, base)))
        else:
            both.append(Difference(name, label, shown(name, base), shown(name, kept[name]), shown(name, mine[name])))
    for row in both:
        row.choice = request.form.get(f"choice-{row.field}", "")
        if row.field in missing:
            row.error = _("Выберите значение для поля «%(field)s»", field=row.label)
    who = student.updated_by or _("другой пользователь")
    hidden = [(name, value) for name, value in merged.items() if value]
    hidden += [(name, request.form[name]) for name in NOT_MERGED if request.form.get(name)]
    hidden += [(name, "1") for name in request.form if name.startswith("confirm_")]
    html = render_template(
        "students/conflict.html",
        student=student,
        name=full_name(people.latest_facts(db.session(), student.person_id)),
        who=who,
        theirs_at=moment_words(student.updated_at),
        mine_at=moment_words(now()),
        both=both,
        theirs_in=theirs_in,
        mine_in=mine_in,
        hidden=hidden,
        opened=json.dumps(kept, ensure_ascii=False),
        base=json.dumps({name: was.get(name, "") for name in MERGED}, ensure_ascii=False),
    )
    return html, 409


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
