"""Registering students, one by a form or thousands by a roster: the same action, a constant number of queries."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.database import new_public_id, now
from exchange.errors import NotFound, RuleBroken
from exchange.organisations.models import Organisation
from exchange.people import actions as people
from exchange.people.actions import Human
from exchange.people.models import Person
from exchange.students import ledger, rules
from exchange.students.ledger import Entry
from exchange.students.models import Order, OrderLine, Student, StudyPeriod
from exchange.students.vocabulary import NO_NUMBER

PREFIX_LENGTH = 3
# Rows with and without an empty column go to the database together, not one by one.
ALL_COLUMNS = {"render_nulls": True}


@dataclass(frozen=True)
class Paper:
    """An order as it is named: kind, number, date of signing."""

    type_code: str
    number: str
    signed_on: dt.date


@dataclass(frozen=True)
class Stated:
    """What a university stated by a roster as of a day. The number of the paper is the mark of the roster."""

    as_of_on: dt.date
    fields: dict[str, Any]
    number: str = ""


@dataclass(frozen=True)
class Registration:
    """Everything that is needed to register a student.

    `human` is the person, or `person_id` one who is in the register of this university already (a second programme). `study`
    has programme_code, level_code, form_code, funding_code, course (empty: not known) and group_name. Without `paper` the
    enrolment stands on the roster alone. `record_book_no` empty: the next number is given.
    `is_transfer`: a transfer was accepted, and another office may go on keeping the person.
    """

    organisation_id: int
    study: dict[str, Any]
    human: Human | None = None
    person_id: int | None = None
    paper: Paper | None = None
    enrolled_on: dt.date | None = None
    record_book_no: str | None = None
    faculty: str = ""
    planned_end_on: dt.date | None = None
    note: str = ""
    stated: Stated | None = None
    is_transfer: bool = False

    @property
    def entries(self) -> list[tuple[Paper, Entry]]:
        """The order lines that begin the record."""
        found = []
        if self.paper is not None and self.enrolled_on is not None:
            event = "enrol_elsewhere" if self.paper.type_code == "enrolment_transfer" else "enrol"
            found.append((self.paper, Entry(event, self.enrolled_on, dict(self.study))))
        if self.stated is not None:
            said = dict(self.stated.fields) if found else {**self.study, **self.stated.fields}
            paper = Paper("roster", self.stated.number or NO_NUMBER, self.stated.as_of_on)
            found.append((paper, Entry(ledger.STATE, self.stated.as_of_on, said)))
        return found


@dataclass
class _Draft:
    """A registration on its way: the ids it was given so far."""

    registration: Registration
    person_id: int = 0
    number: str = ""
    lines: list[tuple[Paper, Entry]] = field(default_factory=list)
    periods: list[ledger.Period] = field(default_factory=list)


def prefix_of(short_name: str) -> str:
    """The beginning of the numbers that a university gives: «АЛТ» for АлтГТУ."""
    words = re.findall(r"[^\W\d_]+", short_name)
    return (words[0] if words else "X")[:PREFIX_LENGTH].upper()


def register_student(session: Session, registration: Registration, *, source: Literal["form", "import"] = "form") -> Student:
    """Registers one student; raises RuleBroken."""
    return register_students(session, [registration], source=source)[0]


def register_students(
    session: Session, registrations: Sequence[Registration], *, source: Literal["form", "import"] = "form"
) -> list[Student]:
    """Registers students with people, documents, orders and study periods; returns them in the same order.

    Existing orders of the same number, kind and date are joined. The caller has looked for doubles (`find_doubles`). Raises
    RuleBroken when a rule is broken (with the words of the first one), NotFound for a university that is not there.
    """
    if not registrations:
        return []
    moment, day = now(), rules.today()
    drafts = [_draft(registration, day) for registration in registrations]
    offices = _offices(session, {r.organisation_id for r in registrations})
    _enter_people(session, drafts, moment)
    _give_numbers(session, drafts, offices)
    author = actor_of(session).user_id
    rows = [
        {
            "person_id": d.person_id, "organisation_id": d.registration.organisation_id, "record_book_no": d.number,
            "faculty": d.registration.faculty, "planned_end_on": d.registration.planned_end_on, "note": d.registration.note,
            "created_at": moment, "created_by_id": author, "updated_at": moment, "updated_by_id": author, "version": 1,
            "public_id": new_public_id(),
        }
        for d in drafts
    ]  # fmt: skip
    # the answer may come in any order (asking for one costs a statement a row on SQLite): our own ids tell who is who
    added = {student.public_id: student for student in session.scalars(sa.insert(Student).returning(Student), rows)}
    students = [added[str(row["public_id"])] for row in rows]
    _record_lines(session, drafts, students, moment)
    _log(session, drafts, students, source)
    return students


def _draft(registration: Registration, day: dt.date) -> _Draft:
    rules.check_study(registration.study)
    if registration.paper is not None:
        if registration.enrolled_on is None:
            raise RuleBroken("enrolled_on", rules.MISSING["enrolled_on"])
        rules.check_dates(registration.paper.signed_on, registration.enrolled_on, day, "order_date", "enrolled_on")
    lines = registration.entries
    if not lines:
        raise RuleBroken("order_number", rules.MISSING["number"])
    return _Draft(registration, lines=lines, periods=ledger.periods_from(entry for _, entry in lines))


def _offices(session: Session, ids: set[int]) -> dict[int, str]:
    """Short names by id. Locks the universities, so that two who register at once do not give one number twice."""
    locked = sa.select(Organisation.id, Organisation.short_ru).where(Organisation.id.in_(ids)).order_by(Organisation.id)
    rows = session.execute(locked.with_for_update(key_share=True)).all()
    offices: dict[int, str] = {key: name for key, name in rows}  # noqa: C416  (typed)
    if ids - offices.keys():
        raise NotFound
    return offices


def _enter_people(session: Session, drafts: list[_Draft], moment: dt.datetime) -> None:
    """New people are entered; those who are known keep their record."""
    fresh = [d for d in drafts if d.registration.person_id is None]
    humans = [(d.registration.organisation_id, d.registration.human) for d in fresh if d.registration.human is not None]
    if len(humans) != len(fresh):
        raise ValueError("a registration needs a person")
    for draft, person_id in zip(fresh, people.enter_people(session, humans, moment), strict=True):
        draft.person_id = person_id
    wanted = {d.registration.person_id for d in drafts if d.registration.person_id is not None}
    known: dict[int, int] = {}
    if wanted:
        # one whose record was joined to another just now is not there any more
        standing = sa.select(Person.id, Person.organisation_id).where(Person.id.in_(wanted), Person.merged_into_id.is_(None))
        if not any(d.registration.is_transfer for d in drafts):  # somebody else's row may be read, not locked
            standing = standing.with_for_update(read=True, key_share=True)
        rows = session.execute(standing)
        known = {person_id: office for person_id, office in rows}  # noqa: C416  (typed)
    for draft in drafts:
        if (own := draft.registration.person_id) is not None:
            if own not in known or not (draft.registration.is_transfer or known[own] == draft.registration.organisation_id):
                raise NotFound
            draft.person_id = own


def _give_numbers(session: Session, drafts: list[_Draft], offices: dict[int, str]) -> None:
    """Numbers of personal files: the given ones must be free, the others continue the row of their year."""
    given: dict[int, list[str]] = defaultdict(list)
    for draft in drafts:
        if number := (draft.registration.record_book_no or "").strip():
            draft.number = number
            given[draft.registration.organisation_id].append(number)
    for organisation_id, numbers in given.items():
        if len(set(numbers)) < len(numbers) or _taken(session, organisation_id, numbers):
            raise RuleBroken("record_book", _("Такой номер дела уже есть. Введите другой или оставьте поле пустым"))
    without = [draft for draft in drafts if not draft.number]
    last = {office: _last_numbers(session, office, prefix_of(offices[office])) for office in _offices_of(without)}
    taken = {(office, number) for office, numbers in given.items() for number in numbers}
    for draft in without:
        office = draft.registration.organisation_id
        beginning = f"{prefix_of(offices[office])}-{draft.lines[0][1].effective_on.year % 100:02d}-"
        while not draft.number or (office, draft.number) in taken:
            last[office][beginning] += 1
            draft.number = f"{beginning}{last[office][beginning]:04d}"


def _offices_of(drafts: Iterable[_Draft]) -> set[int]:
    return {draft.registration.organisation_id for draft in drafts}


def _taken(session: Session, organisation_id: int, numbers: list[str]) -> bool:
    found = sa.select(Student.id).where(Student.organisation_id == organisation_id, Student.record_book_no.in_(numbers))
    return session.scalar(found.limit(1)) is not None


def _last_numbers(session: Session, organisation_id: int, prefix: str) -> dict[str, int]:
    """The last number given in each year: «АЛТ-26-» -> 412. Longer numbers are later ones."""
    number = Student.record_book_no
    beginning, length = sa.func.substr(number, 1, len(prefix) + 4), sa.func.length(number)
    digit = sa.func.substr(number, len(prefix) + 5, 1)
    rows = session.execute(
        sa.select(beginning, sa.func.max(number))
        .where(Student.organisation_id == organisation_id, number.like(f"{prefix}-__-____%"), digit.between("0", "9"))
        .group_by(beginning, length)
    )
    last: dict[str, int] = defaultdict(int)
    for start, highest in rows:
        digits = re.match(r"[0-9]+", highest[len(start) :])
        last[start] = max(last[start], int(digits.group()) if digits else 0)
    return last


def _on_file(session: Session, wanted: set[tuple[int, Paper]]) -> dict[tuple[int, Paper], tuple[int, str, bool]]:
    """Those of these papers that are on file."""
    found: dict[tuple[int, Paper], tuple[int, str, bool]] = {}
    on_file = session.execute(
        sa.select(Order.organisation_id, Order.type_code, Order.number, Order.signed_on, Order.id, Order.public_id).where(
            Order.organisation_id.in_({office for office, _ in wanted}),
            Order.number.in_({paper.number for _, paper in wanted}),
            Order.signed_on.in_({paper.signed_on for _, paper in wanted}),
        )
    )
    for office, kind, number, signed_on, order_id, public_id in on_file:
        key = (office, Paper(kind, number, signed_on))
        if key in wanted:
            found[key] = (order_id, public_id, True)
    return found


def join_orders(
    session: Session, papers: Iterable[tuple[int, Paper]], moment: dt.datetime
) -> dict[tuple[int, Paper], tuple[int, str, bool]]:
    """The orders of these papers: those on file are joined, the others added. (office, paper) -> id, public id, was on file.

    Whoever adds one holds its university: of two who enter the same paper at once the second joins the first.
    """
    wanted = set(papers)
    found = _on_file(session, wanted)
    if wanted - found.keys():
        _offices(session, {office for office, _ in wanted - found.keys()})
        found = _on_file(session, wanted)

    fresh = sorted(wanted - found.keys(), key=lambda key: (key[0], key[1].signed_on, key[1].type_code, key[1].number))
    if fresh:
        author = actor_of(session).user_id
        rows = [
            {
                "organisation_id": office, "type_code": paper.type_code, "number": paper.number, "signed_on": paper.signed_on,
                "recorded_at": moment, "recorded_by_id": author, "public_id": new_public_id(),
            }
            for office, paper in fresh
        ]  # fmt: skip
        added = session.execute(sa.insert(Order).returning(Order.public_id, Order.id), rows)
        ids = {public_id: order_id for public_id, order_id in added}  # noqa: C416  (typed)
        for key, row in zip(fresh, rows, strict=True):
            found[key] = (ids[str(row["public_id"])], str(row["public_id"]), False)
    return found


def period_row(period: ledger.Period, student: Student, line_id: int, moment: dt.datetime) -> dict[str, Any]:
    """A study period as a row of its table."""
    return {
        "student_id": student.id, "person_id": student.person_id, "organisation_id": student.organisation_id,
        "order_line_id": line_id, "valid_from": period.valid_from, "valid_to": period.valid_to, "recorded_at": moment,
        "superseded_at": None, **period.facts,
    }  # fmt: skip


def _record_lines(session: Session, drafts: list[_Draft], students: list[Student], moment: dt.datetime) -> None:
    orders = join_orders(session, {(d.registration.organisation_id, paper) for d in drafts for paper, _ in d.lines}, moment)
    author = actor_of(session).user_id
    rows = [
        {
            "order_id": orders[student.organisation_id, paper][0], "student_id": student.id,
            "organisation_id": student.organisation_id, "event": entry.event, "effective_on": entry.effective_on,
            "fields": entry.fields, "cancels_line_id": None, "recorded_at": moment, "recorded_by_id": author,
        }
        for draft, student in zip(drafts, students, strict=True)
        for paper, entry in draft.lines
    ]  # fmt: skip
    added = session.execute(sa.insert(OrderLine).returning(OrderLine.id, OrderLine.student_id, OrderLine.event), rows)
    ids = {(student_id, event): line_id for line_id, student_id, event in added}  # a new record has each event once
    periods = [
        period_row(period, student, ids[student.id, period.line.event], moment)
        for draft, student in zip(drafts, students, strict=True)
        for period in draft.periods
    ]
    session.execute(sa.insert(StudyPeriod), periods, execution_options=ALL_COLUMNS)


def _log(session: Session, drafts: list[_Draft], students: list[Student], source: str) -> None:
    if source == "form":
        for draft, student in zip(drafts, students, strict=True):
            paper, entry = draft.lines[0]
            audit.record(
                session, "student:registered", student, record_book_no=student.record_book_no, order=paper.number,
                signed_on=paper.signed_on, effective_on=entry.effective_on, **draft.registration.study,
            )  # fmt: skip
        return
    audit.record(
        session, "student:imported", ("student", ""), students=len(students), public_ids=[s.public_id for s in students]
    )
