"""Records without a consent, as a problem of the list: this room adds it, the list does not know of consents."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from exchange.consents.models import ANNULLED, GIVEN, WITHDRAWN, Consent
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
    held = sa.select(Consent.person_id).where(
        Consent.act == GIVEN, Consent.kind == NEEDED, Consent.day <= day, ~is_annulled, ~is_withdrawn
    )
    return sa.and_(StudyPeriod.in_contingent, Student.person_id.not_in(held))


def register() -> None:
    """Adds the problem to those of the list."""
    PROBLEMS["consent"] = without_consent
    PROBLEM_NAMES["consent"] = _l("Без согласия на обработку данных")
