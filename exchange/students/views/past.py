"""The card as it was on a day, and as it was known at a moment: what the address asks for, and what was said then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from flask import request
from flask_babel import gettext as _

from exchange.database import now
from exchange.extensions import db
from exchange.people import queries as people
from exchange.people.dates import parse_date
from exchange.people.models import PersonFacts
from exchange.students.models import Student, StudyPeriod
from exchange.students.records import LineOnCard
from exchange.web.pages import BARNAUL, today


@dataclass(frozen=True)
class When:
    """Which day a card speaks of, and when that was known. Without a day: of today, as it is known now."""

    day: dt.date = dt.date.max
    known_on: dt.date | None = None  # what was known at the end of this day
    is_past: bool = False
    facts: PersonFacts | None = None
    periods: Sequence[StudyPeriod] = ()
    typed: tuple[str, str] = ("", "")
    problem: str = ""

    @property
    def known_at(self) -> dt.datetime | None:
        return end_of(self.known_on) if self.known_on else None

    def of(self, lines: list[LineOnCard]) -> list[LineOnCard]:
        """The orders that worked by the day, as they were known: an annulment that came later is not there yet."""
        known_at = self.known_at
        found = []
        for item in lines:
            if item.line.effective_on > self.day or (known_at is not None and item.line.recorded_at > known_at):
                continue
            by = item.annulled_line
            later = by is not None and known_at is not None and by.recorded_at > known_at
            found.append(replace(item, annulled_by=None, annulled_line=None) if later else item)
        return found


def end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day in Barnaul."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), BARNAUL) - dt.timedelta(microseconds=1)


def ledger_period(periods: Sequence[StudyPeriod], day: dt.date) -> StudyPeriod | None:
    """The period that held on a day."""
    return next((p for p in periods if p.valid_from <= day and (p.valid_to is None or day < p.valid_to)), None)


def moment_asked(student: Student) -> When:
    """What the address asks for. A day that is none, or on which nothing was known, is said, and the card is of today."""
    typed = (_asked("day"), _asked("known"))
    if not any(typed):
        return When()
    day, known_on = (_day(text) for text in typed)
    for text, found in zip(typed, (day, known_on), strict=True):
        if text and found is None:
            return When(typed=typed, problem=_("«%(typed)s» не похоже на дату: показано на сегодня", typed=text))
    day = day or min(today(), known_on or today())
    if day > today() or (known_on is not None and known_on > today()):
        return When(typed=typed, problem=_("Этот день ещё не наступил: показано на сегодня"))
    when = When(day=day, known_on=known_on, typed=typed)
    session = db.session()
    facts = people.facts_on(session, student.person_id, day, when.known_at)
    periods = _periods(student, when)
    if facts is None or ledger_period(periods, day) is None:
        return replace(when, problem=_("На этот день записи о студенте нет: показано на сегодня"))
    return replace(when, is_past=True, facts=facts, periods=[p for p in periods if p.valid_from <= day])


def _periods(student: Student, when: When) -> Sequence[StudyPeriod]:
    known_at = when.known_at or now()
    asked = sa.select(StudyPeriod).where(
        StudyPeriod.student_id == student.id, StudyPeriod.recorded_at <= known_at,
        sa.or_(StudyPeriod.superseded_at.is_(None), StudyPeriod.superseded_at > known_at),
    )  # fmt: skip
    return db.session().scalars(asked.order_by(StudyPeriod.valid_from)).all()


def _asked(name: str) -> str:
    return " ".join(request.args.get(name, "").replace("\x00", "").split())[:40] if request.method == "GET" else ""


def _day(text: str) -> dt.date | None:
    found = parse_date(text, today=today()) if text else None
    return found if isinstance(found, dt.date) else None
