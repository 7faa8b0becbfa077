"""The tab: every group with what is said, the documents, the guardians, the consents; numbers masked until somebody asks."""

from __future__ import annotations

from typing import Any

from flask import render_template

from exchange.access.actor import current_actor
from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.audit import actions as audit
from exchange.audit.actions import Note
from exchange.consents.papers import birthday, is_minor
from exchange.consents.queries import filed_of
from exchange.consents.words import states_of
from exchange.extensions import db
from exchange.particulars.groups import GROUPS
from exchange.particulars.queries import around, changes_of
from exchange.particulars.views.room import room
from exchange.particulars.words import guardian_lines, paper_of, parts_of
from exchange.people import queries as people
from exchange.students.models import Student
from exchange.students.views.frame import act_url, frame
from exchange.students.views.room import student_or_404
from exchange.web.pages import today
from exchange.web.transaction import log


@room.get("")
@allow(Permission.STUDENT_READ)
def index(public_id: str) -> Any:
    """Everything that is said of a student; that it was looked at is recorded."""
    student = student_or_404(public_id)
    log(Note("student:viewed", "student", student.public_id))
    return _tab(student)


@room.post("/reveal")
@allow(Permission.STUDENT_REVEAL)
def reveal(public_id: str) -> Any:
    """Shows the numbers once; who asked is recorded."""
    student = student_or_404(public_id)
    audit.record(db.session(), "student:revealed", student, fields=["iin", "documents", "snils", "inn"])
    return _tab(student, is_open=True)


def _tab(student: Student, *, is_open: bool = False) -> str:
    session = db.session()
    told = around(session, student)
    sees_closed, is_keeper, day = may("student:reveal"), told.is_kept_by(current_actor()), today()
    may_edit = may("student:edit")
    parts = parts_of(told, changes_of(session, told), is_open=is_open, may_edit=may_edit, is_keeper=is_keeper)
    guardians = told.guardians if sees_closed else []
    acting = [one for one in guardians if one.since <= day and (one.until is None or one.until >= day)]
    born, studies = told.facts.birth_date, bool(told.current and told.current.in_contingent)
    return render_template(
        "particulars/index.html",
        **frame(student, told.current, told.facts),
        parts={part.group.code: part for part in parts if sees_closed or not part.group.is_closed},
        groups=GROUPS,
        current=told.current,
        documents=[paper_of(one, day, is_open=is_open) for one in people.documents_of(session, told.person.id)],
        guardians=[(one.id, one in acting, guardian_lines(one, is_open=is_open)) for one in guardians],
        is_minor=is_minor(born, day),
        of_age=birthday(born),
        needs_guardian=sees_closed and is_minor(born, day) and not acting and studies,
        studies=studies,
        consents=states_of(filed_of(session, [told.person.id]).get(told.person.id, []), born, day),
        sees_closed=sees_closed,
        may_keep=may_edit and is_keeper,
        rename_url=act_url(student, "name_change")
        if may("order:record") and told.current and told.current.in_contingent
        else "",
        is_open=is_open,
    )
