"""The contingent on a day: the one definition that the list, the overview and every report count by."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from exchange.database import as_of
from exchange.people.models import PersonFacts
from exchange.students.models import StudyPeriod

COUNTRY = "KZ"


def studying_on(day: dt.date, known_at: dt.datetime | None = None) -> sa.Select[StudyPeriod, PersonFacts]:
    """Every study period that holds on `day` with the facts about its person on that day, whatever the status."""
    return (
        sa.select(StudyPeriod, PersonFacts)
        .join(PersonFacts, PersonFacts.person_id == StudyPeriod.person_id)
        .where(as_of(StudyPeriod, day, known_at), as_of(PersonFacts, day, known_at))
    )


def contingent_on(day: dt.date, known_at: dt.datetime | None = None) -> sa.Select[StudyPeriod, PersonFacts]:
    """The contingent of citizens of Kazakhstan on `day`: one row per enrolment, as known at `known_at` (empty: now).

    Enrolments whose last order in force on the day leaves them in a status that counts, and whose person is on that
    day a citizen of Kazakhstan and not of Russia. Leave counts. Take columns with `with_only_columns`.
    """
    return studying_on(day, known_at).where(
        StudyPeriod.in_contingent, PersonFacts.citizenship == COUNTRY, PersonFacts.is_rf_citizen.is_(False)
    )
