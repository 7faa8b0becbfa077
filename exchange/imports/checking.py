"""The check of a file: every row through the same form as a person's, duplicates, and what would change in the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.errors import RuleBroken
from exchange.imports import tables
from exchange.imports.models import Import, ImportRow
from exchange.imports.problems import Reading
from exchange.organisations.models import Organisation
from exchange.people import name_keys
from exchange.spreadsheets.book import Book, Unreadable

MOST_ROWS = 5_000  # of people, in one file brought through the site


class Kind(Protocol):
    """What differs between a roster of students and a list of interns. `known` is what `prepare` looked up once."""

    name: str

    def fields(self, heading: str) -> Iterable[tuple[str, float]]: ...

    def mistaken(self, headings: list[str]) -> str:
        """A sentence when the headings are plainly those of another kind of list."""

    def prepare(self, session: Session) -> Any: ...

    def read(self, row: tables.Row, as_of_on: dt.date, today: dt.date) -> Reading: ...

    def validate(self, reading: Reading, known: Any, today: dt.date) -> None: ...

    def compare(
        self, session: Session, organisation: Organisation, rows: list[CheckedRow], as_of_on: dt.date, today: dt.date
    ) -> list[str]: ...

    def apply(
        self, session: Session, organisation: Organisation, rows: list[ImportRow], source: Import, today: dt.date
    ) -> dict[str, int]: ...


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
    """A row with its verdict: new, changed, unchanged or error."""

    reading: Reading
    verdict: str = "new"
    changes: dict[str, list[Any]] = field(default_factory=dict)
    subject_id: str = ""

    @property
    def key(self) -> str:
        return f"{self.reading.row.sheet}!{self.reading.row.number}"


@dataclass
class Understood:
    """A file with its rows as understood, before the register is asked."""

    book: Book
    as_of_on: dt.date
    tables: list[tables.Table]
    rows: list[CheckedRow]


@dataclass
class Checked:
    """The result of a check. `notes` are remarks about the whole file, not about a row."""

    as_of_on: dt.date
    tables: list[tables.Table]
    rows: list[CheckedRow]
    notes: list[str]

    @property
    def counts(self) -> dict[str, int]:
        rejected = sum(row.verdict == "error" for row in self.rows)
        found = {verdict: sum(row.verdict == verdict for row in self.rows) for verdict in ("new", "changed", "unchanged")}
        return {
            "people_rows": len(self.rows),
            "accepted": len(self.rows) - rejected,
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


def understand(kind: Kind, known: Any, book: Book, file_name: str, today: dt.date, most: int = MOST_ROWS) -> Understood:
    """Reads every row of people through the form; asks nothing of the register. Raises Unreadable."""
    found = tables.find(book, kind.fields)
    if sentence := kind.mistaken([column.heading for table in found for column in table.columns]):
        raise OtherList(sentence)
    count = sum(len(table.rows) for table in found)
    if not count:
        raise Unreadable("no_table")
    if count > most:
        raise Unreadable("too_many_rows", found=count, most=most)
    as_of_on = tables.day_of(found, file_name, today)
    rows = []
    for table in found:
        for line in table.rows:
            reading = kind.read(line, as_of_on, today)
            kind.validate(reading, known, today)
            rows.append(CheckedRow(reading))
    _refuse_doubles(rows)
    return Understood(book, as_of_on, found, rows)


def check(session: Session, kind: Kind, organisation: Organisation, file: Understood, today: dt.date) -> Checked:
    """What the rows would change in the register, and who is registered elsewhere. Writes nothing."""
    open_rows = [row for row in file.rows if not row.reading.is_rejected]
    notes = _notes(file.book, file.tables)
    notes += kind.compare(session, organisation, open_rows, file.as_of_on, today)
    for row in file.rows:
        if row.reading.is_rejected:
            row.verdict = "error"
    return Checked(file.as_of_on, file.tables, file.rows, notes)


def _refuse_doubles(rows: list[CheckedRow]) -> None:
    """One person once: the first row stands, later ones with the same number are refused."""
    seen: dict[tuple[str, ...], CheckedRow] = {}
    for row in rows:
        values = row.reading.values
        names = name_keys.skeleton(f"{values.get('last_name', '')} {values.get('first_name', '')}")
        marks: list[tuple[str, ...]] = [("passport", str(values["passport"]))] if values.get("passport") else []
        if values.get("iin"):
            marks.append(("iin", str(values["iin"])))
        if not marks and values.get("born"):
            marks.append(("names", names, str(values["born"])))
        span = (str(values.get("starts_on", "")), str(values.get("ends_on", "")))
        for mark in reversed(marks):
            first = seen.setdefault((*mark, *span), row)
            if first is not row:
                where = row_words(first, row)
                name = {"passport": "passport", "iin": "iin"}.get(mark[0], "last_name")
                said = {
                    "iin": _("Тот же ИИН в строке %(row)s этого файла. Оставьте одну", row=where),
                    "passport": _("Тот же номер документа в строке %(row)s этого файла. Оставьте одну", row=where),
                    "names": _("Тот же человек в строке %(row)s этого файла. Оставьте одну", row=where),
                }
                row.reading.remark(name, said[mark[0]])
                break


def row_words(first: CheckedRow, other: CheckedRow) -> str:
    """«101», or «101 листа «Лечебный»» when it stands on another sheet."""
    one, two = first.reading.row, other.reading.row
    return str(one.number) if one.sheet == two.sheet else _("%(row)s листа «%(sheet)s»", row=one.number, sheet=one.sheet)


def _notes(book: Book, found: list[tables.Table]) -> list[str]:
    """What a person should know of the file as a whole: what was not read, and what was understood by content."""
    notes = []
    for sheet in book.sheets:
        if sheet.hidden and sheet.rows:
            notes.append(_("Лист «%(sheet)s» скрыт: не прочитан", sheet=sheet.name))
        elif not sheet.hidden and sheet.rows and sheet.name not in {t.sheet for t in found}:
            notes.append(_("На листе «%(sheet)s» нет таблицы с людьми: не прочитан", sheet=sheet.name))
        hidden = [n for n, _cells in sheet.rows if n in sheet.hidden_rows] if not sheet.hidden else []
        if hidden:
            notes.append(_("На листе «%(sheet)s» скрыто строк: %(count)s. Они прочитаны", sheet=sheet.name, count=len(hidden)))
    for table in found:
        for column in table.columns:
            if column.how == "content":
                notes.append(
                    _(
                        "Столбец %(letter)s («%(heading)s») понят по содержимому",
                        letter=column.letter,
                        heading=column.heading or "—",
                    )
                )
            elif column.field is None and column.heading and column.samples:
                notes.append(
                    _("Столбец %(letter)s «%(heading)s» не загружается", letter=column.letter, heading=column.heading[:80])
                )
    return notes
