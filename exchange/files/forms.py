"""The field of a file in any form; the form that puts a file at a record; the reason of a removal."""

from __future__ import annotations

from typing import Any

from flask import has_request_context
from flask_babel import lazy_gettext as _l
from wtforms import FileField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from exchange.errors import RuleBroken
from exchange.files import rules
from exchange.files.carried import carried
from exchange.files.inspection import Unfit
from exchange.files.kinds import KINDS
from exchange.web.forms import Form, NotRequired, Present, ShorterThan


class ScanField(FileField):
    """A file of a form whose view is marked `carries_scan`; what was wrong with it is said here. Its name is `scan_file`."""

    def __init__(self, label: Any = None, *, optional: bool = True, **kwargs: Any) -> None:
        super().__init__(label or _l("Скан"), **kwargs)
        if optional:
            self.flags.optional = True

    def process_data(self, value: Any) -> None:
        self.data = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None

    def pre_validate(self, form: Any) -> None:
        if has_request_context() and (sentence := carried().error):
            raise StopValidation(sentence)


class AttachForm(Form):
    """A file at a record."""

    kind = SelectField(_l("Что за документ"), [Present(_l("Выберите, что за документ"))], validate_choice=False)
    title = StringField(_l("Название"), [NotRequired(), ShorterThan(rules.LONGEST_TITLE)])
    scan_file = ScanField(_l("Файл"), optional=False)
    note = StringField(_l("Примечание"), [NotRequired(), ShorterThan(rules.LONGEST_NOTE)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [SelectChoice("", _l("Не выбрано")), *(SelectChoice(code, name) for code, name in KINDS.items())]

    def words(self, name: str) -> str:
        """A text in one line."""
        return " ".join((self._fields[name].data or "").split())

    def check(self) -> None:
        if self.kind.data:
            try:
                rules.check_what(self.kind.data, self.words("title"))
            except RuleBroken as broken:
                self.fail(broken.field, broken.message)
        if not self.scan_file.errors and not carried().scans:
            self.fail("scan_file", Unfit("none").message)


class RemoveForm(Form):
    """Why a scan is hidden."""

    reason = TextAreaField(
        _l("Причина"), [Present(_l("Напишите, почему скан убирается")), ShorterThan(rules.LONGEST_REASON)],
        description=_l("Например, приложен не тому студенту"),
    )  # fmt: skip
