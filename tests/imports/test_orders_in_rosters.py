"""A roster that brings orders: the words of movements, what is recorded, what is refused with the sentence of the page."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.database import as_of
from exchange.imports import actions, vocabulary_events
from exchange.people.models import Person
from exchange.students.models import Order, OrderLine, Student, StudyPeriod
from tests.imports.register import bring, counts, fingerprint, load
from tests.imports.rosters import PEOPLE, TODAY, Columns, Someone, book, errors, lines
from tests.imports.rosters import USUAL as ROSTER

pytestmark = pytest.mark.usefixtures("today")
MOVES: Columns = (
    ("ФИО", "full_name"), ("ИИН", "iin"), ("Движение", "event"), ("№ приказа", "order_number"), ("Дата приказа", "order_date"),
    ("С какого числа", "since"), ("Основание", "why"),
)  # fmt: skip
SIGNED, SINCE = dt.date(2026, 11, 16), dt.date(2026, 11, 18)
DANIYAR, AIGERIM, NURLAN, ASEL = PEOPLE[:4]


def moves(people: Any, words: str, columns: Columns = MOVES, **cells: Any) -> Any:
    usual = {
        "event": lambda p: words, "order_number": lambda p: "15-к", "order_date": lambda p: SIGNED, "since": lambda p: SINCE,
        "why": lambda p: "",
    }  # fmt: skip
    return book(lines(columns, people, **{**usual, **cells}))


def held(session: Session, person: Someone, day: dt.date) -> StudyPeriod:
    found = sa.select(StudyPeriod).join(Person, Person.id == StudyPeriod.person_id)
    return session.scalars(found.where(Person.iin == person.iin, as_of(StudyPeriod, day))).one()


@pytest.fixture
def register(session: Session) -> Session:
    """The eight people of the usual roster study."""
    load(session, book([["Список на 01.10.2026"], *lines(ROSTER)]))
    return session


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("отчислен", "expulsion"), ("Отчислена по собственному желанию", "expulsion"), ("выпущен", "graduation"),
        ("отчислен в связи с окончанием обучения", "graduation"), ("Переведён на 3 курс", "course_transfer"),
        ("перевод на следующий курс", "course_transfer"), ("академический отпуск", "academic_leave"), ("а/о", "academic_leave"),
        ("выход из академического отпуска", "leave_return"), ("вернулась из декрета", "leave_return"),
        ("отпуск по уходу за ребёнком", "maternity_leave"), ("восстановлен", "reinstatement"),
        ("переведён на бюджет", "funding_transfer"), ("переведён на заочную форму", "program_transfer"),
        ("умер", "expulsion"), ("отчислен: не вышел из академического отпуска", "expulsion"),
        ("отчислен в порядке перевода", vocabulary_events.ELSEWHERE), ("смена фамилии", vocabulary_events.ELSEWHERE),
        ("зачислен", vocabulary_events.ENROLMENT), ("завершил академическую мобильность", "mobility_return"),
    ],
)  # fmt: skip
def test_words_of_movements(words: str, kind: str) -> None:
    found = vocabulary_events.movement(words)
    assert found is not None
    assert found.type_code == kind


def test_what_is_no_movement() -> None:
    for words in ("", "обучается", "да", "12", "на контроле"):
        assert vocabulary_events.movement(words) is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("по собственному желанию", "own_wish"), ("академическая задолженность", "debt"), ("не прошёл ГИА", "gia_failed"),
        ("невыход из отпуска", "no_return"), ("просрочка оплаты", "nonpayment"), ("нарушение устава", "discipline"),
        ("утрата связи", "lost_contact"), ("смерть", "death"), ("", ""), ("потому", ""),
    ],
)  # fmt: skip
def test_grounds(words: str, code: str) -> None:
    assert vocabulary_events.ground(words) == code


def test_expulsions(register: Session) -> None:
    """One order for everybody, by the action of the page; who was not in the contingent is not there twice."""
    before = counts(register)
    content = moves([DANIYAR, AIGERIM], "отчислен", why=lambda p: "академическая задолженность")
    brought, checked = bring(register, content)
    assert errors(checked.rows) == {}
    assert checked.counts["changed"] == 2
    was, becomes = checked.rows[0].changes["event"]
    assert was == "обучается, 2 курс"
    assert becomes == "отчислен с 18.11.2026, приказ 15-к от 16.11.2026"
    assert brought.counts["consequences"] == ["2 студента будут отчислены: 1 уведомление МВД, срок вышел 19.11.2026"]
    assert actions.apply_import(register, brought, good_rows_only=False, today=TODAY) == {"new": 0, "changed": 2}
    after = counts(register)
    assert (after["university_order"] - before["university_order"], after["order_line"] - before["order_line"]) == (1, 2)
    assert (held(register, DANIYAR, dt.date(2026, 11, 17)).status_code, held(register, DANIYAR, SINCE).status_code) == (
        "studying", "expelled",
    )  # fmt: skip
    line = register.scalars(sa.select(OrderLine).where(OrderLine.event == "expel", OrderLine.effective_on == SINCE)).first()
    assert line is not None
    assert line.fields == {"ground": "debt", "initiative": "org"}
    print_of = fingerprint(register)
    _, checked = bring(register, content)
    assert (checked.counts["unchanged"], checked.counts["rejected"]) == (2, 0), "the same file again changes nothing"
    assert fingerprint(register) == print_of


def test_an_order_on_file_is_joined(register: Session) -> None:
    load(register, moves([DANIYAR], "отчислен", why=lambda p: "собственное желание"))
    load(register, moves([AIGERIM], "отчислен", why=lambda p: "собственное желание"))
    orders = register.scalars(sa.select(Order).where(Order.number == "15-к")).all()
    assert len(orders) == 1
    assert register.scalar(sa.select(sa.func.count()).where(OrderLine.order_id == orders[0].id)) == 2


def test_the_next_course_and_the_way_back_from_leave(register: Session) -> None:
    load(register, moves([DANIYAR], "переведён на следующий курс"))
    assert held(register, DANIYAR, SINCE).course == 3
    columns = (*MOVES, ("По какое число", "until"))
    leave = {
        "until": lambda p: dt.date(2027, 6, 30),
        "why": lambda p: "по медицинским показаниям",
        "order_number": lambda p: "16",
    }
    load(register, moves([NURLAN], "академический отпуск", columns, **leave))
    line = register.scalars(
        sa.select(OrderLine).where(OrderLine.event == "leave_academic").order_by(OrderLine.id.desc())
    ).first()
    assert line is not None
    assert line.fields == {"leave_ground": "medical", "until": "2027-06-30"}
    assert held(register, NURLAN, SINCE).status_code == "academic_leave"
    back = {"order_number": lambda p: "17", "since": lambda p: dt.date(2026, 11, 20)}
    load(register, moves([NURLAN], "выход из отпуска", **back))
    assert held(register, NURLAN, dt.date(2026, 11, 20)).status_code == "studying"
    load(register, moves([ASEL], "выпущена с отличием", order_number=lambda p: "18"))
    assert held(register, ASEL, SINCE).status_code == "graduated"


def test_a_word_of_state_with_an_order(register: Session) -> None:
    """«Статус» of a usual roster: the order stands in columns of its own, the enrolment's order is not taken for it."""
    columns = (*ROSTER, ("Статус", "status"), ("№ приказа о движении", "paper"), ("Дата приказа о движении", "signed"))
    cells = {
        "status": lambda p: "отчислен" if p is DANIYAR else "обучается", "paper": lambda p: "19" if p is DANIYAR else "",
        "signed": lambda p: SIGNED if p is DANIYAR else "",
    }  # fmt: skip
    _, checked = bring(register, book([["на 01.10.2026"], *lines(columns, [DANIYAR, AIGERIM], **cells)]))
    assert [row.verdict for row in checked.rows] == ["error", "unchanged"]
    assert "Выберите, чьё это решение" in errors(checked.rows)[3]["event_ground"]
    cells["status"] = lambda p: "отчислен по собственному желанию" if p is DANIYAR else "обучается"
    _, checked = bring(register, book([["на 01.10.2026"], *lines(columns, [DANIYAR, AIGERIM], **cells)]))
    assert [row.verdict for row in checked.rows] == ["changed", "unchanged"]
    assert any("принята дата приказа" in p.message for p in checked.rows[0].reading.problems)


def test_without_an_order_the_sentence_says_which_columns_to_add(register: Session) -> None:
    columns = (*ROSTER, ("Статус", "status"))
    _, checked = bring(register, book([["на 01.10.2026"], *lines(columns, [DANIYAR], status=lambda p: "отчислен")]))
    said = errors(checked.rows)[3]["status"]
    assert "выбытие вносят приказом" in said
    assert "«№ приказа о движении», «Дата приказа о движении» и «С какого числа»" in said


@pytest.mark.parametrize(
    ("words", "cells", "field", "said"),
    [
        ("выход из отпуска", {}, "event_on", "Этот приказ не подходит: с"),
        ("отчислен", {}, "event_ground", "Причина не выбрана. Выберите, чьё это решение и почему"),
        ("академический отпуск", {"why": lambda p: "здоровье"}, "event_until", "Последний день не указан"),
        ("выпущен", {"order_date": lambda p: dt.date(2026, 12, 1)}, "event_order_date", "не позже сегодняшней"),
        ("выпущен", {"since": lambda p: dt.date(2020, 1, 1)}, "event_on", "не раньше зачисления"),
        ("выпущен", {"order_number": lambda p: ""}, "event_order_number", "Номер приказа не указан"),
        ("выпущен", {"order_date": lambda p: ""}, "event_order_date", "Дата приказа не указана"),
        ("выпущен", {"since": lambda p: "когда-то"}, "event_on", "не похоже на дату"),
        ("улетел", {}, "event", "Не нашли движение «улетел»"),
        ("отчислен переводом в другой вуз", {}, "event", "вносят в карточке студента"),
        ("выпущен", {"order_number": lambda p: "123/с", "order_date": lambda p: dt.date(2025, 8, 15)}, "event_order_number",
         "Этим приказом студент зачислен"),
    ],
)  # fmt: skip
def test_what_is_refused(register: Session, words: str, cells: dict[str, Any], field: str, said: str) -> None:
    """Each refused transition is a remark at its row with the sentence of the page."""
    _, checked = bring(register, moves([DANIYAR], words, **cells))
    found = errors(checked.rows)[2]
    assert said in found.get(field, ""), found


def test_who_is_not_there(register: Session) -> None:
    stranger = replace(DANIYAR, last="Неизвестный", born=dt.date(2004, 4, 4), serial=9970)
    _, checked = bring(register, moves([stranger], "выпущен"))
    assert "Такого студента в реестре вуза нет" in errors(checked.rows)[2]["event"]
    _, checked = bring(register, moves([DANIYAR], "выпущен", iin=lambda p: ""))
    assert "12 цифр ИИН" in errors(checked.rows)[2]["iin"]


def test_a_key_finds_the_record(register: Session) -> None:
    """A row that came back with its key is its record's, even without the number; a foreign key is nobody's."""
    student = register.scalars(sa.select(Student).join(Person).where(Person.iin == DANIYAR.iin)).one()
    _, checked = bring(
        register, book([["на 01.10.2026"], *lines(ROSTER, [DANIYAR], iin=lambda p: "", passport=lambda p: p.passport)])
    )
    row = checked.rows[0]
    from exchange.imports.student_kind import StudentKind
    from tests.imports.register import office

    for key, verdict in ((student.public_id, "unchanged"), ("0" * 12, "new")):
        fresh = replace(row, verdict="new", subject_id="", changes={})
        fresh.reading.values.pop("was_status", None)
        fresh.reading.values |= {"key": key, "iin": "", "passport": ""}
        fresh.reading.checked.iin.data = fresh.reading.checked.passport.data = ""
        StudentKind().compare(register, office(register, "ASU"), [fresh], dt.date(2026, 10, 1))
        assert fresh.verdict == verdict
        assert fresh.subject_id == (student.public_id if verdict == "unchanged" else "")
