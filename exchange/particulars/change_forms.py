"""Forms of what holds from a day: other names, another citizenship; the reason why such an entry is taken back."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.people.models import PersonFacts
from exchange.students import examination
from exchange.students.fields import Choice, Day, LongText, RoomForm, Text, Tick, countries, country_options
from exchange.students.order_kinds import NAMED


class ChangeForm(RoomForm):
    """The day, and the paper that says so."""

    day = Day(_l("Действует с"))
    ground = Text(_l("Основание"), most=300, description=_l("Документ, например новый паспорт, выдан 12.05.2026"))

    def begin(self, facts: PersonFacts) -> None:
        """What the form opens with."""

    def said(self) -> dict[str, Any]:
        """Column of PersonFacts -> value."""
        return {}

    def check(self) -> None:
        self.read_texts(["ground"])
        self.read_day("day", _("День, с которого действует, не указан. Введите его, например 12.5.2026"))
        if not self.ground.text:
            self.fail("ground", _("Основание не указано. Напишите, какой документ подтверждает смену"))


class NewNamesForm(ChangeForm):
    """Names from a day."""

    last_name = Text(_l("Фамилия"))
    first_name = Text(_l("Имя"))
    patronymic = Text(_l("Отчество"), optional=True)
    last_name_kk = Text(_l("Фамилия на казахском"), optional=True)
    first_name_kk = Text(_l("Имя на казахском"), optional=True)
    patronymic_kk = Text(_l("Отчество на казахском"), optional=True)
    last_name_lat = Text(_l("Фамилия латиницей"), optional=True)
    first_name_lat = Text(_l("Имя латиницей"), optional=True)

    def begin(self, facts: PersonFacts) -> None:
        for name, column in NAMED.items():
            self._fields[name].data = getattr(facts, column)

    def check(self) -> None:
        super().check()
        examination.check_names(self)

    def said(self) -> dict[str, Any]:
        return {column: self._fields[name].text for name, column in NAMED.items()}


class NewCitizenshipForm(ChangeForm):
    """Citizenship from a day."""

    citizenship = Choice(_l("Гражданство"), options=country_options, empty=_l("Не выбрано"))
    is_rf_citizen = Tick(_l("Есть также гражданство России"))

    def begin(self, facts: PersonFacts) -> None:
        self.citizenship.data, self.is_rf_citizen.data = facts.citizenship, facts.is_rf_citizen

    def check(self) -> None:
        super().check()
        if self.citizenship.data not in countries():
            self.fail("citizenship", _("Гражданство не выбрано. Выберите страну из списка"))
        if self.citizenship.data == "RU":
            self.is_rf_citizen.data = False

    def said(self) -> dict[str, Any]:
        return {"citizenship": self.citizenship.data, "is_rf_citizen": bool(self.is_rf_citizen.data)}


FORMS: dict[str, Any] = {"names": NewNamesForm, "citizenship": NewCitizenshipForm}


class TakeBackForm(RoomForm):
    """Why a change is taken back."""

    reason = LongText(_l("Причина"), most=300)

    def check(self) -> None:
        self.read_texts(["reason"])
        if not self.reason.text:
            self.fail("reason", _("Причина не указана. Напишите, что в записи неверно"))
