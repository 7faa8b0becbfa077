"""Which pairs are suspected, by what, in which order; whom an office sees of them."""

from __future__ import annotations

import datetime as dt

import pytest

from exchange.merging import actions, pairs
from exchange.merging.pairs import DOCUMENT, IIN, NAMES, WRITING, Pair
from exchange.people.actions import Document
from exchange.people.names import twin_key
from tests.merging.conftest import CARD, PASSPORT, Register, human


def found(register: Register, by: str = "asu", *, put_aside: bool = False) -> list[Pair]:
    with register.as_(register.world.actors[by]) as asked:
        listed = pairs.page_of_pairs(asked, 0, 50, put_aside=put_aside)
        assert pairs.number_of_pairs(asked, put_aside=put_aside) == len(listed)
        return listed


def entered(register: Register, *people: object, by: str = "asu") -> list[int]:
    return [register.person(register.enter(one, by)) for one in people]  # type: ignore[arg-type]


def test_the_world_has_no_doubles(register: Register) -> None:
    assert found(register) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, (NAMES,)),
        ({"surname": "Курмангалиев"}, (NAMES,)),
        ({"surname": "Kurmangaliyev", "name": "Yerassyl"}, (NAMES,)),  # Latin where Russian is asked for
        ({"surname": "Kурмангалиeв"}, (NAMES,)),  # a Latin K and a Latin e among Russian letters
        ({"surname": "Ерасыл", "name": "Құрманғалиев"}, (NAMES,)),  # swapped
        ({"surname": "Корманголиев", "name": "Ирасыл", "surname_lat": "KURMANGALIYEV", "name_lat": "YERASSYL"}, (WRITING,)),
        ({"surname": "Корманголиев", "name": "Ирасыл", "surname_kk": "Құрманғалиев", "name_kk": "Ерасыл"}, (WRITING,)),
    ],
)
def test_names_and_birth_date_in_any_writing(register: Register, changes: dict[str, str], why: tuple[int, ...]) -> None:
    plain = {"surname_lat": "", "name_lat": ""}
    one, other = entered(register, human(), human(**{**plain, **changes}))
    (pair,) = found(register)
    assert (pair.first, pair.second, pair.why[:1], pair.own) == (one, other, why, (one, other))


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_date": dt.date(2006, 5, 5)},
        {"name": "Ермек", "name_lat": "YERMEK"},
        {"surname": "Курманов", "surname_lat": "KURMANOV"},
    ],
)
def test_another_day_or_another_name_is_another_person(register: Register, changes: dict[str, str]) -> None:
    entered(register, human(), human(**changes))
    assert found(register) == []


def test_by_numbers(register: Register) -> None:
    """One document on two people; an IIN that was written into the field of a document."""
    born = dt.date(2004, 4, 4)
    one, other, third, fourth = entered(
        register,
        human(PASSPORT),
        human(PASSPORT, surname="Сейтов", name="Али", surname_lat="", name_lat="", birth_date=born),
        human(iin="060504550000", surname="Омаров", name="Дархан", surname_lat="", name_lat="", birth_date=born),
        human(Document("kz_birth", "060504550000"), surname="Умаров", name="Данияр", surname_lat="", name_lat=""),
    )
    assert [(pair.first, pair.second, pair.why) for pair in found(register)] == [
        (one, other, (DOCUMENT,)), (third, fourth, (IIN,)),
    ]  # fmt: skip


def test_the_surest_first_and_two_numbers_last(register: Register) -> None:
    named = {"surname": "Омаров", "name": "Дархан", "surname_lat": "", "name_lat": ""}
    a, b = entered(register, human(iin="060504550000"), human(iin="060504550001"))
    c, d = entered(register, human(**named), human(**named))
    e, f = entered(register, human(CARD, name="Али", name_lat=""), human(CARD, surname="Али", surname_lat=""))
    assert [(pair.first, pair.second, pair.has_two_iins) for pair in found(register)] == [
        (e, f, False), (c, d, False), (a, b, True),
    ]  # fmt: skip


def test_of_another_office_only_that_there_is_one(register: Register) -> None:
    (mine,) = entered(register, human())
    (theirs,) = entered(register, human(), by="astu")
    ids = register.world.organisations
    for by, own, office in (("asu", mine, "ASTU"), ("astu", theirs, "ASU")):
        (pair,) = found(register, by)
        assert pair.own == (own,)
        assert ids[office] in (pair.first_office, pair.second_office)
    assert found(register, "branch") == []


def test_two_people_are_put_aside_and_brought_back(register: Register) -> None:
    one, other = entered(register, human(), human())
    asu = register.world.organisations["ASU"]
    with register.now, register.as_(register.world.actors["asu"]) as asked:
        actions.set_apart(asked, other, one, asu)
        actions.set_apart(asked, one, other, asu)  # said twice, kept once
    assert found(register) == []
    (pair,) = found(register, put_aside=True)
    assert (pair.first, pair.second) == (one, other)
    with register.now, register.as_(register.world.actors["asu"]) as asked:
        from exchange.merging.queries import apart_of

        said = apart_of(asked, one, other)
        assert said is not None
        assert said.said_by == "Asu Tester"
        actions.take_apart_back(asked, said)
    assert [(one.first, one.second) for one in found(register)] == [(pair.first, pair.second)]


def test_one_who_was_joined_is_found_nowhere(register: Register, pair: tuple[int, int]) -> None:
    from exchange.people.doubles import Candidate, matches
    from tests.merging.conftest import FACTS

    assert [one.why for one in found(register)] == [(DOCUMENT, NAMES)]
    register.merge(*pair)
    assert found(register) == []
    with register.as_(register.world.actors["asu"]) as asked:
        wanted = Candidate(
            0, register.world.organisations["ASU"], FACTS["surname"], FACTS["name"], FACTS["birth_date"],
            documents=((PASSPORT.type_code, PASSPORT.number), (CARD.type_code, CARD.number)),
        )  # fmt: skip
        assert {match.person_id for match in matches(asked, [wanted])[0]} == {pair[0]}


@pytest.mark.parametrize(
    ("surname", "name", "key"),
    [
        ("Әубәкір", "Серік", "aubakir serik"),
        ("Серик", "Аубакир", "aubakir serik"),
        ("AUBAKIR", "SERIK", "aubakir serik"),
        ("Aубaкиp", "Cерик", "aubakir serik"),  # Latin a, p and C that look Russian
        ("Серик", "", ""),
        (None, None, ""),
    ],
)
def test_one_key_for_all_writings(surname: str | None, name: str | None, key: str) -> None:
    assert twin_key(surname, name) == key
