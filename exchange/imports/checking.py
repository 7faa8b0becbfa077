"""The check of a file: every row through the same form as a person's, duplicates, and what would change in the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.errors import RuleBroken
from exchange.imports import tables
from exchange.imports.decisions import Decisions, Remembered, settle_columns
from exchange.imports.models import Import
from exchange.imports.problems import Reading
from exchange.jobs.progress import counted
from exchange.organisations.models import Organisation
from exchange.people import name_keys
from exchange.spreadsheets.book import Book, SheetRead, Unreadable

VERDICTS = ("new", "changed", "unchanged", "error", "skipped")
MOST_ROWS = 5_000  # of people, in one file brought through the site


class Kind(Protocol):
    """What differs between a roster of students and a list of interns. `known` is what `prepare` looked up once."""

    name: str

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


@dataclass
class Understood:
    """A file with its rows as understood, before the register is asked."""

    book: Book
    as_of_on: dt.date
    tables: list[tables.Table]
    rows: list[CheckedRow]
    decisions: Decisions


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

    def fields(heading: str) -> Iterable[tuple[str, float]]:
        name = earlier.heading(heading)
        return [(name, 1.0)] if name else kind.fields(heading)

    found = tables.find(book, fields, lambda table: settle_columns(table, said, earlier))
    if sentence := kind.mistaken([column.heading for table in found for column in table.columns]):
        raise OtherList(sentence)
    count = sum(len(table.rows) for table in found)
    if not count:
        raise Unreadable("no_table")
    if count > most:
        raise Unreadable("too_many_rows", found=count, most=most)
    as_of_on = tables.day_of(found, file_name, today)
    rows = []
    for line in counted([line for table in found for line in table.rows], "rows"):
        said.edit(line, earlier)
        reading = kind.read(line, today)
        kind.validate(reading, known, today)
        rows.append(CheckedRow(reading, "skipped" if said.is_skipped(line) else "new"))
    _refuse_doubles([row for row in rows if row.verdict != "skipped"])
    return Understood(book, as_of_on, found, rows, said)


def check(session: Session, kind: Kind, organisation: Organisation, file: Understood) -> Checked:
    """What the rows would change in the register, and who is registered elsewhere. Writes nothing."""
    wanted = [row for row in file.rows if row.verdict != "skipped"]
    notes = _notes(file.book, file.tables)
    notes += kind.compare(session, organisation, [row for row in wanted if not row.reading.is_rejected], file.as_of_on)
    for row in wanted:
        if row.reading.is_rejected:
            row.verdict = "error"
    return Checked(file.as_of_on, file.tables, file.rows, notes)


def _refuse_doubles(rows: list[CheckedRow]) -> None:
    """One person once: the first row stands, later ones with the same number are refused."""
    seen: dict[tuple[str, ...], CheckedRow] = {}
    for row in rows:
        values = row.reading.values
        span = (str(values.get("starts_on", "")), str(values.get("ends_on", "")))
        for name, mark in _marks(values):
            first = seen.setdefault((name, mark, *span), row)
            if first is not row:
                row.reading.remark(name, _double_sentence(name, row_words(first, row)))
                break


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
    """What a person should know of the file as a whole: what was not read, and what was understood by content."""
    peopled = {table.sheet for table in found}
    notes = [note for sheet in book.sheets if sheet.rows for note in _sheet_notes(sheet, sheet.name in peopled)]
    return notes + [note for table in found for column in table.columns if (note := _column_note(column))]


def _sheet_notes(sheet: SheetRead, is_read: bool) -> Iterator[str]:
    if sheet.hidden:
        yield _("Лист «%(sheet)s» скрыт: не прочитан", sheet=sheet.name)
        return
    if not is_read:
        yield _("На листе «%(sheet)s» нет таблицы с людьми: не прочитан", sheet=sheet.name)
    elif count := sum(number in sheet.hidden_rows for number, _cells in sheet.rows):
        yield _("На листе «%(sheet)s» скрыто строк: %(count)s. Они прочитаны", sheet=sheet.name, count=count)


def _column_note(column: tables.Column) -> str:
    letter = column.letter
    if column.how == "content":
        return _("Столбец %(letter)s («%(heading)s») понят по содержимому", letter=letter, heading=column.heading or "—")
    if column.field is None and column.heading and column.samples:
        return _("Столбец %(letter)s «%(heading)s» не загружается", letter=letter, heading=column.heading[:80])
    return ""
