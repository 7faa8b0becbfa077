"""What the forms of this room are made of: days as people type them, hours, lists that understand words of a file, warnings."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import StopValidation

from exchange.errors import RuleBroken
from exchange.internships.vocabulary import HOURS
from exchange.people.dates import DateProblem, parse_date
from exchange.web.forms import Form

MOST_HOURS = 10_000
LONGEST_DAY = 60


class RoomForm(Form):
    """A form of this room: it knows the day, and its warnings stand at the fields where the page shows them."""

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def warn(self, field: str, sentence: Any) -> None:
        super().warn(field, sentence)
        self._fields[field].warnings = self.warnings[field]
        self._fields[field].confirmed = self.confirmed(field)

    def try_rule(self, rule: Callable[..., None], *args: Any) -> bool:
        """Asks a rule; what it refuses stands at the field."""
        try:
            rule(*args)
        except RuleBroken as broken:
            if broken.field in self._fields:
                self.fail(broken.field, broken.message)
            else:
                self.form_errors.append(broken.message)
            return False
        return True


class DayField(StringField):
    """A day. `.day` is the date when the text is one; then the text becomes DD.MM.YYYY when the form is shown again."""

    def __init__(self, *args: Any, birth: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.birth = birth
        self.day: dt.date | None = None

    def process_data(self, value: Any) -> None:
        self.day = value if isinstance(value, dt.date) else None
        self.data = f"{value:%d.%m.%Y}" if isinstance(value, dt.date) else value

    def pre_validate(self, form: Any) -> None:
        self.day = None
        if len(self.data or "") > LONGEST_DAY:
            raise StopValidation(_("Введите дату, например 27.3.2007"))
        read = parse_date(self.data, birth=self.birth, today=form.today)
        if isinstance(read, DateProblem) and read.code == "serial" and form.is_row:
            read = read.proposal or read
        if isinstance(read, dt.date):
            self.day = read
            self.data = f"{read:%d.%m.%Y}"
        elif read.code != "empty":
            raise StopValidation(_say(read))


def _say(problem: DateProblem) -> Any:
    if problem.code == "impossible":
        return _("Такого дня нет. Проверьте день и месяц")
    if problem.code == "incomplete":
        return _("Введите день, месяц и год, например 27.3.2007")
    if problem.proposal is not None:
        return _("Это число из таблицы. Возможно, %(day)s? Введите датой", day=f"{problem.proposal:%d.%m.%Y}")
    return _("Введите дату, например 27.3.2007")


class HoursField(StringField):
    """Whole hours. `.hours` is the number when the text is one. `most` is beyond anything that could be meant."""

    def __init__(self, *args: Any, most: int = MOST_HOURS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most
        self.hours: int | None = None

    def process_data(self, value: Any) -> None:
        self.hours = value if isinstance(value, int) else None
        self.data = "" if value is None else str(value)

    def pre_validate(self, form: Any) -> None:
        self.hours = None
        text = re.sub(r"\s", "", str(self.data or "")[:100])
        if not text:
            return
        found = HOURS.fullmatch(text)
        if not found:
            raise StopValidation(_("Введите часы целым числом, например 144"))
        if int(found[1]) > self.most:
            raise StopValidation(_("Введите часы числом от 0 до %(most)s", most=self.most))
        self.hours = int(found[1])


def _nothing(text: str) -> str:
    return ""


class _Worded:
    """A list whose value may also be said in words: `understand` gives the code for them, or "" for none."""

    understand: Callable[[str], str]
    sentence: Any = None

    def pre_validate(self, form: Any) -> None:
        known = {str(choice.value) for choice in self.choices}  # type: ignore[attr-defined]
        typed = str(self.data or "").strip()  # type: ignore[has-type]
        if typed in known:
            self.data = typed
            return
        code = self.understand(typed) if form.is_row else ""
        if code not in known or not code:
            raise StopValidation(self.sentence or _("Выберите из списка"))
        self.data = code


class WordedSelect(_Worded, SelectField):
    """A select that understands words in rows of a spreadsheet."""

    def __init__(self, *args: Any, understand: Callable[[str], str] = _nothing, sentence: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, validate_choice=False, **kwargs)
        self.understand = understand
        self.sentence = sentence


class WordedRadio(_Worded, RadioField):
    """Radios that understand words in rows of a spreadsheet."""

    def __init__(self, *args: Any, understand: Callable[[str], str] = _nothing, sentence: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, validate_choice=False, **kwargs)
        self.understand = understand
        self.sentence = sentence
