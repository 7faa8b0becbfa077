"""Particulars, guardians and consents of the small known world.

| person     | details             | guardian                    | consents on 23.11.2026                         |
| ---        | ---                 | ---                         | ---                                            |
| kim        | INN, relative       | father until 29.05.2023     | processing in force; photo withdrawn           |
| akhmetov   | school              | mother until 11.03.2022     | processing by mistake: none; alumni            |
| kasymova   | messenger           | mother until 14.01.2025     | processing by the mother: she is of age, renew |
| tolegenova | none                | father since 01.09.2024     | processing by the father: 18 on 20.11.2026     |
| the others who study: processing of 01.09.2026                                                                |
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.consents.models import Consent
from exchange.consents.papers import text_on
from exchange.people.models import Guardian, IdentityDocument, Person, PersonDetails
from exchange.students.models import Student, StudentDetails

if TYPE_CHECKING:
    from tests.world import World

# Numbers that occur in no other place of a page: what is asked for can be told from what stands there anyway.
FIRST_ID = 800_001
DETAILS: dict[str, dict[str, Any]] = {
    "kim": {
        "inn": "500100732259", "close_name": "Ким Людмила Сергеевна", "close_relation": "мать",
        "close_phone": "+77770001122", "russian_level": "native",
    },
    "akhmetov": {"school": "Школа-лицей № 3, Усть-Каменогорск", "school_year": 2022},
    "kasymova": {"messenger": "Telegram @asel", "native_language": "kk"},
}  # fmt: skip
GUARDIANS: dict[str, dict[str, Any]] = {
    "akhmetov": {
        "name": "Ахметова Гульнара", "relation": "mother", "since": dt.date(2021, 1, 1), "until": dt.date(2022, 3, 11),
    },
    "kim": {"name": "Ким Андрей", "relation": "father", "since": dt.date(2022, 1, 1), "until": dt.date(2023, 5, 29)},
    "kasymova": {
        "name": "Касымова Динара Нурлановна", "relation": "mother", "since": dt.date(2023, 9, 1), "until": dt.date(2025, 1, 14),
    },
    "tolegenova": {"name": "Төлегенов Асқар", "relation": "father", "phone": "+77051112233", "since": dt.date(2024, 9, 1)},
}  # fmt: skip
# person -> kind, day, given by, what came after
CONSENTS: dict[str, list[tuple[str, str, str, str]]] = {
    "kim": [("photo", "2025-09-02", "self", "withdrawn 2026-10-01"), ("processing", "2025-09-02", "self", "")],
    "akhmetov": [("processing", "2025-09-05", "self", "annulled"), ("alumni", "2026-06-30", "self", "")],
    "kasymova": [("processing", "2024-09-02", "guardian", "")],
    "tolegenova": [("processing", "2025-09-01", "guardian", "")],
    **{
        key: [("processing", "2026-09-01", "self", "")]
        for key in ("seitkali", "orazbayeva", "mirzoyev", "kurmangali", "ivanov", "alimzhanov")
    },
}


def build(session: Session, world: World) -> None:
    """Adds the rows, without the actions that tests are about."""
    ids = itertools.count(FIRST_ID)
    for key, said in DETAILS.items():
        person = session.get_one(Person, world.persons[key])
        session.add(PersonDetails(person_id=person.id, organisation_id=person.organisation_id, updated_by="Tester", **said))
    for key, said in GUARDIANS.items():
        person = session.get_one(Person, world.persons[key])
        guardian = Guardian(
            id=next(ids), person_id=person.id, organisation_id=person.organisation_id, updated_by="Tester", **said
        )
        session.add(guardian)
        world.guardians[key] = guardian.id
    for key, more in {"kim": {"contract_no": "77-Д"}, "akhmetov": {"outcome": "kz", "outcome_country": "KZ"}}.items():
        student = session.get_one(Student, world.students[key])
        session.add(StudentDetails(student_id=student.id, organisation_id=student.organisation_id, updated_by="Tester", **more))
    for key in CONSENTS:
        _consents(session, world, key, ids)
    for key in ("kim", "akhmetov", "kasymova"):
        asked = sa.select(IdentityDocument.id).where(IdentityDocument.person_id == world.persons[key])
        world.documents[key] = session.scalars(asked).one()
    session.flush()


def _consents(session: Session, world: World, key: str, ids: itertools.count[int]) -> None:
    person = session.get_one(Person, world.persons[key])
    for kind, day, giver, after in CONSENTS[key]:
        text = text_on(kind, dt.date.fromisoformat(day))
        owner = {"person_id": person.id, "organisation_id": person.organisation_id, "kind": kind, "recorded_by": "Tester"}
        given = Consent(
            id=next(ids), act="given", day=dt.date.fromisoformat(day), form="paper", given_by=giver,
            text_version=text.version if text else "", text_hash=text.sha256 if text else "",
            giver=GUARDIANS[key]["name"] if giver == "guardian" else "",
            recorded_at=dt.datetime.combine(dt.date.fromisoformat(day), dt.time(5), dt.UTC), **owner,
        )  # fmt: skip
        session.add(given)
        session.flush()
        if after.startswith("withdrawn"):
            left = dt.date.fromisoformat(after.split()[1])
            moment = dt.datetime.combine(left, dt.time(5), dt.UTC)
            session.add(Consent(id=next(ids), act="withdrawn", day=left, withdraws_id=given.id, recorded_at=moment, **owner))
        elif after == "annulled":
            reason = "лист другого студента"
            session.add(Consent(id=next(ids), act="annulled", day=given.day, cancels_id=given.id, note=reason, **owner))
        else:
            world.consents[key] = given.id
    session.flush()
