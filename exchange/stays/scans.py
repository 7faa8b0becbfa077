"""Migration facts as records that have scans: a notice that was sent, a registration, a policy."""

from __future__ import annotations

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from exchange.errors import NotFound
from exchange.files import subjects
from exchange.files.subjects import Subject
from exchange.stays.models import StayFact
from exchange.stays.queries import FactOnCard, facts_of_human
from exchange.stays.words import told_of
from exchange.students.models import Student
from exchange.students.views.scanned import newest_of, number_of, subject_at
from exchange.students.views.scans import Places, hang_scans

FACT = "stay_fact"
# What the scan of a fact usually is, where it is not just a document of migration.
KINDS = {"notice": "notice", "medical": "medical", "insurance": "insurance"}


def scan_kind(kind: str) -> str:
    """Of what the scan is that comes with a fact of a kind."""
    return KINDS.get(kind, "migration")


def _title(fact: StayFact) -> str:
    return f"{told_of(FactOnCard(fact), is_open=False).title}, {fact.starts_on:%d.%m.%Y}"


def subject_of_fact(student: Student, fact: StayFact) -> Subject:
    """A migration fact as a record that has scans; it is shown on the student's card."""
    return subject_at(student, FACT, fact, _title(fact), (_("Миграция"), "stays.index"), scan_kind(fact.kind))


def find(session: Session, key: str) -> Subject:
    """A fact by its number. Raises NotFound, for what is somebody else's too."""
    fact = session.scalar(sa.select(StayFact).where(StayFact.id == number_of(key), StayFact.cancels_id.is_(None)))
    if fact is None:
        raise NotFound
    return subject_of_fact(newest_of(session, fact.person_id), fact)


def places_of(session: Session, student: Student) -> Places:
    """The facts of a student's person, for the tab «Документы»."""
    url = url_for("stays.index", public_id=student.public_id)
    return {str(item.fact.id): (_title(item.fact), url) for item in facts_of_human(session, student.person_id)}


def hang() -> None:
    """Called when the room is registered."""
    subjects.know(FACT, find)
    hang_scans(FACT, _l("Миграция"), places_of)
