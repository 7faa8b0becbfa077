"""Consents of a student: where each stands, its history, recording, withdrawing, blanks for signature."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, render_template
from flask_babel import gettext as _

from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.audit.actions import Note
from exchange.consents.actions import annul_entry, record_consent, withdraw_consent
from exchange.consents.forms import ConsentForm, MistakeForm, WithdrawForm
from exchange.consents.models import GIVEN
from exchange.consents.papers import is_minor, kinds, text_on
from exchange.consents.queries import entry_of, filed_of
from exchange.consents.scans import CONSENT, subject_of_consent
from exchange.consents.words import Entry, State, facts_of, states_of
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.files.carrying import attach_carried, carries_scan
from exchange.organisations.models import Organisation
from exchange.people import queries as people
from exchange.students import records
from exchange.students.models import Student
from exchange.students.views.frame import frame
from exchange.students.views.room import facts_now, full_name, student_or_404
from exchange.students.views.scanned import marks
from exchange.web.pages import go, today
from exchange.web.submission import once
from exchange.web.transaction import log

room = Blueprint("consents", __name__, url_prefix="/students/<string:public_id>/consents")


def _states(student: Student) -> list[State]:
    filed = filed_of(db.session(), [student.person_id]).get(student.person_id, [])
    return states_of(filed, people.latest_facts(db.session(), student.person_id).birth_date, today())


@room.get("")
@allow(Permission.STUDENT_READ)
def index(public_id: str) -> Any:
    """Every kind of consent with its history; that it was looked at is recorded."""
    student = student_or_404(public_id)
    log(Note("student:viewed", "student", student.public_id, {"tab": "consents"}))
    states = _states(student)
    scans = marks(db.session(), [(CONSENT, str(entry.id)) for state in states for entry in state.entries])
    return render_template("consents/index.html", **frame(student, under="particulars.index"), states=states, scans=scans)


def _kind_or_404(code: str) -> Any:
    return kinds().get(code) or abort(404)


def _page(student: Student, code: str, form: ConsentForm, status: int = 200) -> Any:
    html = render_template(
        "consents/new.html",
        student=student,
        name=full_name(facts_now(student)),
        kind=_kind_or_404(code),
        form=form,
        text=text_on(code, today()),
    )
    return html if status == 200 else (html, status)


def _form(student: Student, code: str) -> ConsentForm:
    born = people.latest_facts(db.session(), student.person_id).birth_date
    return ConsentForm(kind=code, born=born, today=today())


@room.get("/<string:code>/new")
@allow(Permission.STUDENT_EDIT)
def new(public_id: str, code: str) -> Any:
    """A consent that was given; a guardian who acts today is named beforehand."""
    student, kind = student_or_404(public_id), _kind_or_404(code)
    form = _form(student, kind.code)
    if form.is_minor and may("student:reveal"):
        person = records.person_of(db.session(), student)
        acting = [one for one in people.guardians_of(db.session(), person) if one.until is None or one.until >= today()]
        form.giver.data = acting[0].name if acting else ""
    return _page(student, code, form)


@room.post("/<string:code>/new")
@allow(Permission.STUDENT_EDIT)
@carries_scan
@once
def record(public_id: str, code: str) -> Any:
    """Records it, or shows the form again with what was typed."""
    student, kind = student_or_404(public_id), _kind_or_404(code)
    form = _form(student, kind.code)
    if not form.validate() or form.said is None:
        return _page(student, code, form, 422)
    try:
        consent = record_consent(db.session(), student, form.said)
        attach_carried(db.session(), [subject_of_consent(student, consent)], "consent")
    except RuleBroken as broken:
        form.refuse(broken)
        return _page(student, code, form, 422)
    flash(_("Согласие записано"), "ok")
    return go("consents.index", public_id=student.public_id)


@room.get("/<string:code>/blank")
@allow(Permission.STUDENT_EDIT)
def blank(public_id: str, code: str) -> Any:
    """One consent on one sheet, to be signed; the numbers of documents are written by hand."""
    student, kind = student_or_404(public_id), _kind_or_404(code)
    text = text_on(kind.code, today()) or abort(404)
    facts = facts_now(student)
    office = db.session().get_one(Organisation, student.organisation_id)
    log(Note("consent:printed", "student", student.public_id, {"consent": kind.code, "text_version": text.version}))
    return render_template(
        "consents/blank.html",
        student=student,
        name=full_name(facts),
        kind=kind,
        version=text.version,
        paragraphs=text.filled(full_name(facts), f"{facts.birth_date:%d.%m.%Y}", office.name_ru or office.short_ru),
        is_minor=is_minor(facts.birth_date, today()),
    )


def _told(student: Student, entry_id: int) -> tuple[State, Entry]:
    """The entry as the page tells it."""
    entry_of(db.session(), student.person_id, entry_id)
    return next((state, entry) for state in _states(student) for entry in state.entries if entry.id == entry_id)


def _asking(student: Student, entry_id: int, form: Any, template: str, status: int = 200) -> Any:
    state, entry = _told(student, entry_id)
    name = full_name(facts_now(student))
    html = render_template(
        template, student=student, name=name, state=state, entry=entry, form=form, facts=facts_of(entry, name, state.kind)
    )
    return html if status == 200 else (html, status)


def _withdrawable(student: Student, entry_id: int) -> None:
    """Only a consent can be withdrawn, not a withdrawal."""
    if entry_of(db.session(), student.person_id, entry_id)[1].act != GIVEN:
        abort(404)


@room.get("/<int(max=2147483647):entry_id>/withdraw")
@allow(Permission.STUDENT_EDIT)
def withdraw(public_id: str, entry_id: int) -> Any:
    """Asks from which day."""
    student = student_or_404(public_id)
    _withdrawable(student, entry_id)
    return _asking(student, entry_id, WithdrawForm(), "consents/withdraw.html")


@room.post("/<int(max=2147483647):entry_id>/withdraw")
@allow(Permission.STUDENT_EDIT)
@carries_scan
@once
def withdraw_record(public_id: str, entry_id: int) -> Any:
    """A further entry says that it is withdrawn."""
    student, form = student_or_404(public_id), WithdrawForm()
    _withdrawable(student, entry_id)
    if not form.validate() or form.day.day is None:
        return _asking(student, entry_id, form, "consents/withdraw.html", 422)
    try:
        withdrawal = withdraw_consent(db.session(), student, entry_id, form.day.day, form.note.text)
        attach_carried(db.session(), [subject_of_consent(student, withdrawal)], "consent")
    except RuleBroken as broken:
        form.refuse(broken)
        return _asking(student, entry_id, form, "consents/withdraw.html", 422)
    flash(_("Отзыв записан. Обработку на этом основании прекращают: 152-ФЗ, статья 21"), "ok")
    return go("consents.index", public_id=student.public_id)


@room.get("/<int(max=2147483647):entry_id>/mistake")
@allow(Permission.STUDENT_EDIT)
def mistake(public_id: str, entry_id: int) -> Any:
    """Asks why."""
    return _asking(student_or_404(public_id), entry_id, MistakeForm(), "consents/mistake.html")


@room.post("/<int(max=2147483647):entry_id>/mistake")
@allow(Permission.STUDENT_EDIT)
@once
def mistake_record(public_id: str, entry_id: int) -> Any:
    """The entry stays, with the reason why it no longer counts."""
    student, form = student_or_404(public_id), MistakeForm()
    if not form.validate():
        return _asking(student, entry_id, form, "consents/mistake.html", 422)
    try:
        annul_entry(db.session(), student, entry_id, form.reason.text)
    except RuleBroken as broken:
        form.refuse(broken)
        return _asking(student, entry_id, form, "consents/mistake.html", 422)
    flash(_("Запись отмечена ошибочной. Она осталась в истории"), "ok")
    return go("consents.index", public_id=student.public_id)
