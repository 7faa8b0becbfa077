"""Pages of orders for many: one form, the page that says whom it fits, one record; papers before students; whole annulments."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.students.models import Order, OrderLine, Student, StudyPeriod
from exchange.students.order_kinds import FOR_MANY, KINDS
from tests.house.test_queries import count_queries
from tests.students.mass import EXPULSION, MANY, PROMOTION, chosen, course_of, lines, made, record, rows, text_of, world_number
from tests.students.pages import soup_of, summary, typed

pytestmark = pytest.mark.usefixtures("today")


# ------------------------------------------------------------------------------------------------------------ selection
def test_students_are_named_by_ids_or_by_the_filters_of_the_list(astu: Any, world: Any) -> None:
    ids = "&".join(f"student={world.public_ids[key]}" for key in ("kim", "orazbayeva", "akhmetov"))
    page = astu.get(f"{MANY}?type=course_transfer&{ids}&student=ZZZZZZZZZZZZ&student=%00")
    assert soup_of(page).h1.text.startswith("Перевести на курс: 2 студент"), "another university's student is not there"
    assert "Ахметов" not in page.text
    everybody = astu.get(f"{MANY}?type=course_transfer&all=1")
    # five of the contingent: seitkali2, kim, kim2, orazbayeva, tolegenova
    assert soup_of(everybody).h1.text == "Перевести на курс: 5 студентов"
    assert len(typed(everybody)["chosen"].split()) == 5
    narrowed = astu.get(f"{MANY}?type=course_transfer&all=1&level=master")
    assert soup_of(narrowed).h1.text == "Перевести на курс: 1 студент"
    nobody = astu.get(f"{MANY}?type=course_transfer")
    assert "Никто не выбран" in nobody.text


def test_a_list_that_is_too_long_for_an_address_comes_by_post(astu: Any, world: Any) -> None:
    page = astu.post(f"{MANY}?type=course_transfer", data={"student": [world.public_ids["kim"], world.public_ids["kim2"]]})
    assert page.status_code == 200
    assert set(typed(page)["chosen"].split()) == {world.public_ids["kim"], world.public_ids["kim2"]}
    assert typed(page)["course"] == "next"


@pytest.mark.parametrize("kind", ["nothing", "cancel", "enrolment", ""])
def test_what_is_no_order_of_a_student_is_not_for_many(astu: Any, kind: str) -> None:
    assert astu.get(f"{MANY}?type={kind}&all=1").status_code == 404
    assert astu.post(f"{MANY}?type={kind}&all=1", data=PROMOTION).status_code == 404


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(FOR_MANY)))
def test_orders_of_one_student_lead_back_with_the_reason(astu: Any, session: Session, world: Any, kind: str) -> None:
    """A transfer recorded for many would offer nobody to the other university."""
    before = lines(session)
    for visit, sent in ((astu.get, {}), (astu.post, {"data": {**PROMOTION, "host": "АлтГУ", "do": "record"}})):
        answer = visit(f"{MANY}?type={kind}&all=1", **sent)
        assert (answer.status_code, answer.location) == (303, "/students")
        assert f"«{KINDS[kind].act}» записывают в карточке каждого студента" in text_of(astu.get("/students"))
    assert lines(session) == before


def test_which_kinds_are_for_many(astu: Any) -> None:
    assert set(KINDS) - set(FOR_MANY) == {"name_change", "reinstatement", "transfer_out"}
    offered = {button["value"] for button in soup_of(astu.get("/students")).select("button[name=type]")}
    assert offered == set(FOR_MANY), "the menu of the list offers what its pages record, and no more"
    papers = astu.get("/students/orders/new")
    assert {link["href"].rpartition("=")[2] for link in soup_of(papers).select("main nav.picks a")} == set(FOR_MANY)
    assert "перевод в другой вуз вносятся каждому студенту отдельно" in text_of(papers)


def test_whoever_was_checked_and_not_chosen_is_left_out(astu: Any, session: Session, world: Any) -> None:
    """The two lists of the check page may come apart: nobody is recorded who is not on both."""
    before = lines(session)
    sent = {**EXPULSION, "chosen": chosen(world, "kim"), "do": "record"}
    for other in ("schmidt", "orazbayeva"):
        version = session.get_one(Student, world.students[other]).version
        session.commit()
        refused = astu.post(f"{MANY}?type=expulsion", data={**sent, "checked": f"{world.public_ids[other]}.{version}"})
        assert refused.status_code == 422
        assert summary(refused) == ["Никто не выбран. Выберите студентов в списке"]
    assert lines(session) == before


def test_an_annulment_names_only_those_of_the_order(astu: Any, session: Session, world: Any) -> None:
    record(astu, "expulsion", {**EXPULSION, "chosen": chosen(world, "kim")})
    order = session.scalar(sa.select(Order.public_id).where(Order.number == "412-ст"))
    version = session.get_one(Student, world.students["orazbayeva"]).version
    session.commit()
    data = {"number": "9", "signed_on": "23.11.2026", "reason": "Ошибка", "do": "record"}
    refused = astu.post(
        f"/students/orders/{order}/annul", data={**data, "checked": f"{world.public_ids['orazbayeva']}.{version}"}
    )
    assert refused.status_code == 422
    assert "Никто не выбран" in text_of(refused)


def test_an_order_of_another_century_asks_first(astu: Any, session: Session, world: Any) -> None:
    before = lines(session)
    for signed, begun in (("01.01.1900", "13.11.2026"), ("13.11.2026", "01.09.2025")):
        sent = {**EXPULSION, "signed_on": signed, "effective_on": begun, "chosen": chosen(world, "tolegenova")}
        asked = astu.post(f"{MANY}?type=expulsion", data=sent)
        assert asked.status_code == 422
        assert summary(asked) == ["Между приказом и днём, с которого он действует, больше года. Проверьте даты"]
        assert typed(asked)["signed_on"] == signed
        assert soup_of(asked).select_one("input[name=confirm_effective_on]")
    assert lines(session) == before


def test_every_form_opens_and_breaks_on_nothing(astu: Any, session: Session, world: Any) -> None:
    before = lines(session)
    for kind, known in FOR_MANY.items():
        path = f"{MANY}?type={kind}&all=1"
        assert astu.get(path).status_code == 200
        names = ("number", "signed_on", "effective_on", *known.fields)
        for bad in ("\x00\x1b", "999999", "я" * 1_000):
            answer = astu.post(path, data={**dict.fromkeys(names, bad), "checked": bad, "do": "record"})
            assert answer.status_code == 422, (kind, bad)
    assert lines(session) == before


# ------------------------------------------------------------------------------------------------- check and record
def test_a_promotion_of_all_says_who_goes_where_and_is_one_order(astu: Any, session: Session, world: Any) -> None:
    form = astu.get(f"{MANY}?type=course_transfer&all=1")
    asked = astu.post(f"{MANY}?type=course_transfer", data={**typed(form), **PROMOTION})
    assert asked.status_code == 200
    was = {key: course_of(session, world, key, "2026-11-20") for key in ("kim", "orazbayeva", "tolegenova")}
    fits = rows(asked, "fit")
    assert soup_of(asked).h1.text.startswith(f"Записать приказ для {len(fits)} студент")
    kim = next(row for row in fits if world_number(session, world, "kim") in row)
    assert f"Курс: {was['kim']} → {was['kim'] + 1}" in kim  # type: ignore[operator]
    assert re.search(r"Отчёт на 1.октября.2026.г. не изменится", text_of(asked))
    assert "Численность контингента не меняется" in text_of(asked)
    before = lines(session)
    done = astu.post(f"{MANY}?type=course_transfer", data={**typed(asked), "do": "record"})
    assert done.status_code == 303
    again = astu.post(f"{MANY}?type=course_transfer", data={**typed(asked), "do": "record"})
    assert (again.status_code, again.location) == (303, done.location), "the same check page records once"
    assert lines(session) == before + len(fits)
    assert course_of(session, world, "kim", "2026-11-20") == (was["kim"] or 0) + 1
    assert course_of(session, world, "kim", "2026-11-19") == was["kim"]
    orders = session.scalars(sa.select(Order).where(Order.number == "500-ст")).all()
    assert len(orders) == 1
    page = astu.get(done.location)
    assert f"Приказ записан для {len(fits)} студент" in page.text
    assert len(rows(page, "lines")) == len(fits)
    card = astu.get(f"/students/{world.public_ids['kim']}")
    assert soup_of(card).select_one(f'a[href="/students/orders/{orders[0].public_id}"]')


def test_those_who_do_not_fit_are_left_out_with_a_reason(astu: Any, session: Session, world: Any) -> None:
    """seitkali graduated, schmidt was expelled: both stay as they are; kim is expelled."""
    asked = astu.post(
        f"{MANY}?type=expulsion", data={**EXPULSION, "chosen": chosen(world, "kim", "orazbayeva", "seitkali", "schmidt")}
    )
    assert soup_of(asked).h1.text.startswith("Записать приказ для 2 студент")
    left_out = rows(asked, "unfit")
    assert len(left_out) == 2
    assert any("Студент уже отчислен с 20.04.2026" in row for row in left_out)
    assert any("в статусе «" in row for row in left_out)
    links = {link["href"] for link in soup_of(asked).select("#unfit a")}
    assert links == {f"/students/{world.public_ids[key]}" for key in ("seitkali", "schmidt")}
    assert "Выбывает из контингента: АлтГТУ, с 13.11.2026: 2" in text_of(asked)
    assert re.search(r"Отчёт на 1.октября.2026.г. не изменится", text_of(asked))
    done = astu.post(f"{MANY}?type=expulsion", data={**typed(asked), "do": "record"})
    assert done.status_code == 303
    recorded = session.scalars(sa.select(OrderLine).join(Order).where(Order.number == "412-ст")).all()
    assert {line.student_id for line in recorded} == {world.students["kim"], world.students["orazbayeva"]}


def test_a_report_that_changes_is_said_with_the_number(astu: Any, world: Any) -> None:
    data = {**EXPULSION, "effective_on": "25.09.2026", "chosen": chosen(world, "kim", "orazbayeva")}
    assert "станет меньше на 2" in astu.post(f"{MANY}?type=expulsion", data=data).text


def test_when_it_fits_nobody_nothing_can_be_recorded(astu: Any, world: Any) -> None:
    asked = astu.post(f"{MANY}?type=leave_return", data={**EXPULSION, "chosen": chosen(world, "kim", "orazbayeva")})
    assert soup_of(asked).h1.text == "Приказ никому не подходит"
    assert not soup_of(asked).select("button[value=record]")


@pytest.mark.parametrize(
    ("kind", "changes", "sentence"),
    [
        ("expulsion", {"number": ""}, "Номер приказа не указан. Введите номер"),
        ("expulsion", {"ground": ""}, "Причина не выбрана. Выберите, чьё это решение и почему"),
        ("expulsion", {"signed_on": "24.11.2026"}, "Дата приказа должна быть не позже сегодняшней. Исправьте дату"),
        ("academic_leave", {"until": "01.12.2028", "leave_ground": "family"},
         "Не дольше 12 месяцев: укажите день не позже 13.11.2027"),
        ("course_transfer", {"course": ""}, "Выберите курс"),
        ("course_transfer", {"course": "9"}, "На этой программе курсов: 7. Выберите курс от 1 до 7"),
        ("program_transfer", {}, "Ничего не меняется. Заполните хотя бы одно поле"),
    ],
)  # fmt: skip
def test_the_form_is_refused_with_everything_kept(
    astu: Any, session: Session, world: Any, kind: str, changes: dict[str, str], sentence: str
) -> None:
    before = lines(session)
    sent = {**EXPULSION, "chosen": chosen(world, "kim", "orazbayeva"), **changes}
    answer = astu.post(f"{MANY}?type={kind}", data=sent)
    assert answer.status_code == 422
    assert sentence in summary(answer)
    kept = typed(answer)
    assert set(kept["chosen"].split()) == set(sent["chosen"].split())
    assert kept["number"] == sent["number"]
    assert lines(session) == before


def test_back_from_the_check_keeps_everything(astu: Any, world: Any) -> None:
    sent = {**EXPULSION, "effective_on": "14.11.2026", "chosen": chosen(world, "kim", "orazbayeva")}
    asked = astu.post(f"{MANY}?type=expulsion", data=sent)
    back = typed(astu.post(f"{MANY}?type=expulsion", data={**typed(asked), "do": "back"}))
    assert {name: back[name] for name in ("number", "signed_on", "effective_on", "ground")} == {
        name: sent[name] for name in ("number", "signed_on", "effective_on", "ground")
    }
    assert set(back["chosen"].split()) == set(sent["chosen"].split())


def test_what_changes_nothing_and_what_is_beyond_the_programme_is_left_out(astu: Any, session: Session, world: Any) -> None:
    last = made(session, world, 1, course=4)[0]
    asked = astu.post(f"{MANY}?type=course_transfer", data={**PROMOTION, "chosen": last.public_id})
    assert "На этой программе курсов: 4. Выберите курс от 1 до 4" in rows(asked, "unfit")[0]
    same = {**PROMOTION, "funding": "contract_person", "chosen": f"{last.public_id} {chosen(world, 'orazbayeva')}"}
    asked = astu.post(f"{MANY}?type=funding_transfer", data=same)
    assert "Ничего не изменится: у студента уже так" in rows(asked, "unfit")[0]
    assert len(rows(asked, "fit")) == 1


def test_a_group_alone_can_be_changed_for_many(astu: Any, session: Session, world: Any) -> None:
    sent = {"number": "7", "signed_on": "20.11.2026", "group": "ПИ-71", "chosen": chosen(world, "kim", "orazbayeva")}
    assert record(astu, "program_transfer", {**sent, "do": "check"}).status_code == 303
    groups = sa.select(StudyPeriod.group_name).where(
        StudyPeriod.student_id.in_([world.students["kim"], world.students["orazbayeva"]]),
        StudyPeriod.superseded_at.is_(None), StudyPeriod.valid_to.is_(None),
    )  # fmt: skip
    assert set(session.scalars(groups)) == {"ПИ-71"}


# ---------------------------------------------------------------------------------------------------------- two at once
def test_a_record_that_changed_since_the_check_is_left_out_and_said(astu: Any, session: Session, world: Any) -> None:
    path = f"{MANY}?type=expulsion"
    asked = astu.post(path, data={**EXPULSION, "chosen": chosen(world, "kim", "orazbayeva")})
    before = lines(session)
    student = session.get_one(Student, world.students["kim"])
    student.note, student.updated_by = "позвонить", "А. Петров"
    session.commit()
    refused = astu.post(path, data={**typed(asked), "do": "record"})
    assert refused.status_code == 422
    assert lines(session) == before, "nothing was recorded, for nobody"
    assert "Пока вы проверяли, записи изменились" in refused.text
    assert "запись изменили в" in rows(refused, "unfit")[0]
    assert "Петров" in rows(refused, "unfit")[0]
    assert len(rows(refused, "fit")) == 1
    anew = astu.post(path, data={**typed(refused), "do": "check"})
    assert len(rows(anew, "fit")) == 2, "looked at again, both fit"
    rest = astu.post(path, data={**typed(refused), "do": "record"})
    assert rest.status_code == 303
    assert lines(session) == before + 1


def test_somebody_else_expelled_one_of_them_meanwhile(astu: Any, session: Session, world: Any) -> None:
    path = f"{MANY}?type=expulsion"
    asked = astu.post(path, data={**EXPULSION, "chosen": chosen(world, "kim", "orazbayeva")})
    other = astu.post(
        f"/students/{world.public_ids['kim']}/orders/new?type=expulsion",
        data={**EXPULSION, "number": "399-ст", "signed_on": "02.11.2026", "do": "record"},
    )
    assert other.status_code == 303
    refused = astu.post(path, data={**typed(asked), "do": "record"})
    assert refused.status_code == 422
    assert "Студент уже отчислен с 02.11.2026, приказ 399-ст от 02.11.2026" in rows(refused, "unfit")[0]


def test_ids_that_were_not_shown_are_not_recorded(astu: Any, session: Session, world: Any) -> None:
    """A forged list of another university's students finds nobody."""
    before = lines(session)
    sent = {**EXPULSION, "chosen": chosen(world, "kim"), "checked": f"{world.public_ids['akhmetov']}.1", "do": "record"}
    assert astu.post(f"{MANY}?type=expulsion", data=sent).status_code == 422
    assert lines(session) == before


# --------------------------------------------------------------------------------------------------------------- speed
def asked_for(client: Any, connection: Any, students: list[Student], number: str) -> int:
    """Statements of one mass order: the check page and the record."""
    path = f"{MANY}?type=course_transfer"
    ids = " ".join(student.public_id for student in students)
    with count_queries(connection) as sent:
        check = client.post(path, data={**PROMOTION, "number": number, "chosen": ids})
        done = client.post(path, data={**typed(check), "do": "record"})
    assert done.status_code == 303, done.text[:2000]
    return len(sent)


def test_an_order_for_500_asks_little_more_than_one_for_5(astu: Any, session: Session, world: Any) -> None:
    students = made(session, world, 505)
    connection = session.connection()
    few = asked_for(astu, connection, students[:5], "1")
    many = asked_for(astu, connection, students[5:], "2")
    assert many <= few + 20, f"{few} for 5, {many} for 500"
    recorded = sa.select(sa.func.count()).select_from(OrderLine).join(Order).where(Order.number == "2")
    assert session.scalar(recorded) == 500
