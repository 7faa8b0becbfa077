"""Rules of study that hold for a form, a spreadsheet row and an order alike: levels, codes, years, lengths of leave."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.config import TIME_ZONE
from exchange.database import now
from exchange.errors import RuleBroken
from exchange.reference import classifiers
from exchange.reference.terms import term

# Levels under which other codes are studied than the pair in the middle says: preparation, exchange, the pilot of two levels.
WIDER_LEVELS = {
    "prep": None,
    "included": None,
    "base_ho": frozenset({"bachelor", "specialist"}),
    "spec_ho": frozenset({"master", "postgraduate", "residency", "assistantship"}),
}
MOST_COURSES = 7
# What is asked for by several forms and by the actions behind them.
MISSING = {
    "number": _l("Номер приказа не указан. Введите номер"),
    "signed_on": _l("Дата приказа не указана. Введите её, например 27.8.2026"),
    "enrolled_on": _l("День начала учёбы не указан. Введите его, например 1.9.2026"),
    "effective_on": _l("День, с которого действует приказ, не указан. Введите его, например 1.9.2026"),
    "until": _l("Последний день не указан. Введите его, например 30.6.2027"),
    "host": _l("Вуз не указан. Введите название вуза, в который направляется студент"),
    "form": _l("Форма обучения не выбрана. Выберите её из списка"),
    "funding": _l("Оплата не выбрана. Выберите, кто оплачивает обучение"),
    "record_book": _l("Номер дела не указан. Введите номер"),
    "reason": _l("Причина не указана. Опишите, почему приказ отменён"),
}
# Event -> the term that says how many months an absence may last.
LONGEST = {
    "leave_academic": "LEAVE_ACADEMIC", "leave_military": "LEAVE_MILITARY", "leave_maternity": "LEAVE_MATERNITY",
    "go_mobility": "MOBILITY",
}  # fmt: skip
# The ground that says nothing by itself needs words.
NEEDS_WORDS = frozenset({"force"})
SHORTEST_EXPLANATION = 10
# Grounds with a kind of order of their own.
OTHER_ORDERS = frozenset({"transfer", "graduation"})
DEATH = "death"


def day_of(moment: dt.datetime) -> dt.date:
    """The day in Barnaul."""
    return moment.astimezone(ZoneInfo(TIME_ZONE)).date()


def today() -> dt.date:
    """This day in Barnaul."""
    return day_of(now())


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
        raise RuleBroken("programme", _("Такого направления нет. Выберите направление из справочника"))
    for name, code, known in (
        ("level", level, classifiers.levels()),
        ("form", form, classifiers.study_forms()),
        ("funding", str(facts.get("funding_code") or ""), classifiers.fundings()),
    ):
        if code not in known:
            raise RuleBroken(name, _("Такого значения нет. Выберите значение из справочника"))
    if not level_fits(programme, level):
        raise RuleBroken("level", level_sentence(programme))
    course = facts.get("course")
    most = courses(programme, level, form)
    if course is not None and not 1 <= course <= most:
        raise RuleBroken("course", course_sentence(most))


def check_number(number: str, field: str = "number") -> None:
    """An order is told from others by its number: without a figure or a letter («№», a dash) there is none."""
    if not any(sign.isalnum() for sign in number):
        raise RuleBroken(field, MISSING["number"])


def check_signed(signed_on: dt.date, day: dt.date, field: str = "signed_on") -> None:
    """An order is not signed tomorrow."""
    if signed_on > day:
        raise RuleBroken(field, _("Дата приказа должна быть не позже сегодняшней. Исправьте дату"))


def check_dates(signed_on: dt.date, effective_on: dt.date, day: dt.date, signed_field: str, effective_field: str) -> None:
    """An order is not signed tomorrow and does not work from a day more than a year away."""
    check_signed(signed_on, day, signed_field)
    if effective_on > add_months(max(signed_on, day), 12):
        raise RuleBroken(effective_field, _("Эта дата больше чем на год позже приказа. Проверьте дату"))


def check_end(event: str, effective_on: dt.date, until: dt.date | None, ground: str | None) -> None:
    """An absence has an end, after its beginning and not later than the law allows."""
    if until is None:
        raise RuleBroken("until", MISSING["until"])
    if until < effective_on:
        day = f"{effective_on:%d.%m.%Y}"
        raise RuleBroken("until", _("Последний день должен быть не раньше первого, %(day)s. Исправьте дату", day=day))
    rule = "LEAVE_MEDICAL" if ground == "medical" else LONGEST.get(event)
    if rule is None:
        return
    months = term(rule, effective_on)
    latest = add_months(effective_on, months)
    if until > latest:
        raise RuleBroken(
            "until",
            _("Не дольше %(months)s месяцев: укажите день не позже %(day)s", months=months, day=f"{latest:%d.%m.%Y}"),
        )


def check_expulsion(event: str, fields: dict[str, Any]) -> None:
    """An expulsion names its ground; a death is one; a ground that says nothing by itself needs words."""
    ground = classifiers.expulsion_grounds().get(str(fields.get("ground") or ""))
    if ground is None or ground.code in OTHER_ORDERS or (event == "die") != (ground.code == DEATH):
        raise RuleBroken("ground", _("Причина не выбрана. Выберите, чьё это решение и почему"))
    if ground.code in NEEDS_WORDS and len(str(fields.get("explanation") or "").strip()) < SHORTEST_EXPLANATION:
        raise RuleBroken("explanation", _("Эта причина требует пояснения. Опишите её, не меньше 10 знаков"))


def check_return(left_on: dt.date, effective_on: dt.date, ground_code: str | None) -> None:
    """Who left by his own wish may be reinstated for some years (273-FZ art. 62)."""
    ground = classifiers.expulsion_grounds().get(ground_code or "")
    years = term("RETURN", left_on)
    last = add_months(left_on, 12 * years)
    if ground is not None and ground.initiative == "student" and effective_on > last:
        raise RuleBroken(
            "effective_on",
            _(
                "Восстановить можно было до %(day)s, лет после ухода: %(years)s. Исправьте дату или добавьте новую запись",
                day=f"{last:%d.%m.%Y}",
                years=years,
            ),
        )
