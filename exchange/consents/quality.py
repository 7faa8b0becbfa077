"""Records without a consent, as a problem of the list: this room adds it, the list does not know of consents."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from exchange.consents.models import ANNULLED, GIVEN, WITHDRAWN, Consent
from exchange.people.models import Person
from exchange.students.models import Student, StudyPeriod
from exchange.students.quality import PROBLEMS, Condition
from exchange.students.views.listing import PROBLEM_NAMES

NEEDED = "processing"


def without_consent(day: dt.date) -> Condition:
    """In the student body, and no consent to processing is in force on the day."""
    annulment, withdrawal, taken_back = (sa.orm.aliased(Consent) for _ in range(3))
    is_annulled = sa.exists().where(annulment.act == ANNULLED, annulment.cancels_id == Consent.id)
    is_withdrawn = sa.exists().where(
        withdrawal.act == WITHDRAWN,
        withdrawal.withdraws_id == Consent.id,
        withdrawal.day <= day,
        ~sa.exists().where(taken_back.act == ANNULLED, taken_back.cancels_id == withdrawal.id),
    )
    holds = (
        Consent.act == GIVEN, Consent.kind == NEEDED, Consent.day <= day, ~is_annulled, ~is_withdrawn,
        Consent.id.not_in(_withdrawn_beside(day)),
    )  # fmt: skip
    held: sa.CompoundSelect[Any] = sa.union_all(
        sa.select(Consent.person_id).where(*holds),
        # what was given for a record that was joined to another one is the other one's
        sa.select(Person.merged_into_id)
        .join(Consent, Consent.person_id == Person.id)
        .where(Person.merged_into_id.is_not(None), *holds),
    )
    return sa.and_(StudyPeriod.in_contingent, Student.person_id.not_in(held))


def _withdrawn_beside(day: dt.date) -> sa.Select[Any]:
    """Consents that are withdrawn because the same one was, on another record of the same human (`is_withdrawn_with`).

    Begins with the records that were joined: they are few.
    """
    ended, named, withdrawal, taken_back = (sa.orm.aliased(Consent) for _ in range(4))
    one, other = _joined_records(), _joined_records()
    return (
        sa.select(ended.id)
        .join(one, one.c.record == ended.person_id)
        .join(other, sa.and_(other.c.head == one.c.head, other.c.record != one.c.record))
        .join(named, named.person_id == other.c.record)
        .join(withdrawal, withdrawal.withdraws_id == named.id)
        .where(
            ended.act == GIVEN,
            ended.kind == NEEDED,
            named.kind == ended.kind,
            named.organisation_id == ended.organisation_id,
            sa.or_(named.given_by == ended.given_by, named.given_by == "self"),
            withdrawal.act == WITHDRAWN,
            withdrawal.day >= ended.day,
            withdrawal.day <= day,
            ~sa.exists().where(taken_back.act == ANNULLED, taken_back.cancels_id == withdrawal.id),
        )
    )


def _joined_records() -> sa.Subquery:
    """Every record that was joined to another, and every one to which one was: `record` and the one that is kept, `head`."""
    gone, kept, joined = (sa.orm.aliased(Person) for _ in range(3))
    heads = sa.select(joined.merged_into_id).where(joined.merged_into_id.is_not(None))
    return sa.union_all(
        sa.select(gone.id.label("record"), gone.merged_into_id.label("head")).where(gone.merged_into_id.is_not(None)),
        sa.select(kept.id, kept.id).where(kept.id.in_(heads)),
    ).subquery()


def register() -> None:
    """Adds the problem to those of the list."""
    PROBLEMS["consent"] = without_consent
    PROBLEM_NAMES["consent"] = _l("Без согласия на обработку данных")
