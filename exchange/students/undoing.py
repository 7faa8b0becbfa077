"""Taking back what was just done: for a day, or until the record changes again. Nothing is deleted, entry answers entry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.actor import author
from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.database import now
from exchange.errors import NotFound, RuleBroken
from exchange.people import actions as people
from exchange.people import keeping
from exchange.people.models import Person
from exchange.reference.terms import term
from exchange.students import rules
from exchange.students.actions import CARD, CONTACTS, annul_order, save_card
from exchange.students.many import Unready, annul_many
from exchange.students.models import Order, OrderLine, Student, Undo
from exchange.students.vocabulary import UNDO_NUMBER

REGISTERED, RECORDED, RECORDED_MANY, SAVED = "student:registered", "order:recorded", "orders:recorded", "student:changed"
RULE = "UNDO"
# Takes one act back; answers where its result is seen: an endpoint and its arguments.
Handler = Callable[[Session, Undo, Sequence[Student]], tuple[str, dict[str, Any]]]
_handlers: dict[str, Handler] = {}


def can_undo(kind: str, handler: Handler) -> None:
    """A kind of acts that can be taken back; a younger room adds its own."""
    _handlers[kind] = handler


def offer(session: Session, kind: str, public_ids: Sequence[str], content: Mapping[str, Any], *, is_bound: bool = True) -> str:
    """Notes that the act just done on these students can be taken back; returns the id for the button.

    `is_bound` False: the act left the records of the students as they were, and their changes do not matter to it.
    """
    moment = now()
    session.flush()
    asked = sa.select(Student.id, Student.public_id, Student.version, Student.organisation_id)
    found = session.execute(asked.where(Student.public_id.in_(public_ids)).order_by(Student.id)).all()
    office = found[0].organisation_id
    over = sa.delete(Undo).where(Undo.organisation_id == office, Undo.expires_at < moment)
    session.execute(over.execution_options(synchronize_session=False))
    undo = Undo(
        organisation_id=office, student_id=found[0].id if len(found) == 1 else None, kind=kind,
        seen={row.public_id: row.version for row in found} if is_bound else {},
        content=dict(content), recorded_at=moment, expires_at=moment + dt.timedelta(hours=term(RULE, rules.today())),
    )  # fmt: skip
    session.add(undo)
    session.flush()
    return undo.public_id


def offer_registration(session: Session, student: Student) -> str:
    """The same for a student who was just registered: his enrolment can be annulled, and the record stays as void."""
    began = sa.select(OrderLine.id).where(OrderLine.student_id == student.id).order_by(OrderLine.id).limit(1)
    return offer(session, REGISTERED, [student.public_id], {"line": session.scalar(began)})


def offer_edit(session: Session, student: Student, before: Mapping[str, Any], changed: Mapping[str, Any]) -> str:
    """The same for an edit of a card; "" when nothing of it can be taken back: a document that was added stays as history."""
    if not set(changed) - {"document"}:
        return ""
    content: dict[str, Any] = {"card": {name: before[name] for name in (*CONTACTS, *CARD) if name in changed}}
    if "iin" in changed or "iin_needs_check" in changed:
        content["iin"] = [before["iin"], before["iin_needs_check"]]
    if any(name in people.FACTS for name in changed):
        corrected = max(facts.recorded_at for facts in people.current_facts(session, student.person_id))
        content["corrected_at"] = corrected.isoformat()
    return offer(session, SAVED, [student.public_id], content)


def card_before(session: Session, student: Student) -> dict[str, Any]:
    """What an edit may change and the facts do not keep by themselves."""
    person = session.get_one(Person, student.person_id)
    contacts = keeping.contacts_of(session, person)
    found = {name: getattr(contacts, name) for name in CONTACTS} | {name: getattr(student, name) for name in CARD}
    found |= {"iin": person.iin, "iin_needs_check": person.iin_needs_check}
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in found.items()}


def pending(session: Session, student: Student) -> Undo | None:
    """What can still be taken back of a student's record."""
    asked = sa.select(Undo).where(Undo.student_id == student.id, Undo.undone_at.is_(None), Undo.expires_at > now())
    found = session.scalars(asked.order_by(Undo.id.desc()).limit(1)).first()
    return found if found is not None and found.seen.get(student.public_id, student.version) == student.version else None


def student_of(session: Session, public_id: str) -> str:
    """The public id of the student whom an act was about; "" when there were several."""
    asked = sa.select(Student.public_id).join(Undo, Undo.student_id == Student.id).where(Undo.public_id == public_id)
    return session.scalar(asked) or ""


def take_back(session: Session, public_id: str) -> tuple[str, dict[str, Any]]:
    """Takes an act back; answers where to look. Raises NotFound, RuleBroken with the sentence that says why it is too late."""
    undo = session.scalar(sa.select(Undo).where(Undo.public_id == public_id).with_for_update())
    if undo is None:
        raise NotFound
    if undo.undone_at is not None:
        raise RuleBroken("", _("Это уже отменено: %(who)s. Повторять не нужно", who=undo.undone_by or "—"))
    if undo.expires_at <= now():
        raise RuleBroken(
            "",
            _(
                "Отменить можно было в течение %(hours)s часов. Аннулируйте приказ или исправьте карточку",
                hours=term(RULE, rules.today()),
            ),
        )
    asked = sa.select(Student).where(Student.public_id.in_(list(undo.seen))).order_by(Student.id)
    held = asked.with_for_update(key_share=True).execution_options(populate_existing=True)
    students = list(session.scalars(held))
    changed = [student for student in students if student.version != undo.seen[student.public_id]]
    if changed or len(students) < len(undo.seen):
        who = changed[0].updated_by if changed else ""
        raise RuleBroken(
            "", _("После этого запись изменили: %(who)s. Аннулируйте приказ или исправьте карточку", who=who or "—")
        )
    where = _handlers[undo.kind](session, undo, students)
    undo.undone_at, undo.undone_by, undo.content = now(), author(), {}
    session.flush()
    return where


def _note(session: Session, undo: Undo, student: Student, **details: Any) -> None:
    audit.record(session, "student:undone", student, what=undo.kind, at=undo.recorded_at, **details)


def _reason() -> str:
    return _("Отменено сразу после внесения")


def _of_line(session: Session, undo: Undo, students: Sequence[Student]) -> tuple[str, dict[str, Any]]:
    """An order for one, or a registration: its line is annulled by a line of its own; the record stays."""
    line = session.scalar(sa.select(OrderLine).where(OrderLine.id == int(undo.content["line"])))
    if line is None:
        raise NotFound
    annul_order(session, line, UNDO_NUMBER, rules.today(), _reason())
    _note(session, undo, students[0])
    return "students.show", {"public_id": students[0].public_id}


def _of_many(session: Session, undo: Undo, students: Sequence[Student]) -> tuple[str, dict[str, Any]]:
    """An order for many: annulled for all who were recorded then, whole or not at all."""
    first = ""
    for order in session.scalars(sa.select(Order).where(Order.public_id.in_(undo.content["orders"])).order_by(Order.id)):
        seen = {s.public_id: s.version for s in students if s.organisation_id == order.organisation_id}
        if seen:
            try:
                recorded = annul_many(session, order, seen, UNDO_NUMBER, rules.today(), _reason())
            except Unready as unready:
                raise RuleBroken("", str(unready.examined.unfit[0].reason)) from unready
            first = first or recorded[0]
    if not first:
        raise NotFound
    audit.record(session, "student:undone", ("student", ""), what=undo.kind, at=undo.recorded_at, students=len(students))
    return "students.paper", {"paper_id": undo.content["orders"][0]}


def _of_edit(session: Session, undo: Undo, students: Sequence[Student]) -> tuple[str, dict[str, Any]]:
    """An edit: what stood there before is said again, as a correction of its own."""
    student, content = students[0], undo.content
    card = dict(content["card"])
    if card.get("planned_end_on"):
        card["planned_end_on"] = dt.date.fromisoformat(card["planned_end_on"])
    person = {}
    if "iin" in content:
        person = {"iin": content["iin"][0], "iin_needs_check": content["iin"][1]}
    save_card(session, student, card=card, person=person, version=student.version)
    changed: dict[str, tuple[Any, Any]] = {}
    if corrected_at := content.get("corrected_at"):
        moment = now()
        changed = people.take_correction_back(session, student.person_id, dt.datetime.fromisoformat(corrected_at), moment)
        if not changed:
            raise RuleBroken("", _("После этого сведения о человеке изменили. Исправьте их в карточке"))
        student.updated_at, student.updated_by_id = moment, actor_of(session).user_id
        session.flush()
    before, after = ({name: pair[side] for name, pair in changed.items()} for side in (0, 1))
    _note(session, undo, student, before=before, after=after)
    return "students.show", {"public_id": student.public_id}


can_undo(REGISTERED, _of_line)
can_undo(RECORDED, _of_line)
can_undo(RECORDED_MANY, _of_many)
can_undo(SAVED, _of_edit)
