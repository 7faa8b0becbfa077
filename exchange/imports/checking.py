"""The check of a file: every row through the same form as a person's, duplicates, and what would change in the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from exchange.errors import RuleBroken
from exchange.imports import faults, suggestions, tables
from exchange.imports.decisions import Decisions, Remembered, place, settle_columns
from exchange.imports.kit import reading as template
from exchange.imports.kit.stamp import Stamp, stamp_of, without_help
from exchange.imports.models import Import
from exchange.imports.problems import Reading
from exchange.imports.vocabulary_own import is_own, is_own_page
from exchange.imports.words import Words, words_of
from exchange.jobs.progress import counted
from exchange.organisations.models import Organisation
from exchange.people import name_keys
from exchange.spreadsheets.book import Book, SheetRead, Unreadable

VERDICTS = ("new", "changed", "unchanged", "error", "skipped")
MOST_ROWS = 5_000  # of people, in one file brought through the site


class Kind(Protocol):
    """What differs between a roster of students and a list of interns. `known` is what `prepare` looked up once.

    host: the enterprise whose list it is, when a university brings it.
    """

    name: str
    host: Organisation | None

    def fields(self, heading: str) -> Iterable[tuple[str, float]]: ...

    def mistaken(self, headings: list[str]) -> str:
        """A sentence when the headings are plainly those of another kind of list."""

    def prepare(self, session: Session) -> Any: ...

    def read(self, row: tables.Row, today: dt.date) -> Reading: ...

    def validate(self, reading: Reading, known: Any, today: dt.date) -> None:
        """Fills the form with the row: an accepted row keeps what the form made of it as `checked`."""

    def compare(self, session: Session, organisation: Organisation, rows: list[CheckedRow], as_of_on: dt.date) -> list[str]:
        """Gives accepted rows their verdicts, by what the register holds; returns notes about the whole file."""

    def apply(
        self, session: Session, organisation: Organisation, rows: list[CheckedRow], source: Import, today: dt.date
    ) -> dict[str, int]:
        """Records rows that are new or changed, tells them their `subject_id`; returns how many of each."""


class OtherList(Unreadable):
    """A list of another kind than the one that was asked for."""

    def __init__(self, sentence: str) -> None:
        super().__init__("other_list")
        self.sentence = sentence

    @property
    def message(self) -> str:
        return self.sentence


class Stale(RuleBroken):
    """The register is not what it was when the file was checked."""

    def __init__(self, row: int) -> None:
        sentence = _("После проверки реестр изменился: строка %(row)s говорит уже о другом. Загрузите файл снова", row=row)
        super().__init__("", sentence)


@dataclass
class CheckedRow:
    """A row with its verdict: new, changed, unchanged, error, or skipped by a person's decision."""

    reading: Reading
    verdict: str = "new"
    changes: dict[str, list[Any]] = field(default_factory=dict)
    subject_id: str = ""
    told: Any = None  # what its order would do, for the consequences of the file
    journal: dict[str, Any] = field(default_factory=dict)  # what applying it did, so that it can be taken back


@dataclass
class Understood:
    """A file with its rows as understood, before the register is asked. `words`: of each table, see `words_of`."""

    book: Book
    as_of_on: dt.date
    tables: list[tables.Table]
    rows: list[CheckedRow]
    decisions: Decisions
    words: list[Words]
    stamp: Stamp | None = None
    said: list[str] = field(default_factory=list)  # of the template, when it is one of ours


@dataclass
class Checked:
    """The result of a check. `notes` are remarks about the whole file, not about a row."""

    as_of_on: dt.date
    tables: list[tables.Table]
    rows: list[CheckedRow]
    notes: list[str]

    @property
    def counts(self) -> dict[str, int]:
        found = {verdict: sum(row.verdict == verdict for row in self.rows) for verdict in VERDICTS}
        rejected = found.pop("error")
        return {
            "people_rows": len(self.rows),
            "accepted": len(self.rows) - rejected - found["skipped"],
            "rejected": rejected,
            "warnings": sum(p.severity == "warning" for row in self.rows for p in row.reading.problems),
            **found,
        }

    @property
    def faults(self) -> dict[str, Any]:
        """What there is to mend in the whole file, for the page that shows a part of it."""
        return faults.of([row.reading for row in self.rows if row.verdict == "error"])

    def problems(self) -> list[dict[str, Any]]:
        """Every remark with its place, in the order of the file."""
        return [
            {"sheet": row.reading.row.sheet, "row": row.reading.row.number, **problem.as_dict()}
            for row in self.rows
            for problem in row.reading.problems
        ]


def understand(
    kind: Kind,
    known: Any,
    book: Book,
    file_name: str,
    today: dt.date,
    most: int = MOST_ROWS,
    decisions: Decisions | None = None,
    remembered: Remembered | None = None,
) -> Understood:
    """Reads every row of people through the form; asks nothing of the register. Raises Unreadable."""
    said, earlier = decisions or Decisions(), remembered or Remembered()
    if stamp := stamp_of(book):
        if sentence := stamp.refusal(kind.name):
            raise OtherList(sentence)
        book, earlier = without_help(book), Remembered(words=earlier.words)

    def fields(heading: str) -> Iterable[tuple[str, float]]:
        name = earlier.heading(heading)
        return [(name, 1.0)] if name else kind.fields(heading)

    def settle(table: tables.Table) -> None:
        if stamp:
            template.as_written(table, kind.name)
        settle_columns(table, said, earlier)

    found = tables.find(book, fields, settle)
    examples = template.without_examples(found)
    if sentence := kind.mistaken([column.heading for table in found for column in table.columns]):
        raise OtherList(sentence)
    count = sum(len(table.rows) for table in found)
    if not count and (stamp or examples):
        raise OtherList(_("В шаблоне нет ни одного человека. Заполните строки под примером и загрузите файл снова"))
    if not count:
        raise Unreadable("no_table")
    if count > most:
        raise Unreadable("too_many_rows", found=count, most=most)
    as_of_on = tables.day_of(found, file_name, today)
    words = [words_of(table, kind.name) for table in found]  # as they stand in the file, before anything is decided of them
    rows = []
    for line in counted([line for table in found for line in table.rows], "rows"):
        said.edit(line, earlier)
        reading = kind.read(line, today)
        if cleared := said.cleared(line):
            reading.values["cleared"] = cleared
        kind.validate(reading, known, today)
        rows.append(CheckedRow(reading, "skipped" if said.is_skipped(line) else "new"))
    template.read_keys(row.reading for row in rows)
    _refuse_doubles([row for row in rows if row.verdict != "skipped"])
    for row in rows:
        if row.reading.problems:
            suggestions.propose(row.reading, today)
    return Understood(book, as_of_on, found, rows, said, words, stamp, stamp.notes(today) if stamp else [])


def check(session: Session, kind: Kind, organisation: Organisation, file: Understood) -> Checked:
    """What the rows would change in the register, and who is registered elsewhere. Writes nothing."""
    wanted = [row for row in file.rows if row.verdict != "skipped"]
    notes = [*_stamp_notes(file, kind.host or organisation), *_notes(file.book, file.tables)]
    notes += kind.compare(session, organisation, [row for row in wanted if not row.reading.is_rejected], file.as_of_on)
    for row in wanted:
        if row.reading.is_rejected:
            row.verdict = "error"
        for problem in row.reading.problems:
            problem.accepted = file.decisions.is_accepted(row.reading.row, problem.field) and problem.severity == "warning"
    return Checked(file.as_of_on, file.tables, file.rows, notes)


def _stamp_notes(file: Understood, organisation: Organisation) -> list[str]:
    """What to know of a template. One that was filled for somebody else is refused row by row: its people are theirs."""
    if file.stamp is None:
        return []
    other = file.stamp.other(organisation.code, organisation.short_ru)
    if other and file.stamp.filled:
        for row in file.rows:
            row.reading.remark("last_name", other)
    return [*([other] if other else []), *file.said]


def _refuse_doubles(rows: list[CheckedRow]) -> None:
    """One person once: of rows with the same number the one that says more stands (the first one, when both say as much)."""
    seen: dict[tuple[str, ...], CheckedRow] = {}
    for row in rows:
        values = row.reading.values
        span = (str(values.get("starts_on", "")), str(values.get("ends_on", "")))
        marks = [(name, mark, *span) for name, mark in _marks(values)]
        known = next((mark for mark in marks if mark in seen), None)
        stays = row
        if known is not None:
            first = seen[known]
            poorer, stays = (first, row) if _says(row) > _says(first) else (row, first)
            _refuse_double(known[0], poorer, stays)
            if poorer is first:
                marks += [(name, mark, *span) for name, mark in _marks(first.reading.values)]
        seen |= dict.fromkeys(marks, stays)


def _says(row: CheckedRow) -> int:
    """How many cells of the row are filled; a row with errors says less than one without."""
    return sum(cell not in (None, "") for cell in row.reading.row.cells.values()) - 100 * row.reading.is_rejected


def _refuse_double(name: str, poorer: CheckedRow, stays: CheckedRow) -> None:
    """Remarks the row; where both name the same person it is proposed to leave the poorer one out."""
    where = row_words(stays, poorer)
    sentence = _double_sentence(name, where)
    poorer.reading.remark(name, sentence)
    problem = poorer.reading.problems[-1]
    if problem.message != sentence:
        return
    problem.twin = place(stays.reading.row.sheet, stays.reading.row.number)
    problem.skip = _name_key(poorer) == _name_key(stays)
    if problem.skip and _says(stays) > _says(poorer):
        problem.because = _("В строке %(row)s заполнено больше столбцов", row=where)
    elif problem.skip:
        problem.because = _("В строке %(row)s тот же человек", row=where)


def _name_key(row: CheckedRow) -> str:
    values = row.reading.values
    return name_keys.skeleton(f"{values.get('last_name', '')} {values.get('first_name', '')}")


def _marks(values: dict[str, Any]) -> list[tuple[str, str]]:
    """What tells people apart, with the field to remark: their numbers, or without any their names and birth."""
    marks = [(name, str(values[name])) for name in ("iin", "passport") if values.get(name)]
    if not marks and values.get("born"):
        names = name_keys.skeleton(f"{values.get('last_name', '')} {values.get('first_name', '')}")
        marks.append(("last_name", f"{names} {values['born']}"))
    return marks


def _double_sentence(name: str, where: str) -> str:
    if name == "iin":
        return _("Тот же ИИН в строке %(row)s этого файла. Оставьте одну", row=where)
    if name == "passport":
        return _("Тот же номер документа в строке %(row)s этого файла. Оставьте одну", row=where)
    return _("Тот же человек в строке %(row)s этого файла. Оставьте одну", row=where)


def row_words(first: CheckedRow, other: CheckedRow) -> str:
    """«101», or «101 листа «Лечебный»» when it stands on another sheet."""
    one, two = first.reading.row, other.reading.row
    return str(one.number) if one.sheet == two.sheet else _("%(row)s листа «%(sheet)s»", row=one.number, sheet=one.sheet)


def _notes(book: Book, found: list[tables.Table]) -> list[str]:
    """What a person should know of the file as a whole: what was not read, what is hidden, what was understood by content."""
    by_sheet: dict[str, list[tables.Table]] = {}
    for table in found:
        by_sheet.setdefault(table.of_sheet, []).append(table)
    notes = [note for sheet in book.sheets if sheet.rows for note in _sheet_notes(sheet, by_sheet.get(sheet.name, []))]
    if faculties := dict.fromkeys(table.faculty for table in found if table.faculty):
        notes.append(_("Факультет взят из названия листа: %(names)s", names=", ".join(f"«{name}»" for name in faculties)))
    return notes + [note for table in found for column in table.columns if (note := _column_note(column))]


def _sheet_notes(sheet: SheetRead, found: list[tables.Table]) -> Iterator[str]:
    if is_own_page(sheet.name):
        return
    if sheet.hidden:
        yield _("Лист «%(sheet)s» скрыт: не прочитан", sheet=sheet.name)
        return
    if not found:
        yield _("На листе «%(sheet)s» нет таблицы с людьми: не прочитан", sheet=sheet.name)
        return
    if len(found) > 1:
        yield ngettext(
            "На листе «%(sheet)s» прочитана %(num)s таблица",
            "На листе «%(sheet)s» прочитано таблиц: %(num)s",
            len(found),
            sheet=sheet.name,
        )
    if count := sum(number in sheet.hidden_rows for number, _cells in sheet.rows):
        yield _("На листе «%(sheet)s» скрыто строк: %(count)s. Они прочитаны", sheet=sheet.name, count=count)
    hidden = [
        c.letter
        for c in found[0].columns
        if c.index + 1 in sheet.hidden_columns and (c.heading or c.samples) and not is_own(c.heading)
    ]
    if hidden:
        yield ngettext(
            "На листе «%(sheet)s» скрыт столбец %(letters)s. Он прочитан",
            "На листе «%(sheet)s» скрыты столбцы %(letters)s. Они прочитаны",
            len(hidden),
            sheet=sheet.name,
            letters=", ".join(hidden),
        )


def _column_note(column: tables.Column) -> str:
    letter = column.letter
    if column.how == "content":
        return _("Столбец %(letter)s («%(heading)s») понят по содержимому", letter=letter, heading=column.heading or "—")
    if column.field is None and column.heading and column.samples and not is_own(column.heading):
        return _("Столбец %(letter)s «%(heading)s» не загружается", letter=letter, heading=column.heading[:80])
    return ""
