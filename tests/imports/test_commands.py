"""`flask import check | apply` in a process of its own: exit codes, the JSON object, all or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.databases import Database, flask
from tests.imports.rosters import GIVEN, PEOPLE, lines, xlsx

EXPECTED: dict[str, Any] = json.loads((GIVEN / "expected.json").read_text())
KEYS = {"file", "people_rows", "accepted", "rejected", "warnings", "problems"}
PROBLEM = {"sheet", "row", "cell", "field", "value", "severity", "message"}


def told(database: Database, *arguments: str, code: int) -> dict[str, Any]:
    done = flask(database, "import", *arguments, "--json", check=False)
    assert done.returncode == code, done.stderr[-2000:] + done.stdout[-500:]
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def students(database: Database) -> int:
    engine = sa.create_engine(database.owner_url)
    with engine.connect() as connection:
        if database.kind == "postgresql":
            connection.execute(sa.text("set row_security = off"))
            connection.execute(sa.text("alter table student no force row level security"))
        number: int = connection.execute(sa.text("select count(*) from student")).scalar_one()
        connection.rollback()
    engine.dispose()
    return number


def test_the_whole_way_of_an_operator(fresh_database: Database) -> None:
    file = str(GIVEN / "asu-2026-10-01.xlsx")
    wanted = EXPECTED["asu-2026-10-01.xlsx"]
    told_once = told(fresh_database, "check", "students", file, "--organisation", "ASU", code=1)
    assert told_once.keys() >= KEYS
    assert told_once["file"] == "asu-2026-10-01.xlsx"
    assert (told_once["people_rows"], told_once["rejected"], told_once["accepted"]) == (312, 6, 306)
    assert all(problem.keys() == PROBLEM for problem in told_once["problems"])
    refused = {str(p["row"]): p["field"] for p in told_once["problems"] if p["severity"] == "error"}
    assert refused == {row: one["field"] for row, one in wanted["rows"].items() if one["action"] == "reject"}
    assert students(fresh_database) == 0

    told(fresh_database, "apply", "students", file, "--organisation", "ASU", code=1)
    assert students(fresh_database) == 0, "all or nothing"

    told(fresh_database, "apply", "students", file, "--organisation", "ASU", "--good-rows-only", code=0)
    assert students(fresh_database) == 306
    again = told(fresh_database, "apply", "students", file, "--organisation", "ASU", "--good-rows-only", code=0)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 306)
    assert students(fresh_database) == 306
    flask(fresh_database, "audit", "verify")


@pytest.mark.sqlite_only
def test_a_list_without_errors(fresh_database: Database, tmp_path: Path) -> None:
    file = tmp_path / "список.xlsx"
    file.write_bytes(xlsx(lines()))
    assert told(fresh_database, "check", "students", str(file), "--organisation", "ASU", code=0)["rejected"] == 0
    answer = told(fresh_database, "apply", "students", str(file), "--organisation", "ASU", code=0)
    assert (answer["new"], answer["applied"]) == (len(PEOPLE), True)
    done = flask(fresh_database, "import", "check", "students", str(file), "--organisation", "ASU")
    assert f"{len(PEOPLE)} rows of people: {len(PEOPLE)} accepted (0 new, 0 changed, {len(PEOPLE)} unchanged)" in done.stdout


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("kind", "name", "content", "code", "said"),
    [
        ("students", "missing.xlsx", None, "ASU", "Файл не найден"),
        ("students", "noise.xlsx", b"PK\x03\x04 and then nothing", "ASU", "Файл повреждён"),
        ("students", "empty.csv", b"", "ASU", "Файл пустой"),
        ("students", "words.csv", "строка;другая\n1;2\n".encode(), "ASU", "нет таблицы"),
        ("students", "good.xlsx", xlsx(lines()), "NOBODY", "no organisation with the code NOBODY"),
        ("students", "good.xlsx", xlsx(lines()), "ALTVAGON", "has no students"),
        ("interns", "good.xlsx", xlsx(lines()), "ASU", "has no interns"),
    ],
)
def test_wrong_usage_and_unreadable_files_end_with_two(
    fresh_database: Database, tmp_path: Path, kind: str, name: str, content: bytes | None, code: str, said: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    answer = told(fresh_database, "check", kind, str(file), "--organisation", code, code=2)
    assert said in answer["error"]
    assert answer["file"] == name
    assert (answer["people_rows"], answer["problems"]) == (0, [])


@pytest.mark.sqlite_only
def test_without_json_it_speaks_to_a_person(fresh_database: Database, tmp_path: Path) -> None:
    done = flask(
        fresh_database, "import", "check", "students", str(tmp_path / "none.csv"), "--organisation", "ASU", check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Файл не найден" in done.stderr
    done = flask(fresh_database, "import", "check", "guests", "none.csv", "--organisation", "ASU", check=False)
    assert done.returncode == 2
