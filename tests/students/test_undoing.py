"""«Отменить»: what was just done is taken back by an entry of its own, for a day or until the record changes again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.people.models import IdentityDocument, Person, PersonFacts
from exchange.stays.models import StayFact
from exchange.students.models import OrderLine, Student, StudyPeriod, Undo
from tests.students.mass import EXPULSION, chosen, record
from tests.students.pages import GOOD, soup_of, typed

pytestmark = pytest.mark.usefixtures("today")
ORDER = {
    "number": "412-ст", "signed_on": "13.11.2026", "effective_on": "13.11.2026", "ground": "own_wish", "do": "record",
}  # fmt: skip


def button(page: Any) -> str:
    """Where the button of the banner leads; "" when there is none."""
    found = soup_of(page).select_one(".flash form")
    return str(found["action"]) if found else ""


def status(session: Session, student_id: int) -> tuple[str, ...]:
    held = sa.select(StudyPeriod.status_code).where(StudyPeriod.student_id == student_id, StudyPeriod.superseded_at.is_(None))
    return tuple(session.scalars(held.order_by(StudyPeriod.valid_from)))


def undone(session: Session) -> list[Any]:
    asked = sa.select(AuditEntry.details).where(AuditEntry.action == "student:undone").order_by(AuditEntry.id)
    return list(session.scalars(asked))


def test_an_order_for_one_is_taken_back_by_its_annulment(astu: Any, session: Session, world: Any) -> None:
    key, path = world.students["kim"], f"/students/{world.public_ids['kim']}"
    before = status(session, key)
    lines = session.scalar(sa.select(sa.func.count()).where(OrderLine.student_id == key)) or 0
    card = astu.get(astu.post(f"{path}/orders/new?type=expulsion", data=ORDER).location)
    assert status(session, key)[-1] == "expelled"
    answer = astu.post(button(card))
    assert (answer.status_code, answer.location) == (303, path)
    page = astu.get(path)
    assert "Отменено. Запись о действии и об отмене осталась в истории" in page.text
    assert "Аннулирован приказом отмена ввода от 23.11.2026" in page.text
    assert status(session, key) == before
    assert session.scalar(sa.select(sa.func.count()).where(OrderLine.student_id == key)) == lines + 2  # nothing was deleted
    assert [one["what"] for one in undone(session)] == ["order:recorded"]
    again = astu.post(button(card))
    assert again.location == path
    assert "Это уже отменено: Astu Tester" in astu.get(path).text


def test_a_registration_is_taken_back_and_stays_as_void(astu: Any, session: Session) -> None:
    card = astu.get(astu.post("/students/new", data=GOOD).location)
    answer = astu.post(button(card))
    page = astu.get(answer.location)
    assert page.status_code == 200
    assert "Аннулирован" in page.text
    public_id = answer.location.rpartition("/")[2]
    key = session.scalar(sa.select(Student.id).where(Student.public_id == public_id))
    assert status(session, key) == ("void",)


def test_an_edit_is_taken_back_in_all_its_parts(astu: Any, session: Session, world: Any) -> None:
    path, person_id = f"/students/{world.public_ids['kim']}", world.persons["kim"]
    asked = sa.select(PersonFacts).where(PersonFacts.person_id == person_id).order_by(PersonFacts.valid_from, PersonFacts.id)

    def said() -> list[tuple[Any, ...]]:
        session.expire_all()
        return [(f.surname, f.name, f.valid_from, f.valid_to) for f in session.scalars(asked) if f.superseded_at is None]

    before, rows = said(), len(session.scalars(asked).all())
    form = typed(astu.get(f"{path}/edit"))
    changed = {**form, "last_name": "Кимов", "phone": "+7 777 000-00-00", "faculty": "ФИТ", "note": "проверить", "do": "save"}
    card = astu.get(astu.post(f"{path}/edit", data=changed).location)
    assert said()[-1][0] == "Кимов"
    assert astu.post(button(card)).location == path
    assert said() == before
    session.expire_all()
    assert len(session.scalars(asked).all()) > rows + 1  # the correction is there, and the one that took it back
    student, person = session.get_one(Student, world.students["kim"]), session.get_one(Person, person_id)
    assert (student.faculty, student.note, person.phone) == ("", "", "+77051234567")
    (told,) = undone(session)
    assert (told["before"], told["after"]) == ({"surname": "Кимов"}, {"surname": before[-1][0]})
    kept = session.scalars(sa.select(Undo)).one()
    assert kept.content == {}  # values of the card are not kept longer than needed


def test_an_edit_does_not_rewrite_a_name_that_was_there_before(astu: Any, session: Session, world: Any) -> None:
    """Two spans: once «Цой», then «Ким». Correcting «Ким» to «Цой» and back leaves the first span alone."""
    person_id, path = world.persons["kim"], f"/students/{world.public_ids['kim']}"
    name = {
        "number": "5-к", "signed_on": "01.10.2026", "effective_on": "01.10.2026", "last_name": "Цой", "first_name": "Виктор",
        "do": "record",
    }  # fmt: skip
    assert astu.post(f"{path}/orders/new?type=name_change", data=name).status_code == 303
    held = sa.select(PersonFacts.surname).where(PersonFacts.person_id == person_id, PersonFacts.superseded_at.is_(None))
    first, second = session.scalars(held.order_by(PersonFacts.valid_from)).all()
    assert second == "Цой"
    form = typed(astu.get(f"{path}/edit"))
    card = astu.get(astu.post(f"{path}/edit", data={**form, "last_name": first, "do": "save"}).location)
    assert session.scalars(held.order_by(PersonFacts.valid_from)).all() == [first, first]
    astu.post(button(card))
    assert session.scalars(held.order_by(PersonFacts.valid_from)).all() == [first, "Цой"]


def test_a_fact_of_stay_is_taken_back(astu: Any, session: Session, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/stay"
    sent = {"starts_on": "20.11.2026", "ends_on": "19.11.2027"}
    page = astu.get(astu.post(f"{path}/new?kind=medical", data=sent).location)
    assert astu.post(button(page)).location == path
    facts = session.scalars(sa.select(StayFact).where(StayFact.person_id == world.persons["kim"])).all()
    (fact,) = [fact for fact in facts if (fact.kind, f"{fact.starts_on}") == ("medical", "2026-11-20")]
    assert [one.note for one in facts if one.cancels_id == fact.id] == ["Отменено сразу после внесения"]


def test_an_order_for_many_is_taken_back_whole(astu: Any, session: Session, world: Any) -> None:
    """Those who were in the order before stay in it: only what was just recorded is annulled."""
    students = {key: world.students[key] for key in ("kim", "orazbayeva", "tolegenova")}
    one = {**ORDER, "number": "412-ст", "ground": "debt"}
    astu.post(f"/students/{world.public_ids['kim']}/orders/new?type=expulsion", data=one)
    before = {key: status(session, number) for key, number in students.items()}
    both = {**EXPULSION, "chosen": chosen(world, "orazbayeva", "tolegenova")}
    paper = record(astu, "expulsion", both)
    assert {status(session, students[key])[-1] for key in ("orazbayeva", "tolegenova")} == {"expelled"}
    page = astu.get(paper.location)
    answer = astu.post(button(page))
    assert answer.location == paper.location
    assert {key: status(session, number) for key, number in students.items()} == before
    assert before["kim"][-1] == "expelled"
    assert [(told["what"], told["students"]) for told in undone(session)] == [("orders:recorded", 2)]
    assert "Это уже отменено" in astu.get(astu.post(button(page)).location).text


def test_after_the_next_change_it_is_too_late(astu: Any, session: Session, world: Any) -> None:
    path, key = f"/students/{world.public_ids['kim']}", world.students["kim"]
    card = astu.get(astu.post(f"{path}/orders/new?type=expulsion", data=ORDER).location)
    form = typed(astu.get(f"{path}/edit"))
    astu.post(f"{path}/edit", data={**form, "note": "звонил", "do": "save"})
    before = status(session, key)
    assert astu.post(button(card)).location == path
    assert "После этого запись изменили: Astu Tester. Аннулируйте приказ или исправьте карточку" in astu.get(path).text
    assert status(session, key) == before
    assert undone(session) == []


def test_after_a_day_it_is_too_late(astu: Any, session: Session, world: Any, today: Any, login: Any) -> None:
    path, key = f"/students/{world.public_ids['kim']}", world.students["kim"]
    card = astu.get(astu.post(f"{path}/orders/new?type=expulsion", data=ORDER).location)
    today.shift(dt.timedelta(hours=24, minutes=1))
    login(astu, world.emails["astu"])
    answer = astu.post(button(card))
    assert answer.location == path
    assert "Отменить можно было в течение 24 часов" in astu.get(path).text
    assert status(session, key)[-1] == "expelled"


def test_a_document_that_was_added_has_no_button(astu: Any, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}"
    form = typed(astu.get(f"{path}/edit"))
    sent = {**form, "document_type": "kz_passport", "passport": "N77777777", "do": "save"}
    card = astu.get(astu.post(f"{path}/edit", data=sent).location)
    assert "Изменения записаны" in card.text
    assert button(card) == ""


def test_nobody_else_takes_it_back(
    astu: Any, session: Session, world: Any, new_client: Callable[..., Any], login: Callable[..., Any]
) -> None:
    path, key = f"/students/{world.public_ids['kim']}", world.students["kim"]
    there = button(astu.get(astu.post(f"{path}/orders/new?type=expulsion", data=ORDER).location))
    for who, answered in (("asu", 404), ("ministry", 403), ("auditor", 403), ("altvagon", 403)):
        visitor = new_client()
        login(visitor, world.emails[who])
        assert visitor.post(there).status_code == answered, who
    assert astu.get(there).status_code == 405
    assert status(session, key)[-1] == "expelled"


def test_what_is_over_is_removed(astu: Any, session: Session, world: Any, today: Any, login: Any) -> None:
    path = f"/students/{world.public_ids['kim']}"
    form = typed(astu.get(f"{path}/edit"))
    astu.post(f"{path}/edit", data={**form, "note": "раз", "do": "save"})
    today.shift(dt.timedelta(days=2))
    login(astu, world.emails["astu"])
    form = typed(astu.get(f"{path}/edit"))
    astu.post(f"{path}/edit", data={**form, "note": "два", "do": "save"})
    assert [undo.content["card"] for undo in session.scalars(sa.select(Undo))] == [{"note": "раз"}]


def test_of_an_edit_with_a_document_all_but_the_document_is_taken_back(astu: Any, session: Session, world: Any) -> None:
    path, person_id = f"/students/{world.public_ids['kim']}", world.persons["kim"]
    passport = {"document_type": "kz_passport", "passport": "N12345678"}
    form = typed(astu.get(f"{path}/edit"))
    before = form["last_name"]
    card = astu.get(astu.post(f"{path}/edit", data={**form, **passport, "last_name": "Кимов", "do": "save"}).location)
    assert "Отмена не тронет документ: он остаётся в истории" in card.text
    assert astu.post(button(card)).location == path
    held = sa.select(PersonFacts.surname).where(PersonFacts.person_id == person_id, PersonFacts.superseded_at.is_(None))
    assert session.scalars(held).all() == [before]
    numbers = sa.select(IdentityDocument.number).where(IdentityDocument.person_id == person_id)
    assert "N12345678" in session.scalars(numbers).all()
    alone = {**typed(astu.get(f"{path}/edit")), "document_type": "kz_id", "passport": "012345678", "do": "save"}
    assert button(astu.get(astu.post(f"{path}/edit", data=alone).location)) == ""
