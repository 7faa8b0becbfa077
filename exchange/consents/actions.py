"""Recording that a consent was given, withdrawn, or entered by mistake: nothing is edited, every entry is in the log."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.consents.models import ANNULLED, GIVEN, WITHDRAWN, Consent
from exchange.consents.papers import text_on
from exchange.consents.queries import entry_of, filed_of
from exchange.consents.rules import SHORTEST_REASON, Said, check, check_day
from exchange.errors import RuleBroken
from exchange.people.queries import latest_facts
from exchange.students.models import Student
from exchange.students.rules import today


def record_consent(session: Session, student: Student, said: Said) -> Consent:
    """Puts a consent on file, with the version of the text of its day. Raises RuleBroken."""
    _lock(session, student)
    check(said, latest_facts(session, student.person_id).birth_date, today())
    for item in filed_of(session, [student.person_id]).get(student.person_id, ()):
        same = (item.given.kind, item.given.day, item.given.given_by) == (said.kind, said.day, said.given_by)
        if same and item.annulled_by is None and item.given.organisation_id == student.organisation_id:
            raise RuleBroken("day", _("Это согласие уже внесено. Если запись ошибочна, отметьте её и внесите снова"))
    text = text_on(said.kind, said.day)
    consent = Consent(
        person_id=student.person_id, organisation_id=student.organisation_id, kind=said.kind, act=GIVEN, day=said.day,
        text_version=text.version if text else "", text_hash=text.sha256 if text else "", form=said.form,
        given_by=said.given_by, giver=said.giver.strip() if said.given_by == "guardian" else "", note=said.note,
        recorded_by_id=actor_of(session).user_id,
    )  # fmt: skip
    session.add(consent)
    session.flush()
    audit.record(
        session, "consent:given", student, consent=said.kind, day=said.day, consent_form=said.form, given_by=said.given_by,
        text_version=consent.text_version,
    )  # fmt: skip
    return consent


def withdraw_consent(session: Session, student: Student, entry_id: int, day: dt.date, note: str) -> Consent:
    """From a day on a consent is no longer given. Raises RuleBroken, NotFound."""
    _lock(session, student)
    item, entry = entry_of(session, student.person_id, entry_id)
    if entry.act != GIVEN or item.annulled_by is not None:
        raise RuleBroken("", _("Отозвать можно только действующее согласие. Вернитесь к списку согласий"))
    if item.withdrawn is not None:
        raise RuleBroken("", _("Это согласие уже отозвано. Запись внесена раньше: %(who)s", who=item.withdrawn.recorded_by))
    check_day(day, entry.day, today())
    withdrawal = Consent(
        person_id=entry.person_id, organisation_id=entry.organisation_id, kind=entry.kind, act=WITHDRAWN, day=day,
        note=" ".join(note.split()), withdraws_id=entry.id, recorded_by_id=actor_of(session).user_id,
    )  # fmt: skip
    session.add(withdrawal)
    session.flush()
    audit.record(session, "consent:withdrawn", student, consent=entry.kind, day=day)
    return withdrawal


def annul_entry(session: Session, student: Student, entry_id: int, reason: str) -> Consent:
    """Says that an entry was a mistake; it stays on file with the reason. Raises RuleBroken, NotFound."""
    _lock(session, student)
    item, entry = entry_of(session, student.person_id, entry_id)
    annulled = item.annulled_by if entry.act == GIVEN else dict(item.withdrawals)[entry]
    if annulled is not None:
        raise RuleBroken("", _("Эта запись уже отмечена ошибочной: %(who)s", who=annulled.recorded_by))
    if len(" ".join(reason.split())) < SHORTEST_REASON:
        raise RuleBroken("reason", _("Опишите причину: не меньше %(least)s знаков", least=SHORTEST_REASON))
    annulment = Consent(
        person_id=entry.person_id, organisation_id=entry.organisation_id, kind=entry.kind, act=ANNULLED, day=entry.day,
        note=" ".join(reason.split()), cancels_id=entry.id, recorded_by_id=actor_of(session).user_id,
    )  # fmt: skip
    session.add(annulment)
    session.flush()
    audit.record(session, "consent:annulled", student, consent=entry.kind, day=entry.day, reason=annulment.note)
    return annulment


def _lock(session: Session, student: Student) -> None:
    """Two who record consents of one person go one after the other, whichever of the own enrolments they came from."""
    own = sa.select(Student.id).where(Student.person_id == student.person_id).order_by(Student.id)
    session.execute(own.with_for_update(key_share=True)).all()
