"""`flask import check | apply`: exit codes, the JSON object, all or nothing; once in processes of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from exchange.imports.checking import Stale
from tests.applications import Runner
from tests.databases import Database, flask
from tests.imports.register import counts
from tests.imports.rosters import GIVEN, PEOPLE, USUAL, lines, many, text, xlsx

EXPECTED: dict[str, Any] = json.loads((GIVEN / "expected.json").read_text())
KEYS = {"file", "people_rows", "accepted", "rejected", "warnings", "problems"}
PROBLEM = {"sheet", "row", "cell", "field", "value", "severity", "message"}
MORE = {"suggestion", "because", "skip", "twin", "source"}  # where the check knows them
ASU = str(GIVEN / "asu-2026-10-01.xlsx")


def told(runner: Runner, *arguments: str, code: int) -> dict[str, Any]:
    done = runner.invoke(args=["import", *arguments, "--json"])
    assert done.exit_code == code, done.output[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.sqlite_only
def test_in_processes_of_their_own(fresh_database: Database) -> None:
    checked = flask(fresh_database, "import", "check", "students", ASU, "--organisation", "ASU", "--json", check=False)
    assert checked.returncode == 1
    assert json.loads(checked.stdout)["rejected"] == 6
    applied = flask(fresh_database, "import", "apply", "students", ASU, "--organisation", "ASU", "--good-rows-only")
    assert "312 rows of people: 306 accepted (306 new, 0 changed, 0 unchanged), 6 rejected" in applied.stdout
    assert "Recorded: 306 new, 0 changed; 0 unchanged." in applied.stdout
    again = flask(fresh_database, "import", "apply", "students", ASU, "--organisation", "ASU", "--good-rows-only")
    assert "Nothing new: the register already says what the 306 accepted rows say." in again.stdout


@pytest.mark.usefixtures("today")
def test_the_whole_way_of_an_operator(runner: Runner, session: Session) -> None:
    wanted = EXPECTED["asu-2026-10-01.xlsx"]
    first = told(runner, "check", "students", ASU, "--organisation", "ASU", code=1)
    assert first.keys() >= KEYS
    assert first["file"] == "asu-2026-10-01.xlsx"
    assert (first["people_rows"], first["rejected"], first["accepted"]) == (312, 6, 306)
    assert all(problem.keys() - MORE == PROBLEM for problem in first["problems"])
    refused = {str(p["row"]): p["field"] for p in first["problems"] if p["severity"] == "error"}
    assert refused == {row: one["field"] for row, one in wanted["rows"].items() if one["action"] == "reject"}
    assert counts(session)["student"] == 0

    assert told(runner, "apply", "students", ASU, "--organisation", "ASU", code=1)["applied"] is False
    assert counts(session)["student"] == 0, "all or nothing"

    done = told(runner, "apply", "students", ASU, "--organisation", "ASU", "--good-rows-only", code=0)
    assert (done["applied"], done["new"], counts(session)["student"]) == (True, 306, 306)
    again = told(runner, "apply", "students", ASU, "--organisation", "ASU", "--good-rows-only", code=0)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 306)
    assert counts(session)["student"] == 306


@pytest.mark.usefixtures("today")
def test_a_list_without_errors(runner: Runner, session: Session, tmp_path: Path) -> None:
    file = tmp_path / "список.xlsx"
    file.write_bytes(xlsx(lines()))
    assert told(runner, "check", "students", str(file), "--organisation", "ASU", code=0)["rejected"] == 0
    answer = told(runner, "apply", "students", str(file), "--organisation", "ASU", code=0)
    assert (answer["new"], answer["applied"]) == (len(PEOPLE), True)
    assert counts(session)["student"] == len(PEOPLE)


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("today")
def test_a_file_that_changes_many_asks_for_the_number(runner: Runner, session: Session, tmp_path: Path) -> None:
    file, people = tmp_path / "list.csv", many(60)
    for group in ("А", "Б"):
        file.write_bytes(text(lines([*USUAL, ("Группа", "group")], people=people, group=lambda p: group)))  # noqa: B023
        answer = told(runner, "apply", "students", str(file), "--organisation", "ASU", code=0 if group == "А" else 1)
    assert "записи многих студентов: 60" in answer["error"]
    assert answer["error"].endswith("(--changes)")
    told(runner, "apply", "students", str(file), "--organisation", "ASU", "--changes", "59", code=1)
    assert told(runner, "apply", "students", str(file), "--organisation", "ASU", "--changes", "60", code=0)["changed"] == 60


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
        ("interns", "good.xlsx", xlsx(lines()), "ALTVAGON", "Похоже, это список студентов"),
    ],
)
def test_wrong_usage_and_unreadable_files_end_with_two(
    runner: Runner, tmp_path: Path, kind: str, name: str, content: bytes | None, code: str, said: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    answer = told(runner, "check", kind, str(file), "--organisation", code, code=2)
    assert said in answer["error"]
    assert answer["file"] == name
    assert (answer["people_rows"], answer["problems"]) == (0, [])
    plain = runner.invoke(args=["import", "check", kind, str(file), "--organisation", code])
    assert (plain.exit_code, plain.stdout) == (2, "")
    assert said in plain.stderr


@pytest.mark.sqlite_only
def test_an_unknown_kind(runner: Runner) -> None:
    assert runner.invoke(args=["import", "check", "guests", "none.csv", "--organisation", "ASU"]).exit_code == 2


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("today")
def test_a_register_that_changed_meanwhile_is_said_in_the_object(
    runner: Runner, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stale(*_arguments: Any, **_more: Any) -> None:
        raise Stale(7)

    monkeypatch.setattr("exchange.imports.actions.apply_import", stale)
    file = tmp_path / "list.xlsx"
    file.write_bytes(xlsx(lines()))
    answer = told(runner, "apply", "students", str(file), "--organisation", "ASU", code=1)
    assert "строка 7" in answer["error"]
    assert counts(session)["student"] == 0
