"""Rules of practice and internships."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from exchange.errors import RuleBroken
from exchange.internships import rules
from exchange.internships.stages import STEPS, Kind, Recognition, Stage, agreement_of, steps_from

DAY = dt.date
TODAY = DAY(2026, 11, 23)


def broken(rule: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """The field that the rule refuses, or "-" when it is kept."""
    try:
        rule(*args, **kwargs)
    except RuleBroken as error:
        return error.field if str(error.message) else "a sentence is missing"
    return "-"


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "field"),
    [
        (DAY(2026, 6, 1), DAY(2026, 6, 1), "-"),
        (DAY(2026, 6, 23), DAY(2026, 6, 9), "ends_on"),
        (DAY(2026, 1, 1), DAY(2027, 1, 1), "-"),  # 366 days
        (DAY(2026, 1, 1), DAY(2027, 1, 2), "ends_on"),
        (DAY(2009, 12, 31), DAY(2010, 1, 31), "starts_on"),
        (DAY(2029, 11, 25), DAY(2029, 12, 25), "-"),
        (DAY(2029, 11, 26), DAY(2029, 12, 25), "starts_on"),
        (DAY(2062, 6, 1), DAY(2062, 7, 1), "starts_on"),
    ],
)
def test_period(starts_on: dt.date, ends_on: dt.date, field: str) -> None:
    assert broken(rules.check_period, starts_on, ends_on, TODAY) == field


@pytest.mark.parametrize(
    ("born", "field"),
    [
        (DAY(2012, 11, 23), "-"),
        (DAY(2012, 11, 24), "born"),
        (DAY(1936, 1, 1), "-"),
        (DAY(1935, 11, 23), "born"),
        (DAY(2030, 1, 1), "born"),
    ],
)
def test_age(born: dt.date, field: str) -> None:
    assert broken(rules.check_age, born, TODAY) == field


def test_more_hours_than_the_period_has() -> None:
    period = (DAY(2026, 2, 4), DAY(2026, 3, 4))  # has room for 184 hours
    assert broken(rules.check_hours, "hours", 184, *period, None) == "-"
    assert broken(rules.check_hours, "hours", 185, *period, None) == "hours"
    assert broken(rules.check_hours, "hours", 9999, *period, None) == "hours"


def test_more_hours_than_a_minor_may_work() -> None:
    period, minor = (DAY(2026, 6, 15), DAY(2026, 6, 29)), DAY(2008, 10, 1)  # two weeks of 35 and a Monday of 7
    assert broken(rules.check_hours, "hours_planned", 77, *period, minor) == "-"
    with pytest.raises(RuleBroken, match="18") as error:
        rules.check_hours("hours_planned", 78, *period, minor)
    assert "77" in str(error.value.message)
    assert "35" in str(error.value.message)


@pytest.mark.parametrize(
    ("briefing", "field"),
    [
        (DAY(2026, 6, 1), "-"), (DAY(2026, 5, 30), "-"), (DAY(2026, 6, 30), "-"), (DAY(2026, 7, 1), "briefing_on"),
        (DAY(2025, 5, 31), "-"), (DAY(2025, 5, 30), "briefing_on"),
    ],
)  # fmt: skip
def test_briefing_is_before_the_work_or_inside_the_period(briefing: dt.date, field: str) -> None:
    assert broken(rules.check_briefing, briefing, DAY(2026, 6, 1), DAY(2026, 6, 30)) == field


@pytest.mark.parametrize(("grade", "field"), [(1, "grade"), (2, "-"), (5, "-"), (6, "grade"), (0, "grade"), (-3, "grade")])
def test_grade(grade: int, field: str) -> None:
    assert broken(rules.check_grade, grade) == field


def said(**changes: Any) -> list[str]:
    values: dict[str, Any] = {
        "kind": Kind.SPECIALIST, "starts_on": DAY(2026, 1, 1), "ends_on": DAY(2026, 3, 31), "briefing_on": DAY(2026, 1, 1),
        "birth_date": DAY(1990, 1, 1),
    }  # fmt: skip
    return [field for field, _sentence in rules.warnings(**{**values, **changes})]


def test_warnings() -> None:
    assert said() == []  # 90 days
    assert said(ends_on=DAY(2026, 4, 1)) == ["ends_on"]  # 91 days
    assert said(ends_on=DAY(2026, 4, 1), kind=Kind.PRACTICE) == []
    assert said(briefing_on=DAY(2026, 1, 2)) == ["briefing_on"]
    assert said(birth_date=DAY(2008, 1, 2)) == ["kind"]


STARTED = {
    "stage": Stage.CONFIRMED, "starts_on": DAY(2026, 11, 16), "ends_on": DAY(2026, 12, 12), "briefing_on": DAY(2026, 11, 16),
    "recognition": Recognition.RECOGNISED, "refusal": "", "reason": "", "today": TODAY,
}  # fmt: skip


@pytest.mark.parametrize(
    ("step", "changes", "field"),
    [
        ("start", {}, "-"),
        ("start", {"briefing_on": None}, "briefing_on"),
        ("start", {"briefing_on": DAY(2026, 11, 24)}, "briefing_on"),
        ("start", {"starts_on": DAY(2026, 11, 24), "briefing_on": DAY(2026, 11, 20)}, ""),
        ("start", {"refusal": "не наш студент"}, ""),
        ("start", {"recognition": Recognition.REFUSED}, ""),
        ("start", {"recognition": Recognition.WAITING}, "-"),
        ("start", {"stage": Stage.PLANNED}, ""),
        ("confirm", {"stage": Stage.PLANNED}, "-"),
        ("confirm", {"stage": Stage.STARTED}, ""),
        ("finish", {"stage": Stage.STARTED}, ""),  # the last day is still to come
        ("finish", {"stage": Stage.STARTED, "ends_on": TODAY}, "-"),
        ("finish", {"ends_on": TODAY}, ""),  # never started
        ("cancel", {}, "reason"),
        ("cancel", {"reason": "  "}, "reason"),
        ("cancel", {"reason": "нет мест"}, "-"),
        ("cancel", {"stage": Stage.STARTED, "reason": "нет мест"}, ""),
        ("interrupt", {"stage": Stage.STARTED}, "reason"),
        ("interrupt", {"stage": Stage.STARTED, "reason": "болезнь"}, "-"),
        ("interrupt", {"stage": Stage.EVALUATED, "reason": "болезнь"}, ""),
    ],
)
def test_steps(step: str, changes: dict[str, Any], field: str) -> None:
    assert broken(rules.check_step, STEPS[step], **{**STARTED, **changes}) == field


def test_buttons_follow_the_stage() -> None:
    codes = {stage: [step.code for step in steps_from(stage)] for stage in Stage}
    assert codes == {
        Stage.PLANNED: ["confirm", "cancel"], Stage.CONFIRMED: ["start", "cancel"], Stage.STARTED: ["finish", "interrupt"],
        Stage.FINISHED: [], Stage.EVALUATED: [], Stage.CANCELLED: [], Stage.INTERRUPTED: [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "-"),
        ({"stage": Stage.STARTED}, "-"),
        ({"stage": Stage.CONFIRMED}, ""),
        ({"stage": Stage.INTERRUPTED}, ""),
        ({"stage": Stage.CANCELLED}, ""),
        ({"ends_on": DAY(2026, 11, 24)}, ""),
        ({"stage": Stage.STARTED, "ends_on": DAY(2026, 11, 24)}, ""),
        ({"grade": None}, "grade"),
        ({"grade": 6}, "grade"),
        ({"review": "Хорошо."}, "review"),
        ({"review": " " * 40}, "review"),
    ],
)
def test_evaluation_needs_mark_and_review_after_the_last_day(changes: dict[str, Any], field: str) -> None:
    values: dict[str, Any] = {
        "stage": Stage.FINISHED, "ends_on": TODAY, "grade": 4, "review": "Работал самостоятельно.", "today": TODAY,
    }  # fmt: skip
    assert broken(rules.check_evaluation, **{**values, **changes}) == field


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "briefing", "grade", "stage"),
    [
        (DAY(2026, 12, 1), DAY(2026, 12, 20), DAY(2026, 11, 1), None, Stage.PLANNED),
        (DAY(2026, 11, 1), DAY(2026, 12, 20), None, None, Stage.CONFIRMED),
        (DAY(2026, 11, 1), DAY(2026, 12, 20), DAY(2026, 11, 25), None, Stage.CONFIRMED),
        (DAY(2026, 11, 1), DAY(2026, 12, 20), DAY(2026, 11, 1), None, Stage.STARTED),
        (DAY(2026, 11, 1), TODAY, DAY(2026, 11, 1), 5, Stage.STARTED),
        (DAY(2026, 11, 1), DAY(2026, 11, 22), DAY(2026, 11, 1), None, Stage.FINISHED),
        (DAY(2026, 11, 1), DAY(2026, 11, 22), DAY(2026, 11, 1), 5, Stage.EVALUATED),
        (DAY(2026, 11, 1), DAY(2026, 11, 22), None, 5, Stage.CONFIRMED),
    ],
)
def test_stage_of_a_row(
    starts_on: dt.date, ends_on: dt.date, briefing: dt.date | None, grade: int | None, stage: Stage
) -> None:
    found = rules.stage_of_row(starts_on=starts_on, ends_on=ends_on, briefing_on=briefing, grade=grade, today=TODAY)
    assert found == stage


def test_hours_by_week() -> None:
    period, minor = (DAY(2026, 11, 18), DAY(2026, 12, 12)), DAY(2008, 11, 20)
    first, now, last = DAY(2026, 11, 16), DAY(2026, 11, 23), DAY(2026, 12, 7)

    def wrong(**weeks: tuple[int, int]) -> dict[dt.date, str]:
        named = {"first": first, "now": now, "last": last, "outside": DAY(2026, 12, 14)}
        found = rules.check_weeks({named[name]: hours for name, hours in weeks.items()}, *period, minor, TODAY)
        return {week: name for week, (name, _sentence) in found.items()}

    assert wrong(first=(38, 38), now=(40, 40), last=(40, 0)) == {}  # from Wednesday: 2 days of 7, 3 of 8
    assert wrong(first=(39, 38)) == {first: "planned"}
    assert wrong(first=(38, 39)) == {first: "done"}
    assert wrong(last=(40, 1)) == {last: "done"}  # it has not begun
    assert wrong(outside=(1, 0)) == {DAY(2026, 12, 14): "done"}


def test_the_word_of_the_university() -> None:
    assert agreement_of("not_needed", False, "", "planned")[0] == "ring"
    assert agreement_of("waiting", False, "", "planned")[0] == "warn sq"
    assert agreement_of("waiting", False, "", "cancelled")[0] == "ring"
    assert agreement_of("recognised", True, "", "started")[0] == "ok"
    assert agreement_of("recognised", False, "нет договора", "planned")[0] == "bad sq"
    assert agreement_of("refused", False, "", "planned")[0] == "bad sq"
