"""Students, orders and the numbered records of younger rooms as records that have scans; how many each has."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.doors import may
from exchange.errors import NotFound
from exchange.files import queries as files
from exchange.files.subjects import Ref, Subject
from exchange.people.models import Person
from exchange.students import order_queries
from exchange.students.models import Order, Student
from exchange.students.views.room import facts_now, full_name

STUDENT, ORDER = "student", "university_order"


def title_of(order: Order) -> str:
    """«Приказ 412-ст от 13.11.2026»."""
    if order.type_code == order_queries.ROSTER:
        return _("Список вуза на %(day)s", day=f"{order.signed_on:%d.%m.%Y}")
    return _("Приказ %(number)s от %(day)s", number=order.number, day=f"{order.signed_on:%d.%m.%Y}")


def subject_of_student(student: Student, name: str) -> Subject:
    """A student as a record that has scans."""
    url = url_for("students.files_tab", public_id=student.public_id)
    trail = (
        (_("Студенты"), url_for("students.index")),
        (name, url_for("students.show", public_id=student.public_id)),
        (_("Документы"), url),
    )
    return Subject(STUDENT, student.public_id, student.organisation_id, name, url, trail)


def subject_of_order(order: Order) -> Subject:
    """An order as a record that has scans."""
    title, url = title_of(order), url_for("students.paper", paper_id=order.public_id)
    trail = (
        (_("Студенты"), url_for("students.index")),
        (_("Приказы"), url_for("students.orders_index")),
        (title, url),
    )
    return Subject(ORDER, order.public_id, order.organisation_id, title, url, trail, kind="order")


def subject_at(student: Student, subject_type: str, row: Any, title: str, tab: tuple[str, str], kind: str) -> Subject:
    """A numbered record of a younger room, which the card of a student shows at `tab` (words, endpoint)."""
    url = url_for(tab[1], public_id=student.public_id)
    trail = (
        (_("Студенты"), url_for("students.index")),
        (full_name(facts_now(student)), url_for("students.show", public_id=student.public_id)),
        (tab[0], url),
    )
    shown = url_for("students.files_tab", public_id=student.public_id)
    return Subject(subject_type, str(row.id), row.organisation_id, title, url, trail, kind, shown)


def number_of(key: str) -> int:
    """The number of a record that an address names; 0, which no record has, for what is none."""
    return int(key) if key.isascii() and key.isdecimal() and len(key) < 10 else 0


def newest_of(session: Session, person_id: int) -> Student:
    """The newest enrolment of a person, whose record may have been joined to another one. Raises NotFound."""
    joined = sa.select(Person.merged_into_id).where(Person.id == person_id, Person.merged_into_id.is_not(None))
    whose = sa.or_(Student.person_id == person_id, Student.person_id.in_(joined))
    student = session.scalar(sa.select(Student).where(whose).order_by(Student.id.desc()).limit(1))
    if student is None:
        raise NotFound
    return student


def marks(session: Session, refs: list[Ref]) -> dict[str, int]:
    """How many scans records of one kind have, for those who may read them; one question."""
    return {key: count for (_type, key), count in files.counts_of(session, refs).items()} if may("file:read") else {}
