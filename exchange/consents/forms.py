"""Forms of a consent that was given, of its withdrawal, and of the mark that an entry was a mistake."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.consents.papers import is_minor
from exchange.consents.rules import FORMS, Said, check
from exchange.errors import RuleBroken
from exchange.files.forms import ScanField
from exchange.students.fields import Choice, Day, LongText, RoomForm, Text

GIVERS = {"self": _l("Студент"), "guardian": _l("Законный представитель")}


class ConsentForm(RoomForm):
    """A consent of one kind. Nothing is chosen beforehand, but who gives it when the law leaves one choice."""

    day = Day(_l("Дата согласия"))
    form = Choice(_l("Форма"), options=lambda: list(FORMS.items()), empty=_l("Не выбрана"))
    given_by = Choice(_l("Кто дал"), options=lambda: list(GIVERS.items()), empty=_l("Не выбрано"))
    giver = Text(_l("Законный представитель"), most=200, optional=True)
    note = Text(_l("Примечание"), most=400, optional=True)
    scan_file = ScanField(_l("Скан согласия"))

    def __init__(self, *args: Any, kind: str, born: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.born = kind, born
        self.said: Said | None = None

    @property
    def is_minor(self) -> bool:
        """Under 18 today: the page names the guardian's field."""
        return is_minor(self.born, self.today)

    def check(self) -> None:
        self.read_texts(["giver", "note"])
        day = self.read_day("day", _("Дата не указана. Введите день подписи, например 1.9.2026"))
        form = self.read_choice("form", FORMS, _("Форма не выбрана. Выберите, на бумаге или с электронной подписью"))
        who = _("Не выбрано, кто дал согласие. Выберите студента или законного представителя")
        given_by = self.read_choice("given_by", GIVERS, who)
        if day is None or not form or not given_by or self.giver.errors or self.note.errors:
            return
        said = Said(self.kind, day, form, given_by, self.giver.text, self.note.text)
        try:
            check(said, self.born, self.today)
        except RuleBroken as broken:
            self.refuse(broken)
        else:
            self.said = said


class WithdrawForm(RoomForm):
    """From which day a consent is withdrawn."""

    day = Day(_l("Дата отзыва"))
    note = Text(_l("Примечание"), most=400, optional=True)
    scan_file = ScanField(_l("Скан заявления"))

    def check(self) -> None:
        self.read_texts(["note"])
        self.read_day("day", _("Дата не указана. Введите день заявления об отзыве, например 1.9.2026"))


class MistakeForm(RoomForm):
    """Why an entry is a mistake."""

    reason = LongText(_l("Причина"), most=400)

    def check(self) -> None:
        self.read_texts(["reason"])
        if not self.reason.text:
            self.fail("reason", _("Причина не указана. Напишите, что в записи неверно"))
