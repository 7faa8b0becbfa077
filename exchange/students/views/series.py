"""What a new record takes over from another one: the next of a series, or one like it. Never anything about the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from exchange.extensions import db
from exchange.people import queries as people
from exchange.students import records
from exchange.students.models import Student
from exchange.students.order_kinds import ENROLMENTS
from exchange.students.student_form import StudentForm
from exchange.students.views.frame import period_now
from exchange.students.views.room import full_name

STUDY = {"programme": "programme_code", "level": "level_code", "form": "form_code", "funding": "funding_code"}


@dataclass(frozen=True)
class TakenOver:
    """From whom, and which fields, in words."""

    student: Student
    name: str
    fields: list[str]


def take_over(form: StudentForm, student: Student) -> TakenOver:
    """Fills the form with what is studied there now; with the order too, while nothing has changed since the enrolment."""
    session = db.session()
    period = period_now(records.periods_of(session, student))
    values: dict[str, Any] = {"faculty": student.faculty}
    values["organisation"] = next(
        (code for code, (key, _n) in form.organisations.items() if key == student.organisation_id), ""
    )
    if period is not None:
        values |= {name: getattr(period, column) for name, column in STUDY.items()}
        values |= {"course": str(period.course or ""), "group": period.group_name or ""}
    began = [
        one for one in records.lines_of(session, student) if one.line.event in ENROLMENTS.values() and one.annulled_by is None
    ]
    if began and period is not None and period.order_line_id == began[0].line.id:
        line, order = began[0].line, began[0].order
        values |= {
            "order_type": order.type_code, "order_number": order.number, "order_date": f"{order.signed_on:%d.%m.%Y}",
            "enrolled_on": f"{line.effective_on:%d.%m.%Y}",
        }  # fmt: skip
    taken = {
        name: value for name, value in values.items() if value and not (name == "organisation" and len(form.organisations) < 2)
    }
    for name, value in values.items():
        if value:
            form._fields[name].data = value
    shown = [_lower(str(form._fields[name].label.text)) for name in form._fields if name in taken]
    return TakenOver(student, full_name(people.latest_facts(session, student.person_id)), shown)


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def said_of(taken: TakenOver, *, is_next: bool) -> str:
    """The sentence of the banner, before the link to the record."""
    if is_next:
        return _("Запись добавлена: %(name)s, номер дела %(number)s", name=taken.name, number=taken.student.record_book_no)
    return _("Похожая запись: %(name)s, номер дела %(number)s", name=taken.name, number=taken.student.record_book_no)
