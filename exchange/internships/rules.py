"""Rules of practice and internships; pure: values in, RuleBroken or warnings out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from exchange.errors import RuleBroken
from exchange.internships.norms import age_on, capacity, capacity_by_week, weekly_limit
from exchange.internships.stages import STEPS, Kind, Recognition, Stage, Step
from exchange.reference.terms import deadline

LONGEST = 366  # days
YOUNGEST, OLDEST = 14, 90
PAST, FUTURE = dt.date(2010, 1, 1), dt.timedelta(days=3 * 366)
SHORTEST_REVIEW = 20


def day(value: dt.date) -> str:
    return f"{value:%d.%m.%Y}"


def hours_in_words(hours: int) -> Any:
    return ngettext("%(num)s час", "%(num)s часов", hours)


def length(starts_on: dt.date, ends_on: dt.date) -> int:
    """Days of a period; the first and the last are included."""
    return (ends_on - starts_on).days + 1


def check_period(starts_on: dt.date, ends_on: dt.date, today: dt.date) -> None:
    """A period begins before it ends, is not longer than a year, and lies near enough to be meant."""
    if not PAST <= starts_on <= today + FUTURE:
        raise RuleBroken(
            "starts_on",
            _(
                "Начало %(day)s: введите дату с %(first)s по %(last)s",
                day=day(starts_on),
                first=day(PAST),
                last=day(today + FUTURE),
            ),
        )
    if ends_on < starts_on:
        raise RuleBroken(
            "ends_on",
            _("Конец %(end)s раньше начала %(start)s. Проверьте обе даты", end=day(ends_on), start=day(starts_on)),
        )
    if length(starts_on, ends_on) > LONGEST:
        raise RuleBroken(
            "ends_on",
            _(
                "Срок — %(days)s дней, больше года. Проверьте даты или разделите срок на две записи",
                days=length(starts_on, ends_on),
            ),
        )


def check_age(birth_date: dt.date, starts_on: dt.date) -> None:
    """Practice at an enterprise is for people of 14 to 90 (Labour Code, art. 63)."""
    age = age_on(starts_on, birth_date)
    if age < YOUNGEST or age > OLDEST:
        raise RuleBroken(
            "born",
            ngettext(
                "На начало срока %(num)s год. Проверьте дату рождения: на практику принимают с 14 лет",
                "На начало срока %(num)s лет. Проверьте дату рождения: на практику принимают с 14 лет",
                age,
            ),
        )


def check_hours(field: str, hours: int, starts_on: dt.date, ends_on: dt.date, birth_date: dt.date | None) -> None:
    """Hours fit into the period at the weekly limit for the age on each day (Labour Code, art. 91 and 92)."""
    room = capacity(starts_on, ends_on, birth_date)
    if hours <= room:
        return
    adult = capacity(starts_on, ends_on, None)
    span = f"{day(starts_on)}–{day(ends_on)}"
    if hours > adult:
        raise RuleBroken(
            field,
            _("%(hours)s — больше, чем вмещает срок %(span)s: не больше %(room)s. Проверьте часы и даты",
              hours=hours_in_words(hours), span=span, room=hours_in_words(adult)),
        )  # fmt: skip
    raise RuleBroken(
        field,
        _("%(hours)s — больше, чем разрешено до 18 лет: за %(span)s не больше %(room)s (%(limit)s в неделю). Проверьте часы",
          hours=hours_in_words(hours), span=span, room=hours_in_words(room),
          limit=hours_in_words(weekly_limit(starts_on, birth_date))),
    )  # fmt: skip


def check_weeks(
    done: Mapping[dt.date, tuple[int, int]], starts_on: dt.date, ends_on: dt.date, birth_date: dt.date | None, today: dt.date
) -> dict[dt.date, tuple[str, Any]]:
    """What is wrong with hours by week (Monday -> planned, done): Monday -> ("planned" or "done", sentence)."""
    rooms = capacity_by_week(starts_on, ends_on, birth_date)
    wrong: dict[dt.date, tuple[str, Any]] = {}
    for week, (planned, actual) in done.items():
        if week not in rooms:
            wrong[week] = (
                "done",
                _("Неделя с %(week)s вне срока %(span)s", week=day(week), span=f"{day(starts_on)}–{day(ends_on)}"),
            )
            continue
        for name, hours in (("planned", planned), ("done", actual)):
            if hours > rooms[week]:
                wrong[week] = (
                    name,
                    _("Неделя с %(week)s: %(hours)s — больше %(room)s, которые разрешены на этой неделе",
                      week=day(week), hours=hours_in_words(hours), room=rooms[week]),
                )  # fmt: skip
        if actual and max(week, starts_on) > today and week not in wrong:
            wrong[week] = ("done", _("Неделя с %(week)s ещё не началась. Запишите часы, когда она пройдёт", week=day(week)))
    return wrong


def check_briefing(briefing_on: dt.date, starts_on: dt.date, ends_on: dt.date) -> None:
    """The safety briefing is given before the work or inside the period (decree 2464 of 24.12.2021)."""
    if briefing_on > ends_on:
        raise RuleBroken(
            "briefing_on",
            _("Инструктаж %(day)s — позже конца срока %(end)s. Проверьте дату", day=day(briefing_on), end=day(ends_on)),
        )
    if (starts_on - briefing_on).days > LONGEST:
        raise RuleBroken(
            "briefing_on",
            _(
                "Инструктаж %(day)s — больше чем за год до начала %(start)s. Проверьте дату",
                day=day(briefing_on),
                start=day(starts_on),
            ),
        )


def check_grade(grade: int) -> None:
    if not 2 <= grade <= 5:
        raise RuleBroken("grade", _("Оценка %(grade)s: введите число от 2 до 5", grade=grade))


def university_needed() -> Any:
    return _("Выберите вуз, который направил студента")


def exact_search_needed() -> Any:
    return _("Введите ИИН или фамилию, имя и дату рождения вместе")


def employer_needed() -> Any:
    return _("Введите организацию в Казахстане, которая направила специалиста")


def warnings(
    *, kind: str, starts_on: dt.date, ends_on: dt.date, briefing_on: dt.date | None, birth_date: dt.date | None
) -> list[tuple[str, Any]]:
    """What is possible, but seldom meant: (field, sentence)."""
    found = []
    days = length(starts_on, ends_on)
    visa_free = deadline("STAY_90")
    if kind == Kind.SPECIALIST and days > visa_free:
        found.append((
            "ends_on",
            _(
                "Стажировка — %(days)s дней. Дольше %(most)s суток без визы нужен трудовой или гражданский договор",
                days=days, most=visa_free,
            ),
        ))  # fmt: skip
    if briefing_on is not None and briefing_on > starts_on:
        found.append((
            "briefing_on",
            _("Инструктаж %(day)s — позже первого дня %(start)s", day=day(briefing_on), start=day(starts_on)),
        ))  # fmt: skip
    if kind == Kind.SPECIALIST and birth_date is not None and age_on(starts_on, birth_date) < 18:
        found.append(("kind", _("Специалисту меньше 18 лет. Проверьте, стажировка это или практика студента")))
    return found


def overlap_warning(starts_on: dt.date, ends_on: dt.date) -> Any:
    """Said when the same person is here at the same time under another record."""
    return _("В эти даты у этого человека уже есть запись: %(span)s", span=f"{day(starts_on)}–{day(ends_on)}")


# -------------------------------------------------------------------------------------------------------------- stages
def check_step(step: Step, *, stage: str, starts_on: dt.date, ends_on: dt.date, briefing_on: dt.date | None,
               recognition: str, refusal: str, reason: str, today: dt.date) -> None:  # fmt: skip
    """Raises RuleBroken unless the step may be taken today."""
    if stage not in step.before:
        raise RuleBroken("", _("Состояние записи уже другое. Обновите страницу и посмотрите, что изменилось"))
    if step.needs_reason and not reason.strip():
        raise RuleBroken("reason", _("Напишите причину"))
    if step is STEPS["start"]:
        check_start(starts_on, ends_on, briefing_on, recognition, refusal, today)
    if step is STEPS["finish"]:
        check_finish(ends_on, today)


def check_start(
    starts_on: dt.date, ends_on: dt.date, briefing_on: dt.date | None, recognition: str, refusal: str, today: dt.date
) -> None:
    """Work starts not before the first day, after the safety briefing, and not against the word of the university."""
    if briefing_on is None:
        raise RuleBroken("briefing_on", _("Введите дату инструктажа по охране труда: без него начинать нельзя"))
    if briefing_on > today:
        raise RuleBroken("briefing_on", _("Инструктаж %(day)s ещё не прошёл. Начните после него", day=day(briefing_on)))
    check_briefing(briefing_on, starts_on, ends_on)
    if today < starts_on:
        raise RuleBroken("", _("Срок начинается %(day)s. Раньше этого дня начать нельзя", day=day(starts_on)))
    if refusal or recognition == Recognition.REFUSED:
        raise RuleBroken("", _("Вуз не согласовал практику. Исправьте запись или отмените её"))


def check_finish(ends_on: dt.date, today: dt.date) -> None:
    if today < ends_on:
        raise RuleBroken(
            "", _("Последний день — %(day)s. Закончить раньше нельзя: измените срок или прервите", day=day(ends_on))
        )


def too_early_to_evaluate(*, stage: str, ends_on: dt.date, today: dt.date) -> str:
    """Why there is nothing to evaluate today, and from which day on; "" when it is over (on paper it may still run)."""
    if stage in (Stage.CANCELLED, Stage.INTERRUPTED):
        return _("Запись отменена или прервана, её не оценивают")
    if today < ends_on:
        return _("Оценить можно с последнего дня — %(day)s. Если срок стал короче, измените его", day=day(ends_on))
    if stage in (Stage.PLANNED, Stage.CONFIRMED):
        return _("Практика или стажировка не начата. Сначала запишите начало, потом оценку")
    return ""


def check_evaluation(*, stage: str, ends_on: dt.date, grade: int | None, review: str, today: dt.date) -> None:
    """A mark and a review after the last day; of one that still runs on paper, the end is recorded by the same press."""
    if sentence := too_early_to_evaluate(stage=stage, ends_on=ends_on, today=today):
        raise RuleBroken("", sentence)
    if grade is None:
        raise RuleBroken("grade", _("Выберите оценку"))
    check_grade(grade)
    if len(review.strip()) < SHORTEST_REVIEW:
        raise RuleBroken(
            "review",
            _("Напишите отзыв, не меньше %(least)s знаков, сейчас %(now)s", least=SHORTEST_REVIEW, now=len(review.strip())),
        )


def stage_of_row(
    *, starts_on: dt.date, ends_on: dt.date, briefing_on: dt.date | None, grade: int | None, today: dt.date
) -> Stage:
    """The stage that follows from what a list says: nobody started without a briefing, and who has a mark is evaluated."""
    if starts_on > today:
        return Stage.PLANNED
    if briefing_on is None or briefing_on > today:
        return Stage.CONFIRMED
    if ends_on >= today:
        return Stage.STARTED
    return Stage.EVALUATED if grade is not None else Stage.FINISHED


def recognition_of(kind: str, university_is_here: bool) -> Recognition:
    """A student of a university of the Krai waits until it knows its student; nobody else needs to be recognised."""
    return Recognition.WAITING if kind == Kind.PRACTICE and university_is_here else Recognition.NOT_NEEDED
