"""Taking an upload back: the register says what it said before, in both times; what somebody changed since stays."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.database import now
from exchange.errors import RuleBroken
from exchange.imports import actions, undoing
from exchange.imports.models import Import
from exchange.internships import queries as internships
from exchange.internships.models import Internship
from exchange.people.models import IdentityDocument, Person
from exchange.students.actions import save_card
from exchange.students.contingent import contingent_on
from exchange.students.models import OrderLine, Student, StudyPeriod
from tests.house.ledgers import assert_ledgers_agree
from tests.imports.register import bring, counts, load
from tests.imports.rosters import PEOPLE, TODAY, USUAL, Columns, book, lines, many
from tests.imports.test_intern_lists import SPECIALIST, STUDENT, listed
from tests.imports.test_intern_lists import USUAL as INTERNS

pytestmark = pytest.mark.usefixtures("today")
PHONED: Columns = (*USUAL, ("Телефон", "phone"))
DAYS = tuple(dt.date(year, month, 1) for year in range(2021, 2028) for month in (1, 9, 10, 12))


def roster(columns: Columns = USUAL, people: Any = PEOPLE, day: str = "01.10.2026", **cells: Any) -> Any:
    return book([[f"Список студентов на {day}"], *lines(columns, people, **cells)])


def figures(session: Session, known_at: dt.datetime | None = None) -> dict[dt.date, Counter[Any]]:
    """The contingent of many days by everything that reports count by."""
    found: dict[dt.date, Counter[Any]] = {}
    for day in DAYS:
        asked = contingent_on(day, known_at)
        found[day] = Counter(
            (
                p.organisation_id, p.programme_code, p.level_code, p.form_code, p.funding_code, p.course, p.group_name,
                p.status_code, f.sex, f.region_code, f.citizenship, f.surname,
            )
            for p, f in session.execute(asked)
        )  # fmt: skip
    return found


def apply(session: Session, content: Any, **more: Any) -> Import:
    brought, checked = bring(session, content, **more)
    assert checked.counts["rejected"] == 0, checked.problems()
    actions.apply_import(session, brought, good_rows_only=False, today=more.get("today", TODAY))
    return brought


def check_ledgers(session: Session) -> None:
    """Of everybody whose enrolment stands: a void record has a period that no line in force begins."""
    by_student: dict[int, list[OrderLine]] = {}
    void = sa.select(StudyPeriod.student_id).where(StudyPeriod.status_code == "void", StudyPeriod.superseded_at.is_(None))
    for line in session.scalars(sa.select(OrderLine).where(OrderLine.student_id.not_in(void)).order_by(OrderLine.id)):
        by_student.setdefault(line.student_id, []).append(line)
    assert by_student or not session.scalar(sa.select(sa.func.count()).select_from(Student).where(Student.id.not_in(void)))
    assert_ledgers_agree(session, by_student)


def test_new_students_are_taken_back_in_both_times(session: Session, today: Any) -> None:
    before, people = figures(session), counts(session)
    brought = apply(session, roster(PHONED, phone=lambda p: "+77010000001"))
    between, known = now(), figures(session)
    assert known != before
    today.shift(dt.timedelta(hours=5))
    done = undoing.undo_import(session, brought)
    assert (len(done.goes), done.stays, brought.state) == (len(PEOPLE), [], "undone")
    session.expire_all()
    assert figures(session) == before
    assert figures(session, between) == known, "what was reported in between can be made again"
    after = counts(session)
    assert after["order_line"] > people["order_line"], "facts are answered by entries, not deleted"
    assert session.scalar(sa.select(sa.func.count()).where(Person.iin.in_([p.iin for p in PEOPLE]))) == 0
    assert session.scalar(sa.select(sa.func.count()).where(IdentityDocument.number == PEOPLE[0].passport)) == 0
    assert session.scalar(sa.select(sa.func.count()).where(Person.phone == "+77010000001")) == 0
    check_ledgers(session)


def test_the_same_file_can_be_applied_again(session: Session, today: Any) -> None:
    """The people are taken up again, not entered a second time; what the first file said wrongly is said anew."""
    columns = (*PHONED, ("Номер дела", "record"))
    cells = {"phone": lambda p: "+77010000001", "record": lambda p: f"Д-{p.serial}"}
    known = {}
    for number in range(3):
        people = counts(session)["person"]
        wrong = "Ахметов-Опечатка" if number == 0 else "Ахметов"
        brought = apply(session, roster(columns, [replace(PEOPLE[0], last=wrong), *PEOPLE[1:]], **cells))
        assert brought.counts["new"] == len(PEOPLE)
        assert brought.counts["warnings"] == 0 or number == 1, "who was taken back is no double of himself"
        if number:
            assert counts(session)["person"] <= people + 1
        known[number] = figures(session)
        today.shift(dt.timedelta(minutes=5))
        assert not undoing.undo_import(session, brought).stays
        today.shift(dt.timedelta(minutes=5))
    assert known[1] == known[2]
    assert known[0] != known[1]
    assert any(key[-1] == "Ахметов" for day in known[2].values() for key in day)


def test_changes_are_taken_back(session: Session, today: Any) -> None:
    load(session, roster(PHONED, phone=lambda p: "+77010000001"))
    before = figures(session)
    today.shift(dt.timedelta(days=1))
    grown = [replace(p, course=min(p.course + 1, 2), group=f"{p.group}-н", serial=p.serial) for p in PEOPLE[:3]]
    new_paper = roster(
        PHONED, grown, day="20.11.2026", phone=lambda p: "+77010000002", passport=lambda p: f"N{p.serial:08d}",
    )  # fmt: skip
    brought = apply(session, new_paper)
    assert brought.counts["changed"] == 3
    between, known = now(), figures(session)
    assert known != before
    assert undoing.plan(session, brought).stays == []
    today.shift(dt.timedelta(hours=1))
    undoing.undo_import(session, brought)
    session.expire_all()
    assert figures(session) == before
    assert figures(session, between) == known
    assert set(session.scalars(sa.select(Person.phone).where(Person.iin == PEOPLE[0].iin))) == {"+77010000001"}
    numbers = session.scalars(sa.select(IdentityDocument.number).join(Person).where(Person.iin == PEOPLE[0].iin))
    assert set(numbers) == {PEOPLE[0].passport}
    check_ledgers(session)


def test_what_somebody_changed_since_stays_and_is_named(session: Session, today: Any) -> None:
    brought = apply(session, roster(PHONED, phone=lambda p: "+77010000001"))
    student = session.scalars(sa.select(Student).join(Person).where(Person.iin == PEOPLE[2].iin)).one()
    save_card(session, student, card={"phone": "+77019999999"}, person={}, version=student.version)
    today.shift(dt.timedelta(hours=2))
    told = undoing.plan(session, brought)
    assert (len(told.goes), [row.title for row, _why in told.stays]) == (7, [PEOPLE[2].full_name])
    assert "изменена 23.11.2026" in told.stays[0][1]
    assert brought.state == "applied", "looking changes nothing"
    undoing.undo_import(session, brought)
    assert brought.counts["undone"] == 7
    assert brought.counts["stays"] == 1
    assert [row.title for row, _why in undoing.left_over(session, brought)] == [PEOPLE[2].full_name]
    held = sa.select(StudyPeriod.in_contingent).where(StudyPeriod.student_id == student.id, StudyPeriod.superseded_at.is_(None))
    assert set(session.scalars(held)) == {True}
    assert session.get_one(Person, student.person_id).phone == "+77019999999"


def test_the_term_and_the_second_press(session: Session, today: Any) -> None:
    brought = apply(session, roster())
    other = apply(session, roster(people=[replace(PEOPLE[0], last="Иной", born=dt.date(2004, 4, 4), serial=9950)]))
    undoing.undo_import(session, other)
    with pytest.raises(RuleBroken, match="уже отменена"):
        undoing.undo_import(session, other)
    with pytest.raises(RuleBroken, match="была загружена и отменена"):
        actions.apply_import(session, other, good_rows_only=False, today=TODAY)
    today.shift(dt.timedelta(hours=72, minutes=1))
    with pytest.raises(RuleBroken, match="в течение 72 часов"):
        undoing.undo_import(session, brought)
    checked, _ = bring(session, roster(people=PEOPLE[:1]))
    with pytest.raises(RuleBroken, match="не загружен"):
        undoing.undo_import(session, checked)


def test_an_upload_under_a_later_one_stays(session: Session, today: Any) -> None:
    """The later upload said something of the same people: taken back first, it leaves the earlier one to stay."""
    first = apply(session, roster())
    today.shift(dt.timedelta(hours=1))
    apply(session, roster(people=[replace(PEOPLE[0], group="Z")], day="20.11.2026"))
    told = undoing.plan(session, first)
    assert [row.title for row, _why in told.stays] == [PEOPLE[0].full_name]


def test_interns(session: Session, today: Any, world: Any) -> None:
    content = book(listed(INTERNS, STUDENT, SPECIALIST))
    first = apply(session, content, code="ALTVAGON", kind="interns")
    assert first.counts["new"] == 2
    for one in session.scalars(sa.select(Internship).where(Internship.iin == SPECIALIST["iin"])):
        one.mentor = "Другой"
    session.flush()
    today.shift(dt.timedelta(hours=1))
    done = undoing.undo_import(session, first)
    assert (len(done.goes), len(done.stays)) == (1, 1)
    day = dt.date(2026, 6, 10)
    left = {one.iin for one, _enterprise in session.execute(internships.internships_in(day, day))}
    assert SPECIALIST["iin"] in left
    assert STUDENT["iin"] not in left
    again, checked = bring(session, content, code="ALTVAGON", kind="interns")
    assert (checked.counts["new"], checked.counts["rejected"]) == (1, 0), "the same list brings the one who went"
    assert again.state == "checked"


@pytest.mark.parametrize("seed", range(4))
def test_random_rosters_applied_and_undone_leave_every_count_as_before(session: Session, today: Any, seed: int) -> None:
    """Over a register that has half of the people, with orders among them: undone, every count of every day is as it was."""
    chance = random.Random(20261123 + seed)
    everybody = many(30)
    load(session, roster(PHONED, everybody[:15], phone=lambda p: "+77010000001"))
    before = figures(session)
    columns = (*PHONED, ("Движение", "event"), ("№ приказа о движении", "paper"), ("Дата приказа о движении", "signed"),
               ("С какого числа", "since"), ("Основание", "why"))  # fmt: skip
    for _round in range(3):
        today.shift(dt.timedelta(minutes=chance.randint(1, 60)))
        people = chance.sample(everybody, chance.randint(2, 14))
        happened = {p.iin: chance.choice(["", "", "отчислен", "переведён в группу"]) for p in people if p in everybody[:15]}
        content = roster(
            columns, [replace(p, group=chance.choice([p.group, "Z-1", "Z-2"])) for p in people], day="20.11.2026",
            phone=lambda p: chance.choice(["", "+77010000003"]),
            event=lambda p, happened=happened: happened.get(p.iin, ""), paper=lambda p: "15-к",
            signed=lambda p: dt.date(2026, 11, 16), since=lambda p: dt.date(2026, 11, 18), why=lambda p: "собственное желание",
        )  # fmt: skip
        content.sha256 = f"{chance.random()}"
        brought, _checked = bring(session, content)
        actions.apply_import(session, brought, good_rows_only=True, today=TODAY)
        between, known = now(), figures(session)
        today.shift(dt.timedelta(minutes=1))
        assert undoing.undo_import(session, brought).stays == []
        session.expire_all()
        assert figures(session) == before
        assert figures(session, between) == known
        check_ledgers(session)
