"""The contingent and its movement over random lives: every day, every moment of knowing, every slice; both databases."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exchange.people.models import PersonFacts
from exchange.students.contingent import contingent_on, contingent_size, enrolments_on
from exchange.students.models import StudyPeriod
from reports.counts import Slice
from reports.movement import SHIFTED_IN, SHIFTED_OUT, STEPS, movement, people_behind
from tests.clock import TODAY
from tests.reports.lives import FIRST, LAST, REGIONS, Lives

MANY, ROUNDS = 1_000, 6
HOUR = dt.timedelta(hours=1)
# What a slice is narrowed by, and the same said of what `Life.on` answers.
# The two ways to count the contingent: from study periods alone, and with the facts of every person.
COUNTS: tuple[Any, ...] = (enrolments_on, contingent_on)
SLICES: list[tuple[dict[str, Any], Callable[[dict[str, Any]], bool]]] = [
    ({}, lambda one: True),
    ({"level": "master"}, lambda one: one["level_code"] == "master"),
    ({"form": "extra"}, lambda one: one["form_code"] == "extra"),
    ({"funding": "budget"}, lambda one: one["funding_code"] == "federal_general"),
    ({"programme": "09.03.01", "course": 1}, lambda one: one["programme_code"] == "09.03.01" and one["course"] == 1),
    ({"region": REGIONS[0], "sex": "F"}, lambda one: one["region"] == REGIONS[0] and one["sex"] == "F"),
]


def in_the_database(session: Session, of: Slice) -> int:
    return session.scalar(of.counted(sa.func.count())) or 0


@pytest.mark.usefixtures("today")
def test_random_lives(session: Session) -> None:
    """A thousand students, six rounds: counts agree with a second calculation, what was known stays known, figures add up."""
    # Planners know nothing of rows that were not committed, and would compare each with each.
    is_postgres = session.get_bind().dialect.name == "postgresql"
    if is_postgres:
        session.execute(sa.text("SET LOCAL enable_nestloop = off"))
    lives, die = Lives(session, MANY, seed=23, moment=TODAY), random.Random(11)
    answered: dict[tuple[int, dt.date, dt.datetime], int] = {}
    recorded = 0
    for number in range(1, ROUNDS + 1):
        if not is_postgres:
            session.execute(sa.text("ANALYZE"))
        moment = TODAY + number * HOUR
        recorded += lives.go_on(moment)
        for _ in range(4):
            which, day = die.randrange(len(SLICES)), FIRST + dt.timedelta(days=die.randrange((LAST - FIRST).days))
            narrowed, asks = SLICES[which]
            expected = sum(bool((one := life.on(day, moment)) and asks(one)) for life in lives.all)
            assert in_the_database(session, Slice(day, **narrowed)) == expected, (narrowed, day)
            by_periods, by_people = (session.scalar(ask(day).with_only_columns(sa.func.count())) for ask in COUNTS)
            by_size = session.scalar(contingent_size(day))
            assert by_periods == by_people == by_size == sum(bool(life.on(day, moment)) for life in lives.all), day
            answered[which, day, moment] = expected
    for (which, day, known_at), expected in answered.items():
        assert in_the_database(session, Slice(day, known_at, **SLICES[which][0])) == expected, "it was known otherwise"
    assert recorded > MANY * 2, "too few orders were possible to prove anything"
    assert overlaps(session, StudyPeriod, "student_id") == overlaps(session, PersonFacts, "person_id") == 0
    turned = dict.fromkeys(STEPS, 0)
    for narrowed, _asks in SLICES:
        for then in (None, TODAY + 3 * HOUR):
            since, on = dt.date(2024, 3, 15), dt.date(2026, 10, 1)
            moved = movement(session, Slice(on, then, **narrowed), since)
            start, end = (in_the_database(session, Slice(day, then, **narrowed)) for day in (since, on))
            assert start + moved.balance == end, narrowed
            for step, value in moved.steps.items():
                turned[step] += abs(value)
                if then is not None:
                    continue
                found, people = people_behind(session, Slice(on, then, **narrowed), since, step, 0, 2 * MANY)
                assert (sum(one.sign for one in found), len(found)) == (value, people), (narrowed, step)
    assert all(turned.values()), f"a step that never happened: {turned}"
    assert not movement(session, Slice(LAST), FIRST).steps[SHIFTED_IN], "nobody moves between slices where there is one"
    assert not movement(session, Slice(LAST), FIRST).steps[SHIFTED_OUT]


def overlaps(session: Session, model: Any, owner: str) -> int:
    """Pairs of facts of one owner that hold on one day and were known at one moment."""
    one, other = aliased(model), aliased(model)
    same = sa.and_(
        getattr(one, owner) == getattr(other, owner), one.id < other.id,
        one.valid_from < sa.func.coalesce(other.valid_to, dt.date.max),
        other.valid_from < sa.func.coalesce(one.valid_to, dt.date.max),
        sa.or_(other.superseded_at.is_(None), one.recorded_at < other.superseded_at),
        sa.or_(one.superseded_at.is_(None), other.recorded_at < one.superseded_at),
    )  # fmt: skip
    return session.scalar(sa.select(sa.func.count()).select_from(one).join(other, same)) or 0
