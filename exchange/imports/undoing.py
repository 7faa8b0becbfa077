"""Taking back a whole upload: everything that applying it did, but for records that somebody changed since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exchange.access.actor import author
from exchange.audit import actions as audit
from exchange.audit.actions import Note
from exchange.config import TIME_ZONE
from exchange.database import now
from exchange.errors import RuleBroken
from exchange.imports.actions import UNDO_RULE, one_at_a_time
from exchange.imports.models import Import, ImportRow
from exchange.internships.models import Internship
from exchange.internships.withdrawing import empty_again, withdraw
from exchange.people import actions as people
from exchange.people import keeping
from exchange.people.models import IdentityDocument, Person
from exchange.reference.terms import term
from exchange.students import many, rules
from exchange.students.many import Unready
from exchange.students.models import Student
from exchange.students.orders import touch_all
from exchange.students.vocabulary import UNDO_NUMBER

CHUNK = 500


@dataclass
class Plan:
    """What an undo would do: rows that go back, and those that stay with the reason why."""

    goes: list[Any] = field(default_factory=list)
    stays: list[tuple[Any, str]] = field(default_factory=list)

    def keep(self, row: Any, reason: Any) -> None:
        self.stays.append((row, str(reason)))


def why_not(brought: Import) -> str:
    """Why an upload can't be taken back; "" when it can."""
    if brought.state == "undone":
        at = brought.undone_at or now()
        return _(
            "Эта загрузка уже отменена %(when)s: %(who)s. Повторять не нужно",
            when=f"{at.astimezone(ZoneInfo(TIME_ZONE)):%d.%m.%Y %H:%M}",
            who=brought.undone_by or "—",
        )
    if brought.state != "applied" or brought.undo_until is None:
        return _("Отменять нечего: этот файл не загружен в реестр")
    if brought.undo_until <= now():
        return _(
            "Отменить загрузку можно было в течение %(hours)s часов. Аннулируйте приказы или исправьте карточки",
            hours=term(UNDO_RULE, rules.today()),
        )
    return ""


def plan(session: Session, brought: Import) -> Plan:
    """What would go back and what would stay; writes nothing."""
    rows = _rows(session, brought)
    if brought.kind == "interns":
        return _plan_interns(session, rows)[0]
    found = Plan()
    for part in _chunks(rows):
        _plan_students(session, part, found)
    return found


def undo_import(session: Session, brought: Import) -> Plan:
    """Takes the upload back in the transaction of the session: everything that can go back. Raises RuleBroken."""
    one_at_a_time(session, brought.organisation_id)
    session.refresh(brought)
    if sentence := why_not(brought):
        raise RuleBroken("", sentence)
    rows = _rows(session, brought)
    found = Plan()
    if brought.kind == "interns":
        found, records = _plan_interns(session, rows, is_held=True)
        _take_interns_back(session, found, records)
    else:
        try:
            for part in _chunks(rows):
                _take_students_back(session, brought, part, found)
        except IntegrityError as error:  # a document that went to another university with its student
            raise RuleBroken("", _("Документы из этого файла видит уже и другой вуз. Отмените записи по одной")) from error
    if found.stays:
        kept = [{"id": row.id, "journal": {**row.journal, "stays": reason}} for row, reason in found.stays]
        session.execute(sa.update(ImportRow), kept)
    brought.state = "undone"
    brought.undone_at, brought.undone_by = now(), author()[:200]
    brought.counts = {**brought.counts, "undone": len(found.goes), "stays": len(found.stays)}
    session.flush()
    audit.record(session, "import:undone", brought, kind=brought.kind, undone=len(found.goes), stays=len(found.stays))
    return found


def left_over(session: Session, brought: Import) -> list[tuple[Any, str]]:
    """After an undo: the rows whose records stayed, with the reason."""
    return [(row, row.journal["stays"]) for row in _rows(session, brought) if row.journal.get("stays")]


def _rows(session: Session, brought: Import) -> Sequence[Any]:
    """Rows that did something, in the order of the file."""
    asked = sa.select(
        ImportRow.id, ImportRow.sheet, ImportRow.row_number, ImportRow.title, ImportRow.verdict, ImportRow.subject_id,
        ImportRow.journal, ImportRow.changes,
    ).where(ImportRow.import_id == brought.id, ImportRow.verdict.in_(("new", "changed")))  # fmt: skip
    return [row for row in session.execute(asked.order_by(ImportRow.id)).all() if row.journal]


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def _changed_by(when: dt.datetime, who: str) -> str:
    return _(
        "После загрузки запись изменена %(when)s: %(who)s",
        when=f"{when.astimezone(ZoneInfo(TIME_ZONE)):%d.%m.%Y %H:%M}",
        who=who or "—",
    )


def _reason() -> str:
    return _("Отменена загрузка списка")


# --------------------------------------------------------------------------------------------------------------- students
@dataclass
class _Part:
    """Records of some rows, by public id; `seen` those that go back, as they are now."""

    students: dict[str, tuple[Student, Person]]
    lines: dict[int, set[int]]
    seen: dict[str, int]


def _plan_students(session: Session, rows: Sequence[Any], found: Plan, *, is_held: bool = False) -> _Part:
    """Sorts the rows into what goes back and what stays."""
    asked = (
        sa.select(Student, Person)
        .join(Person, Person.id == Student.person_id)
        .where(Student.public_id.in_([row.subject_id for row in rows]))
        .order_by(Student.id)
    )
    if is_held:
        asked = asked.with_for_update(key_share=True, of=Student).execution_options(populate_existing=True)
    part = _Part({student.public_id: (student, person) for student, person in session.execute(asked)}, {}, {})
    ready: dict[str, Any] = {}
    for row in rows:
        pair = part.students.get(row.subject_id)
        if pair is None:
            found.keep(row, _("Записи больше нет в вузе: её объединили или передали"))
        elif (pair[0].version, pair[1].version) != (row.journal["version"], row.journal["person_version"]):
            found.keep(row, _changed_by(pair[0].updated_at, pair[0].updated_by))
        elif _writes_person(row) and not keeping.is_keeper(session, pair[1].id):
            found.keep(row, _("Сведения о человеке ведёт теперь другой вуз"))
        else:
            ready[row.subject_id] = row
    part.lines = {part.students[key][0].id: set(row.journal["lines"]) for key, row in ready.items() if row.journal["lines"]}
    holders = [part.students[key][0] for key, row in ready.items() if row.journal["lines"]]
    examined = many.examine_lines(session, holders, part.lines, UNDO_NUMBER, rules.today(), _reason())
    for one in examined.unfit:
        found.keep(ready.pop(one.student.public_id), one.reason)
    part.seen = {key: part.students[key][0].version for key in ready}
    found.goes += [row for row in rows if row.subject_id in part.seen]
    return part


def _writes_person(row: Any) -> bool:
    return bool(row.journal.get("made") == "person" or row.journal.keys() & {"was", "iin", "documents", "corrected_at"})


def _take_students_back(session: Session, brought: Import, rows: Sequence[Any], found: Plan) -> None:
    part = _plan_students(session, rows, found, is_held=True)
    going = [row for row in rows if row.subject_id in part.seen]
    ordered = {row.subject_id: part.seen[row.subject_id] for row in going if row.journal["lines"]}
    if ordered:
        try:
            many.annul_lines(session, part.lines, ordered, UNDO_NUMBER, rules.today(), _reason())
        except Unready as unready:
            raise RuleBroken("", str(unready.examined.unfit[0].reason)) from unready
    documents = _documents(session, [part.students[row.subject_id][1].id for row in going if _writes_person(row)])
    notes = []
    for row in going:
        student, person = part.students[row.subject_id]
        fields = _put_back(session, row, student, person, documents.get(person.id, []))
        details = {"what": "import:applied", "at": brought.applied_at, "put_back": fields}
        notes.append(Note("student:undone", "student", row.subject_id, details))
    session.flush()
    touch_all(session, [part.students[row.subject_id][0] for row in going], now())
    audit.write(session, notes)


def _documents(session: Session, person_ids: Sequence[int]) -> dict[int, list[IdentityDocument]]:
    found: dict[int, list[IdentityDocument]] = {}
    if person_ids:
        for one in session.scalars(sa.select(IdentityDocument).where(IdentityDocument.person_id.in_(person_ids))):
            found.setdefault(one.person_id, []).append(one)
    return found


def _put_back(session: Session, row: Any, student: Student, person: Person, documents: Sequence[IdentityDocument]) -> list[str]:
    """The card and the person as they were; answers what the log keeps: names of fields, never a number."""
    journal: Mapping[str, Any] = row.journal
    fields: list[str] = []
    for record, kind in ((person, "was"), (student, "card")):
        for column, (before, after) in journal.get(kind, {}).items():
            if getattr(record, column) == after:
                setattr(record, column, before)
                fields.append(column)
    if journal.get("made") == "person":  # nothing but the names and the annulled enrolment is left of who was not there
        for column, empty in (("phone", ""), ("email", ""), ("address", ""), ("snils", None)):
            if getattr(person, column):
                setattr(person, column, empty)
                fields.append(column)
        person.is_in_dormitory = person.iin_needs_check = False
    if (journal.get("iin") or journal.get("made") == "person") and person.iin:
        person.iin = None
        fields.append("iin")
    if journal.get("record_book"):  # the number is free for whoever is entered with it again
        student.record_book_no = f"{student.record_book_no[:26]}/{student.public_id}"
    added = {tuple(pair) for pair in journal.get("documents", ())}
    for one in documents:
        if journal.get("made") == "person" or (one.type_code, one.number) in added:
            session.delete(one)
            fields.append("document")
    if corrected_at := journal.get("corrected_at"):
        people.take_correction_back(session, person.id, dt.datetime.fromisoformat(corrected_at), now())
    return fields


# ---------------------------------------------------------------------------------------------------------------- interns
def _plan_interns(session: Session, rows: Sequence[Any], *, is_held: bool = False) -> tuple[Plan, dict[str, Internship]]:
    found = Plan()
    records: dict[str, Internship] = {}
    for part in _chunks(rows):
        asked = sa.select(Internship).where(Internship.public_id.in_([row.subject_id for row in part])).order_by(Internship.id)
        if is_held:
            asked = asked.with_for_update(of=Internship).execution_options(populate_existing=True)
        records |= {one.public_id: one for one in session.scalars(asked)}
    for row in rows:
        one = records.get(row.subject_id)
        if one is None:
            found.keep(row, _("Записи больше нет"))
        elif one.version != row.journal["version"]:
            found.keep(row, _changed_by(one.updated_at, ""))
        else:
            found.goes.append(row)
    return found, records


def _take_interns_back(session: Session, found: Plan, records: Mapping[str, Internship]) -> None:
    withdraw(session, [records[row.subject_id] for row in found.goes if row.journal.get("made")])
    filled = [(records[row.subject_id], row.journal["was"]) for row in found.goes if row.journal.get("was")]
    empty_again(session, [(one, _days(one, was)) for one, was in filled])


def _days(one: Internship, was: Mapping[str, Any]) -> dict[str, Any]:
    """Before and after as the record keeps them: a day is a day again."""
    return {
        name: [dt.date.fromisoformat(before) if before and name in ("birth_date", "briefing_on") else before, after]
        for name, (before, after) in was.items()
    }
