"""What a person may choose for a word of a file, and the text that is then read instead: its recogniser understands it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from babel import Locale
from flask_babel import gettext as _

from exchange.imports import vocabulary
from exchange.internships.stages import KINDS
from exchange.reference import classifiers
from exchange.reference.labels import label
from exchange.students.fields import countries, language
from exchange.students.rules import MOST_COURSES
from exchange.students.student_form import SEXES

PROGRAMMES = ("programme", "programme_code", "programme_name")
# Columns whose words are mapped once for all rows, in the order of the page.
CODED = {
    "students": ("form", "funding", *PROGRAMMES, "level", "course", "status", "region", "citizenship", "sex"),
    "interns": ("kind", "hired", "sex"),
}  # fmt: skip
# Fields that a row may do without: a word may be read as an empty cell.
MAY_BE_EMPTY = frozenset({"level", "course", "status", "region", "citizenship", "sex", "kind", "hired"})
_SEX = {"M": "мужской", "F": "женский"}
_KIND = {"practice": "практика", "specialist": "стажировка"}
_HIRED = {"yes": "да", "no": "нет"}


def _course(text: str) -> str | None:
    number = vocabulary.course(text)
    return str(number) if number and number <= MOST_COURSES else None


def _hired(text: str) -> str | None:
    answer = vocabulary.yes_no(text)
    return None if answer is None else "yes" if answer else "no"


def _programme(text: str) -> str | None:
    found, problem = vocabulary.programme(text)
    return found.code if found is not None and problem in (None, *vocabulary.WARNINGS) else None


_RECOGNISERS: dict[str, Callable[[str], str | None]] = {
    "form": vocabulary.form, "funding": vocabulary.funding, "level": vocabulary.level, "status": vocabulary.status,
    "region": vocabulary.region, "citizenship": vocabulary.citizenship, "sex": vocabulary.sex, "course": _course,
    "kind": vocabulary.kind, "hired": _hired, **dict.fromkeys(PROGRAMMES, _programme),
}  # fmt: skip


def recognise(field: str, text: str) -> str | None:
    """The code that a word of a coded column means; None when nothing understands it."""
    return _RECOGNISERS[field](text) if text else None


@cache
def texts(field: str) -> Mapping[str, str]:
    """code -> the text that is read instead, always in Russian: the language of the page may change, the decision stays."""
    loaders: dict[str, Callable[[], Mapping[str, Any]]] = {
        "form": classifiers.study_forms, "funding": classifiers.fundings, "level": classifiers.levels,
        "status": classifiers.statuses, "region": classifiers.regions,
    }  # fmt: skip
    if field in loaders:
        return {code: item.name_ru for code, item in loaders[field]().items()}
    if field == "citizenship":  # of countries only those that a list may name
        return {code: code for code in _country_codes() if vocabulary.citizenship(code) == code}
    if field == "course":
        return {str(number): str(number) for number in range(1, MOST_COURSES + 1)}
    return {"sex": _SEX, "kind": _KIND, "hired": _HIRED}.get(field, {})


def _country_codes() -> list[str]:
    known = sorted(code for code in map(str, Locale("ru").territories) if len(code) == 2 and code.isalpha())
    return ["KZ", "RU", *(code for code in known if code not in ("KZ", "RU"))]


def shown(field: str, code: str) -> str:
    """What a code is called on the page."""
    tongue = language()
    if field in PROGRAMMES:
        programme = classifiers.programmes().get(code)
        return str(programme) if programme else code
    if field == "citizenship":
        return countries().get(code, code)
    if field == "course":
        return _("%(course)s курс", course=code)
    if field == "hired":
        return _("да") if code == "yes" else _("нет")
    if field in ("sex", "kind"):
        return str((SEXES if field == "sex" else KINDS)[code])
    loaders: dict[str, Mapping[str, Any]] = {
        "form": classifiers.study_forms(), "funding": classifiers.fundings(), "level": classifiers.levels(),
        "status": classifiers.statuses(), "region": classifiers.regions(),
    }  # fmt: skip
    return label(loaders[field][code], tongue)


def options(field: str) -> list[tuple[str, str]]:
    """(text to read instead, words on the page) of everything that may be chosen."""
    return [(text, shown(field, code)) for code, text in texts(field).items()]


def near(text: str) -> list[tuple[str, str]]:
    """Programmes that may have been meant, for a select."""
    return [(str(one), str(one)) for one in vocabulary.similar_programmes(text, limit=6)]
