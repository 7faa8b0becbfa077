"""Internships of the demonstration: practice of students who are in the register, and specialists who are not."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.database import ALPHABET, as_of
from exchange.demo.chances import texts
from exchange.demo.people import Crowd
from exchange.internships.models import Internship
from exchange.organisations.models import Organisation
from exchange.people.models import Person, PersonFacts
from exchange.students.models import Student, StudyPeriod

ENTERPRISES = (
    "ALTVAGON", "ALTKOKS", "BTM", "ROTOR", "AZPI", "EVALAR", "SBMASH", "ALMAZ", "MELNIK", "ALTENERGO", "FANCA", "KKB",
)  # fmt: skip
DAYS = (13, 27, 55)
# Internships begin between so many days ago and so many days ahead; who studies in the third year did so all that time.
OLDEST, NEWEST = 590, 50
THIRD_YEAR = 3


def load_internships(session: Session, count: int, seed: int, today: dt.date) -> int:
    """Adds `count` internships at twelve enterprises over the last two years; returns how many."""
    dice = random.Random(seed + 1)  # noqa: S311  nothing secret is drawn here
    ids = {row.code: row.id for row in session.execute(sa.select(Organisation.code, Organisation.id))}
    students = _students(session, today, count * 3)
    dice.shuffle(students)
    coming_of_age = _coming_of_age(session, today)
    crowd = Crowd(dice, first_passport=40_000_000, last_serial=9949)
    for number in range(count):
        enterprise = ENTERPRISES[number % len(ENTERPRISES)] if number < 60 else dice.choice(ENTERPRISES)
        starts_on = today + dt.timedelta(days=NEWEST - int(dice.random() * (OLDEST + NEWEST)))
        who = students.pop() if students and dice.random() < 0.72 else None
        if number == 1 and coming_of_age:
            who = coming_of_age
            starts_on = _birthday(who.birth_date, 18) - dt.timedelta(days=6)
        human: Any = who or crowd.human("master", starts_on.year - 4)
        internship = Internship(
            public_id="".join(dice.choice(ALPHABET) for _ in range(12)),
            enterprise_id=ids[enterprise], surname=human.surname, name=human.name, patronymic=human.patronymic,
            sort_key=who.sort_key if who else human.keys[0], surname_key=who.surname_key if who else human.keys[1],
            iin=human.iin, birth_date=human.birth_date, sex=human.sex, starts_on=starts_on,
            ends_on=starts_on + dt.timedelta(days=dice.choice(DAYS)), department=dice.choice(texts("department")),
            mentor=dice.choice(texts("mentor")), programme=dice.choice(texts("programme")),
        )  # fmt: skip
        internship.hours_planned = round((internship.ends_on - starts_on).days / 7 * dice.choice((24, 30, 36)))
        if who:
            _as_practice(internship, who, dice, today)
        else:
            internship.kind, internship.recognition = "specialist", "not_needed"
            internship.employer, internship.position = dice.choice(texts("employer")), dice.choice(texts("position"))
        _progress(internship, dice, today)
        session.add(internship)
    session.flush()
    return count


def _as_practice(internship: Internship, who: Any, dice: random.Random, today: dt.date) -> None:
    """A practice that the university has agreed, or has not answered yet."""
    internship.kind, internship.university_id = "practice", who.organisation_id
    if dice.random() < 0.12:
        internship.recognition = "waiting"
        return
    internship.recognition, internship.student_id = "recognised", who.id
    # at the latest on the day before this one, which may have just begun
    agreed_on = min(internship.starts_on - dt.timedelta(days=6), today - dt.timedelta(days=1))
    internship.agreed_at = dt.datetime.combine(agreed_on, dt.time(4), dt.UTC)


def _who(today: dt.date) -> Any:
    """Students of today in a settled order, with what an enterprise would have entered of them."""
    return (
        sa.select(
            Student.id, Student.organisation_id, Person.iin, PersonFacts.surname, PersonFacts.name, PersonFacts.patronymic,
            PersonFacts.sex, PersonFacts.birth_date, PersonFacts.sort_key, PersonFacts.surname_key,
        )
        .join(Person, Person.id == Student.person_id)
        .join(PersonFacts, PersonFacts.person_id == Person.id)
        .join(StudyPeriod, StudyPeriod.student_id == Student.id)
        .where(as_of(PersonFacts, today), as_of(StudyPeriod, today), StudyPeriod.status_code == "studying")
        .order_by(Student.id)
    )  # fmt: skip


def _students(session: Session, today: dt.date, most: int) -> list[Any]:
    return list(session.execute(_who(today).where(StudyPeriod.course >= THIRD_YEAR).limit(most)))


def _birthday(born: dt.date, age: int) -> dt.date:
    return dt.date(born.year + age, born.month, min(born.day, 28) if born.month == 2 else born.day)


def _coming_of_age(session: Session, today: dt.date) -> Any:
    """A student who turned 18 in the last year, if there is one: the weekly hours change in the middle of the practice."""
    earliest, latest = _birthday(today, -19), _birthday(today, -18) + dt.timedelta(days=20)
    query = _who(today).where(PersonFacts.birth_date.between(earliest, latest), StudyPeriod.course >= 2)
    return session.execute(query.limit(1)).first()


def _progress(internship: Internship, dice: random.Random, today: dt.date) -> None:
    """The stage that fits today: the past is finished and mostly evaluated, the present runs, the future is planned."""
    start, end = internship.starts_on, internship.ends_on
    if start > today:
        internship.status = "planned" if internship.recognition == "waiting" or dice.random() < 0.4 else "confirmed"
        return
    internship.briefing_on = start
    planned = internship.hours_planned or 0
    if end >= today:
        internship.status = "started"
        internship.hours_done = round(planned * (today - start).days / max(1, (end - start).days))
        return
    internship.hours_done = planned - dice.choice((0, 0, 0, 4, 8))
    roll = dice.random()
    if roll < 0.06:
        internship.status, internship.status_reason = "interrupted", texts("interruption")[0]
        internship.hours_done = planned // 2
    elif roll < 0.16:
        internship.status = "finished"
    else:
        internship.status, internship.grade = "evaluated", dice.choice((3, 4, 4, 5, 5, 5))
        internship.review = dice.choice(texts("review"))
        internship.outcome = dice.choice(("hired", "invited", "reserve", "no", "no"))
