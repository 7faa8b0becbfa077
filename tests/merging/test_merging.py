"""What is joined and what is parted again: documents, numbers, contacts, enrolments, readers, migration facts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from exchange import policy
from exchange.access.actor import SYSTEM
from exchange.audit.models import AuditEntry
from exchange.database import Base
from exchange.errors import Conflict, NotFound, RuleBroken
from exchange.merging import actions, queries
from exchange.merging.fields import FIRST, KEPT, ROWS, SAID, SECOND
from exchange.merging.models import Merge
from exchange.merging.particulars import COLUMNS
from exchange.merging.splitting import HANDED_OVER, IIN_TAKEN, LATE, MERGED_ON, SPLIT
from exchange.people import actions as people
from exchange.people import keeping
from exchange.people import queries as said_of
from exchange.people.actions import FACTS as FACTS_OF_PEOPLE
from exchange.people.actions import Document, facts_row
from exchange.people.models import Person, PersonDetails, PersonFacts
from exchange.stays import actions as stays
from exchange.stays.queries import facts_of_human
from exchange.stays.rules import Said
from exchange.students.actions import record_order, save_card
from exchange.students.models import Student
from exchange.transfers.models import Transfer
from tests.merging.conftest import Register, human, state
from tests.students.conftest import day

# Tables that point to a person, and how a merge answers for each.
ANSWERED = {
    "person_facts.person_id": "superseded and said anew",
    "study_period.person_id": "superseded and said anew",
    "identity_document.person_id": "moved",
    "student.person_id": "moved",
    "transfer.person_id": "moved",
    "person_office.person_id": "copied: the rows of the one who is gone show what was known",
    "stay_fact.person_id": "read of all records of the human",
    "consent.person_id": "read of all records of the human",
    "guardian.person_id": "moved",
    "person_details.person_id": "copied: the rows of the one who is gone stay as they were",
    "person.merged_into_id": "moved",
    "person_merge.kept_id": "history",
    "person_merge.gone_id": "history",
    "person_apart.first_id": "history",
    "person_apart.second_id": "history",
}


def test_everything_that_points_to_a_person_is_answered_for() -> None:
    assert policy.ROWS, "all models are there"
    found = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "person"
    }
    assert found == set(ANSWERED), "say in exchange/merging what becomes of it when two records are joined, and say it here"


def test_everything_that_is_said_is_compared() -> None:
    said = [name for names in SAID.values() for name in names]
    assert sorted(said) == sorted(FACTS_OF_PEOPLE)
    own = {"id", "public_id", "organisation_id", "created_at", "version", "merged_into_id"}
    kept = [name for names in KEPT.values() for name in names]
    assert sorted(kept) == sorted({column.key for column in sa.inspect(Person).column_attrs} - own)
    further = {"id", "person_id", "organisation_id", "updated_at", "updated_by"}
    assert sorted(COLUMNS) == sorted({column.key for column in sa.inspect(PersonDetails).column_attrs} - further)
    two_times = {"id", "person_id", "organisation_id", "recorded_by_id", "recorded_by"}
    two_times |= {"valid_from", "valid_to", "recorded_at", "superseded_at"}
    drawn = set(facts_row({"surname": "А", "name": "Б"})) | {"twin_key", "twin_key_kk", "twin_key_lat"}
    carried = {"ground"}  # by the span (`exchange.merging.weaving`)
    assert {column.key for column in sa.inspect(PersonFacts).column_attrs} == two_times | drawn | carried


# ------------------------------------------------------------------------------------------------------------ comparison
def test_what_differs_and_what_is_chosen_beforehand(register: Register, pair: tuple[int, int]) -> None:
    rows = register.rows(*pair)
    differs = {name for name, row in rows.items() if row.differs}
    assert differs == {"surname", "patronymic", "names_lat", "origin", "phone", "email"}
    assert {name: rows[name].chosen for name in differs} == {
        "surname": "", "origin": "", "patronymic": FIRST, "names_lat": FIRST, "phone": FIRST, "email": SECOND,
    }  # fmt: skip
    assert [row.name for row in actions.unchosen(rows.values(), {"surname": SECOND})] == ["origin"]
    assert actions.choices(rows.values(), {"surname": SECOND, "origin": FIRST}, FIRST) == {"surname", "email"}
    assert actions.choices(rows.values(), {"surname": SECOND, "origin": FIRST}, SECOND) == {
        "patronymic", "names_lat", "origin", "phone",
    }  # fmt: skip


# ----------------------------------------------------------------------------------------------------------- there and back
def test_joined_and_parted_exactly(register: Register, pair: tuple[int, int]) -> None:
    before = [state(register, person) for person in pair]
    merge = register.merge(*pair, "surname", "email")
    kept = state(register, pair[0])
    assert kept["contacts"]["email"] == "e@example.org"
    assert kept["contacts"]["phone"] == "+77010000001"
    asu = register.world.organisations["ASU"]
    assert kept["documents"] == [
        ("kz_id", "055555555", "", "None", asu, False),
        ("kz_passport", "N77777777", "МВД РК", "2032-02-28", asu, False),
    ]  # fmt: skip
    assert len(kept["students"]) == 2
    with register.as_(SYSTEM) as asked:
        last = said_of.latest_facts(asked, pair[0])
        assert (last.surname, last.patronymic, last.region_code) == ("Курмангалиев", "Болатұлы", "630000000")
        assert last.recorded_by_id == register.world.actors["asu"].user_id
    register.split(merge)
    assert [state(register, person) for person in pair] == before
    assert register.outlook(merge).obstacles == (SPLIT,)


def test_a_paper_is_completed_from_its_twin_and_emptied_again(register: Register, pair: tuple[int, int]) -> None:
    before = [state(register, person) for person in pair]
    merge = register.merge(pair[1], pair[0])
    numbers = {row[1]: row[2:4] for row in state(register, pair[1])["documents"]}
    assert numbers["N77777777"] == ("МВД РК", "2032-02-28")
    register.split(merge)
    assert [state(register, person) for person in pair] == before


def test_an_iin_belongs_to_one_record_at_a_time(register: Register) -> None:
    one = register.person(register.enter(human()))
    other = register.person(register.enter(human(iin="060504550000")))
    merge = register.merge(one, other, "iin")
    assert state(register, one)["contacts"]["iin"] == "060504550000"
    assert state(register, other)["contacts"]["iin"] is None
    register.split(merge)
    assert state(register, one)["contacts"]["iin"] is None
    assert state(register, other)["contacts"]["iin"] == "060504550000"
    again = register.merge(one, other)  # the IIN of the one who is gone is not taken over
    register.enter(human(iin="060504550000", surname="Другой", name="Человек"))
    assert register.outlook(again).obstacles == (IIN_TAKEN,)
    with pytest.raises(RuleBroken, match=IIN_TAKEN):
        register.split(again)


def test_three_records_of_one_human(register: Register) -> None:
    a, b, c = (register.person(register.enter(human())) for _ in range(3))
    first = register.merge(b, c)
    second = register.merge(a, b)
    assert len(state(register, a)["students"]) == 3
    assert (state(register, b)["merged"], state(register, c)["merged"]) == (a, a)
    assert register.outlook(first).obstacles == (MERGED_ON,)
    register.split(second)
    assert (state(register, b)["merged"], state(register, c)["merged"]) == (None, b)
    assert [len(state(register, one)["students"]) for one in (a, b, c)] == [1, 2, 0]
    register.split(first)
    assert [len(state(register, one)["students"]) for one in (a, b, c)] == [1, 1, 1]


# -------------------------------------------------------------------------------------------------- what happened since
def test_what_was_entered_since_stays(register: Register, pair: tuple[int, int]) -> None:
    merge = register.merge(*pair)
    asu = register.world.actors["asu"]
    with register.now, register.as_(asu) as asked:
        kept = asked.get_one(Person, pair[0])
        people.add_document(asked, kept, Document("kz_id", "066666666"))
        student = asked.scalars(sa.select(Student).where(Student.person_id == kept.id).order_by(Student.id.desc())).first()
        assert student is not None
        moved = student.id
        save_card(asked, student, card={"phone": "+77019999999"}, person={"birth_place": "Семей"}, version=student.version)
        stays.record_fact(asked, student, Said("entry", day("2026-10-10")))
    with register.now, register.as_(asu) as asked:
        student = asked.get_one(Student, moved)
        record_order(
            asked, student, "academic_leave", "leave_academic", "9-ао", day("2026-11-20"), day("2026-11-21"),
            {"until": "2027-11-20", "leave_ground": "family"},
        )  # fmt: skip
    future = register.outlook(merge)
    assert future.obstacles == ()
    assert (future.rows, len(future.documents), future.stays) == (("birth_place", "phone"), 1, 1)
    register.split(merge)
    stayed, gone = (state(register, one) for one in pair)
    assert stayed["contacts"]["phone"] == "+77019999999"
    assert [row[1] for row in stayed["documents"]] == ["066666666", "N77777777"]
    assert [row[1] for row in gone["documents"]] == ["055555555", "N77777777"]
    assert gone["students"] == [moved]
    assert register.owners(moved) == {pair[1]}, "the order of since went with the enrolment"
    with register.as_(asu) as asked:
        assert said_of.latest_facts(asked, pair[0]).birth_place == "Семей"
        assert said_of.latest_facts(asked, pair[1]).birth_place == ""
        assert len(facts_of_human(asked, pair[0])) == 1


def test_thirty_days(register: Register, pair: tuple[int, int]) -> None:
    merge = register.merge(*pair)
    with time_machine.travel(dt.datetime(2026, 12, 23, 12, tzinfo=dt.UTC), tick=True):
        register.clock = dt.datetime(2026, 12, 23, 12, tzinfo=dt.UTC)
        assert register.outlook(merge).obstacles == ()
        register.clock = dt.datetime(2026, 12, 24, 1, tzinfo=dt.UTC)
        assert register.outlook(merge).obstacles == (LATE,)
        with pytest.raises(RuleBroken):
            register.split(merge)


def test_whoever_went_to_another_university_stays_one(register: Register, pair: tuple[int, int]) -> None:
    merge = register.merge(*pair)
    with register.now, register.as_(SYSTEM) as asked:
        keeping.hand_over(asked, pair[0], register.world.organisations["ASTU"])
    future = register.outlook(merge)
    assert (future.obstacles, future.office) == ((HANDED_OVER,), register.world.organisations["ASTU"])


# --------------------------------------------------------------------------------------------------------- migration facts
def test_migration_facts_are_read_of_both(register: Register, pair: tuple[int, int]) -> None:
    """They can't be moved by anybody; the card reads and annuls those of both, whichever record is kept."""
    asu = register.world.actors["asu"]
    for number, person in enumerate(pair):
        with register.now, register.as_(asu) as asked:
            student = asked.scalars(sa.select(Student).where(Student.person_id == person)).one()
            stays.record_fact(asked, student, Said("entry", day(f"2026-10-1{number}")))
    merge = register.merge(*pair)
    with register.now, register.as_(asu) as asked:
        told = facts_of_human(asked, pair[0])
        assert [str(item.fact.starts_on) for item in told] == ["2026-10-11", "2026-10-10"]
        both = asked.scalars(sa.select(Student).where(Student.person_id == pair[0])).all()
        stays.annul_fact(asked, both[0], told[0].fact.id, "въезд внесён дважды")
    with register.as_(asu) as asked:
        assert [item.annulled_by is None for item in facts_of_human(asked, pair[0])] == [False, True]
    register.split(merge)
    with register.as_(asu) as asked:
        assert [len(facts_of_human(asked, person)) for person in pair] == [1, 1]


# -------------------------------------------------------------------------------------------------------------- offices
def test_a_branch_that_kept_the_one_who_is_gone_reads_on(register: Register) -> None:
    one = register.person(register.enter(human()))
    other = register.person(register.enter(human(Document("kz_id", "055555555")), by="branch"))
    before = [state(register, person) for person in (one, other)]
    merge = register.merge(one, other)
    with register.as_(register.world.actors["branch"]) as asked:
        assert asked.get_one(Person, one).id == one
        assert asked.scalars(sa.select(Student.person_id).where(Student.person_id.in_((one, other)))).all() == [one]
        assert [row.number for row in said_of.documents_of(asked, one)] == ["055555555"]
        assert said_of.latest_facts(asked, one).surname == "Құрманғалиев"
    register.split(merge)
    assert [state(register, person) for person in (one, other)] == before
    with register.as_(register.world.actors["branch"]) as asked:
        assert asked.get(Person, one) is None


def test_enrolments_at_a_university_that_reads_along_go_over_too(register: Register, pair: tuple[int, int]) -> None:
    """The one who is gone studied at ASTU before: ASTU reads the one who is kept, and still what it knew then."""
    ids = register.world.organisations
    there = register.enter(human(surname="Сеитов", name="Али", surname_lat="", name_lat=""), by="astu", begins="2024-09-01")
    gone = register.person(there)
    with register.now, register.as_(SYSTEM) as asked:
        keeping.hand_over(asked, gone, ids["ASU"])
    then = register.clock
    merge = register.merge(pair[0], gone)
    with register.as_(register.world.actors["astu"]) as asked:
        assert asked.scalars(sa.select(Student.person_id).where(Student.id == there)).one() == pair[0]
        assert asked.get_one(Person, pair[0]).id == pair[0]
        assert said_of.latest_facts(asked, pair[0]).surname == "Құрманғалиев"
        assert said_of.documents_of(asked, pair[0]) == []
        known = said_of.facts_on(asked, gone, day("2026-10-01"), then)
        assert known is not None
        assert known.surname == "Сеитов"
        assert asked.get_one(Student, there).updated_by != "Asu Tester", "nobody of another office is named"
    register.split(merge)
    with register.as_(register.world.actors["astu"]) as asked:
        assert asked.get(Person, pair[0]) is None
        assert said_of.latest_facts(asked, gone).surname == "Сеитов"


# -------------------------------------------------------------------------------------------------------------- refusals
@pytest.mark.parametrize("by", ["astu", "branch"])
def test_only_who_keeps_both_joins_them(register: Register, pair: tuple[int, int], by: str) -> None:
    with register.as_(SYSTEM) as asked:
        both = [asked.get_one(Person, one) for one in pair]
        asked.expunge_all()
    with register.as_(register.world.actors[by]) as asked, pytest.raises(NotFound):
        actions.merge_people(asked, both[0], both[1], ())


def test_one_who_is_gone_is_not_joined_again(register: Register, pair: tuple[int, int]) -> None:
    third = register.person(register.enter(human()))
    register.merge(*pair)
    with pytest.raises(Conflict):
        register.merge(third, pair[1])


def test_somebody_changed_one_of_them_meanwhile(register: Register, pair: tuple[int, int]) -> None:
    asu = register.world.actors["asu"]

    def opened(asked: Any) -> str:
        return queries.state_of(*queries.sides(asked, *(asked.get_one(Person, one) for one in pair)))

    with register.as_(asu) as asked:
        mark = opened(asked)
    with register.now, register.as_(asu) as asked:
        student = asked.scalars(sa.select(Student).where(Student.person_id == pair[0])).one()
        save_card(asked, student, card={}, person={"birth_place": "Аягоз"}, version=student.version)
    with register.now, register.as_(asu) as asked:
        both = [asked.get_one(Person, one) for one in pair]
        with pytest.raises(Conflict):
            actions.merge_people(asked, both[0], both[1], (), mark)
        asked.rollback()
    with register.now, register.as_(asu) as asked:
        actions.merge_people(asked, asked.get_one(Person, pair[0]), asked.get_one(Person, pair[1]), (), opened(asked))


def test_an_open_card_is_told(register: Register, pair: tuple[int, int]) -> None:
    """Whoever had a card open when the record went over does not write over it."""
    with register.as_(register.world.actors["asu"]) as asked:
        versions = {one.id: one.version for one in asked.scalars(sa.select(Student).where(Student.person_id.in_(pair)))}
    register.merge(*pair)
    with register.as_(register.world.actors["asu"]) as asked:
        for key, version in versions.items():
            with pytest.raises(Conflict):
                save_card(asked, asked.get_one(Student, key), card={"note": "x"}, person={}, version=version)


def test_two_transfers_to_one_university(register: Register, pair: tuple[int, int]) -> None:
    ids = register.world.organisations
    with register.now, register.as_(SYSTEM) as asked:
        for person in pair:
            asked.add(
                Transfer(from_organisation_id=ids["ASU"], to_organisation_id=ids["ASTU"], person_id=person, state="requested")
            )
        asked.flush()
    with pytest.raises(RuleBroken, match="открыт перевод"):
        register.merge(*pair)
    with register.now, register.as_(SYSTEM) as asked:
        asked.scalars(sa.select(Transfer).where(Transfer.person_id == pair[0])).one().state = "withdrawn"
    merge = register.merge(*pair)
    with register.as_(SYSTEM) as asked:
        assert set(asked.scalars(sa.select(Transfer.person_id))) == {pair[0]}
    register.split(merge)
    with register.as_(SYSTEM) as asked:
        assert set(asked.scalars(sa.select(Transfer.person_id))) == set(pair)


def test_both_study_at_the_same_time(register: Register, pair: tuple[int, int]) -> None:
    asu = register.world.organisations["ASU"]
    with register.as_(register.world.actors["asu"]) as asked:
        both = [asked.get_one(Person, one) for one in pair]
        assert actions.beside(asked, *both) == [(asu, asu, day("2026-09-01"))]


def test_the_log_says_it_on_every_card(register: Register, pair: tuple[int, int]) -> None:
    merge = register.merge(*pair, "surname")
    register.split(merge)
    with register.as_(SYSTEM) as asked:
        told = asked.scalars(
            sa.select(AuditEntry).where(AuditEntry.action.in_(("student:merged", "student:split"))).order_by(AuditEntry.id)
        ).all()
        assert [entry.action for entry in told] == ["student:merged"] * 2 + ["student:split"] * 2
        assert {entry.user_name for entry in told} == {"Asu Tester"}
        assert told[0].details["taken"] == ["surname"]
        assert told[0].details["others"] == [told[1].details["record_book_no"]]
        assert asked.get_one(Merge, merge).split_by == "Asu Tester"
        text = " ".join(str(entry.details) for entry in told)
        assert "N77777777" not in text
        assert "+7701" not in text


def test_rows_have_words() -> None:
    from exchange.merging.words import LABELS

    assert set(LABELS) == set(ROWS)
