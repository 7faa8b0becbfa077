"""What the protocol of an upload says: counts, decisions, what was mended on the page, rows left out with the reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.imports.decisions import CLEAR, Decisions
from exchange.imports.fields import FIELDS
from exchange.imports.models import Import, ImportRow

#: So many of each fit one or two sheets of paper; the rest is in the workbook.
MOST_LEFT_OUT, MOST_DECISIONS = 24, 14
_REASON = 300
# Numbers of people stand in the file, not on paper that lies about.
_NUMBERS = {"iin", "passport", "snils", "phone"}


@dataclass(frozen=True)
class LeftOut:
    """A row that was not recorded, or will not be."""

    sheet: str
    number: int
    title: str
    reasons: list[str]


@dataclass(frozen=True)
class Protocol:
    """Everything that is not a column of the upload itself. `more_…`: how many are not listed."""

    decisions: list[tuple[str, str]]
    more_decisions: int
    left_out: list[LeftOut]
    more_left_out: int

    @property
    def has_sheets(self) -> bool:
        """Whether rows come from more than one sheet."""
        return len({row.sheet for row in self.left_out}) > 1


def of(session: Session, brought: Import) -> Protocol:
    """The protocol of an upload, by two questions."""
    wanted = (ImportRow.import_id == brought.id, ImportRow.verdict.in_(("error", "skipped")))
    total = session.scalar(sa.select(sa.func.count()).select_from(ImportRow).where(*wanted)) or 0
    rows = session.execute(
        sa.select(ImportRow.sheet, ImportRow.row_number, ImportRow.title, ImportRow.verdict, ImportRow.problems)
        .where(*wanted)
        .order_by(ImportRow.id)
        .limit(MOST_LEFT_OUT)
    ).all()
    left_out = [LeftOut(sheet, number, title, _reasons(verdict, problems)) for sheet, number, title, verdict, problems in rows]
    decided = [*_columns(brought), *_decided(Decisions.kept(brought.decisions))]
    return Protocol(decided[:MOST_DECISIONS], max(0, len(decided) - MOST_DECISIONS), left_out, max(0, total - len(left_out)))


def _reasons(verdict: str, problems: list[dict[str, Any]]) -> list[str]:
    if verdict == "skipped":
        return [_("Пропущена по решению того, кто загружал")]
    return [str(problem["message"])[:_REASON] for problem in problems if problem["severity"] == "error"]


def _columns(brought: Import) -> Iterator[tuple[str, str]]:
    """Columns that were not simply known by their headings."""
    how = {"chosen": _("выбрано"), "remembered": _("как в прошлый раз"), "content": _("по содержимому")}
    for table in brought.columns:
        for column in table["columns"]:
            if column["how"] in how:
                name = FIELDS.get(column["field"], column["field"]) if column["field"] else _("не загружается")
                heading = column["heading"][:60] or "—"
                yield (
                    _("Столбец %(letter)s «%(heading)s»", letter=column["letter"], heading=heading),
                    f"{name} ({how[column['how']]})",
                )


def _decided(decisions: Decisions) -> Iterator[tuple[str, str]]:
    for name, words in decisions.words.items():
        for text, meant in words.items():
            yield _("%(field)s: «%(text)s»", field=FIELDS.get(name, name), text=text), _("читается как «%(text)s»", text=meant)
    for name, text in decisions.everywhere.items():
        yield str(FIELDS.get(name, name)), _("во всех строках «%(text)s»", text=text)
    if decisions.empty == CLEAR:
        yield _("Пустая ячейка"), _("очищает то, что есть в реестре")
    if decisions.confirmed is not None:
        yield _("Подтверждено число изменений"), str(decisions.confirmed)
    for place, cells in decisions.cells.items():
        sheet, _sign, number = place.rpartition("!")
        row = _("Строка %(row)s листа «%(sheet)s»", row=number, sheet=sheet) if sheet else _("Строка %(row)s", row=number)
        for name, text in cells.items():
            shown = _("исправлено") if name in _NUMBERS else _("исправлено на «%(text)s»", text=text)
            yield row, f"{FIELDS.get(name, name)}: {shown}"
