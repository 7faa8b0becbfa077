"""Reading the parameters of a report: days and moments as people type them; what is wrong is a sentence next to the field."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from exchange.people.dates import DateProblem, parse_date
from exchange.reference import classifiers
from exchange.reference.classifiers import FUNDING_GROUPS
from exchange.web.forms import Form, clean
from exchange.web.pages import BARNAUL, day, moment
from reports.institutions import Institutions
from reports.report import Parameters

LONGEST = 60
END_OF_DAY = dt.time(23, 59, 59, 999999)
_MOMENT = re.compile(r"(?P<day>.*?)[T\s,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:\.\d{1,6})?))?$")


class Asked(Form):
    """What a report is asked for, as a form that is sent by GET."""

    on = StringField(_l("На дату"))
    known_at = StringField(_l("Известно на, необязательно"), render_kw={"placeholder": _l("5.10.2026 12:00")})
    since = StringField(_l("С даты"), name="from")
    until = StringField(_l("По дату"), name="to")
    vs = StringField(_l("Сравнить с"))
    org = SelectField(_l("Вуз"), validate_choice=False)
    level = SelectField(_l("Уровень"), validate_choice=False)
    form = SelectField(_l("Форма"), validate_choice=False)
    funding = SelectField(_l("Финансирование"), validate_choice=False)

    def offer(self, known: Institutions | None) -> Asked:
        """Fills the lists to choose from."""
        shown = known.by_id.values() if known else ()
        self.org.choices = [("", _("Все вузы"))] + [(one.code, one.name) for one in shown if one.is_active]
        levels, forms = classifiers.levels().items(), classifiers.study_forms().items()
        self.level.choices = [("", _("Все уровни"))] + [(code, classifiers.short_label(one)) for code, one in levels]
        self.form.choices = [("", _("Все формы"))] + [(code, classifiers.short_label(one)) for code, one in forms]
        self.funding.choices = [("", _("Все источники"))] + [
            (group, classifiers.funding_group_label(group)) for group in FUNDING_GROUPS
        ]
        return self

    def show(self, given: Given) -> Asked:
        """Puts what was typed, or what is taken when nothing was, and the sentences into the fields."""
        for one in self:
            one.data = given.shown.get(one.name, "")
            one.errors = [given.errors[one.name]] if one.name in given.errors else []
        return self


@dataclass
class Given:
    """What was read: values, what to show in the fields, and a sentence for each field that is wrong."""

    values: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        return not self.errors

    def parameters(self) -> Parameters:
        """The parameters of a report; ask only when nothing is wrong."""
        value = self.values.get
        return Parameters(
            on=self.values["on"], known_at=value("known_at"), organisation=value("org", ""), level=value("level", ""),
            form=value("form", ""), funding=value("funding", ""), since=value("since"), until=value("until"),
        )  # fmt: skip


@dataclass(frozen=True)
class Calendar:
    """The days that can be asked for."""

    today: dt.date
    begins_on: dt.date
    now: dt.datetime

    @property
    def census(self) -> dt.date:
        """The last 1 October that has come: the day of the federal statistics."""
        this = dt.date(self.today.year, 10, 1)
        return max(this if this <= self.today else this.replace(year=this.year - 1), self.begins_on)

    def day_in(self, text: str) -> dt.date | str:
        """The day that was typed, or a sentence."""
        found = parse_date(text[: LONGEST + 1], today=self.today)
        if isinstance(found, DateProblem):
            if found.code == "impossible":
                return _("Такой даты нет. Введите дату, например 1.10.2026")
            return _("Введите дату, например 1.10.2026")
        if found > self.today:
            return _("Дата не может быть позже сегодняшней — %(today)s", today=day(self.today))
        if found < self.begins_on:
            return _("Данные ведутся с %(first)s, выберите более позднюю дату", first=day(self.begins_on))
        return found

    def moment_in(self, text: str) -> dt.datetime | str:
        """The moment that was typed (Barnaul time where no zone is named; a day alone means its end), or a sentence."""
        sentence = _("Введите дату и время, например 5.10.2026 12:00")
        found = _moment(text, self.today)
        if found is None:
            return sentence
        if found > self.now:
            return _("Момент не может быть позже текущего — %(now)s", now=moment(self.now))
        return found


def _moment(text: str, today: dt.date) -> dt.datetime | None:
    text = text[: LONGEST + 1].strip()
    try:
        known = dt.datetime.fromisoformat(text.replace(" ", "T", 1) if re.match(r"\d{4}-", text) else text)
        if len(text) > len("2026-10-05"):
            return known if known.tzinfo else known.replace(tzinfo=BARNAUL)
    except (ValueError, OverflowError):
        pass
    found = _MOMENT.fullmatch(text)
    on = parse_date(found["day"] if found else text, today=today)
    if isinstance(on, DateProblem):
        return None
    try:
        time = dt.time(int(found["hour"]), int(found["minute"]), int(float(found["second"] or 0))) if found else END_OF_DAY
    except ValueError:
        return None
    return dt.datetime.combine(on, time, BARNAUL)


def read(raw: Mapping[str, str], names: tuple[str, ...], calendar: Calendar, known: Institutions | None = None) -> Given:
    """Reads the parameters called `names` (as in addresses). Every other one is ignored."""
    given = Given()
    text = {name: str(clean(raw.get(name, "")) or "")[:200] for name in names}
    _read_days(text, names, calendar, given)
    offered: Mapping[str, Mapping[str, Any]] = {
        "org": known.by_code if known else {}, "level": classifiers.levels(), "form": classifiers.study_forms(),
        "funding": dict.fromkeys(FUNDING_GROUPS),
    }  # fmt: skip
    sentences = {
        "org": _("Выберите вуз из списка"), "level": _("Выберите уровень из списка"), "form": _("Выберите форму из списка"),
        "funding": _("Выберите источник финансирования из списка"),
    }  # fmt: skip
    for name, choices in offered.items():
        if name in names and text[name]:
            given.shown[name] = text[name]
            if text[name] in choices:
                given.values[name] = text[name]
            else:
                given.errors[name] = sentences[name]
    return given


def _read_days(text: Mapping[str, str], names: tuple[str, ...], calendar: Calendar, given: Given) -> None:
    given.values["on"] = calendar.census if "on" in names else calendar.today
    if "on" in names:
        _take(given, "on", text["on"], calendar.day_in, given.values["on"])
    if "known_at" in names and text["known_at"]:
        _take(given, "known_at", text["known_at"], calendar.moment_in, None)
    if "to" in names:
        _take(given, "to", text["to"], calendar.day_in, given.values["on"], "until")
        until = given.values.get("until", calendar.today)
        _take(given, "from", text["from"], calendar.day_in, max(until.replace(month=1, day=1), calendar.begins_on), "since")
        if given.is_right and given.values["since"] > given.values["until"]:
            given.errors["from"] = _("Начало периода не может быть позже конца — %(last)s", last=day(given.values["until"]))
        given.values["on"] = given.values.get("until", calendar.today)


def _take(given: Given, name: str, text: str, reader: Any, default: Any, value_name: str = "") -> None:
    """Reads one field: nothing typed means the default."""
    found = reader(text) if text else default
    if isinstance(found, str):
        given.errors[name] = found
        given.shown[name] = text
        return
    given.values[value_name or name] = found
    given.shown[name] = moment(found) if isinstance(found, dt.datetime) else day(found)
