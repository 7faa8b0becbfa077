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
from exchange.people.models import Person
from exchange.stays.models import StayFact
from exchange.stays.queries import FactOnCard, facts_of_human
from exchange.stays.words import told_of
from exchange.students.models import Student
from exchange.students.views.room import facts_now, full_name
from exchange.students.views.scans import Places, hang_scans

FACT = "stay_fact"
LARGEST = 2**31 - 1
# What the scan of a fact usually is, where it is not just a document of migration.
KINDS = {"notice": "notice", "medical": "medical", "insurance": "insurance"}


def scan_kind(kind: str) -> str:
    """Of what the scan is that comes with a fact of a kind."""
    return KINDS.get(kind, "migration")


def _title(fact: StayFact) -> str:
    return f"{told_of(FactOnCard(fact), is_open=False).title}, {fact.starts_on:%d.%m.%Y}"


def subject_of_fact(student: Student, fact: StayFact) -> Subject:
    """A migration fact as a record that has scans; it is shown on the student's card."""
    url = url_for("stays.index", public_id=student.public_id)
    trail = (
        (_("Студенты"), url_for("students.index")),
        (full_name(facts_now(student)), url_for("students.show", public_id=student.public_id)),
        (_("Миграция"), url),
    )
    shown = url_for("students.files_tab", public_id=student.public_id)
    return Subject(FACT, str(fact.id), fact.organisation_id, _title(fact), url, trail, scan_kind(fact.kind), shown)


def find(session: Session, key: str) -> Subject:
    """A fact by its number. Raises NotFound, for what is somebody else's too."""
    number = int(key) if key.isascii() and key.isdecimal() and len(key) <= len(str(LARGEST)) else 0
    fact = session.scalar(sa.select(StayFact).where(StayFact.id == number, StayFact.cancels_id.is_(None))) if number else None
    student = None
    if fact is not None:  # of two enrolments of one person the newer one; the record may have been joined to another
        joined = sa.select(Person.merged_into_id).where(Person.id == fact.person_id, Person.merged_into_id.is_not(None))
        whose = sa.or_(Student.person_id == fact.person_id, Student.person_id.in_(joined))
        student = session.scalar(sa.select(Student).where(whose).order_by(Student.id.desc()).limit(1))
    if fact is None or student is None:
        raise NotFound
    return subject_of_fact(student, fact)


def places_of(session: Session, student: Student) -> Places:
    """The facts of a student's person, for the tab «Документы»."""
    url = url_for("stays.index", public_id=student.public_id)
    return {str(item.fact.id): (_title(item.fact), url) for item in facts_of_human(session, student.person_id)}


def hang() -> None:
    """Called when the room is registered."""
    subjects.know(FACT, find)
    hang_scans(FACT, _l("Миграция"), places_of)
