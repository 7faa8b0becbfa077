"""Recording and annulling, on both databases: nothing is edited, nothing is doubled, both are in the log."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from exchange.access.rows import NotYours
from exchange.audit.models import AuditEntry
from exchange.errors import NotFound, RuleBroken
from exchange.stays.actions import annul_fact, record_fact
from exchange.stays.models import StayFact
from exchange.stays.queries import facts_of, in_force
from exchange.stays.rules import Said
from exchange.students.models import Student
from tests.stays.conftest import day

MEDICAL = Said("medical", day("2026-11-20"), day("2027-11-19"))


@pytest.fixture
def astu_session(as_: Any, world: Any, today: Any) -> Any:
    with as_(world.actors["astu"]) as session:
        yield session


def student(session: Any, world: Any, key: str = "kim") -> Student:
    found: Student = session.get_one(Student, world.students[key])
    return found


def test_a_fact_is_kept_with_who_and_when(astu_session: Any, world: Any) -> None:
    kim = student(astu_session, world)
    fact = record_fact(astu_session, kim, MEDICAL)
    assert (fact.person_id, fact.organisation_id) == (world.persons["kim"], world.organisations["ASTU"])
    assert (fact.recorded_by, fact.recorded_by_id) == ("Astu Tester", world.actors["astu"].user_id)
    assert fact.recorded_at.date() == day("2026-11-23")


def test_both_enrolments_of_a_person_show_the_same_facts(astu_session: Any, world: Any) -> None:
    record_fact(astu_session, student(astu_session, world, "kim2"), MEDICAL)
    found = facts_of(astu_session, student(astu_session, world, "kim").person_id)
    assert MEDICAL.starts_on in {item.fact.starts_on for item in found if item.fact.kind == "medical"}


def test_the_same_fact_is_said_and_not_doubled(astu_session: Any, world: Any) -> None:
    kim = student(astu_session, world)
    record_fact(astu_session, kim, MEDICAL)
    with pytest.raises(RuleBroken, match=r"Уже внесено: Медосвидетельствование, 20\.11\.2026"):
        record_fact(astu_session, kim, MEDICAL)
    kept = [fact for fact in in_force(facts_of(astu_session, kim.person_id)) if fact.starts_on == MEDICAL.starts_on]
    assert len(kept) == 1


def test_an_annulled_fact_may_be_recorded_again(astu_session: Any, world: Any) -> None:
    kim = student(astu_session, world)
    fact = record_fact(astu_session, kim, MEDICAL)
    annul_fact(astu_session, kim, fact.id, "  не тот  студент ")
    again = record_fact(astu_session, kim, MEDICAL)
    found = {item.fact.id: item.annulled_by for item in facts_of(astu_session, kim.person_id)}
    assert found[again.id] is None
    assert found[fact.id].note == "не тот студент"


def test_a_fact_is_annulled_once(astu_session: Any, world: Any) -> None:
    kim = student(astu_session, world)
    fact = record_fact(astu_session, kim, MEDICAL)
    annulment = annul_fact(astu_session, kim, fact.id, "не тот студент")
    with pytest.raises(RuleBroken, match="уже аннулирована: Astu Tester"):
        annul_fact(astu_session, kim, fact.id, "не тот студент")
    with pytest.raises(NotFound):
        annul_fact(astu_session, kim, annulment.id, "не тот студент")
    with pytest.raises(NotFound):
        annul_fact(astu_session, student(astu_session, world, "tolegenova"), fact.id, "не тот студент")


def test_a_reason_is_needed(astu_session: Any, world: Any) -> None:
    with pytest.raises(RuleBroken, match="не меньше 10 знаков"):
        annul_fact(astu_session, student(astu_session, world), world.stay_facts["kim"], "ошибка")


def test_a_notice_without_addressee_goes_where_the_classifier_says(astu_session: Any, world: Any) -> None:
    said = Said("notice", day("2026-11-20"), number="17-45", code="ARRIVAL_EDU_3")
    assert record_fact(astu_session, student(astu_session, world), said).party == "Минобразования Алтайского края"


def test_both_are_in_the_log_without_numbers(astu_session: Any, session: Any, world: Any) -> None:
    kim = student(astu_session, world)
    said = Said("rvpo", day("2026-11-20"), day("2029-12-27"), number="РВПО-991")
    fact = record_fact(astu_session, kim, said)
    annul_fact(astu_session, kim, fact.id, "не тот студент")
    astu_session.commit()
    last = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(2)).all()
    days = {"starts_on": "2026-11-20", "ends_on": "2029-12-27"}
    assert [(entry.action, entry.subject_id) for entry in last] == [
        ("stay:annulled", world.public_ids["kim"]), ("stay:recorded", world.public_ids["kim"]),
    ]  # fmt: skip
    assert [entry.details for entry in last] == [
        {"kind": "rvpo", **days, "reason": "не тот студент"}, {"kind": "rvpo", **days},
    ]  # fmt: skip


def test_facts_are_never_edited(session: Any, world: Any) -> None:
    """Neither through the session, nor past it."""
    fact = session.get_one(StayFact, world.stay_facts["kim"])
    fact.note = "иначе"
    with pytest.raises(NotYours, match="append-only"):
        session.flush()
    session.rollback()
    for statement in ("update stay_fact set note = 'x'", "delete from stay_fact"):
        point = session.begin_nested()
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            session.execute(sa.text(statement))
        point.rollback()


@pytest.mark.parametrize("key", ["ministry", "auditor", "altvagon", "akimat", "asu"])
def test_others_do_not_write(as_: Any, world: Any, key: str, today: Any) -> None:
    with as_(world.actors[key]) as session:
        session.add(
            StayFact(
                person_id=world.persons["kim"], organisation_id=world.organisations["ASTU"], kind="exit",
                starts_on=day("2026-11-20"),
            )
        )  # fmt: skip
        with pytest.raises(NotYours):
            session.flush()
        session.rollback()


@pytest.mark.parametrize(
    ("key", "count"),
    [("astu", 8), ("asu", 5), ("branch", 4), ("ministry", 13), ("auditor", 13), ("altvagon", 0), ("akimat", 0)],
)
def test_who_sees_how_many(as_: Any, world: Any, key: str, count: int) -> None:
    with as_(world.actors[key]) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(StayFact)) == count
