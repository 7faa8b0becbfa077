"""Students and orders as records that have scans, and how many each has."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.doors import may
from exchange.files import queries as files
from exchange.files.subjects import Ref, Subject
from exchange.students import order_queries
from exchange.students.models import Order, Student

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


def marks(session: Session, refs: list[Ref]) -> dict[str, int]:
    """How many scans records of one kind have, for those who may read them; one question."""
    return {key: count for (_type, key), count in files.counts_of(session, refs).items()} if may("file:read") else {}
