"""What will follow is said before anything is written: who comes and leaves, notices due, reports of days that passed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.imports.register import bring
from tests.imports.rosters import PEOPLE, USUAL, book, lines
from tests.imports.test_orders_in_rosters import ASEL, DANIYAR, NURLAN, moves, register
from tests.imports.test_undo import roster

pytestmark = pytest.mark.usefixtures("today")
__all__ = ["register"]


def said(session: Session, content: Any) -> list[str]:
    brought, _ = bring(session, content)
    found: list[str] = brought.counts["consequences"]
    return found


def test_new_students_change_reports_of_days_that_passed(session: Session) -> None:
    """Enrolled in 2021 (Ospanov), 2023, 2024, in 2025 three, in 2026 two: each first of October counts those before it."""
    assert said(session, roster()) == [
        "8 новых студентов будут внесены",
        "В отчёте на 01.10.2026 станет на 8 больше",
        "В отчёте на 31.12.2025 станет на 6 больше",
        "В отчёте на 01.10.2025 станет на 6 больше",
        "В отчёте на 31.12.2024 станет на 3 больше",
        "Изменятся и отчёты за более ранние дни: 7",
    ]


def test_a_roster_that_changes_courses(register: Session) -> None:
    grown = book([["на 20.11.2026"], *lines(USUAL, PEOPLE[:2], course=lambda p: p.course + 1)])
    assert said(register, grown) == ["Курс сменится у 2 студентов"]
    assert said(register, book([["на 20.11.2026"], *lines(USUAL, PEOPLE)])) == []


def test_expulsions_before_the_count_and_notices(register: Session) -> None:
    """Two leave since 21 September: the report of 1 October has two less. An order of Friday, 20 November: by Wednesday."""
    since = dt.date(2026, 9, 21)
    content = moves(
        [NURLAN, PEOPLE[4]], "отчислен", why=lambda p: "собственное желание", since=lambda p: since,
        order_date=lambda p: dt.date(2026, 9, 18),
    )  # fmt: skip
    assert said(register, content) == [
        "2 студента будут отчислены: 2 уведомления МВД, срок вышел 23.09.2026",
        "В отчёте на 01.10.2026 станет на 2 меньше",
    ]
    fresh = moves(
        [DANIYAR, NURLAN], "выпущен", order_date=lambda p: dt.date(2026, 11, 20), since=lambda p: dt.date(2026, 11, 20)
    )
    assert said(register, fresh) == ["2 студента завершат обучение: 2 уведомления МВД до 25.11.2026"]


def test_the_next_course(register: Session) -> None:
    assert said(register, moves([DANIYAR, ASEL], "переведён на следующий курс")) == [
        "Приказ «О переводе на следующий курс»: 2 студента"
    ]
