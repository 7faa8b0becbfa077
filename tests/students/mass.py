"""What tests of orders for many have in common: what is typed, the way from the form to the record, reading pages back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.students.actions import register_students
from exchange.students.models import OrderLine, Student, StudyPeriod
from tests.students.conftest import STUDY, day, registration
from tests.students.pages import soup_of, summary, typed

MANY = "/students/orders/many"
PROMOTION = {"number": "500-ст", "signed_on": "20.11.2026", "effective_on": "", "course": "next", "do": "check"}
EXPULSION = {"number": "412-ст", "signed_on": "13.11.2026", "effective_on": "", "ground": "debt", "do": "check"}


def text_of(answer: Any) -> str:
    return " ".join(soup_of(answer).select_one("main").text.split())  # type: ignore[union-attr]


def chosen(world: Any, *keys: str) -> str:
    return " ".join(world.public_ids[key] for key in keys)


def rows(answer: Any, table: str) -> list[str]:
    return [" ".join(row.text.split()) for row in soup_of(answer).select(f"#{table} tbody tr")]


def lines(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(OrderLine)) or 0


def course_of(session: Session, world: Any, key: str, on: str) -> int | None:
    held = sa.select(StudyPeriod.course).where(
        StudyPeriod.student_id == world.students[key], StudyPeriod.superseded_at.is_(None),
        StudyPeriod.valid_from <= day(on), sa.or_(StudyPeriod.valid_to.is_(None), StudyPeriod.valid_to > day(on)),
    )  # fmt: skip
    return session.scalar(held)


def record(client: Any, kind: str, data: dict[str, str]) -> Any:
    """From the form over the check page to the record."""
    path = f"{MANY}?type={kind}"
    asked = client.post(path, data=data)
    assert asked.status_code == 200, summary(asked)
    return client.post(path, data={**typed(asked), "do": "record"})


def made(session: Session, world: Any, count: int, **study: Any) -> list[Student]:
    """More students of ASTU, of the first course since 1 September 2026."""
    found = register_students(
        session,
        [registration(world.organisations["ASTU"], number, study={**STUDY, **study}) for number in range(count)],
        source="import",
    )
    session.commit()
    return found


def world_number(session: Session, world: Any, key: str) -> str:
    return session.get_one(Student, world.students[key]).record_book_no
