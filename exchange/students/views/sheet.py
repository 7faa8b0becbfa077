"""The personal sheet of a student: his card on one sheet of A4, numbers masked unless they were opened."""

from __future__ import annotations

from typing import Any

from flask import render_template

from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.audit import actions as audit
from exchange.audit.actions import Note
from exchange.extensions import db
from exchange.organisations.models import Organisation
from exchange.people import keeping
from exchange.people import queries as people
from exchange.students import records
from exchange.students.models import Student
from exchange.students.views.cards import contact_facts, document_facts, events_of, person_facts, study_facts
from exchange.students.views.frame import period_now
from exchange.students.views.room import coded, facts_now, full_name, room, student_or_404
from exchange.web.transaction import log


@room.get("/<string:public_id>/sheet")
@allow(Permission.STUDENT_READ)
def sheet(public_id: str) -> Any:
    """The sheet with masked numbers; that it was opened is recorded."""
    student = student_or_404(public_id)
    log(Note("student:viewed", "student", student.public_id))
    return _sheet(student)


@room.post("/<string:public_id>/sheet")
@allow(Permission.STUDENT_REVEAL)
def sheet_open(public_id: str) -> Any:
    """The sheet with IIN and numbers of documents; who asked is recorded."""
    student = student_or_404(public_id)
    audit.record(db.session(), "student:revealed", student, fields=["iin", "documents", "snils"])
    return _sheet(student, is_open=True)


def _sheet(student: Student, *, is_open: bool = False) -> str:
    session = db.session()
    person, facts = records.person_of(session, student), facts_now(student)
    contacts = keeping.contacts_of(session, person)
    current = period_now(records.periods_of(session, student))
    office = session.get_one(Organisation, student.organisation_id)
    status = current.status_code if current else "void"
    return render_template(
        "students/sheet.html",
        student=student,
        name=full_name(facts),
        latin=f"{facts.surname_lat} {facts.name_lat}".strip(),
        office=office.name_ru or office.short_ru,
        status=coded("statuses", status, short=True),
        person=person_facts(person, facts, is_open, contacts.snils),
        study=study_facts(student, current, office.short_ru)[1:-1],  # the office is the heading, the remark is not for paper
        documents=document_facts(people.documents_of(session, person.id), is_open),
        contacts=contact_facts(contacts) if may("student:reveal") else [],
        events=events_of(student),
        is_open=is_open,
    )
