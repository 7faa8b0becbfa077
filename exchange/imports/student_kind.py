"""Rosters of students: what differs from other uploads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.database import as_of
from exchange.imports import student_rows, vocabulary
from exchange.imports.checking import CheckedRow, Stale, row_words
from exchange.imports.kit.kept import say_of_students
from exchange.imports.models import Import
from exchange.imports.problems import Reading
from exchange.imports.tables import Row
from exchange.organisations.models import Organisation
from exchange.people.actions import Document
from exchange.people.models import IdentityDocument, Person
from exchange.reference import classifiers
from exchange.students.actions import find_doubles
from exchange.students.models import Student, StudyPeriod
from exchange.students.registration import Registration, Stated, register_students
from exchange.students.statements import record_statements
from exchange.students.student_form import StudentForm

CHUNK = 500
# What only a list of students has, and what only a list of interns has.
STUDIES = {"programme", "programme_code", "programme_name", "form", "funding"}
TERMS = {"kind", "starts_on", "ends_on", "period", "hours", "hours_planned", "briefing_on", "mentor", "sender"}
# What `compare` notes among the values of a row, beside what the file says.
FOUND = ("was_status", "known_person")
# field of the form -> column of a study period
STUDY = {
    "programme": "programme_code", "level": "level_code", "form": "form_code", "funding": "funding_code", "course": "course",
    "group": "group_name", "status": "status_code",
}  # fmt: skip
CONTACTS = {"phone": "phone", "email": "email", "address": "address"}
CARD = {"faculty": "faculty"}


class StudentKind:
    """A university's roster."""

    name = "students"

    def fields(self, heading: str) -> Iterable[tuple[str, float]]:
        return vocabulary.recognise_heading(heading, self.name)

    def mistaken(self, headings: list[str]) -> str:
        if (
            vocabulary.fields_among(headings, self.name) & STUDIES
            or len(vocabulary.fields_among(headings, "interns") & TERMS) < 3
        ):
            return ""
        return _(
            "Похоже, это список практикантов: есть сроки и часы, нет направления и формы обучения. Загрузите список студентов"
        )

    def prepare(self, session: Session) -> None:
        return None

    def read(self, row: Row, today: dt.date) -> Reading:
        return student_rows.read(row, today=today)

    def validate(self, reading: Reading, known: None, today: dt.date) -> None:
        """The form of one student, filled by the row; a warning that the row has already is not said twice."""
        form = StudentForm.from_row(reading.values, today=today)
        form.validate()
        said = {problem.field for problem in reading.problems}
        reading.refuse(form.errors)
        for name, sentences in form.warnings.items():
            if name not in said:
                for sentence in sentences:
                    reading.warn(name, sentence)
        if not reading.is_rejected:
            reading.checked = form

    # ------------------------------------------------------------------------------------------------- what would change
    def compare(self, session: Session, organisation: Organisation, rows: list[CheckedRow], as_of_on: dt.date) -> list[str]:
        """New, changed or unchanged; people of another university are refused with the contact of its office."""
        candidates = [row.reading.checked.candidate(number, organisation.id) for number, row in enumerate(rows)]
        found = find_doubles(session, candidates)
        own: dict[int, CheckedRow] = {}
        for number, row in enumerate(rows):
            for double in found.get(number, ()):
                if double.is_own and double.by != "names":
                    first = own.setdefault(double.person_id, row)
                    if first is not row:
                        where = row_words(first, row)
                        row.reading.remark("iin", _("Тот же человек в строке %(row)s этого файла. Оставьте одну", row=where))
                    break
                if not double.is_own and double.refuses:
                    row.reading.remark("iin" if double.by == "iin" else "passport", double.sentence)
                    break
                if double.by == "names":
                    row.reading.warn("last_name", double.sentence)
                    break
        self._changes(session, organisation, own, as_of_on)
        say_of_students(session, rows, as_of_on)
        resting = sum(row.reading.values.get("status") not in (None, "", "studying") for row in rows)
        notes = []
        if resting:
            notes.append(
                _(
                    "В отпуске или на обмене по списку: %(count)s. Внесите приказы в карточках: тогда будут видны точные даты",
                    count=resting,
                )
            )
        return notes

    def _changes(self, session: Session, organisation: Organisation, own: dict[int, CheckedRow], as_of_on: dt.date) -> None:
        """What the roster says otherwise than the register, field by field. An empty cell changes nothing."""
        ids = sorted(own)
        for start in range(0, len(ids), CHUNK):
            part = ids[start : start + CHUNK]
            rows = session.execute(
                sa.select(Student, Person, StudyPeriod)
                .join(Person, Person.id == Student.person_id)
                .outerjoin(StudyPeriod, sa.and_(StudyPeriod.student_id == Student.id, as_of(StudyPeriod, as_of_on)))
                .where(Student.person_id.in_(part), Student.organisation_id == organisation.id)
            ).all()
            numbers = set(
                session.execute(
                    sa.select(IdentityDocument.person_id, IdentityDocument.number).where(IdentityDocument.person_id.in_(part))
                ).all()
            )
            best: dict[int, tuple[Student, Person, StudyPeriod | None]] = {}
            for student, person, found in rows:
                row = own[student.person_id]
                period: StudyPeriod | None = found
                if student.person_id not in best or _rank(row, student, period) > _rank(row, *best[student.person_id][::2]):
                    best[student.person_id] = (student, person, period)
            for person_id, (student, person, period) in best.items():
                row = own[person_id]
                if period is not None and not period.in_contingent and self._begins_anew(row, period):
                    row.reading.values["known_person"] = person_id
                    continue
                row.subject_id = student.public_id
                row.verdict = "unchanged"
                if period is None or not period.in_contingent:
                    self._absent(row, period, as_of_on)
                    continue
                self._differ(row, student, person, period, (person_id, row.reading.values.get("passport")) in numbers)

    @staticmethod
    def _begins_anew(row: CheckedRow, period: StudyPeriod) -> bool:
        """After the end of one programme an order enrols the same person to another: a graduate's master's degree."""
        registration = row.reading.checked.registration(0)
        return (
            registration.enrolled_on is not None
            and registration.enrolled_on >= period.valid_from
            and registration.study["programme_code"] != period.programme_code
        )

    def _absent(self, row: CheckedRow, period: StudyPeriod | None, as_of_on: dt.date) -> None:
        day = f"{as_of_on:%d.%m.%Y}"
        if period is None:
            row.reading.warn(
                "status", _("По реестру на %(day)s студент ещё не учится: запись не изменится. Проверьте дату списка", day=day)
            )
            return
        status = classifiers.statuses()[period.status_code].name_ru.lower()
        row.reading.remark(
            "status",
            _("В реестре на %(day)s: %(status)s. Внесите приказ о восстановлении или уберите строку", day=day, status=status),
        )

    def _differ(self, row: CheckedRow, student: Student, person: Person, period: StudyPeriod, knows_document: bool) -> None:
        values, human = row.reading.values, row.reading.checked.human()
        for name, column in STUDY.items():
            fresh, now = str(values.get(name) or ""), getattr(period, column)
            if fresh and fresh != str(now if now is not None else ""):
                row.changes[name] = [now, fresh]
        for name, column in CONTACTS.items():
            fresh = str(values.get(name) or "")
            if fresh and getattr(human, column) not in (None, "", getattr(person, column)):
                row.changes[name] = [getattr(person, column), fresh]
        for name, column in CARD.items():
            fresh = str(values.get(name) or "")
            if fresh and fresh != getattr(student, column):
                row.changes[name] = [getattr(student, column), fresh]
        if values.get("passport") and not knows_document:
            row.changes["passport"] = ["", values["passport"]]
        if person.iin is None and values.get("iin"):
            row.changes["iin"] = ["", values["iin"]]
        if row.changes:
            row.verdict = "changed"
            values["was_status"] = period.status_code

    # ---------------------------------------------------------------------------------------------------------- recording
    def apply(
        self, session: Session, organisation: Organisation, rows: list[CheckedRow], source: Import, today: dt.date
    ) -> dict[str, int]:
        """The same actions that the pages use, for all rows at once."""
        self._expect_no_news(session, organisation, rows, source)
        new = [row for row in rows if row.verdict == "new"]
        registrations = [self._registration(row, organisation.id, source) for row in new]
        students = register_students(session, registrations, source="import")
        for row, student in zip(new, students, strict=True):
            row.subject_id = student.public_id
        self._complete_known(session, new)
        changed = [row for row in rows if row.verdict == "changed"]
        self._record_changes(session, organisation.id, changed, source)
        session.flush()
        return {"new": len(new), "changed": len(changed)}

    def _complete_known(self, session: Session, rows: list[CheckedRow]) -> None:
        """Documents and contacts of those who were in the register already, with another programme."""
        known = {int(person_id): row for row in rows if (person_id := row.reading.values.get("known_person"))}
        ids = sorted(known)
        for start in range(0, len(ids), CHUNK):
            part = ids[start : start + CHUNK]
            held = sa.select(IdentityDocument).where(IdentityDocument.person_id.in_(part))
            documents = {(d.person_id, d.type_code, d.number) for d in session.scalars(held)}
            for person in session.scalars(sa.select(Person).where(Person.id.in_(part))):
                human = known[person.id].reading.checked.human()
                for column in CONTACTS.values():
                    setattr(person, column, getattr(human, column) or getattr(person, column))
                for document in human.documents:
                    if (person.id, document.type_code, document.number) not in documents:
                        session.add(_document_of(person, document))

    def _expect_no_news(self, session: Session, organisation: Organisation, rows: list[CheckedRow], source: Import) -> None:
        """Between the check and now somebody may have brought the same people: then nothing is recorded twice."""
        again = []
        for row in rows:
            values = {name: value for name, value in row.reading.values.items() if name not in FOUND}
            again.append(CheckedRow(Reading(row.reading.row, values, checked=row.reading.checked)))
        self.compare(session, organisation, again, source.as_of_on)
        for row, now in zip(rows, again, strict=True):
            same = (now.verdict, now.changes, now.reading.values.get("known_person"))
            if now.reading.is_rejected or same != (row.verdict, row.changes, row.reading.values.get("known_person")):
                raise Stale(row.reading.row.number)

    def _registration(self, row: CheckedRow, organisation_id: int, source: Import) -> Registration:
        """The enrolment by its order; what the roster says of a later day is a statement of that day."""
        values = row.reading.values
        registration: Registration = row.reading.checked.registration(organisation_id, person_id=values.get("known_person"))
        study = dict(registration.study)
        status = values.get("status") or "studying"
        begins = registration.enrolled_on
        number = source.file_name[:60]
        if registration.paper is None or begins is None:
            said = {**study, "status_code": status}
            return replace(
                registration, study=study, paper=None, enrolled_on=None, stated=Stated(source.as_of_on, said, number)
            )
        if begins > source.as_of_on or (begins >= academic_year_of(source.as_of_on) and status == "studying"):
            return registration
        said = {"course": study["course"], "group_name": study["group_name"], "status_code": status}
        if begins < academic_year_of(source.as_of_on):
            study |= {"course": None, "group_name": ""}
        day = max(source.as_of_on, begins + dt.timedelta(days=1))
        return replace(registration, study=study, stated=Stated(day, {k: v for k, v in said.items() if v}, number))

    def _record_changes(self, session: Session, organisation_id: int, rows: list[CheckedRow], source: Import) -> None:
        by_public_id = {row.subject_id: row for row in rows}
        keys = sorted(by_public_id)
        stated: dict[int, dict[str, Any]] = {}
        for start in range(0, len(keys), CHUNK):
            found = session.execute(
                sa.select(Student, Person)
                .join(Person, Person.id == Student.person_id)
                .where(Student.public_id.in_(keys[start : start + CHUNK]))
            )
            for student, person in found:
                row = by_public_id[student.public_id]
                said = {STUDY[name]: pair[1] for name, pair in row.changes.items() if name in STUDY}
                if said:
                    if "course" in said:
                        said["course"] = int(said["course"])
                    said.setdefault("status_code", row.reading.values.get("was_status") or "studying")
                    stated[student.id] = said
                self._record_card(session, row, student, person)
        record_statements(session, organisation_id, source.file_name[:60], source.as_of_on, stated)

    def _record_card(self, session: Session, row: CheckedRow, student: Student, person: Person) -> None:
        human = row.reading.checked.human()
        for name, column in CONTACTS.items():
            if name in row.changes:
                setattr(person, column, getattr(human, column))
        for name, column in CARD.items():
            if name in row.changes:
                setattr(student, column, str(row.reading.values[name])[:200])
        if "iin" in row.changes:
            person.iin = human.iin
        if "passport" in row.changes:
            for document in human.documents:
                session.add(_document_of(person, document))


def _document_of(person: Person, document: Document) -> IdentityDocument:
    return IdentityDocument(
        person_id=person.id, organisation_id=person.organisation_id, type_code=document.type_code, number=document.number,
        issued_by=document.issued_by, issued_on=document.issued_on, valid_until=document.valid_until,
    )  # fmt: skip


def _rank(row: CheckedRow, student: Student, period: StudyPeriod | None) -> tuple[bool, bool, bool, int]:
    """Of several enrolments of a person, which one a row speaks of."""
    if period is None:
        return False, False, False, student.id
    return True, period.in_contingent, period.programme_code == row.reading.values.get("programme"), student.id


def academic_year_of(day: dt.date) -> dt.date:
    """The first day on which an enrolment belongs to the academic year of a day: orders are signed from July on."""
    return dt.date(day.year if day.month >= 8 else day.year - 1, 7, 1)
