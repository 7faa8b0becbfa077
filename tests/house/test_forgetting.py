"""Forgetting refuses: what nobody thought of stops the start-up, the query or the build."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Mapped, Session, mapped_column

from exchange import policy, seal
from exchange.access import rows
from exchange.access.actor import PEOPLE, Role
from exchange.access.doors import UndeclaredDoor, allow, public
from exchange.access.permissions import Permission
from exchange.access.rows import OffThePage
from exchange.access.rules import All, Mine, Own
from exchange.database import Base
from tests.house.sources import ROOT

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def bare() -> Iterator[Flask]:
    """A site with one door that says who may enter; nothing of it touches the real one."""
    app = Flask("forgetful")
    app.extensions["doors"] = {"grants": policy.GRANTS, "named": {"static": "public"}}
    app.add_url_rule("/open", "open", public(lambda: ""))
    yield app


def test_a_route_without_a_mark_stops_the_start(bare: Flask) -> None:
    seal(bare)
    bare.add_url_rule("/forgotten", "forgotten", lambda: "")
    with pytest.raises(UndeclaredDoor, match="forgotten"):
        seal(bare)


def test_a_mark_that_names_nobody_opens_to_nobody(bare: Flask) -> None:
    bare.add_url_rule("/nobody", "nobody", allow()(lambda: ""))
    with pytest.raises(UndeclaredDoor, match="nobody"):
        seal(bare)


def test_a_model_off_the_page_stops_the_start(app: Flask) -> None:
    class Forgotten(Base):
        __tablename__ = "forgotten"
        id: Mapped[int] = mapped_column(primary_key=True)

    try:
        with pytest.raises(OffThePage, match="Forgotten"):
            seal(app)
    finally:
        Base.metadata.remove(Forgotten.__table__)  # type: ignore[arg-type]
        Base.registry._dispose_cls(Forgotten)
        Base.registry.dispose  # noqa: B018
    Base.registry._class_registry.pop("Forgotten", None)


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


def test_rules_of_the_page_can_be_checked_on_both_walls() -> None:
    for model, said in policy.ROWS.items():
        for rule in (*said.readers.values(), *said.writers.values()):
            assert isinstance(rule, Own | Mine | All), f"{model.__name__}: {rule}"
        for role, rule in said.writers.items():
            assert role in said.readers or role in {Role.GATE, *PEOPLE}, f"{model.__name__}: {role} writes what it can't see"
            assert isinstance(rule, Own | Mine | All)


def test_a_statement_that_the_wall_cannot_read_is_refused(session: Session, as_: Any, world: Any) -> None:
    with as_(world.actors["asu"]) as asked, pytest.raises(rows.RawStatement):
        asked.execute(sa.text("select 1"))


# ------------------------------------------------------------------------------------------------------------ contracts
def contracts(config: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"]
    return subprocess.run(
        [*command, "--config", str(config), "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_contracts_are_kept() -> None:
    done = contracts(ROOT / "pyproject.toml", ROOT)
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("exchange/students/queries.py", "from exchange.access import master_key", "master key"),
        ("exchange/students/models.py", "import exchange.internships.models", "every arrow points down"),
        ("exchange/reference/models.py", "import reports", "every arrow points down|reports exist"),
        ("exchange/students/queries.py", "import openpyxl", "Excel is spoken in one room"),
        ("exchange/students/queries.py", "import flask", "never see a request"),
        ("exchange/internships/queries.py", "from exchange.access import statistics", "count beyond"),
    ],
)
def test_a_broken_contract_is_found(tmp_path: Path, file: str, line: str, contract: str) -> None:
    """Each law is broken once, in a copy."""
    for package in ("exchange", "reports"):
        for path in (ROOT / package).rglob("*.py"):
            copy = tmp_path / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    broken = tmp_path / file
    broken.write_text(broken.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    done = contracts(ROOT / "pyproject.toml", tmp_path)
    assert done.returncode == 1, done.stdout[-2000:]
    names = [c["name"] for c in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]]
    failed = [name for name in names if f"{name} BROKEN" in done.stdout]
    assert any(part in name for name in failed for part in contract.split("|")), done.stdout[-2000:]
