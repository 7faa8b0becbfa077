"""The records of an organisation as rows of its template: one question for people, one for documents, one for orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exchange.database import as_of
from exchange.imports import keys
from exchange.imports.kit import vocabulary as words
from exchange.imports.vocabulary_regions import country_names
from exchange.internships.models import Internship
from exchange.internships.stages import Stage
from exchange.organisations.models import Organisation
from exchange.people.models import IdentityDocument, Person, PersonFacts
from exchange.reference import classifiers
from exchange.students.models import Order, OrderLine, Student, StudyPeriod
from exchange.students.order_kinds import ENROLMENTS
from exchange.students.student_form import IDENTITY

Row = dict[str, Any]
_STUDENT = (
    Student.id, Student.public_id, Student.person_id, Student.record_book_no, Student.faculty, Student.planned_end_on,
    Person.iin, Person.iin_needs_check, Person.snils, Person.phone, Person.email, Person.address, Person.is_in_dormitory,
    PersonFacts.surname, PersonFacts.name, PersonFacts.patronymic, PersonFacts.surname_kk, PersonFacts.name_kk,
    PersonFacts.patronymic_kk, PersonFacts.surname_lat, PersonFacts.name_lat, PersonFacts.sex, PersonFacts.birth_date,
    PersonFacts.citizenship, PersonFacts.region_code, PersonFacts.district_code, PersonFacts.settlement,
    StudyPeriod.programme_code, StudyPeriod.programme_name, StudyPeriod.level_code, StudyPeriod.form_code,
    StudyPeriod.funding_code, StudyPeriod.course, StudyPeriod.group_name, StudyPeriod.status_code,
)  # fmt: skip


def students(session: Session, organisation_id: int, day: dt.date) -> list[Row]:
    """Who is in the student body on a day, by names. Of two programmes of a person the newer: a list has a person once."""
    found = session.execute(
        sa.select(*_STUDENT)
        .join(Person, Person.id == Student.person_id)
        .join(PersonFacts, sa.and_(PersonFacts.person_id == Student.person_id, as_of(PersonFacts, day)))
        .join(StudyPeriod, sa.and_(StudyPeriod.student_id == Student.id, as_of(StudyPeriod, day)))
        .where(Student.organisation_id == organisation_id, StudyPeriod.in_contingent)
        .order_by(PersonFacts.sort_key, Student.id.desc())
    ).all()
    seen: set[int] = set()
    people = [row for row in found if not (row.person_id in seen or seen.add(row.person_id))]  # type: ignore[func-returns-value]
    documents, papers = _documents(session, organisation_id), _papers(session, organisation_id)
    return [_student(row, documents.get(row.person_id), papers.get(row.id)) for row in people]


def _documents(session: Session, organisation_id: int) -> dict[int, Any]:
    """person -> the identity document that is shown now, or the newest one."""
    here = aliased(Student)
    asked = (
        sa.select(
            IdentityDocument.person_id, IdentityDocument.type_code, IdentityDocument.number, IdentityDocument.issued_by,
            IdentityDocument.issued_on, IdentityDocument.valid_until,
        )
        .where(
            IdentityDocument.type_code.in_(IDENTITY),
            sa.exists().where(here.person_id == IdentityDocument.person_id, here.organisation_id == organisation_id),
        )
        .order_by(IdentityDocument.is_presented, IdentityDocument.id)
    )  # fmt: skip
    return {row.person_id: row for row in session.execute(asked)}


def _papers(session: Session, organisation_id: int) -> dict[int, Any]:
    """student -> number, date and first day of the order of enrolment."""
    asked = (
        sa.select(OrderLine.student_id, Order.number, Order.signed_on, OrderLine.effective_on)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.organisation_id == organisation_id, OrderLine.event.in_(sorted(set(ENROLMENTS.values()))))
        .order_by(OrderLine.effective_on.desc(), OrderLine.id.desc())
    )
    return {row.student_id: row for row in session.execute(asked)}


def _student(row: Any, document: Any, paper: Any) -> Row:
    programmes, districts = classifiers.programmes(), classifiers.districts()
    programme = programmes.get(row.programme_code)
    # a number that was entered against a warning would be refused in a list; its document says who it is
    iin = row.iin if not (row.iin_needs_check and document) else None
    return {
        "last_name": row.surname, "first_name": row.name, "patronymic": row.patronymic,
        "last_name_kk": row.surname_kk, "first_name_kk": row.name_kk, "patronymic_kk": row.patronymic_kk,
        "last_name_lat": row.surname_lat, "first_name_lat": row.name_lat,
        "sex": words.SEXES[row.sex], "born": row.birth_date, "iin": iin,
        "document_type": classifiers.document_types()[document.type_code].name_ru if document else None,
        "passport": document.number if document else None,
        "document_issued_by": document.issued_by if document else None,
        "document_issued_on": document.issued_on if document else None,
        "document_valid_until": document.valid_until if document else None,
        "citizenship": country_names().get(row.citizenship, row.citizenship),
        "region": classifiers.regions()[row.region_code].name_ru if row.region_code else None,
        "district": districts[row.district_code].name_ru if row.district_code else None,
        "settlement": row.settlement,
        "programme": str(programme) if programme else f"{row.programme_code} {row.programme_name}".strip(),
        "level": classifiers.levels()[row.level_code].name_ru,
        "course": str(row.course) if row.course else None, "group": row.group_name,
        "form": classifiers.study_forms()[row.form_code].name_ru,
        "funding": classifiers.fundings()[row.funding_code].name_ru,
        "faculty": row.faculty, "record_book": row.record_book_no, "planned_end": row.planned_end_on,
        "order_number": paper.number if paper else None, "order_date": paper.signed_on if paper else None,
        "enrolled_on": paper.effective_on if paper else None,
        "status": classifiers.statuses()[row.status_code].name_ru,
        "phone": row.phone, "email": row.email, "address": row.address, "snils": row.snils,
        "dormitory": words.YES_NO[row.is_in_dormitory],
        "key": keys.mark(row.public_id),
    }  # fmt: skip


def interns(session: Session, enterprise_id: int, today: dt.date) -> list[Row]:
    """Who is at an enterprise, will be, or was in this academic year; who did not come is left out.

    IINs stay in the registry: names, birth and days tell whose row it is.
    """
    since = dt.date(today.year if today.month >= 9 else today.year - 1, 9, 1)
    sender = aliased(Organisation)
    asked = (
        sa.select(Internship, sender.short_ru)
        .outerjoin(sender, sender.id == Internship.university_id)
        .where(
            Internship.enterprise_id == enterprise_id,
            Internship.status.not_in((Stage.CANCELLED, Stage.INTERRUPTED)),
            sa.or_(Internship.ends_on >= since, Internship.status != Stage.EVALUATED),
        )
        .order_by(Internship.sort_key, Internship.id)
    )
    return [_intern(one, university or one.employer) for one, university in session.execute(asked)]


def _intern(one: Internship, sender: str) -> Row:
    return {
        "last_name": one.surname, "first_name": one.name, "patronymic": one.patronymic, "kind": words.KINDS[one.kind],
        "sender": sender, "starts_on": one.starts_on, "ends_on": one.ends_on, "department": one.department,
        "mentor": one.mentor, "born": one.birth_date, "iin": None, "sex": words.SEXES[one.sex] if one.sex else None,
        "position": one.position, "programme": one.programme, "hours_planned": one.hours_planned, "hours": one.hours_done,
        "briefing_on": one.briefing_on, "grade": str(one.grade) if one.grade else None,
        "hired": words.OUTCOMES[one.outcome] if one.outcome else None, "phone": one.phone, "email": one.email,
        "key": keys.mark(one.public_id),
    }  # fmt: skip


def in_order(rows: Sequence[Row], fields: Sequence[str]) -> Iterator[list[Any]]:
    """The rows as the columns stand."""
    for row in rows:
        yield [row[name] for name in fields]
