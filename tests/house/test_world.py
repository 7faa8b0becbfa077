"""The hand counts in the docstring of tests/world.py are true on both databases."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.database import as_of
from exchange.organisations.models import Organisation
from exchange.people.models import Person, PersonFacts
from exchange.reference import classifiers
from exchange.students.contingent import contingent_on
from exchange.students.models import OrderLine, Student, StudyPeriod
from tests.house.ledgers import assert_ledgers_agree
from tests.world import World

VKO, ABAI, PAVLODAR, KARAGANDA = "630000000", "100000000", "550000000", "350000000"


def counted(session: Session, day: dt.date, known_at: dt.datetime | None = None) -> list[Any]:
    return list(
        session.execute(
            contingent_on(day, known_at)
            .join(Organisation, Organisation.id == StudyPeriod.organisation_id)
            .with_only_columns(
                Organisation.code, StudyPeriod.person_id, PersonFacts.sex, StudyPeriod.level_code, StudyPeriod.form_code,
                StudyPeriod.funding_code, StudyPeriod.status_code, PersonFacts.region_code,
            )
        )
    )  # fmt: skip


def groups(rows: list[Any], column: str) -> dict[Any, int]:
    return dict(Counter(getattr(row, column) for row in rows))


def fundings(rows: list[Any]) -> dict[str, int]:
    return dict(Counter(classifiers.fundings()[row.funding_code].group for row in rows))


def test_the_contingent_of_last_autumn(session: Session, world: World) -> None:
    rows = counted(session, dt.date(2025, 10, 1))
    assert (len(rows), len({row.person_id for row in rows})) == (11, 10)
    assert groups(rows, "code") == {"ASU": 4, "ASU-RUB": 1, "ASTU": 6}
    assert groups(rows, "sex") == {"F": 6, "M": 5}
    assert groups(rows, "level_code") == {"bachelor": 9, "postgraduate": 1, "spo": 1}
    assert groups(rows, "form_code") == {"full": 9, "extra": 2}
    assert fundings(rows) == {"budget": 5, "quota": 2, "contract": 4}
    assert groups(rows, "status_code") == {"studying": 11}
    assert groups(rows, "region_code") == {VKO: 4, ABAI: 2, PAVLODAR: 3, KARAGANDA: 1, None: 1}


@pytest.mark.parametrize("day", [dt.date(2026, 10, 1), dt.date(2026, 11, 23)])
def test_the_contingent_of_this_autumn(session: Session, world: World, day: dt.date) -> None:
    rows = counted(session, day)
    assert (len(rows), len({row.person_id for row in rows})) == (8, 7)
    assert groups(rows, "code") == {"ASU": 2, "ASU-RUB": 1, "ASTU": 5}
    assert groups(rows, "sex") == {"F": 4, "M": 4}
    assert groups(rows, "level_code") == {"bachelor": 6, "master": 1, "spo": 1}
    assert groups(rows, "form_code") == {"full": 7, "extra": 1}
    assert fundings(rows) == {"budget": 4, "contract": 4}
    assert groups(rows, "status_code") == {"studying": 7, "academic_leave": 1}
    assert groups(rows, "region_code") == {VKO: 2, ABAI: 3, PAVLODAR: 2, KARAGANDA: 1}


@pytest.mark.parametrize(
    ("day", "known_at", "enrolments", "persons"),
    [
        (dt.date(2025, 10, 1), dt.datetime(2025, 10, 5, 5, 0, tzinfo=dt.UTC), 12, 11),
        (dt.date(2026, 10, 1), dt.datetime(2026, 10, 5, 5, 0, tzinfo=dt.UTC), 7, 6),
    ],
)
def test_the_contingent_as_it_was_known(
    session: Session, world: World, day: dt.date, known_at: dt.datetime, enrolments: int, persons: int
) -> None:
    rows = counted(session, day, known_at)
    assert (len(rows), len({row.person_id for row in rows})) == (enrolments, persons)


def test_a_mistake_was_believed_for_two_weeks(session: Session, world: World) -> None:
    day, person = dt.date(2025, 10, 18), world.persons["orazbayeva"]
    then = counted(session, day, dt.datetime(2025, 10, 20, 5, 0, tzinfo=dt.UTC))
    assert person not in {row.person_id for row in then}
    assert person in {row.person_id for row in counted(session, day)}


def test_everything_is_there_once(session: Session, world: World) -> None:
    assert session.scalar(sa.select(sa.func.count()).select_from(Student)) == 15 == len(world.students)
    assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 13 == len(world.persons)
    current = sa.select(PersonFacts.person_id).where(as_of(PersonFacts, dt.date(2026, 11, 23)))
    assert len(session.scalars(current).all()) == 13


def test_its_periods_follow_from_its_orders(session: Session, world: World) -> None:
    lines: dict[int, list[OrderLine]] = {}
    for line in session.scalars(sa.select(OrderLine)):
        lines.setdefault(line.student_id, []).append(line)
    assert len(lines) == len(world.students)
    assert_ledgers_agree(session, lines)
