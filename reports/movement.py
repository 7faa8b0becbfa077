"""What changed between two days in any slice: every entry and every exit, so that the figures always add up.

A student is in the slice while two facts hold together: a study period that counts and lies in it, and facts about the person
that count (citizenship) and lie in it. Where two such facts hold together is a spell. The number changes on the days on which
a spell begins that follows on none, and on those on which one ends that none follows on:
start + (spells that begin) − (spells that end) = end, whatever the slice.

Why it changed: who was in the contingent on the day before (is in it on the day after) but outside the slice has moved between
slices; otherwise the order that began the period says it, or the status that followed; else the citizenship turned.
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
SHIFTED_IN, SHIFTED_OUT = "shifted_in", "shifted_out"
STEPS = (ENROLLED, CAME, SHIFTED_IN, GRADUATED, EXPELLED, MOVED, SHIFTED_OUT, OTHER)
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
    words = {
        ENROLLED: _("Зачислены"), CAME: _("Переведены к нам и восстановлены"), GRADUATED: _("Окончили обучение"),
        EXPELLED: _("Отчислены"), MOVED: _("Перевелись в другие организации"),
        SHIFTED_IN: _("Пришли с другой формы, оплаты, курса или направления"),
        SHIFTED_OUT: _("Ушли на другую форму, оплату, курс или направление"), OTHER: _("Прочее: смена гражданства и др."),
    }  # fmt: skip
    return {step: words[step] for step in STEPS}


def movement(session: Session, of: Slice, since: dt.date) -> Movement:
    """What changed after `since` up to `of.on`, both as known at `of.known_at`: one question."""
    both = ((_entries(of, since), _entry_step(of), 1), (_exits(of, since), _exit_step(of), -1))
    grouped = [
        asked.with_only_columns(step.label("step"), (sign * sa.func.count()).label("number")).group_by("step")
        for asked, step, sign in both
    ]  # fmt: skip
    steps: Counter[str] = Counter()
    for name, number in session.execute(sa.union_all(*grouped)):
        steps[name] += number
    return Movement({name: steps[name] for name in STEPS})


@dataclass(frozen=True)
class Behind:
    """One person behind a step: who, where, by which order, from which day, and since when the registry knows it.

    `order` is empty where no order stands behind the step but a change of what is said of the person. `sign` is 1 for an
    entry, -1 for an exit.
    """

    public_id: str
    surname: str
    name: str
    patronymic: str
    organisation: str
    programme: str
    order: str
    signed_on: dt.date | None
    effective_on: dt.date
    recorded_at: dt.datetime
    recorded_by: str
    sign: int


def people_behind(session: Session, of: Slice, since: dt.date, step: str, first: int, size: int) -> tuple[list[Behind], int]:
    """A page of the people behind a step, the newest day first; and how many they are."""
    both = sa.union_all(
        _told(
            _entries(of, since).where(_entry_step(of) == step), _begins(), StudyPeriod.order_line_id, StudyPeriod.valid_from, 1
        ),
        _told(_exits(of, since).where(_exit_step(of) == step), _ends(), _AFTER.order_line_id, StudyPeriod.valid_to, -1),
    ).subquery()
    number = session.scalar(sa.select(sa.func.count()).select_from(both)) or 0
    rows = session.execute(
        sa.select(
            Student.public_id, PersonFacts.surname, PersonFacts.name, PersonFacts.patronymic, Organisation.short_ru,
            StudyPeriod.programme_code, sa.func.coalesce(Order.number, ""), Order.signed_on, both.c.day,
            sa.func.coalesce(OrderLine.recorded_at, PersonFacts.recorded_at, type_=OrderLine.recorded_at.type),
            sa.func.coalesce(OrderLine.recorded_by, PersonFacts.recorded_by), both.c.sign,
        )
        .select_from(both)
        .join(StudyPeriod, StudyPeriod.id == both.c.period_id)
        .join(PersonFacts, PersonFacts.id == both.c.facts_id)
        .join(Student, Student.id == StudyPeriod.student_id)
        .join(Organisation, Organisation.id == StudyPeriod.organisation_id)
        .outerjoin(OrderLine, OrderLine.id == both.c.line_id)
        .outerjoin(Order, Order.id == OrderLine.order_id)
        .order_by(both.c.day.desc(), PersonFacts.sort_key, StudyPeriod.id, both.c.sign)
        .offset(first)
        .limit(size)
    )  # fmt: skip
    return [Behind(*tuple(row)) for row in rows], number


_AFTER: Any = aliased(StudyPeriod)


def _begins() -> sa.ColumnElement[dt.date]:
    """The first day of a spell."""
    period, facts = StudyPeriod.valid_from, PersonFacts.valid_from
    return sa.case((period >= facts, period), else_=facts)


def _ends() -> sa.ColumnElement[dt.date]:
    """The day on which a spell no longer holds; empty: it goes on."""
    period, facts = StudyPeriod.valid_to, PersonFacts.valid_to
    return sa.case((period.is_(None), facts), (facts.is_(None), period), (period <= facts, period), else_=facts)


def _known(fact: Any, known_at: dt.datetime | None) -> sa.ColumnElement[bool]:
    if known_at is None:
        still: sa.ColumnElement[bool] = fact.superseded_at.is_(None)
        return still
    return sa.and_(fact.recorded_at <= known_at, sa.or_(fact.superseded_at.is_(None), fact.superseded_at > known_at))


def _held_together(of: Slice, period: Any, facts: Any) -> list[sa.ColumnElement[bool]]:
    """A period and facts about its person that count, as known."""
    return [
        facts.person_id == period.person_id, period.in_contingent, facts.citizenship == COUNTRY, facts.is_rf_citizen.is_(False),
        _known(period, of.known_at), _known(facts, of.known_at),
    ]  # fmt: skip


def _spells(of: Slice) -> sa.Select[Any]:
    """Every span in which a student is in the slice by one period and one row of facts."""
    overlap = (
        sa.or_(PersonFacts.valid_to.is_(None), PersonFacts.valid_to > StudyPeriod.valid_from),
        sa.or_(StudyPeriod.valid_to.is_(None), StudyPeriod.valid_to > PersonFacts.valid_from),
    )
    return (
        sa.select(StudyPeriod.id)
        .join(PersonFacts, PersonFacts.person_id == StudyPeriod.person_id)
        .where(*_held_together(of, StudyPeriod, PersonFacts), *overlap, *of.narrowing())
    )


def _is_there(of: Slice, day: Any, *, before: bool, in_slice: bool) -> sa.ColumnElement[bool]:
    """Whether the student of a spell is in the slice (or anywhere in the contingent) on a day, or on the day before it."""
    period, facts = aliased(StudyPeriod), aliased(PersonFacts)
    conditions = [period.student_id == StudyPeriod.student_id, *_held_together(of, period, facts)]
    for fact in (period, facts):
        if before:
            conditions += [fact.valid_from < day, sa.or_(fact.valid_to.is_(None), fact.valid_to >= day)]
        else:
            conditions += [fact.valid_from <= day, sa.or_(fact.valid_to.is_(None), fact.valid_to > day)]
    if in_slice:
        conditions += of.narrowing(period, facts)
    return sa.select(period.id).join(facts, sa.true()).where(*conditions).correlate(StudyPeriod, PersonFacts).exists()


def _entries(of: Slice, since: dt.date) -> sa.Select[Any]:
    """Spells that begin after `since` and follow on none."""
    day = _begins()
    return (
        _spells(of)
        .join(OrderLine, OrderLine.id == StudyPeriod.order_line_id)
        .where(day > since, day <= of.on, ~_is_there(of, day, before=True, in_slice=True))
    )


def _exits(of: Slice, since: dt.date) -> sa.Select[Any]:
    """Spells that end after `since` and that none follows on, with the period of study that follows, if any."""
    day = _ends()
    follows = sa.and_(
        _AFTER.student_id == StudyPeriod.student_id, _AFTER.valid_from == StudyPeriod.valid_to, _known(_AFTER, of.known_at)
    )
    return (
        _spells(of)
        .outerjoin(_AFTER, follows)
        .where(day > since, day <= of.on, ~_is_there(of, day, before=False, in_slice=True))
    )


def _entry_step(of: Slice) -> sa.ColumnElement[str]:
    """Why a spell began."""
    by_order = StudyPeriod.valid_from == _begins()
    return sa.case(
        (_is_there(of, _begins(), before=True, in_slice=False), SHIFTED_IN),
        *((sa.and_(by_order, OrderLine.event.in_(events)), step) for step, events in _by_step(ENTRIES)),
        else_=OTHER,
    )


def _exit_step(of: Slice) -> sa.ColumnElement[str]:
    """Why a spell ended."""
    by_order = StudyPeriod.valid_to == _ends()
    return sa.case(
        (_is_there(of, _ends(), before=False, in_slice=False), SHIFTED_OUT),
        *((sa.and_(by_order, _AFTER.status_code.in_(statuses)), step) for step, statuses in _by_step(EXITS)),
        else_=OTHER,
    )


def _by_step(said: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Step -> the events, or statuses, that lead to it."""
    return [(step, [key for key, value in said.items() if value == step]) for step in dict.fromkeys(said.values())]


def _told(asked: sa.Select[Any], day: Any, line: Any, ended: Any, sign: int) -> sa.Select[Any]:
    """A spell of a step: whose, from which day, and the line of the order behind it (none: what is said of the person)."""
    by_order = sa.case((ended == day, line))
    return asked.with_only_columns(
        StudyPeriod.id.label("period_id"), PersonFacts.id.label("facts_id"), day.label("day"), by_order.label("line_id"),
        sa.literal(sign).label("sign"),
    )  # fmt: skip
