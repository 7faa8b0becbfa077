"""What is known of people: corrections supersede, changes hold from a day, documents are added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.database import now
from exchange.people import actions, queries
from exchange.people.actions import Document, Human
from exchange.people.models import IdentityDocument, Person, PersonFacts

pytestmark = pytest.mark.usefixtures("today")
As = Callable[[Any], AbstractContextManager[Session]]
FACTS = {
    "surname": "Құрманғалиева", "name": "Әлия", "patronymic": "", "sex": "F", "birth_date": dt.date(2005, 7, 21),
    "region_code": "100000000",
}  # fmt: skip


def entered(session: Session, world: Any, **changes: Any) -> int:
    return actions.enter_people(session, [(world.organisations["ASTU"], Human(facts={**FACTS, **changes}))])[0]


def spans(session: Session, person_id: int, name: str) -> list[tuple[str, str | None, Any]]:
    return [
        (f.valid_from.isoformat(), f.valid_to.isoformat() if f.valid_to else None, getattr(f, name))
        for f in actions.current_facts(session, person_id)
    ]


def test_names_are_kept_with_their_keys(as_: As, world: Any) -> None:
    with as_(world.actors["astu"]) as session:
        facts = queries.latest_facts(session, entered(session, world))
        assert (facts.sort_key, facts.surname_key, facts.name_key, facts.patronymic_key) == (
            "курмангалиева алия", "kurmangalieva", "alia", "",
        )  # fmt: skip
        assert (facts.citizenship, facts.is_rf_citizen, facts.district_code, facts.surname_lat) == ("KZ", False, None, "")
        assert facts.valid_from == dt.date(2005, 7, 21)


def test_people_come_back_in_the_order_they_were_given(as_: As, world: Any) -> None:
    with as_(world.actors["astu"]) as session:
        humans = [(world.organisations["ASTU"], Human(facts={**FACTS, "name": f"Имя{chr(0x430 + n)}"})) for n in range(30)]
        ids = actions.enter_people(session, humans)
        named = dict(
            session.execute(sa.select(PersonFacts.person_id, PersonFacts.name).where(PersonFacts.person_id.in_(ids))).all()
        )
        assert [named[key] for key in ids] == [human.facts["name"] for _, human in humans]


def test_a_mistake_is_corrected_wherever_it_stands(as_: As, world: Any, today: Any) -> None:
    """Married in 2025: the earlier surname stays, the mistake in the given name goes from both spans."""
    with as_(world.actors["astu"]) as session:
        person = entered(session, world, name="Алия")
        actions.change_facts_from(session, person, dt.date(2025, 6, 1), {"surname": "Иванова"}, now())
        today.shift(60)
        changed = actions.correct_facts(session, person, {"name": "Әлия", "surname": "Иванова", "sex": "F"}, now())
        assert changed == {"name": ("Алия", "Әлия")}
        assert spans(session, person, "name") == [("2005-07-21", "2025-06-01", "Әлия"), ("2025-06-01", None, "Әлия")]
        assert spans(session, person, "surname") == [
            ("2005-07-21", "2025-06-01", "Құрманғалиева"),
            ("2025-06-01", None, "Иванова"),
        ]
        everything = session.scalars(sa.select(PersonFacts).where(PersonFacts.person_id == person)).all()
        assert len(everything) == 5
        assert all(f.superseded_at is None or f.superseded_at >= f.recorded_at for f in everything)
        assert actions.correct_facts(session, person, {"name": "Әлия"}, now()) == {}


def test_what_holds_on_a_day_and_was_known_at_a_moment(as_: As, world: Any, today: Any) -> None:
    with as_(world.actors["astu"]) as session:
        person = entered(session, world)
        then = now()
        today.shift(60)
        actions.change_facts_from(session, person, dt.date(2025, 11, 10), {"is_rf_citizen": True}, now())

        def russian(day: dt.date, known_at: dt.datetime | None = None) -> bool | None:
            facts = queries.facts_on(session, person, day, known_at)
            return facts.is_rf_citizen if facts else None

        assert (russian(dt.date(2025, 11, 9)), russian(dt.date(2025, 11, 10))) == (False, True)
        assert russian(dt.date(2025, 11, 10), then) is False
        assert russian(dt.date(2000, 1, 1)) is None
        actions.take_back_from(session, person, dt.date(2025, 11, 10), ["is_rf_citizen"], now(), {})
        assert russian(dt.date(2026, 1, 1)) is False


def test_a_change_found_later_stops_at_the_next_one(as_: As, world: Any) -> None:
    """The citizenship of 28.05.2024 is known first; «none before» from 10.02.2024 changes nothing, then or later."""
    with as_(world.actors["astu"]) as session:
        person = entered(session, world)

        def russian() -> list[bool]:
            days = (dt.date(2024, 2, 9), dt.date(2024, 2, 10), dt.date(2024, 5, 27), dt.date(2024, 5, 28), dt.date(2026, 1, 1))
            held = [queries.facts_on(session, person, day) for day in days]
            return [facts.is_rf_citizen for facts in held if facts]

        def say(month: int, day: int, value: bool) -> None:
            actions.change_facts_from(session, person, dt.date(2024, month, day), {"is_rf_citizen": value}, now())

        say(5, 28, True)
        say(2, 10, False)
        assert russian() == [False, False, False, True, True]
        say(5, 28, False)
        assert russian() == [False, False, False, False, False], "a correction of the day it stands on"
        say(2, 10, True)
        assert russian() == [False, True, True, True, True], "nothing changes on 28.05.2024 any more"
        say(5, 28, False)
        assert russian() == [False, True, True, False, False]


def test_a_document_is_added_and_the_old_one_stays(as_: As, world: Any) -> None:
    with as_(world.actors["astu"]) as session:
        person = session.get_one(Person, entered(session, world))
        assert actions.add_document(session, person, Document("kz_id", "012345678"))
        assert actions.add_document(session, person, Document("kz_passport", "N12345678"))
        assert actions.add_document(session, person, Document("kz_id", "012345678", "МВД РК", dt.date(2021, 7, 21)))
        assert not actions.add_document(session, person, Document("kz_id", "012345678", "МВД РК", dt.date(2021, 7, 21)))
        kept = session.execute(
            sa.select(IdentityDocument.number, IdentityDocument.issued_by).where(IdentityDocument.person_id == person.id)
            .order_by(IdentityDocument.number)
        ).all()  # fmt: skip
        assert [tuple(row) for row in kept] == [("012345678", "МВД РК"), ("N12345678", "")]


def test_nobody_enters_a_person_for_another_university(as_: As, world: Any) -> None:
    with as_(world.actors["asu"]) as session, pytest.raises(PermissionError):
        entered(session, world)
