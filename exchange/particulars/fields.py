"""What the forms of groups have in common: fields that know their column, values as texts to compare, phones and years."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from exchange.students.examination import tidy_phone
from exchange.students.fields import Choice, Day, RoomForm, Tick


class GroupForm(RoomForm):
    """A form of one group. `COLUMNS`: field -> column of what the group edits; `SECRET`: shown masked, an empty one stays."""

    COLUMNS: Mapping[str, str] = {}
    SECRET: tuple[str, ...] = ()
    YEARS: tuple[str, ...] = ()

    def __init__(self, *args: Any, around: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.around = around

    @property
    def merged(self) -> tuple[str, ...]:
        """Fields that two people may change at once; a masked one can't be compared by its looks."""
        return tuple(name for name in self.COLUMNS if name not in self.SECRET)

    def open_with(self, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            field = self._fields[name]
            field.data = bool(value) if isinstance(field, Tick) else value

    def strings(self) -> dict[str, str]:
        """What is in the fields, as texts to compare."""
        return {name: _text(self._fields[name].data) for name in self.merged}

    def values(self) -> dict[str, Any]:
        """Column -> value, of a form that has passed. An empty secret is left out: it stays as it is."""
        found: dict[str, Any] = {}
        for name, column in self.COLUMNS.items():
            field = self._fields[name]
            if name in self.SECRET and not field.data:
                continue
            if isinstance(field, Day):
                found[column] = field.day
            elif isinstance(field, Tick):
                found[column] = bool(field.data)
            elif name in self.YEARS:
                found[column] = int(field.data) if field.data else None
            else:
                found[column] = " ".join(str(field.data or "").split())
        return found

    def shown(self, name: str, value: str) -> str:
        """A value of a field in words."""
        field = self._fields[name]
        if isinstance(field, Tick):
            return _("да") if value else _("нет")
        if isinstance(field, Choice):
            for code, words in field.options():
                if code == value:
                    return str(words)
                for key, text in words if isinstance(words, list) else ():
                    if key == value:
                        return str(text)
        return value

    def read_all(self) -> None:
        """Texts, days, codes and years of this group: tidied and judged by their kind."""
        for name in self.COLUMNS:
            field = self._fields[name]
            if isinstance(field, Day):
                self.read_day(name)
            elif isinstance(field, Choice):
                known = dict(field.options())
                self.read_choice(name, known, _("Такого варианта нет. Выберите из списка"), required=False)
            elif name in self.YEARS:
                self._read_year(name)
            elif not isinstance(field, Tick):
                self.read_texts([name])

    def _read_year(self, name: str) -> None:
        field = self._fields[name]
        text = field.data = (field.data or "").strip()
        if text and not (re.fullmatch(r"[0-9]{4}", text) and 1950 <= int(text) <= self.today.year + 1):
            self.fail(name, _("Год — четыре цифры от 1950 до %(last)s. Исправьте год", last=self.today.year + 1))

    def read_phone(self, name: str) -> None:
        """A phone in the international form."""
        field = self._fields[name]
        if not field.data or field.errors:
            return
        found = tidy_phone(field.data)
        if found is None:
            self.fail(name, _("Это не похоже на телефон. Введите номер с кодом страны, например +7 777 123-45-67"))
        else:
            field.data = found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return str(value or "").replace("\r\n", "\n").strip()


def as_text(value: Any) -> str:
    """A value of a column as the text of its field."""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    return "" if value is None else str(value)
