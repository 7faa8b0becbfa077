"""What was known stays as it was known: counts of people before a merge, after it, and after the two were parted again."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from exchange.access.actor import SYSTEM
from exchange.people.models import Person, PersonFacts
from exchange.students.models import Student, StudyPeriod
from reports.counts import People, Slice, people
from reports.movement import ENROLLED, STEPS, movement
from tests.merging.conftest import HOUR, Register
from tests.reports.test_movement import overlaps
from tests.students.conftest import day
from tests.world import World

DAYS = (day("2025-10-01"), day("2026-10-01"), day("2026-11-23"))


def counts(register: Register, known_at: dt.datetime | None = None, office: str = "ASU") -> list[People]:
    ids = (register.world.organisations[office],)
    with register.as_(SYSTEM) as asked:
        return [people(asked, Slice(on, known_at, organisation_ids=ids)) for on in DAYS]


# ASU of the world: kurmangali, popova, akhmetov and ivanov on 1 October 2025, kurmangali and alimzhanov a year later.
WITHOUT = [People(4, 4, 0), People(2, 2, 0), People(2, 2, 0)]
# The second record studies since 2025, the first since 2026.
TWO = [People(5, 5, 0), People(4, 4, 0), People(4, 4, 0)]
ONE = [People(5, 5, 0), People(3, 4, 1), People(3, 4, 1)]


def test_what_was_known_before_the_merge_stays(register: Register, pair: tuple[int, int]) -> None:
    before = register.clock + HOUR / 2
    assert counts(register) == TWO
    merge = register.merge(*pair)
    joined = register.clock + HOUR / 2
    assert counts(register) == counts(register, joined) == ONE
    assert counts(register, before) == TWO
    register.split(merge)
    assert counts(register) == counts(register, register.clock + HOUR / 2) == TWO
    assert counts(register, joined) == ONE
    assert counts(register, before) == TWO
    register.merge(*pair[::-1])
    assert counts(register) == ONE
    assert (counts(register, joined), counts(register, before)) == (ONE, TWO)


def test_citizenship_that_is_taken_over_keeps_its_day(register: Register, pair: tuple[int, int]) -> None:
    """The second record became a citizen of Russia on 1 September 2026: taken over, nobody is counted from that day on."""
    from exchange.people.actions import change_facts_from

    with register.now, register.as_(register.world.actors["asu"]) as asked:
        change_facts_from(asked, pair[1], day("2026-09-01"), {"is_rf_citizen": True}, register.clock)
    then = register.clock + HOUR / 2
    told = [People(5, 5, 0), People(3, 3, 0), People(3, 3, 0)]
    assert counts(register) == told
    merge = register.merge(*pair, "citizenship")
    assert counts(register) == [People(5, 5, 0), People(2, 2, 0), People(2, 2, 0)]
    assert counts(register, then) == told
    register.split(merge)
    assert counts(register) == told


def test_movement_adds_up_before_and_after(register: Register, pair: tuple[int, int]) -> None:
    before = register.clock + HOUR / 2
    merge = register.merge(*pair)
    joined = register.clock + HOUR / 2
    register.split(merge)
    ids = (register.world.organisations["ASU"],)
    with register.as_(SYSTEM) as asked:
        told = []
        for known_at in (before, joined, None):
            found = movement(asked, Slice(DAYS[1], known_at, organisation_ids=ids), DAYS[0])
            start, end = (asked.scalar(Slice(on, known_at, organisation_ids=ids).counted(sa.func.count())) for on in DAYS[:2])
            assert (start or 0) + found.balance == end
            told.append(found.steps)
    assert told[0] == told[1] == told[2], "enrolments move as before: only people became fewer"
    assert told[0][ENROLLED] == 2  # alimzhanov and the first record
    assert set(told[0]) == set(STEPS)


def test_no_two_facts_hold_on_one_day(register: Register, pair: tuple[int, int]) -> None:
    merge = register.merge(*pair, "surname", "origin")
    register.split(merge)
    register.merge(*pair, "birth_date", "patronymic")
    with register.as_(SYSTEM) as asked:
        assert overlaps(asked, PersonFacts, "person_id") == overlaps(asked, StudyPeriod, "student_id") == 0
        nothing = sa.select(sa.func.count()).select_from(PersonFacts).where(PersonFacts.superseded_at.is_(None))
        assert asked.scalar(nothing.where(PersonFacts.person_id == pair[1])) == 0


def test_nothing_is_pointed_elsewhere(register: Register, pair: tuple[int, int]) -> None:
    """The rows that reports read are still there as they were, but for the moment at which they were superseded."""
    with register.as_(SYSTEM) as asked:
        told = sa.select(StudyPeriod.id, StudyPeriod.person_id, StudyPeriod.student_id)
        before = set(asked.execute(told).all())
    register.split(register.merge(*pair))
    with register.as_(SYSTEM) as asked:
        assert before <= set(asked.execute(told).all())


@pytest.mark.parametrize("turned", [False, True])
def test_everything_hangs_on_the_one_who_is_kept(register: Register, pair: tuple[int, int], turned: bool) -> None:
    kept, gone = pair[::-1] if turned else pair
    register.merge(kept, gone)
    with register.as_(SYSTEM) as asked:
        students = asked.scalars(sa.select(Student.id).where(Student.person_id == kept)).all()
        assert len(students) == 2
        assert asked.scalar(sa.select(sa.func.count()).select_from(Student).where(Student.person_id == gone)) == 0
        assert asked.get_one(Person, gone).merged_into_id == kept
    assert [register.owners(student) for student in students] == [{kept}, {kept}]


def test_the_world_is_left_alone(register: Register, pair: tuple[int, int], world: World) -> None:
    """Nothing of anybody else is superseded."""
    with register.as_(SYSTEM) as asked:
        others = sa.select(sa.func.count()).select_from(PersonFacts).where(
            PersonFacts.superseded_at.is_(None), PersonFacts.person_id.not_in(pair)
        )  # fmt: skip
        before = asked.scalar(others)
    register.merge(*pair)
    with register.as_(SYSTEM) as asked:
        assert asked.scalar(others) == before == len(world.persons) + 1  # ivanov has two spans
