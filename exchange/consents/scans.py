"""Consents as records that have scans: the sheet that was signed, the letter by which it was withdrawn."""

from __future__ import annotations

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from exchange.consents.models import ANNULLED, GIVEN, Consent
from exchange.consents.papers import kinds
from exchange.consents.queries import filed_of
from exchange.errors import NotFound
from exchange.files import subjects
from exchange.files.subjects import Subject
from exchange.students.models import Student
from exchange.students.views.scanned import newest_of, number_of, subject_at
from exchange.students.views.scans import Places, hang_scans

CONSENT = "consent"


def _title(entry: Consent) -> str:
    kind, day = kinds()[entry.kind].name, f"{entry.day:%d.%m.%Y}"
    if entry.act == GIVEN:
        return _("Согласие: %(kind)s, %(day)s", kind=kind, day=day)
    return _("Отзыв согласия: %(kind)s, %(day)s", kind=kind, day=day)


def subject_of_consent(student: Student, entry: Consent) -> Subject:
    """An entry about a consent as a record that has scans; it is shown on the student's card."""
    return subject_at(student, CONSENT, entry, _title(entry), (_("Согласия"), "consents.index"), "consent")


def find(session: Session, key: str) -> Subject:
    """An entry by its number. Raises NotFound, for what is somebody else's and for an annulment too."""
    entry = session.scalar(sa.select(Consent).where(Consent.id == number_of(key), Consent.act != ANNULLED))
    if entry is None:
        raise NotFound
    return subject_of_consent(newest_of(session, entry.person_id), entry)


def places_of(session: Session, student: Student) -> Places:
    """The entries about consents of a student's person, for the tab «Документы»."""
    url = url_for("consents.index", public_id=student.public_id)
    filed = filed_of(session, [student.person_id]).get(student.person_id, [])
    entries = [entry for item in filed for entry in (item.given, *(withdrawal for withdrawal, _annulled in item.withdrawals))]
    return {str(entry.id): (_title(entry), url) for entry in entries}


def hang() -> None:
    """Called when the room is registered."""
    subjects.know(CONSENT, find)
    hang_scans(CONSENT, _l("Согласия"), places_of)
