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


def load_internships(session: Session, count: int, seed: int, today: dt.date) -> int:
    """Adds `count` internships at twelve enterprises over the last two years; returns how many."""
    dice = random.Random(seed + 1)
    ids = {code: key for code, key in session.execute(sa.select(Organisation.code, Organisation.id))}
    students = _students(session, today, count * 3)
    dice.shuffle(students)
    crowd = Crowd(dice, first=40_000_000)
    for number in range(count):
        starts_on = today - dt.timedelta(days=int(dice.random() * 640) - 50)
        ends_on = starts_on + dt.timedelta(days=dice.choice(DAYS))
        enterprise = ids[ENTERPRISES[number % len(ENTERPRISES)] if number < 60 else dice.choice(ENTERPRISES)]
        who = students.pop() if students and dice.random() < 0.72 else None
        planned = round((ends_on - starts_on).days / 7 * dice.choice((24, 30, 36)))
        human: Any = who or crowd.human("master", starts_on.year - 4)
        internship = Internship(
            public_id="".join(dice.choice(ALPHABET) for _ in range(12)),
            enterprise_id=enterprise, surname=human.surname, name=human.name, patronymic=human.patronymic,
            sort_key=who.sort_key if who else human.keys[0], surname_key=who.surname_key if who else human.keys[1],
            iin=human.iin, birth_date=human.birth_date, sex=human.sex, starts_on=starts_on, ends_on=ends_on,
            department=dice.choice(texts("department")), mentor=dice.choice(texts("mentor")),
            programme=dice.choice(texts("programme")), hours_planned=planned,
        )  # fmt: skip
        if who:
            internship.kind, internship.university_id = "practice", who.organisation_id
            waits = dice.random() < 0.12
            internship.recognition = "waiting" if waits else "recognised"
            internship.student_id = None if waits else who.id
            internship.agreed_at = None if waits else dt.datetime.combine(starts_on - dt.timedelta(days=6), dt.time(4), dt.UTC)
        else:
            internship.kind, internship.recognition = "specialist", "not_needed"
            internship.employer, internship.position = dice.choice(texts("employer")), dice.choice(texts("position"))
        _progress(internship, dice, today)
        session.add(internship)
    session.flush()
    return count


def _students(session: Session, today: dt.date, most: int) -> list[Any]:
    """Students of today in a settled order, with what an enterprise would have entered of them."""
    query = (
        sa.select(
            Student.id, Student.organisation_id, Person.iin, PersonFacts.surname, PersonFacts.name, PersonFacts.patronymic,
            PersonFacts.sex, PersonFacts.birth_date, PersonFacts.sort_key, PersonFacts.surname_key,
        )
        .join(Person, Person.id == Student.person_id)
        .join(PersonFacts, PersonFacts.person_id == Person.id)
        .join(StudyPeriod, StudyPeriod.student_id == Student.id)
        .where(as_of(PersonFacts, today), as_of(StudyPeriod, today), StudyPeriod.status_code == "studying", StudyPeriod.course >= 2)
        .order_by(Student.id)
        .limit(most)
    )  # fmt: skip
    return list(session.execute(query))


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
        internship.status, internship.status_reason, internship.hours_done = "interrupted", "по болезни", planned // 2
    elif roll < 0.16:
        internship.status = "finished"
    else:
        internship.status, internship.grade = "evaluated", dice.choice((3, 4, 4, 5, 5, 5))
        internship.review = dice.choice(texts("review"))
        internship.outcome = dice.choice(("hired", "invited", "reserve", "no", "no"))
