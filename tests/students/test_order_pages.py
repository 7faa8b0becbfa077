"""Pages of orders: a check before recording, refusals with sentences, annulment."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.people.models import PersonFacts
from exchange.students.models import OrderLine, StudyPeriod
from tests.students.conftest import day
from tests.students.pages import TOKEN, soup_of, summary, typed

pytestmark = pytest.mark.usefixtures("today")

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


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"signed_on": "23.11.2026"}, "Сообщите в МВД до 26.11.2026 включительно"),
        ({"signed_on": "13.11.2026", "effective_on": "30.11.2026"}, "Сообщите в МВД: срок в рабочих днях (3) вышел 18.11.2026"),
        ({"signed_on": "30.10.2026"}, "Сообщите в МВД: срок в рабочих днях (3) вышел 05.11.2026"),  # 4 November is a day off
    ],
)
def test_the_last_day_for_the_notice(astu: Any, world: Any, changes: dict[str, str], sentence: str) -> None:
    """Three working days from the earlier of the order and the end of study."""
    path = f"/students/{world.public_ids['kim']}/orders/new?type=expulsion"
    assert sentence in astu.post(path, data={**ORDER, **changes}).text


def test_an_order_that_changes_nothing_says_so(astu: Any, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/orders/new?type=program_transfer"
    asked = astu.post(path, data={**typed(astu.get(path)), "number": "5", "do": "check"})
    assert "Обучение не меняется" in asked.text


def test_back_from_the_check_keeps_the_order(astu: Any, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/orders/new?type=expulsion"
    asked = astu.post(path, data=ORDER)
    back = typed(astu.post(path, data={**typed(asked), "do": "back"}))
    assert (back["number"], back["signed_on"], back["ground"]) == ("412-ст", "13.11.2026", "debt")


@pytest.mark.parametrize(
    ("kind", "changes", "sentences"),
    [
        ("expulsion", {"number": "", "signed_on": "", "ground": ""},
         {"Номер приказа не указан. Введите номер", "Дата приказа не указана. Введите её, например 27.8.2026",
          "День, с которого действует приказ, не указан. Введите его, например 1.9.2026",
          "Причина не выбрана. Выберите, чьё это решение и почему"}),
        ("expulsion", {"ground": "force", "explanation": "призыв"},
         {"Эта причина требует пояснения. Опишите её, не меньше 10 знаков"}),
        ("expulsion", {"signed_on": "24.11.2026"}, {"Дата приказа должна быть не позже сегодняшней. Исправьте дату"}),
        ("expulsion", {"signed_on": "30.08.2024", "effective_on": "31.08.2024"},
         {"Дата отчисления должна быть не раньше зачисления — 01.09.2024. Исправьте дату"}),
        ("academic_leave", {"until": "", "leave_ground": ""}, {"Последний день не указан. Введите его, например 30.6.2027",
          "Основание отпуска не выбрано. Выберите его из списка"}),
        ("academic_leave", {"until": "01.12.2028", "leave_ground": "family"},
         {"Не дольше 12 месяцев: укажите день не позже 13.11.2027"}),
        ("course_transfer", {"course": ""}, {"Выберите курс"}),
        ("course_transfer", {"course": "9"}, {"На этой программе курсов: 4. Выберите курс от 1 до 4"}),
        ("program_transfer", {"programme": "", "form": "full"}, {"Выберите направление подготовки"}),
        ("funding_transfer", {"funding": "contract_person"}, {"Оплата та же, что и сейчас. Выберите другую"}),
        ("practice", {"place": "", "until": "01.12.2026"},
         {"Место практики не указано. Введите название предприятия или отдела вуза"}),
        ("name_change", {"last_name": "", "first_name": "К1м"},
         {"Фамилия не указана. Введите её, как в документе",
          "Имя может содержать только буквы, дефис, пробел и апостроф. Уберите остальные знаки"}),
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


def test_a_kind_that_another_room_leads_is_led_there(astu: Any, session: Session, world: Any) -> None:
    """A transfer to another university is offered to it: by address, too, its order is not recorded without the offer."""
    lines = sa.select(sa.func.count()).where(OrderLine.student_id == world.students["kim"])
    before, path = session.scalar(lines), f"/students/{world.public_ids['kim']}/orders/new?type=transfer_out"
    for answer in (astu.get(path), astu.post(path, data={**ORDER, "host": "ТУСУР", "do": "record"})):
        assert answer.status_code == 303
        assert answer.location == f"/transfers/of/{world.public_ids['kim']}"
    assert session.scalar(lines) == before


def test_no_field_of_an_order_breaks(astu: Any, world: Any) -> None:
    from exchange.students.order_kinds import KINDS

    for kind, known in KINDS.items():
        if kind == "transfer_out":  # has a form of its own room
            continue
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
    card = astu.get(done.location).text
    assert "Аннулирован приказом 9-ст от 20.11.2026: ошибка в номере. Внесено 23.11.2026 12:00, Astu Tester" in card
    assert "Вернуться к карточке" in astu.get(path).text
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
    same = astu.post(path, data={**values, "number": "5", "do": "check"})
    assert summary(same) == ["ФИО те же, что и сейчас. Измените фамилию, имя или отчество"]
    mixed = {**values, "number": "5", "last_name": "Kимова", "fill": "last_name"}  # a Latin K
    assert typed(astu.post(path, data=mixed))["last_name"] == "Кимова"
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


# ------------------------------------------------------------------------------------------------------------- bad input
A_YEAR_APART = "Между приказом и днём, с которого он действует, больше года. Проверьте даты"
TOO_EARLY = "Дата отчисления должна быть не раньше зачисления — 01.09.2024. Исправьте дату"
IN_THE_WAY = (
    "Мешает более поздний документ: приказ 31-у от 22.08.2026, действует с 01.09.2026. Аннулируйте его или измените дату"
)
EXPEL = {"number": "77-ст", "signed_on": "13.11.2026", "effective_on": "", "ground": "debt", "do": "check"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": "№"}, "Номер приказа не указан. Введите номер"),
        ({"number": " — "}, "Номер приказа не указан. Введите номер"),
        ({"signed_on": "1.1.1900", "effective_on": "13.11.2026"}, A_YEAR_APART),
        ({"signed_on": "1.1.1900"}, TOO_EARLY),
        ({"effective_on": "1.1.1900"}, A_YEAR_APART),
        ({"effective_on": "1.1.1900", "confirm_effective_on": "1"}, TOO_EARLY),
        ({"signed_on": "24.11.2026"}, "Дата приказа должна быть не позже сегодняшней. Исправьте дату"),
        ({"signed_on": "23.11.2026", "effective_on": "24.11.2027"}, "Эта дата больше чем на год позже приказа. Проверьте дату"),
        ({"signed_on": "1.8.2026"}, IN_THE_WAY),
    ],
)  # fmt: skip
def test_hostile_dates_and_numbers_get_a_sentence_and_keep_what_was_typed(
    astu: Any, session: Session, world: Any, changes: dict[str, str], sentence: str
) -> None:
    before = session.scalar(sa.select(sa.func.count()).select_from(OrderLine))
    session.commit()
    for do in ("check", "record"):
        answer = astu.post(
            f"/students/{world.public_ids['kim']}/orders/new?type=expulsion", data={**EXPEL, **changes, "do": do}
        )
        assert answer.status_code == 422
        assert summary(answer) == [sentence]
        assert typed(answer)["ground"] == "debt"
        assert typed(answer)["number"] == changes.get("number", "77-ст").strip()
    assert session.scalar(sa.select(sa.func.count()).select_from(OrderLine)) == before


def test_a_student_stands_in_an_order_once(astu: Any, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/orders/new?type=funding_transfer"
    said = {"number": "5-ф", "signed_on": "01.10.2026", "effective_on": "", "funding": "federal_general", "do": "record"}
    assert astu.post(path, data=said).status_code == 303
    again = astu.post(path, data={**said, "effective_on": "15.10.2026", "funding": "contract_person"})
    assert again.status_code == 422
    assert summary(again) == ["Уже в этом приказе, действует с 01.10.2026"]
    other = astu.post(path, data={**said, "signed_on": "02.10.2026", "funding": "contract_person"})
    assert other.status_code == 303, "the same number of another day is another order"


def test_a_record_without_orders_takes_none(astu: Any, world: Any) -> None:
    """The enrolment and all after it were annulled: nothing can be added, and the sentence says what to do."""
    card = f"/students/{world.public_ids['kim']}"
    while found := [link["href"] for link in soup_of(astu.get(card)).select("a[href$='/annul']")]:
        done = astu.post(found[0], data={"number": "9", "signed_on": "23.11.2026", "reason": "Не учился"})
        assert done.status_code == 303
    answer = astu.post(f"{card}/orders/new?type=expulsion", data={**EXPEL, "do": "record"})
    assert answer.status_code == 422
    assert summary(answer) == ["Зачисление аннулировано: приказы к этой записи не добавить. Внесите нового студента"]
