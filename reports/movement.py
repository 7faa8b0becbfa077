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

from exchange.people.models import PersonFacts
from exchange.students.contingent import COUNTRY
from exchange.students.models import OrderLine, StudyPeriod
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
    for event, number in session.execute(_periods_begin(of, since)):
        steps[ENTRIES.get(event, OTHER)] += number
    for status, number in session.execute(_periods_end(of, since)):
        steps[EXITS.get(status, OTHER)] -= number
    steps[OTHER] += session.scalar(_citizenship_begins(of, since)) or 0
    steps[OTHER] -= session.scalar(_citizenship_ends(of, since)) or 0
    return Movement({name: steps[name] for name in (ENROLLED, CAME, GRADUATED, EXPELLED, MOVED, OTHER)})


def _known(fact: Any, known_at: dt.datetime | None) -> sa.ColumnElement[bool]:
    if known_at is None:
        return sa.and_(fact.superseded_at.is_(None))
    return sa.and_(fact.recorded_at <= known_at, sa.or_(fact.superseded_at.is_(None), fact.superseded_at > known_at))


def _counts(facts: Any) -> sa.ColumnElement[bool]:
    return sa.and_(facts.citizenship == COUNTRY, facts.is_rf_citizen.is_(False))


def _holds_on(fact: Any, day: Any) -> sa.ColumnElement[bool]:
    return sa.and_(fact.valid_from <= day, sa.or_(fact.valid_to.is_(None), fact.valid_to > day))


def _holds_before(fact: Any, day: Any) -> sa.ColumnElement[bool]:
    """It holds on the day before `day`."""
    return sa.and_(fact.valid_from < day, sa.or_(fact.valid_to.is_(None), fact.valid_to >= day))


def _periods_begin(of: Slice, since: dt.date) -> sa.Select[Any]:
    """Periods that count and follow on nothing that counts, by the event that began them."""
    before = aliased(StudyPeriod)
    return (
        sa.select(OrderLine.event, sa.func.count())
        .select_from(StudyPeriod)
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
        .group_by(OrderLine.event)
    )  # fmt: skip


def _periods_end(of: Slice, since: dt.date) -> sa.Select[Any]:
    """Periods that count and are followed by nothing that counts, by the status that follows."""
    after = aliased(StudyPeriod)
    return (
        sa.select(after.status_code, sa.func.count())
        .select_from(StudyPeriod)
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
        .group_by(after.status_code)
    )  # fmt: skip


def _going_on(of: Slice, day: Any) -> tuple[Any, sa.ColumnElement[bool]]:
    """A study that counts on the day and counted on the day before: the periods on both sides."""
    earlier = aliased(StudyPeriod)
    return earlier, sa.and_(
        *of.narrowing(), StudyPeriod.in_contingent, earlier.in_contingent, earlier.student_id == StudyPeriod.student_id,
        _known(StudyPeriod, of.known_at), _known(earlier, of.known_at), _holds_on(StudyPeriod, day), _holds_before(earlier, day),
    )  # fmt: skip


def _citizenship_begins(of: Slice, since: dt.date) -> sa.Select[Any]:
    before = aliased(PersonFacts)
    earlier, goes_on = _going_on(of, PersonFacts.valid_from)
    return (
        sa.select(sa.func.count(PersonFacts.id))
        .join(StudyPeriod, StudyPeriod.person_id == PersonFacts.person_id)
        .join(earlier, earlier.student_id == StudyPeriod.student_id)
        .outerjoin(
            before,
            sa.and_(
                before.person_id == PersonFacts.person_id, before.valid_to == PersonFacts.valid_from,
                _known(before, of.known_at), _counts(before),
            ),
        )
        .where(
            _known(PersonFacts, of.known_at), _counts(PersonFacts), PersonFacts.valid_from > since,
            PersonFacts.valid_from <= of.on, before.id.is_(None), goes_on,
        )
    )  # fmt: skip


def _citizenship_ends(of: Slice, since: dt.date) -> sa.Select[Any]:
    after = aliased(PersonFacts)
    earlier, goes_on = _going_on(of, PersonFacts.valid_to)
    return (
        sa.select(sa.func.count(PersonFacts.id))
        .join(StudyPeriod, StudyPeriod.person_id == PersonFacts.person_id)
        .join(earlier, earlier.student_id == StudyPeriod.student_id)
        .outerjoin(
            after,
            sa.and_(
                after.person_id == PersonFacts.person_id, after.valid_from == PersonFacts.valid_to,
                _known(after, of.known_at), _counts(after),
            ),
        )
        .where(
            _known(PersonFacts, of.known_at), _counts(PersonFacts), PersonFacts.valid_to > since,
            PersonFacts.valid_to <= of.on, after.id.is_(None), goes_on,
        )
    )  # fmt: skip
