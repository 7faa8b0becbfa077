"""Further particulars, guardians, grounds and consents when two records are joined, and when they are parted again."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.actor import SYSTEM
from exchange.consents import actions as consents
from exchange.consents.models import Consent
from exchange.consents.quality import without_consent
from exchange.consents.queries import consents_on, filed_of
from exchange.consents.rules import Said
from exchange.consents.words import states_of
from exchange.merging.actions import choices
from exchange.merging.fields import FIRST, SECOND
from exchange.merging.words import LABELS, staying, value
from exchange.people import actions as people
from exchange.people import keeping
from exchange.people.actions import Document
from exchange.people.models import Guardian, IdentityDocument, Person, PersonDetails
from exchange.people.queries import guardians_of
from exchange.students.models import Student, StudyPeriod
from tests.merging.conftest import Register, human, state
from tests.students.conftest import day
from tests.students.pages import soup_of, summary, typed

ON = day("2026-11-23")
GONE_SAYS = {"inn": "220912345678", "school": "Гимназия № 3, Семей", "school_year": 2024, "russian_level": "B2"}
KEPT_SAYS = {"phone_kz": "+77010000009", "school": "Лицей № 1, Аягоз", "school_year": 2023}


def add(register: Register, person: int, model: type[Any], office: str = "ASU", **values: Any) -> int:
    """A row of an office, as that office entered it."""
    with register.now, register.as_(SYSTEM) as asked:
        owner = register.world.organisations[office]
        row = model(person_id=person, organisation_id=owner, updated_by=f"{office} clerk", **values)
        asked.add(row)
        asked.flush()
        return int(row.id)


def details(register: Register, person: int, office: str = "ASU", by: Any = SYSTEM) -> dict[str, Any]:
    """What an office says of somebody, without what it does not say."""
    with register.as_(by) as asked:
        row = asked.scalar(
            sa.select(PersonDetails).where(
                PersonDetails.person_id == person, PersonDetails.organisation_id == register.world.organisations[office]
            )
        )
        names = (*GONE_SAYS, *KEPT_SAYS, "room", "messenger")
        return {name: getattr(row, name) for name in names if row is not None and getattr(row, name)}


def mother(**changes: Any) -> dict[str, Any]:
    values = {"name": "Сеитова Алия", "relation": "mother", "phone": "+77015550000", "since": day("2024-01-01")}
    return {**values, **changes}


# ---------------------------------------------------------------------------------------------------------- particulars
def test_particulars_are_compared_chosen_and_given_back(register: Register, pair: tuple[int, int]) -> None:
    add(register, pair[0], PersonDetails, **KEPT_SAYS)
    add(register, pair[1], PersonDetails, **GONE_SAYS)
    before = [state(register, person) for person in pair]
    rows = register.rows(*pair)
    told = {name: (row.differs, row.chosen) for name, row in rows.items() if name in ("inn", "phone_kz", "school", "room")}
    assert told == {
        "inn": (True, SECOND), "phone_kz": (True, FIRST), "school": (True, ""), "room": (False, FIRST),
    }  # fmt: skip
    assert value("school", rows["school"].second) == "Гимназия № 3, Семей, 2024"
    assert "220912345678" not in value("inn", rows["inn"].second), "masked, as on the card"
    mine = choices((rows[name] for name in ("inn", "phone_kz", "school", "russian_level")), {"school": FIRST}, FIRST)
    assert mine == {"inn", "russian_level"}
    merge = register.merge(*pair, *mine)
    assert details(register, pair[0]) == {**KEPT_SAYS, "inn": "220912345678", "russian_level": "B2"}
    assert details(register, pair[1]) == GONE_SAYS, "nothing that was entered is lost"
    register.split(merge)
    assert [state(register, person) for person in pair] == before


def test_particulars_of_one_of_the_two_go_over_whole(register: Register, pair: tuple[int, int]) -> None:
    add(register, pair[1], PersonDetails, **GONE_SAYS)
    before = [state(register, person) for person in pair]
    merge = register.merge(*pair, *choices(register.rows(*pair).values(), {"surname": FIRST, "origin": FIRST}, FIRST))
    assert details(register, pair[0]) == GONE_SAYS
    register.split(merge)
    assert [state(register, person) for person in pair] == before


def test_particulars_changed_since_stay(register: Register, pair: tuple[int, int]) -> None:
    add(register, pair[1], PersonDetails, **GONE_SAYS)
    merge = register.merge(*pair, "inn", "school")
    with register.now, register.as_(SYSTEM) as asked:
        row = asked.scalars(sa.select(PersonDetails).where(PersonDetails.person_id == pair[0])).one()
        row.school_year, row.room = 2025, "2-17"
    assert register.outlook(merge).rows == ("room", "school")
    register.split(merge)
    assert details(register, pair[0]) == {"school": "Гимназия № 3, Семей", "school_year": 2025, "room": "2-17"}
    assert details(register, pair[1]) == GONE_SAYS


def test_somebody_changed_particulars_meanwhile(register: Register, pair: tuple[int, int]) -> None:
    from exchange.merging.queries import sides, state_of

    def mark() -> str:
        with register.as_(register.world.actors["asu"]) as asked:
            return state_of(*sides(asked, *(asked.get_one(Person, one) for one in pair)))

    add(register, pair[1], PersonDetails, inn="220912345678")
    opened = mark()
    with register.as_(SYSTEM) as asked:
        asked.scalars(sa.select(PersonDetails).where(PersonDetails.person_id == pair[1])).one().inn = ""
    assert mark() != opened


def test_each_office_keeps_what_it_knew_of_either(register: Register, pair: tuple[int, int]) -> None:
    """ASTU reads both along and has its own rows of both: of the two its own first, and nothing of ASU's."""
    ids = register.world.organisations
    with register.now, register.as_(SYSTEM) as asked:
        for person in pair:
            keeping.let_read(asked, asked.get_one(Person, person), ids["ASTU"])
    add(register, pair[0], PersonDetails, "ASTU", messenger="Telegram @a")
    add(register, pair[1], PersonDetails, "ASTU", messenger="Telegram @b", room="5-1")
    add(register, pair[1], PersonDetails, **GONE_SAYS)
    add(register, pair[1], Guardian, "ASTU", **mother())
    before = [state(register, person) for person in pair]
    merge = register.merge(*pair, "inn")
    assert details(register, pair[0], "ASTU") == {"messenger": "Telegram @a", "room": "5-1"}
    assert details(register, pair[0]) == {"inn": "220912345678"}
    with register.as_(register.world.actors["astu"]) as asked:
        assert [one.name for one in guardians_of(asked, asked.get_one(Person, pair[0]))] == ["Сеитова Алия"]
    with register.as_(register.world.actors["asu"]) as asked:
        assert guardians_of(asked, asked.get_one(Person, pair[0])) == [], "what ASTU knows is not for ASU"
    register.split(merge)
    assert [state(register, person) for person in pair] == before


def test_a_branch_that_kept_the_one_who_is_gone_reads_its_own_on(register: Register) -> None:
    one = register.person(register.enter(human()))
    other = register.person(register.enter(human(), by="branch"))
    branch = next(key for key, value in register.world.organisations.items() if value == branch_of(register))
    add(register, other, PersonDetails, branch, **GONE_SAYS)
    add(register, other, Guardian, branch, **mother())
    before = [state(register, person) for person in (one, other)]
    merge = register.merge(one, other, "inn", "school", "russian_level")
    assert details(register, one) == GONE_SAYS
    assert details(register, one, branch, register.world.actors["branch"]) == GONE_SAYS
    for by in ("asu", "branch"):
        with register.as_(register.world.actors[by]) as asked:
            assert [row.name for row in guardians_of(asked, asked.get_one(Person, one))] == ["Сеитова Алия"]
    assert register.outlook(merge).guardians == 0
    register.split(merge)
    assert [state(register, person) for person in (one, other)] == before


def branch_of(register: Register) -> int:
    office = register.world.actors["branch"].organisation_id
    assert office is not None
    return office


# ------------------------------------------------------------------------------------------------------------ guardians
def test_guardians_go_over_and_back(register: Register, pair: tuple[int, int]) -> None:
    add(register, pair[0], Guardian, **mother())
    add(register, pair[1], Guardian, **mother())
    father = add(register, pair[1], Guardian, **mother(name="Сеитов Болат", relation="father"))
    before = [state(register, person) for person in pair]
    merge = register.merge(*pair)
    asu = register.world.actors["asu"]
    with register.as_(asu) as asked:
        told = guardians_of(asked, asked.get_one(Person, pair[0]))
        assert sorted(one.name for one in told) == ["Сеитов Болат", "Сеитова Алия"], "the very same one is not doubled"
    register.split(merge)
    assert [state(register, person) for person in pair] == before
    again = register.merge(*pair)
    with register.now, register.as_(asu) as asked:
        asked.get_one(Guardian, father).until = day("2026-11-22")
    add(register, pair[0], Guardian, **mother(name="Опекунов Опекун", relation="trustee"))
    outlook = register.outlook(again)
    assert outlook.guardians == 1
    assert "Законные представители, внесённые после объединения: 1" in staying(outlook, {})
    register.split(again)
    with register.as_(SYSTEM) as asked:
        found = asked.scalars(sa.select(Guardian).where(Guardian.person_id.in_(pair)))
        assert {(one.name, one.person_id, str(one.until)) for one in found} == {
            ("Сеитова Алия", pair[0], "None"), ("Опекунов Опекун", pair[0], "None"),
            ("Сеитова Алия", pair[1], "None"), ("Сеитов Болат", pair[1], "2026-11-22"),
        }  # fmt: skip


# ---------------------------------------------------------------------------------------------- grounds, the paper shown
@pytest.mark.parametrize(
    ("taken", "ground"), [((), ""), (("surname",), "свидетельство о браке"), (("citizenship",), "")]
)  # fmt: skip
def test_a_ground_goes_with_what_it_is_about(
    register: Register, pair: tuple[int, int], taken: tuple[str, ...], ground: str
) -> None:
    with register.now, register.as_(register.world.actors["asu"]) as asked:
        changed = {"surname": "Новая"}
        people.change_facts_from(asked, pair[1], day("2026-10-01"), changed, register.clock, "свидетельство о браке")
    before = [state(register, person) for person in pair]
    assert any("свидетельство о браке" in span for span in before[1]["facts"])
    merge = register.merge(*pair, *taken)
    with register.as_(SYSTEM) as asked:
        told = people.current_facts(asked, pair[0])
        assert [facts.ground for facts in told if facts.ground] == ([ground] if ground else [])
    register.split(merge)
    assert [state(register, person) for person in pair] == before


def test_a_ground_of_the_one_who_is_kept_stays(register: Register, pair: tuple[int, int]) -> None:
    with register.now, register.as_(register.world.actors["asu"]) as asked:
        people.change_facts_from(asked, pair[0], day("2026-10-01"), {"surname": "Новая"}, register.clock, "паспорт")
    before = [state(register, person) for person in pair]
    merge = register.merge(*pair, "citizenship", "patronymic")
    with register.as_(SYSTEM) as asked:
        told = [(facts.valid_from, facts.ground) for facts in people.current_facts(asked, pair[0]) if facts.ground]
        assert told == [(day("2026-10-01"), "паспорт")]
    register.split(merge)
    assert [state(register, person) for person in pair] == before


@pytest.mark.parametrize("both", [False, True])
def test_one_document_is_shown_at_a_time(register: Register, both: bool) -> None:
    one = register.person(register.enter(human(Document("kz_passport", "N77777777"))))
    other = register.person(register.enter(human(Document("kz_passport", "N77777777"), Document("kz_id", "055555555"))))
    shown = {one: "N77777777", other: "055555555"} if both else {other: "N77777777"}
    with register.now, register.as_(register.world.actors["asu"]) as asked:
        for person, number in shown.items():
            found = sa.select(IdentityDocument).where(IdentityDocument.person_id == person, IdentityDocument.number == number)
            people.present_document(asked, asked.get_one(Person, person), asked.scalars(found).one())
    before = [state(register, person) for person in (one, other)]
    merge = register.merge(one, other)
    assert [row[1] for row in state(register, one)["documents"] if row[-1]] == ["N77777777"]
    register.split(merge)
    assert [state(register, person) for person in (one, other)] == before


# ------------------------------------------------------------------------------------------------------------- consents
def student_of(session: Session, person: int) -> Student:
    return session.scalars(sa.select(Student).where(Student.person_id == person).order_by(Student.id).limit(1)).one()


def give(register: Register, person: int, on: str, **changes: Any) -> int:
    said = Said(**{"kind": "processing", "day": day(on), "form": "paper", "given_by": "self", **changes})
    with register.now, register.as_(register.world.actors["asu"]) as asked:
        return consents.record_consent(asked, student_of(asked, person), said).id


def withdraw(register: Register, person: int, entry: int, on: str) -> int:
    with register.now, register.as_(register.world.actors["asu"]) as asked:
        return consents.withdraw_consent(asked, student_of(asked, person), entry, day(on), "заявление").id


def holders(register: Register, *persons: int, by: str = "asu") -> set[int]:
    with register.as_(register.world.actors[by]) as asked:
        return set(consents_on(asked, persons, "processing", ON))


def lacking(register: Register, *persons: int, by: str = "asu") -> set[int]:
    """Whom the list shows as having given none."""
    with register.as_(register.world.actors[by]) as asked:
        found = (
            sa.select(Student.person_id)
            .join(StudyPeriod, StudyPeriod.student_id == Student.id)
            .where(StudyPeriod.superseded_at.is_(None), Student.person_id.in_(persons), without_consent(ON))
        )
        return set(asked.scalars(found))


def test_consents_are_read_of_both(register: Register, pair: tuple[int, int]) -> None:
    given = give(register, pair[1], "2026-11-02")
    assert (holders(register, *pair), lacking(register, *pair)) == ({pair[1]}, {pair[0]})
    merge = register.merge(*pair)
    assert (holders(register, pair[0]), lacking(register, pair[0])) == ({pair[0]}, set())
    assert (holders(register, pair[0], by="ministry"), lacking(register, pair[0], by="ministry")) == ({pair[0]}, set())
    with register.as_(SYSTEM) as asked:
        assert asked.get_one(Consent, given).person_id == pair[1], "nobody can move it"
    withdraw(register, pair[0], given, "2026-11-20")
    assert (holders(register, pair[0]), lacking(register, pair[0])) == (set(), {pair[0]})
    give(register, pair[0], "2026-11-21")
    assert register.outlook(merge).consents == 1
    register.split(merge)
    assert (holders(register, *pair), lacking(register, *pair)) == ({pair[0]}, {pair[1]})


@pytest.mark.parametrize("kept", [0, 1])
def test_a_withdrawal_applies_whichever_record_it_was_given_on(
    register: Register, pair: tuple[int, int], kept: int
) -> None:  # fmt: skip
    """Both records have a consent; that of the second was withdrawn before they were joined: the human said no."""
    give(register, pair[0], "2026-11-02")
    second = give(register, pair[1], "2026-11-05")
    withdrawal = withdraw(register, pair[1], second, "2026-11-10")
    assert (holders(register, *pair), lacking(register, *pair)) == ({pair[0]}, {pair[1]})
    one, gone = pair[kept], pair[1 - kept]
    merge = register.merge(one, gone)
    assert (holders(register, one), lacking(register, one)) == (set(), {one})
    with register.as_(register.world.actors["asu"]) as asked:
        told = {state.kind.code: state for state in states_of(filed_of(asked, [one])[one], day("2006-05-04"), ON)}
        assert told["processing"].words == "отозвано"
        assert [entry.title for entry in told["processing"].entries].count("Согласие отозвано") == 2
    if kept:
        with register.now, register.as_(register.world.actors["asu"]) as asked:
            consents.annul_entry(asked, student_of(asked, one), withdrawal, "заявление другого студента")
        assert (holders(register, one), lacking(register, one)) == ({one}, set())
    else:
        give(register, one, "2026-11-12")
        assert (holders(register, one), lacking(register, one)) == ({one}, set()), "he said yes again later"
    register.split(merge)
    assert pair[0] in holders(register, *pair)


def test_what_a_guardian_withdraws_is_not_what_the_person_said(register: Register, pair: tuple[int, int]) -> None:
    give(register, pair[0], "2026-11-02")
    guardians = give(register, pair[1], "2023-11-02", given_by="guardian", giver="Сеитова Алия")
    withdraw(register, pair[1], guardians, "2026-11-10")
    register.merge(*pair)
    assert (holders(register, pair[0]), lacking(register, pair[0])) == ({pair[0]}, set())


def test_consents_of_another_kind_stand(register: Register, pair: tuple[int, int]) -> None:
    give(register, pair[0], "2026-11-02")
    photo = give(register, pair[1], "2026-11-02", kind="photo")
    withdraw(register, pair[1], photo, "2026-11-10")
    register.merge(*pair)
    assert (holders(register, pair[0]), lacking(register, pair[0])) == ({pair[0]}, set())


def test_labels_begin_small_inside_a_sentence(register: Register, pair: tuple[int, int]) -> None:
    add(register, pair[1], PersonDetails, **GONE_SAYS)
    merge = register.merge(*pair, "inn")
    with register.as_(SYSTEM) as asked:
        row = asked.scalars(sa.select(PersonDetails).where(PersonDetails.person_id == pair[0])).one()
        row.inn, row.phone_kz = "", "+77010000009"
    assert str(LABELS["phone_kz"]) == "Телефон в Казахстане"
    assert staying(register.outlook(merge), {}) == [
        "Исправлено после объединения и останется как есть: ИНН, телефон в Казахстане"
    ]


# ---------------------------------------------------------------------------------------------------------------- pages
def test_the_pages_say_the_same(
    client: Any, world: Any, login: Any, register: Register, pair: tuple[int, int], today: Any
) -> None:
    add(register, pair[0], PersonDetails, **KEPT_SAYS)
    add(register, pair[1], PersonDetails, **GONE_SAYS)
    given = give(register, pair[1], "2026-11-02")
    login(client, world.emails["asu"])
    address = f"/students/duplicates/{register.public_id(pair[0])}/{register.public_id(pair[1])}"
    page = client.get(address)
    assert "Гимназия № 3, Семей, 2024" in page.text
    assert "220912345678" not in page.text
    sent = typed(page) | {"choice-surname": "first", "choice-origin": "first"}
    refused = client.post(address, data={**sent, "do": "check"})
    assert summary(refused) == ["Выберите значение для поля «Школа в Казахстане»"]
    check = client.post(address, data={**sent, "choice-school": "second", "do": "check"})
    assert client.post(address, data={**typed(check), "do": "record"}).status_code == 303
    assert details(register, pair[0]) == {**GONE_SAYS, "phone_kz": "+77010000009"}
    with register.as_(SYSTEM) as asked:
        card = student_of(asked, pair[0]).public_id
    badges = [badge.text for badge in soup_of(client.get(f"/students/{card}/consents")).select("main .badge")]
    assert badges.count("дано") == 1
    asks = client.get(f"/students/{card}/consents/{given}/withdraw")
    said = typed(asks) | {"day": "20.11.2026"}
    assert client.post(f"/students/{card}/consents/{given}/withdraw", data=said).status_code == 303
    assert (holders(register, pair[0]), lacking(register, pair[0])) == (set(), {pair[0]})
