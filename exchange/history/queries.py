"""What the history of one record is told from: rows with two times, the ledger, and what the log says of this record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.master_key import SYSTEM, acting_as
from exchange.audit.models import AuditEntry
from exchange.imports.models import Import, ImportRow
from exchange.organisations.models import Organisation
from exchange.people.models import PersonFacts
from exchange.students.models import Order, OrderLine, Student, StudyPeriod

# Who looked is not history. What these did is told from the rows themselves, which say more.
LOOKED = (
    "student:viewed", "student:revealed", "student:printed", "student:downloaded", "stay:viewed", "certificate:downloaded",
    "file:downloaded", "file:viewed",
)  # fmt: skip
MOST_ENTRIES = 2000


@dataclass(frozen=True)
class Entry:
    """An entry of the log about this person's records at this university."""

    at: dt.datetime
    user_id: int | None
    who: str
    action: str
    details: dict[str, Any]
    is_own: bool  # about this record, not about another one of the same person


def entries_of(session: Session, student: Student) -> list[Entry]:
    """What the log says of this record, newest first.

    A university may not read the log. These are the entries about a record that it reads, and about others of the same
    person at the same university: nothing of what another university did with its own enrolment.
    """
    kept = sa.select(Student.public_id).where(
        Student.person_id == student.person_id, Student.organisation_id == student.organisation_id
    )
    asked = (
        sa.select(
            AuditEntry.at, AuditEntry.user_id, AuditEntry.user_name, AuditEntry.action, AuditEntry.details,
            AuditEntry.subject_id,
        )
        .where(
            AuditEntry.subject_type == Student.__tablename__, AuditEntry.subject_id.in_(kept), AuditEntry.action.not_in(LOOKED)
        )
        .order_by(AuditEntry.id.desc())
        .limit(MOST_ENTRIES)
    )  # fmt: skip
    with acting_as(SYSTEM, "what was changed in a record that the one who asks may read", session) as inner:
        found = inner.execute(asked).all()
    return [
        Entry(row.at, row.user_id, row.user_name, row.action, row.details, row.subject_id == student.public_id) for row in found
    ]


def ledger_of(
    session: Session, student: Student
) -> tuple[list[tuple[OrderLine, Order]], list[StudyPeriod], list[Organisation]]:
    """Every line of the ledger with its paper, annulments too; and all that was ever said of the study, by its days.

    One question: each period has the line that began it. The office comes along: while it is held, the frame finds it in
    memory.
    """
    asked = (
        sa.select(OrderLine, Order, StudyPeriod, Organisation)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Organisation, Organisation.id == OrderLine.organisation_id)
        .outerjoin(StudyPeriod, StudyPeriod.order_line_id == OrderLine.id)
        .where(OrderLine.student_id == student.id)
        .order_by(OrderLine.id)
    )
    lines: dict[int, tuple[OrderLine, Order]] = {}
    periods: list[StudyPeriod] = []
    offices: dict[int, Organisation] = {}
    for line, order, period, office in session.execute(asked):
        lines[line.id], offices[office.id] = (line, order), office
        if period is not None:
            periods.append(period)
    return list(lines.values()), sorted(periods, key=lambda period: (period.valid_from, period.id)), list(offices.values())


def facts_of(session: Session, student: Student) -> Sequence[PersonFacts]:
    """All that was ever said of the person."""
    asked = sa.select(PersonFacts).where(PersonFacts.person_id == student.person_id)
    return session.scalars(asked.order_by(PersonFacts.valid_from, PersonFacts.id)).all()


@dataclass(frozen=True)
class Brought:
    """A roster that made or changed this record; `changes` is field of the form -> what was, what became."""

    public_id: str
    number: int
    at: dt.datetime
    who: str
    changes: dict[str, Any]


def imports_of(session: Session, student: Student) -> list[Brought]:
    """Rosters that were applied and had this student, for those who may see them."""
    asked = (
        sa.select(Import.public_id, Import.id, Import.applied_at, Import.applied_by, ImportRow.changes)
        .join(ImportRow, ImportRow.import_id == Import.id)
        .where(ImportRow.subject_id == student.public_id, Import.applied_at.is_not(None), Import.kind == "students")
    )
    return [Brought(row.public_id, row.id, row.applied_at, row.applied_by, dict(row.changes)) for row in session.execute(asked)]
