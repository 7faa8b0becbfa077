"""The card: as it was on a day and as it was known, its place in a list, the sheet for paper, what expires."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.people.models import IdentityDocument
from exchange.students.actions import annul_order, record_order, register_student
from exchange.students.models import Student
from tests.students.conftest import day, registration
from tests.students.pages import soup_of

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def lived(session: Session, world: Any, today: Any) -> Student:
    """Enrolled from 1 September (known since the 2nd), second course from 1 November (known since the 10th), expelled from
    15 November (known since the 16th), which was annulled on the 20th."""
    moves = {number: dt.datetime(2026, 9 if number == 2 else 11, number, 5, tzinfo=dt.UTC) for number in (2, 10, 16, 20)}
    today.move_to(moves[2])
    student = register_student(session, registration(world.organisations["ASTU"], 1))
    today.move_to(moves[10])
    promoted = (day("2026-10-30"), day("2026-11-01"), {"course": 2})
    record_order(session, student, "course_transfer", "next_course", "31-у", *promoted)
    today.move_to(moves[16])
    out = record_order(
        session, student, "expulsion", "expel", "9-к", day("2026-11-14"), day("2026-11-15"), {"ground": "own_wish"}
    )
    today.move_to(moves[20])
    annul_order(session, out, "10-к", day("2026-11-20"), "не тот студент")
    session.commit()
    today.move_to(dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC))
    return student


def card(visitor: Any, student: Student, **asked: str) -> tuple[str, str, str]:
    """Status, course and group, and the title of the banner."""
    answer = visitor.get(f"/students/{student.public_id}", query_string=asked)
    assert answer.status_code == 200
    page = soup_of(answer)
    facts = {pair.dt.text.strip(): pair.dd.text.strip() for pair in page.select("dl.facts > div")}
    banner = page.select_one(".note h2")
    return page.select_one(".ident .badge").text, facts["Курс и группа"], banner.text if banner else ""


def test_the_card_of_a_past_day(astu: Any, lived: Student) -> None:
    assert card(astu, lived) == ("Учится", "2, 8ПИ-61", "")
    assert card(astu, lived, day="31.10.2026") == ("Учится", "1, 8ПИ-61", "Карточка на 31.10.2026")
    assert card(astu, lived, day="1.11.2026") == ("Учится", "2, 8ПИ-61", "Карточка на 01.11.2026")
    assert card(astu, lived, day="16.11.2026") == ("Учится", "2, 8ПИ-61", "Карточка на 16.11.2026")


def test_the_card_as_it_was_known(astu: Any, lived: Student) -> None:
    """On the 5th nobody knew of the second course; on the 16th he counted as expelled, on the 20th no more."""
    assert card(astu, lived, day="05.11.2026", known="05.11.2026")[:2] == ("Учится", "1, 8ПИ-61")
    assert card(astu, lived, day="05.11.2026", known="10.11.2026")[:2] == ("Учится", "2, 8ПИ-61")
    assert card(astu, lived, day="16.11.2026", known="16.11.2026")[:2] == ("Отчислен", "2, 8ПИ-61")
    assert card(astu, lived, day="16.11.2026", known="20.11.2026")[:2] == ("Учится", "2, 8ПИ-61")
    assert card(astu, lived, known="16.11.2026")[:2] == ("Отчислен", "2, 8ПИ-61")


def test_the_past_knows_no_later_order_and_has_no_buttons(astu: Any, lived: Student) -> None:
    page = astu.get(f"/students/{lived.public_id}?day=16.11.2026&known=16.11.2026").text
    assert "Приказ 9-к" in page
    assert "Аннулирован" not in page
    assert "Так было известно в конце дня 16.11.2026" in page
    assert "Вернуться к сегодняшней карточке" in page
    for words in ("Записать приказ", "Показать номера", "Аннулировать", "Телефон"):
        assert words not in page, words
    assert "Приказ 31-у" not in astu.get(f"/students/{lived.public_id}?day=31.10.2026").text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"day": "31.02.2026"}, "«31.02.2026» не похоже на дату: показано на сегодня"),
        ({"day": "01.10.2026", "known": "вчерась"}, "«вчерась» не похоже на дату"),
        ({"day": "24.11.2026"}, "Этот день ещё не наступил"),
        ({"day": "01.01.1900"}, "На этот день записи о студенте нет"),
        ({"day": "15.09.2026", "known": "01.09.2026"}, "На этот день записи о студенте нет"),
        ({"day": "\x00" + "9" * 500}, "не похоже на дату"),
    ],
)
def test_a_day_that_can_not_be_shown_is_said(astu: Any, lived: Student, asked: dict[str, str], sentence: str) -> None:
    answer = astu.get(f"/students/{lived.public_id}", query_string=asked)
    assert answer.status_code == 200
    assert sentence in answer.text
    assert "Карточка на" not in answer.text


# --------------------------------------------------------------------------------------------------------- previous, next
def test_one_goes_on_through_the_list_one_came_from(astu: Any, world: Any) -> None:
    rows = soup_of(astu.get("/students?sort=name&status=all")).select("#students tbody th a")
    assert len(rows) == 8
    page = soup_of(astu.get(rows[0]["href"]))
    assert "К списку (1 из 8)" in page.text
    assert page.select_one("a[rel=prev]") is None
    seen = [rows[0].text]
    while following := page.select_one("nav a[rel=next]"):
        page = soup_of(astu.get(following["href"]))
        seen.append(page.h1.text)
    assert seen == [row.text for row in rows]
    back = page.select_one("nav a[rel=prev]")
    assert soup_of(astu.get(back["href"])).h1.text == seen[-2]
    (home,) = [a["href"] for a in page.select("main a") if "К списку (8 из 8)" in a.text]
    assert home == "/students?sort=name&status=all"


def test_words_of_a_search_stay_in_no_address_of_a_card(astu: Any, world: Any) -> None:
    (link,) = soup_of(astu.get("/students?q=Оразбаева&status=all")).select("#students tbody th a")
    assert link["href"] == f"/students/{world.public_ids['orazbayeva']}"


@pytest.mark.parametrize("asked", ["at=1", "of=7", "at=0&of=7", "at=9&of=7", "at=99999999999&of=7", "at=x&of=y", "at=5&of=900"])
def test_a_place_that_is_none_breaks_nothing(astu: Any, world: Any, asked: str) -> None:
    assert astu.get(f"/students/{world.public_ids['kim']}?sort=name&{asked}").status_code == 200


# ------------------------------------------------------------------------------------------------------- paper, notices
def test_the_sheet_masks_numbers_until_somebody_asks(
    astu: Any, session: Session, world: Any, new_client: Callable[..., Any], login: Callable[..., Any]
) -> None:
    path = f"/students/{world.public_ids['kim']}/sheet"
    page = astu.get(path)
    assert world.iins["kim"] not in page.text
    assert "+77051234567" in page.text
    opened = astu.post(path)
    assert opened.status_code == 200
    assert world.iins["kim"] in opened.text
    told = session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(2)).all()
    assert told == ["student:revealed", "student:viewed"]
    ministry = new_client()
    login(ministry, world.emails["ministry"])
    page = ministry.get(path)
    assert page.status_code == 200
    assert "+77051234567" not in page.text
    assert ministry.post(path).status_code == 403


@pytest.mark.parametrize(
    ("until", "sentence"),
    [("2026-11-22", "срок истёк 22.11.2026"), ("2027-01-22", "истекает 22.01.2027"), ("2027-01-23", "")],
)
def test_a_document_that_expires_is_named(astu: Any, session: Session, world: Any, until: str, sentence: str) -> None:
    change = sa.update(IdentityDocument).where(IdentityDocument.person_id == world.persons["kim"])
    session.execute(change.values(valid_until=day(until)))
    session.commit()
    page = astu.get(f"/students/{world.public_ids['kim']}").text
    if sentence:
        assert f"Паспорт гражданина Республики Казахстан: {sentence}" in page
    else:
        assert "истекает" not in page
        assert "срок истёк" not in page


def test_acts_stand_in_menus(astu: Any, world: Any) -> None:
    page = soup_of(astu.get(f"/students/{world.public_ids['kim']}"))
    acts, more = page.select("details.menu")
    assert acts.select_one("li a").text == "Перевести на курс"
    assert [a.text for a in more.select("li a")] == ["Создать похожего", "Печать карточки", "Выдать справку", "Объединить с…"]
