"""A register of a million: the people of the demonstration again and again under other surnames, five orders each.

Rows are made inside the database, so it takes minutes instead of hours. They are what the site would have written, with the
rows that each order superseded: an enrolment, a move to the next course, a leave and its end, another move or an expulsion.
"""

from __future__ import annotations

import datetime as dt
from itertools import islice, product
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from exchange.people.models import IdentityDocument, Person, PersonFacts
from exchange.people.names import fold, kazakh_order, skeleton
from exchange.students.models import Order, OrderLine, Student, StudyPeriod

YEARS = range(2018, 2023)  # of enrolment; the fifth order is of four years later
# event, kind of order, status that follows, counts as student body, course
STEPS = (
    ("enrol", "enrolment", "studying", True, 1),
    ("next_course", "course_transfer", "studying", True, 2),
    ("leave_academic", "academic_leave", "academic_leave", True, 2),
    ("return", "leave_return", "studying", True, 2),
)
LAST = (("next_course", "course_transfer", "studying", True, 3), ("expel", "expulsion", "expelled", False, 2))
SYLLABLES = [consonant + vowel for consonant, vowel in product("бвгдзклмнпрст", "аоуыэ")]

_names = sa.table(
    "variant",
    sa.column("number", sa.Integer),
    *(sa.column(name, sa.String) for name in ("written", "folded", "ordered", "bone")),
)
_STEP = (
    "fate", "place", "organisation_id", "order_id", "event", "status", "counts", "course", "day", "next_day",
    "moment", "next_moment",
)  # fmt: skip
_steps = sa.table("step", *map(sa.column, _STEP))


def multiply(engine: Engine, enrolments: int) -> None:
    """Adds people until there are `enrolments`. The engine asks for no foreign keys; nobody else is in the database."""
    with engine.begin() as connection:
        there = connection.scalar(sa.select(sa.func.count()).select_from(Student)) or 0
        stride = 1 + max(connection.scalar(sa.select(sa.func.max(model.id))) or 0 for model in (Person, Student, PersonFacts))
        each = connection.scalar(sa.select(sa.func.count(sa.distinct(Student.person_id)))) or 1
        _fill_names(connection, -(-(enrolments - there) // each))
        _fill_steps(connection)
        _add_people(connection, stride)
        _add_enrolments(connection, stride)


def _fill_names(connection: Connection, variants: int) -> None:
    connection.execute(
        sa.text("create temporary table variant (number integer, written text, folded text, ordered text, bone text)")
    )
    beginnings = ("".join(parts) for parts in product(SYLLABLES, SYLLABLES))
    rows = [
        {"number": n, "written": b.title(), "folded": fold(b), "ordered": kazakh_order(b), "bone": skeleton(b)}
        for n, b in enumerate(islice(beginnings, variants), start=1)
    ]
    connection.execute(sa.insert(_names), rows)


def _fill_steps(connection: Connection) -> None:
    """For each university, year of enrolment and fate: five orders, and what each says from its day to the day of the next."""
    connection.execute(
        sa.text(
            "create temporary table step (fate integer, place integer, organisation_id integer, order_id integer, event text, "
            "status text, counts boolean, course integer, day date, next_day date, moment timestamp, next_moment timestamp)"
        )
    )
    universities = connection.scalars(sa.select(Student.organisation_id).distinct()).all()
    order_id = connection.scalar(sa.select(sa.func.max(Order.id))) or 0
    orders: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    fates = [(year, last) for year in YEARS for last in LAST]
    for university, (fate, (year, last)) in product(universities, enumerate(fates)):
        for place, (event, kind, status, counts, course) in enumerate((*STEPS, last)):
            order_id += 1
            day, next_day = dt.date(year + place, 9, 1), dt.date(year + place + 1, 9, 1)
            moment = dt.datetime(year + place, 9, 2, 8, tzinfo=dt.UTC)
            orders.append(
                {
                    "id": order_id, "public_id": f"P{order_id:011d}", "organisation_id": university, "type_code": kind,
                    "number": f"{fate}-{place}-many", "signed_on": day, "recorded_at": moment, "recorded_by": "bench",
                }
            )  # fmt: skip
            is_last = place == len(STEPS)
            steps.append(
                {
                    "fate": fate, "place": place, "organisation_id": university, "order_id": order_id, "event": event,
                    "status": status, "counts": counts, "course": course, "day": day, "next_day": None if is_last else next_day,
                    "moment": moment, "next_moment": None if is_last else moment.replace(year=moment.year + 1),
                }
            )  # fmt: skip
    connection.execute(sa.insert(Order), orders)
    typed = sa.table(
        "step",
        *(sa.column(name) for name in ("fate", "place", "organisation_id", "order_id", "event", "status", "counts", "course")),
        sa.column("day", sa.Date), sa.column("next_day", sa.Date),
        sa.column("moment", StudyPeriod.recorded_at.type), sa.column("next_moment", StudyPeriod.recorded_at.type),
    )  # fmt: skip
    connection.execute(sa.insert(typed), steps)


def _copied(connection: Connection, model: Any, found: Any, **other: Any) -> None:
    """Adds rows of `found`, a join in which the model is the template: its columns, but for those of `other`."""
    columns = list(model.__table__.columns)
    values = [sa.type_coerce(other[c.name], c.type) if c.name in other else c for c in columns]
    connection.execute(sa.insert(model.__table__).from_select(columns, sa.select(*values).select_from(found)))


def _called(key: Any) -> Any:
    return sa.cast(sa.literal(100_000_000_000) + key, sa.String)


def _add_people(connection: Connection, stride: int) -> None:
    shift = _names.c.number * stride
    known = connection.scalar(sa.select(sa.func.max(Person.id)))
    first = sa.select(sa.func.min(PersonFacts.id)).where(PersonFacts.superseded_at.is_(None), PersonFacts.valid_to.is_(None))
    studied = sa.select(Student.person_id)
    people = sa.join(Person.__table__, _names, sa.and_(Person.id <= known, Person.id.in_(studied)))
    _copied(connection, Person, people, id=Person.id + shift, public_id=_called(Person.id + shift), iin=sa.null())
    of_each = first.group_by(PersonFacts.person_id)
    facts = sa.join(PersonFacts.__table__, _names, sa.and_(PersonFacts.id.in_(of_each), PersonFacts.person_id.in_(studied)))
    _copied(
        connection, PersonFacts, facts,
        id=PersonFacts.id + shift, person_id=PersonFacts.person_id + shift,
        surname=_names.c.written + sa.func.lower(PersonFacts.surname), sort_key=_names.c.folded + PersonFacts.sort_key,
        sort_key_kk=_names.c.ordered + PersonFacts.sort_key_kk, surname_key=_names.c.bone + PersonFacts.surname_key,
        valid_from=PersonFacts.birth_date,
    )  # fmt: skip
    documents = sa.join(IdentityDocument.__table__, _names, IdentityDocument.person_id.in_(studied))
    _copied(
        connection, IdentityDocument, documents, id=IdentityDocument.id + shift, person_id=IdentityDocument.person_id + shift,
        number=IdentityDocument.number + sa.literal("-") + sa.cast(_names.c.number, sa.String),
    )  # fmt: skip


def _add_enrolments(connection: Connection, stride: int) -> None:
    shift = _names.c.number * stride
    of_each = sa.select(sa.func.min(Student.id)).group_by(Student.person_id)
    students = sa.join(Student.__table__, _names, Student.id.in_(of_each))
    _copied(
        connection, Student, students, id=Student.id + shift, public_id=_called(Student.id + shift),
        person_id=Student.person_id + shift,
        record_book_no=Student.record_book_no + sa.literal("-") + sa.cast(_names.c.number, sa.String),
        updated_at=sa.literal(dt.datetime(2026, 9, 2, tzinfo=dt.UTC), Student.updated_at.type),
    )  # fmt: skip
    # a third of those who came in the last years were expelled, so the contingent is much smaller than the register
    fates = len(YEARS) * len(LAST)
    fate = sa.case((Student.id % 3 == 0, 2 * (Student.id % len(YEARS)) + 1), else_=2 * (Student.id % len(YEARS)))
    assert fates == 2 * len(YEARS)
    fresh = sa.join(
        Student.__table__, _steps,
        sa.and_(Student.id > stride, _steps.c.organisation_id == Student.organisation_id, _steps.c.fate == fate),
    )  # fmt: skip
    line_id = (Student.id * 5 + _steps.c.place) + 100_000
    s = _steps.c
    columns = [
        "id",
        "order_id",
        "student_id",
        "organisation_id",
        "event",
        "effective_on",
        "fields",
        "recorded_at",
        "recorded_by",
    ]
    lines = sa.select(
        line_id,
        s.order_id,
        Student.id,
        Student.organisation_id,
        s.event,
        s.day,
        sa.literal({}, OrderLine.fields.type),
        s.moment,
        sa.literal("bench"),
    ).select_from(fresh)
    connection.execute(sa.insert(OrderLine).from_select(columns, lines))
    began = sa.select(sa.func.min(StudyPeriod.id)).where(StudyPeriod.superseded_at.is_(None)).group_by(StudyPeriod.student_id)
    shape = sa.alias(StudyPeriod.__table__)
    told = sa.join(fresh, shape, sa.and_(shape.c.id.in_(began), shape.c.student_id == Student.id % stride))
    same = ["programme_code", "programme_name", "level_code", "form_code", "funding_code", "group_name"]
    columns = [
        "student_id", "person_id", "organisation_id", "order_line_id", *same, "course", "status_code", "in_contingent",
        "valid_from", "valid_to", "recorded_at", "superseded_at",
    ]  # fmt: skip
    values = [Student.id, Student.person_id, Student.organisation_id, line_id, *(shape.c[name] for name in same)]
    values += [s.course, s.status, s.counts, s.day]
    kept = sa.select(*values, s.next_day, s.moment, sa.null()).select_from(told)
    open_ended = sa.select(*values, sa.null(), s.moment, s.next_moment).select_from(told).where(s.next_day.is_not(None))
    for rows in (open_ended, kept):
        connection.execute(sa.insert(StudyPeriod.__table__).from_select(columns, rows))
