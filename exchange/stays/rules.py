"""Rules of migration facts: what is refused, and what is only doubtful. A rule names the field and says what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.errors import RuleBroken
from exchange.people.documents import examine_document
from exchange.stays.days import Crossings, crossings
from exchange.stays.kinds import KINDS, codes_of
from exchange.stays.models import StayFact

SHORTEST_REASON = 10
# Not legal numbers: beyond them a date is a slip of the pen.
LONGEST_YEARS, OLD_YEARS = 20, 15
MISSING = {
    "starts_on": _l("Дата не указана. Введите её, например 25.8.2026"),
    "ends_on": _l("Последний день не указан. Введите дату, например 30.6.2027"),
    "number": _l("Номер не указан. Введите номер документа"),
    "place": _l("Адрес не указан. Введите адрес, по которому студент поставлен на учёт"),
    "party": _l("Название не указано. Введите название компании из полиса"),
    "code": _l("Ничего не выбрано. Выберите строку из списка"),
}
HOST_MISSING = _l("Принимающая сторона не указана. Введите название организации или имя собственника жилья")
REASON = _l("Опишите причину: не меньше %(least)s знаков", least=SHORTEST_REASON)


@dataclass(frozen=True)
class Said:
    """A fact as it is entered. Fields that the kind does not have are empty."""

    kind: str
    starts_on: dt.date
    ends_on: dt.date | None = None
    number: str = ""
    place: str = ""
    party: str = ""
    code: str = ""
    submitted_on: dt.date | None = None
    note: str = ""


def tidy_number(kind: str, number: str) -> str:
    """One writing for one number: «4621-1234567» and «4621 №1234567» are the same migration card."""
    number = " ".join(number.split())
    if kind == "entry" and number:
        found = examine_document("migration_card", number)
        return found.normalised if found.error is None else number
    return number


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day some years later (or earlier); the last of February when it was the 29th."""
    return dt.date(day.year + years, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def crossings_of(facts: Sequence[StayFact | Said]) -> Crossings:
    """Stays that follow from entries and exits in force."""
    days: dict[str, list[dt.date]] = {"entry": [], "exit": []}
    for fact in facts:
        if fact.kind in days:
            days[fact.kind].append(fact.starts_on)
    return crossings(days["entry"], days["exit"])


def missing(kind: str, name: str) -> Any:
    """The sentence for an empty field of a kind."""
    return HOST_MISSING if (kind, name) == ("registration", "party") else MISSING[name]


def check(said: Said, known: Sequence[StayFact], today: dt.date, born: dt.date) -> None:
    """Raises RuleBroken. `known`: the facts of the person that are in force."""
    kind = KINDS.get(said.kind)
    if kind is None:
        raise RuleBroken("", _("Такого вида сведений нет. Выберите вид на вкладке «Миграция»"))
    for name, field in kind.fields.items():
        if not field.optional and not getattr(said, name):
            raise RuleBroken(name, missing(said.kind, name))
    if said.code and said.code not in codes_of(said.kind):
        raise RuleBroken("code", MISSING["code"])
    _check_days(said, today, born)
    _check_exit(said, known)
    check_not_known(said, known)


def _check_days(said: Said, today: dt.date, born: dt.date) -> None:
    if said.starts_on > today:
        raise RuleBroken(
            "starts_on",
            _("%(day)s ещё не наступило. Внесите сведения в этот день или исправьте дату", day=f"{said.starts_on:%d.%m.%Y}"),
        )
    if said.starts_on < born:
        raise RuleBroken("starts_on", _("Дата раньше дня рождения, %(day)s. Исправьте дату", day=f"{born:%d.%m.%Y}"))
    if said.submitted_on is not None and said.submitted_on > said.starts_on:
        day = f"{said.starts_on:%d.%m.%Y}"
        raise RuleBroken("submitted_on", _("Заявление ruID подают до въезда, %(day)s. Исправьте дату", day=day))
    if said.submitted_on is not None and said.submitted_on < born:
        raise RuleBroken("submitted_on", _("Дата раньше дня рождения, %(day)s. Исправьте дату", day=f"{born:%d.%m.%Y}"))
    if said.ends_on is None:
        return
    if said.kind != "notice" and said.ends_on < said.starts_on:
        day = f"{said.starts_on:%d.%m.%Y}"
        raise RuleBroken("ends_on", _("Последний день раньше первого, %(day)s. Исправьте дату", day=day))
    if not years_after(said.starts_on, -LONGEST_YEARS) <= said.ends_on <= years_after(said.starts_on, LONGEST_YEARS):
        raise RuleBroken("ends_on", _("Между датами больше %(years)s лет. Исправьте дату", years=LONGEST_YEARS))


def _check_exit(said: Said, known: Sequence[StayFact]) -> None:
    """When entries are known, an exit is not before the first of them."""
    entries = [fact.starts_on for fact in known if fact.kind == "entry"]
    if said.kind == "exit" and entries and said.starts_on < min(entries):
        raise RuleBroken(
            "starts_on",
            _(
                "Выезд раньше первого въезда, %(day)s. Исправьте дату или сначала внесите въезд, после которого был этот выезд",
                day=f"{min(entries):%d.%m.%Y}",
            ),
        )


def check_not_known(said: Said, known: Sequence[StayFact]) -> None:
    """The same kind, day and number (of notices and terms the same ground, too) is one fact: it is not kept twice."""
    number = tidy_number(said.kind, said.number).casefold()
    for fact in known:
        if (fact.kind, fact.starts_on, fact.number.casefold(), fact.code) == (said.kind, said.starts_on, number, said.code):
            raise RuleBroken(
                "starts_on",
                _(
                    "Уже внесено: %(name)s, %(day)s. Если запись ошибочна, аннулируйте её и внесите снова",
                    name=str(KINDS[said.kind].name),
                    day=f"{said.starts_on:%d.%m.%Y}",
                ),
            )


def check_reason(reason: str) -> None:
    """Why a fact is annulled, in so many words that another person understands it."""
    if len(" ".join(reason.split())) < SHORTEST_REASON:
        raise RuleBroken("reason", REASON)


def doubts(said: Said, known: Sequence[StayFact], today: dt.date) -> list[tuple[str, Any]]:
    """Field and sentence of what may be a slip and may be true: it is asked once more, not refused."""
    found: list[tuple[str, Any]] = []
    if said.starts_on < years_after(today, -OLD_YEARS):
        found.append(("starts_on", _("Это больше %(years)s лет назад. Проверьте год", years=OLD_YEARS)))
    if said.kind == "entry" and said.number and examine_document("migration_card", said.number).error is not None:
        found.append(("number", _("В миграционной карте обычно 4 цифры серии и 7 цифр номера. Сверьте номер")))
    if said.kind in ("entry", "exit"):
        found += _doubts_of_crossing(said, known)
    return found


def _doubts_of_crossing(said: Said, known: Sequence[StayFact]) -> list[tuple[str, Any]]:
    before, after = crossings_of(known), crossings_of([*known, said])
    fresh = set(after.entries_after_unknown_exit) - set(before.entries_after_unknown_exit)
    if said.kind == "entry" and fresh:
        day = f"{min(fresh):%d.%m.%Y}"
        return [("starts_on", _("Выезд перед въездом %(day)s неизвестен. Если выезд был, внесите и его", day=day))]
    if said.kind == "entry" and any(fact.kind == "entry" and fact.starts_on == said.starts_on for fact in known):
        return [("starts_on", _("В этот день уже внесён въезд с другим номером карты. Проверьте дату и номер"))]
    if said.kind == "exit" and len(after.exits_without_entry) > len(before.exits_without_entry):
        return [("starts_on", _("Въезд перед этим выездом не внесён, дни пребывания не посчитать. Внесите и въезд"))]
    return []
