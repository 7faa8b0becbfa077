"""Rules of a consent: who may give it on which day, and in what form. A rule names the field and says what to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.consents.papers import birthday, is_minor, kinds, text_on
from exchange.errors import RuleBroken

FORMS = {"paper": _l("на бумаге"), "electronic": _l("электронная подпись")}
SHORTEST_REASON = 10


@dataclass(frozen=True)
class Said:
    """A consent as it is entered."""

    kind: str
    day: dt.date
    form: str
    given_by: str
    giver: str = ""
    note: str = ""


def check(said: Said, born: dt.date, day: dt.date) -> None:
    """Raises RuleBroken."""
    if said.kind not in kinds():
        raise RuleBroken("", _("Такого согласия нет. Выберите его в списке согласий"))
    check_day(said.day, born, day)
    if said.form not in FORMS:
        raise RuleBroken("form", _("Форма не выбрана. Выберите, на бумаге или с электронной подписью"))
    if text_on(said.kind, said.day) is None:
        raise RuleBroken("day", _("На эту дату текста такого согласия ещё нет. Проверьте дату"))
    if said.given_by not in ("self", "guardian"):
        raise RuleBroken("given_by", _("Не выбрано, кто дал согласие. Выберите студента или законного представителя"))
    of_age = f"{birthday(born):%d.%m.%Y}"
    if said.given_by == "self" and is_minor(born, said.day):
        raise RuleBroken(
            "given_by",
            _("18 лет студенту с %(day)s: раньше согласие даёт законный представитель. Выберите его", day=of_age),
        )
    if said.given_by == "guardian" and not is_minor(born, said.day):
        raise RuleBroken("given_by", _("18 лет студенту с %(day)s: с этого дня согласие даёт он сам", day=of_age))
    if said.given_by == "guardian" and not said.giver.strip():
        raise RuleBroken("giver", _("Имя законного представителя не указано. Введите фамилию, имя и отчество"))


def check_day(entered: dt.date, born: dt.date, day: dt.date) -> None:
    if entered > day:
        raise RuleBroken("day", _("Дата должна быть не позже сегодняшней. Исправьте дату"))
    if entered < born:
        raise RuleBroken("day", _("Дата раньше дня рождения, %(day)s. Исправьте дату", day=f"{born:%d.%m.%Y}"))
