"""One order of many students: whom it fits, whom not and why, the record and the annulment of a whole order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.audit import actions as audit
from exchange.audit.actions import Note
from exchange.config import TIME_ZONE
from exchange.database import now
from exchange.errors import RuleBroken
from exchange.students import ledger, orders, rules
from exchange.students.ledger import Entry
from exchange.students.models import Order, OrderLine, Student
from exchange.students.order_queries import in_force
from exchange.students.orders import CANCEL_TYPE, Annulment, Foresight, without_names
from exchange.students.registration import Paper, join_orders

# Events whose point is a change of what is studied: one that changes nothing was meant for somebody else.
CHANGING = frozenset({"next_course", "change_program", "change_funding"})


@dataclass(frozen=True)
class Wish:
    """An order as it was typed once for all. `is_next`: everybody goes one course on. `order` is the one it has to join."""

    type_code: str
    event: str
    number: str
    signed_on: dt.date
    effective_on: dt.date
    fields: dict[str, Any] = field(default_factory=dict)
    is_next: bool = False
    order: Order | None = None

    @property
    def paper(self) -> Paper:
        return Paper(self.type_code, self.number, self.signed_on)


@dataclass(frozen=True)
class Fit:
    """A student whom the order fits, and what it would do."""

    student: Student
    told: Foresight


@dataclass(frozen=True)
class Unfit:
    """A student whom it does not fit; the sentence says why and what to do."""

    student: Student
    reason: Any


@dataclass
class Examined:
    """Whom an order fits and whom not."""

    fit: list[Fit] = field(default_factory=list)
    unfit: list[Unfit] = field(default_factory=list)

    @property
    def seen(self) -> dict[str, int]:
        """What the check page showed as fitting: public id -> version of the record."""
        return {one.student.public_id: one.student.version for one in self.fit}


class Unready(Exception):
    """Not everybody who was shown as fitting still is: nothing was recorded, and `examined` says who is not and why."""

    def __init__(self, examined: Examined) -> None:
        super().__init__("the records changed between the check and the record")
        self.examined = examined


def examine(session: Session, students: Sequence[Student], wish: Wish) -> Examined:
    """What the order would do with each of the students; one question for all of them."""
    lines = orders.entries_by_student(session, [student.id for student in students])
    return _sorted(students, lambda student: foresee_wish(student, lines[student.id], wish))


def _sorted(students: Sequence[Student], foresee: Callable[[Student], Foresight]) -> Examined:
    found = Examined()
    for student in students:
        try:
            found.fit.append(Fit(student, foresee(student)))
        except RuleBroken as broken:
            found.unfit.append(Unfit(student, broken.message))
    return found


def foresee_wish(student: Student, lines: Sequence[Entry], wish: Wish) -> Foresight:
    """What the order would do with one student, from his lines in force. Raises RuleBroken with the sentence of the page."""
    if wish.order is not None and wish.order.organisation_id != student.organisation_id:
        raise RuleBroken("", _("Этот приказ другой организации: вуза или его филиала. Запишите студенту свой приказ"))
    entry = Entry(
        wish.event, wish.effective_on, dict(wish.fields), None, wish.type_code, wish.number, wish.signed_on
    )  # fmt: skip
    held = ledger.period_on(ledger.periods_from(lines), wish.effective_on)
    if wish.is_next and held is not None and held.in_contingent:
        if held.course is None:
            raise RuleBroken("course", _("Курс не указан. Запишите перевод в карточке и выберите курс"))
        entry = replace(entry, fields={**entry.fields, "course": held.course + 1})
    if held is not None and held.status_code.endswith("_leave") and entry.fields.get("ground") == "discipline":
        raise RuleBroken("ground", _("Во время отпуска дисциплинарное отчисление запрещено: 273-ФЗ, статья 43, часть 9"))
    told = orders.foresee_from(lines, entry)
    after = ledger.period_on(told.after, wish.effective_on)
    if wish.event in CHANGING and held is not None and after is not None and held.facts == after.facts:
        raise RuleBroken("", _("Ничего не изменится: у студента уже так. Проверьте новое значение"))
    return told


def record_many(session: Session, seen: Mapping[str, int], wish: Wish) -> list[str]:
    """Puts one order on file for all students of the check page, whole or not at all. Public ids of the order (one for each
    university or branch), that of most students first.

    Raises Unready when a record changed since it was seen, and RuleBroken when nobody is left.
    """
    students = _locked(session, seen)
    found = examine(session, students, wish)
    _ready(found, seen)
    told = {one.student.id: one.told for one in found.fit}
    recorded = _write(session, students, told, wish.paper, {key: [None] for key in told})
    notes = []
    for student in students:
        entry = told[student.id].entry
        fields = entry.fields
        details = {
            "kind": wish.type_code, "event": wish.event, "order": wish.number, "signed_on": wish.signed_on,
            "effective_on": entry.effective_on, **without_names(fields),
        }  # fmt: skip
        notes.append(Note("order:recorded", "student", student.public_id, details))
    _touched(session, students, notes)
    return recorded


def lines_by_student(session: Session, order: Order) -> dict[int, set[int]]:
    """The lines of an order that are in force: student id -> ids of lines."""
    asked = sa.select(OrderLine.student_id, OrderLine.id).where(OrderLine.order_id == order.id, in_force())
    found: dict[int, set[int]] = {}
    for student_id, line_id in session.execute(asked):
        found.setdefault(student_id, set()).add(line_id)
    return found


def examine_annulment(
    session: Session, order: Order, students: Sequence[Student], number: str, signed_on: dt.date, reason: str
) -> Examined:
    """What it would do to annul an order for these students."""
    return examine_lines(session, students, lines_by_student(session, order), number, signed_on, reason)


def examine_lines(
    session: Session, students: Sequence[Student], ids: Mapping[int, set[int]], number: str, signed_on: dt.date, reason: str
) -> Examined:
    """What it would do to annul these lines of these students (student id -> ids of lines, of one order or of several)."""
    lines = orders.entries_by_student(session, [student.id for student in students])
    found = _sorted(
        students,
        lambda student: orders.foresee_annulment(lines[student.id], ids.get(student.id, set()), number, signed_on, reason),
    )
    hindered = orders.hindered(session, _gone(found))
    found.unfit += [Unfit(one.student, hindered[one.student.id]) for one in found.fit if one.student.id in hindered]
    found.fit = [one for one in found.fit if one.student.id not in hindered]
    return found


def _gone(found: Examined) -> dict[int, tuple[Entry, ...]]:
    """The entries that an annulment takes out of force, by student."""
    return {one.student.id: one.told.gone for one in found.fit if isinstance(one.told, Annulment)}


def annul_many(
    session: Session, order: Order, seen: Mapping[str, int], number: str, signed_on: dt.date, reason: str
) -> list[str]:
    """Annuls an order for all students of the check page by one order of cancellation, whole or not at all. Raises Unready."""
    return annul_lines(session, lines_by_student(session, order), seen, number, signed_on, reason)


def annul_lines(
    session: Session, ids: Mapping[int, set[int]], seen: Mapping[str, int], number: str, signed_on: dt.date, reason: str
) -> list[str]:
    """The same for chosen lines, of one order or of several: whole or not at all. Raises Unready."""
    students = _locked(session, seen)
    found = examine_lines(session, students, ids, number, signed_on, reason)
    _ready(found, seen)
    told = {one.student.id: one.told for one in found.fit}
    gone = _gone(found)
    recorded = _write(
        session, students, told, Paper(CANCEL_TYPE, number, signed_on), {key: [line.id for line in gone[key]] for key in gone}
    )
    moment = now()
    notes = []
    for student in students:
        orders.take_names_back(session, student, gone[student.id], moment)
        for entry in gone[student.id]:
            details = {
                "order": entry.number, "event": entry.event, "effective_on": entry.effective_on, "by": number,
                "signed_on": signed_on, "reason": reason.strip(),
            }  # fmt: skip
            notes.append(Note("order:annulled", "student", student.public_id, details))
    orders.follow(session, gone)
    _touched(session, students, notes)
    return recorded


def _locked(session: Session, seen: Mapping[str, int]) -> list[Student]:
    """The students, held until the end, in one order for everybody: two mass orders do not wait for each other."""
    asked = sa.select(Student).where(Student.public_id.in_(seen)).order_by(Student.id)
    held = asked.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(session.scalars(held))


def _ready(found: Examined, seen: Mapping[str, int]) -> None:
    changed = [one for one in found.fit if one.student.version != seen[one.student.public_id]]
    if changed:
        found.fit = [one for one in found.fit if one not in changed]
        found.unfit += [Unfit(one.student, _changed_sentence(one.student)) for one in changed]
    if found.unfit:
        raise Unready(found)
    if not found.fit:
        raise RuleBroken("", _("Никто не выбран. Выберите студентов в списке"))


def _changed_sentence(student: Student) -> str:
    return _(
        "Пока вы проверяли приказ, запись изменили в %(time)s (%(who)s). Посмотрите её и проверьте приказ заново",
        time=f"{student.updated_at.astimezone(ZoneInfo(TIME_ZONE)):%H:%M}",
        who=student.updated_by or "—",
    )


def _write(
    session: Session, students: Sequence[Student], told: Mapping[int, Foresight], paper: Paper,
    cancels: Mapping[int, Sequence[int | None]],
) -> list[str]:  # fmt: skip
    """The order (a row for each university or branch), its lines, and the study periods that follow."""
    moment = now()
    count: dict[int, int] = {}
    for student in students:
        count[student.organisation_id] = count.get(student.organisation_id, 0) + 1
    joined = join_orders(session, [(office, paper) for office in count], moment)
    lines = [
        (student, joined[student.organisation_id, paper][0], told[student.id].entry, line)
        for student in students
        for line in cancels[student.id]
    ]
    fresh = orders.add_lines(session, lines, moment)
    orders.tell(session, students, {key: one.after for key, one in told.items()}, fresh, moment)
    return [joined[office, paper][1] for office in sorted(count, key=lambda office: -count[office])]


def _touched(session: Session, students: Sequence[Student], notes: Sequence[Note]) -> None:
    audit.write(session, notes)
    orders.touch_all(session, students, now())


def enter_order(
    session: Session, organisation_id: int, paper: Paper, expected: int, effective_on: dt.date, fields: dict[str, Any]
) -> Order:
    """Puts a paper on file before its students. One that is there already keeps its lines and is told how many it names."""
    rules.check_dates(paper.signed_on, effective_on, rules.today(), "signed_on", "effective_on")
    key = (organisation_id, paper)
    order = session.get_one(Order, join_orders(session, [key], now())[key][0])
    order.expected_lines, order.effective_on, order.fields = expected, effective_on, fields
    session.flush()
    audit.record(
        session, "order:entered", order, kind=paper.type_code, order=paper.number, signed_on=paper.signed_on,
        effective_on=effective_on, expected_lines=expected, **without_names(fields),
    )  # fmt: skip
    return order
