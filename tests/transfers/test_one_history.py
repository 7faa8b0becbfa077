"""One person keeps one history: who keeps him, what each university sees and writes, what the reports say."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.access.actor import SYSTEM
from exchange.consents import actions as consents
from exchange.consents.rules import Said
from exchange.errors import RuleBroken
from exchange.people import actions as people
from exchange.people import keeping
from exchange.people import queries as said_of
from exchange.people.actions import Document
from exchange.people.models import IdentityDocument, Person, PersonFacts, PersonOffice
from exchange.stays import actions as stays
from exchange.students import queries as students
from exchange.students.actions import Candidate, find_doubles, save_card
from exchange.students.models import Student, StudyPeriod
from exchange.students.queries import Wanted
from reports.catalogue import REPORTS
from reports.counts import Slice
from reports.movement import CAME, MOVED, movement
from reports.report import Parameters, Reader
from tests.students.conftest import day
from tests.transfers.conftest import BEGINS, LEFT, Sides
from tests.world import World

KEY = "orazbayeva"


@pytest.fixture
def moved(sides: Sides) -> Sides:
    sides.accept(sides.send())
    return sides


def owners(sides: Sides, key: str = KEY) -> dict[str, set[int]]:
    person = sides.world.persons[key]
    return {
        "person": set(sides.session.scalars(sa.select(Person.organisation_id).where(Person.id == person))),
        "facts": set(sides.session.scalars(sa.select(PersonFacts.organisation_id).where(PersonFacts.person_id == person))),
        "documents": set(
            sides.session.scalars(sa.select(IdentityDocument.organisation_id).where(IdentityDocument.person_id == person))
        ),
    }


def test_the_new_one_keeps_the_person(moved: Sides) -> None:
    asu = {moved.world.organisations["ASU"]}
    assert owners(moved) == {"person": asu, "facts": asu, "documents": asu}
    assert moved.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 13


def test_each_sees_its_own_enrolment_and_both_the_person(moved: Sides) -> None:
    person = moved.world.persons[KEY]
    for key, office in (("asu", "ASU"), ("astu", "ASTU")):
        with moved.as_(moved.world.actors[key]) as session:
            enrolments = session.scalars(sa.select(Student.organisation_id).where(Student.person_id == person)).all()
            assert enrolments == [moved.world.organisations[office]]
            periods = session.scalars(sa.select(StudyPeriod.organisation_id).where(StudyPeriod.person_id == person))
            assert set(periods) == {moved.world.organisations[office]}
            assert said_of.latest_facts(session, person).surname == "Оразбаева"
            assert len(said_of.documents_of(session, person)) == 1


def test_the_new_contacts_and_papers_are_not_for_the_old_one(moved: Sides) -> None:
    person = moved.world.persons[KEY]
    with moved.as_(moved.world.actors["asu"]) as new:
        kept = new.get_one(Person, person)
        kept.phone, kept.email = "+79990001122", "new@example.org"
        assert people.add_document(new, kept, Document("kz_id", "012345678"))
        new.commit()
    with moved.as_(moved.world.actors["astu"]) as old:
        contacts = keeping.contacts_of(old, old.get_one(Person, person))
        assert (contacts.phone, contacts.email) == ("+77051234567", "")
        assert [one.type_code for one in said_of.documents_of(old, person)] == ["kz_passport"]
    with moved.as_(moved.world.actors["asu"]) as new:
        assert keeping.contacts_of(new, new.get_one(Person, person)).phone == "+79990001122"
        assert len(said_of.documents_of(new, person)) == 2


def test_only_the_keeper_says_otherwise(moved: Sides) -> None:
    """The old one still edits its own file; names, documents and contacts are the keeper's, and it is told so."""
    with moved.as_(moved.world.actors["astu"]) as old:
        student = old.get_one(Student, moved.world.students[KEY])
        same = {"phone": "+77051234567", "faculty": "ФИТ"}
        assert set(save_card(old, student, card=same, person={}, version=student.version)) == {"faculty"}
        for card, person in (({"phone": "+79990000000"}, {}), ({}, {"surname": "Иванова"}), ({}, {"iin": "080314650007"})):
            with pytest.raises(RuleBroken, match="ведёт АлтГУ"):
                save_card(old, student, card=card, person=person, version=student.version)


def test_lists_of_the_past_stay_and_of_today_change(sides: Sides) -> None:
    def listed(key: str, on: dt.date) -> set[int]:
        with sides.as_(sides.world.actors[key]) as session:
            wanted = Wanted(on=on, is_on_given=True, sort="name", size=100)
            found = students.page(session, wanted, students.count_of(session, wanted))
            assert len(found.rows) == students.count_of(session, wanted)
            shown = [row.public_id for row in found.rows]
            return set(session.scalars(sa.select(Student.person_id).where(Student.public_id.in_(shown))))

    days = (day("2024-10-01"), day("2025-10-01"), day("2026-10-01"), LEFT - dt.timedelta(days=1))
    before = {(key, on): listed(key, on) for key in ("asu", "astu") for on in days}
    sides.accept(sides.send())
    assert {(key, on): listed(key, on) for key in ("asu", "astu") for on in days} == before
    person = sides.world.persons[KEY]
    assert person in before["astu", LEFT - dt.timedelta(days=1)]
    assert person not in listed("astu", LEFT)
    assert person not in listed("asu", LEFT)
    assert person in listed("asu", BEGINS)


def test_reports_of_the_past_do_not_change_by_one(sides: Sides) -> None:
    def told(on: dt.date) -> list[Any]:
        found = []
        for key in ("ministry", "astu", "asu"):
            for number in ("R01", "R04"):
                actor = sides.world.actors[key]
                with sides.as_(actor) as session:
                    result = REPORTS[number].make(session, Parameters(on), Reader.of(actor))
                    found.append([[(line.labels, dict(line.values)) for line in table.lines] for table in result.tables])
        return found

    days = (day("2025-10-01"), day("2026-10-01"))
    before = [told(on) for on in days]
    sides.accept(sides.send())
    assert [told(on) for on in days] == before


def test_out_here_and_in_there_and_the_sums_agree(sides: Sides) -> None:
    """She leaves ASTU on the 20th and begins at ASU on the 23rd; on every slice start + in − out = end."""
    sides.accept(sides.send())
    ids = sides.world.organisations
    with sides.as_(SYSTEM) as session:

        def changes(on: dt.date, *offices: str) -> dict[str, int]:
            of = Slice(on, organisation_ids=tuple(ids[one] for one in offices) if offices else None)
            found = movement(session, of, day("2026-11-01"))
            start = Slice(day("2026-11-01"), organisation_ids=of.organisation_ids)
            count = sa.func.count()
            balance = session.execute(of.counted(count)).scalar_one() - session.execute(start.counted(count)).scalar_one()
            assert found.balance == balance
            return {step: number for step, number in found.steps.items() if number}

        assert changes(LEFT - dt.timedelta(days=1)) == {}
        assert changes(LEFT) == {MOVED: -1}
        assert changes(BEGINS) == {MOVED: -1, CAME: 1}
        assert changes(BEGINS, "ASTU") == {MOVED: -1}
        assert changes(BEGINS, "ASU") == {CAME: 1}
        assert changes(BEGINS, "ASU-RUB") == {}


def test_only_the_named_enrolment_moves(sides: Sides) -> None:
    """kim studies twice at ASTU: his second programme moves, ASTU goes on keeping him, ASU reads along."""
    student = sides.accept(sides.send("kim2"))
    astu, asu = (sides.world.organisations[code] for code in ("ASTU", "ASU"))
    assert owners(sides, "kim") == {"person": {astu}, "facts": {astu}, "documents": {astu}}
    assert sides.session.scalars(sa.select(PersonOffice.organisation_id)).all() == [asu]
    sides.session.commit()
    with sides.as_(sides.world.actors["astu"]) as old:
        wanted = Wanted(on=BEGINS, is_on_given=True)
        assert students.count_of(old, wanted) == 4  # five before
    with sides.as_(sides.world.actors["asu"]) as new:
        assert said_of.latest_facts(new, student.person_id).surname == "Ким"
        with pytest.raises(RuleBroken, match="ведёт АлтГТУ"):
            people.correct_facts(new, student.person_id, {"surname": "Кимов"}, dt.datetime.now(dt.UTC))


def test_there_and_back_again(sides: Sides) -> None:
    """She returns to ASTU a day later: ASTU keeps her again, ASU reads along."""
    sides.accept(sides.send())
    first = sides.world.students[KEY]
    new = sides.session.scalars(
        sa.select(Student.id).where(Student.person_id == sides.world.persons[KEY], Student.id != first)
    ).one()
    sides.session.commit()
    sides.world.students["returning"] = new
    try:
        sent = sides.send("returning", to="ASTU", by="asu", number="5-п", signed_on=BEGINS, effective_on=day("2026-11-24"))
        sides.accept(sent, by="astu", begins=day("2026-11-24"))
    finally:
        del sides.world.students["returning"]
    astu = {sides.world.organisations["ASTU"]}
    assert owners(sides) == {"person": astu, "facts": astu, "documents": astu}
    assert sides.session.scalars(sa.select(PersonOffice.organisation_id)).all() == [sides.world.organisations["ASU"]]


def test_the_old_one_records_that_she_left_the_country(moved: Sides) -> None:
    """It reads the person along and may not write her; her migration facts and consents with it are its own."""
    with moved.as_(moved.world.actors["astu"]) as old:
        left = old.get_one(Student, moved.world.students[KEY])
        fact = stays.record_fact(old, left, stays.Said("exit", day("2026-11-21")))
        wrong = stays.annul_fact(old, left, fact.id, "другой студент")
        astu = moved.world.organisations["ASTU"]
        assert (fact.organisation_id, wrong.organisation_id, fact.person_id) == (astu, astu, moved.world.persons[KEY])
        said = Said(kind="alumni", day=day("2026-11-20"), form="paper", given_by="self")
        assert consents.record_consent(old, left, said).organisation_id == astu


def test_who_is_registered_where_is_told_by_the_keeper(moved: Sides, world: World) -> None:
    """The old one, too, is told the office only: her record is elsewhere now."""
    with moved.as_(world.actors["astu"]) as old:
        candidate = Candidate(0, world.organisations["ASTU"], iin=world.iins[KEY])
        (double,) = find_doubles(old, [candidate])[0]
        assert (double.is_own, double.public_id, double.person_id) == (False, "", 0)
        assert double.sentence.startswith("Студент с таким ИИН числится в другом вузе: АлтГУ")
        assert double.sentence.endswith("Запросите перевод в разделе «Переводы»")
