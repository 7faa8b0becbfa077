"""Forms: one class validates a page and a spreadsheet row; it can refuse, warn and suggest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import g, has_request_context, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from exchange.errors import RuleBroken

CONTROL = {c: None for c in range(32) if chr(c) not in "\n\t"} | {0x7F: None, 0xFFFE: None, 0xFFFF: None}


def clean(text: Any) -> Any:
    """Text without control characters, lone surrogates and outer spaces (PostgreSQL refuses NUL, SQLite would keep it)."""
    if not isinstance(text, str):
        return text
    return text.translate(CONTROL).encode("utf-8", "ignore").decode("utf-8").replace("\u00a0", " ").strip()


def resumed() -> bool:
    """Whether this page continues what was typed earlier: the form is filled as if it had been sent, and judged later."""
    return has_request_context() and "resumed" in g


class Form(FlaskForm):
    """A form of the registry.

    `warnings` maps a field to sentences; a warning lets the form pass only when its tick (`confirm_<field>`) is set, or
    when the values come from a spreadsheet row (`row=True`), where a warning is listed and does not refuse.
    Errors of the rules (RuleBroken) are shown next to the field with `refuse`.
    """

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Field:
            filters = [clean, *unbound_field.kwargs.get("filters", ())]
            if issubclass(unbound_field.field_class, StringField | SelectField) and "filters" in unbound_field.kwargs:
                return unbound_field.bind(form=form, **{**options, "filters": filters})
            if issubclass(unbound_field.field_class, StringField | SelectField):
                return unbound_field.bind(form=form, filters=filters, **options)
            return unbound_field.bind(form=form, **options)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            return request.form if formdata is _Auto and resumed() else super().wrap_formdata(form, formdata)

    def __init__(self, *args: Any, row: bool = False, **kwargs: Any) -> None:
        self.is_row = row
        self.warnings: dict[str, list[Any]] = {}
        self.suggestions: dict[str, Any] = {}
        super().__init__(*args, **kwargs)

    @classmethod
    def from_row(cls, values: Mapping[str, Any], **kwargs: Any) -> Any:
        """The same form, filled by a spreadsheet row: no token, warnings do not refuse."""
        pairs = MultiDict({key: "" if value is None else str(value) for key, value in values.items()})
        return cls(pairs, row=True, meta={"csrf": False}, **kwargs)

    def warn(self, field: str, sentence: Any) -> None:
        """Adds a warning to a field; call it while the form is validated."""
        self.warnings.setdefault(field, []).append(sentence)

    def suggest(self, field: str, value: Any) -> None:
        self.suggestions[field] = value

    def refuse(self, broken: RuleBroken) -> None:
        """Shows a broken rule next to its field (or above the form)."""
        field = self._fields.get(broken.field)
        if field is None:
            self.form_errors.append(broken.message)
        else:
            field.errors = [*field.errors, broken.message]

    def confirmed(self, field: str) -> bool:
        """Whether the person ticked «it is so in the document» for a warning of this field."""
        return self.is_row or bool((self.formdata_of(f"confirm_{field}") or "").strip())

    def formdata_of(self, name: str) -> str | None:
        return request.form.get(name) if has_request_context() else None

    def validate(self, extra_validators: Any = None) -> bool:
        """Runs fields, then `check()` (rules over several fields), then lets unticked warnings hold the form."""
        if resumed():
            return False
        passed = super().validate(extra_validators)
        self.check()
        if any(field.errors for field in self) or self.form_errors:
            return False
        open_warnings = [name for name in self.warnings if not self.confirmed(name)]
        return passed and not open_warnings

    def check(self) -> None:
        """Rules over several fields; overridden by forms."""

    def fail(self, field: str, sentence: Any) -> None:
        """Adds an error to a field from `check()`, unless it already has one."""
        found = self._fields[field]
        if not found.errors:
            found.errors = [*found.errors, sentence]

    def ok(self, *names: str) -> bool:
        """Whether these fields have values without errors."""
        return all(self._fields[n].data not in (None, "") and not self._fields[n].errors for n in names)


class Present:
    """A value is there; the sentence says what to enter («Введите фамилию»)."""

    field_flags = {"required": True}

    def __init__(self, sentence: Any) -> None:
        self.sentence = sentence

    def __call__(self, form: Any, field: Field) -> None:
        if field.data is None or (isinstance(field.data, str) and not field.data.strip()):
            if not field.errors:
                raise StopValidation(self.sentence)
            raise StopValidation()


class NotRequired:
    """An empty value ends the validation of the field without an error; the label says «необязательно»."""

    field_flags = {"optional": True}

    def __call__(self, form: Any, field: Field) -> None:
        if field.data in (None, "") and not field.errors:
            raw = field.raw_data[0] if field.raw_data else ""
            if not isinstance(raw, str) or not raw.strip():
                raise StopValidation()


class ShorterThan:
    """At most `most` characters; says how many there are."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Any, field: Field) -> None:
        if isinstance(field.data, str) and len(field.data) > self.most:
            raise StopValidation(_("Сократите до %(most)s знаков, сейчас %(now)s", most=self.most, now=len(field.data)))


class VersionField(HiddenField):
    """The version of the record that the form was opened with."""

    @property
    def number(self) -> int:
        text = str(self.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def choices(items: Iterable[tuple[str, Any]], empty: Any = None) -> list[SelectChoice]:
    """Choices of a select, with an empty first line when nothing may be chosen beforehand."""
    pairs = ([("", empty)] if empty is not None else []) + list(items)
    return [SelectChoice(code, label) for code, label in pairs]
