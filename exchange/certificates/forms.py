"""What is asked for before a certificate is issued."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.certificates.models import LONGEST_ADDRESSEE
from exchange.students.fields import Day, RoomForm, Text, Tick


class CertificateForm(RoomForm):
    """Where it is to be shown, the day for which it speaks, languages beside Russian."""

    addressee = Text(_l("Куда выдаётся"), most=LONGEST_ADDRESSEE)
    stated_on = Day(_l("На какой день"))
    kk = Tick(_l("Подписи граф на казахском"))
    en = Tick(_l("Заголовок и подписи граф на английском"))

    def begin(self) -> None:
        """An empty form with the usual answers."""
        self.addressee.data = _("по месту требования")
        self.stated_on.show(self.today)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(code for code in ("kk", "en") if self._fields[code].data)

    def check(self) -> None:
        self.read_texts(["addressee"])
        if not self.addressee.text:
            self.fail("addressee", _("Куда выдаётся справка, не указано. Введите, например: по месту требования"))
        day = self.read_day("stated_on", _("День не указан. Введите его, например 23.11.2026"))
        if day is not None and day > self.today:
            self.fail("stated_on", _("Справку выдают не позже чем на сегодня. Исправьте дату"))
