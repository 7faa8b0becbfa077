"""Rules of study that hold for a form, a spreadsheet row and an order alike: levels, codes, years, lengths of leave."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from exchange.config import TIME_ZONE
from exchange.database import now
from exchange.errors import RuleBroken
from exchange.reference import classifiers

# Levels under which other codes are studied than the pair in the middle says: preparation, exchange, the pilot of two levels.
WIDER_LEVELS = {
    "prep": None,
    "included": None,
    "base_ho": frozenset({"bachelor", "specialist"}),
    "spec_ho": frozenset({"master", "postgraduate", "residency", "assistantship"}),
}
MOST_COURSES = 7
# Longest leave in months: order 303 (academic, medical, military); child care to the age of three and the leave of birth.
LEAVE_GROUNDS = {"family": 12, "other": 12, "medical": 24, "military": 24}
LONGEST_LEAVE = {"leave_academic": 12, "leave_military": 24, "leave_maternity": 41}
LONGEST_MOBILITY = 24
# The ground that says nothing by itself needs words; 273-FZ art. 62: five years to come back.
NEEDS_WORDS = frozenset({"force"})
SHORTEST_EXPLANATION = 10
YEARS_TO_COME_BACK = 5
# Grounds with a kind of order of their own.
OTHER_ORDERS = frozenset({"transfer", "graduation"})
DEATH = "death"


def today() -> dt.date:
    """This day in Barnaul."""
    return now().astimezone(ZoneInfo(TIME_ZONE)).date()


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day some months later; the last of the month when there is no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def level_fits(programme_code: str, level_code: str) -> bool:
    """Whether a field of study can be studied at a level."""
    programme = classifiers.programmes().get(programme_code)
    if programme is None or programme.level_code is None or programme.level_code == level_code:
        return True
    if level_code not in WIDER_LEVELS:
        return False
    wider = WIDER_LEVELS[level_code]
    return wider is None or programme.level_code in wider


def courses(programme_code: str, level_code: str, form_code: str) -> int:
    """How many years of study there are: the usual length, one more when studied part-time or extramurally."""
    programme = classifiers.programmes().get(programme_code)
    if programme is not None and programme.level_code == level_code and (known := programme.courses(form_code)):
        return min(known, MOST_COURSES)
    level = classifiers.levels().get(level_code)
    if level is None or level.years_max is None:
        return 1 if level is not None and level.code.startswith("dpo") else MOST_COURSES
    return min(math.ceil(level.years_max) + (1 if form_code in {"part", "extra"} else 0), MOST_COURSES)


def level_sentence(programme_code: str) -> str:
    """«09.03.04 — это бакалавриат. Измените уровень или направление»."""
    programme = classifiers.programmes()[programme_code]
    level = classifiers.levels()[programme.level_code or ""]
    return _("%(code)s — это %(level)s. Измените уровень или направление", code=programme.code, level=level.name_ru.lower())


def course_sentence(most: int) -> str:
    """«На этой программе 4 курса. Выберите курс от 1 до 4»."""
    if most == 1:
        return _("На этой программе один курс. Выберите курс 1")
    return _("На этой программе курсов: %(most)s. Выберите курс от 1 до %(most)s", most=most)


def check_study(facts: dict[str, Any]) -> None:
    """Level fits the code and the course fits the programme, or RuleBroken on the form field."""
    programme, level, form = (str(facts.get(f"{name}_code") or "") for name in ("programme", "level", "form"))
    if programme not in classifiers.programmes() and not classifiers.programme_for(
        programme, str(facts.get("programme_name") or "")
    ):
        raise RuleBroken("programme", _("Выберите значение из справочника"))
    for name, code, known in (
        ("level", level, classifiers.levels()),
        ("form", form, classifiers.study_forms()),
        ("funding", str(facts.get("funding_code") or ""), classifiers.fundings()),
    ):
        if code not in known:
            raise RuleBroken(name, _("Выберите значение из справочника"))
    if not level_fits(programme, level):
        raise RuleBroken("level", level_sentence(programme))
    course = facts.get("course")
    most = courses(programme, level, form)
    if course is not None and not 1 <= course <= most:
        raise RuleBroken("course", course_sentence(most))


def check_dates(signed_on: dt.date, effective_on: dt.date, day: dt.date, signed_field: str, effective_field: str) -> None:
    """An order is not signed tomorrow and does not work from a day more than a year away."""
    if signed_on > day:
        raise RuleBroken(signed_field, _("Дата приказа должна быть не позже сегодняшней"))
    if effective_on > add_months(max(signed_on, day), 12):
        raise RuleBroken(effective_field, _("Эта дата больше чем на год позже приказа. Проверьте дату"))


def check_end(event: str, effective_on: dt.date, until: dt.date | None, ground: str | None) -> None:
    """A leave has an end, after its beginning and not later than the law allows."""
    if until is None:
        raise RuleBroken("until", _("Введите последний день"))
    if until < effective_on:
        raise RuleBroken("until", _("Последний день должен быть не раньше %(day)s", day=f"{effective_on:%d.%m.%Y}"))
    months = LEAVE_GROUNDS.get(ground or "", 12) if event == "leave_academic" else LONGEST_LEAVE.get(event, LONGEST_MOBILITY)
    if until > add_months(effective_on, months):
        latest = add_months(effective_on, months)
        raise RuleBroken(
            "until",
            _("Не дольше %(months)s месяцев: укажите день не позже %(day)s", months=months, day=f"{latest:%d.%m.%Y}"),
        )


def check_expulsion(event: str, fields: dict[str, Any]) -> None:
    """An expulsion names its ground; a death is one; a ground that says nothing by itself needs words."""
    ground = classifiers.expulsion_grounds().get(str(fields.get("ground") or ""))
    if ground is None or ground.code in OTHER_ORDERS or (event == "die") != (ground.code == DEATH):
        raise RuleBroken("ground", _("Выберите, чьё это решение и причину"))
    if ground.code in NEEDS_WORDS and len(str(fields.get("explanation") or "").strip()) < SHORTEST_EXPLANATION:
        raise RuleBroken("explanation", _("Опишите причину, не меньше 10 знаков"))


def check_return(left_on: dt.date, effective_on: dt.date, ground_code: str | None) -> None:
    """Who left by his own wish may be reinstated for five years (273-FZ art. 62)."""
    ground = classifiers.expulsion_grounds().get(ground_code or "")
    last = add_months(left_on, 12 * YEARS_TO_COME_BACK)
    if ground is not None and ground.initiative == "student" and effective_on > last:
        raise RuleBroken(
            "effective_on",
            _("Восстановиться можно было до %(day)s: прошло больше 5 лет после отчисления", day=f"{last:%d.%m.%Y}"),
        )
