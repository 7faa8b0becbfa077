"""Pages of orders: a check before recording, refusals with sentences, annulment."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from exchange.people.iin import check_digit
from exchange.people.models import PersonFacts
from exchange.students.models import OrderLine, Student, StudyPeriod
from tests.students.conftest import FORM, day

pytestmark = pytest.mark.usefixtures("today")
As = Callable[[Any], AbstractContextManager[Session]]
IIN = "08031465000"
GOOD = {**FORM, "iin": f"{IIN}{check_digit(IIN)}", "do": "save"}
TOKEN = "a" * 30


def soup_of(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def typed(answer: Any) -> dict[str, str]:
    """What stands in the fields of the main form of a page."""
    values = {}
    for field in soup_of(answer).select("main form input[name], main form textarea[name]"):
        kind = field.get("type")
        if kind in ("checkbox", "radio"):
            if field.has_attr("checked"):
                values[str(field["name"])] = str(field.get("value", ""))
        else:
            values[str(field["name"])] = str(
                field.get("value", "") if field.name == "input" else field.text.removeprefix("\r\n")
            )
    for field in soup_of(answer).select("main form select[name]"):
        chosen = field.select_one("option[selected]")
        values[str(field["name"])] = str(chosen["value"]) if chosen else ""
    return values


def summary(answer: Any) -> list[str]:
    return [" ".join(item.text.split()) for item in soup_of(answer).select(".errsum li")]


def students(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Student)) or 0


# --------------------------------------------------------------------------------------------------------------- orders
ORDER = {"number": "412-ст", "signed_on": "13.11.2026", "effective_on": "", "ground": "debt", "do": "check"}


def test_an_expulsion_asks_once_more_and_says_what_follows(astu: Any, session: Session, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/orders/new?type=expulsion"
    asked = astu.post(path, data=ORDER)
    assert asked.status_code == 200
    text = " ".join(soup_of(asked).text.split())
    assert "Выбывает из контингента: АлтГТУ, с 13.11.2026" in text
    assert re.search(r"Отчёт на 1.октября.2026.г. не изменится", text)
    lines = sa.select(sa.func.count()).where(OrderLine.student_id == world.students["kim"])
    before = session.scalar(lines)
    done = astu.post(path, data={**typed(asked), "do": "record"})
    assert done.status_code == 303
    again = astu.post(path, data={**typed(asked), "do": "record"})
    assert (again.status_code, again.location) == (303, done.location)
    assert session.scalar(lines) == (before or 0) + 1
    card = astu.get(done.location)
    assert "Отчисление записано с 13.11.2026" in card.text
    assert "Восстановить" in card.text
    assert "Выпустить" not in card.text
    refused = astu.post(path, data={**ORDER, "number": "413-ст"})
    assert refused.status_code == 422
    assert "Студент уже отчислен с 13.11.2026, приказ 412-ст от 13.11.2026" in summary(refused)[0]


def test_an_order_before_the_count_says_that_the_report_changes(astu: Any, world: Any) -> None:
    asked = astu.post(
        f"/students/{world.public_ids['kim']}/orders/new?type=expulsion", data={**ORDER, "effective_on": "25.09.2026"}
    )
    assert "станет на одного студента меньше" in asked.text


def test_back_from_the_check_keeps_the_order(astu: Any, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/orders/new?type=expulsion"
    asked = astu.post(path, data=ORDER)
    back = typed(astu.post(path, data={**typed(asked), "do": "back"}))
    assert (back["number"], back["signed_on"], back["ground"]) == ("412-ст", "13.11.2026", "debt")


@pytest.mark.parametrize(
    ("kind", "changes", "sentences"),
    [
        ("expulsion", {"number": "", "signed_on": "", "ground": ""},
         {"Введите номер приказа", "Введите дату приказа", "Введите дату", "Выберите, чьё это решение и причину"}),
        ("expulsion", {"ground": "force", "explanation": "призыв"}, {"Опишите причину, не меньше 10 знаков"}),
        ("expulsion", {"signed_on": "24.11.2026"}, {"Дата приказа должна быть не позже сегодняшней"}),
        ("expulsion", {"signed_on": "30.08.2024", "effective_on": "31.08.2024"},
         {"Дата отчисления должна быть не раньше зачисления — 01.09.2024"}),
        ("academic_leave", {"until": "", "leave_ground": ""}, {"Введите последний день", "Выберите основание"}),
        ("academic_leave", {"until": "01.12.2028", "leave_ground": "family"},
         {"Не дольше 12 месяцев: укажите день не позже 13.11.2027"}),
        ("course_transfer", {"course": ""}, {"Выберите курс"}),
        ("course_transfer", {"course": "9"}, {"На этой программе курсов: 4. Выберите курс от 1 до 4"}),
        ("program_transfer", {"programme": "", "form": "full"}, {"Выберите направление подготовки"}),
        ("funding_transfer", {"funding": "contract_person"}, {"Оплата та же, что и сейчас. Выберите другую"}),
        ("transfer_out", {"host": ""}, {"Введите название вуза"}),
        ("practice", {"place": "", "until": "01.12.2026"}, {"Введите место практики"}),
        ("name_change", {"last_name": "", "first_name": "К1м"},
         {"Введите фамилию", "Имя может содержать только буквы, дефис, пробел и апостроф"}),
        ("leave_return", {}, None),
        ("reinstatement", {"programme": "09.03.01", "form": "full", "funding": "quota", "course": "3"}, None),
    ],
)  # fmt: skip
def test_orders_are_refused_with_a_sentence(
    astu: Any, session: Session, world: Any, kind: str, changes: dict[str, str], sentences: set[str] | None
) -> None:
    lines = sa.select(sa.func.count()).where(OrderLine.student_id == world.students["kim"])
    before = session.scalar(lines)
    path = f"/students/{world.public_ids['kim']}/orders/new?type={kind}"
    answer = astu.post(path, data={**ORDER, **changes, "do": "record"})
    assert answer.status_code == 422
    found = {text for text in summary(answer) if not text.startswith("Даты")}
    assert found == sentences if sentences is not None else found
    assert session.scalar(lines) == before


def test_no_field_of_an_order_breaks(astu: Any, world: Any) -> None:
    from exchange.students.order_kinds import KINDS

    for kind, known in KINDS.items():
        path = f"/students/{world.public_ids['kim']}/orders/new?type={kind}"
        names = ("number", "signed_on", "effective_on", *known.fields)
        for bad in ("\x00\x1b", "999999"):
            answer = astu.post(path, data={**dict.fromkeys(names, bad), "do": "record"})
            assert answer.status_code == 422, (kind, bad)
        for name in names:
            answer = astu.post(path, data={**ORDER, name: "я" * 10_000, "signed_on": "завтра", "do": "record"})
            assert answer.status_code == 422, (kind, name)


def test_an_annulment_by_a_page(astu: Any, session: Session, world: Any) -> None:
    line = session.scalars(
        sa.select(OrderLine)
        .where(OrderLine.student_id == world.students["kim"])
        .order_by(OrderLine.effective_on.desc())
        .limit(1)
    ).one()
    path = f"/students/{world.public_ids['kim']}/orders/{line.id}/annul"
    assert "Аннулировать приказ" in astu.get(path).text
    refused = astu.post(path, data={"number": "", "signed_on": "завтра", "reason": "\x00"})
    assert refused.status_code == 422
    assert len(summary(refused)) == 3
    assert astu.post(path, data={"number": "я" * 10_000, "signed_on": "20.11.2026", "reason": "я" * 10_000}).status_code == 422
    sent = {"number": "9-ст", "signed_on": "20.11.2026", "reason": "ошибка в номере", "once": TOKEN}
    done = astu.post(path, data=sent)
    assert done.status_code == 303
    assert astu.post(path, data=sent).location == done.location
    assert "Аннулирован приказом 9-ст от 20.11.2026: ошибка в номере" in astu.get(done.location).text
    assert astu.post(path, data={**sent, "once": "b" * 30}).status_code == 422
    told = session.scalars(
        sa.select(StudyPeriod.course).where(
            StudyPeriod.student_id == world.students["kim"], StudyPeriod.superseded_at.is_(None), StudyPeriod.valid_to.is_(None)
        )
    ).one()
    assert told == line.fields["course"] - 1


def test_a_new_name_by_an_order_holds_from_its_day(astu: Any, session: Session, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/orders/new?type=name_change"
    values = typed(astu.get(path))
    assert values["last_name"] == "Ким"
    asked = astu.post(path, data={**values, "number": "5", "signed_on": "10.11.2026", "last_name": "Кимов", "do": "check"})
    assert asked.status_code == 200, summary(asked)
    assert astu.post(path, data={**typed(asked), "do": "record"}).status_code == 303
    told = session.execute(
        sa.select(PersonFacts.surname, PersonFacts.valid_from)
        .where(PersonFacts.person_id == world.persons["kim"], PersonFacts.superseded_at.is_(None))
        .order_by(PersonFacts.valid_from)
    ).all()
    assert [row.surname for row in told] == ["Ким", "Кимов"]
    assert told[1].valid_from == day("2026-11-10")
