"""The contingent on a day: the one definition that the list, the overview and every report count by."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from exchange.database import as_of, as_of_in_parts
from exchange.people.models import PersonFacts
from exchange.students.models import StudyPeriod

COUNTRY = "KZ"
# Written out, not as a parameter: only so do planners see that the partial index has all such rows.
COUNTED_ELSEWHERE = sa.or_(
    PersonFacts.citizenship != sa.bindparam("country", COUNTRY, literal_execute=True), PersonFacts.is_rf_citizen
)


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


def enrolments_on(day: dt.date, known_at: dt.datetime | None = None) -> sa.Select[StudyPeriod]:
    """The enrolments of `contingent_on` without the facts of their persons: for counting what periods alone say.

    Who is not a citizen of Kazakhstan is left out by the short list of such people (ix_person_facts_not_counted) instead of
    a look at every person; there are facts of every person for every day of a study.
    """
    return _enrolments(as_of(StudyPeriod, day, known_at), day, known_at)


def contingent_size(day: dt.date, known_at: dt.datetime | None = None) -> sa.Select[int]:
    """How many enrolments `enrolments_on` has, in a fraction of the time: from two ranges of an index."""
    parts = [
        _enrolments(held, day, known_at).with_only_columns(sa.func.count()).scalar_subquery()
        for held in as_of_in_parts(StudyPeriod, day, known_at)
    ]
    return sa.select(parts[0] + parts[1])


def _enrolments(held: sa.ColumnElement[bool], day: dt.date, known_at: dt.datetime | None) -> sa.Select[StudyPeriod]:
    not_counted = sa.select(PersonFacts.person_id).where(as_of(PersonFacts, day, known_at), COUNTED_ELSEWHERE)
    return sa.select(StudyPeriod).where(held, StudyPeriod.in_contingent, StudyPeriod.person_id.not_in(not_counted))
