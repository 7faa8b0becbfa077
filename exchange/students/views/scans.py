"""The tab «Документы»: all scans of a student. A younger room adds those of its records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import render_template, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.audit.actions import Note
from exchange.extensions import db
from exchange.files import queries as files
from exchange.files import subjects
from exchange.files.forms import AttachForm
from exchange.files.subjects import Subject
from exchange.organisations.models import Organisation
from exchange.students import order_queries, records
from exchange.students.models import Student, StudyPeriod
from exchange.students.views.frame import frame, hang_tab, period_now
from exchange.students.views.room import facts_now, full_name, room, student_or_404
from exchange.students.views.scanned import ORDER, STUDENT, subject_of_order, subject_of_student, title_of
from exchange.web.pages import public_id_or_404
from exchange.web.paging import first_of, pages_of
from exchange.web.transaction import log

SIZE = 50
# Records of a student: public id of the record -> what it is called, and where it is shown.
Places = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Group:
    """Records of one kind whose scans are a student's too."""

    type: str
    heading: Any
    places: Callable[[Session, Student], Places]


def _orders(session: Session, student: Student) -> Places:
    found = {item.order.public_id: item.order for item in records.lines_of(session, student)}
    return {key: (title_of(order), url_for("students.paper", paper_id=key)) for key, order in found.items()}


_groups = {
    STUDENT: Group(STUDENT, _l("Студент"), lambda session, student: {student.public_id: ("", "")}),
    ORDER: Group(ORDER, _l("Приказы"), _orders),
}


def hang_scans(subject_type: str, heading: Any, places: Callable[[Session, Student], Places]) -> None:
    """Adds the scans of a younger room's records to the tab."""
    _groups[subject_type] = Group(subject_type, heading, places)


@room.get("/<string:public_id>/files")
@allow(Permission.FILE_READ)
def files_tab(public_id: str) -> Any:
    """All scans of a student, by the kind of record; that they were looked at is recorded."""
    student = student_or_404(public_id)
    log(Note("student:viewed", "student", student.public_id))
    session = db.session()
    places = {(group.type, key): place for group in _groups.values() for key, place in group.places(session, student).items()}
    refs = list(places)
    kept = files.scans_of(session, refs, removed=None)  # without contents: one question for both, turned over here
    in_force = [scan for scan in kept if scan.removed_at is None]
    total = len(in_force)
    first = first_of(request.args.get("page", 1, int), total, SIZE)
    scans = in_force[first : first + SIZE]
    form = AttachForm()
    # period and office by one question: the tab asks for the records of other rooms too
    period = sa.and_(StudyPeriod.student_id == student.id, StudyPeriod.superseded_at.is_(None))
    of_office = sa.select(StudyPeriod, Organisation).join(Organisation, Organisation.id == student.organisation_id)
    held = session.execute(of_office.where(period).order_by(StudyPeriod.valid_from)).all()
    return render_template(
        "students/scans.html",
        **frame(student, period_now([row.StudyPeriod for row in held])),
        form=form,
        groups=[
            (group, found)
            for group in _groups.values()
            if (found := [(scan, places[scan.subject]) for scan in scans if scan.subject_type == group.type])
        ],
        removed=[scan for scan in kept if scan.removed_at is not None] if may("file:attach") else [],
        page=pages_of(scans, total, first, SIZE),
    )


# ------------------------------------------------------------------------------------------- records that may have scans
def _find_student(session: Session, key: str) -> Subject:
    student = student_or_404(key)
    return subject_of_student(student, full_name(facts_now(student)))


def _find_order(session: Session, key: str) -> Subject:
    return subject_of_order(order_queries.order_by_public_id(session, public_id_or_404(key)))


def hang() -> None:
    """Called when the room is registered."""
    subjects.know(STUDENT, _find_student)
    subjects.know(ORDER, _find_order)
    hang_tab("students.files_tab", _l("Документы"), 40)
