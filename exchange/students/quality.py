"""Records that somebody should look at: each problem is one condition: a filter, a figure, a line of the home page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa

from exchange.people.models import Guardian, IdentityDocument, Person, PersonFacts
from exchange.students.models import OrderLine, Student, StudyPeriod

Condition = sa.ColumnElement[bool]
ON_LEAVE = ("academic_leave", "maternity_leave", "military_leave")
FORGOTTEN_MONTHS = 18
NO_END = dt.date(9999, 12, 31)


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day of an earlier month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first_of_next = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(dt.date(year, month + 1, 1) + dt.timedelta(days=day.day - 1), first_of_next - dt.timedelta(days=1))


def _incomplete(_day: dt.date) -> Condition:
    """What the card calls missing: IIN, any document, region, any contact."""
    lacking = sa.select(Person.id).where(sa.or_(Person.iin.is_(None), sa.and_(Person.phone == "", Person.email == "")))
    return sa.or_(
        PersonFacts.region_code.is_(None),
        Student.person_id.in_(lacking),
        Student.person_id.not_in(sa.select(IdentityDocument.person_id)),
    )


def _doubtful(_day: dt.date) -> Condition:
    return Student.person_id.in_(sa.select(Person.id).where(Person.iin_needs_check))


def _expired(day: dt.date) -> Condition:
    """Every document has ended; one that says no end has none."""
    last = sa.func.max(sa.func.coalesce(IdentityDocument.valid_until, NO_END))
    return Student.person_id.in_(sa.select(IdentityDocument.person_id).group_by(IdentityDocument.person_id).having(last < day))


def _overdue(day: dt.date) -> Condition:
    return sa.and_(StudyPeriod.in_contingent, Student.planned_end_on < months_before(day, 12))


def _overstayed(day: dt.date) -> Condition:
    until = OrderLine.fields["until"].as_string()
    past = sa.select(OrderLine.id).where(until < day.isoformat())
    return sa.and_(StudyPeriod.status_code.in_(ON_LEAVE), StudyPeriod.order_line_id.in_(past))


def _forgotten(day: dt.date) -> Condition:
    moment = dt.datetime.combine(months_before(day, FORGOTTEN_MONTHS), dt.time(), dt.UTC)
    return sa.and_(StudyPeriod.in_contingent, Student.updated_at < moment)


def _without_guardian(day: dt.date) -> Condition:
    """In the student body, under 18, and nobody is named who acts for him on the day."""
    acting = sa.select(Guardian.person_id).where(
        Guardian.since <= day, sa.or_(Guardian.until.is_(None), Guardian.until >= day)
    )  # fmt: skip
    is_minor = PersonFacts.birth_date > months_before(day, 18 * 12)
    return sa.and_(StudyPeriod.in_contingent, is_minor, Student.person_id.not_in(acting))


# Code of a problem -> the condition on StudyPeriod, Student and PersonFacts under which a record has it on a day.
PROBLEMS: dict[str, Callable[[dt.date], Condition]] = {
    "incomplete": _incomplete,
    "iin": _doubtful,
    "passport": _expired,
    "overdue": _overdue,
    "leave": _overstayed,
    "forgotten": _forgotten,
    "guardian": _without_guardian,
}
