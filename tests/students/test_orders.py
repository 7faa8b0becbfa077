"""Orders: recorded late, corrected, annulled; what was known then stays known, what is impossible is refused by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.database import as_of
from exchange.errors import RuleBroken
from exchange.people.models import PersonFacts
from exchange.students import order_kinds
from exchange.students.actions import annul_order, foresee, record_order, register_student
from exchange.students.contingent import contingent_on
from exchange.students.models import Order, OrderLine, Student, StudyPeriod
from tests.students.conftest import STUDY, day, registration

pytestmark = pytest.mark.usefixtures("today")
EXPELLED = {"ground": "own_wish", "initiative": "student"}


class Office:
    """Somebody of ASTU with one student, enrolled on 1 September 2025."""

    def __init__(self, session: Session, student: Student, clock: Any) -> None:
        self.session, self.student, self.clock = session, student, clock

    def order(self, type_code: str, event: str, on: str, number: str = "1-ст", signed: str = "", **fields: Any) -> OrderLine:
        return record_order(self.session, self.student, type_code, event, number, day(signed or on), day(on), fields)

    def periods(self, known_at: dt.datetime | None = None) -> list[tuple[str, str | None, str, int | None]]:
        known = (
            StudyPeriod.superseded_at.is_(None)
            if known_at is None
            else sa.and_(
                StudyPeriod.recorded_at <= known_at,
                sa.or_(StudyPeriod.superseded_at.is_(None), StudyPeriod.superseded_at > known_at),
            )
        )
        told = self.session.scalars(
            sa.select(StudyPeriod).where(StudyPeriod.student_id == self.student.id, known).order_by(StudyPeriod.valid_from)
        )
        return [
            (p.valid_from.isoformat(), p.valid_to.isoformat() if p.valid_to else None, p.status_code, p.course) for p in told
        ]

    def is_counted(self, on: str, known_at: dt.datetime | None = None) -> bool:
        found = contingent_on(day(on), known_at).where(StudyPeriod.student_id == self.student.id)
        return self.session.scalar(found.with_only_columns(sa.func.count())) == 1

    def moment(self) -> dt.datetime:
        """Now; an hour passes afterwards."""
        from exchange.database import now

        at = now()
        self.clock.shift(dt.timedelta(hours=1))
        return at


@pytest.fixture
def office(as_: Callable[[Any], AbstractContextManager[Session]], world: Any, today: Any) -> Iterator[Office]:
    with as_(world.actors["astu"]) as session:
        student = register_student(
            session, registration(world.organisations["ASTU"], enrolled_on=day("2025-09-01"), study={**STUDY, "course": 1})
        )
        yield Office(session, student, today)


def test_a_late_order_changes_the_past_as_known_now_and_not_as_known_then(office: Office) -> None:
    """Expelled from 25.09.2026 by an order that reached the registry on 23.11: on 1 October he was counted then, not now."""
    then = office.moment()
    office.order("expulsion", "expel", "2026-09-25", **EXPELLED)
    assert office.periods() == [("2025-09-01", "2026-09-25", "studying", 1), ("2026-09-25", None, "expelled", 1)]
    assert office.periods(then) == [("2025-09-01", None, "studying", 1)]
    assert (office.is_counted("2026-10-01"), office.is_counted("2026-10-01", then)) == (False, True)
    assert (office.is_counted("2026-09-24"), office.is_counted("2026-09-25")) == (True, False)


def test_an_annulled_order_never_worked_and_stays_on_file(office: Office) -> None:
    line = office.order("expulsion", "expel", "2026-10-15", **EXPELLED)
    while_expelled = office.moment()
    annul_order(office.session, line, "2-ст", day("2026-11-01"), "ошибка")
    assert office.periods() == [("2025-09-01", None, "studying", 1)]
    assert office.is_counted("2026-11-01")
    assert not office.is_counted("2026-11-01", while_expelled)
    lines = office.session.execute(
        sa.select(OrderLine.event, OrderLine.cancels_line_id, Order.type_code, Order.number).join(Order)
        .where(OrderLine.student_id == office.student.id).order_by(OrderLine.id)
    ).all()  # fmt: skip
    assert [tuple(row) for row in lines] == [
        ("enrol", None, "enrolment", "Л-1187"), ("expel", None, "expulsion", "1-ст"), ("cancel", line.id, "cancel", "2-ст"),
    ]  # fmt: skip


def test_only_what_changed_is_superseded(office: Office) -> None:
    office.order("course_transfer", "next_course", "2026-09-01", course=2)
    kept = office.session.scalars(
        sa.select(StudyPeriod.id).where(StudyPeriod.student_id == office.student.id, StudyPeriod.valid_to == day("2026-09-01"))
    ).one()
    office.moment()
    office.order("expulsion", "expel", "2026-11-13", "2-ст", **EXPELLED)
    told = office.session.execute(
        sa.select(StudyPeriod.id, StudyPeriod.superseded_at).where(StudyPeriod.student_id == office.student.id)
    ).all()
    assert {key: at is None for key, at in told}[kept] is True
    assert sum(at is not None for _, at in told) == 2  # the first open period, then the second


def test_orders_are_told_by_their_day_whenever_they_come(office: Office) -> None:
    office.order("academic_leave", "leave_academic", "2026-02-02", until="2027-01-31", leave_ground="family")
    office.moment()
    office.order("course_transfer", "next_course", "2026-01-15", "2-ст", course=2)
    assert office.periods() == [
        ("2025-09-01", "2026-01-15", "studying", 1), ("2026-01-15", "2026-02-02", "studying", 2),
        ("2026-02-02", None, "academic_leave", 2),
    ]  # fmt: skip


def test_an_order_that_makes_a_later_one_impossible_names_it(office: Office) -> None:
    office.order("course_transfer", "next_course", "2026-09-01", "398-ст", course=2)
    with pytest.raises(RuleBroken) as refused:
        office.order("expulsion", "expel", "2026-06-30", "412-ст", **EXPELLED)
    assert str(refused.value.message) == (
        "Мешает более поздний документ: приказ 398-ст от 01.09.2026, действует с 01.09.2026. Аннулируйте его или измените дату"
    )
    assert office.periods()[-1] == ("2026-09-01", None, "studying", 2)


def test_an_annulment_that_makes_a_later_order_impossible_names_it(office: Office) -> None:
    line = office.order("expulsion", "expel", "2025-12-01", **EXPELLED)
    office.order("reinstatement", "reinstate", "2026-09-01", "55", course=1)
    with pytest.raises(RuleBroken) as refused:
        annul_order(office.session, line, "2", day("2026-11-01"), "ошибка")
    assert str(refused.value.message) == "Сначала аннулируйте более поздний документ: приказ 55 от 01.09.2026"


def test_nobody_is_expelled_twice(office: Office) -> None:
    office.order("expulsion", "expel", "2026-11-02", "377-ст", **EXPELLED)
    with pytest.raises(RuleBroken) as refused:
        office.order("expulsion", "expel", "2026-11-13", "412-ст", **EXPELLED)
    assert str(refused.value.message) == (
        "Студент уже отчислен с 02.11.2026, приказ 377-ст от 02.11.2026. Аннулируйте тот приказ или измените дату"
    )


def test_when_the_enrolment_is_annulled_the_record_is_void(office: Office) -> None:
    enrolment = office.session.scalars(sa.select(OrderLine).where(OrderLine.student_id == office.student.id)).one()
    annul_order(office.session, enrolment, "9", day("2026-11-20"), "зачислен другой человек")
    assert office.periods() == [("2025-09-01", None, "void", 1)]
    assert not office.is_counted("2026-10-01")
    with pytest.raises(RuleBroken):
        office.order("expulsion", "expel", "2026-11-21", **EXPELLED)


def test_an_order_is_annulled_once(office: Office) -> None:
    line = office.order("practice", "practice", "2026-06-01", place="Алтайвагон", until="2026-06-28")
    annul_order(office.session, line, "2", day("2026-11-01"), "ошибка")
    with pytest.raises(RuleBroken):
        annul_order(office.session, line, "3", day("2026-11-01"), "ошибка")


@pytest.mark.parametrize(
    ("signed", "reason", "field"),
    [("2026-10-14", "ошибка", "signed_on"), ("2026-11-24", "ошибка", "signed_on"), ("2026-11-01", " ", "reason")],
)
def test_an_annulment_has_a_day_and_a_reason(office: Office, signed: str, reason: str, field: str) -> None:
    line = office.order("expulsion", "expel", "2026-10-15", **EXPELLED)
    with pytest.raises(RuleBroken) as refused:
        annul_order(office.session, line, "2", day(signed), reason)
    assert refused.value.field == field


def test_a_new_surname_holds_from_its_day(office: Office) -> None:
    person = office.student.person_id
    names = {"last_name": "Ахметова", "first_name": "Дияр", "patronymic": ""}

    def surname_on(on: str, known_at: dt.datetime | None = None) -> str:
        told = sa.select(PersonFacts.surname, PersonFacts.patronymic).where(PersonFacts.person_id == person)
        return " ".join(office.session.execute(told.where(as_of(PersonFacts, day(on), known_at))).one()).strip()

    before = office.moment()
    line = office.order("name_change", "name_change", "2026-07-01", **names)
    assert (surname_on("2026-06-30"), surname_on("2026-07-01")) == ("Қасымов Асқарұлы", "Ахметова")
    assert surname_on("2026-07-01", before) == "Қасымов Асқарұлы"
    assert office.periods() == [("2025-09-01", None, "studying", 1)]
    office.moment()
    annul_order(office.session, line, "2", day("2026-11-01"), "ошибка")
    assert surname_on("2026-07-01") == "Қасымов Асқарұлы"


@pytest.mark.parametrize(
    ("type_code", "event", "on", "fields", "field"),
    [
        ("expulsion", "expel", "2025-08-31", EXPELLED, "effective_on"),
        ("expulsion", "expel", "2027-11-24", EXPELLED, "effective_on"),
        ("expulsion", "expel", "2026-10-01", {}, "ground"),
        ("expulsion", "expel", "2026-10-01", {"ground": "graduation"}, "ground"),
        ("expulsion", "expel", "2026-10-01", {"ground": "death"}, "ground"),
        ("expulsion", "expel", "2026-10-01", {"ground": "force", "explanation": "призыв"}, "explanation"),
        ("academic_leave", "leave_academic", "2026-10-01", {"leave_ground": "family"}, "until"),
        ("academic_leave", "leave_academic", "2026-10-01", {"leave_ground": "family", "until": "2027-10-02"}, "until"),
        ("academic_leave", "leave_academic", "2026-10-01", {"leave_ground": "medical", "until": "2028-10-02"}, "until"),
        ("academic_leave", "leave_academic", "2026-10-01", {"leave_ground": "family", "until": "2026-09-30"}, "until"),
        ("course_transfer", "next_course", "2026-10-01", {"course": 5}, "course"),
        ("program_transfer", "change_program", "2026-10-01", {"programme_code": "09.04.01"}, "level"),
        ("transfer_out", "transfer_out", "2026-10-01", {}, "host"),
        ("reinstatement", "reinstate", "2026-10-01", {"course": 1}, "effective_on"),
        ("leave_return", "return", "2026-10-01", {}, "effective_on"),
        ("graduation", "expel", "2026-10-01", EXPELLED, ""),
    ],
)
def test_rules_of_orders(office: Office, type_code: str, event: str, on: str, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        office.order(type_code, event, on, signed="2026-10-01", **fields)
    assert refused.value.field == field
    assert office.periods() == [("2025-09-01", None, "studying", 1)]


def test_the_longest_leaves_pass(office: Office) -> None:
    office.order("academic_leave", "leave_academic", "2025-10-01", leave_ground="medical", until="2027-10-01")
    assert office.periods()[-1][2] == "academic_leave"


def test_five_years_to_come_back(office: Office) -> None:
    office.order("expulsion", "expel", "2025-10-01", **EXPELLED)
    office.clock.move_to(dt.datetime(2030, 10, 5, 5, tzinfo=dt.UTC))
    with pytest.raises(RuleBroken) as refused:
        office.order("reinstatement", "reinstate", "2030-10-02", "2", course=1)
    assert "до 01.10.2030" in str(refused.value.message)
    office.order("reinstatement", "reinstate", "2030-10-01", "2", course=1)


def test_every_kind_of_order_can_be_recorded(office: Office) -> None:
    """All kinds of order_types.csv that are orders of a student's life, in one possible life."""
    order = office.order
    order("funding_transfer", "change_funding", "2025-10-01", "1", funding_code="quota")
    order("program_transfer", "change_program", "2025-11-01", "2", programme_code="09.03.01", group_name="ИВТ-51")
    order("practice", "practice", "2025-12-01", "3", place="АО «Алтайвагон»", until="2025-12-28")
    order("name_change", "name_change", "2025-12-10", "4", last_name="Касымов", first_name="Дияр", patronymic="")
    order("mobility_out", "go_mobility", "2026-01-15", "5", host="ВКТУ", until="2026-06-30")
    order("mobility_return", "return_mobility", "2026-07-01", "6")
    order("academic_leave", "leave_military", "2026-07-02", "7", leave_ground="military", until="2027-07-01")
    order("leave_return", "return", "2026-08-01", "8")
    order("maternity_leave", "leave_maternity", "2026-08-02", "9", until="2028-08-01")
    order("leave_return", "return", "2026-08-20", "10")
    order("course_transfer", "next_course", "2026-09-01", "11", course=2)
    order("expulsion", "expel", "2026-09-10", "12", **EXPELLED)
    order("reinstatement", "reinstate", "2026-10-01", "13", course=2)
    line = order("transfer_out", "transfer_out", "2026-10-10", "14", host="ТУСУР")
    annul_order(office.session, line, "15", day("2026-10-12"), "передумал")
    order("graduation", "graduate", "2026-11-01", "16", honours=True)
    assert [status for _, _, status, _ in office.periods()] == [
        "studying", "studying", "studying", "mobility_out", "studying", "military_leave", "studying", "maternity_leave",
        "studying", "studying", "expelled", "studying", "graduated",
    ]  # fmt: skip
    used = set(
        office.session.scalars(sa.select(Order.type_code).join(OrderLine).where(OrderLine.student_id == office.student.id))
    )
    assert used == (set(order_kinds.KINDS) | {"enrolment", "cancel"}) - {"academic_leave"} | {"academic_leave"}


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("studying", {"course_transfer", "program_transfer", "funding_transfer", "academic_leave", "maternity_leave",
                      "mobility_out",
                      "practice", "name_change", "transfer_out", "expulsion", "graduation"}),
        ("academic_leave", {"leave_return", "expulsion", "practice", "name_change"}),
        ("mobility_out", {"mobility_return", "practice", "name_change"}),
        ("expelled", {"reinstatement"}),
        ("graduated", set()),
        ("transferred_out", set()),
        ("void", set()),
    ],
)  # fmt: skip
def test_only_orders_that_fit_are_offered(status: str, offered: set[str]) -> None:
    assert {kind.type_code for kind in order_kinds.offered(status)} == offered


def test_foresight_writes_nothing(office: Office) -> None:
    told = foresee(
        office.session, office.student, "expulsion", "expel", "412-ст", day("2026-11-13"), day("2026-09-30"), dict(EXPELLED)
    )
    assert (told.changes_day(day("2026-10-01")), told.changes_day(day("2026-09-29"))) == (-1, 0)
    assert office.periods() == [("2025-09-01", None, "studying", 1)]
    assert office.session.scalar(sa.select(sa.func.count()).where(OrderLine.student_id == office.student.id)) == 1
