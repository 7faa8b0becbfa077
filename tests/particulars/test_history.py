"""Names and citizenships from a day: entered, corrected, taken back; what lists, reports and movement count then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.actor import SYSTEM
from exchange.database import now
from exchange.errors import RuleBroken
from exchange.particulars import actions
from exchange.particulars.queries import Around, around, change_on, changes_of
from exchange.people import actions as people
from exchange.people import queries as said_of
from exchange.students import actions as students
from exchange.students.contingent import contingent_on
from exchange.students.models import Student, StudyPeriod
from reports.catalogue import REPORTS
from reports.counts import Slice
from reports.movement import OTHER, movement
from reports.report import Parameters, Reader
from tests.students.conftest import astu, day
from tests.students.pages import soup_of, typed

__all__ = ["astu"]
pytestmark = pytest.mark.usefixtures("today")
As = Callable[[Any], AbstractContextManager[Session]]
RUSSIAN = {"citizenship": "KZ", "is_rf_citizen": True}


def told(session: Session, world: Any, key: str) -> Around:
    return around(session, session.get_one(Student, world.students[key]))


def names(session: Session, world: Any, key: str) -> dict[str, str]:
    facts = told(session, world, key).facts
    return {name: getattr(facts, name) for name in people.NAMES}


# --------------------------------------------------------------------------------------------------- what is said from a day
def test_a_change_holds_until_a_later_one(as_: As, world: Any) -> None:
    """Of 10.03.2026 first, then one of 05.02.2026 is found: it holds for a month, the later one stands."""
    with as_(world.actors["astu"]) as session:
        person = world.persons["orazbayeva"]
        people.change_facts_from(session, person, day("2026-03-10"), {"surname": "Третья"}, now(), "паспорт 2")
        people.change_facts_from(session, person, day("2026-02-05"), {"surname": "Вторая"}, now(), "паспорт 1")
        spans = [(f.valid_from.isoformat(), f.surname, f.ground) for f in people.current_facts(session, person)]
        assert spans == [
            ("2006-08-08", "Оразбаева", ""), ("2026-02-05", "Вторая", "паспорт 1"), ("2026-03-10", "Третья", "паспорт 2"),
        ]  # fmt: skip
        people.take_back_from(session, person, day("2026-02-05"), ["surname"], now(), {})
        spans = [(f.valid_from.isoformat(), f.surname, f.ground) for f in people.current_facts(session, person)]
        assert spans == [
            ("2006-08-08", "Оразбаева", ""), ("2026-02-05", "Оразбаева", ""), ("2026-03-10", "Третья", "паспорт 2"),
        ]  # fmt: skip


def test_entered_corrected_and_taken_back(as_: As, world: Any, today: Any) -> None:
    """Both times are kept: what was said after each step can be asked for again."""
    with as_(world.actors["astu"]) as session:
        person = world.persons["kim"]
        new = names(session, world, "kim") | {"surname": "Кимов"}
        before = now()
        today.shift(60)
        actions.record_change(session, told(session, world, "kim"), "names", day("2026-05-12"), new, "новый паспорт")
        entered = now()
        today.shift(60)
        (change,) = changes_of(session, told(session, world, "kim"))
        assert (change.what, change.day, change.before.surname, change.ground) == (
            "names", day("2026-05-12"), "Ким", "новый паспорт",
        )  # fmt: skip
        right = new | {"surname": "Кимовский"}
        actions.correct_change(session, told(session, world, "kim"), change, day("2026-05-13"), right, "паспорт от 13.05")
        corrected = now()
        today.shift(60)
        found = change_on(session, told(session, world, "kim"), "names", day("2026-05-13"))
        assert found is not None
        actions.take_change_back(session, told(session, world, "kim"), found, "паспорт другого студента")

        def surname(on: str, known: dt.datetime | None) -> str:
            facts = said_of.facts_on(session, person, day(on), known)
            assert facts is not None
            return facts.surname

        moments = (before, entered, corrected, None)
        assert [surname("2026-05-12", known) for known in moments] == ["Ким", "Кимов", "Ким", "Ким"]
        assert [surname("2026-11-01", known) for known in moments] == ["Ким", "Кимов", "Кимовский", "Ким"]
        assert changes_of(session, told(session, world, "kim")) == []


@pytest.mark.parametrize(
    ("on", "sentence"),
    [("2026-11-24", "не позже сегодняшней"), ("2005-05-30", "позже дня рождения"), ("2026-05-12", "уже записана")],
)
def test_days_that_are_refused(as_: As, world: Any, on: str, sentence: str) -> None:
    with as_(world.actors["astu"]) as session:
        new = names(session, world, "kim")
        first = new | {"surname": "Кимов"}
        actions.record_change(session, told(session, world, "kim"), "names", day("2026-05-12"), first, "паспорт")
        with pytest.raises(RuleBroken, match=sentence):
            actions.record_change(session, told(session, world, "kim"), "names", day(on), new | {"surname": "Ан"}, "паспорт")


def test_what_an_order_says_is_changed_by_orders(as_: As, world: Any) -> None:
    with as_(world.actors["astu"]) as session:
        student = session.get_one(Student, world.students["kim"])
        said = {"last_name": "Кимов", "first_name": "Виктор", "patronymic": "Андреевич"}
        students.record_order(
            session, student, "name_change", "name_change", "77-ст", day("2026-05-12"), day("2026-05-12"), said
        )
        (change,) = changes_of(session, told(session, world, "kim"))
        assert change.order is not None
        assert change.order.number == "77-ст"
        with pytest.raises(RuleBroken, match="Аннулируйте приказ"):
            actions.take_change_back(session, told(session, world, "kim"), change, "ошибочная запись")


# ------------------------------------------------------------------------------------------------------ citizens, by hand
def counted(session: Session, on: str, known: dt.datetime | None = None) -> tuple[int, int]:
    rows = session.execute(
        contingent_on(day(on), known).with_only_columns(StudyPeriod.organisation_id, StudyPeriod.person_id)
    ).all()
    return len(rows), len({row.person_id for row in rows})


def of_r01(session: Session, world: Any, on: str) -> Any:
    """The sum of the first table of R01 on a day, universities with their branches."""
    result = REPORTS["R01"].make(session, Parameters(day(on)), Reader.of(world.actors["ministry"]))
    parts = {"головная организация", "филиал"}
    return sum(dict(line.values)["total"] for line in result.tables[0].lines if not parts & set(line.labels))


def test_who_takes_russian_citizenship_leaves_the_citizens_and_not_the_university(
    as_: As, world: Any, client: Any, login: Any, today: Any
) -> None:
    """Of the 8 enrolments of 7 persons (tests/world.py) kim has two: 6 of 6 are left from 01.11.2026."""
    with as_(world.actors["astu"]) as session:
        before = now()
        today.shift(60)
        actions.record_change(session, told(session, world, "kim"), "citizenship", day("2026-11-01"), RUSSIAN, "паспорт РФ")
        session.commit()
    with as_(SYSTEM) as session:
        assert counted(session, "2026-10-31") == (8, 7)
        assert counted(session, "2026-11-01") == (6, 6)
        assert counted(session, "2026-11-23") == (6, 6)
        assert counted(session, "2026-11-23", before) == (8, 7), "as it was known before"
        periods = sa.select(StudyPeriod.status_code).where(
            StudyPeriod.person_id == world.persons["kim"], StudyPeriod.superseded_at.is_(None), StudyPeriod.valid_to.is_(None)
        )
        assert session.scalars(periods).all() == ["studying", "studying"], "the university has him as before"
        moved = movement(session, Slice(day("2026-11-23")), day("2026-10-01"))
        assert {step: number for step, number in moved.steps.items() if number} == {OTHER: -2}, "other: citizenship"
        before_it = movement(session, Slice(day("2026-10-31")), day("2026-10-01"))
        assert before_it.balance == 0
    with as_(world.actors["ministry"]) as session:
        assert [of_r01(session, world, on) for on in ("2026-10-31", "2026-11-23")] == [8, 6]
    login(client, world.emails["astu"])

    def listed(query: str) -> int:
        return len(soup_of(client.get(f"/students?{query}")).select("#students tbody tr"))

    assert listed("on=2026-10-31") == 5, "the five of ASTU"
    assert listed("on=2026-11-23") == 3, "citizens of Kazakhstan"
    assert listed("on=2026-11-23&status=studying") == 6, "all who study there, kim and mirzoyev of Uzbekistan too"


# ---------------------------------------------------------------------------------------------------------------- the pages
def url(world: Any, rest: str, key: str = "kim") -> str:
    return f"/students/{world.public_ids[key]}/particulars{rest}"


def test_the_tab_tells_the_former_name(astu: Any, world: Any) -> None:
    form = typed(astu.get(url(world, "/names/from/new")))
    assert form["last_name"] == "Ким"
    sent = form | {"last_name": "Кимов", "day": "12.05.2026", "ground": "новый паспорт"}
    answer = astu.post(url(world, "/names/from/new"), data=sent)
    assert (answer.status_code, answer.location) == (303, url(world, "") + "#names")
    card = soup_of(astu.get(url(world, ""))).select_one("section[aria-labelledby=names]")
    assert card is not None
    assert "Кимов Виктор Андреевич" in card.get_text()
    assert "Ким до 12.05.2026, новый паспорт" in " ".join(card.get_text().split())
    kept = typed(astu.get(url(world, "/names/from/2026-05-12")))
    assert (kept["day"], kept["ground"], kept["last_name"]) == ("12.05.2026", "новый паспорт", "Кимов")
    stale = astu.post(url(world, "/names/from/2026-05-12"), data=kept | {"opened": "1", "ground": "другой паспорт"})
    assert stale.status_code == 409
    assert typed(stale)["ground"] == "другой паспорт"
    assert "Пока вы редактировали" in stale.text
    again = astu.post(url(world, "/names/from/2026-05-12"), data=typed(stale) | {"once": "b" * 30})
    assert again.status_code == 303
    refused = astu.post(url(world, "/names/from/2026-05-12/take-back"), data={"reason": "нет"})
    assert refused.status_code == 422
    assert astu.post(url(world, "/names/from/2026-05-12/take-back"), data={"reason": "ошибочная запись"}).status_code == 303
    assert "Кимов" not in astu.get(url(world, "")).text


def test_a_citizenship_needs_its_ground(astu: Any, world: Any) -> None:
    form = {"day": "01.11.2026", "citizenship": "RU", "is_rf_citizen": "y"}
    refused = astu.post(url(world, "/citizenship/from/new"), data=form)
    assert refused.status_code == 422
    assert typed(refused)["citizenship"] == "RU"
    assert "Основание не указано" in refused.text
    astu.post(url(world, "/citizenship/from/new"), data=form | {"ground": "паспорт РФ"})
    card = soup_of(astu.get(url(world, ""))).select_one("section[aria-labelledby=birth]")
    assert card is not None
    assert "Казахстан до 01.11.2026, паспорт РФ" in " ".join(card.get_text().split())


def test_a_name_that_a_later_order_says_too_stays_when_the_earlier_change_is_taken_back(
    as_: As, world: Any, today: Any
) -> None:
    """Entered from 12.05 by a passport; an order of 01.09 says the same surname and another patronymic. The passport was
    somebody else's: what the order says goes on, from its own day."""
    with as_(world.actors["astu"]) as session:
        new = names(session, world, "kim") | {"surname": "Кимов"}
        actions.record_change(session, told(session, world, "kim"), "names", day("2026-05-12"), new, "новый паспорт")
        student = session.get_one(Student, world.students["kim"])
        said = {"last_name": "Кимов", "first_name": "Виктор", "patronymic": "Алексеевич"}
        students.record_order(
            session, student, "name_change", "name_change", "77-ст", day("2026-09-01"), day("2026-09-01"), said
        )
        found = change_on(session, told(session, world, "kim"), "names", day("2026-05-12"))
        assert found is not None
        actions.take_change_back(session, told(session, world, "kim"), found, "паспорт другого студента")
        spans = [(f.valid_from.isoformat(), f.surname, f.patronymic) for f in told(session, world, "kim").held]
        assert spans == [
            ("2005-05-30", "Ким", "Андреевич"), ("2026-05-12", "Ким", "Андреевич"), ("2026-09-01", "Кимов", "Алексеевич"),
        ]  # fmt: skip


def test_of_two_orders_with_one_name_the_later_stands_without_the_earlier(as_: As, world: Any, today: Any) -> None:
    with as_(world.actors["astu"]) as session:
        student = session.get_one(Student, world.students["kim"])
        lines = []
        for number, on, patronymic in (("77-ст", "2026-05-12", "Андреевич"), ("99-ст", "2026-09-01", "Алексеевич")):
            said = {"last_name": "Кимов", "first_name": "Виктор", "patronymic": patronymic}
            lines.append(students.record_order(session, student, "name_change", "name_change", number, day(on), day(on), said))
        students.annul_order(session, lines[0], "100-ст", day("2026-11-20"), "приказ о другом студенте")
        spans = [(f.valid_from.isoformat(), f.surname, f.patronymic) for f in told(session, world, "kim").held]
        assert spans[-1] == ("2026-09-01", "Кимов", "Алексеевич")
        assert {surname for _on, surname, _patronymic in spans[:-1]} == {"Ким"}
        students.annul_order(session, lines[1], "101-ст", day("2026-11-20"), "и этот о другом студенте")
        assert {(f.surname, f.patronymic) for f in told(session, world, "kim").held} == {("Ким", "Андреевич")}
