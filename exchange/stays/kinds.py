"""Kinds of migration facts: what each is called, which fields it has, and what their labels are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.reference import classifiers
from exchange.reference.labels import label

# Grounds of stay that a mark in the passport or on the migration card gives; the others follow from documents of their own.
GROUNDS_OF_TERMS = ("temp_stay", "temp_stay_ext", "eaeu_worker")
# Terms that a letter of the university keeps.
NOTICES = ("MIG_REG_30", "MIG_REG_MOVE", "STAY_EXT_20", "NOTICE_END_3", "ARRIVAL_EDU_3", "ABSENCE_3")
# Documents that are themselves a ground of stay, the strongest first: kind and code of the ground are one word.
PERMITS = ("vnzh", "rvp", "rvpo")


@dataclass(frozen=True)
class Field:
    """A field of a kind: its label here, whether it may stay empty, a hint."""

    label: Any
    optional: bool = False
    hint: Any = ""


@dataclass(frozen=True)
class Kind:
    """A kind of facts. `fields` are in the order of the form; `has_secret_number`: shown masked, as on the card."""

    code: str
    name: Any
    done: Any
    fields: Mapping[str, Field]
    has_secret_number: bool = False
    note: Any = ""


_from, _until = _l("С какого дня"), _l("По какой день")


def _permit(code: str, name: Any, done: Any, *, is_endless: bool = False) -> Kind:
    fields = {
        "number": Field(_l("Номер")), "starts_on": Field(_from),
        "ends_on": Field(_until, is_endless, _l("Пусто: бессрочно") if is_endless else ""),
    }  # fmt: skip
    return Kind(code, name, done, fields, has_secret_number=True)


_all = (
    Kind(
        "entry", _l("Въезд в Россию"), _l("Въезд внесён"),
        {
            "starts_on": Field(_l("День въезда"), hint=_l("По миграционной карте, например 25.8.2026")),
            "number": Field(_l("Номер миграционной карты"), True, _l("Серия и номер, например 4621 1234567")),
            "place": Field(_l("Пункт пропуска"), True), "submitted_on": Field(_l("Заявление ruID подано"), True),
        },
        has_secret_number=True,
    ),
    Kind(
        "exit", _l("Выезд из России"), _l("Выезд внесён"),
        {"starts_on": Field(_l("День выезда")), "place": Field(_l("Пункт пропуска"), True)},
    ),
    Kind(
        "registration", _l("Миграционный учёт"), _l("Миграционный учёт внесён"),
        {
            "starts_on": Field(_from), "ends_on": Field(_until), "place": Field(_l("Адрес")),
            "party": Field(_l("Принимающая сторона"), hint=_l("Вуз, если студент живёт в общежитии, иначе собственник жилья")),
        },
    ),
    Kind(
        "term", _l("Срок пребывания"), _l("Срок пребывания внесён"),
        {
            "code": Field(_l("Основание пребывания")), "starts_on": Field(_l("День отметки")),
            "ends_on": Field(_l("Срок до"), hint=_l("Дата из отметки")),
            "note": Field(_l("Документ"), True, _l("Например, ходатайство вуза 17-45 от 1.11.2026")),
        },
    ),
    _permit("rvpo", _l("РВПО"), _l("РВПО внесено")),
    _permit("rvp", _l("РВП"), _l("РВП внесено")),
    _permit("vnzh", _l("Вид на жительство"), _l("Вид на жительство внесён"), is_endless=True),
    Kind(
        "medical", _l("Медосвидетельствование"), _l("Медосвидетельствование внесено"),
        {"starts_on": Field(_l("День освидетельствования")), "ends_on": Field(_l("Документ действует до"))},
        note=_l("Вносятся только даты документа. Сведения о здоровье реестр не хранит."),
    ),
    Kind(
        "fingerprints", _l("Дактилоскопия"), _l("Дактилоскопия внесена"),
        {"starts_on": Field(_l("День дактилоскопии"))},
        note=_l("Вносится только дата."),
    ),
    Kind(
        "insurance", _l("Полис ДМС"), _l("Полис внесён"),
        {
            "number": Field(_l("Номер полиса")), "party": Field(_l("Страховая компания")),
            "starts_on": Field(_from), "ends_on": Field(_until),
        },
        has_secret_number=True,
    ),
    Kind(
        "notice", _l("Отправленное уведомление"), _l("Уведомление внесено"),
        {
            "code": Field(_l("Что отправлено")), "party": Field(_l("Кому"), True, _l("Пусто: адресат из справочника сроков")),
            "number": Field(_l("Исходящий номер")), "starts_on": Field(_l("Отправлено")),
            "ends_on": Field(_l("Последний день срока"), True, _l("Чтобы было видно, соблюдён ли срок")),
        },
    ),
)  # fmt: skip
KINDS: dict[str, Kind] = {kind.code: kind for kind in _all}


@cache
def _deadlines() -> dict[str, tuple[str, str]]:
    """Code of a term -> its title and its addressee, as the classifier has them."""
    return {row["code"]: (row["title_ru"], row["addressee_ru"]) for row in classifiers.read("deadlines")}


def addressee(code: str) -> str:
    """To whom a notice goes, by the classifier of terms."""
    return _deadlines().get(code, ("", ""))[1]


def codes_of(kind: str, language: str = "ru") -> dict[str, str]:
    """The list of the field `code` of a kind: code -> words."""
    if kind == "term":
        grounds = classifiers.migration_statuses()
        return {code: label(grounds[code], language) for code in GROUNDS_OF_TERMS}
    if kind == "notice":
        return {code: _deadlines()[code][0] for code in NOTICES}
    return {}
