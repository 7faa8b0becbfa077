"""The four rosters that were given: exactly what expected.json says, and a second time nothing changes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from exchange.errors import RuleBroken
from exchange.imports import actions
from tests.imports.register import bring, counts, fingerprint
from tests.imports.rosters import GIVEN, TODAY

EXPECTED: dict[str, Any] = json.loads((GIVEN / "expected.json").read_text())
FILES = {
    "asu-2026-10-01.xlsx": ("ASU", "students"),
    "altstu.csv": ("ASTU", "students"),
    "agmu-faculties.xlsx": ("AGMU", "students"),
    "altaivagon-interns.xlsx": ("ALTVAGON", "interns"),
}
# Students of these lists about whom nothing is expected are accepted without a remark.
SILENT = {"asu-2026-10-01.xlsx", "altstu.csv", "agmu-faculties.xlsx"}


def key_of(problem: dict[str, Any], file: str) -> str:
    return f"{problem['sheet']}!{problem['row']}" if file.startswith("agmu") else str(problem["row"])


@pytest.mark.parametrize("file", FILES)
@pytest.mark.usefixtures("today")
def test_what_is_expected_and_nothing_else(session: Session, file: str) -> None:
    code, kind = FILES[file]
    before = fingerprint(session)
    brought, checked = bring(session, (GIVEN / file).read_bytes(), code, kind, name=file)
    wanted = EXPECTED[file]
    assert (checked.counts["people_rows"], checked.counts["rejected"]) == (wanted["people_rows"], wanted["rejected"])
    problems = checked.problems()
    refused = {key_of(p, file): p["field"] for p in problems if p["severity"] == "error"}
    assert refused == {key: row["field"] for key, row in wanted["rows"].items() if row["action"] == "reject"}
    warned = {(key_of(p, file), p["field"]) for p in problems if p["severity"] == "warning"}
    assert {(key, row["field"]) for key, row in wanted["rows"].items() if row["action"] == "accept"} <= warned
    if file in SILENT:
        assert {key for key, _ in warned} <= wanted["rows"].keys()
    assert fingerprint(session) == before, "a check writes nothing into the register"

    with pytest.raises(RuleBroken):
        actions.apply_import(session, brought, good_rows_only=False, today=TODAY)
    assert fingerprint(session) == before, "all or nothing"

    known = counts(session)
    done = actions.apply_import(session, brought, good_rows_only=True, today=TODAY)
    assert done == {"new": wanted["people_rows"] - wanted["rejected"], "changed": 0}
    table = "internship" if kind == "interns" else "student"
    assert counts(session)[table] == known[table] + done["new"]

    after = fingerprint(session)
    with pytest.raises(RuleBroken):
        actions.apply_import(session, brought, good_rows_only=True, today=TODAY)
    again, checked = bring(session, (GIVEN / file).read_bytes(), code, kind, name=file)
    assert (checked.counts["new"], checked.counts["changed"]) == (0, 0)
    assert checked.counts["unchanged"] == done["new"]
    assert checked.counts["rejected"] == wanted["rejected"]
    assert actions.apply_import(session, again, good_rows_only=True, today=TODAY) == {"new": 0, "changed": 0}
    assert fingerprint(session) == after, "a second time changes nothing"


@pytest.mark.parametrize("file", FILES)
@pytest.mark.usefixtures("today")
def test_every_remark_names_its_cell(session: Session, file: str) -> None:
    """A remark says which cell, what stands there and what to do; only what stands nowhere has no cell."""
    code, kind = FILES[file]
    _, checked = bring(session, (GIVEN / file).read_bytes(), code, kind, name=file)
    for problem in checked.problems():
        assert problem["message"]
        assert problem["severity"] in ("error", "warning")
        assert problem["cell"].endswith(str(problem["row"]))
