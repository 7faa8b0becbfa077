"""Registering: one or many by the same action, numbers of files, orders that are joined, doubles here and elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.database import as_of
from exchange.errors import NotFound, RuleBroken
from exchange.people.models import IdentityDocument, Person, PersonFacts
from exchange.students.actions import Candidate, Stated, find_doubles, register_student, register_students
from exchange.students.models import Order, OrderLine, Student, StudyPeriod
from exchange.students.registration import prefix_of
from tests.students.conftest import STUDY, day, human, registration

pytestmark = pytest.mark.usefixtures("today")
As = Callable[[Any], AbstractContextManager[Session]]


class Statements:
    """Counts what a connection is asked."""

    def __init__(self, session: Session) -> None:
        self.session, self.count = session, 0

    def __enter__(self) -> Statements:
        sa.event.listen(self.session.get_bind(), "before_cursor_execute", self._one)
        return self

    def _one(self, *_: Any) -> None:
        self.count += 1

    def __exit__(self, *_: Any) -> None:
        sa.event.remove(self.session.get_bind(), "before_cursor_execute", self._one)


def test_one_student_is_a_person_with_facts_a_document_an_order_and_a_period(as_: As, world: Any) -> None:
    with as_(world.actors["astu"]) as session:
        student = register_student(session, registration(world.organisations["ASTU"]))
        assert student.record_book_no == "АЛТ-26-0001"
        facts = session.scalars(sa.select(PersonFacts).where(PersonFacts.person_id == student.person_id)).one()
        assert (facts.surname, facts.valid_from, facts.valid_to) == ("Қасымов", day("2007-09-08"), None)
        assert (facts.sort_key, facts.surname_key) == ("касымов дияр аскарулы", "kasimov")
        document = session.scalars(sa.select(IdentityDocument).where(IdentityDocument.person_id == student.person_id)).one()
        assert (document.type_code, document.number) == ("kz_passport", "N90000000")
        line, order = session.execute(sa.select(OrderLine, Order).join(Order).where(OrderLine.student_id == student.id)).one()
        assert (line.event, line.effective_on, order.type_code, order.number) == (
            "enrol",
            day("2026-09-01"),
            "enrolment",
            "Л-1187",
        )
        period = session.scalars(sa.select(StudyPeriod).where(StudyPeriod.student_id == student.id)).one()
        assert (period.valid_from, period.course, period.status_code, period.in_contingent) == (
            day("2026-09-01"),
            1,
            "studying",
            True,
        )
        assert (period.order_line_id, period.person_id) == (line.id, student.person_id)
        assert line.recorded_by_id == student.created_by_id == world.actors["astu"].user_id


def test_the_form_writes_one_entry_with_what_was_entered_and_a_batch_one_with_counts(
    as_: As, session: Session, world: Any
) -> None:
    office = world.organisations["ASTU"]
    with as_(world.actors["astu"]) as theirs:
        one = register_student(theirs, registration(office))
        many = register_students(theirs, [registration(office, n) for n in (1, 2, 3)], source="import")
        ids, one_id = [s.public_id for s in many], one.public_id
    entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(2)).all()
    assert [e.action for e in entries] == ["student:imported", "student:registered"]
    assert entries[0].details == {"students": 3, "public_ids": ids}
    assert entries[1].subject_id == one_id
    assert entries[1].details["order"] == "Л-1187"
    assert "Қасымов" not in str(entries[1].details)


def test_numbers_of_files_go_on_from_the_last_of_their_year(as_: As, world: Any) -> None:
    office = world.organisations["ASTU"]
    with as_(world.actors["astu"]) as session:
        register_student(session, registration(office, 1, record_book_no="АЛТ-26-0412"))
        register_student(session, registration(office, 2, record_book_no="АЛТ-26-черн"))
        found = register_students(
            session,
            [registration(office, 3), registration(office, 4, enrolled_on=day("2025-09-01")),
             registration(office, 5), registration(office, 6, record_book_no="АЛТ-26-0414")],
        )  # fmt: skip
        assert [s.record_book_no for s in found] == ["АЛТ-26-0413", "АЛТ-25-0001", "АЛТ-26-0415", "АЛТ-26-0414"]


@pytest.mark.parametrize(("name", "prefix"), [("АлтГТУ", "АЛТ"), ("АГМУ", "АГМ"), ("РИ (филиал) АлтГУ", "РИ"), ("", "X")])
def test_the_prefix_of_a_university(name: str, prefix: str) -> None:
    assert prefix_of(name) == prefix


def test_a_number_that_is_taken_is_refused(as_: As, world: Any) -> None:
    office = world.organisations["ASTU"]
    with as_(world.actors["astu"]) as session:
        register_student(session, registration(office, 1, record_book_no="1"))
        for batch in (
            [registration(office, 2, record_book_no="1")],
            [registration(office, n, record_book_no="2") for n in (3, 4)],
        ):
            with pytest.raises(RuleBroken) as refused:
                register_students(session, batch)
            assert refused.value.field == "record_book"


def test_the_same_paper_is_one_order(as_: As, world: Any) -> None:
    office = world.organisations["ASTU"]
    with as_(world.actors["astu"]) as session:
        register_students(session, [registration(office, n) for n in range(3)])
        register_student(session, registration(office, 3))
        other = registration(office, 4)
        register_student(session, replace(other, paper=replace(other.paper, signed_on=day("2026-08-27"))))  # type: ignore[type-var, arg-type]
        orders = session.execute(
            sa.select(Order.signed_on, sa.func.count(OrderLine.id)).join(OrderLine).where(Order.number == "Л-1187")
            .group_by(Order.id, Order.signed_on).order_by(Order.signed_on)
        ).all()  # fmt: skip
        assert [tuple(row) for row in orders] == [(day("2026-08-26"), 4), (day("2026-08-27"), 1)]


def test_what_a_roster_states_begins_a_second_period(as_: As, world: Any) -> None:
    """Enrolled in 2024 with a course unknown since, in the third year on 1 October 2026, on leave."""
    stated = Stated(day("2026-10-01"), {"course": 3, "group_name": "ПИ-41", "status_code": "academic_leave"}, "roster.xlsx")
    with as_(world.actors["astu"]) as session:
        student = register_student(
            session,
            registration(world.organisations["ASTU"], study={**STUDY, "course": None, "group_name": ""},
                         enrolled_on=day("2024-09-01"), stated=stated),
            source="import",
        )  # fmt: skip
        periods = session.scalars(
            sa.select(StudyPeriod).where(StudyPeriod.student_id == student.id).order_by(StudyPeriod.valid_from)
        ).all()
        assert [(p.valid_from, p.valid_to, p.course, p.group_name, p.status_code) for p in periods] == [
            (day("2024-09-01"), day("2026-10-01"), None, "", "studying"),
            (day("2026-10-01"), None, 3, "ПИ-41", "academic_leave"),
        ]
        orders = session.scalars(
            sa.select(Order.type_code).join(OrderLine).where(OrderLine.student_id == student.id).order_by(Order.id)
        )
        assert sorted(orders) == ["enrolment", "roster"]


def test_a_roster_alone_is_enough(as_: As, world: Any) -> None:
    with as_(world.actors["astu"]) as session:
        student = register_student(
            session,
            registration(
                world.organisations["ASTU"],
                paper=None,
                enrolled_on=None,
                stated=Stated(day("2026-10-01"), {"status_code": "studying"}),
            ),
            source="import",
        )
        period = session.scalars(sa.select(StudyPeriod).where(StudyPeriod.student_id == student.id)).one()
        assert (period.valid_from, period.course, period.status_code) == (day("2026-10-01"), 1, "studying")


def test_a_second_programme_of_a_known_person(as_: As, world: Any) -> None:
    with as_(world.actors["astu"]) as session:
        person = world.persons["kim"]
        student = register_student(session, registration(world.organisations["ASTU"], human=None, person_id=person))
        assert student.person_id == person
        assert (
            session.scalar(
                sa.select(sa.func.count()).where(PersonFacts.person_id == person, PersonFacts.superseded_at.is_(None))
            )
            == 1
        )
    with as_(world.actors["asu"]) as session, pytest.raises(NotFound):
        register_student(session, registration(world.organisations["ASU"], human=None, person_id=world.persons["kim"]))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"study": {**STUDY, "level_code": "master"}}, "level"),
        ({"study": {**STUDY, "course": 5}}, "course"),
        ({"study": {**STUDY, "programme_code": "99.99.99"}}, "programme"),
        ({"study": {**STUDY, "form_code": "nightly"}}, "form"),
        ({"study": {**STUDY, "funding_code": ""}}, "funding"),
        ({"paper": None, "enrolled_on": None}, "order_number"),
        ({"enrolled_on": day("2027-11-24")}, "enrolled_on"),
    ],
)
def test_rules_that_hold_whatever_the_door(as_: As, world: Any, changes: dict[str, Any], field: str) -> None:
    with as_(world.actors["astu"]) as session:
        with pytest.raises(RuleBroken) as refused:
            register_student(session, registration(world.organisations["ASTU"], **changes))
        assert refused.value.field == field
        assert (
            session.scalar(sa.select(sa.func.count()).select_from(Student).where(Student.record_book_no.like("АЛТ-26-%"))) == 0
        )


def test_an_order_of_tomorrow_is_refused(as_: As, world: Any) -> None:
    late = registration(world.organisations["ASTU"])
    late = replace(late, paper=replace(late.paper, signed_on=day("2026-11-24")))  # type: ignore[type-var, arg-type]
    with as_(world.actors["astu"]) as session, pytest.raises(RuleBroken) as refused:
        register_student(session, late)
    assert refused.value.field == "order_date"


def test_nobody_registers_for_another_university(as_: As, world: Any) -> None:
    with as_(world.actors["asu"]) as session, pytest.raises((NotFound, PermissionError)):
        register_student(session, registration(world.organisations["ASTU"]))


def test_the_number_of_questions_does_not_grow_with_the_rows(as_: As, world: Any) -> None:
    office = world.organisations["ASTU"]
    with as_(world.actors["astu"]) as session:
        counts = []
        for first, size in ((100, 10), (200, 200)):
            batch = [registration(office, first + n) for n in range(size)]
            with Statements(session) as asked:
                register_students(session, batch, source="import")
            counts.append(asked.count)
        # the first batch adds the order too, and on PostgreSQL looks for it once more after waiting for others
        assert counts[1] <= counts[0] <= 17, counts


# ----------------------------------------------------------------------------------------------------------- doubles
def candidate(world: Any, key: str, office: str, **changes: Any) -> Candidate:
    return Candidate(key, world.organisations[office], **changes)


def test_doubles_by_number_are_named_in_ones_own_university(as_: As, world: Any) -> None:
    with as_(world.actors["astu"]) as session:
        number = session.scalars(
            sa.select(IdentityDocument.number).where(IdentityDocument.person_id == world.persons["kim"])
        ).first()
        found = find_doubles(
            session,
            [candidate(world, "iin", "ASTU", iin=world.iins["kim"]),
             candidate(world, "document", "ASTU", documents=(("kz_passport", str(number)),)),
             candidate(world, "nobody", "ASTU", iin="000101599900")],
        )  # fmt: skip
        assert found.keys() == {"iin", "document"}
        for by in ("iin", "document"):
            (double,) = found[by]
            assert (double.by, double.is_own, double.refuses) == (by, True, True)
            assert double.public_id in (world.public_ids["kim"], world.public_ids["kim2"])
        assert "Студент с таким ИИН уже есть: Ким " in found["iin"][0].sentence


def test_of_another_university_only_the_office_is_told(as_: As, world: Any) -> None:
    with as_(world.actors["asu"]) as session:
        (double,) = find_doubles(session, [candidate(world, "x", "ASU", iin=world.iins["kim"])])["x"]
        assert (double.is_own, double.refuses, double.person_id, double.public_id, double.title) == (False, True, 0, "", "")
        assert double.office == "АлтГТУ"
        assert "числится в другом вузе: АлтГТУ" in double.sentence
        assert session.get(Person, world.persons["kim"]) is None, "the wall stands as before"


def test_the_same_names_and_birth_date_are_a_warning_in_any_script(as_: As, world: Any) -> None:
    with as_(world.actors["astu"]) as session:
        facts = session.scalars(sa.select(PersonFacts).where(PersonFacts.person_id == world.persons["kim"])).first()
        assert facts is not None
        told = {"surname": facts.surname_lat, "name": facts.name_lat, "birth_date": facts.birth_date}
        (double,) = find_doubles(session, [candidate(world, "x", "ASTU", **told)])["x"]
        assert (double.by, double.is_own, double.refuses) == ("names", True, False)
        other = {**told, "birth_date": facts.birth_date + dt.timedelta(days=1)}
        assert find_doubles(session, [candidate(world, "x", "ASTU", **other)]) == {}
        assert find_doubles(session, [candidate(world, "x", "ASTU", **told, person_id=world.persons["kim"])]) == {}
    with as_(world.actors["asu"]) as session:
        (double,) = find_doubles(session, [candidate(world, "x", "ASU", **told)])["x"]
        assert (double.is_own, double.refuses, double.title) == (False, False, "")


def test_the_search_for_doubles_asks_the_same_for_any_number(as_: As, world: Any) -> None:
    with as_(world.actors["astu"]) as session:
        counts = []
        for size in (5, 500):
            many = [
                Candidate(
                    n, world.organisations["ASTU"], "Ким", "Виктор", day("2005-01-19"), f"{n:012d}", (("kz_id", f"{n:09d}"),)
                )
                for n in range(size)
            ]
            with Statements(session) as asked:
                find_doubles(session, many)
            counts.append(asked.count)
        assert counts[1] <= counts[0] <= 12, counts  # the first look begins the transaction too


def test_a_correction_is_seen_on_both_axes_of_time(as_: As, world: Any, today: Any) -> None:
    """Registered at noon, the surname corrected an hour later: each moment keeps what it knew."""
    from exchange.students.actions import save_card

    with as_(world.actors["astu"]) as session:
        student = register_student(session, registration(world.organisations["ASTU"], human=human(7, surname="Касимов")))
        before = dt.datetime(2026, 11, 23, 5, 30, tzinfo=dt.UTC)
        today.shift(dt.timedelta(hours=1))
        save_card(session, student, card={}, person={"surname": "Қасымов"}, version=student.version)
        told = sa.select(PersonFacts.surname, PersonFacts.surname_key).where(PersonFacts.person_id == student.person_id)
        assert session.execute(told.where(as_of(PersonFacts, day("2026-10-01")))).all() == [("Қасымов", "kasimov")]
        assert session.execute(told.where(as_of(PersonFacts, day("2026-10-01"), before))).all() == [("Касимов", "kasimov")]
