"""What changed between two days: every entry into the contingent and every exit, so that the figures always add up.

Somebody is in the contingent while two facts hold together: a study period that counts, and a citizenship that counts. So
there are four ways for the number to change, and one question for each:
a period begins to count (by kind of order), a period ceases to count (by the status that follows), a citizenship begins to
count while the period goes on, a citizenship ceases to count while the period goes on.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session, aliased

from exchange.organisations.models import Organisation
from exchange.people.models import PersonFacts
from exchange.students.contingent import COUNTRY
from exchange.students.models import Order, OrderLine, Student, StudyPeriod
from reports.counts import Slice

ENROLLED, CAME, GRADUATED, MOVED, EXPELLED, OTHER = "enrolled", "came", "graduated", "moved", "expelled", "other"
# Event of the table of transitions that began the period -> step.
ENTRIES: Mapping[str, str] = {
    "enrol": ENROLLED, "enrol_next_level": ENROLLED, "enrol_elsewhere": CAME, "reinstate": CAME, "return": CAME,
    "return_mobility": CAME,
}  # fmt: skip
# Status that follows -> step.
EXITS: Mapping[str, str] = {"graduated": GRADUATED, "transferred_out": MOVED, "expelled": EXPELLED}


@dataclass(frozen=True)
class Movement:
    """Entries and exits by step; an exit is a negative figure, `other` has its balance."""

    steps: Mapping[str, int]

    @property
    def balance(self) -> int:
        return sum(self.steps.values())


def labels() -> dict[str, str]:
    """The steps in the order in which they are shown."""
    return {
        ENROLLED: _("Зачислены"), CAME: _("Переведены к нам и восстановлены"), GRADUATED: _("Окончили обучение"),
        EXPELLED: _("Отчислены"), MOVED: _("Перевелись в другие организации"), OTHER: _("Прочее: смена гражданства и др."),
    }  # fmt: skip


def movement(session: Session, of: Slice, since: dt.date) -> Movement:
    """What changed after `since` up to `of.on`, both as known at `of.known_at`: four grouped questions."""
    steps: Counter[str] = Counter()
    entries = _entries(of, since).with_only_columns(OrderLine.event, sa.func.count()).group_by(OrderLine.event)
    for event, number in session.execute(entries):
        steps[ENTRIES.get(event, OTHER)] += number
    exits, after = _exits(of, since)
    exits = exits.with_only_columns(after.status_code, sa.func.count()).group_by(after.status_code)
    for status, number in session.execute(exits):
        steps[EXITS.get(status, OTHER)] -= number
    steps[OTHER] += session.scalar(_citizenship_turned(of, since, begins=True)) or 0
    steps[OTHER] -= session.scalar(_citizenship_turned(of, since, begins=False)) or 0
    return Movement({name: steps[name] for name in (ENROLLED, CAME, GRADUATED, EXPELLED, MOVED, OTHER)})


@dataclass(frozen=True)
class Behind:
    """One person behind a step: who, where, by which order, from which day, and since when the registry knows it."""

    public_id: str
    surname: str
    name: str
    patronymic: str
    organisation: str
    programme: str
    order: str
    signed_on: dt.date
    effective_on: dt.date
    recorded_at: dt.datetime


def people_behind(session: Session, of: Slice, since: dt.date, step: str, first: int, size: int) -> tuple[list[Behind], int]:
    """A page of the people behind a step (not of OTHER), by day and name; and how many they are."""
    if step in ENTRIES.values():
        asked = _entries(of, since).where(OrderLine.event.in_([event for event, kind in ENTRIES.items() if kind == step]))
        day: Any = StudyPeriod.valid_from
    else:
        asked, after = _exits(of, since)
        asked = asked.where(after.status_code.in_([status for status, kind in EXITS.items() if kind == step]))
        asked = asked.join(OrderLine, OrderLine.id == after.order_line_id)
        day = StudyPeriod.valid_to
    number = session.scalar(asked.with_only_columns(sa.func.count(StudyPeriod.id))) or 0
    rows = session.execute(
        asked.join(Order, Order.id == OrderLine.order_id)
        .join(Student, Student.id == StudyPeriod.student_id)
        .join(Organisation, Organisation.id == StudyPeriod.organisation_id)
        .with_only_columns(
            Student.public_id, PersonFacts.surname, PersonFacts.name, PersonFacts.patronymic, Organisation.short_ru,
            StudyPeriod.programme_code, Order.number, Order.signed_on, day, OrderLine.recorded_at,
        )
        .order_by(day.desc(), PersonFacts.sort_key, StudyPeriod.id)
        .offset(first)
        .limit(size)
    )  # fmt: skip
    return [Behind(*tuple(row)) for row in rows], number


def _known(fact: Any, known_at: dt.datetime | None) -> sa.ColumnElement[bool]:
    if known_at is None:
        still: sa.ColumnElement[bool] = fact.superseded_at.is_(None)
        return still
    return sa.and_(fact.recorded_at <= known_at, sa.or_(fact.superseded_at.is_(None), fact.superseded_at > known_at))


def _counts(facts: Any) -> sa.ColumnElement[bool]:
    return sa.and_(facts.citizenship == COUNTRY, facts.is_rf_citizen.is_(False))


def _holds_on(fact: Any, day: Any) -> sa.ColumnElement[bool]:
    return sa.and_(fact.valid_from <= day, sa.or_(fact.valid_to.is_(None), fact.valid_to > day))


def _holds_before(fact: Any, day: Any) -> sa.ColumnElement[bool]:
    """It holds on the day before `day`."""
    return sa.and_(fact.valid_from < day, sa.or_(fact.valid_to.is_(None), fact.valid_to >= day))


def _entries(of: Slice, since: dt.date) -> sa.Select[Any]:
    """Periods that count and follow on nothing that counts."""
    before = aliased(StudyPeriod)
    return (
        sa.select(StudyPeriod.id)
        .join(OrderLine, OrderLine.id == StudyPeriod.order_line_id)
        .join(PersonFacts, PersonFacts.person_id == StudyPeriod.person_id)
        .outerjoin(
            before,
            sa.and_(
                before.student_id == StudyPeriod.student_id, before.valid_to == StudyPeriod.valid_from, before.in_contingent,
                _known(before, of.known_at),
            ),
        )
        .where(
            *of.narrowing(), StudyPeriod.in_contingent, StudyPeriod.valid_from > since, StudyPeriod.valid_from <= of.on,
            _known(StudyPeriod, of.known_at), _known(PersonFacts, of.known_at), _counts(PersonFacts),
            _holds_on(PersonFacts, StudyPeriod.valid_from), before.id.is_(None),
        )
    )  # fmt: skip


def _exits(of: Slice, since: dt.date) -> tuple[sa.Select[Any], Any]:
    """Periods that count and are followed by nothing that counts; and the period that follows, if any."""
    after = aliased(StudyPeriod)
    asked = (
        sa.select(StudyPeriod.id)
        .join(PersonFacts, PersonFacts.person_id == StudyPeriod.person_id)
        .outerjoin(
            after,
            sa.and_(
                after.student_id == StudyPeriod.student_id, after.valid_from == StudyPeriod.valid_to,
                _known(after, of.known_at),
            ),
        )
        .where(
            *of.narrowing(), StudyPeriod.in_contingent, StudyPeriod.valid_to > since, StudyPeriod.valid_to <= of.on,
            _known(StudyPeriod, of.known_at), _known(PersonFacts, of.known_at), _counts(PersonFacts),
            _holds_before(PersonFacts, StudyPeriod.valid_to), sa.or_(after.id.is_(None), after.in_contingent.is_(False)),
        )
    )  # fmt: skip
    return asked, after


def _citizenship_turned(of: Slice, since: dt.date, *, begins: bool) -> sa.Select[Any]:
    """Studies that counted on both sides of the day on which the citizenship of the student began, or ceased, to count."""
    other, earlier = aliased(PersonFacts), aliased(StudyPeriod)
    day, beside = (PersonFacts.valid_from, other.valid_to) if begins else (PersonFacts.valid_to, other.valid_from)
    return (
        sa.select(sa.func.count(PersonFacts.id))
        .join(StudyPeriod, StudyPeriod.person_id == PersonFacts.person_id)
        .join(earlier, earlier.student_id == StudyPeriod.student_id)
        .outerjoin(
            other, sa.and_(other.person_id == PersonFacts.person_id, beside == day, _known(other, of.known_at), _counts(other))
        )
        .where(
            _known(PersonFacts, of.known_at), _counts(PersonFacts), day > since, day <= of.on, other.id.is_(None),
            *of.narrowing(), StudyPeriod.in_contingent, _known(StudyPeriod, of.known_at), _holds_on(StudyPeriod, day),
            earlier.in_contingent, _known(earlier, of.known_at), _holds_before(earlier, day),
        )
    )  # fmt: skip
