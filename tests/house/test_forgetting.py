"""Forgetting refuses: what nobody thought of stops the start-up, the query or the build."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange import policy, seal
from exchange.access import rows
from exchange.access.actor import PEOPLE, Role
from exchange.access.doors import UndeclaredDoor, allow, public
from exchange.access.permissions import Permission
from exchange.access.rows import OffThePage
from exchange.access.rules import All, Mine, Own, Shared
from exchange.database import Base
from exchange.students.models import Student
from tests.house import expected
from tests.house.sources import ROOT

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def bare(app: Flask) -> Flask:
    """A site with one door that says who may enter; nothing of it touches the real one."""
    made = Flask("forgetful")
    made.extensions["doors"] = {"grants": policy.GRANTS, "named": {"static": "public"}}
    made.add_url_rule("/open", "open", public(lambda: ""))
    return made


def test_a_route_without_a_mark_stops_the_start(bare: Flask) -> None:
    seal(bare)
    bare.add_url_rule("/forgotten", "forgotten", lambda: "")
    with pytest.raises(UndeclaredDoor, match="forgotten"):
        seal(bare)


def test_a_mark_that_names_nobody_opens_to_nobody(bare: Flask) -> None:
    bare.add_url_rule("/nobody", "nobody", allow()(lambda: ""))
    with pytest.raises(UndeclaredDoor, match="nobody"):
        seal(bare)


def test_a_model_off_the_page_stops_the_start(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(app)
    monkeypatch.delitem(rows._policy, Student)
    with pytest.raises(OffThePage, match="Student"):
        seal(app)


def test_the_page_speaks_of_every_model_once() -> None:
    scoped, everybody = set(policy.ROWS), set(policy.OPEN)
    assert scoped.isdisjoint(everybody)
    assert {mapper.class_ for mapper in Base.registry.mappers} == scoped | everybody


def test_the_page_speaks_of_every_role_of_people() -> None:
    assert set(policy.GRANTS) == set(PEOPLE)
    granted = set().union(*policy.GRANTS.values())
    assert granted == set(Permission), "a permission that nobody has, or that nobody declared"
    for role in (Role.SYSTEM, Role.GATE, Role.STATISTICS):
        assert role not in policy.GRANTS, "nobody signs in as this"


def test_the_page_grants_what_is_expected() -> None:
    """A door opens to whom the page names; whom it should name is said here, by hand."""
    granted = {str(one): {str(role) for role, some in policy.GRANTS.items() if one in some} for one in Permission}
    assert granted == expected.GRANTS


def test_rules_of_the_page_can_be_checked_on_both_walls() -> None:
    for model, said in policy.ROWS.items():
        for rule in (*said.readers.values(), *said.writers.values()):
            assert isinstance(rule, Own | Mine | All | Shared), f"{model.__name__}: {rule}"
        for role, rule in said.writers.items():
            assert role in said.readers or role in {Role.GATE, *PEOPLE}, f"{model.__name__}: {role} writes what it can't see"
            assert isinstance(rule, Own | Mine | All)


def test_a_statement_that_the_wall_cannot_read_is_refused(session: Session, as_: Any, world: Any) -> None:
    with as_(world.actors["asu"]) as asked, pytest.raises(rows.RawStatement):
        asked.execute(sa.text("select 1"))


# ------------------------------------------------------------------------------------------------------------ contracts
BREACHES = (
    ("exchange/students/queries.py", "from exchange.access import master_key", "The master key hangs on few hooks"),
    ("exchange/organisations/queries.py", "import exchange.students.queries", "The house: every arrow points down"),
    ("exchange/students/models.py", "import exchange.students.queries", "Inside a room: views > forms | actions > queries"),
    ("exchange/people/names.py", "import reports", "exchange does not know that reports exist"),
    ("exchange/people/dates.py", "import openpyxl", "Excel is spoken in one room"),
    ("exchange/people/iin.py", "import pypdf", "Scans are read in a child process"),
    ("exchange/people/iin.py", "import typst", "PDF is spoken in one room"),
    ("exchange/people/models.py", "import flask", "Actions, queries and models never see a request"),
    ("exchange/internships/queries.py", "from exchange.access import statistics", "Only reports count beyond"),
)


def contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", program, "--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    # told by the path of modules, not by the folder, which Python would put before the site's own
    return subprocess.run(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True, check=False
    )


def test_the_contracts_are_kept() -> None:
    done = contracts(ROOT)
    assert done.returncode == 0, done.stdout[-6000:]


def test_each_broken_contract_is_found(tmp_path: Path) -> None:
    """Every law is broken once, in a copy of the sources."""
    for package in ("exchange", "reports"):
        for path in (ROOT / package).rglob("*.py"):
            copy = tmp_path / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    for file, line, _ in BREACHES:
        broken = tmp_path / file
        broken.write_text(broken.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    done = contracts(tmp_path)
    assert done.returncode == 1, done.stdout[-2000:]
    named = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    found = {contract["name"] for contract in named if f"{contract['name']} BROKEN" in done.stdout}
    assert found == {contract["name"] for contract in named}, "each contract has a breach here"
    assert all(any(name.startswith(expected) for name in found) for _, _, expected in BREACHES)
