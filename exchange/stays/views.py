"""The tab «Миграция» of a student's card: summary, timeline, a form for each kind of facts, annulment."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.audit import actions as audit
from exchange.audit.actions import Note
from exchange.drafts.keeping import drafted
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.files.carrying import attach_carried, carries_scan
from exchange.people import queries as people
from exchange.stays.actions import UNDO, annul_fact, record_fact
from exchange.stays.forms import AnnulForm, FactForm
from exchange.stays.kinds import KINDS, Kind
from exchange.stays.queries import fact_of, facts_of_human, in_force
from exchange.stays.scans import FACT, scan_kind, subject_of_fact
from exchange.stays.summary import summarise
from exchange.stays.words import gaps_of, lines_of, told_of
from exchange.students import undoing
from exchange.students.models import Student
from exchange.students.views.frame import frame
from exchange.students.views.room import facts_now, full_name, student_or_404
from exchange.students.views.scanned import marks
from exchange.students.views.undoing import told
from exchange.web.pages import go, today
from exchange.web.submission import once
from exchange.web.transaction import log

room = Blueprint("stays", __name__, url_prefix="/students/<string:public_id>/stay")


@room.get("")
@allow(Permission.STAY_READ)
def index(public_id: str) -> Any:
    """Where a student stands today, and how that came; that it was looked at is recorded."""
    student = student_or_404(public_id)
    log(Note("stay:viewed", "student", student.public_id))
    return _tab(student)


@room.post("/reveal")
@allow(Permission.STUDENT_REVEAL)
def reveal(public_id: str) -> Any:
    """Shows the numbers of documents once; who asked is recorded."""
    student = student_or_404(public_id)
    audit.record(db.session(), "student:revealed", student, fields=["stay_numbers"])
    return _tab(student, is_open=True)


def _tab(student: Student, *, is_open: bool = False) -> str:
    facts = facts_of_human(db.session(), student.person_id)
    person = facts_now(student)
    told = summarise(in_force(facts), today(), is_citizen=person.is_rf_citizen or person.citizenship == "RU")
    return render_template(
        "stays/index.html",
        **frame(student, facts=person),
        kinds=KINDS.values(),
        lines=lines_of(told),
        gaps=gaps_of(told),
        has_entry=told.has_entry,
        facts=[told_of(item, is_open=is_open) for item in facts],
        scans=marks(db.session(), [(FACT, str(item.fact.id)) for item in facts]),
        has_numbers=any(item.fact.number and KINDS[item.fact.kind].has_secret_number for item in facts),
        is_open=is_open,
    )


def _kind() -> Kind | None:
    """The kind that was asked for; None when none was chosen yet."""
    code = request.args.get("kind", "")
    if code and code not in KINDS:
        abort(404)
    return KINDS.get(code)


def _form(student: Student, kind: Kind) -> FactForm:
    session = db.session()
    born = people.latest_facts(session, student.person_id).birth_date
    return FactForm(kind=kind.code, known=in_force(facts_of_human(session, student.person_id)), born=born, today=today())


def _page(student: Student, kind: Kind | None, form: FactForm | None, status: int = 200) -> Any:
    html = render_template(
        "stays/new.html", student=student, name=full_name(facts_now(student)), kinds=KINDS.values(), kind=kind, form=form
    )
    return html if status == 200 else (html, status)


@room.get("/new")
@allow(Permission.STAY_RECORD)
def new(public_id: str) -> Any:
    """Which kind; then its form."""
    student, kind = student_or_404(public_id), _kind()
    return _page(student, kind, _form(student, kind) if kind else None)


@room.post("/new")
@allow(Permission.STAY_RECORD)
@carries_scan
@drafted(_l("Сведения о пребывании"), args=("kind",), named=("number", "starts_on"))
@once
def record(public_id: str) -> Any:
    """Records the fact, or shows the form again with what was typed."""
    student, kind = student_or_404(public_id), _kind()
    if kind is None:
        abort(404)
    form = _form(student, kind)
    if not form.validate() or form.said is None:
        return _page(student, kind, form, 422)
    try:
        fact = record_fact(db.session(), student, form.said)
        attach_carried(db.session(), [subject_of_fact(student, fact)], scan_kind(fact.kind))
    except RuleBroken as broken:
        form.refuse(broken)
        return _page(student, kind, form, 422)
    content = {"student": student.public_id, "fact": fact.id}
    told(str(kind.done), undoing.offer(db.session(), UNDO, [student.public_id], content, is_bound=False))
    if request.form.get("do") == "again":
        return redirect(url_for("stays.new", public_id=student.public_id), 303)
    return go("stays.index", public_id=student.public_id)


@room.get("/<int(max=2147483647):fact_id>/annul")
@allow(Permission.STAY_RECORD)
def annul(public_id: str, fact_id: int) -> Any:
    """Asks why."""
    return _annul_page(student_or_404(public_id), fact_id, AnnulForm())


@room.post("/<int(max=2147483647):fact_id>/annul")
@allow(Permission.STAY_RECORD)
@once
def annul_record(public_id: str, fact_id: int) -> Any:
    """Annuls; the fact and the reason both stay on the timeline."""
    student, form = student_or_404(public_id), AnnulForm()
    if not form.validate():
        return _annul_page(student, fact_id, form, 422)
    try:
        annul_fact(db.session(), student, fact_id, form.reason.text)
    except RuleBroken as broken:
        form.refuse(broken)
        return _annul_page(student, fact_id, form, 422)
    flash(_("Запись аннулирована. Она осталась в ленте с пометкой"), "ok")
    return go("stays.index", public_id=student.public_id)


def _annul_page(student: Student, fact_id: int, form: AnnulForm, status: int = 200) -> Any:
    item = fact_of(db.session(), student.person_id, fact_id)
    html = render_template(
        "stays/annul.html", student=student, name=full_name(facts_now(student)), form=form, told=told_of(item, is_open=False)
    )
    return html if status == 200 else (html, status)
