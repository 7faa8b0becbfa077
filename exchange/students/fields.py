"""What the forms of this room are made of: texts, dates as people type them, lists of codes, the look-up of a programme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.widgets import html_params

from exchange.people.dates import DateProblem, parse_date
from exchange.reference import classifiers
from exchange.reference.labels import label, short_label
from exchange.reference.programmes import Programme
from exchange.students import rules
from exchange.students.vocabulary import NO_TICK
from exchange.web.forms import Form, clean

Options = Callable[[], list[tuple[str, Any]]]
FOUND = 12


class Text(StringField):
    """One line of text. `most` characters fit; `field_name` begins the sentence about the length."""

    def __init__(self, label: Any = None, *, most: int = 100, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.most = most
        if optional:
            self.flags.optional = True

    @property
    def text(self) -> str:
        """What was typed, in one line."""
        return " ".join((self.data or "").split())


class LongText(TextAreaField):
    """Several lines of text."""

    def __init__(self, label: Any = None, *, most: int = 1000, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.most = most
        if optional:
            self.flags.optional = True

    @property
    def text(self) -> str:
        """What was typed, in one line."""
        return " ".join((self.data or "").split())


class Day(Text):
    """A date in any usual writing; `day` is the day after the form was checked, and the field shows it as DD.MM.YYYY."""

    def __init__(self, label: Any = None, *, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(label, most=60, optional=optional, **kwargs)
        self.day: dt.date | None = None

    def show(self, day: dt.date | None) -> None:
        self.day = day
        self.data = f"{day:%d.%m.%Y}" if day else ""


class CodeSelect:
    """Draws the list of a Choice, under headings when its options have them."""

    multiple = False

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        kwargs.setdefault("id", field.id)
        kwargs = {name: value for name, value in kwargs.items() if value is not False}
        lines = [Markup("<select %s>") % Markup(html_params(name=field.name, **kwargs))]  # noqa: S704  (it escapes)
        lines.append(self._option("", field.empty, not field.data))
        for code, words in field.options():
            if isinstance(words, list):
                lines.append(Markup('<optgroup label="%s">') % code)
                lines += [self._option(key, text, key == field.data) for key, text in words]
                lines.append(Markup("</optgroup>"))
            else:
                lines.append(self._option(code, words, code == field.data))
        return Markup("").join([*lines, Markup("</select>")])

    def _option(self, code: str, words: Any, is_chosen: bool) -> Markup:
        return Markup('<option value="%s"%s>%s</option>') % (code, Markup(" selected") if is_chosen else "", words)


class Choice(StringField):
    """One code of a list. `options` gives (code, words), or (heading, [(code, words)]), when the list is drawn: a row of a
    spreadsheet does not wait for it."""

    widget = CodeSelect()

    def __init__(self, label: Any = None, *, options: Options, empty: Any = "", optional: bool = False, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.options = options
        self.empty = empty
        if optional:
            self.flags.optional = True


class Tick(BooleanField):
    """A tick; in a spreadsheet row «нет», «0» and a dash are no tick."""

    false_values = NO_TICK


class Lookup(StringField):
    """A long classifier without a script: the code travels as the field, the words as <name>_query."""

    def __init__(self, label: Any = None, *, optional: bool = False, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.query = ""
        self.results: list[tuple[str, str, str]] | None = None
        self.total: int | None = None
        if optional:
            self.flags.optional = True

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(formdata, *args, **kwargs)
        if formdata and not self.data:  # words without a choice stand in their field again, also when nothing is judged yet
            self.query = " ".join(formdata.get(f"{self.name}_query", "").split())[:200]

    @property
    def chosen(self) -> str:
        programme = classifiers.programmes().get(self.data or "")
        return str(programme) if programme else ""


class Cell:
    """A field of a form that a spreadsheet row fills: what the rules look at, without what only a page needs."""

    __slots__ = ("confirmed", "data", "day", "errors", "most", "name", "query", "results", "suggestion", "total", "warnings")

    def __init__(self, name: str, data: Any, most: int) -> None:
        self.name, self.data, self.most = name, data, most
        self.errors: list[Any] = []
        self.warnings: list[Any] = []
        self.day: dt.date | None = None
        self.query, self.results, self.total, self.suggestion, self.confirmed = "", None, None, None, True

    @property
    def text(self) -> str:
        return " ".join((self.data or "").split())

    def show(self, day: dt.date | None) -> None:
        self.day = day
        self.data = f"{day:%d.%m.%Y}" if day else ""


class RoomForm(Form):
    """A form of this room: warnings and suggestions stand at their fields, dates are read, lengths are kept."""

    def __init__(self, *args: Any, today: dt.date | None = None, **kwargs: Any) -> None:
        self.today = today or rules.today()
        self.proposals: dict[str, str] = {}
        super().__init__(*args, **kwargs)

    @classmethod
    def from_row(cls, values: Mapping[str, Any], **kwargs: Any) -> Any:
        """The same form, filled by a spreadsheet row and judged by the same `check`; 1,500 rows a second and more.

        Binding 40 fields of a page takes longer than judging them, so a row gets plain cells in their place.
        """
        form = cls.__new__(cls)
        form.is_row, form.today = True, kwargs.get("today") or rules.today()
        form.warnings, form.suggestions, form.proposals, form.form_errors = {}, {}, {}, []
        form._prepare(**kwargs)
        form._fields = fields = {}
        shape: Any = cls
        for name, most, is_tick in _shape(shape):
            given = values.get(name)
            data: Any = clean(given if isinstance(given, str) else "" if given is None else str(given))
            if is_tick:
                data = data.lower() not in Tick.false_values
            fields[name] = form.__dict__[name] = Cell(name, data, most)
        return form

    def _prepare(self, **kwargs: Any) -> None:
        """What a form needs besides its fields."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Runs `check`. The fields of this room have no validators of their own, so a row need not ask them."""
        if self.is_row:
            self.check()
            return not any(field.errors for field in self._fields.values())
        passed = super().validate(extra_validators)
        for name, sentences in self.warnings.items():
            field = self._fields[name]
            field.warnings, field.confirmed = sentences, self.confirmed(name)
        for name, sentence in self.suggestions.items():
            self._fields[name].suggestion = sentence
        return passed

    def read_texts(self, names: Any) -> None:
        """Texts in one line, not longer than they may be."""
        for name in names:
            field = self._fields[name]
            if field.data and len(field.data) > field.most:
                self.fail(
                    name,
                    _("Сократите до %(most)s знаков, сейчас %(now)s", most=field.most, now=len(field.data)),
                )

    def read_day(self, name: str, empty: Any = "", *, birth: bool = False) -> dt.date | None:
        """Reads a date; says what is wrong with it. `empty` is the sentence when nothing is typed (none: may be empty)."""
        field: Day = self._fields[name]
        found = parse_date(field.data or "", birth=birth, today=self.today)
        if isinstance(found, dt.date):
            field.show(found)
            return found
        field.day = None
        sentence = day_sentence(field, found, empty)
        if sentence:
            self.fail(name, sentence)
        return None

    def read_choice(self, name: str, known: Any, sentence: Any, *, required: bool = True) -> str:
        """A code of a list, or the sentence."""
        code = self._fields[name].data or ""
        if code in known:
            return str(code)
        if code or required:
            self.fail(name, sentence)
        return ""

    def find_programme(self, name: str = "programme", level: str = "", *, required: bool = True) -> str:
        """The code that was chosen or typed. Words lead to radios, unless they name exactly one programme."""
        field: Lookup = self._fields[name]
        typed = "" if self.is_row else self.formdata_of(f"{name}_query") or ""
        words = field.query = " ".join(typed.split())[:200]
        known = classifiers.programmes()
        if words in known:
            field.data, field.query = words, ""
            return words
        if self.is_row and self.unlisted_programme(str(field.data or "")):
            return str(field.data)
        if field.data in known:
            if not words or words == str(known[field.data]):
                field.query = ""
                return str(field.data)
            return self._search(field, words) or str(field.data)
        words = words or " ".join((field.data or "").split())[:200]
        field.data = ""
        if words:
            return self._search(field, words)
        if required:
            self.fail(name, _("Выберите направление подготовки"))
        return ""

    def unlisted_programme(self, code: str) -> Programme | None:
        """A code that the shipped list lacks, taken as the document gives it: only rows of rosters carry such names."""
        name = self._fields["programme_name"].data if "programme_name" in self._fields else ""
        return classifiers.programme_for(code, str(name)) if name else None

    def _search(self, field: Lookup, words: str) -> str:
        """Looks for words: one programme is taken, several are offered, none is said."""
        found = classifiers.search_programmes(words, limit=200)
        if len(found) == 1:
            field.data, field.query = found[0].code, ""
            return found[0].code
        levels = classifiers.levels()
        field.query, field.total = words, len(found)
        field.results = [
            (p.code, str(p), label(levels[p.level_code], language()) if p.level_code else "") for p in found[:FOUND]
        ]
        if any(p.code == field.data for p in found):
            return str(field.data)
        if found:
            self.fail(field.name, _("Выберите направление подготовки"))
        else:
            self.fail(
                field.name,
                _("Не нашли «%(words)s». Введите код, например 09.03.02, или часть названия", words=words[:60]),
            )
        return ""

    def read_course(self, most: int, *, required: bool) -> int | None:
        """A year of study of the programme."""
        text = (self._fields["course"].data or "").strip()
        if not text:
            if required:
                self.fail("course", _("Выберите курс"))
            return None
        number = int(text) if text.isdecimal() and len(text) < 3 else 0
        if not 1 <= number <= most:
            self.fail("course", rules.course_sentence(most))
            return None
        self._fields["course"].data = str(number)
        return number


@cache
def _shape(form: Any) -> tuple[tuple[str, int, bool], ...]:
    """Name, length and kind of each field of a form."""
    bound = form(MultiDict(), meta={"csrf": False})
    return tuple((field.name, getattr(field, "most", 0), isinstance(field, BooleanField)) for field in bound)


def day_sentence(field: Day, problem: DateProblem, empty: Any) -> Any:
    """What is wrong with a date, with the words that were typed."""
    typed = " ".join((field.data or "").split())[:40]
    if problem.code == "empty":
        return empty
    if problem.code == "impossible":
        return _("Даты %(typed)s нет в календаре. Исправьте дату", typed=typed)
    if problem.code == "incomplete":
        return _("В дате «%(typed)s» не хватает дня или года. Введите день, месяц и год, например 27.3.2007", typed=typed)
    if problem.code == "serial" and problem.proposal:
        return _(
            "«%(typed)s» — это номер дня из таблицы, вероятно %(day)s. Введите дату",
            typed=typed,
            day=f"{problem.proposal:%d.%m.%Y}",
        )
    return _("«%(typed)s» не похоже на дату. Введите день, месяц и год, например 27.3.2007", typed=typed)


def language() -> str:
    locale = get_locale()
    return str(locale.language) if locale else "ru"


def named(items: Callable[[], dict[str, Any]], *, short: bool = False, only: Any = None) -> Options:
    """Options from a classifier, in its order."""

    def options() -> list[tuple[str, Any]]:
        words = short_label if short else label
        return [(code, words(item, language())) for code, item in items().items() if only is None or code in only]

    return options


def course_options() -> list[tuple[str, Any]]:
    return [(str(number), str(number)) for number in range(1, rules.MOST_COURSES + 1)]


def funding_options() -> list[tuple[str, Any]]:
    return [(code, label(item, language())) for code, item in classifiers.fundings().items()]


def countries() -> dict[str, str]:
    """ISO code -> name of the country in the language of the page."""
    locale = get_locale()
    territories = locale.territories if locale else {"KZ": "Kazakhstan"}
    return {code: name for code, name in territories.items() if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES}


# What the table of territories has besides countries.
NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})


def country_options() -> list[tuple[str, Any]]:
    first = ("KZ", "RU")
    known = countries()
    rest = sorted((item for item in known.items() if item[0] not in first), key=lambda item: item[1])
    return [(code, known.get(code, code)) for code in first] + rest
