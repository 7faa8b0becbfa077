"""The four internships of the small known world (tests/world.py tells who they are)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from exchange.internships.models import Internship, InternshipWeek
from exchange.people.models import Person, PersonFacts
from exchange.people.name_keys import fold, skeleton

if TYPE_CHECKING:
    from tests.world import World

AGREED_AT = dt.datetime(2026, 6, 1, 5, 0, tzinfo=dt.UTC)


def _named(surname: str, name: str, patronymic: str) -> dict[str, Any]:
    return {
        "surname": surname, "name": name, "patronymic": patronymic, "surname_key": skeleton(surname),
        "sort_key": f"{fold(surname)} {fold(name)} {fold(patronymic)}".strip(),
    }  # fmt: skip


def _as_known(session: Session, world: World, key: str) -> dict[str, Any]:
    """What an enterprise would have entered of a student of the register."""
    person = session.get_one(Person, world.persons[key])
    facts = session.query(PersonFacts).filter_by(person_id=person.id, superseded_at=None, valid_to=None).one()
    return {
        **_named(facts.surname, facts.name, facts.patronymic), "iin": person.iin, "birth_date": facts.birth_date,
        "sex": facts.sex, "student_id": world.students[key], "recognition": "recognised", "agreed_at": AGREED_AT,
    }  # fmt: skip


def build(session: Session, world: World) -> None:
    day, ids = dt.date, world.organisations
    minor = Internship(
        kind="practice", enterprise_id=ids["ALTVAGON"], university_id=ids["ASTU"], starts_on=day(2026, 11, 16),
        ends_on=day(2026, 12, 12), department="Сборочный цех", mentor="Лапина О. В.", programme="Производственная практика",
        hours_planned=96, hours_done=20, briefing_on=day(2026, 11, 16), status="started",
        **_as_known(session, world, "tolegenova"),
    )  # fmt: skip
    waiting = Internship(
        kind="practice", enterprise_id=ids["ALTVAGON"], university_id=ids["ASU-RUB"], starts_on=day(2026, 12, 1),
        ends_on=day(2026, 12, 26), department="Литейный цех", mentor="Гусев М. Н.", hours_planned=100,
        status="planned", recognition="waiting", birth_date=day(2007, 1, 15), sex="F", **_named("Касымова", "Асель", ""),
    )  # fmt: skip
    summer = Internship(
        kind="practice", enterprise_id=ids["ALTKOKS"], university_id=ids["ASTU"], starts_on=day(2026, 6, 29),
        ends_on=day(2026, 7, 25), department="Отдел главного энергетика", mentor="Белова Т. С.", hours_planned=120,
        hours_done=112, briefing_on=day(2026, 6, 29), status="evaluated", grade=4, review="Программа выполнена.",
        outcome="reserve", **_as_known(session, world, "kim"),
    )  # fmt: skip
    specialist = Internship(
        kind="specialist", enterprise_id=ids["ALTKOKS"], starts_on=day(2026, 9, 7), ends_on=day(2026, 10, 2),
        department="Лаборатория контроля качества", mentor="Белова Т. С.", hours_planned=144, hours_done=144,
        briefing_on=day(2026, 9, 7), status="evaluated", grade=5, recognition="not_needed", outcome="no",
        employer="ТОО «Востокмашзавод»", position="инженер-технолог", birth_date=day(1994, 4, 4), sex="M",
        **_named("Болатов", "Олжас", "Ерланович"),
    )  # fmt: skip
    named = {"minor": minor, "waiting": waiting, "summer": summer, "specialist": specialist}
    session.add_all(named.values())
    session.flush()
    for monday, planned, done in ((day(2026, 11, 16), 24, 20), (day(2026, 11, 23), 24, 0)):
        week = InternshipWeek(
            internship_id=minor.id, enterprise_id=ids["ALTVAGON"], university_id=ids["ASTU"], week_on=monday,
            hours_planned=planned, hours_done=done,
        )  # fmt: skip
        session.add(week)
    session.flush()
    for key, internship in named.items():
        world.internships[key], world.internship_public_ids[key] = internship.id, internship.public_id
