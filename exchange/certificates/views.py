"""The tab «Справки» of a student's card: the register of what was issued, the form, the file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, render_template
from flask_babel import gettext as _

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.audit.actions import Note
from exchange.certificates import words
from exchange.certificates.actions import file_of, issue, kind_for
from exchange.certificates.forms import CertificateForm
from exchange.certificates.models import PERIOD, STUDIES
from exchange.certificates.queries import certificate_of, certificates_of
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.spreadsheets.file_names import content_disposition, file_name
from exchange.students import records
from exchange.students.models import Student
from exchange.students.views.frame import frame, period_now
from exchange.students.views.room import facts_now, full_name, student_or_404
from exchange.web.pages import go, public_id_or_404
from exchange.web.submission import once
from exchange.web.transaction import log

room = Blueprint("certificates", __name__, url_prefix="/students/<string:public_id>/certificates")


@dataclass(frozen=True)
class Line:
    """A line of the register."""

    public_id: str
    mark: str
    day: Any
    title: str
    addressee: str
    stated_on: Any
    author: str


@room.get("")
@allow(Permission.STUDENT_EDIT)
def index(public_id: str) -> Any:
    """What was issued to a student, and which paper can be issued now."""
    student = student_or_404(public_id)
    current = period_now(records.periods_of(db.session(), student))
    titles = words.titles()
    kind = kind_for(current)
    lines = [
        Line(one.public_id, one.mark, one.issued_on, titles[one.kind], one.addressee, one.stated_on, one.recorded_by)
        for one in certificates_of(db.session(), student)
    ]
    log(Note("student:viewed", "student", student.public_id))
    return render_template(
        "certificates/index.html", **frame(student, current), lines=lines, kind=kind, title=titles.get(kind or "", "")
    )


@room.get("/new")
@allow(Permission.STUDENT_EDIT)
def new(public_id: str) -> Any:
    """The form of the paper that fits."""
    student = student_or_404(public_id)
    kind = _kind(student)
    form = CertificateForm()
    form.begin()
    return _page(student, kind, form)


@room.post("/new")
@allow(Permission.STUDENT_EDIT)
@once
def create(public_id: str) -> Any:
    """Issues, and leads to the register, where the file is."""
    student = student_or_404(public_id)
    kind = _kind(student)
    form = CertificateForm()
    if not form.validate() or form.stated_on.day is None:
        return _page(student, kind, form, 422)
    try:
        made = issue(db.session(), student, kind, form.stated_on.day, form.addressee.text, form.languages)
    except RuleBroken as broken:
        form.refuse(broken)
        return _page(student, kind, form, 422)
    flash(_("Справка № %(number)s внесена в журнал. Скачайте её и подпишите", number=made.mark), "ok")
    return go("certificates.index", public_id=student.public_id)


@room.get("/<string:certificate_id>.pdf")
@allow(Permission.STUDENT_EDIT)
def download(public_id: str, certificate_id: str) -> Any:
    """The file, the same each time; that it was taken is recorded."""
    student = student_or_404(public_id)
    found = certificate_of(db.session(), student, public_id_or_404(certificate_id))
    made = file_of(found)
    told = {"certificate": found.mark, "sha256": hashlib.sha256(made).hexdigest()}
    log(Note("certificate:downloaded", "student", student.public_id, told))
    name = file_name([_("Справка"), found.mark.replace("/", "-"), found.issued_on], ".pdf")
    headers = {"Content-Disposition": content_disposition(name), "Cache-Control": "no-store"}
    return Response(made, mimetype="application/pdf", headers=headers)


def _kind(student: Student) -> str:
    """Which of the two papers: that he studies, or (for who has left, or a record that fits neither) the period."""
    current = period_now(records.periods_of(db.session(), student))
    return kind_for(current) or (PERIOD if current is not None else STUDIES)


def _page(student: Student, kind: str, form: CertificateForm, status: int = 200) -> Any:
    html = render_template(
        "certificates/new.html", student=student, name=full_name(facts_now(student)), title=words.titles()[kind], form=form,
        is_period=kind == PERIOD,
    )  # fmt: skip
    return html if status == 200 else (html, status)
