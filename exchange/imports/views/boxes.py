"""Rows of a file as the page shows them: what is wrong, with a box to mend it, or what would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import ngettext

from exchange.extensions import db
from exchange.imports import controls, faults, queries
from exchange.imports.controls import Control
from exchange.imports.fields import FIELDS
from exchange.imports.fixing import key_of, one_a_field, prefilled, sheets_of
from exchange.imports.models import Import, ImportRow

# What the twin of a row is compared by, in this order.
COMPARED = (
    "last_name", "first_name", "patronymic", "born", "sex", "iin", "passport", "citizenship", "region", "programme", "level",
    "course", "group", "form", "funding", "order_number", "order_date", "enrolled_on", "phone", "email", "address", "faculty",
    "sender", "kind", "starts_on", "ends_on", "position", "department", "mentor",
)  # fmt: skip
Told = dict[str, Any]
EMPTY: Told = {"suggestion": "", "because": "", "skip": False, "twin": "", "accepted": False}


@dataclass
class Box:
    """One remark with the means to mend it. `name` is the tail of the names of its fields; empty: only said."""

    name: str
    told: Told
    field: Any
    label: Any
    control: Control | None = None
    text: str = ""
    error: str = ""
    is_refused: bool = False
    again: int = 0  # in so many rows
    leader: int = 0  # the row of this page with the same fault, whose box speaks for this one too
    for_all: bool = False
    remembered: bool | None = None  # None: the word is not one to remember
    accepted: bool = False
    accepted_all: bool = False
    twin: list[tuple[Any, str, str]] = field(default_factory=list)
    twin_row: int = 0


@dataclass
class Line:
    """A row of the file. changes: field, was, becomes."""

    key: str
    row: ImportRow
    skip: bool
    boxes: list[Box]
    changes: list[tuple[Any, str, str]]


@dataclass
class Desk:
    """Makes the lines of a page. typed: the form that came back, or None; refused: boxes that can't be taken, with why."""

    brought: Import
    typed: Mapping[str, str] | None = None
    refused: Mapping[str, str] = field(default_factory=dict)

    def lines(self, rows: Sequence[ImportRow], severities: tuple[str, ...] = ()) -> list[Line]:
        sheets, twins = sheets_of(self.brought), self._twins(rows)
        again = self.brought.counts.get("faults", {}).get("again", {})
        made = [self._line(key_of(sheets, row.sheet, row.row_number), row, twins, again, severities) for row in rows]
        self._follow(made)
        return made

    @staticmethod
    def _follow(lines: list[Line]) -> None:
        """Of boxes with the same fault the first one speaks for the others of the page."""
        first: dict[str, int] = {}
        for line in lines:
            for box in line.boxes:
                if box.again and (row := first.setdefault(faults.alike(box.told), line.row.row_number)) != line.row.row_number:
                    box.leader, box.again, box.remembered, box.error = row, 0, None, box.error if box.is_refused else ""

    def _twins(self, rows: Iterable[ImportRow]) -> dict[tuple[str, int], ImportRow]:
        places = [_place(told["twin"]) for row in rows for told in row.problems if told.get("twin")]
        return queries.rows_at(db.session(), self.brought, places) if places else {}

    def _line(
        self, key: str, row: ImportRow, twins: Mapping[tuple[str, int], ImportRow], again: Mapping[str, int],
        severities: tuple[str, ...],
    ) -> Line:  # fmt: skip
        proposed = any(told.get("skip") for told in row.problems) and row.verdict == "error"
        skip = bool((self.typed or {}).get(f"skip-{key}")) if self._came_back(key) else proposed or row.verdict == "skipped"
        with_box = one_a_field(row.problems)
        boxes = [
            self._box(key, row, told, twins, again, any(told is one for one in with_box))
            for told in row.problems
            if not severities or told["severity"] in severities
        ]
        return Line(key, row, skip, boxes, changes_of(row.changes))

    def _came_back(self, key: str) -> bool:
        return self.typed is not None and key in self.typed.getlist("row")  # type: ignore[attr-defined]

    def _box(
        self, key: str, row: ImportRow, told: Told, twins: Mapping[tuple[str, int], ImportRow], again: Mapping[str, int],
        has_box: bool,
    ) -> Box:  # fmt: skip
        source = str(told.get("source", told["field"]))
        box = Box("", EMPTY | told, told["field"], FIELDS.get(source, source))
        if not has_box:
            return box
        box.name, box.control = f"{key}-{told['field']}", controls.control_for(told, str(row.values.get("level") or ""))
        came, typed = self._came_back(key), self.typed or {}
        box.text = typed.get(f"fix-{box.name}", "") if came else prefilled(told)
        options = {value for value, _words in box.control.options}
        if box.control.sort == "select" and box.text not in options:
            box.text = ""
        wrong = told["severity"] == "error" and not told.get("suggestion") and not told.get("twin")
        box.is_refused = box.name in self.refused
        box.error = self.refused.get(box.name, "") or (controls.expectation(told) if wrong else "")
        box.again = again.get(faults.alike(told), 0) if told["severity"] == "error" else 0
        box.for_all = bool(typed.get(f"all-{box.name}")) if came else bool(box.again)
        if controls.is_remembered(told):
            box.remembered = bool(typed.get(f"keep-{box.name}")) if came else told["severity"] == "error"
        box.accepted = bool(typed.get(f"ok-{box.name}")) if came else bool(told.get("accepted"))
        if told.get("twin") and (twin := twins.get(_place(told["twin"]))):
            box.twin, box.twin_row = compared(row, twin), twin.row_number
        return box


def _place(text: str) -> tuple[str, int]:
    sheet, _mark, number = text.rpartition("!")
    return sheet[:100], int(number)


def compared(row: ImportRow, twin: ImportRow) -> list[tuple[Any, str, str]]:
    """Fields in which one of two rows says something: what this one says, what the other one says."""
    found = []
    for name in COMPARED:
        mine, other = (_said(name, one) for one in (row, twin))
        if mine or other:
            found.append((FIELDS.get(name, name), mine, other))
    return found


def _said(name: str, row: ImportRow) -> str:
    """What the file says in this row: its numbers are its own, and are shown as they stand there."""
    value = row.values.get(name)
    return str(value or "") if name in ("iin", "passport") else controls.shown(name, value)


def changes_of(changes: Mapping[str, Any]) -> list[tuple[Any, str, str]]:
    """Field, what the register says, what it will say."""
    return [
        (FIELDS.get(name, name), controls.shown(name, was), controls.shown(name, now)) for name, (was, now) in changes.items()
    ]


def summary(counts: Mapping[str, Any]) -> list[str]:
    """What to do with the refused rows, a sentence for each kind."""
    told, said = counts.get("faults", {}), []
    if number := told.get("proposed"):
        said.append(
            ngettext(
                "Для %(num)s строки подставлено вероятное значение: проверьте его.",
                "Для %(num)s строк подставлены вероятные значения: проверьте их.", number,
            )
        )  # fmt: skip
    if number := told.get("left_out"):
        said.append(ngettext("%(num)s строку предлагаем пропустить.", "%(num)s строк предлагаем пропустить.", number))
    return said


def to_type(brought: Import) -> list[tuple[str, Any, int]]:
    """The first cells that only a person can fill: the id of the box, the field, the row."""
    sheets = sheets_of(brought)
    return [
        (
            f"fix-{key_of(sheets, one['sheet'][:100], one['row'])}-{one['field']}",
            FIELDS.get(one["target"], one["target"]),
            one["row"],
        )
        for one in brought.counts.get("faults", {}).get("named", [])
    ]
