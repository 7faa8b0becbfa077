"""Migration facts of three persons of the small known world (tests/world.py counts their days)."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from exchange.people.models import Person
from exchange.stays.models import StayFact

if TYPE_CHECKING:
    from tests.world import World

HOSTEL = "Барнаул, проспект Ленина, 46"
# key of the person -> kind, first day, last day, the rest; in the order of recording
FACTS: dict[str, list[tuple[str, str, str, dict[str, Any]]]] = {
    "kim": [
        ("entry", "2025-08-25", "", {"number": "4621 №1111111", "place": "Михайловка"}),
        ("insurance", "2025-09-01", "2026-08-31", {"number": "ДМС-778812", "party": "Сибирский страховой дом"}),
        ("medical", "2026-09-15", "2027-09-14", {}),
        ("exit", "2026-06-30", "", {"place": "Михайловка"}),
        ("entry", "2026-08-25", "", {"number": "4622 №2222222", "submitted_on": dt.date(2026, 8, 20)}),
        ("registration", "2026-08-28", "2027-06-30", {"place": HOSTEL, "party": "АлтГТУ"}),
        ("fingerprints", "2026-09-16", "", {}),
    ],
    "akhmetov": [("entry", "2026-09-01", "", {"number": "4622 №3333333"})],
    "kasymova": [
        ("entry", "2025-09-01", "", {}),
        ("term", "2025-11-20", "2027-06-30", {"code": "temp_stay_ext", "note": "ходатайство вуза 17-45"}),
        ("notice", "2025-10-20", "2025-10-21", {"code": "STAY_EXT_20", "number": "17-45", "party": "УВМ"}),
        ("fingerprints", "2025-10-01", "", {}),
    ],
}


# Numbers that occur in no other place of a page: what is asked for can be told from what stands there anyway.
FIRST_ID = 700_001


def build(session: Session, world: World) -> None:
    """Adds the facts, without the actions that tests are about; the fingerprinting of kim was a mistake."""
    ids = itertools.count(FIRST_ID)
    for key, facts in FACTS.items():
        person = session.get_one(Person, world.persons[key])
        for kind, first, last, more in facts:
            fact = StayFact(
                id=next(ids), person_id=person.id, organisation_id=person.organisation_id, kind=kind,
                starts_on=dt.date.fromisoformat(first),
                ends_on=dt.date.fromisoformat(last) if last else None, recorded_by="Tester",
                recorded_at=dt.datetime.combine(dt.date.fromisoformat(first), dt.time(5), dt.UTC), **more,
            )  # fmt: skip
            session.add(fact)
            session.flush()
            if (key, kind) == ("kim", "fingerprints"):
                annulment = StayFact(
                    id=next(ids), person_id=person.id, organisation_id=person.organisation_id, kind="annulment",
                    starts_on=fact.starts_on,
                    note="дактилоскопия другого студента", cancels_id=fact.id, recorded_by="Tester",
                )  # fmt: skip
                session.add(annulment)
            else:
                world.stay_facts[key] = fact.id
    session.flush()
