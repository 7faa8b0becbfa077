"""What can be done with students: register, look for doubles, correct a card, record and annul orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.database import as_of, now
from exchange.errors import Conflict, RuleBroken
from exchange.people import actions as people
from exchange.people import documents as papers
from exchange.people import doubles, keeping
from exchange.people import iin as iins
from exchange.people.actions import Document, Human
from exchange.people.doubles import Candidate
from exchange.people.models import Person, PersonFacts
from exchange.people.names import initials
from exchange.students import rules
from exchange.students.models import Student
from exchange.students.orders import Foresight, annul_order, foresee, record_order
from exchange.students.registration import Paper, Registration, Stated, register_student, register_students

__all__ = [
    "Candidate", "Document", "Double", "Foresight", "Human", "Paper", "Registration", "Stated", "annul_order", "find_doubles",
    "foresee", "record_order", "register_student", "register_students", "save_card",
]  # fmt: skip

CONTACTS = ("phone", "email", "address", "is_in_dormitory", "snils")
CARD = ("record_book_no", "faculty", "planned_end_on", "note")


@dataclass(frozen=True)
class Double:
    """A record that may be the same person (`refuses`: it is, by number). Of another institution only the office is told."""

    by: str
    is_own: bool
    refuses: bool
    public_id: str = ""
    title: str = ""
    record_book_no: str = ""
    office: str = ""
    contact: str = ""
    person_id: int = 0

    @property
    def sentence(self) -> str:
        """What the form or the list of problems says."""
        if self.is_own:
            who = ", ".join(part for part in (self.title, self.record_book_no) if part)
            if self.by == "iin":
                return _("Студент с таким ИИН уже есть: %(who)s", who=who)
            if self.by == "document":
                return _("Студент с таким номером документа уже есть: %(who)s", who=who)
            return _("Похоже на запись %(who)s: те же фамилия, имя и дата рождения", who=who)
        where = f"{self.office} ({self.contact})" if self.contact else self.office
        if self.by == "iin":
            return _(
                "Студент с таким ИИН числится в другом вузе: %(where)s. Запросите перевод в разделе «Переводы»", where=where
            )
        if self.by == "document":
            return _(
                "Студент с таким номером документа числится в другом вузе: %(where)s. Запросите перевод в разделе «Переводы»",
                where=where,
            )
        return _("Похоже, этот человек числится в другом вузе: %(where)s. Сверьтесь с ним", where=where)


def find_doubles(session: Session, candidates: Sequence[Candidate]) -> dict[Hashable, list[Double]]:
    """Doubles of people about to be entered, by the candidate's key. A constant number of queries for any number of rows."""
    found = doubles.matches(session, candidates)
    own = {match.person_id for matches in found.values() for match in matches if match.is_own}
    cards = _cards(session, own)
    return {
        key: [
            Double(
                match.by, match.is_own, match.by in ("iin", "document"), *cards.get(match.person_id, ("", "", "")),
                office=match.office, contact=match.contact, person_id=match.person_id,
            )
            for match in matches
        ]
        for key, matches in found.items()
    }  # fmt: skip


def _cards(session: Session, people_ids: set[int]) -> dict[int, tuple[str, str, str]]:
    """person -> public id, short name and number of his newest record."""
    if not people_ids:
        return {}
    rows = session.execute(
        sa.select(
            Student.person_id,
            Student.public_id,
            Student.record_book_no,
            PersonFacts.surname,
            PersonFacts.name,
            PersonFacts.patronymic,
        )
        .join(PersonFacts, PersonFacts.person_id == Student.person_id)
        .where(Student.person_id.in_(people_ids), as_of(PersonFacts, rules.today()))
        .order_by(Student.id)
    )
    return {row.person_id: (row.public_id, initials(row.surname, row.name, row.patronymic), row.record_book_no) for row in rows}


def _guard(session: Session, student: Student, version: int) -> None:
    """Raises Conflict when the record is not the one that the form was opened with."""
    session.refresh(student, with_for_update={"key_share": True, "of": Student})
    if student.version != version:
        raise Conflict({"version": student.version, "at": student.updated_at, "by_id": student.updated_by_id})


def save_card(
    session: Session, student: Student, *, card: dict[str, Any], person: dict[str, Any], version: int
) -> dict[str, tuple[Any, Any]]:
    """Takes what the form of a card sends; raises Conflict and RuleBroken. Returns field -> (before, after).

    `card` has contacts and the particulars of the file, which are edited. `person` has columns of PersonFacts, which are
    corrected (superseded, never edited), and if wanted `iin` with `iin_needs_check` and `document` (a Document). One version,
    one check, two lines in the log when both changed.
    """
    _guard(session, student, version)
    edited, corrected = _edit(session, student, card), _correct(session, student, person)
    if corrected:
        _finish(session, student, "student:corrected", corrected)
    if edited:
        _finish(session, student, "student:changed", edited)
    return edited | corrected


def _edit(session: Session, student: Student, values: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    person = session.get_one(Person, student.person_id)
    changed: dict[str, tuple[Any, Any]] = {}
    for owner, names in ((keeping.contacts_of(session, person), CONTACTS), (student, CARD)):
        for name in names:
            if name in values and getattr(owner, name) != values[name]:
                changed[name] = (getattr(owner, name), values[name])
    if any(name in CONTACTS for name in changed):
        keeping.require_keeper(session, person.id)
    if "record_book_no" in changed:
        number = changed["record_book_no"][1]
        taken = sa.select(Student.id).where(
            Student.organisation_id == student.organisation_id, Student.record_book_no == number
        )
        if not number:
            raise RuleBroken("record_book", rules.MISSING["record_book"])
        if session.scalar(taken.limit(1)) is not None:
            raise RuleBroken("record_book", _("Такой номер дела уже есть. Введите другой"))
    for name, (_before, after) in changed.items():
        setattr(student if name in CARD else person, name, after)
    return changed


def _correct(session: Session, student: Student, values: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    person = session.get_one(Person, student.person_id)
    moment = now()
    changed = people.correct_facts(session, person.id, values, moment)
    document = values.get("document")
    iin = values.get("iin") or None
    candidate = Candidate(
        0, student.organisation_id, iin=iin if iin != person.iin else None,
        documents=((document.type_code, document.number),) if document else (), person_id=person.id,
    )  # fmt: skip
    for double in find_doubles(session, [candidate]).get(0, ()):
        raise RuleBroken("iin" if double.by == "iin" else "passport", double.sentence)
    if "iin" in values and (iin, bool(values.get("iin_needs_check"))) != (person.iin, person.iin_needs_check):
        keeping.require_keeper(session, person.id)
        if iin != person.iin:
            changed["iin"] = (iins.mask(person.iin), iins.mask(iin))
        person.iin, person.iin_needs_check = iin, bool(values.get("iin_needs_check"))
        changed.setdefault("iin_needs_check", (not person.iin_needs_check, person.iin_needs_check))
    if document and people.add_document(session, person, document):
        changed["document"] = ("", document.type_code)
    return changed


def _finish(session: Session, student: Student, action: str, changed: dict[str, tuple[Any, Any]]) -> None:
    student.updated_at = now()
    student.updated_by_id = actor_of(session).user_id
    session.flush()
    shown = {name: pair for name, pair in changed.items() if name != "document"}
    audit.record(
        session, action, student,
        before={name: _told(name, before) for name, (before, _after) in shown.items()},
        after={name: _told(name, after) for name, (_before, after) in shown.items()},
        **({"document": changed["document"][1]} if "document" in changed else {}),
    )  # fmt: skip


def _told(name: str, value: Any) -> Any:
    """What the log keeps of a value: numbers of documents only by their ends."""
    if name == "snils":
        return papers.mask(value)
    return value.isoformat() if isinstance(value, dt.date) else value
