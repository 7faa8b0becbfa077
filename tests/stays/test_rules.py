"""What is refused, what is asked once more: expected values from the calendar and the domain."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from exchange.errors import RuleBroken
from exchange.stays import rules
from exchange.stays.kinds import KINDS
from exchange.stays.models import ANNULMENT, KIND_CODES
from exchange.stays.rules import Said
from tests.stays.conftest import day, fact

TODAY, BORN = day("2026-11-23"), day("2005-05-30")
KNOWN = [fact("entry", "2026-08-25", number="4622 №2222222")]


@pytest.fixture(autouse=True)
def words(app: Flask) -> Any:
    with app.test_request_context():
        yield


def said(kind: str, first: str = "2026-11-20", last: str = "", **more: Any) -> Said:
    return Said(kind, day(first), day(last) if last else None, **more)


def test_every_kind_of_the_database_has_a_form_and_no_other_has() -> None:
    assert {*KINDS, ANNULMENT} == set(KIND_CODES)


REFUSED = [
    (said("entry", "2026-11-24"), "starts_on", "24.11.2026 ещё не наступило"),
    (said("exit", "2026-11-24"), "starts_on", "ещё не наступило"),
    (said("fingerprints", "1900-01-01"), "starts_on", "раньше дня рождения, 30.05.2005"),
    (said("exit", "2026-08-24"), "starts_on", "раньше первого въезда, 25.08.2026"),
    (said("medical", last="2026-11-19"), "ends_on", "Последний день раньше первого, 20.11.2026"),
    (said("medical", last="2126-11-19"), "ends_on", "больше 20 лет"),
    (said("medical"), "ends_on", "Последний день не указан"),
    (said("rvpo", last="2027-06-30"), "number", "Номер не указан"),
    (said("registration", last="2027-06-30", party="АлтГТУ"), "place", "Адрес не указан"),
    (said("registration", last="2027-06-30", place="Барнаул"), "party", "Принимающая сторона не указана"),
    (said("term", last="2027-06-30"), "code", "Ничего не выбрано"),
    (said("term", last="2027-06-30", code="citizen_rf"), "code", "Ничего не выбрано"),
    (said("notice", code="STAY_EXT_20"), "number", "Номер не указан"),
    (said("entry", "2026-11-01", submitted_on=day("2026-11-02")), "submitted_on", "до въезда, 01.11.2026"),
    (said("entry", "2026-08-25", number="46 22 2222222"), "starts_on", "Уже внесено: Въезд в Россию, 25.08.2026"),
    (said("secret"), "", "Такого вида сведений нет"),
    (said(ANNULMENT), "", "Такого вида сведений нет"),
]


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("entered", "field", "sentence"), REFUSED)
def test_what_is_refused(entered: Said, field: str, sentence: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        rules.check(entered, KNOWN, TODAY, BORN)
    assert broken.value.field == field
    assert sentence in str(broken.value.message)


ALLOWED = [
    said("entry", "2026-11-23"),
    said("exit", "2026-08-25"),
    said("vnzh", number="82 №1234567"),
    said("insurance", last="2027-11-19", number="1", party="Страховая"),
    said("notice", last="2026-11-18", code="NOTICE_END_3", number="17-45"),
    said("medical", last="2027-11-19"),
    said("entry", "2026-08-25", number="4622 №9999999"),
]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("entered", ALLOWED)
def test_what_is_allowed(entered: Said) -> None:
    rules.check(entered, KNOWN, TODAY, BORN)


DOUBTFUL = [
    (said("entry", "2026-10-01"), KNOWN, "starts_on", "Выезд перед въездом 01.10.2026 неизвестен"),
    (said("entry", "2026-08-01"), KNOWN, "starts_on", "Выезд перед въездом 25.08.2026 неизвестен"),
    (said("entry", "2026-08-25", number="4622 №9999999"), KNOWN, "starts_on", "с другим номером карты"),
    (said("entry", "2026-08-25", number="12"), [], "number", "4 цифры серии и 7 цифр номера"),
    (said("exit", "2026-08-25"), [], "starts_on", "Въезд перед этим выездом не внесён"),
    (said("fingerprints", "2011-11-22"), [], "starts_on", "больше 15 лет назад"),
]


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("entered", "known", "field", "sentence"), DOUBTFUL)
def test_what_is_asked_once_more(entered: Said, known: Any, field: str, sentence: str) -> None:
    rules.check(entered, known, TODAY, BORN)
    assert [(name, sentence in str(words)) for name, words in rules.doubts(entered, known, TODAY)] == [(field, True)]


@pytest.mark.sqlite_only
def test_an_exit_and_a_new_entry_are_not_doubted() -> None:
    left = [*KNOWN, fact("exit", "2026-09-30")]
    assert rules.doubts(said("entry", "2026-10-01", number="4622 1234567"), left, TODAY) == []
    assert rules.doubts(said("exit", "2026-10-01"), KNOWN, TODAY) == []


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("typed", "kept"), [("46 22 2222222", "4622 №2222222"), (" 4622№2222222 ", "4622 №2222222"), ("АБ  17", "АБ 17"), ("", "")]
)
def test_numbers_of_migration_cards_have_one_writing(typed: str, kept: str) -> None:
    assert rules.tidy_number("entry", typed) == kept


@pytest.mark.sqlite_only
def test_a_reason_has_ten_signs() -> None:
    for reason in ("", "ошибка", "   ошибка     "):
        with pytest.raises(RuleBroken):
            rules.check_reason(reason)
    rules.check_reason("не тот день")
