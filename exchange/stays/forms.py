"""The form of a migration fact (only the fields of its kind), and the reason of an annulment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.errors import RuleBroken
from exchange.files.forms import ScanField
from exchange.stays import rules
from exchange.stays.kinds import KINDS, Kind, codes_of
from exchange.stays.models import StayFact
from exchange.stays.rules import MISSING, Said
from exchange.students.fields import Choice, Day, LongText, RoomForm, Text, language

DAYS = ("starts_on", "ends_on", "submitted_on")
TEXTS = ("number", "place", "party", "note")


class FactForm(RoomForm):
    """A fact of one kind. `known` are the facts of the person in force: the rules look at them, too."""

    starts_on = Day(_l("Дата"))
    ends_on = Day(_l("По какой день"))
    number = Text(_l("Номер"), most=60)
    place = Text(_l("Адрес"), most=300)
    party = Text(_l("Организация"), most=200)
    code = Choice(_l("Основание"), options=list, empty=_l("Не выбрано"))
    submitted_on = Day(_l("Подано"))
    note = Text(_l("Документ"), most=400)
    scan_file = ScanField(_l("Скан документа"))

    def __init__(self, *args: Any, kind: str, known: Sequence[StayFact], born: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind: Kind = KINDS[kind]
        self.known, self.born = known, born
        self.said: Said | None = None
        for name, told in self.kind.fields.items():
            field = self._fields[name]
            field.label.text = told.label
            field.description = told.hint
            field.flags.optional = told.optional or None
        self.code.options = lambda: list(codes_of(kind, language()).items())

    @property
    def shown(self) -> list[Any]:
        """Fields of this kind in their order."""
        return [self._fields[name] for name in self.kind.fields]

    def check(self) -> None:
        values: dict[str, Any] = {}
        for name, told in self.kind.fields.items():
            missing = "" if told.optional else rules.missing(self.kind.code, name)
            if name in DAYS:
                values[name] = self.read_day(name, missing)
            elif name == "code":
                values[name] = self.read_choice(name, codes_of(self.kind.code), MISSING["code"])
            else:
                self.read_texts([name])
                values[name] = self._fields[name].text
                if missing and not values[name]:
                    self.fail(name, missing)
        if any(field.errors for field in self):
            return
        values["number"] = rules.tidy_number(self.kind.code, values.get("number", ""))
        self.said = Said(kind=self.kind.code, **values)
        try:
            rules.check(self.said, self.known, self.today, self.born)
        except RuleBroken as broken:
            self.refuse(broken)
            return
        for name, sentence in rules.doubts(self.said, self.known, self.today):
            self.warn(name, sentence)


class AnnulForm(RoomForm):
    """Why a fact is taken back."""

    reason = LongText(_l("Причина"), most=400)

    def check(self) -> None:
        self.read_texts(["reason"])
        if not self.reason.text:
            self.fail("reason", _("Причина не указана. Напишите, что в записи неверно"))
        if not self.reason.errors:
            try:
                rules.check_reason(self.reason.text)
            except RuleBroken as broken:
                self.refuse(broken)
