"""What a person typed and ticked on the page of rows, as decisions about the upload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from exchange.imports import controls, faults
from exchange.imports.decisions import CLEAR, KEEP, Decisions, place
from exchange.imports.models import Import, ImportRow
from exchange.imports.vocabulary_text import plain

Place = tuple[str, int]


def key_of(sheets: list[str], sheet: str, number: int) -> str:
    """The name of a row in the form: «0-37», number of the sheet and row of Excel."""
    return f"{sheets.index(sheet) if sheet in sheets else 0}-{number}"


def place_of(sheets: list[str], key: str) -> Place | None:
    """The row that a name in the form speaks of; None for a name that no page gave."""
    sheet, _dash, number = key.partition("-")
    if not (sheet.isdecimal() and number.isdecimal() and len(sheet) < 4 and len(number) < 8) or int(sheet) >= len(sheets):
        return None
    return sheets[int(sheet)], int(number)


def sheets_of(brought: Import) -> list[str]:
    """The names that rows bear: of their table, or (under another one) of its sheet."""
    told = [str(one["sheet"])[:100] for one in brought.columns]
    return list(dict.fromkeys([*told, *(name.rpartition("!")[0] or name for name in told)]))


def prefilled(problem: Mapping[str, Any]) -> str:
    """The text that stands in the box before anybody typed."""
    return str(problem.get("suggestion") or problem["value"])


def one_a_field(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The remark of each field that gets a box: an error before a warning."""
    found: dict[str, dict[str, Any]] = {}
    for problem in sorted(problems, key=lambda one: str(one["severity"])):
        found.setdefault(problem["field"], problem)
    return [problem for problem in problems if found[problem["field"]] is problem]


@dataclass
class Fixes:
    """The decisions after a form was read, words to remember ((field, text) -> choice), and boxes that can't be taken."""

    decisions: Decisions
    words: dict[tuple[str, str], str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


@dataclass
class Sent:
    """A form of the page of rows. `every` are place and remarks of all rows with remarks, for fixes of many."""

    form: Mapping[str, str]
    rows: dict[str, ImportRow]  # by their names in the form
    every: list[tuple[str, int, list[dict[str, Any]]]]
    columns: dict[str, set[str]]  # sheet -> fields of its columns

    def fixes(self, decisions: Decisions) -> Fixes:
        """Adds what was decided here to what was decided before."""
        made = Fixes(decisions)
        if self.form.get("empty") in (KEEP, CLEAR):
            decisions.empty = self.form["empty"]
        done = {key for name, row, problem in self._boxes() if (key := self._for_all(made, name, row, problem))}
        for name, row, problem in self._boxes():
            is_left = faults.alike(problem) in done and self.form.get(f"fix-{name}", "") in (prefilled(problem), "")
            if f"fix-{name}" in self.form and not is_left:
                self._fix(made, name, row, problem)
        for key, row in self.rows.items():
            self._tick(made, key, row)
        return made

    def _boxes(self) -> Iterator[tuple[str, ImportRow, dict[str, Any]]]:
        for key, row in self.rows.items():
            yield from ((f"{key}-{problem['field']}", row, problem) for problem in one_a_field(row.problems))

    def _text(self, made: Fixes, name: str, problem: dict[str, Any]) -> str | None:
        """What was typed, when it says something else than the file; a box that can't be taken is noted."""
        text = " ".join(self.form.get(f"fix-{name}", "").split())
        control = controls.control_for(problem)
        if len(text) > controls.LONGEST or not text.isprintable():
            made.refused[name] = _("Сократите до %(most)s знаков, без переносов и табуляции", most=controls.LONGEST)
            return None
        if control.sort == "select" and (not text or text not in {value for value, _words in control.options}):
            if text:
                made.refused[name] = _("Выберите значение из списка")
            return None
        return None if text == problem["value"] else text

    def _fix(self, made: Fixes, name: str, row: ImportRow, problem: dict[str, Any]) -> None:
        text = self._text(made, name, problem)
        if text is None:
            return
        cells = made.decisions.cells.setdefault(place(row.sheet, row.row_number), {})
        cells |= controls.written(problem.get("source", problem["field"]), text, self.columns.get(row.sheet, set()))
        self._remember(made, name, problem, text)

    def _remember(self, made: Fixes, name: str, problem: dict[str, Any], text: str) -> None:
        if text and self.form.get(f"keep-{name}") and controls.is_remembered(problem):
            made.words[problem["field"], problem["value"]] = text

    def _for_all(self, made: Fixes, name: str, row: ImportRow, problem: dict[str, Any]) -> str:
        """One fix for every row with the same fault; the key of the fault when it was taken."""
        key = faults.alike(problem)
        if not key or not self.form.get(f"all-{name}"):
            return ""
        text = self._text(made, name, problem)
        if not text:
            return ""
        target, said = problem.get("source", problem["field"]), plain(problem["value"])
        if not problem["cell"]:
            made.decisions.everywhere[target] = text
        elif said and target == problem["field"]:
            made.decisions.words.setdefault(target, {})[said] = text
        for sheet, number, problems in self.every:
            if any(faults.alike(one) == key for one in problems if one["severity"] == problem["severity"]):
                where = made.decisions.cells.get(place(sheet, number), {})
                where.pop(target, None)
                if problem["cell"] and not (said and target == problem["field"]):
                    where |= controls.written(target, text, self.columns.get(sheet, set()))
                    made.decisions.cells[place(sheet, number)] = where
        self._remember(made, name, problem, text)
        return key

    def _tick(self, made: Fixes, key: str, row: ImportRow) -> None:
        """The row stays out or not; its warnings were looked at or not."""
        where, decisions = place(row.sheet, row.row_number), made.decisions
        decisions.skipped = [one for one in decisions.skipped if one != where]
        if self.form.get(f"skip-{key}"):
            decisions.skipped.append(where)
        for problem in row.problems:
            if problem["severity"] != "warning" or not self.form.get(f"seen-{key}"):
                continue
            name = f"{key}-{problem['field']}"
            held = decisions.accepted.setdefault(where, [])
            if self.form.get(f"ok-{name}") and problem["field"] not in held:
                held.append(problem["field"])
            elif not self.form.get(f"ok-{name}") and problem["field"] in held:
                held.remove(problem["field"])
