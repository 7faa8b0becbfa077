"""How the columns and words of an upload were understood, as a person sees it. Asks nothing of anybody."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_of
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.imports import vocabulary, vocabulary_choices
from exchange.imports.decisions import NOT_LOADED, Decisions, Remembered
from exchange.imports.fields import FIELDS
from exchange.imports.tables import ONE_OF_SEVERAL
from exchange.imports.vocabulary_headings import INTERN_FIELDS, STUDENT_FIELDS
from exchange.imports.vocabulary_text import plain
from exchange.people import names

MANY = 3  # rows with one word that nobody understands: worth to ask at once for all of them
_NAMES = ("full_name", "last_name", "first_name")
_PROGRAMME = vocabulary_choices.PROGRAMMES
_ORDER = ("order", "order_number", "order_date", "enrolled_on")
_TERM_STARTS, _TERM_ENDS = ("starts_on", "period"), ("ends_on", "period")
# What a row needs, and the columns that may hold it; the first one names it.
REQUIRED: dict[str, tuple[tuple[str, ...], ...]] = {
    "students": (_NAMES, ("born",), ("iin", "passport"), ("sex", "iin"), _PROGRAMME, ("form",), ("funding",)),
    "interns": (_NAMES, ("iin", "born"), ("sender",), _TERM_STARTS, _TERM_ENDS),
}
# What one value may stand for in all rows, unless one of these columns is there.
EVERYWHERE: dict[str, tuple[tuple[str, ...], ...]] = {
    "students": (("form",), ("funding",), _PROGRAMME, ("level",), ("course",), ("citizenship",), _ORDER),
    "interns": (("kind",), ("sender",), _TERM_STARTS, _TERM_ENDS),
}
GROUPS: dict[str, tuple[tuple[Any, tuple[str, ...]], ...]] = {
    "students": (
        (_l("Человек"), (*_NAMES, "patronymic", "sex", "born", "iin", "citizenship")),
        (_l("Учёба"), (
            *_PROGRAMME, "level", "course", "group", "form", "funding", "status", "faculty", "record_book", "planned_end",
        )),
        (_l("Приказ о зачислении"), _ORDER),
        (_l("Документ"), (
            "passport", "document_type", "document_issued_on", "document_valid_until", "document_issued_by", "snils",
        )),
        (_l("Откуда и как связаться"), ("region", "district", "settlement", "address", "dormitory", "phone", "email")),
        (_l("Имя на других языках"), (
            "last_name_kk", "first_name_kk", "patronymic_kk", "latin_name", "last_name_lat", "first_name_lat",
        )),
    ),
    "interns": (
        (_l("Человек"), (*_NAMES, "patronymic", "iin", "born", "sex", "phone", "email")),
        (_l("Практика или стажировка"), (
            "kind", "sender", "period", "starts_on", "ends_on", "department", "mentor", "position", "programme", "employer_bin",
        )),
        (_l("Ход и итог"), ("hours_planned", "hours", "briefing_on", "grade", "hired")),
    ),
}  # fmt: skip
HOW = {
    "heading": _l("по названию"),
    "remembered": _l("как в прошлый раз"),
    "content": _l("по содержимому, проверьте"),
    "chosen": _l("выбрано вами"),
    "none": _l("не понят"),
}
_ALL = {"students": STUDENT_FIELDS, "interns": INTERN_FIELDS}


def field_groups(kind: str) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """(name of the group, [(field, name)]): everything that a column may be loaded as."""
    grouped = [(title, [(name, FIELDS[name]) for name in fields if name in FIELDS]) for title, fields in GROUPS[kind]]
    known = {name for _title, fields in grouped for name, _label in fields}
    if others := [(name, FIELDS[name]) for name in FIELDS if name in _ALL[kind] and name not in known]:
        grouped.append((_l("Другое"), others))
    return grouped


@dataclass
class Line:
    """A column of the file. `field` is what is chosen for it now («» is not loaded), `was` is what the check took."""

    table: int
    letter: str
    heading: str
    samples: list[str]
    was: str
    how: str
    field: str = ""
    errors: list[str] = made_of(default_factory=list)

    @property
    def name(self) -> str:
        return f"c{self.table}-{self.letter}"

    @property
    def is_open(self) -> bool:
        """Whether a person should look at it: nobody understood it, or only its content told."""
        return bool(self.errors) or self.how == "content" or (self.how == "none" and bool(self.samples))

    @property
    def why(self) -> Any:
        return HOW[self.how]


@dataclass
class Word:
    """A word of a coded column. `state`: chosen, remembered, known or unknown.

    `choice` is the text to read instead, `before` what the organisation remembers.
    """

    field: str
    text: str
    count: int
    state: str = "unknown"
    code: str = ""
    choice: str | None = None
    before: str | None = None
    typed: str = ""
    keep: bool = True
    errors: list[str] = made_of(default_factory=list)

    @property
    def key(self) -> str:
        return plain(self.text)

    @property
    def name(self) -> str:
        return f"{self.field}-{hashlib.sha256(self.key.encode()).hexdigest()[:12]}"

    @property
    def is_open(self) -> bool:
        return bool(self.errors) or self.state == "unknown"

    @property
    def meaning(self) -> str:
        if self.choice == NOT_LOADED:
            return _("пусто")
        return vocabulary_choices.shown(self.field, self.code) if self.code else self.choice or ""

    @property
    def options(self) -> list[tuple[str, str]]:
        """What may be chosen; of programmes those that are near to a word that nobody understands."""
        if self.field in vocabulary_choices.PROGRAMMES:
            found = vocabulary_choices.near(self.text) if self.state == "unknown" else []
            return found if self.choice in (None, "", *dict(found)) else [(str(self.choice), self.meaning), *found]
        return vocabulary_choices.options(self.field)


@dataclass
class Sheet:
    """A table of the file with its columns."""

    name: str
    lines: list[Line]

    @property
    def fields(self) -> set[str]:
        return {line.field for line in self.lines if line.field}


def sheets_of(kept: Sequence[Mapping[str, Any]], kind: str) -> list[Sheet]:
    """The tables of an upload as they were kept with its check; columns without a word in them are left out."""
    offered = {name for _title, fields in field_groups(kind) for name, _label in fields}
    found = []
    for number, table in enumerate(kept):
        lines = []
        for item in table["columns"]:
            taken = item["field"] if item["field"] in offered else ""
            if item["heading"] or item["samples"] or taken:
                how = "heading" if item["field"] and not taken else item["how"]
                lines.append(Line(number, item["letter"], item["heading"], item["samples"], taken, how, taken))
        found.append(Sheet(table["sheet"], lines))
    return found


def words_of(kept: Sequence[Mapping[str, Any]], kind: str, said: Decisions, earlier: Remembered) -> list[Word]:
    """The words of all tables, each once, with what they mean: decided here, decided before, or understood."""
    found: dict[tuple[str, str], Word] = {}
    for table in kept:
        for name, counted in table.get("words", {}).items():
            for text, count in counted:
                word = found.setdefault((name, plain(text)), Word(name, text, 0))
                word.count += count
    levelled = any(column["field"] == "level" for table in kept for column in table["columns"])
    for (name, key), word in found.items():
        word.before = earlier.words.get(name, {}).get(key)
        if (chosen := said.words.get(name, {}).get(key)) is not None:
            word.state, word.choice = "chosen", chosen
        elif word.before is not None:
            word.state, word.choice = "remembered", word.before
        word.code = vocabulary_choices.recognise(name, word.text if word.choice is None else word.choice) or ""
        if word.state == "unknown" and (word.code or (levelled and _is_of_several_levels(word))):
            word.state = "known"
    order = vocabulary_choices.CODED[kind]
    return sorted(found.values(), key=lambda word: (order.index(word.field), -word.count, word.text))


def _is_of_several_levels(word: Word) -> bool:
    """Whether the level that stands beside the name of a programme tells which one it is."""
    return word.field in _PROGRAMME and vocabulary.programme(word.text)[1] == "ambiguous_name"


@dataclass
class Lack:
    """A field that a row needs and no column brings; `sheets` that lack it, when others do not."""

    field: str
    sheets: list[str]

    @property
    def sentence(self) -> str:
        if self.sheets:
            where = ", ".join(self.sheets)
            return _("Не выбран столбец для поля «%(field)s» на листе %(where)s", field=FIELDS[self.field], where=where)
        return _("Не выбран столбец для поля «%(field)s»", field=FIELDS[self.field])


def lacks(sheets: Sequence[Sheet], kind: str, everywhere: Mapping[str, str]) -> list[Lack]:
    """What no column brings and no value for all rows says."""
    found = []
    for fields in REQUIRED[kind]:
        without = [sheet.name for sheet in sheets if not sheet.fields & set(fields)]
        if without and not any(everywhere.get(name) for name in fields):
            found.append(Lack(fields[0], without if len(without) < len(sheets) else []))
    return found


def for_all_rows(sheets: Sequence[Sheet], kind: str) -> list[str]:
    """Fields that one value may fill in all rows: a sheet has no column for them."""
    return [fields[0] for fields in EVERYWHERE[kind] if any(not sheet.fields & set(fields) for sheet in sheets)]


def doubled(sheet: Sheet) -> Iterator[tuple[list[Line], str]]:
    """Columns of one sheet that are given the same field, with what to do."""
    first: dict[str, list[Line]] = {}
    for line in sheet.lines:
        if line.field and line.field not in ONE_OF_SEVERAL:
            first.setdefault(line.field, []).append(line)
    for name, lines in first.items():
        if len(lines) < 2:
            continue
        told = {"field": FIELDS[name], "one": ", ".join(line.letter for line in lines[:-1]), "other": lines[-1].letter}
        if len(lines) == 2:
            yield lines, _("Для поля «%(field)s» выбраны два столбца: %(one)s и %(other)s. Оставьте один", **told)
        else:
            yield lines, _("Для поля «%(field)s» выбраны столбцы: %(one)s и %(other)s. Оставьте один", **told)


def splits(sheets: Sequence[Sheet]) -> list[tuple[Line, str, list[tuple[Any, str]]]]:
    """Columns whose cells hold several facts: the column, a sample, and what was taken from it."""
    found = []
    for sheet in sheets:
        for line in sheet.lines:
            parted = ((sample, _parts(line.field, sample, sheet.fields)) for sample in line.samples[:2])
            found += [(line, sample, parts) for sample, parts in parted if len(parts) > 1]
    return found


def _parts(name: str, sample: str, fields: set[str]) -> list[tuple[Any, str]]:
    """The facts of one cell, named; one fact or none is no split."""
    told: dict[str, Any] = {}
    if name == "full_name":
        told = dict(zip(("last_name", "first_name", "patronymic"), names.split_full_name(sample), strict=True))
    elif name in ("order", "order_number"):
        number, day = vocabulary.order(sample)
        told = {"order_number": number, "order_date": f"{day:%d.%m.%Y}" if isinstance(day, dt.date) else ""}
    elif name == "period" and (days := vocabulary.period(sample)):
        told = {"starts_on": f"{days[0]:%d.%m.%Y}", "ends_on": f"{days[1]:%d.%m.%Y}"}
    elif name == "programme" and "programme_code" not in fields and (programme := vocabulary.programme(sample)[0]):
        told = {"programme_code": programme.code, "programme_name": programme.name_ru}
    return [(FIELDS[part], str(value)) for part, value in told.items() if value]


def asks(kept: Sequence[Mapping[str, Any]], kind: str, said: Decisions, earlier: Remembered) -> bool:
    """Whether a person has to look at the columns before the rows: something needed is missing, guessed or not understood."""
    sheets = sheets_of(kept, kind)
    if lacks(sheets, kind, said.everywhere) or any(line.how == "content" for sheet in sheets for line in sheet.lines):
        return True
    return any(word.state == "unknown" and word.count >= MANY for word in words_of(kept, kind, said, earlier))


def tally(kept: Sequence[Mapping[str, Any]], kind: str) -> tuple[int, int]:
    """«Столбцы поняты: 18 из 18»: how many columns with values are understood, and how many there are."""
    lines = [line for sheet in sheets_of(kept, kind) for line in sheet.lines if line.samples]
    return sum(line.how != "none" for line in lines), len(lines)
