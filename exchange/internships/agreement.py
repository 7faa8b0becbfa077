"""What a university does: recognises its student, agrees the placement or refuses it."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.database import now
from exchange.errors import RuleBroken
from exchange.internships.actions import same_version, touch
from exchange.internships.models import Internship
from exchange.internships.stages import Kind, Recognition, Stage
from exchange.students.models import Student


def recognise(session: Session, one: Internship, student: Student, version: int) -> None:
    """The university says that this is its student. `student` comes from the university's own session: one of its rows."""
    same_version(one, version)
    _be_open(one)
    if one.student_id == student.id:
        return
    before = one.recognition
    one.student_id = student.id
    one.recognition = Recognition.RECOGNISED
    one.refusal = ""
    touch(session, one, "internship:recognised", recognition=[before, one.recognition], student=student.public_id)


def agree(session: Session, one: Internship, version: int) -> None:
    """The university agrees that its student is at this enterprise in this period."""
    same_version(one, version)
    _be_open(one)
    if one.student_id is None:
        raise RuleBroken("student", _("Сначала укажите своего студента"))
    if one.agreed_at is not None:
        return
    one.agreed_at = now()
    one.agreed_by_id = actor_of(session).user_id
    one.refusal = ""
    touch(session, one, "internship:agreed", starts_on=one.starts_on, ends_on=one.ends_on)


def recognise_and_agree(session: Session, one: Internship, student: Student, version: int) -> None:
    """Both at one press."""
    recognise(session, one, student, version)
    session.flush()
    agree(session, one, one.version)


def refuse(session: Session, one: Internship, reason: str, version: int) -> None:
    """The university does not agree: it is not its student, or not this placement. The reason is shown to the enterprise."""
    same_version(one, version)
    _be_open(one)
    if not reason.strip():
        raise RuleBroken("reason", _("Напишите причину: её увидит предприятие"))
    before = one.recognition
    if one.student_id is None:
        one.recognition = Recognition.REFUSED
    one.agreed_at = one.agreed_by_id = None
    one.refusal = reason.strip()
    touch(session, one, "internship:declined", reason=one.refusal, recognition=[before, one.recognition])


def _be_open(one: Internship) -> None:
    if one.kind != Kind.PRACTICE or one.recognition == Recognition.NOT_NEEDED:
        raise RuleBroken("", _("Эту запись вуз не согласует"))
    if one.status == Stage.CANCELLED:
        raise RuleBroken("", _("Предприятие отменило запись"))
