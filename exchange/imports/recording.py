"""What a checked roster of students writes into the register, and the journal by which it can be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.database import now
from exchange.imports import events
from exchange.imports.checking import CheckedRow
from exchange.organisations.models import Organisation
from exchange.people import actions as people
from exchange.people.actions import Document
from exchange.people.models import IdentityDocument, Person, PersonFacts
from exchange.students import ledger
from exchange.students.models import OrderLine, Student
from exchange.students.registration import Registration, Stated, register_students
from exchange.students.statements import record_statements

CHUNK = 500
# field of the form -> column of a study period
STUDY = {
    "programme": "programme_code", "level": "level_code", "form": "form_code", "funding": "funding_code", "course": "course",
    "group": "group_name", "status": "status_code",
}  # fmt: skip
CONTACTS = {"phone": "phone", "email": "email", "address": "address"}
CARD = {"faculty": "faculty"}


def chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    listed = sorted(items)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]


def record(
    session: Session, organisation: Organisation, rows: Sequence[CheckedRow], as_of_on: dt.date, number: str
) -> dict[str, int]:
    """New people and enrolments, orders, statements of the day of the roster, contacts. How many new and changed."""
    began = now()
    new = [row for row in rows if row.verdict == "new"]
    students = register_students(
        session, [registration_of(row, organisation.id, as_of_on, number) for row in new], source="import"
    )
    for row, student in zip(new, students, strict=True):
        row.subject_id = student.public_id
        row.journal["made"] = "student" if row.reading.values.get("known_person") else "person"
        if row.reading.values.get("record_book"):
            row.journal["record_book"] = True
    _complete_known(session, new)
    changed = [row for row in rows if row.verdict == "changed"]
    events.record(session, changed)
    _record_changes(session, organisation.id, changed, as_of_on, number)
    session.flush()
    _write_journal(session, [*new, *changed], began)
    return {"new": len(new), "changed": len(changed)}


def registration_of(row: CheckedRow, organisation_id: int, as_of_on: dt.date, number: str) -> Registration:
    """The enrolment by its order; what the roster says of a later day is a statement of that day."""
    values = row.reading.values
    registration: Registration = row.reading.checked.registration(organisation_id, person_id=values.get("known_person"))
    study = dict(registration.study)
    status = values.get("status") or "studying"
    begins = registration.enrolled_on
    if registration.paper is None or begins is None:
        said = {**study, "status_code": status}
        return replace(registration, study=study, paper=None, enrolled_on=None, stated=Stated(as_of_on, said, number))
    if begins > as_of_on or (begins >= academic_year_of(as_of_on) and status == "studying"):
        return registration
    said = {"course": study["course"], "group_name": study["group_name"], "status_code": status}
    if begins < academic_year_of(as_of_on):
        study |= {"course": None, "group_name": ""}
    day = max(as_of_on, begins + dt.timedelta(days=1))
    return replace(registration, study=study, stated=Stated(day, {k: v for k, v in said.items() if v}, number))


def _complete_known(session: Session, rows: Sequence[CheckedRow]) -> None:
    """Documents and contacts of those who were in the register already, with another programme or by an entry taken back."""
    known = {int(person_id): row for row in rows if (person_id := row.reading.values.get("known_person"))}
    for part in chunks(known):
        held = sa.select(IdentityDocument).where(IdentityDocument.person_id.in_(part))
        documents = {(d.person_id, d.type_code, d.number) for d in session.scalars(held)}
        for person in session.scalars(sa.select(Person).where(Person.id.in_(part))):
            row = known[person.id]
            human = row.reading.checked.human()
            for column in CONTACTS.values():
                _set(row, person, "was", column, getattr(human, column) or getattr(person, column))
            if person.iin is None and human.iin:
                person.iin, row.journal["iin"] = human.iin, True
            for document in human.documents:
                if (person.id, document.type_code, document.number) not in documents:
                    _add_document(session, row, person, document)
    _correct_returned(session, {key: row for key, row in known.items() if row.reading.values.get("was_void")})


def _correct_returned(session: Session, known: dict[int, CheckedRow]) -> None:
    """Of those whose earlier entry was taken back, the roster says anew who they are."""
    for part in chunks(known):
        held = sa.select(PersonFacts).where(PersonFacts.person_id.in_(part), PersonFacts.superseded_at.is_(None))
        for facts in session.scalars(held.order_by(PersonFacts.valid_from)).all():
            said = people.facts_row(known[facts.person_id].reading.checked.human().facts)
            changes = {name: said[name] for name in people.FACTS if said[name] != getattr(facts, name)}
            if changes and facts.valid_to is None:
                moment = now()
                people.correct_facts(session, facts.person_id, changes, moment)
                known[facts.person_id].journal["corrected_at"] = moment.isoformat()


def _set(row: CheckedRow, record: Any, kind: str, column: str, value: Any) -> None:
    """Gives a column another value; the journal keeps what stood there."""
    before = getattr(record, column)
    if before != value:
        row.journal.setdefault(kind, {})[column] = [before, value]
        setattr(record, column, value)


def _add_document(session: Session, row: CheckedRow, person: Person, document: Document) -> None:
    session.add(
        IdentityDocument(
            person_id=person.id, organisation_id=person.organisation_id, type_code=document.type_code, number=document.number,
            issued_by=document.issued_by, issued_on=document.issued_on, valid_until=document.valid_until,
        )
    )  # fmt: skip
    row.journal.setdefault("documents", []).append([document.type_code, document.number])


def _record_changes(session: Session, organisation_id: int, rows: Sequence[CheckedRow], as_of_on: dt.date, number: str) -> None:
    by_public_id = {row.subject_id: row for row in rows}
    stated: dict[int, dict[str, Any]] = {}
    for part in chunks(by_public_id):
        found = session.execute(
            sa.select(Student, Person).join(Person, Person.id == Student.person_id).where(Student.public_id.in_(part))
        )
        for student, person in found:
            row = by_public_id[student.public_id]
            said = {STUDY[name]: pair[1] for name, pair in row.changes.items() if name in STUDY}
            if said:
                if "course" in said:
                    said["course"] = int(said["course"])
                said.setdefault("status_code", row.reading.values.get("was_status") or "studying")
                stated[student.id] = said
            _record_card(session, row, student, person)
    record_statements(session, organisation_id, number, as_of_on, stated)


def _record_card(session: Session, row: CheckedRow, student: Student, person: Person) -> None:
    human = row.reading.checked.human()
    for name, column in CONTACTS.items():
        if name in row.changes:
            _set(row, person, "was", column, getattr(human, column))
    for name, column in CARD.items():
        if name in row.changes:
            _set(row, student, "card", column, str(row.reading.values[name])[:200])
    if "iin" in row.changes:
        person.iin, row.journal["iin"] = human.iin, True
    if "passport" in row.changes:
        for document in human.documents:
            _add_document(session, row, person, document)


def _write_journal(session: Session, rows: Sequence[CheckedRow], began: dt.datetime) -> None:
    """The records as applying left them, and the lines of orders that it added."""
    by_public_id = {row.subject_id: row for row in rows}
    for part in chunks(by_public_id):
        left: dict[int, CheckedRow] = {}
        asked = sa.select(Student.id, Student.public_id, Student.version, Person.version)
        for key, public_id, version, person_version in session.execute(
            asked.join(Person, Person.id == Student.person_id).where(Student.public_id.in_(part))
        ):
            left[key] = row = by_public_id[public_id]
            row.journal |= {"version": version, "person_version": person_version, "lines": []}
        added = sa.select(OrderLine.student_id, OrderLine.id).where(
            OrderLine.student_id.in_(list(left)), OrderLine.recorded_at >= began, OrderLine.event != ledger.CANCEL
        )
        for key, line_id in session.execute(added):
            left[key].journal["lines"].append(line_id)


def academic_year_of(day: dt.date) -> dt.date:
    """The first day on which an enrolment belongs to the academic year of a day: orders are signed from July on."""
    return dt.date(day.year if day.month >= 8 else day.year - 1, 7, 1)
