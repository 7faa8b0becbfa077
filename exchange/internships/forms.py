"""Forms: an intern (page or row of a spreadsheet), hours by week, evaluation, a step, a refusal, and the filters of a list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField

from exchange.internships import rules
from exchange.internships.fields import DayField, HoursField, RoomForm, WordedRadio, WordedSelect
from exchange.internships.intern_form import InternForm
from exchange.internships.stages import GRADES, KINDS, OUTCOMES
from exchange.web.forms import Form, NotRequired, ShorterThan, VersionField, choices

MOST_WEEK_HOURS = 60


class EvaluationForm(RoomForm):
    """Mark, review, what came of it."""

    grade = WordedRadio(
        _l("Оценка"), choices=choices((str(grade), words) for grade, words in GRADES.items()), sentence=_l("Выберите оценку")
    )
    review = TextAreaField(_l("Отзыв руководителя"), [ShorterThan(2000)])
    outcome = WordedSelect(
        _l("Что дальше"), [NotRequired()], choices=choices(OUTCOMES.items(), _l("Не указано")),
    )  # fmt: skip
    version = VersionField()

    def check(self) -> None:
        review = self.review.data or ""
        if not self.review.errors and len(review) < rules.SHORTEST_REVIEW:
            least = rules.SHORTEST_REVIEW
            self.fail("review", _("Напишите отзыв, не меньше %(least)s знаков, сейчас %(now)s", least=least, now=len(review)))


class StatusForm(RoomForm):
    """A step: the date of the briefing for «start», the reason for «cancel» and «interrupt»."""

    briefing_on = DayField(_l("Дата инструктажа по охране труда"), [NotRequired()])
    reason = TextAreaField(_l("Причина"), [NotRequired(), ShorterThan(400)])
    version = VersionField()


class RefusalForm(RoomForm):
    """Why a university does not agree."""

    reason = TextAreaField(_l("Причина"), [ShorterThan(400)])
    version = VersionField()

    def check(self) -> None:
        if not self.reason.data:
            self.fail("reason", _("Напишите причину: её увидит предприятие"))


class WeekForm(RoomForm):
    """Hours of all weeks of one internship; its fields are made by `week_form`."""

    version = VersionField()
    weeks: tuple[dt.date, ...] = ()

    def hours(self) -> dict[dt.date, tuple[int, int, str]]:
        """Monday -> planned, done, note; an empty field is 0."""
        return {
            week: (
                self._fields[f"planned-{week}"].hours or 0, self._fields[f"done-{week}"].hours or 0,
                self._fields[f"note-{week}"].data or "",
            )
            for week in self.weeks
        }  # fmt: skip

    def show(self, wrong: dict[dt.date, tuple[str, str]]) -> None:
        """What the rules said of weeks, at their fields."""
        for week, (name, sentence) in wrong.items():
            self.fail(f"{name}-{week}", sentence)


def week_form(weeks: Iterable[dt.date]) -> type[WeekForm]:
    """The form for these weeks (Mondays)."""
    weeks = tuple(weeks)
    made: dict[str, Any] = {"weeks": weeks}
    for week in weeks:
        day = rules.day(week)
        made[f"planned-{week}"] = HoursField(_l("По плану, неделя с %(day)s", day=day), [NotRequired()], most=MOST_WEEK_HOURS)
        made[f"done-{week}"] = HoursField(_l("Пройдено, неделя с %(day)s", day=day), [NotRequired()], most=MOST_WEEK_HOURS)
        made[f"note-{week}"] = StringField(_l("Заметка, неделя с %(day)s", day=day), [NotRequired(), ShorterThan(300)])
    return type("WeekForm", (WeekForm,), made)


class FilterForm(RoomForm):
    """Filters of the list, sent by GET; what can't be understood is left out and said at the field."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Поиск"), [NotRequired(), ShorterThan(100)])
    kind = WordedSelect(_l("Вид"), [NotRequired()], choices=choices(KINDS.items(), _l("Любой")))
    university = SelectField(_l("Вуз"), [NotRequired()], validate_choice=False)
    enterprise = SelectField(_l("Предприятие"), [NotRequired()], validate_choice=False)
    since = DayField(_l("Срок с"), [NotRequired()])
    until = DayField(_l("Срок по"), [NotRequired()])


__all__ = [
    "EvaluationForm",
    "FilterForm",
    "InternForm",
    "RefusalForm",
    "StatusForm",
    "WeekForm",
    "week_form",
]
