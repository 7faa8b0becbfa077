"""The form of an organisation."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from exchange.organisations.models import Kind
from exchange.organisations.queries import KIND_NAMES
from exchange.web.forms import Form, NotRequired, Present, ShorterThan, VersionField


class KindAndCode(Form):
    """What stays for good: declared before the fields that stand below it, so faults are listed in their order."""

    kind = RadioField(
        _l("Вид"), [Present(_l("Выберите вид организации"))], validate_choice=False,
        choices=[SelectChoice(str(kind), KIND_NAMES[kind]) for kind in Kind],
    )  # fmt: skip
    code = StringField(
        _l("Код"), [Present(_l("Введите код"))],
        description=_l("Латинские буквы, цифры и дефис, до 20 знаков. Например, ASTU. Потом код не меняется"),
    )  # fmt: skip


class Details(Form):
    """What an administrator may change; `heads` are (code, name) of universities that have branches."""

    short_ru = StringField(_l("Краткое название"), [Present(_l("Введите краткое название")), ShorterThan(120)])
    name_ru = StringField(_l("Полное название"), [Present(_l("Введите полное название")), ShorterThan(400)])
    name_kk = StringField(_l("Полное название на казахском"), [NotRequired(), ShorterThan(400)])
    name_en = StringField(_l("Полное название на английском"), [NotRequired(), ShorterThan(400)])
    parent = SelectField(_l("Головной вуз"), [NotRequired()], validate_choice=False, description=_l("Только для филиала"))
    city = StringField(_l("Город"), [NotRequired(), ShorterThan(120)])
    tax_number = StringField(
        _l("ИНН или БИН"), [NotRequired(), ShorterThan(12)], description=_l("10 или 12 цифр"),
        filters=[lambda text: re.sub(r"\s", "", text) if text else text],
    )  # fmt: skip
    industry = StringField(_l("Отрасль"), [NotRequired(), ShorterThan(200)])
    founder = StringField(_l("Учредитель"), [NotRequired(), ShorterThan(200)])
    contact = StringField(
        _l("Контакт"), [NotRequired(), ShorterThan(300)], description=_l("Отдел, телефон и почта, которые можно дать другим")
    )
    restriction = StringField(_l("Ограничение доступа для иностранцев"), [NotRequired(), ShorterThan(300)])
    note = TextAreaField(_l("Примечание"), [NotRequired(), ShorterThan(400)])
    version = VersionField()

    def __init__(self, *args: Any, heads: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parent.choices = [SelectChoice("", _l("Не филиал")), *(SelectChoice(code, name) for code, name in heads or ())]

    def check(self) -> None:
        if self.ok("parent") and self.parent.data not in {choice.value for choice in self.parent.choices}:
            self.fail("parent", _l("Выберите вуз, к которому относится филиал"))
        if self.ok("tax_number") and not re.fullmatch(r"[0-9]{10}|[0-9]{12}", self.tax_number.data or ""):
            self.fail("tax_number", _l("ИНН юридического лица состоит из 10 цифр, БИН — из 12. Сверьте номер с документом"))

    def values(self) -> dict[str, str]:
        """Entered values by name, without what is not a value of the record."""
        left_out = {"csrf_token", "version", "code", "kind"}
        return {field.name: field.data or "" for field in self if field.name not in left_out}


class NewOrganisation(KindAndCode, Details):
    """A new organisation."""

    def check(self) -> None:
        super().check()
        if self.ok("kind") and self.kind.data not in list(Kind):
            self.fail("kind", _l("Выберите вид организации"))
        if self.ok("code") and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}", self.code.data or ""):
            self.fail("code", _l("Код состоит из латинских букв, цифр и дефиса, до 20 знаков. Исправьте его"))
        if self.ok("code") and (self.code.data or "").lower() == "new":
            self.fail("code", _l("Этот код занят адресом страницы. Введите другой"))
        if self.ok("kind") and self.kind.data == Kind.BRANCH and not self.parent.data:
            self.fail("parent", _l("Выберите вуз, к которому относится филиал"))


class Filter(Form):
    """Filters of the list of organisations."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Название, код или город"))
    state = SelectField(_l("Состояние"), validate_choice=False)
