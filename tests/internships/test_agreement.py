"""The university and its students; what an enterprise is told of a register that it may not see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.audit.models import AuditEntry
from exchange.errors import Conflict, NotFound, RuleBroken
from exchange.internships import actions, agreement, matching, queries
from exchange.internships.entry import Entry
from exchange.internships.models import Internship
from exchange.students.models import Student

DAY = dt.date
TODAY = DAY(2026, 11, 23)
Made = Callable[..., Entry]


def one(session: Any, world: Any, key: str) -> Internship:
    return queries.internship(session, world.internship_public_ids[key])


def student(session: Any, world: Any, key: str) -> Student:
    found = matching.own_student(session, world.public_ids[key])
    assert found is not None
    return found


# ----------------------------------------------------------------------------------------------- what an enterprise is told
@pytest.mark.parametrize(
    ("code", "by", "initials"),
    [
        ("ASU-RUB", {"surname": "Касымова", "name": "Асель", "birth_date": DAY(2007, 1, 15)}, "К. А. Е."),
        ("ASU-RUB", {"surname": "Қасымова", "name": "Әсел", "birth_date": DAY(2007, 1, 15)}, "К. А. Е."),  # one name
        ("ASU-RUB", {"surname": "Kassymova", "name": "Assel", "birth_date": DAY(2007, 1, 15)}, "К. А. Е."),
        ("ASU", {"surname": "Касымова", "name": "Асель", "birth_date": DAY(2007, 1, 15)}, "К. А. Е."),  # of its branch
        ("ASTU", {"surname": "Касымова", "name": "Асель", "birth_date": DAY(2007, 1, 15)}, None),
        ("ASU-RUB", {"surname": "Касымова", "name": "Асель", "birth_date": DAY(2007, 1, 16)}, None),
        ("ASTU", {"iin": "kim"}, "К. В. А."),
        ("ASU", {"iin": "kim"}, None),
        ("ASU", {"iin": "akhmetov"}, None),  # graduated
        ("ASTU", {"iin": "schmidt"}, None),  # expelled
    ],
)
def test_find_student(world: Any, as_: Any, code: str, by: dict[str, Any], initials: str | None) -> None:
    if "iin" in by:
        by = {"iin": world.iins[by["iin"]]}
    with as_(world.actors["altvagon"]) as mine:
        university = matching.universities(mine).by_code[code.casefold()]
        found = matching.find_student(mine, university, TODAY, **by)
        assert (found.initials if found else None) == initials
        assert mine.scalar(sa.select(sa.func.count()).select_from(Student)) == 0


def test_each_look_is_written_down_without_the_number(world: Any, as_: Any, session: Any) -> None:
    session.commit()
    with as_(world.actors["altvagon"]) as mine:
        university = matching.universities(mine).by_code["astu"]
        found = matching.find_student(mine, university, TODAY, iin=world.iins["kim"])
        assert found is not None
        assert (found.university, found.course) == ("АлтГТУ", 3)
        assert found.programme == matching.programme_name("09.03.01")
        matching.find_student(mine, university, TODAY, iin=world.iins["akhmetov"])
    looks = session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "internship:searched").order_by(AuditEntry.id)
    ).all()
    assert [(look.subject_id, look.details) for look in looks] == [
        ("ASTU", {"by": "iin", "found": True}), ("ASTU", {"by": "iin", "found": False}),
    ]  # fmt: skip
    assert {look.organisation_id for look in looks} == {world.organisations["ALTVAGON"]}


@pytest.mark.parametrize("by", [{}, {"surname": "Ким", "name": "Виктор"}, {"surname": "Ким", "birth_date": DAY(2005, 5, 30)}])
def test_what_is_not_exact_is_not_looked_for(world: Any, as_: Any, by: dict[str, Any]) -> None:
    with as_(world.actors["altvagon"]) as mine:
        university = matching.universities(mine).by_code["astu"]
        with pytest.raises(RuleBroken):
            matching.find_student(mine, university, TODAY, **by)


# -------------------------------------------------------------------------------------------------- what a university sees
def test_the_university_proposes_its_student(world: Any, as_: Any) -> None:
    with as_(world.actors["asu"]) as theirs:
        total, rows = queries.waiting_count(theirs), queries.waiting(theirs, 0, 20)
        assert (total, [r.public_id for r in rows]) == (1, [world.internship_public_ids["waiting"]])
        (proposal,) = matching.propose(theirs, rows, TODAY)[rows[0].id]
        assert (proposal.public_id, proposal.by, proposal.is_sure) == (world.public_ids["kasymova"], "birth_date", True)
        assert (proposal.full_name, proposal.course) == ("Касымова Асель Ерлановна", 2)
    with as_(world.actors["astu"]) as others:
        assert (queries.waiting_count(others), queries.waiting(others, 0, 20)) == (0, [])
        with pytest.raises(NotFound):
            one(others, world, "waiting")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [("kim", "iin", True), ("kim2", "iin", True)]),
        ({"name": "Вадим"}, [("kim", "iin", False), ("kim2", "iin", False)]),
        ({"iin": None}, [("kim", "birth_date", True), ("kim2", "birth_date", True)]),
        ({"iin": None, "birth_date": None}, [("kim", "names", False), ("kim2", "names", False)]),
        ({"iin": None, "birth_date": DAY(2005, 5, 31)}, []),
        ({"iin": "041228678907"}, []),  # a namesake with another number
        ({"iin": None, "surname": "Ахметов"}, []),
    ],
)
def test_how_sure_a_proposal_is(
    world: Any, as_: Any, entry: Made, changes: dict[str, Any], expected: list[tuple[str, str, bool]]
) -> None:
    with as_(world.actors["altvagon"]) as mine:
        public_id = actions.log_internship(mine, world.organisations["ALTVAGON"], entry(**changes), TODAY).public_id
    keys = {world.public_ids[key]: key for key in world.public_ids}
    with as_(world.actors["astu"]) as theirs:
        found = queries.internship(theirs, public_id)
        proposals = matching.propose(theirs, [found], TODAY)[found.id]
        assert [(keys[p.public_id], p.by, p.is_sure) for p in proposals] == expected


def test_search_among_own_students(world: Any, as_: Any) -> None:
    with as_(world.actors["asu"]) as theirs:
        found = one(theirs, world, "waiting")
        keys = {world.public_ids[key]: key for key in world.public_ids}

        def search(words: str) -> list[str]:
            return [keys[p.public_id] for p in matching.search_own(theirs, found, words, TODAY)]

        assert search("Құрманғалиева") == ["kurmangali"]
        assert search("kurmangalieva aliya") == ["kurmangali"]
        assert search("ASU-akhmetov") == ["akhmetov"]
        assert search(world.iins["ivanov"]) == ["ivanov"]
        assert search("Ким") == []  # of another university
        assert search("") == search("***") == search("ъ" * 100) == []


# -------------------------------------------------------------------------------------------------------- the word itself
def test_recognised_and_agreed_at_one_press(world: Any, as_: Any, session: Any) -> None:
    session.commit()
    with as_(world.actors["asu"]) as theirs:
        found = one(theirs, world, "waiting")
        agreement.recognise_and_agree(theirs, found, student(theirs, world, "kasymova"), found.version)
        assert (found.recognition, found.student_id) == ("recognised", world.students["kasymova"])
        assert found.agreed_at is not None
        assert found.agreed_by_id == world.actors["asu"].user_id
        assert queries.waiting_count(theirs) == 0
    asked = sa.select(AuditEntry.action).where(AuditEntry.subject_id == world.internship_public_ids["waiting"])
    assert list(session.scalars(asked.order_by(AuditEntry.id))) == ["internship:recognised", "internship:agreed"]


def test_agreed_later_and_refused_after_all(world: Any, as_: Any) -> None:
    with as_(world.actors["branch"]) as theirs:
        found = one(theirs, world, "waiting")
        with pytest.raises(RuleBroken) as error:
            agreement.agree(theirs, found, found.version)
        assert error.value.field == "student"
        agreement.recognise(theirs, found, student(theirs, world, "kasymova"), found.version)
        assert queries.waiting_count(theirs) == 1
        agreement.agree(theirs, found, found.version)
        agreement.refuse(theirs, found, " нет договора ", found.version)
        assert (found.recognition, found.agreed_at, found.refusal) == ("recognised", None, "нет договора")
        assert queries.waiting_count(theirs) == 0


def test_not_our_student(world: Any, as_: Any) -> None:
    with as_(world.actors["asu"]) as theirs:
        found = one(theirs, world, "waiting")
        with pytest.raises(RuleBroken):
            agreement.refuse(theirs, found, "  ", found.version)
        agreement.refuse(theirs, found, "не учится у нас", found.version)
        assert (found.recognition, found.refusal) == ("refused", "не учится у нас")
    with as_(world.actors["altvagon"]) as mine:
        found = one(mine, world, "waiting")
        actions.take_step(mine, found, "confirm", found.version, TODAY)
        assert found.refusal == "не учится у нас"


def test_nobody_recognises_a_student_of_another_university(world: Any, as_: Any) -> None:
    with as_(world.actors["asu"]) as theirs:
        assert matching.own_student(theirs, world.public_ids["kim"]) is None


def test_the_university_is_told_when_the_enterprise_was_quicker(world: Any, as_: Any) -> None:
    with as_(world.actors["altvagon"]) as mine:
        found = one(mine, world, "waiting")
        actions.take_step(mine, found, "confirm", found.version, TODAY)
    with as_(world.actors["asu"]) as theirs:
        found = one(theirs, world, "waiting")
        with pytest.raises(Conflict):
            agreement.recognise_and_agree(theirs, found, student(theirs, world, "kasymova"), 1)
        since = matching.changes_since(theirs, found, 1)
        assert since.who == "Altvagon Tester"
        assert since.before == {"status": "planned"}
        assert matching.changes_since(theirs, found, 2).at is None


def test_specialists_and_cancelled_ones_need_no_word(world: Any, as_: Any, session: Any) -> None:
    with as_(world.actors["altvagon"]) as mine:
        found = one(mine, world, "waiting")
        actions.take_step(mine, found, "cancel", found.version, TODAY, reason="мест нет")
    with as_(world.actors["asu"]) as theirs:
        found = one(theirs, world, "waiting")
        assert queries.waiting_count(theirs) == 0
        with pytest.raises(RuleBroken):
            agreement.refuse(theirs, found, "поздно", found.version)
    with pytest.raises(RuleBroken):
        agreement.refuse(session, one(session, world, "specialist"), "поздно", 1)
