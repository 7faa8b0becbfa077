"""Recording a migration fact and annulling one: nothing is edited, both stay on file, both are in the log."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.errors import RuleBroken
from exchange.people.queries import latest_facts
from exchange.stays import rules
from exchange.stays.kinds import addressee
from exchange.stays.models import ANNULMENT, StayFact
from exchange.stays.queries import fact_of, facts_of_human, in_force
from exchange.stays.rules import Said
from exchange.students.models import Student, Undo
from exchange.students.records import student_by_public_id
from exchange.students.rules import today

UNDO = "stay:recorded"


def record_fact(session: Session, student: Student, said: Said) -> StayFact:
    """Adds a fact to the person of a student. Raises RuleBroken, also for what is already recorded."""
    _lock(session, student)
    known = in_force(facts_of_human(session, student.person_id))
    rules.check(said, known, today(), latest_facts(session, student.person_id).birth_date)
    party = said.party or (addressee(said.code)[:200] if said.kind == "notice" else "")
    fact = StayFact(
        person_id=student.person_id, organisation_id=student.organisation_id, kind=said.kind,
        starts_on=said.starts_on, ends_on=said.ends_on, number=rules.tidy_number(said.kind, said.number),
        place=said.place, party=party, code=said.code, submitted_on=said.submitted_on, note=said.note,
        recorded_by_id=actor_of(session).user_id,
    )  # fmt: skip
    session.add(fact)
    session.flush()
    audit.record(session, "stay:recorded", student, kind=said.kind, starts_on=said.starts_on, **_end(said.ends_on))
    return fact


def annul_fact(session: Session, student: Student, fact_id: int, reason: str) -> StayFact:
    """Takes a wrong fact back by another entry that says why. Raises RuleBroken, NotFound."""
    _lock(session, student)
    item = fact_of(session, student.person_id, fact_id)
    if item.annulled_by is not None:
        who = item.annulled_by.recorded_by or "—"
        raise RuleBroken("", _("Эта запись уже аннулирована: %(who)s. Она осталась в ленте с причиной", who=who))
    rules.check_reason(reason)
    fact = item.fact
    annulment = StayFact(
        person_id=fact.person_id, organisation_id=fact.organisation_id, kind=ANNULMENT, starts_on=fact.starts_on,
        note=" ".join(reason.split()), cancels_id=fact.id, recorded_by_id=actor_of(session).user_id,
    )  # fmt: skip
    session.add(annulment)
    session.flush()
    audit.record(
        session, "stay:annulled", student, kind=fact.kind, starts_on=fact.starts_on, **_end(fact.ends_on), reason=annulment.note
    )
    return annulment


def take_back(session: Session, undo: Undo, _students: Any) -> tuple[str, dict[str, Any]]:
    """Undoes `record_fact`: the fact is annulled by another entry, like any wrong one."""
    student = student_by_public_id(session, undo.content["student"])
    annul_fact(session, student, int(undo.content["fact"]), _("Отменено сразу после внесения"))
    audit.record(session, "student:undone", student, what=undo.kind, at=undo.recorded_at)
    return "stays.index", {"public_id": student.public_id}


def _lock(session: Session, student: Student) -> None:
    """Two who record facts of one person go one after the other.

    Locked are the person's own enrolments: the person may be kept by another office, and what one may not write one can't lock.
    """
    own = sa.select(Student.id).where(Student.person_id == student.person_id).order_by(Student.id)
    session.execute(own.with_for_update(key_share=True)).all()


def _end(day: Any) -> dict[str, Any]:
    return {"ends_on": day} if day else {}
