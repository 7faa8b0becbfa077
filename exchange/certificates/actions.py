"""Issuing a certificate: what is known of the day, the next number, the file, the line in the register."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.certificates import words
from exchange.certificates.models import PERIOD, STUDIES, Certificate
from exchange.certificates.queries import last_number
from exchange.certificates.words import LANGUAGES, Told
from exchange.database import as_of, now
from exchange.errors import RuleBroken
from exchange.organisations.models import Organisation
from exchange.papers.typesetting import NoSuchLetter, typeset
from exchange.people import queries as people
from exchange.students import records, rules
from exchange.students.models import OrderLine, Student, StudyPeriod

TEMPLATE = Path(__file__).parent / "data" / "certificate.typ"
# After which events somebody has left.
LEAVING = frozenset({"expel", "transfer_out", "graduate"})
LEFT = frozenset({"expelled", "transferred_out", "graduated"})


def kind_for(period: StudyPeriod | None) -> str | None:
    """Which of the two papers fits: none for a record that was annulled, or before the first day."""
    if period is None:
        return None
    if period.in_contingent:
        return STUDIES
    return PERIOD if period.status_code in LEFT else None


def _facts(session: Session, student: Student, kind: str, day: dt.date) -> Told:
    """What the paper says, as it is known now of that day. Raises RuleBroken when it is the wrong paper."""
    told = sa.select(StudyPeriod).where(StudyPeriod.student_id == student.id)
    period = session.scalar(told.where(as_of(StudyPeriod, day)))
    if period is None:
        raise RuleBroken("stated_on", _("В этот день студент ещё не числился в вузе. Исправьте дату"))
    if kind_for(period) != kind:
        if kind == STUDIES:
            raise RuleBroken("stated_on", _("В этот день студент уже не учился. Выдайте справку о периоде обучения"))
        raise RuleBroken("stated_on", _("В этот день студент ещё числился в вузе. Выдайте справку, что обучается"))
    lines = [item for item in reversed(records.lines_of(session, student)) if item.annulled_by is None]
    lines = [item for item in lines if item.line.effective_on <= day]
    began = next((item for item in lines if words.is_of_beginning(item.line)), None)
    ended = next((item for item in reversed(lines) if item.line.event in LEAVING), None)
    first = min((item.line.effective_on for item in lines), default=period.valid_from)
    person = people.facts_on(session, student.person_id, day) or people.latest_facts(session, student.person_id)
    return Told(
        name=" ".join(part for part in (person.surname, person.name, person.patronymic) if part),
        born=person.birth_date,
        office=session.get_one(Organisation, student.organisation_id),
        faculty=student.faculty,
        period=period,
        began=(began.line, began.order) if began else None,
        began_on=first,
        ended=(ended.line, ended.order) if ended else None,
        planned_end_on=student.planned_end_on,
        absent_until=_until(next((item.line for item in lines if item.line.id == period.order_line_id), None)),
    )


def _until(line: OrderLine | None) -> dt.date | None:
    text = str(line.fields.get("until") or "") if line is not None else ""
    return dt.date.fromisoformat(text[:10]) if text else None


def issue(
    session: Session, student: Student, kind: str, stated_on: dt.date, addressee: str, languages: Sequence[str] = ()
) -> Certificate:
    """Puts a certificate into the register with the next number. Raises RuleBroken."""
    today, moment = rules.today(), now()
    addressee = " ".join(addressee.split()).rstrip(".")
    if not addressee:
        raise RuleBroken("addressee", _("Куда выдаётся справка, не указано. Введите, например: по месту требования"))
    if stated_on > today:
        raise RuleBroken("stated_on", _("Справку выдают не позже чем на сегодня. Исправьте дату"))
    wanted = [code for code in LANGUAGES if code in languages]
    told = _facts(session, student, kind, stated_on)
    # two who issue at once go one after the other, so that no number is given twice
    office = sa.select(Organisation.id).where(Organisation.id == student.organisation_id)
    session.execute(office.with_for_update(key_share=True)).one()
    number = last_number(session, student.organisation_id, today.year) + 1
    content = words.content(kind, told, f"{number}/{today.year}", today, stated_on, addressee, wanted)
    certificate = Certificate(
        organisation_id=student.organisation_id, student_id=student.id, kind=kind, year=today.year, number=number,
        issued_on=today, stated_on=stated_on, addressee=addressee, languages=",".join(wanted), content=content,
        recorded_at=moment, recorded_by_id=actor_of(session).user_id, sha256="",
    )  # fmt: skip
    try:
        certificate.sha256 = hashlib.sha256(file_of(certificate)).hexdigest()
    except NoSuchLetter:
        raise RuleBroken(
            "addressee", _("В справке есть знаки, которых нет в её шрифте, например эмодзи. Проверьте это поле и ФИО")
        ) from None
    session.add(certificate)
    session.flush()
    audit.record(
        session, "certificate:issued", student, certificate=certificate.mark, kind=kind, stated_on=stated_on,
        sha256=certificate.sha256,
    )  # fmt: skip
    return certificate


def file_of(certificate: Certificate) -> bytes:
    """The paper as PDF: from what is kept of it, so it is the same file each time."""
    return typeset(TEMPLATE, certificate.content, "ru", certificate.recorded_at)
