"""What an import does to the register: all or nothing, never twice, nothing overwritten, nobody else's people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.database import as_of, now
from exchange.errors import NotFound, RuleBroken
from exchange.imports import actions, queries
from exchange.imports.models import ImportRow
from exchange.people.models import Person
from exchange.students.models import Order, OrderLine, StudyPeriod
from tests.imports.register import bring, counts, fingerprint, load
from tests.imports.rosters import CELLS, PEOPLE, TODAY, USUAL, Columns, Someone, book, errors, lines, many

pytestmark = pytest.mark.usefixtures("today")
PHONED: Columns = (*USUAL, ("Телефон", "phone"))
THEN, NEXT = "01.10.2026", dt.date(2027, 10, 1)


def roster(day: str = THEN, columns: Columns = USUAL, people: Any = PEOPLE, **cells: Any) -> Any:
    return book([[f"Список студентов на {day}"], *lines(columns, people, **cells)])


def period(session: Session, person: Someone, day: dt.date, known_at: dt.datetime | None = None) -> StudyPeriod | None:
    found = (
        sa.select(StudyPeriod)
        .join(Person, Person.id == StudyPeriod.person_id)
        .where(Person.iin == person.iin, as_of(StudyPeriod, day, known_at))
    )
    return session.scalars(found).one_or_none()


def test_a_roster_becomes_orders_statements_and_periods(session: Session) -> None:
    assert load(session, roster()) == {"new": 8, "changed": 0}
    # order 123/с enrolled three of them, 211-ст two, the rest have an order each; the roster itself is a paper as well
    papers = dict(session.execute(sa.select(Order.number, sa.func.count()).join(OrderLine).group_by(Order.number)).all())
    assert papers == {"123/с": 3, "211-ст": 2, "77": 1, "18/2": 1, "5": 1, "roster.xlsx": 6}
    timur = PEOPLE[6]  # enrolled in 2021, in the sixth year by the roster
    enrolled, stated = period(session, timur, dt.date(2022, 10, 1)), period(session, timur, dt.date(2026, 10, 1))
    assert enrolled is not None
    assert stated is not None
    assert (enrolled.course, enrolled.group_name, enrolled.status_code) == (None, "", "studying")
    assert (stated.course, stated.group_name, stated.funding_code) == (6, "421", "target")
    assert period(session, timur, dt.date(2021, 8, 24)) is None
    fresh = period(session, PEOPLE[2], dt.date(2026, 9, 1))  # enrolled this autumn: the roster proves the first course
    assert fresh is not None
    assert (fresh.course, fresh.group_name) == (1, "516-2")


def test_the_roster_of_the_next_year(session: Session, today: Any) -> None:
    """Course, group and phone go on from the day of the new roster; what held before, and what was known before, stays."""
    load(session, roster(columns=PHONED, phone=lambda p: "+77010000001"))
    before = now()
    today.move_to(dt.datetime(2027, 10, 5, 5, 0, tzinfo=dt.UTC))
    later = dt.date(2027, 10, 5)
    grown = [replace(p, course=p.course + 1, group=f"{p.group}-н") for p in PEOPLE if p.course < 4]
    book_of_2027 = roster("01.10.2027", PHONED, grown, phone=lambda p: "+77010000002")
    brought, checked = bring(session, book_of_2027, today=later)
    assert brought.as_of_on == NEXT
    assert (checked.counts["changed"], checked.counts["new"], checked.counts["rejected"]) == (len(grown), 0, 0)
    assert checked.rows[0].changes == {
        "course": [2, "3"], "group": ["415-1", "415-1-н"], "phone": ["+77010000001", "+77010000002"],
    }  # fmt: skip
    assert actions.apply_import(session, brought, good_rows_only=False, today=later) == {"new": 0, "changed": len(grown)}
    for person in grown:
        old, new = period(session, person, dt.date(2027, 9, 30)), period(session, person, NEXT)
        assert old is not None
        assert new is not None
        assert (old.course, old.group_name) == (person.course - 1, person.group.removesuffix("-н"))
        assert (new.course, new.group_name, new.programme_code) == (person.course, person.group, person.code)
        known_then = period(session, person, NEXT, before)
        assert known_then is not None
        assert known_then.course == person.course - 1, "as it was known then"
        assert session.scalars(sa.select(Person.phone).where(Person.iin == person.iin)).one() == "+77010000002"
    after = fingerprint(session)
    again, checked = bring(session, book_of_2027, today=later)
    assert checked.counts["unchanged"] == len(grown)
    assert actions.apply_import(session, again, good_rows_only=False, today=later) == {"new": 0, "changed": 0}
    assert fingerprint(session) == after


def test_an_empty_cell_changes_nothing(session: Session) -> None:
    load(session, roster(columns=PHONED, phone=lambda p: "+77010000001"))
    columns = [column for column in PHONED if column[1] not in ("course", "phone", "passport")]
    _, checked = bring(session, roster(columns=columns, group=lambda p: "", region=lambda p: ""))
    assert checked.counts["unchanged"] == len(PEOPLE)


def test_somebody_who_left_is_not_brought_back_by_a_list(session: Session, world: Any) -> None:
    """Zhumabayev was expelled on 25 September 2025: his row is refused and says since when it is so."""
    iin, expelled = world.iins["zhumabayev"], replace(PEOPLE[0], last="Жумабаев")
    _, checked = bring(session, roster(people=[expelled, PEOPLE[1]], iin=lambda p: iin if p is expelled else p.iin), "ASU-RUB")
    said = errors(checked.rows)[3]
    assert said == {"status": "В реестре на 01.10.2026: отчислен. Внесите приказ о восстановлении или уберите строку"}


def test_a_graduate_who_begins_anew_is_the_same_person(session: Session, world: Any) -> None:
    """Akhmetov graduated from ASU in June 2026; an order enrols him to a master's programme: one person, two enrolments."""
    iin, before = world.iins["akhmetov"], counts(session)
    master = replace(PEOPLE[4], last="Ахметов")
    assert load(session, roster(people=[master], iin=lambda p: iin)) == {"new": 1, "changed": 0}
    after = counts(session)
    assert (after["student"] - before["student"], after["person"] - before["person"]) == (1, 0)
    _, checked = bring(session, roster(people=[master], iin=lambda p: iin))
    assert checked.counts["unchanged"] == 1


def test_a_person_of_another_university_is_only_an_office_to_ask(session: Session, world: Any, as_: Any) -> None:
    iin = world.iins["kim"]
    with as_(world.actors["asu"]) as asu:
        _, checked = bring(asu, roster(people=[PEOPLE[0]], iin=lambda p: iin))
        (row,) = checked.rows
        said = errors(checked.rows)[3]["iin"]
    assert said.startswith("Студент с таким ИИН числится в другом вузе: АлтГТУ")
    assert said.endswith("Запросите перевод в разделе «Переводы»")
    assert (row.subject_id, row.changes) == ("", {})
    for secret in (world.public_ids["kim"], "Ким", "Pavlodar"):
        assert secret not in repr([problem.as_dict() for problem in row.reading.problems])


def test_all_or_nothing(session: Session) -> None:
    faulty = roster(born=lambda p: "вчера" if p is PEOPLE[3] else p.born)
    before = fingerprint(session)
    brought, _ = bring(session, faulty)
    with pytest.raises(RuleBroken, match="есть строки с ошибками"):
        actions.apply_import(session, brought, good_rows_only=False, today=TODAY)
    assert fingerprint(session) == before
    assert actions.apply_import(session, brought, good_rows_only=True, today=TODAY) == {"new": 7, "changed": 0}


def test_two_uploads_of_one_file(session: Session) -> None:
    """Both were checked before either was applied: the second says that it was already loaded, and by whom."""
    first, _ = bring(session, roster())
    second, _ = bring(session, roster())
    actions.apply_import(session, first, good_rows_only=False, today=TODAY)
    after = fingerprint(session)
    with pytest.raises(RuleBroken, match=r"Этот файл уже загружен 23\.11\.2026"):
        actions.apply_import(session, second, good_rows_only=False, today=TODAY)
    assert fingerprint(session) == after


def test_the_register_changed_after_the_check(session: Session) -> None:
    """Another list with one of the same people was applied in between: nothing of the first is recorded."""
    first, _ = bring(session, roster())
    other = book(lines(people=PEOPLE[2:3]))
    other.sha256 = "1" * 64
    load(session, other)
    after = fingerprint(session)
    with pytest.raises(RuleBroken, match="После проверки реестр изменился: строка 5"):
        actions.apply_import(session, first, good_rows_only=False, today=TODAY)
    assert fingerprint(session) == after


def test_a_cancelled_import_stays_cancelled(session: Session) -> None:
    brought, _ = bring(session, roster())
    actions.cancel_import(session, brought)
    with pytest.raises(RuleBroken, match="отменена"):
        actions.apply_import(session, brought, good_rows_only=False, today=TODAY)


def test_an_upload_is_seen_by_its_own_office_alone(session: Session, world: Any, as_: Any) -> None:
    brought, _ = bring(session, roster())
    public_id = brought.public_id
    session.commit()
    with as_(world.actors["asu"]) as asu:
        assert queries.by_public_id(asu, public_id).public_id == public_id
    for stranger in ("astu", "altvagon"):
        with as_(world.actors[stranger]) as other:
            with pytest.raises(NotFound):
                queries.by_public_id(other, public_id)
            assert other.scalar(sa.select(sa.func.count()).select_from(ImportRow)) == 0


def test_an_office_can_not_bring_a_list_for_another(session: Session, world: Any, as_: Any) -> None:
    from exchange.access.rows import NotYours

    with as_(world.actors["asu"]) as asu:
        with pytest.raises((NotYours, sa.exc.ProgrammingError)):
            bring(asu, roster(), "ASTU")
        asu.rollback()


def test_who_brought_and_applied_what_is_in_the_log(session: Session) -> None:
    load(session, roster())
    told = session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action.like("import:%")).order_by(AuditEntry.id))
    assert list(told) == ["import:checked", "import:applied"]


@pytest.mark.parametrize("kind", ["new", "changed"])
def test_the_number_of_queries_does_not_grow_with_the_rows(session: Session, kind: str) -> None:
    """Statements that are sent for 60 and for 240 rows (each may be for many rows at once)."""

    def sent(people: list[Someone], act: Callable[[], Any]) -> int:
        told: list[str] = []

        def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            told.append(statement)

        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)
        return len(told)

    everybody = many(300)
    few, more = everybody[:60], everybody[60:]
    if kind == "changed":
        load(session, roster(people=everybody))
        few, more = ([replace(p, group="Z") for p in part] for part in (few, more))
    figures = []
    for people in (few, more):
        content = roster(people=people)
        content.sha256 = f"{len(people):064d}"
        done: list[dict[str, int]] = []
        figures.append(sent(people, lambda content=content, done=done: done.append(load(session, content))))
        assert done[0][kind] == len(people)
    assert figures[1] <= figures[0] + 12, figures
    assert figures[1] < 120


def test_other_ways_to_say_the_same_are_no_changes(session: Session) -> None:
    load(session, roster())
    _, checked = bring(
        session,
        roster(
            columns=USUAL[::-1], form=lambda p: str(CELLS["form"](p)).upper(), full_name=lambda p: p.full_name.upper(),
            course=lambda p: f"{p.course} курс", iin=lambda p: int(p.iin), programme=lambda p: p.code,
        ),
    )  # fmt: skip
    assert checked.counts["unchanged"] == len(PEOPLE)
