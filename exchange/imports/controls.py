"""With what a cell is mended on the page: a list of words, a date, a number or a text; and values of the register in words.

A word of a list is written into the cell, so every recogniser must understand it: a test asks each of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.imports import vocabulary
from exchange.imports.fields import EXPECTED, FIELDS
from exchange.imports.suggestions import CODED, DATES, programmes_like
from exchange.imports.vocabulary_cells import FEMALE, INTERNSHIP, MALE, PRACTICE
from exchange.people import documents, iin
from exchange.reference import classifiers
from exchange.reference.labels import label
from exchange.students.fields import country_options

LONGEST = 300  # signs in a mended cell
NUMBERS = {"iin", "course", "hours", "hours_planned", "employer_bin", "phone", "snils"}
SEX = ((MALE, _l("Мужской")), (FEMALE, _l("Женский")))
KIND = ((PRACTICE, _l("Практика")), (INTERNSHIP, _l("Стажировка")))
SEXES = {"M": _l("Мужской"), "F": _l("Женский")}
# Words whose meaning is worth keeping for the next upload; a programme only from a column of its own.
REMEMBERED = {*CODED, "programme", "citizenship", "sex", "kind"}


@dataclass(frozen=True)
class Control:
    """sort: select, date, number, lookup (a text with proposals) or text. options: what to write, and how it is shown."""

    sort: str
    label: Any
    options: list[tuple[str, Any]] = field(default_factory=list)


def control_for(problem: dict[str, Any], level: str = "") -> Control:
    """How a remark, as kept with its row, is mended."""
    name = problem.get("source", problem["field"])
    words = FIELDS.get(name, name)
    if name in ("programme", "programme_code", "programme_name"):
        return Control("lookup", words, [(one, "") for one in programmes_like(problem["value"], level)])
    if options := choices(name):
        return Control("select", words, options)
    if name in (*DATES, "document_valid_until", "planned_end"):
        return Control("date", words)
    return Control("number" if name in NUMBERS else "text", words)


def choices(name: str) -> list[tuple[str, Any]]:
    """The words to choose from for a coded field of the file; none for other fields."""
    if name == "sex":
        return list(SEX)
    if name == "kind":
        return list(KIND)
    if name == "citizenship":
        return [(str(words), words) for code, words in country_options() if vocabulary.citizenship(words) == code]
    if name == "status":
        return [(one.name_ru, label(one)) for one in classifiers.statuses().values() if one.in_contingent]
    return [(one.name_ru, label(one)) for one in CODED[name]().values()] if name in CODED else []


def is_remembered(problem: dict[str, Any]) -> bool:
    """Whether the meaning of the word may be kept for later uploads."""
    value, name = problem["value"], problem["field"]
    return name in REMEMBERED and problem.get("source", name) == name and not vocabulary.is_nothing(value)


def written(name: str, text: str, columns: set[str]) -> dict[str, str]:
    """The cells to write for a mended field of the file: a programme goes to its two columns, where it has two."""
    if name not in ("programme", "programme_code", "programme_name") or not columns & {"programme_code", "programme_name"}:
        return {name: text}
    found, _problem = vocabulary.programme(text, None, None, None)
    if found is None:
        return {name: text}
    both = {"programme_code": found.code, "programme_name": found.name_ru, "programme": str(found)}
    return {column: words for column, words in both.items() if column in columns or column == name}


def shown(name: str, value: Any) -> str:
    """A value of the register in words; numbers of people by their ends."""
    if value in (None, ""):
        return ""
    text = str(value)
    if name in CODED:
        line = CODED[name]().get(text)
        return label(line) if line else text
    if name == "programme":
        found = classifiers.programmes().get(text)
        return str(found) if found else text
    if name in ("sex", "citizenship"):
        return str(SEXES.get(text, text)) if name == "sex" else str(dict(country_options()).get(text, text))
    if name == "iin":
        return iin.mask(text)
    if name in ("passport", "snils"):
        return documents.mask(text)
    return text


def expectation(problem: dict[str, Any]) -> str:
    """What to do at a box that only a person can fill: «Введите 12 цифр ИИН»."""
    name = problem.get("source", problem["field"])
    if name == "iin":
        return _("Введите 12 цифр ИИН")
    if choices(name):
        return _("Выберите из списка")
    if name in DATES:
        return _("Введите дату, например 27.03.2007")
    if name in ("programme", "programme_code", "programme_name"):
        return _("Введите код или название направления")
    if name == "full_name":
        return _("Введите фамилию, имя и отчество")
    return str(EXPECTED.get(name, "")) or _("Введите значение")
