"""R01, R04, the overview and a plain count say the same for any day, whoever asks."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
import sqlalchemy as sa

from exchange.students.contingent import contingent_on
from exchange.students.models import Order, OrderLine, Student
from reports import overview
from reports.counts import Slice
from reports.institutions import institutions
from reports.movement import CAME, ENROLLED, EXPELLED, GRADUATED, MOVED, OTHER, SHIFTED_IN, SHIFTED_OUT, movement, people_behind
from reports.report import Reader
from tests.reports.conftest import rows, total

BEGINS = dt.date(2021, 9, 1)
DAYS = [
    dt.date(2022, 8, 31), dt.date(2022, 9, 1), dt.date(2024, 10, 1), dt.date(2025, 9, 24), dt.date(2025, 9, 25),
    dt.date(2025, 10, 1), dt.date(2025, 10, 18), dt.date(2025, 11, 9), dt.date(2025, 11, 10), dt.date(2026, 2, 16),
    dt.date(2026, 6, 30), dt.date(2026, 10, 1), dt.date(2026, 11, 23),
]  # fmt: skip
KNOWN = dt.datetime(2025, 10, 20, 5, 0, tzinfo=dt.UTC)


def counted(session, day, known_at=None):
    return session.scalar(sa.select(sa.func.count()).select_from(contingent_on(day, known_at).subquery()))


@pytest.mark.parametrize("key", ["ministry", "asu"])
def test_three_ways_to_the_same_number(made, as_, world, key):
    with as_(world.actors[key]) as session:
        known, reader = institutions(session), Reader.of(world.actors[key])
        for day in DAYS[::2]:
            direct = len(session.execute(contingent_on(day)).all())
            seen = overview.look(session, Slice(day), dt.date(2022, 9, 2), BEGINS, known, reader)
            assert (day, seen.total, seen.failed) == (day, direct, set())
            for bars in (seen.regions, seen.levels, seen.sources, seen.forms, seen.courses, seen.institutions):
                assert sum(int(bar.value) for bar in bars) == direct
    for day in DAYS[::2]:
        first, second = made("R01", key, on=day), made("R04", key, on=day)
        assert total(first)["total"] == total(second)["total"] == sum(r["total"] for r in rows(second.tables[0]).values())
        assert first.is_whole
        assert second.is_whole


def test_the_overview_counts_the_same_day_as_the_report(made, as_, world):
    with as_(world.actors["ministry"]) as session:
        for day in DAYS[1::3]:
            seen = overview.look(
                session, Slice(day), BEGINS, BEGINS, institutions(session), Reader.of(world.actors["ministry"])
            )
            assert seen.total == total(made("R01", on=day))["total"]


def test_regions_by_hand(made):
    result = made("R04", "ministry")
    regions = {line.key: line.values for line in result.tables[0].lines}
    assert [regions[code]["total"] for code in ("630000000", "100000000", "550000000", "350000000", "")] == [2, 3, 2, 1, 0]
    assert len(result.tables[0].lines) == 21
    assert {key: total(result)[key] for key in ("women", "first", "last", "level:master")} == {
        "women": 4, "first": 2, "last": 0, "level:master": 1,
    }  # fmt: skip
    assert [check.id for check in result.checks if check.ok] == ["C2", "C7", "C8", "C9"]


def test_the_year_of_the_planned_end_is_the_last_one(made, session, world):
    for key, end in (("kim", dt.date(2027, 6, 30)), ("kasymova", dt.date(2027, 9, 1))):
        session.get_one(Student, world.students[key]).planned_end_on = end
    session.flush()
    assert total(made("R04"))["last"] == 1


def test_districts_add_up_to_their_region(made, session, world):
    from exchange.people.models import PersonFacts
    from exchange.reference import classifiers

    district = next(code for code, one in classifiers.districts().items() if one.region_code == "100000000")
    facts = session.scalars(sa.select(PersonFacts).where(PersonFacts.person_id == world.persons["kasymova"])).one()
    facts.district_code = district
    session.flush()
    table = made("R04", "ministry").tables[1]
    abai = [(line.kind, line.values["total"], line.values["women"]) for line in table.lines if line.key.startswith("1000")]
    assert [(kind, all_) for kind, all_, _women in abai] == [("head", 3), ("part", 2)]
    assert {line.key: line.values["total"] for line in table.lines}[district] == 1


# --------------------------------------------------------------------------------------------------------- what changed
def test_a_year_by_hand(session, world):
    """11 on 1.10.2025, 8 on 1.10.2026: two enrolled, two graduated, one transferred, one expelled, one became Russian."""
    moved = movement(session, Slice(dt.date(2026, 10, 1)), dt.date(2025, 10, 1))
    assert moved.steps == {
        ENROLLED: 2, CAME: 0, SHIFTED_IN: 0, GRADUATED: -2, EXPELLED: -1, MOVED: -1, SHIFTED_OUT: 0, OTHER: -1
    }  # fmt: skip
    assert moved.balance == 8 - 11


def test_the_identity_holds_between_any_two_days(session, world):
    for known_at in (None, KNOWN):
        numbers = {day: counted(session, day, known_at) for day in DAYS}
        for since, on in itertools.combinations(DAYS[::2] if known_at else DAYS, 2):
            moved = movement(session, Slice(on, known_at), since)
            assert moved.balance == numbers[on] - numbers[since], (since, on, known_at)


def test_the_identity_holds_in_each_university(as_, world):
    for key in ("asu", "branch", "astu"):
        with as_(world.actors[key]) as session:
            for on in DAYS[1:]:
                change = counted(session, on) - counted(session, DAYS[0])
                assert movement(session, Slice(on), DAYS[0]).balance == change


def test_citizenship_given_up_again_comes_back(session, world):
    """Ivanov is Russian from 10.11.2025; if that ended, he is counted again, and nothing is counted twice."""
    from exchange.people.models import PersonFacts

    ivanov = session.scalars(
        sa.select(PersonFacts).where(PersonFacts.person_id == world.persons["ivanov"], PersonFacts.is_rf_citizen)
    ).one()
    back = {c.key: getattr(ivanov, c.key) for c in PersonFacts.__table__.columns if c.key != "id"}
    ivanov.valid_to = dt.date(2026, 3, 1)
    session.flush()
    session.add(PersonFacts(**{**back, "valid_from": dt.date(2026, 3, 1), "is_rf_citizen": False}))
    session.flush()
    moved = movement(session, Slice(dt.date(2026, 10, 1)), dt.date(2025, 11, 20))
    assert moved.steps[OTHER] == 1
    assert moved.balance == counted(session, dt.date(2026, 10, 1)) - counted(session, dt.date(2025, 11, 20))


def test_the_people_behind_a_step(session, world):
    of, since = Slice(dt.date(2026, 10, 1)), dt.date(2025, 10, 1)
    found, number = people_behind(session, of, since, GRADUATED, 0, 50)
    assert number == 2
    assert {one.public_id for one in found} == {world.public_ids[key] for key in ("akhmetov", "seitkali")}
    assert {one.effective_on for one in found} == {dt.date(2026, 6, 30)}
    (only,), number = people_behind(session, of, since, EXPELLED, 0, 50)
    order = session.execute(
        sa.select(Order.number)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(OrderLine.student_id == world.students["schmidt"], OrderLine.event == "expel")
    ).scalar_one()
    assert (only.surname, only.order, number) == ("Шмидт", order, 1)


def test_each_card_fails_alone(as_, world, monkeypatch):
    from reports import counts

    def broken(*anything):
        raise RuntimeError("no such figure")

    monkeypatch.setattr(counts, "regions", broken)
    actor = world.actors["ministry"]
    with as_(actor) as session:
        seen = overview.look(
            session, Slice(dt.date(2026, 10, 1)), dt.date(2025, 10, 1), BEGINS, institutions(session), Reader.of(actor)
        )
    assert seen.failed == {"regions"}
    assert (seen.total, seen.previous, seen.work is not None) == (8, 11, True)
