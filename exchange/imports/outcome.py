"""What became of a row of an upload, in words: before it was applied what to mend, afterwards what was recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from exchange.imports import keys
from exchange.imports.fields import FIELDS
from exchange.imports.models import Import
from exchange.spreadsheets.marking import BadCell, Row
from exchange.spreadsheets.parsing.worksheet import column_number

APPLIED = ("applied", "undone")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MOST_REMARKS = 30
_WORST = ("error", "warning", "ok", "quiet")


@dataclass(frozen=True)
class Upload:
    """An upload as plain values: while its workbook is made no transaction is open."""

    public_id: str
    kind: str
    state: str
    file_name: str
    content: bytes
    columns: list[Any]
    decisions: dict[str, Any]
    counts: dict[str, Any]
    organisation: str
    as_of_on: Any

    @classmethod
    def of(cls, brought: Import, organisation: str) -> Upload:
        """The upload with its content, which is read from the database here."""
        return cls(
            brought.public_id, brought.kind, brought.state, brought.file_name, brought.content, list(brought.columns),
            dict(brought.decisions), dict(brought.counts), organisation, brought.as_of_on,
        )  # fmt: skip

    @property
    def is_applied(self) -> bool:
        return self.state in APPLIED


@dataclass(frozen=True)
class Line:
    """A row of an upload as plain values."""

    sheet: str
    number: int
    title: str
    verdict: str
    problems: list[dict[str, Any]]
    changes: dict[str, list[Any]]
    subject_id: str


def row_of(upload: Upload, line: Line, mended: Mapping[str, str]) -> Row:
    """The words beside a row. `mended`: what was decided of its cells on the page."""
    errors = [problem for problem in line.problems if problem["severity"] == "error"]
    look, verdict = _verdict(upload, line, len(errors))
    remarks = [*_remarks(line), *_mended(mended)]
    if upload.is_applied and line.verdict == "changed":
        remarks = [*_changes(line), *remarks]
    if line.verdict in ("skipped", "error") and upload.is_applied:
        remarks.insert(0, _("Строка не загружена"))
    return Row(look, verdict, "\n".join(remarks[:_MOST_REMARKS]), keys.mark(line.subject_id) if line.subject_id else "")


def in_one_row(here: Sequence[tuple[Line, Row]], *, has_key: bool) -> Row:
    """The words beside a row of the sheet, in which people of several tables may stand: what is said of each, by name.

    Without `has_key` none is written: read again, it would not say whose it is.
    """
    if len(here) == 1:
        row = here[0][1]
        return row if has_key else replace(row, key="")
    surnames = [line.title.partition(" ")[0] for line, _row in here]
    names = surnames if len(set(surnames)) == len(here) else [line.title for line, _row in here]
    verdicts = "; ".join(f"{name}: {row.verdict}" for name, (_line, row) in zip(names, here, strict=True))
    remarks = [
        f"{name}: {said}" for name, (_line, row) in zip(names, here, strict=True) for said in row.remarks.split("\n") if said
    ]
    return Row(min((row.look for _line, row in here), key=_WORST.index), verdicts, "\n".join(remarks[:_MOST_REMARKS]))


def _verdict(upload: Upload, line: Line, errors: int) -> tuple[str, str]:
    if line.verdict == "skipped" or (line.verdict == "error" and upload.is_applied):
        return "error" if line.verdict == "error" else "quiet", _("Пропущена")
    if line.verdict == "error":
        return "error", ngettext("%(num)s ошибка", "%(num)s ошибок", max(errors, 1))
    if upload.state == "undone" and line.verdict in ("new", "changed"):
        return "quiet", _("Загрузка отменена")
    if upload.is_applied and line.verdict == "new":
        return "ok", _("Внесён")
    if upload.is_applied and line.verdict == "changed":
        names = ", ".join(str(FIELDS.get(name, name)).lower() for name in line.changes)
        return "ok", _("Обновлён: %(fields)s", fields=names[:200])
    if line.problems and not upload.is_applied:
        return "warning", _("Предупреждение")
    return ("quiet", _("Без изменений")) if line.verdict == "unchanged" else ("ok", _("Готово"))


def _remarks(line: Line) -> Iterator[str]:
    for problem in line.problems:
        name = FIELDS.get(problem["field"])
        said = f"{name}: {problem['message']}" if name else str(problem["message"])
        if problem.get("suggestion"):
            said += ". " + _("Можно написать: %(text)s", text=problem["suggestion"])
        yield said


def _changes(line: Line) -> Iterator[str]:
    for name, (was, becomes) in line.changes.items():
        yield _("%(field)s: было «%(was)s», стало «%(now)s»", field=FIELDS.get(name, name), was=was or _("пусто"), now=becomes)


def _mended(mended: Mapping[str, str]) -> Iterator[str]:
    for name, text in mended.items():
        yield _("Исправлено на странице проверки: %(field)s — «%(text)s»", field=FIELDS.get(name, name), text=text)


def bad_cells(line: Line) -> Iterator[BadCell]:
    """The cells of a row to be tinted; several remarks about one cell are one note."""
    found: dict[tuple[int, int], tuple[str, list[str]]] = {}
    for problem in line.problems:
        match = _CELL.fullmatch(problem.get("cell", ""))
        if match is None:
            continue
        severity, said = found.setdefault((int(match[2]), column_number(match[1])), (problem["severity"], []))
        said.append(str(problem["message"]))
        if problem["severity"] == "error" and severity != "error":
            found[int(match[2]), column_number(match[1])] = ("error", said)
    for (row, column), (severity, said) in found.items():
        yield BadCell(row, column, severity, "\n".join(said))
