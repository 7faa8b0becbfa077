"""Whatever the code writes into the log can be read: every action, every field, and the values that the code itself chooses."""

from __future__ import annotations

import ast
import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from exchange.audit import words
from exchange.files.kinds import KINDS as PAPERS
from exchange.internships import actions as internships
from exchange.internships.entry import COLUMNS
from exchange.internships.forms import FilterForm
from exchange.internships.stages import STEPS, Kind, Outcome, Recognition, Stage
from exchange.internships.views.lists import TABS
from exchange.organisations.actions import EDITABLE
from exchange.organisations.models import Kind as Organisation
from exchange.particulars.actions import DETAILS
from exchange.particulars.forms import OutcomeForm, StudyForm
from exchange.people.actions import FACTS
from exchange.stays.kinds import KINDS as STAYS
from exchange.students.actions import CARD, CONTACTS
from exchange.students.ledger import STUDY_FIELDS
from exchange.students.order_kinds import KINDS, NAMED
from exchange.students.views.listing import NARROWING
from reports.report import Parameters
from tests.house.sources import PACKAGES, place, python_files, tree

# What cannot be read off a call: the codes behind an expression, the fields behind a `**`.
ACTIONS = {
    "f'internship:{step.to}'": [f"internship:{step.to}" for step in STEPS.values()],
    "f'job:{state}'": ["job:cancelled", "job:failed"],
}
COUNTS = ("people_rows", "accepted", "rejected", "warnings", "new", "changed", "unchanged")
CODED = {name: f"{name}_code" for name in ("programme", "level", "form", "funding")} | {"group": "group_name"}
ORDER = [CODED.get(name, name) for kind in KINDS.values() for name in kind.fields if name not in NAMED]
FIELDS = {
    "checked.counts": COUNTS,
    "done": COUNTS,
    "for_whom": ("enterprise",),
    "draft.registration.study": STUDY_FIELDS,
    "_end(said.ends_on)": ("ends_on",),
    "_end(fact.ends_on)": ("ends_on",),
    "without_names(fields)": (*ORDER, "initiative"),
    "{'document': changed['document'][1]} if 'document' in changed else {}": ("document",),
    "details": (),  # of a function that hands on what it was given by name
}
# Fields that stand in dictionaries made elsewhere: values before and after, filters.
CHANGED = {
    *EDITABLE, *FACTS, *CONTACTS, *CARD, *COLUMNS, *DETAILS, *StudyForm.COLUMNS, *OutcomeForm.COLUMNS,
    *internships.FILLED_LATER, *NARROWING, "iin", "iin_needs_check", "status", "status_reason", "review", "briefing_on", "role",
    "organisation", "name", "position", "parent",
} - {"q"}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Written:
    """A call that writes into the log."""

    at: str
    actions: tuple[str, ...]
    fields: tuple[str, ...]


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""


def _calls(module: ast.Module) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Calls that write, with the expression of their action: of Note and record, and of functions that hand an action on."""
    writers = {"Note": 0, "record": 1, "touch": 2}
    while True:
        found = {}
        for function in ast.walk(module):
            if isinstance(function, ast.FunctionDef) and function.name not in writers:
                given = [argument.arg for argument in function.args.args]
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and (name := _name(call)) in writers and len(call.args) > writers[name]:
                        action = call.args[writers[name]]
                        if isinstance(action, ast.Name) and action.id in given:
                            found[function.name] = given.index(action.id)
        if not found:
            break
        writers |= found
    for call in ast.walk(module):
        if isinstance(call, ast.Call) and (name := _name(call)) in writers and len(call.args) > writers[name]:
            yield call, call.args[writers[name]]


def _codes(action: ast.expr, at: str) -> list[str]:
    if isinstance(action, ast.Constant):
        return [action.value]
    if isinstance(action, ast.IfExp):
        return [*_codes(action.body, at), *_codes(action.orelse, at)]
    if isinstance(action, ast.Name):  # handed on: its callers are read
        return []
    assert ast.unparse(action) in ACTIONS, f"{at}: say in ACTIONS which actions {ast.unparse(action)} means"
    return ACTIONS[ast.unparse(action)]


def _keys(details: ast.expr, module: ast.Module, at: str) -> Iterator[str]:
    if isinstance(details, ast.IfExp):
        yield from _keys(details.body, module, at)
        yield from _keys(details.orelse, module, at)
    elif isinstance(details, ast.Name):
        for node in ast.walk(module):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == details.id and isinstance(node.value, ast.Dict):
                yield from _keys(node.value, module, at)
    elif isinstance(details, ast.Dict):
        for key, inner in zip(details.keys, details.values, strict=True):
            if isinstance(key, ast.Constant):
                yield key.value
            if key is None and not isinstance(inner, ast.DictComp):
                yield from _spread(inner, at)
            if isinstance(inner, ast.Dict):
                yield from _keys(inner, module, at)


def _spread(inner: ast.expr, at: str) -> Iterable[str]:
    assert ast.unparse(inner) in FIELDS, f"{at}: say in FIELDS which fields **{ast.unparse(inner)} brings"
    return FIELDS[ast.unparse(inner)]


def _written(path: Path) -> Iterator[Written]:
    module = tree(path)
    for call, action in _calls(module):
        at = place(path, call.lineno)
        keys: list[str] = []
        if _name(call) == "Note":
            keys += [key for details in call.args[3:] for key in _keys(details, module, at)]
        for keyword in call.keywords:
            keys += [keyword.arg] if keyword.arg else _spread(keyword.value, at)
            keys += _keys(keyword.value, module, at) if isinstance(keyword.value, ast.Dict) else []
        yield Written(at, tuple(_codes(action, at)), tuple(keys))


@pytest.fixture(scope="module")
def written() -> list[Written]:
    return [one for path in python_files(*PACKAGES) for one in _written(path)]


def test_the_calls_are_found(written: list[Written]) -> None:
    actions = {action for one in written for action in one.actions}
    assert {"student:viewed", "account:deactivated", "internship:started", "internship:agreed", "order:recorded"} <= actions
    fields = {field for one in written for field in one.fields}
    assert {"iin_open", "searched", "head", "students", "checks_failed", "recognition", "leave_ground"} <= fields


def test_every_action_that_is_written_has_words_and_no_other_has(written: list[Written]) -> None:
    assert {action for one in written for action in one.actions} == set(words.ACTIONS)


def test_every_field_that_is_written_has_words(app: Any, written: list[Written]) -> None:
    known = {*words.FIELDS, "before", "after", "changes"}
    assert [(one.at, field) for one in written for field in one.fields if field not in known] == []
    moment = dt.datetime(2026, 10, 5, 12, tzinfo=dt.UTC)
    asked = Parameters(moment.date(), moment, "ASU", "bachelor", "full", "quota", moment.date(), moment.date()).as_address()
    with app.test_request_context():
        filters = {field.name for field in FilterForm(today=moment.date())}
    assert sorted((CHANGED | set(asked) | filters - {"q"}) - known) == []


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("status", Stage), ("recognition", Recognition), ("outcome", Outcome), ("kind", [*Kind, *Organisation, *STAYS]),
        ("paper", list(PAPERS)), ("tab", [code for code, _label in TABS]),
        ("fields", ["iin", "documents", "snils", "stay_numbers"]),
    ],
)  # fmt: skip
def test_codes_that_the_code_writes_have_words(app: Any, field: str, codes: Iterable[str]) -> None:
    with app.test_request_context():
        assert [code for code in codes if words.named(field, str(code)) == code] == []


def test_kinds_of_imports_have_words() -> None:
    from exchange.imports.kinds import KINDS as IMPORTS

    assert set(IMPORTS) <= set(words.VALUES["kind"])


def test_both_ways_of_keeping_changes_are_read(app: Any) -> None:
    details = {
        "before": {"city": "Бийск"}, "after": {"city": "Барнаул"}, "version": 3,
        "changes": {"status": ["planned", "confirmed"], "2026-10-05": [[0, 0, ""], [40, 38, "отгул"]]},
    }  # fmt: skip
    with app.test_request_context():
        assert words.changes(details) == [
            ("город", "Бийск", "Барнаул"), ("состояние", "запланирована", "подтверждена"),
            ("неделя с 05.10.2026", "0, 0, —", "40, 38, отгул"),
        ]  # fmt: skip
        assert words.others(details) == []


def test_days_are_told_as_people_write_them_and_what_only_looks_like_one_stays(app: Any) -> None:
    with app.test_request_context():
        assert words.others({"filters": {"on": "2026-10-01", "level": "2026-99-99"}}) == [
            ("отбор", "на дату: 01.10.2026; уровень: 2026-99-99")
        ]
