"""What stands on a certificate: titles, sentences, rows; the languages beside Russian take their words from the glossary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from exchange.certificates.models import PERIOD, STUDIES
from exchange.organisations.models import Organisation
from exchange.reference import classifiers
from exchange.reference.shelf import read
from exchange.students import ledger
from exchange.students.models import Order, OrderLine, StudyPeriod

# A text that the glossary lacks in a language stays in Russian alone: nothing is invented on a paper with a stamp.
LANGUAGES = ("kk", "en")
NAMES = ("surname", "given_name", "patronymic")
ENGLISH_TITLES = {STUDIES: "Certificate of enrolment", PERIOD: "Certificate of the period of study"}


@dataclass(frozen=True)
class Told:
    """What is known for a certificate: the person's facts, the study, the orders that began and ended it."""

    name: str
    born: dt.date
    office: Organisation
    faculty: str
    period: StudyPeriod
    began: tuple[OrderLine, Order] | None
    began_on: dt.date
    ended: tuple[OrderLine, Order] | None = None
    planned_end_on: dt.date | None = None
    absent_until: dt.date | None = None  # the last day of a leave, as its order says


def titles() -> dict[str, str]:
    return {STUDIES: _("Справка, что обучается"), PERIOD: _("Справка о периоде обучения")}


@cache
def _glossary() -> dict[str, dict[str, str]]:
    return {line["key"]: line for line in read("glossary")}


def _others(key: str, languages: Sequence[str]) -> list[tuple[str, str]]:
    """The words of the glossary in the wanted languages, each with its code."""
    found = _glossary()[key]
    return [(code, found[code]) for code in languages if found.get(code)]


def _row(label: str, value: str, key: str = "", item: Any = None, languages: Sequence[str] = ()) -> dict[str, Any]:
    """One line of facts. `key` is of the glossary; `item` of a classifier, which has names in all languages."""
    values = [(code, str(getattr(item, f"name_{code}", "") or "")) for code in languages] if item is not None else []
    return {
        "label": label, "label_others": _others(key, languages) if key else [], "value": value,
        "value_others": [(code, text) for code, text in values if text and text != value],
    }  # fmt: skip


def day(value: dt.date) -> str:
    return f"{value:%d.%m.%Y}"


def _paper(line: OrderLine, order: Order) -> str:
    return _(
        "№ %(number)s от %(day)s, действует с %(since)s", number=order.number, day=day(order.signed_on),
        since=day(line.effective_on),
    )  # fmt: skip


def statement(kind: str, told: Told, stated_on: dt.date) -> str:
    """The sentence that the paper confirms."""
    office = told.office.short_ru
    if kind == PERIOD:
        return _("Подтверждается, что названный ниже человек обучался в вузе: %(office)s.", office=office)
    if told.period.status_code == "studying":
        return _("Подтверждается, что названный ниже студент обучается в вузе: %(office)s.", office=office)
    status = classifiers.statuses()[told.period.status_code].name_ru.lower()
    said = _("с %(day)s", day=day(told.period.valid_from))
    if told.absent_until is not None:
        said = _("%(since)s по %(day)s", since=said, day=day(told.absent_until))
    return _(
        "Подтверждается, что названный ниже студент числится в вузе: %(office)s. На %(day)s: %(status)s, %(said)s.",
        office=office, day=day(stated_on), status=status, said=said,
    )  # fmt: skip


def rows(kind: str, told: Told, languages: Sequence[str]) -> list[dict[str, Any]]:
    """Only what the paper is for: no IIN, no documents, no contacts."""
    period = told.period
    programme = classifiers.programmes().get(period.programme_code)
    level, form = classifiers.levels()[period.level_code], classifiers.study_forms()[period.form_code]
    named = str(programme) if programme else f"{period.programme_code} {period.programme_name}".strip()
    found = [
        {
            **_row(_("Фамилия, имя, отчество"), told.name),
            "label_others": [(code, ", ".join(_glossary()[key][code] for key in NAMES)) for code in languages],
        },
        _row(_("Дата рождения"), day(told.born), "birth_date", None, languages),
    ]
    if told.faculty:
        found.append(_row(_("Институт или факультет"), told.faculty, "faculty", None, languages))
    found += [
        _row(_("Направление подготовки"), named, "direction", None, languages),
        _row(_("Уровень образования"), level.name_ru, "level", level, languages),
        _row(_("Форма обучения"), form.name_ru, "study_form", form, languages),
    ]
    if period.course:
        found.append(_row(_("Курс"), str(period.course), "course", None, languages))
    if told.began is not None:
        found.append(_row(_("Приказ о зачислении"), _paper(*told.began), "enrolment", None, languages))
    else:
        found.append(_row(_("Обучается с"), day(told.began_on)))
    if kind == STUDIES and told.planned_end_on is not None:
        found.append(_row(_("Плановое окончание"), day(told.planned_end_on)))
    if kind == PERIOD and told.ended is not None:
        line, order = told.ended
        key = "graduation" if line.event == "graduate" else "expulsion"
        label = _("Приказ о выпуске") if line.event == "graduate" else _("Приказ об отчислении")
        found.append(_row(label, _paper(line, order), key, None, languages))
    return found


def content(
    kind: str, told: Told, mark: str, issued_on: dt.date, stated_on: dt.date, addressee: str, languages: Sequence[str]
) -> dict[str, Any]:
    """Everything that the template prints; kept with the certificate, so that the paper can be made again as it was.

    The paper is in Russian, whatever the language of the page.
    """
    with force_locale("ru"):
        return _content(kind, told, mark, issued_on, stated_on, addressee, languages)


def _content(
    kind: str, told: Told, mark: str, issued_on: dt.date, stated_on: dt.date, addressee: str, languages: Sequence[str]
) -> dict[str, Any]:
    return {
        "title": titles()[kind], "title_others": [("en", ENGLISH_TITLES[kind])] if "en" in languages else [],
        "number": mark, "numbered": _("№ %(number)s от %(day)s", number=mark, day=day(issued_on)),
        "office": told.office.name_ru or told.office.short_ru,
        "office_others": [
            (code, name) for code in languages if (name := str(getattr(told.office, f"name_{code}", "") or ""))
        ],
        "city": told.office.city, "statement": statement(kind, told, stated_on), "rows": rows(kind, told, languages),
        "purpose": _("Выдана для предъявления: %(where)s.", where=addressee),
        "signature": {
            "post": _("должность"), "sign": _("подпись"), "name": _("инициалы, фамилия"), "stamp": _("М. П."),
        },
        "foot": _("Сведения на %(day)s. Номер и дата стоят в журнале выданных справок вуза.", day=day(stated_on)),
    }  # fmt: skip


def is_of_beginning(line: OrderLine) -> bool:
    return line.event in ledger.beginnings()
