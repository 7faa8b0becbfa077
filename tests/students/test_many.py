"""One order for many does for each what an order of his own would do, and refuses where that would refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.errors import RuleBroken
from exchange.students.actions import foresee, record_order, register_students
from exchange.students.many import Unready, Wish, annul_many, enter_order, examine, examine_annulment, record_many
from exchange.students.models import Order, OrderLine, Student, StudyPeriod
from exchange.students.order_queries import names_in_force, tally
from exchange.students.registration import Paper
from tests.students.conftest import STUDY, day, registration

pytestmark = pytest.mark.usefixtures("today")
LEAVE = {"leave_ground": "family", "until": "2027-06-30"}
OUT = {"ground": "debt", "initiative": "org"}
# Status -> the order that leads to it from studying (kind, event, fields).
LEADING = {
    "studying": None,
    "academic_leave": ("academic_leave", "leave_academic", LEAVE),
    "maternity_leave": ("maternity_leave", "leave_maternity", {"until": "2028-06-30"}),
    "mobility_out": ("mobility_out", "go_mobility", {"host": "ВКТУ", "until": "2027-01-31"}),
    "expelled": ("expulsion", "expel", OUT),
    "graduated": ("graduation", "graduate", {}),
    "transferred_out": ("transfer_out", "transfer_out", {"host": "ТУСУР"}),
}
ORDERS = [
    ("course_transfer", "next_course", {"course": 2}), ("program_transfer", "change_program", {"group_name": "ПИ-71"}),
    ("funding_transfer", "change_funding", {"funding_code": "quota"}), ("academic_leave", "leave_academic", LEAVE),
    ("academic_leave", "leave_military", {**LEAVE, "leave_ground": "military"}),
    ("maternity_leave", "leave_maternity", {"until": "2028-06-30"}), ("leave_return", "return", {}),
    ("mobility_out", "go_mobility", {"host": "ВКТУ", "until": "2027-01-31"}), ("mobility_return", "return_mobility", {}),
    ("practice", "practice", {"place": "АО «Алтайвагон»", "until": "2026-12-20"}),
    ("transfer_out", "transfer_out", {"host": "ТУСУР"}), ("expulsion", "expel", OUT), ("graduation", "graduate", {}),
]  # fmt: skip


@pytest.fixture
def astu_session(as_: Callable[[Any], AbstractContextManager[Session]], world: Any, today: Any) -> Iterator[Session]:
    with as_(world.actors["astu"]) as session:
        yield session


def enrolled(session: Session, world: Any, count: int, **study: Any) -> list[Student]:
    said = {**STUDY, **study}
    return register_students(session, [registration(world.organisations["ASTU"], n, study=said) for n in range(count)])


def wish(
    type_code: str, event: str, fields: dict[str, Any], number: str = "500-ст", on: str = "2026-11-20", **more: Any
) -> Wish:
    return Wish(type_code, event, number, day(on), day(on), dict(fields), **more)


def periods(session: Session, student: Student) -> list[tuple[Any, ...]]:
    asked = sa.select(
        StudyPeriod.valid_from, StudyPeriod.valid_to, StudyPeriod.status_code, StudyPeriod.course, StudyPeriod.group_name,
        StudyPeriod.funding_code,
    ).where(StudyPeriod.student_id == student.id, StudyPeriod.superseded_at.is_(None))  # fmt: skip
    return [tuple(row) for row in session.execute(asked.order_by(StudyPeriod.valid_from))]


@pytest.mark.parametrize(("type_code", "event", "fields"), ORDERS, ids=[order[1] for order in ORDERS])
def test_in_bulk_the_same_is_allowed_and_refused(
    astu_session: Session, world: Any, type_code: str, event: str, fields: dict[str, Any]
) -> None:
    """A student of each status: whom an order of his own fits, the mass order fits; the others get the same sentence."""
    session = astu_session
    students = enrolled(session, world, len(LEADING))
    for student, led in zip(students, LEADING.values(), strict=True):
        if led is not None:
            record_order(session, student, led[0], led[1], "1-ст", day("2026-10-10"), day("2026-10-10"), dict(led[2]))
    found = examine(session, students, wish(type_code, event, fields))
    alone, sentences = [], {}
    for student in students:
        try:
            foresee(session, student, type_code, event, "500-ст", day("2026-11-20"), day("2026-11-20"), dict(fields))
            alone.append(student.id)
        except RuleBroken as broken:
            sentences[student.id] = str(broken.message)
    assert [one.student.id for one in found.fit] == alone
    assert {one.student.id: str(one.reason) for one in found.unfit} == sentences
    if not alone:
        return
    record_many(session, found.seen, wish(type_code, event, fields))
    fitting = next(student for student in students if student.id == alone[0])
    index = students.index(fitting)
    twin = register_students(session, [registration(world.organisations["ASTU"], 90, study=dict(STUDY))])[0]
    led = list(LEADING.values())[index]
    if led is not None:
        record_order(session, twin, led[0], led[1], "1-ст", day("2026-10-10"), day("2026-10-10"), dict(led[2]))
    record_order(session, twin, type_code, event, "501-ст", day("2026-11-20"), day("2026-11-20"), dict(fields))
    assert periods(session, fitting) == periods(session, twin)


def test_the_next_course_is_each_ones_own(astu_session: Session, world: Any) -> None:
    session = astu_session
    first, third = enrolled(session, world, 1)[0], register_students(
        session, [registration(world.organisations["ASTU"], 7, study={**STUDY, "course": 3})]
    )[0]  # fmt: skip
    unknown = register_students(session, [registration(world.organisations["ASTU"], 8, study={**STUDY, "course": None})])[0]
    found = examine(session, [first, third, unknown], wish("course_transfer", "next_course", {}, is_next=True))
    assert [str(one.reason) for one in found.unfit] == ["Курс не указан. Запишите перевод в карточке и выберите курс"]
    record_many(session, found.seen, wish("course_transfer", "next_course", {}, is_next=True))
    assert [periods(session, student)[-1][3] for student in (first, third)] == [2, 4]
    said = session.scalars(sa.select(OrderLine).where(OrderLine.student_id == third.id, OrderLine.event == "next_course"))
    assert said.one().fields == {"course": 4}, "the line says the course itself: it is read alone later"


def test_versions_grow_and_each_card_has_its_line_in_the_log(astu_session: Session, session: Session, world: Any) -> None:
    students = enrolled(astu_session, world, 3)
    found = examine(astu_session, students, wish("expulsion", "expel", OUT))
    before = dict(found.seen)
    record_many(astu_session, found.seen, wish("expulsion", "expel", OUT))
    assert {s.public_id: s.version for s in students} == {key: version + 1 for key, version in before.items()}
    astu_session.commit()
    noted = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "order:recorded"))
    assert {entry.subject_id for entry in noted if entry.details["order"] == "500-ст"} == set(before)


def test_nothing_is_recorded_when_one_record_changed(astu_session: Session, world: Any) -> None:
    students = enrolled(astu_session, world, 3)
    seen = examine(astu_session, students, wish("expulsion", "expel", OUT)).seen
    students[1].note = "позвонить"
    astu_session.flush()
    with pytest.raises(Unready) as refused:
        record_many(astu_session, seen, wish("expulsion", "expel", OUT))
    examined = refused.value.examined
    assert [one.student.id for one in examined.unfit] == [students[1].id]
    assert [one.student.id for one in examined.fit] == [students[0].id, students[2].id]
    assert astu_session.scalar(sa.select(sa.func.count()).select_from(Order).where(Order.number == "500-ст")) == 0


def test_a_whole_enrolment_that_is_annulled_leaves_void_records(astu_session: Session, world: Any) -> None:
    """Л-1187 enrols three; one has a later order, which has to go first."""
    session = astu_session
    students = enrolled(session, world, 3)
    record_order(session, students[2], "expulsion", "expel", "3", day("2026-10-10"), day("2026-10-10"), dict(OUT))
    order = session.scalars(sa.select(Order).where(Order.number == "Л-1187")).one()
    mine = {student.public_id for student in students}
    assert mine <= set(names_in_force(session, order, 1000))
    said = ("9-ст", day("2026-11-20"), "набор отменён")
    found = examine_annulment(session, order, students, *said)
    assert [str(one.reason) for one in found.unfit] == [
        "Сначала аннулируйте более поздний документ: приказ 3 от 10.10.2026"
    ]  # fmt: skip
    before = tally(session, order).names
    annul_many(session, order, found.seen, *said)
    assert tally(session, order).names == before - 2
    assert [period[2] for period in periods(session, students[0])] == ["void"]
    assert [period[2] for period in periods(session, students[2])] == ["studying", "expelled"]
    with pytest.raises(Unready):
        annul_many(session, order, {s.public_id: s.version for s in students[:2]}, *said)


def test_an_order_of_a_branch_is_not_joined_by_students_of_the_university(astu_session: Session, world: Any) -> None:
    session = astu_session
    named = Paper("practice", "7", day("2026-11-01"))
    order = enter_order(session, world.organisations["ASTU-BTI"], named, 2, day("2026-11-02"), {"place": "завод"})
    students = enrolled(session, world, 1)
    asked = Wish("practice", "practice", "7", day("2026-11-01"), day("2026-11-02"), {"place": "завод"}, order=order)
    found = examine(session, students, asked)
    assert [str(one.reason) for one in found.unfit] == [
        "Этот приказ другой организации: вуза или его филиала. Запишите студенту свой приказ"
    ]  # fmt: skip


def test_a_paper_that_is_on_file_keeps_its_students_and_is_told_its_number(astu_session: Session, world: Any) -> None:
    session = astu_session
    students = enrolled(session, world, 2)
    asked = wish("expulsion", "expel", OUT)
    public_id = record_many(session, examine(session, students, asked).seen, asked)[0]
    order = enter_order(session, world.organisations["ASTU"], asked.paper, 3, asked.effective_on, dict(OUT))
    assert (order.public_id, order.expected_lines, tally(session, order).names) == (public_id, 3, 2)


def test_discipline_during_a_leave_is_left_to_the_card(astu_session: Session, world: Any) -> None:
    session = astu_session
    student = enrolled(session, world, 1)[0]
    record_order(session, student, "academic_leave", "leave_academic", "1", day("2026-10-10"), day("2026-10-10"), dict(LEAVE))
    found = examine(session, [student], wish("expulsion", "expel", {"ground": "discipline", "initiative": "org"}))
    assert "273-ФЗ, статья 43" in str(found.unfit[0].reason)
