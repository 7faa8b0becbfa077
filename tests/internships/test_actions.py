"""What an enterprise does, with both walls up."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.access.rows import NotYours
from exchange.audit.models import AuditEntry
from exchange.errors import Conflict, NotFound, RuleBroken
from exchange.internships import actions, queries
from exchange.internships.entry import Entry
from exchange.internships.models import Internship, InternshipWeek

DAY = dt.date
TODAY = DAY(2026, 11, 23)
Made = Callable[..., Entry]


def one(session: Any, world: Any, key: str) -> Internship:
    return queries.internship(session, world.internship_public_ids[key])


def logged_actions(session: Any, public_id: str) -> list[str]:
    asked = sa.select(AuditEntry.action).where(AuditEntry.subject_id == public_id).order_by(AuditEntry.id)
    return list(session.scalars(asked))


# ---------------------------------------------------------------------------------------------------------------- logging
def test_a_student_is_logged_and_waits(world: Any, as_: Any, session: Any, entry: Made) -> None:
    session.commit()
    with as_(world.actors["altvagon"]) as mine:
        made = actions.log_internship(mine, world.organisations["ALTVAGON"], entry(), TODAY)
        key, public_id = made.id, made.public_id
    found = session.get_one(Internship, key)
    assert (found.status, found.recognition, found.student_id, found.agreed_at) == ("planned", "waiting", None, None)
    assert (found.sort_key, found.surname_key) == ("ким виктор андреевич", "kim")
    assert found.created_by_id == world.actors["altvagon"].user_id
    assert logged_actions(session, public_id) == ["internship:logged"]


def test_a_specialist_needs_no_university(world: Any, as_: Any, specialist: Made) -> None:
    with as_(world.actors["altvagon"]) as mine:
        made = actions.log_internship(mine, world.organisations["ALTVAGON"], specialist(), TODAY)
        assert (made.recognition, made.university_id, made.employer) == ("not_needed", None, "ТОО «Казцинк»")


def test_the_same_record_twice_is_refused(world: Any, as_: Any, entry: Made) -> None:
    with as_(world.actors["altvagon"]) as mine:
        actions.log_internship(mine, world.organisations["ALTVAGON"], entry(), TODAY)
        with pytest.raises(RuleBroken) as error:
            actions.log_internship(mine, world.organisations["ALTVAGON"], entry(iin=None, mentor="Другой"), TODAY)
        assert error.value.field == "starts_on"


def test_nobody_logs_for_another_enterprise(world: Any, as_: Any, entry: Made) -> None:
    with as_(world.actors["altvagon"]) as mine:
        for log in (
            lambda: actions.log_internship(mine, world.organisations["ALTKOKS"], entry(), TODAY),
            lambda: actions.log_internships(mine, world.organisations["ALTKOKS"], [entry()], TODAY),
        ):
            with pytest.raises(NotYours):
                log()
            mine.rollback()


def test_rules_are_kept_by_the_action_too(world: Any, as_: Any, entry: Made) -> None:
    with as_(world.actors["altvagon"]) as mine:
        for changes, field in (
            ({"ends_on": DAY(2027, 1, 31)}, "ends_on"), ({"hours_done": 161}, "hours"), ({"university_id": None}, "university"),
            ({"briefing_on": DAY(2027, 3, 1)}, "briefing_on"), ({"grade": 6}, "grade"), ({"kind": "specialist"}, "employer"),
        ):  # fmt: skip
            with pytest.raises(RuleBroken) as error:
                actions.log_internship(mine, world.organisations["ALTVAGON"], entry(**changes), TODAY)
            assert error.value.field == field


# ------------------------------------------------------------------------------------------------------------- whole lists
def people(entry: Made, how_many: int) -> list[Entry]:
    letters = "абвгдежзиклмнопр"
    return [
        entry(surname=f"Иванов{letters[n // 16]}{letters[n % 16]}", iin=None, birth_date=DAY(2004, 1, 1) + dt.timedelta(days=n))
        for n in range(how_many)
    ]


def test_a_list_twice_is_the_list_once(world: Any, as_: Any, entry: Made, specialist: Made) -> None:
    past = {"starts_on": DAY(2026, 2, 2), "ends_on": DAY(2026, 2, 27), "briefing_on": DAY(2026, 2, 2)}
    entries = [entry(**past), entry(surname="Ахметов", iin=None, **past, grade=5), specialist(), specialist()]
    with as_(world.actors["altvagon"]) as mine:
        first = actions.log_internships(mine, world.organisations["ALTVAGON"], entries, TODAY)
        assert (first.created, first.same, first.filled) == ([0, 1, 2], [3], [])
        statuses = mine.execute(
            sa.select(Internship.surname, Internship.status).where(Internship.public_id.in_(first.public_ids.values()))
        ).all()
        assert sorted(map(tuple, statuses)) == [("Ахметов", "evaluated"), ("Болатов", "planned"), ("Ким", "finished")]
        again = actions.log_internships(mine, world.organisations["ALTVAGON"], entries, TODAY)
        assert (again.created, again.same, again.filled, again.different) == ([], [0, 1, 2, 3], [], {})
        assert again.public_ids == first.public_ids


def test_a_fuller_list_fills_in_what_was_empty_and_overwrites_nothing(world: Any, as_: Any, entry: Made) -> None:
    past = {"starts_on": DAY(2026, 2, 2), "ends_on": DAY(2026, 2, 27), "briefing_on": DAY(2026, 2, 2)}
    with as_(world.actors["altvagon"]) as mine:
        actions.log_internships(mine, world.organisations["ALTVAGON"], [entry(**past)], TODAY)
        fuller = entry(**past, grade=4, hours_done=140, mentor="Другой")
        result = actions.log_internships(mine, world.organisations["ALTVAGON"], [fuller], TODAY)
        assert (result.filled, result.different) == ([0], {0: ["mentor"]})
        found = queries.internship(mine, result.public_ids[0])
        assert (found.grade, found.hours_done, found.mentor, found.status) == (4, 140, "Лапина О. В.", "evaluated")


def test_a_long_list_asks_no_more_often_than_a_short_one(world: Any, as_: Any, entry: Made, count_statements: Any) -> None:
    with as_(world.actors["altvagon"]) as mine:
        mine.execute(sa.select(sa.func.count()).select_from(Internship))
        asked = []
        for how_many in (2, 200):
            year = 2026 if how_many == 2 else 2027
            entries = [
                dataclasses.replace(e, starts_on=DAY(year, 12, 1), ends_on=DAY(year, 12, 26)) for e in people(entry, how_many)
            ]
            with count_statements() as statements:
                result = actions.log_internships(mine, world.organisations["ALTVAGON"], entries, TODAY)
            assert len(result.created) == how_many
            asked.append(len(statements))
        assert asked[1] <= asked[0] + 2


def test_the_same_person_at_the_same_time_is_a_warning(world: Any, as_: Any, entry: Made) -> None:
    with as_(world.actors["altvagon"]) as mine:
        actions.log_internship(mine, world.organisations["ALTVAGON"], entry(), TODAY)
        second = entry(starts_on=DAY(2027, 2, 28), ends_on=DAY(2027, 3, 20))
        after = entry(starts_on=DAY(2027, 3, 1), ends_on=DAY(2027, 3, 20))
        namesake = entry(iin=None, birth_date=DAY(2006, 1, 1), starts_on=DAY(2027, 2, 10), ends_on=DAY(2027, 2, 20))
        found = actions.overlapping(mine, world.organisations["ALTVAGON"], [second, after, namesake])
        assert list(found) == [0, 1]  # the third is somebody else; the second overlaps the first of the same list
        assert "01.02.2027–28.02.2027" in found[0]
        assert "28.02.2027–20.03.2027" in found[1]


# ---------------------------------------------------------------------------------------------------------------- editing
def as_entry(found: Internship, **changes: Any) -> Entry:
    return Entry(**{**queries.entry_of(found), **changes}, university_is_here=found.university_id is not None)


def test_a_changed_mentor_needs_no_new_word_of_the_university(world: Any, as_: Any, session: Any) -> None:
    session.commit()
    with as_(world.actors["altvagon"]) as mine:
        found = one(mine, world, "minor")
        changed = actions.edit_internship(mine, found, as_entry(found, mentor="Гусев М. Н."), found.version, TODAY)
        assert changed == {"mentor": ["Лапина О. В.", "Гусев М. Н."]}
        assert (found.agreed_at is not None, found.recognition, found.version) == (True, "recognised", 2)
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "internship:edited")).one()
    assert entry.details == {"changes": {"mentor": ["Лапина О. В.", "Гусев М. Н."]}, "version": 1}


def test_another_period_is_agreed_anew_another_person_recognised_anew(world: Any, as_: Any) -> None:
    with as_(world.actors["altvagon"]) as mine:
        found = one(mine, world, "minor")
        student = found.student_id
        actions.edit_internship(mine, found, as_entry(found, ends_on=DAY(2026, 12, 11)), found.version, TODAY)
        assert (found.agreed_at, found.recognition, found.student_id) == (None, "recognised", student)
        actions.edit_internship(mine, found, as_entry(found, name="Айжан"), found.version, TODAY)
        assert (found.recognition, found.student_id) == ("waiting", None)


def test_another_university_takes_the_weeks_along(world: Any, as_: Any) -> None:
    with as_(world.actors["altvagon"]) as mine:
        found = one(mine, world, "minor")
        actions.edit_internship(mine, found, as_entry(found, university_id=world.organisations["ASU"]), found.version, TODAY)
    with as_(world.actors["asu"]) as theirs:
        assert one(theirs, world, "minor").recognition == "waiting"
        assert theirs.scalar(sa.select(sa.func.count()).select_from(InternshipWeek)) == 2
    with as_(world.actors["astu"]) as former, pytest.raises(NotFound):
        one(former, world, "minor")


def test_an_old_version_changes_nothing(world: Any, as_: Any) -> None:
    with as_(world.actors["altvagon"]) as mine:
        found = one(mine, world, "minor")
        with pytest.raises(Conflict) as conflict:
            actions.edit_internship(mine, found, as_entry(found, mentor="Другой"), 7, TODAY)
        assert conflict.value.theirs["mentor"] == "Лапина О. В."


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"briefing_on": None}, "briefing_on"),
        ({"starts_on": DAY(2026, 11, 24), "briefing_on": DAY(2026, 11, 20)}, ""),
        ({"starts_on": DAY(2026, 11, 23), "briefing_on": DAY(2026, 11, 20)}, "starts_on"),  # the first week has hours
        ({"hours_planned": 200}, "hours_planned"),
    ],
)
def test_what_has_begun_stays_possible(world: Any, as_: Any, changes: dict[str, Any], field: str) -> None:
    with as_(world.actors["altvagon"]) as mine:
        found = one(mine, world, "minor")
        with pytest.raises(RuleBroken) as error:
            actions.edit_internship(mine, found, as_entry(found, **changes), found.version, TODAY)
        assert error.value.field == field


# ------------------------------------------------------------------------------------------------------- stages and weeks
def test_from_planned_to_evaluated(world: Any, as_: Any, session: Any, specialist: Made) -> None:
    session.commit()
    period = {"starts_on": DAY(2026, 11, 9), "ends_on": DAY(2026, 11, 22)}
    with as_(world.actors["altvagon"]) as mine:
        found = actions.log_internship(mine, world.organisations["ALTVAGON"], specialist(**period, hours_planned=80), TODAY)
        public_id = found.public_id
        actions.take_step(mine, found, "confirm", found.version, TODAY)
        with pytest.raises(RuleBroken) as error:
            actions.take_step(mine, found, "start", found.version, TODAY)
        assert error.value.field == "briefing_on"
        actions.take_step(mine, found, "start", found.version, TODAY, briefing_on=DAY(2026, 11, 9))
        actions.take_step(mine, found, "finish", found.version, TODAY)
        actions.evaluate(mine, found, found.version, TODAY, grade=5, review="Освоил станок, работает сам.", outcome="invited")
        assert (found.status, found.grade, found.outcome, found.briefing_on) == ("evaluated", 5, "invited", DAY(2026, 11, 9))
    assert logged_actions(session, public_id) == [
        "internship:logged", "internship:confirmed", "internship:started", "internship:finished", "internship:evaluated",
    ]  # fmt: skip


def test_breaking_off_needs_a_reason_and_an_own_version(world: Any, as_: Any) -> None:
    with as_(world.actors["altvagon"]) as mine:
        found = one(mine, world, "minor")
        with pytest.raises(RuleBroken):
            actions.take_step(mine, found, "interrupt", found.version, TODAY)
        with pytest.raises(Conflict):
            actions.take_step(mine, found, "interrupt", 9, TODAY, reason="болезнь")
        actions.take_step(mine, found, "interrupt", found.version, TODAY, reason="болезнь")
        assert (found.status, found.status_reason) == ("interrupted", "болезнь")


def test_weeks_add_up(world: Any, as_: Any) -> None:
    with as_(world.actors["altvagon"]) as mine:
        found = one(mine, world, "minor")  # recorded: 24/20 and 24/0; hours planned 96
        first, now, third, last = (DAY(2026, 11, 16), DAY(2026, 11, 23), DAY(2026, 11, 30), DAY(2026, 12, 7))
        assert actions.record_weeks(mine, found, {first: (24, 22, ""), now: (30, 8, "")}, found.version, TODAY) == {}
        assert (found.hours_done, found.hours_planned) == (30, 96)  # two weeks have no plan yet
        wrong = actions.record_weeks(mine, found, {first: (24, 39, "")}, found.version, TODAY)
        assert set(wrong) == {first}
        assert found.hours_done == 30
        every = {first: (30, 22, "болела в пятницу"), now: (30, 8, ""), third: (20, 0, ""), last: (10, 0, "")}
        assert actions.record_weeks(mine, found, every, found.version, TODAY) == {}
        assert (found.hours_done, found.hours_planned) == (30, 90)
        mine.expire_all()
        assert [w.hours_planned for w in queries.weeks(mine, found).values()] == [30, 30, 20, 10]
        assert actions.record_weeks(mine, found, {now: (30, 16, "")}, found.version, TODAY) == {}
        assert found.hours_done == 38
        outside = DAY(2026, 12, 14)
        assert set(actions.record_weeks(mine, found, {outside: (1, 0, "")}, found.version, TODAY)) == {outside}


def test_the_same_weeks_again_change_nothing(world: Any, as_: Any) -> None:
    with as_(world.actors["altvagon"]) as mine:
        found = one(mine, world, "minor")
        actions.record_weeks(mine, found, {DAY(2026, 11, 16): (24, 20, "")}, found.version, TODAY)
        assert found.version == 1
