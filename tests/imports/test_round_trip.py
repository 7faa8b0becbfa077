"""Export, edit, import, export: what was not touched stays, what was edited comes back, and nothing else does."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from exchange.imports import actions
from exchange.imports.checking import Checked
from exchange.imports.kit import records
from exchange.imports.kit.records import Row
from exchange.imports.kit.workbook import template
from exchange.internships.universities import universities
from exchange.reference import classifiers
from exchange.spreadsheets.book import Book
from exchange.spreadsheets.entry import write_entry
from exchange.students.rules import courses
from tests.house.test_queries import count_queries
from tests.imports.generated import EMAILS, PHONES, PLACES, TEXTS, Roll, as_row, in_memory, is_said, register, someone
from tests.imports.register import apply, bring, fingerprint, office
from tests.imports.rosters import TODAY

pytestmark = pytest.mark.usefixtures("today")
ASU = ("ASU", "АлтГУ")
NEXT = TODAY + dt.timedelta(days=1)
# What a list may change of somebody who is in the register.
MOVED = ("course", "group", "funding", "form", "status", "phone", "email", "address", "faculty")


def workbook(rows: list[Row], day: dt.date = TODAY, organisation: tuple[str, str] = ASU) -> bytes:
    stream = io.BytesIO()
    write_entry(template("students", organisation, day, rows), stream)
    return stream.getvalue()


def exported(session: Session, day: dt.date = TODAY) -> list[Row]:
    session.expire_all()
    return records.students(session, office(session, "ASU").id, day)


def some(chance: random.Random, row: Row, name: str) -> Any:
    """Another value of a field, as a list may say it."""
    pools: dict[str, Any] = {
        "course": [str(number) for number in range(1, 3)], "group": TEXTS, "faculty": TEXTS,
        "funding": [one.name_ru for one in classifiers.fundings().values()], "form": ["Очная", "Заочная", "Очно-заочная"],
        "status": [one.name_ru for one in classifiers.statuses().values() if one.in_contingent],
        "phone": [one for one in PHONES if one], "email": [one for one in EMAILS if one], "address": PLACES,
    }  # fmt: skip
    return chance.choice([one for one in pools[name] if one != row[name]])


def has_two_years(row: Row) -> bool:
    """Whether the first two courses are of the programme in every form, and the row is in one of them."""
    code, level = row["programme"].split()[0], next(k for k, v in classifiers.levels().items() if v.name_ru == row["level"])
    return courses(code, level, "full") >= 2 and row["course"] in (None, "1", "2")


def edit(chance: random.Random, rows: list[Row]) -> dict[int, dict[str, Any]]:
    """Edits some cells of some rows; row -> field -> new value."""
    made: dict[int, dict[str, Any]] = {}
    for number, row in enumerate(rows):
        if chance.random() < 0.4:
            for name in chance.sample(MOVED, chance.randrange(1, 4)):
                if name in ("course", "form") and not has_two_years(row):
                    continue  # in a shorter programme another course or form would be refused, and rightly
                made.setdefault(number, {})[name] = some(chance, row, name)
    return made


def verdicts(checked: Checked) -> dict[str, int]:
    return {name: count for name, count in checked.counts.items() if name in ("new", "changed", "unchanged", "rejected")}


def round_trip(session: Session, seed: int, size: int, made: Callable[[list[Row]], bytes | Book]) -> None:
    roll = Roll(random.Random(seed))
    asu = office(session, "ASU")
    register(session, asu.id, [someone(roll, TODAY) for _ in range(size)])
    rows = exported(session)
    assert len(rows) >= size
    before = fingerprint(session)
    # what was not touched says nothing
    brought, checked = bring(session, made(rows))
    refused = [(p["row"], p["field"], p["message"]) for p in checked.problems() if p["severity"] == "error"]
    assert not refused, (seed, refused[:5])
    assert verdicts(checked) == {"new": 0, "changed": 0, "unchanged": len(rows), "rejected": 0}, seed
    assert apply(session, brought) == {"new": 0, "changed": 0}
    assert fingerprint(session) == before
    # what was edited comes as exactly that change
    edits = edit(roll.chance, rows)
    meant = [row | edits.get(number, {}) for number, row in enumerate(rows)]
    brought, checked = bring(session, made(meant))
    for number, row in enumerate(checked.rows):
        assert set(row.changes) == set(edits.get(number, {})), (seed, number, row.changes, edits.get(number))
    apply(session, brought)
    # and stands in the next export, letter for letter
    again = exported(session)
    assert again == meant, seed
    # which says nothing new in its turn
    _, checked = bring(session, made(again))
    assert verdicts(checked) == {"new": 0, "changed": 0, "unchanged": len(rows), "rejected": 0}


@pytest.mark.sqlite_only
@pytest.mark.parametrize("seed", range(40))
def test_registers_survive_the_round_trip(session: Session, seed: int) -> None:
    """Every fourth through a file, the others as the reader gives it."""
    round_trip(session, seed, 50, in_memory if seed % 4 else workbook)


@pytest.mark.postgres_only
@pytest.mark.parametrize("seed", [101, 102])
def test_registers_survive_the_round_trip_on_the_other_database(session: Session, seed: int) -> None:
    round_trip(session, seed, 80, workbook)


@pytest.mark.sqlite_only
def test_emptied_cells_and_removed_rows_change_nothing(session: Session) -> None:
    roll = Roll(random.Random(7))
    register(session, office(session, "ASU").id, [someone(roll, TODAY) for _ in range(10)])
    rows = exported(session)
    emptied = [row | dict.fromkeys((*MOVED, "patronymic", "region", "settlement"), None) for row in rows[:5]]
    for row, full in zip(emptied, rows, strict=False):
        row |= {name: full[name] for name in ("form", "funding")}  # a row must have these
    before = fingerprint(session)
    brought, checked = bring(session, workbook(emptied))
    assert verdicts(checked) == {"new": 0, "changed": 0, "unchanged": 5, "rejected": 0}
    apply(session, brought)
    assert fingerprint(session) == before


@pytest.mark.sqlite_only
def test_a_row_below_the_filled_ones_is_somebody_new(session: Session) -> None:
    """Entered by a list, and the same in the export but for what the register gives itself."""
    roll = Roll(random.Random(8))
    people = [someone(roll, TODAY) | {"status": "studying", "course": "1"} for _ in range(20)]
    brought, checked = bring(session, workbook([as_row(one) for one in people]))
    assert verdicts(checked) == {"new": 20, "changed": 0, "unchanged": 0, "rejected": 0}
    apply(session, brought)
    back = {row["passport"]: row for row in exported(session)}
    given = {"key", "record_book"}
    for one in people:
        wrote, read = as_row(one), back[one["passport"]]
        different = {
            name: (wrote[name], read[name])
            for name in wrote
            if name not in given and (wrote[name] or "") != (read[name] or "") and is_said(wrote[name] or "")
        }
        assert different == {}


@pytest.mark.sqlite_only
def test_a_template_filled_for_somebody_else_is_refused(session: Session) -> None:
    roll = Roll(random.Random(9))
    register(session, office(session, "ASU").id, [someone(roll, TODAY) for _ in range(3)])
    brought, checked = bring(session, workbook(exported(session)), code="ASTU")
    assert checked.counts["rejected"] == 3
    assert "Шаблон скачан для АлтГУ" in checked.notes[0]
    assert brought.counts["accepted"] == 0


@pytest.mark.sqlite_only
def test_a_few_questions_for_any_number_of_students(session: Session) -> None:
    roll = Roll(random.Random(10))
    asu = office(session, "ASU").id
    asked = []
    for size in (10, 500):
        register(session, asu, [someone(roll, TODAY) for _ in range(size)])
        session.expire_all()
        with count_queries(session.connection()) as questions:
            assert len(records.students(session, asu, TODAY)) >= size
        asked.append(len(questions))
    assert asked == [3, 3]


@pytest.mark.sqlite_only
def test_what_a_list_does_not_change_is_said(session: Session) -> None:
    """A name, a birth date, a region, a number of the file: edited in the template they stay, and the check says so."""
    roll = Roll(random.Random(11))
    register(session, office(session, "ASU").id, [someone(roll, TODAY) for _ in range(6)])
    rows = exported(session)
    edits: list[dict[str, Any]] = [
        {"last_name": "Другая"}, {"born": dt.date(1990, 5, 5)}, {"region": "г. Астана", "district": None},
        {"record_book": "X-1"}, {"planned_end": dt.date(2031, 6, 30)}, {},
    ]  # fmt: skip
    before = fingerprint(session)
    brought, checked = bring(session, workbook([row | edit for row, edit in zip(rows, edits, strict=True)]))
    said = [[p.field for p in row.reading.problems if "не меняет" in p.message] for row in checked.rows]
    assert said == [["last_name"], ["born"], ["region"], ["record_book"], ["planned_end"], []]
    assert verdicts(checked)["changed"] == 0
    apply(session, brought)
    assert fingerprint(session) == before


@pytest.mark.sqlite_only
def test_interns_survive_the_round_trip(session: Session) -> None:
    """What is here stays, what was empty is filled in, another first day makes no second record."""
    host = office(session, "ALTVAGON")
    known = universities(session)
    written = [
        {
            "last_name": f"Ахметов{letter}", "first_name": "Тимур", "patronymic": "", "kind": "практика", "sender": "АлтГТУ",
            "starts_on": dt.date(2026, 11, 2), "ends_on": dt.date(2026, 11, 20), "department": "=1+1", "mentor": "",
            "born": dt.date(2005, 3, number + 1), "iin": None, "sex": "мужской", "position": "", "programme": "007",
            "hours_planned": 40, "hours": None, "briefing_on": dt.date(2026, 11, 2), "grade": None, "hired": outcome,
            "phone": "", "email": "", "key": None,
        }
        for number, (letter, outcome) in enumerate(zip("абвг", ("принят", "приглашён", "резерв", "не принят"), strict=True))
    ]  # fmt: skip

    def kit(rows: list[Row]) -> bytes:
        stream = io.BytesIO()
        write_entry(template("interns", ("ALTVAGON", "Алтайвагон"), TODAY, rows, known), stream)
        return stream.getvalue()

    def mine() -> list[Row]:
        session.expire_all()
        return [row for row in records.interns(session, host.id, TODAY) if str(row["last_name"]).startswith("Ахметов")]

    brought, checked = bring(session, kit(written), "ALTVAGON", "interns")
    assert verdicts(checked) == {"new": 4, "changed": 0, "unchanged": 0, "rejected": 0}, checked.problems()
    apply(session, brought)
    rows = mine()
    assert [{**row, "key": None} for row in rows] == [{**row} for row in written]
    _, checked = bring(session, kit(rows), "ALTVAGON", "interns")
    assert verdicts(checked) == {"new": 0, "changed": 0, "unchanged": 4, "rejected": 0}
    edits: list[dict[str, Any]] = [
        {"grade": "5", "hours": 38}, {"starts_on": dt.date(2026, 11, 3)}, {"department": "Цех 2"}, {"mentor": "Лапина О. В."},
    ]  # fmt: skip
    brought, checked = bring(session, kit([row | edit for row, edit in zip(rows, edits, strict=True)]), "ALTVAGON", "interns")
    assert [row.verdict for row in checked.rows] == ["changed", "error", "unchanged", "changed"]
    assert set(checked.rows[0].changes) == {"grade", "hours_done"}
    assert "первый день не тот" in checked.problems()[[p["severity"] for p in checked.problems()].index("error")]["message"]
    assert [p.field for p in checked.rows[2].reading.problems if "не меняет" in p.message] == ["department"]
    actions.apply_import(session, brought, good_rows_only=True, today=TODAY)
    again = mine()
    assert again == [rows[0] | edits[0], rows[1], rows[2], rows[3] | edits[3]]
