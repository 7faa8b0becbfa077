"""What a person says on the page of columns: read from the form, checked, and turned into decisions and things to remember."""

from __future__ import annotations

import copy
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_of
from typing import Any

from flask_babel import gettext as _

from exchange.imports import columns, vocabulary, vocabulary_choices
from exchange.imports.columns import Line, Sheet, Word
from exchange.imports.decisions import NOT_LOADED, Decisions, Remembered
from exchange.imports.fields import FIELDS
from exchange.imports.vocabulary_choices import MAY_BE_EMPTY, PROGRAMMES
from exchange.imports.vocabulary_text import plain
from exchange.people.dates import DateProblem, parse_date

EMPTY = "-"  # what a select sends for «read as an empty cell»
LONGEST_HEADING = 199  # a longer one was cut when it was kept
DAYS = ("starts_on", "ends_on")


@dataclass
class Value:
    """One value for all rows, of a field that no column brings."""

    field: str
    text: str
    is_needed: bool
    errors: list[str] = made_of(default_factory=list)

    @property
    def label(self) -> Any:
        return FIELDS[self.field]

    @property
    def name(self) -> str:
        return f"all-{self.field}"

    @property
    def options(self) -> list[tuple[str, str]]:
        """Nothing: the value is typed."""
        return vocabulary_choices.options(self.field)


@dataclass
class Matching:
    """The page of columns of one upload: how it stands, or as a person has filled it."""

    kind: str
    sheets: list[Sheet]
    words: list[Word]
    said: Decisions
    values: list[Value] = made_of(default_factory=list)
    keep: bool = True
    errors: list[tuple[str, str]] = made_of(default_factory=list)
    asked: set[str] = made_of(default_factory=set)  # names of words whose control the form had

    @classmethod
    def of(cls, kept: Sequence[Mapping[str, Any]], kind: str, said: Decisions, earlier: Remembered) -> Matching:
        """As the last check left it."""
        sheets = columns.sheets_of(kept, kind)
        made = cls(kind, sheets, columns.words_of(kept, kind, said, earlier), said)
        made._offer(said.everywhere)
        return made

    def _offer(self, everywhere: Mapping[str, str]) -> None:
        needed = {lack.field for lack in columns.lacks(self.sheets, self.kind, {})}
        offered = columns.for_all_rows(self.sheets, self.kind)
        self.values = [Value(name, everywhere.get(name, ""), name in needed) for name in offered]

    @property
    def everywhere(self) -> dict[str, str]:
        return {value.field: value.text for value in self.values if value.text and not value.errors}

    @property
    def lacks(self) -> list[columns.Lack]:
        return columns.lacks(self.sheets, self.kind, self.everywhere)

    # -------------------------------------------------------------------------------------------------- reading the form
    def take(self, form: Mapping[str, str], today: dt.date) -> None:
        """What was chosen and typed; faults stand at their fields and in `errors`."""
        offered = {name for _title, fields in columns.field_groups(self.kind) for name, _label in fields}
        for line in (line for sheet in self.sheets for line in sheet.lines):
            chosen = form.get(line.name, line.field)
            if chosen in offered or chosen == NOT_LOADED:
                line.field = chosen
        self.keep = "keep" in form
        self._offer({name.removeprefix("all-"): " ".join(text.split()) for name, text in form.items()})
        for word in self.words:
            self._take_word(word, form)
        self._find_faults(today)

    def _take_word(self, word: Word, form: Mapping[str, str]) -> None:
        chosen, typed = form.get(f"w-{word.name}"), " ".join(form.get(f"t-{word.name}", "").split())
        if chosen is None and not typed:
            return
        self.asked.add(word.name)
        word.typed = typed[:300]
        word.keep = f"k-{word.name}" in form if word.state == "unknown" else self.keep
        text = word.typed if word.field in PROGRAMMES and typed else chosen or ""
        if not text:
            word.choice = None
        elif text == EMPTY and word.field in MAY_BE_EMPTY:
            word.choice = NOT_LOADED
        elif (code := vocabulary_choices.recognise(word.field, text)) is None:
            word.errors.append(_not_found(word.field, text))
        else:
            word.choice = text if word.field in PROGRAMMES else vocabulary_choices.texts(word.field).get(code, text)

    def _find_faults(self, today: dt.date) -> None:
        for sheet in self.sheets:
            for lines, sentence in columns.doubled(sheet):
                for line in lines:
                    line.errors.append(sentence)
                self.errors.append((lines[-1].name, sentence))
        for value in self.values:
            if value.text and (fault := _check(value, today)):
                value.errors.append(fault)
                self.errors.append((value.name, fault))
        refused = {value.field for value in self.values if value.errors}
        places = {value.field: value.name for value in self.values}
        for lack in self.lacks:
            if lack.field not in refused:
                self.errors.append((places.get(lack.field, ""), lack.sentence))
        self.errors += [(f"w-{word.name}", sentence) for word in self.words for sentence in word.errors]

    # ------------------------------------------------------------------------------------------------- what comes of it
    def _decided(self) -> list[tuple[Sheet, Line]]:
        """Columns that a person changed, or left as they stood open. Of two tables in one sheet only what was changed."""
        tables = Counter(sheet.name for sheet in self.sheets)
        return [
            (sheet, line)
            for sheet in self.sheets
            for line in sheet.lines
            if line.field != line.was or (tables[sheet.name] == 1 and (line.how == "content" or line.is_open))
        ]

    def decisions(self) -> Decisions:
        """All decisions of the upload, with those of the page."""
        made = copy.deepcopy(self.said)
        for sheet, line in self._decided():
            made.columns.setdefault(sheet.name, {})[line.letter] = line.field
        made.everywhere = self.everywhere
        for word in self.words:
            if word.name not in self.asked or (word.state == "remembered" and word.choice == word.before):
                continue
            if word.choice is None:
                made.words.get(word.field, {}).pop(word.key, None)
            else:
                made.words.setdefault(word.field, {})[word.key] = word.choice
        made.words = {name: words for name, words in made.words.items() if words}
        return made

    def headings(self) -> dict[str, str]:
        """heading -> field, worth to be remembered: one meaning in the file, and whole."""
        meant: dict[str, set[str]] = {}
        for sheet in self.sheets:
            for line in sheet.lines:
                meant.setdefault(plain(line.heading), set()).add(line.field)
        return {
            line.heading: line.field
            for _sheet, line in self._decided()
            if plain(line.heading) and len(line.heading) <= LONGEST_HEADING and len(meant[plain(line.heading)]) == 1
        }

    def learned(self) -> dict[tuple[str, str], str]:
        """(field, word of the file) -> text to read instead, where «Запомнить» is ticked."""
        return {
            (word.field, word.text): word.choice
            for word in self.words
            if word.name in self.asked and word.keep and word.choice is not None and word.choice != word.before
        }


def _check(value: Value, today: dt.date) -> str:
    """What is wrong with a value for all rows; a day is put into its usual writing."""
    name, text = value.field, value.text
    if name in DAYS:
        day = parse_date(text, today=today)
        if isinstance(day, DateProblem):
            return _("«%(text)s» не похоже на дату. Напишите, например, 01.06.2026", text=text[:60])
        value.text = f"{day:%d.%m.%Y}"
    elif name == "order":
        number, signed = vocabulary.order(text)
        if not number or not signed or isinstance(signed, DateProblem):
            return _("Напишите номер и дату приказа, например «№ 123/с от 20.08.2026»")
    elif len(text) > 200:
        return _("Сократите до %(most)s знаков, сейчас %(now)s", most=200, now=len(text))
    elif name in (*PROGRAMMES, *vocabulary_choices.CODED["students"], *vocabulary_choices.CODED["interns"]):
        return "" if vocabulary_choices.recognise(name, text) else _not_found(name, text)
    return ""


def _not_found(name: str, text: str) -> str:
    if name in PROGRAMMES:
        return _("Такого направления нет в справочнике: «%(text)s». Проверьте код, например 09.03.01", text=text[:100])
    return _("«%(text)s» нет в списке значений поля «%(field)s». Выберите из списка", text=text[:100], field=FIELDS[name])
