"""Pages of orders as papers: joined by students found later, entered before them, listed, annulled whole."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.people.queries import latest_facts
from exchange.students.models import Student, StudyPeriod
from tests.students.mass import EXPULSION, MANY, chosen, lines, record, rows, text_of
from tests.students.pages import TOKEN, soup_of, summary, typed

pytestmark = pytest.mark.usefixtures("today")


# --------------------------------------------------------------------------------------------------------- joined orders
def test_an_order_found_later_joins_the_one_on_file(astu: Any, session: Session, world: Any) -> None:
    first = record(astu, "expulsion", {**EXPULSION, "chosen": chosen(world, "kim")})
    asked = astu.post(f"{MANY}?type=expulsion", data={**EXPULSION, "chosen": chosen(world, "kim", "orazbayeva")})
    assert "уже есть, в нём 1 студент" in text_of(asked)
    assert "Уже в этом приказе, действует с 13.11.2026" in rows(asked, "unfit")[0]
    done = astu.post(f"{MANY}?type=expulsion", data={**typed(asked), "do": "record"})
    assert done.location == first.location
    assert len(rows(astu.get(done.location), "lines")) == 2


def test_students_are_added_from_the_page_of_the_order(astu: Any, session: Session, world: Any) -> None:
    first = record(astu, "expulsion", {**EXPULSION, "chosen": chosen(world, "kim")})
    paper_id = first.location.rpartition("/")[2]
    found = astu.get(f"{first.location}/students?q=" + surname(session, world, "orazbayeva"))
    assert [box["value"] for box in soup_of(found).select("input[name=student]")] == [world.public_ids["orazbayeva"]]
    form = astu.get(f"{MANY}?type=expulsion&order={paper_id}&student={world.public_ids['orazbayeva']}")
    values = typed(form)
    assert (values["number"], values["signed_on"], values["ground"]) == ("412-ст", "13.11.2026", "debt")
    assert values["effective_on"] == "13.11.2026"
    forged = {**values, "number": "другой", "signed_on": "01.01.2026", "do": "check"}
    asked = astu.post(f"{MANY}?type=expulsion", data=forged)
    done = astu.post(f"{MANY}?type=expulsion", data={**typed(asked), "do": "record"})
    assert done.location == first.location, "who adds to an order can't make another of it"


def surname(session: Session, world: Any, key: str) -> str:
    return latest_facts(session, world.persons[key]).surname


# -------------------------------------------------------------------------------------------------------- order first
def test_an_order_before_its_students_counts_who_is_missing(astu: Any, session: Session, world: Any) -> None:
    assert "О переводе на следующий курс" in astu.get("/students/orders/new").text
    path = "/students/orders/new?type=course_transfer"
    refused = astu.post(path, data={**typed(astu.get(path)), "number": "512-ст", "expected": "много"})
    assert refused.status_code == 422
    assert "Введите число от 1 до 1000, например 37" in summary(refused)
    entered = astu.post(path, data={**typed(refused), "expected": "3", "do": "save"})
    assert entered.status_code == 303, summary(entered)
    page = astu.get(entered.location)
    assert "Внесено 0 из 3, не хватает 3." in text_of(page)
    listed = astu.get("/students/orders")
    assert "В 1 приказ внесены не все студенты." in text_of(listed)
    assert len(rows(astu.get("/students/orders?unfinished=1"), "papers")) == 1
    # from the bulk bar: the form offers the order that waits
    paper_id = entered.location.rpartition("/")[2]
    form = astu.get(f"{MANY}?type=course_transfer&student={world.public_ids['kim']}&student={world.public_ids['orazbayeva']}")
    assert "512-ст от 23.11.2026: внесено 0 из 3" in text_of(form)
    taken = astu.post(f"{MANY}?type=course_transfer", data={"chosen": typed(form)["chosen"], "take": paper_id})
    values = typed(taken)
    assert (values["number"], values["course"], values["order"]) == ("512-ст", "next", paper_id)
    asked = astu.post(f"{MANY}?type=course_transfer", data={**values, "do": "check"})
    done = astu.post(f"{MANY}?type=course_transfer", data={**typed(asked), "do": "record"})
    assert done.location == entered.location
    assert "Внесено 2 из 3, не хватает 1." in text_of(astu.get(done.location))
    # the number was wrong: two, not three
    again = astu.get(f"/students/orders/new?order={paper_id}")
    fixed = astu.post(path, data={**typed(again), "expected": "2"})
    assert "Внесены все: 2 из 2." in text_of(astu.get(fixed.location))
    assert rows(astu.get("/students/orders?unfinished=1"), "papers") == []


def test_the_list_of_orders_is_filtered(astu: Any, session: Session, world: Any) -> None:
    record(astu, "expulsion", {**EXPULSION, "chosen": chosen(world, "kim", "orazbayeva")})
    found = rows(astu.get("/students/orders?number=412"), "papers")
    assert len(found) == 1
    assert found[0].startswith("412-ст от 13.11.2026 Об отчислении 2")
    assert rows(astu.get("/students/orders?number=412&year=2025"), "papers") == []
    assert rows(astu.get("/students/orders?number=412&type=practice"), "papers") == []
    for odd in ("year=ӘҒҚ", "year=99999", "page=-3", "page=999", "type=%00", "number=%25"):
        assert astu.get(f"/students/orders?{odd}").status_code == 200


# ------------------------------------------------------------------------------------------------- annulment of the whole
CANCEL = {"number": "9-ст", "signed_on": "20.11.2026", "reason": "ошибка в списке", "do": "check"}


def test_a_whole_order_is_annulled(astu: Any, session: Session, world: Any) -> None:
    told = current(session, world, "kim"), current(session, world, "orazbayeva")
    done = record(astu, "expulsion", {**EXPULSION, "chosen": chosen(world, "kim", "orazbayeva")})
    path = f"{done.location}/annul"
    assert "перестанет действовать для 2 студент" in text_of(astu.get(path))
    refused = astu.post(path, data={**CANCEL, "number": "", "reason": "\x00"})
    assert (refused.status_code, len(summary(refused))) == (422, 2)
    asked = astu.post(path, data=CANCEL)
    assert soup_of(asked).h1.text.startswith("Аннулировать приказ для 2 студент")
    assert "Входит в контингент: АлтГТУ, с 13.11.2026: 2" in text_of(asked)
    annulled = astu.post(path, data={**typed(asked), "do": "record", "once": TOKEN})
    assert annulled.status_code == 303
    assert (current(session, world, "kim"), current(session, world, "orazbayeva")) == told
    cancelling = astu.get(annulled.location)
    assert all("Отменяет приказ 412-ст от 13.11.2026" in row for row in rows(cancelling, "lines"))
    page = astu.get(done.location)
    assert all("Аннулирован приказ 9-ст от 20.11.2026" in row for row in rows(page, "lines"))
    assert "нет записей в силе" in astu.get(path).text
    assert astu.post(path, data=CANCEL).status_code == 422


def current(session: Session, world: Any, key: str) -> list[tuple[Any, ...]]:
    told = sa.select(StudyPeriod.valid_from, StudyPeriod.valid_to, StudyPeriod.status_code, StudyPeriod.course).where(
        StudyPeriod.student_id == world.students[key], StudyPeriod.superseded_at.is_(None)
    )
    return [tuple(row) for row in session.execute(told.order_by(StudyPeriod.valid_from))]


def test_who_stands_in_the_way_is_said_and_the_rest_is_done_when_asked(astu: Any, session: Session, world: Any) -> None:
    leave = {"number": "300-ст", "signed_on": "01.11.2026", "leave_ground": "family", "until": "01.06.2027", "do": "check"}
    done = record(astu, "academic_leave", {**leave, "chosen": chosen(world, "kim", "orazbayeva")})
    back = {"number": "301-ст", "signed_on": "10.11.2026", "do": "check"}
    record(astu, "leave_return", {**back, "chosen": chosen(world, "kim")})
    path = f"{done.location}/annul"
    asked = astu.post(path, data=CANCEL)
    assert "Целиком приказ аннулировать нельзя" in asked.text
    assert "Сначала аннулируйте более поздний документ: приказ 301-ст от 10.11.2026" in rows(asked, "unfit")[0]
    annulled = astu.post(path, data={**typed(asked), "do": "record"})
    assert annulled.status_code == 303
    assert len(rows(astu.get(annulled.location), "lines")) == 1
    states = sorted("Аннулирован" in row for row in rows(astu.get(done.location), "lines"))
    assert states == [False, True]


def test_a_change_between_check_and_annulment_is_said(astu: Any, session: Session, world: Any) -> None:
    done = record(astu, "expulsion", {**EXPULSION, "chosen": chosen(world, "kim", "orazbayeva")})
    asked = astu.post(f"{done.location}/annul", data=CANCEL)
    student = session.get_one(Student, world.students["kim"])
    student.note = "позвонить"
    session.commit()
    before = lines(session)
    refused = astu.post(f"{done.location}/annul", data={**typed(asked), "do": "record"})
    assert refused.status_code == 422
    assert lines(session) == before
    assert "Пока вы проверяли" in refused.text
