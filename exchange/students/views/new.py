"""Registering a student by a form: one page, double submits led to the first result, series of students."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError

from exchange.access.actor import current_actor
from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.drafts.keeping import drafted
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.people import queries as people
from exchange.people.names import latin
from exchange.students import queries, undoing
from exchange.students.actions import Double, find_doubles, register_student
from exchange.students.models import Student
from exchange.students.registration import prefix_of
from exchange.students.student_form import StudentForm
from exchange.students.views.asking import hints
from exchange.students.views.room import forget, full_name, put_in, room, student_or_404
from exchange.students.views.series import TakenOver, said_of, take_over
from exchange.students.views.undoing import told as banner
from exchange.web.pages import go
from exchange.web.submission import once

# A younger room asks another university for a student who is registered there.
ASK = "transfers.new"
# A younger room compares two records that may be one person.
COMPARE = "merging.index"


def _form(again: Student | None) -> StudentForm:
    """The form with the offices to choose from; a person who is known stays with the office that keeps the record."""
    offices = {
        code: (key, name)
        for key, code, name in queries.universities(db.session())
        if again is None or key == again.organisation_id
    }
    form = StudentForm(organisations=offices)
    if request.method == "GET":
        form.citizenship.data = form.citizenship.data or "KZ"
        form.form.data = form.form.data or "full"
    if len(offices) == 1:  # nothing to choose: whatever the form brings
        form.organisation.data = next(iter(offices))
    elif not form.organisation.data:
        here = current_actor().organisation_id
        form.organisation.data = next((code for code, (key, _name) in offices.items() if key == here), "")
    return form


def _known_person() -> Student | None:
    """The record of the person who begins a further programme, when the address names one."""
    public_id = request.args.get("again", "")
    return student_or_404(public_id) if public_id else None


def _page(
    form: StudentForm, again: Student | None, doubles: list[Double] | None = None, status: int = 200,
    taken: TakenOver | None = None, banner: str = "",
) -> Any:  # fmt: skip
    """The form; `taken` is what it took over from another record, with the words of its banner."""
    facts = people.latest_facts(db.session(), again.person_id) if again else None
    html = render_template(
        "students/new.html",
        form=form,
        again=again,
        again_name=full_name(facts) if facts else "",
        with_offices=len(form.organisations) > 1,
        taken=taken,
        banner=banner,
        **_beside(form, again, doubles),
    )
    return html if status == 200 else (html, status)


def _beside(form: StudentForm, again: Student | None, doubles: list[Double] | None) -> dict[str, Any]:
    """The column at the right; `doubles` are empty when somebody looked and found nobody, None when nobody has looked."""
    chosen = form.organisations.get(form.organisation.data or "")
    surname, name = form.last_name.text, form.first_name.text
    return {
        "doubles": doubles,
        "is_known": again is not None,
        "latin": f"{latin(surname)} {latin(name)}".strip() if surname or name else "",
        "office": chosen[1] if chosen else "",
        "prefix": prefix_of(chosen[1]) if chosen else "",
        "number": form.record_book.data or "",
        "ask_url": url_for(ASK) if ASK in current_app.view_functions else "",
    }


@room.get("/new")
@allow(Permission.STUDENT_REGISTER)
def new() -> Any:
    """An empty form; `after` goes on with a series, `like` takes over what another record has."""
    again = _known_person()
    form = _form(again)
    source, is_next = request.args.get("after") or request.args.get("like") or "", "after" in request.args
    if not source:
        return _page(form, again)
    taken = take_over(form, student_or_404(source))
    return _page(form, again, taken=taken, banner=said_of(taken, is_next=is_next))


@room.post("/new")
@allow(Permission.STUDENT_REGISTER)
@drafted(_l("Новый студент"), args=("again",), named=("last_name", "first_name"))
@once
def create() -> Any:
    """Registers, or shows the form again with everything that was typed."""
    again = _known_person()
    form = _form(again)
    form.is_known_person = again is not None
    if request.form.get("do") == "hints":
        told, doubles = hints(form)
        aside = render_template("students/_beside.html", **_beside(form, again, doubles))
        return jsonify(**told, aside=aside)
    passed = form.validate()
    if request.form.get("find") == "programme":
        return _look_up(form, again)
    if put_in(form):
        return _page(form, again)
    office = form.organisations.get(form.organisation.data or "")
    doubles = _doubles(form, office[0]) if office and again is None else None
    for double in doubles or ():
        if double.refuses:
            form.refuse(RuleBroken("iin" if double.by == "iin" else "passport", double.sentence))
        else:
            form.warn("last_name", double.sentence)
            form.last_name.warnings, form.last_name.confirmed = form.warnings["last_name"], form.confirmed("last_name")
    refused = any(d.refuses for d in doubles or ()) or not all(form.confirmed(name) for name in form.warnings)
    if not passed or refused or office is None:
        _take_hints(form)
        return _page(form, again, doubles, 422)
    try:
        student = register_student(db.session(), form.registration(office[0], person_id=again.person_id if again else None))
    except RuleBroken as broken:
        form.refuse(broken)
        return _page(form, again, doubles, 422)
    except IntegrityError:
        db.session.rollback()
        form.refuse(RuleBroken("", _("Эту запись только что внёс кто-то другой. Проверьте ИИН и номер дела в списке")))
        return _page(form, again, doubles, 422)
    if any(double.is_own for double in doubles or ()) and COMPARE in current_app.view_functions:
        link = Markup('<a href="%s">%s</a>') % (url_for(COMPARE, of=student.public_id), _("Сравнить"))
        flash(Markup("%s %s") % (_("Запись похожа на другую."), link), "info")
    undo = undoing.offer_registration(db.session(), student)
    if request.form.get("do") == "more":
        return go("students.new", after=student.public_id)
    facts = people.latest_facts(db.session(), student.person_id)
    added = _("Запись добавлена: %(name)s, номер дела %(number)s", name=full_name(facts), number=student.record_book_no)
    banner(added, undo)
    return redirect(url_for("students.show", public_id=student.public_id), 303)


def _take_hints(form: StudentForm) -> None:
    """What the number says of birth and sex stands in the empty fields, to be looked at before it is saved: scripts do the same
    while the number is typed."""
    taken = [form._fields[name] for name in form.proposals if not form._fields[name].data]
    for field in taken:
        field.data, field.errors, field.suggestion = form.proposals[field.name], [], None
    if taken:
        what = ", ".join(str(field.label.text).lower() for field in taken)
        flash(_("Подсказано по ИИН: %(what)s. Сверьте с документом и сохраните", what=what), "info")


def _doubles(form: StudentForm, organisation_id: int) -> list[Double] | None:
    """Those found by what is typed rightly so far; nobody found counts only when all that tells a person is right."""
    found = find_doubles(db.session(), [form.candidate(0, organisation_id)]).get(0, [])
    telling = (form.iin, form.passport, form.last_name, form.first_name, form.born)
    return found or (None if any(field.errors for field in telling) else [])


def _look_up(form: StudentForm, again: Student | None) -> Any:
    """«Найти»: the programmes that the words name; nothing is judged yet, everything typed stays."""
    found = form.programme
    words = " ".join(request.form.get("programme_query", "").split())[:200]
    forget(form)
    if found.data and not found.results and not words:
        return _page(form, again)
    if found.results is None:
        found.results = [(found.data, found.chosen, "")] if found.data else []
        found.query = words
    return _page(form, again)
