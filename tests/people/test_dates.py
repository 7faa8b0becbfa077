"""Dates as people type them in three languages."""

from __future__ import annotations

import datetime as dt

import pytest

from exchange.people.dates import DateProblem, excel_serial, parse_date

TODAY = dt.date(2026, 11, 23)
SAME_DAY = [
    "27.3.2007", "27.03.2007", "27.03.07", "27/03/2007", "27 03 2007", "27-03-2007", "27032007", "2007-03-27", "2007.03.27",
    "20070327", "27 марта 2007", "27 март 2007", "27 Марта 2007 г.", "27 мар. 2007", "«27» марта 2007 года", "27 наурыз 2007",
    "27 Наурыз 2007 ж.", "2007 жылғы 27 наурыз", "2007 ж. 27 наурыз", "27 March 2007", "March 27, 2007", "27-Mar-2007",
    "27th of March 2007", " 27.03.2007г. ", "27.03.2007 00:00:00", "2007-03-27T00:00:00", "27.\u00a003.\u00a02007",
]  # fmt: skip


@pytest.mark.parametrize("typed", SAME_DAY)
def test_one_day_in_many_writings(typed: str) -> None:
    assert parse_date(typed, today=TODAY) == dt.date(2007, 3, 27)
    assert parse_date(typed, birth=True, today=TODAY) == dt.date(2007, 3, 27)


def test_days_are_taken_as_they_are() -> None:
    assert parse_date(dt.date(2007, 3, 27), today=TODAY) == dt.date(2007, 3, 27)
    assert type(parse_date(dt.datetime(2007, 3, 27, 5), today=TODAY)) is dt.date  # noqa: DTZ001


@pytest.mark.parametrize(("typed", "back"), [("сегодня", 0), ("Вчера", 1), ("бүгін", 0), ("кеше", 1), ("today", 0)])
def test_words(typed: str, back: int) -> None:
    assert parse_date(typed, today=TODAY) == TODAY - dt.timedelta(days=back)


@pytest.mark.parametrize(
    ("typed", "as_birth", "as_other"),
    [
        ("01.01.30", 1930, 2030), ("01.01.99", 1999, 2099), ("01.01.00", 2000, 2000), ("30.01.03", 2003, 2003),
        ("01.01.29", 2029, 2029),
    ],
)  # fmt: skip
def test_years_of_two_digits(typed: str, as_birth: int, as_other: int) -> None:
    born, other = parse_date(typed, birth=True, today=TODAY), parse_date(typed, today=TODAY)
    assert isinstance(born, dt.date)
    assert isinstance(other, dt.date)
    assert (born.year, other.year) == (as_birth, as_other)


@pytest.mark.parametrize(
    ("month", "names"),
    list(enumerate(
        [
            "января қаңтар january", "февраля ақпан february", "марта наурыз march", "апреля сәуір april", "мая мамыр may",
            "июня маусым june", "июля шілде july", "августа тамыз august", "сентября қыркүйек september",
            "октября қазан october", "ноября қараша november", "декабря желтоқсан december",
        ],
        1,
    )),
)  # fmt: skip
def test_names_of_months(month: int, names: str) -> None:
    assert {parse_date(f"5 {name} 2025", today=TODAY) for name in names.split()} == {dt.date(2025, month, 5)}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"), ("   ", "empty"), (None, "empty"),
        ("31.02.2006", "impossible"), ("31 февраля 2006", "impossible"), ("29.02.2007", "impossible"),
        ("12.13.2005", "impossible"),
        ("00.01.2005", "impossible"), ("27.03.0207", "impossible"), ("27.03.9999", "impossible"), ("31022006", "impossible"),
        ("03.2007", "incomplete"), ("14.03", "incomplete"), ("2007", "incomplete"), ("март 2007", "incomplete"),
        ("27 марта", "incomplete"), ("27.03.207", "incomplete"), ("март", "incomplete"),
        ("нет данных", "not_a_date"), ("абв", "not_a_date"), ("050314599901", "not_a_date"), ("3 курс", "not_a_date"),
        ("N82878702", "not_a_date"), ("1 2 3 4", "not_a_date"), ("27 мартобря 2007 мая", "not_a_date"), ("=A1", "not_a_date"),
        ("<b>27.03.2007</b>", "not_a_date"), ("99999", "not_a_date"), ("5", "not_a_date"),
    ],
)  # fmt: skip
def test_what_is_no_date(typed: str | None, code: str) -> None:
    assert parse_date(typed, birth=True, today=TODAY) == DateProblem(code)  # type: ignore[arg-type]


def test_very_long_text() -> None:
    assert parse_date("27.03.2007 " * 2000, today=TODAY) == DateProblem("not_a_date")


def test_a_number_of_a_spreadsheet_is_proposed() -> None:
    assert parse_date("38245", today=TODAY) == DateProblem("serial", dt.date(2004, 9, 15))
    assert parse_date("38245.0", today=TODAY) == DateProblem("serial", dt.date(2004, 9, 15))


@pytest.mark.parametrize(
    ("number", "day"),
    [(38245, "2004-09-15"), (38245.75, "2004-09-15"), (20000, "1954-10-03"), (60000, "2064-04-08"), (46349, "2026-11-23")],
)
def test_numbers_of_a_spreadsheet(number: float, day: str) -> None:
    assert excel_serial(number) == dt.date.fromisoformat(day)


@pytest.mark.parametrize("number", [0, 19999, 60001, -5, float("nan"), float("inf"), 5e10])
def test_numbers_that_are_no_days(number: float) -> None:
    assert excel_serial(number) == DateProblem("not_a_date")
