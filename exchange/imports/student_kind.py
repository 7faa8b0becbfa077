"""Rosters of students: what differs from other uploads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.database import as_of
from exchange.imports import event_rows, events, recording, student_rows, vocabulary
from exchange.imports.checking import CheckedRow, Stale, row_words
from exchange.imports.kit.kept import say_of_students
from exchange.imports.models import Import
from exchange.imports.problems import Reading
from exchange.imports.recording import CARD, CHUNK, CONTACTS, STUDY
from exchange.imports.tables import Row
from exchange.organisations.models import Organisation
from exchange.people.models import IdentityDocument, Person
from exchange.reference import classifiers
from exchange.students.actions import find_doubles
from exchange.students.models import Student, StudyPeriod
from exchange.students.student_form import StudentForm

# What only a list of students has, and what only a list of interns has.
STUDIES = {"programme", "programme_code", "programme_name", "form", "funding"}
TERMS = {"kind", "starts_on", "ends_on", "period", "hours", "hours_planned", "briefing_on", "mentor", "sender"}
# What `compare` notes among the values of a row, beside what the file says.
FOUND = ("was_status", "known_person", "was_void")
# What an empty cell may empty, when the upload says so (Decisions.empty).
CLEARED = ("group", *CONTACTS, *CARD)


class StudentKind:
    """A university's roster."""

    name = "students"
    host: Organisation | None = None

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
        is_order = bool(reading.values.get("event"))
        reading.refuse(event_rows.forgive(reading, form.errors) if is_order else form.errors)
        for name, sentences in form.warnings.items():
            if name not in said and not is_order:
                for sentence in sentences:
                    reading.warn(name, sentence)
        if not reading.is_rejected:
            reading.checked = form

    # ------------------------------------------------------------------------------------------------- what would change
    def compare(self, session: Session, organisation: Organisation, rows: list[CheckedRow], as_of_on: dt.date) -> list[str]:
        """New, changed or unchanged; people of another university are refused with the contact of its office."""
        own = self._by_key(session, organisation, rows)
        keyed = {id(row): person_id for person_id, row in own.items()}
        candidates = [row.reading.checked.candidate(number, organisation.id) for number, row in enumerate(rows)]
        found = find_doubles(session, candidates)
        alike: dict[int, tuple[CheckedRow, str]] = {}
        for number, row in enumerate(rows):
            for double in found.get(number, ()):
                if double.is_own and double.by != "names":
                    first = own.setdefault(double.person_id, row)
                    if keyed.get(id(row), double.person_id) != double.person_id:
                        row.reading.remark("iin" if double.by == "iin" else "passport", double.sentence)
                    elif first is not row:
                        where = row_words(first, row)
                        row.reading.remark("iin", _("Тот же человек в строке %(row)s этого файла. Оставьте одну", row=where))
                    break
                if not double.is_own and double.refuses:
                    row.reading.remark("iin" if double.by == "iin" else "passport", double.sentence)
                    break
                if double.by == "names" and id(row) not in keyed:
                    if double.is_own:
                        alike.setdefault(double.person_id, (row, double.sentence))
                    else:
                        row.reading.warn("last_name", double.sentence)
                    break
        self._alike(session, organisation, alike)
        self._changes(session, organisation, own, as_of_on)
        self._strangers(rows)
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

    @staticmethod
    def _by_key(session: Session, organisation: Organisation, rows: list[CheckedRow]) -> dict[int, CheckedRow]:
        """Rows of a workbook that went out with keys: the person of the record that a key names, if it is one of ours."""
        by_key: dict[str, CheckedRow] = {}
        for row in rows:
            if key := row.reading.values.get("key"):
                first = by_key.setdefault(str(key), row)
                if first is not row:
                    where = row_words(first, row)
                    row.reading.remark("key", _("Тот же студент в строке %(row)s этого файла. Оставьте одну", row=where))
        own: dict[int, CheckedRow] = {}
        for part in recording.chunks(by_key):
            asked = sa.select(Student.person_id, Student.public_id)
            ours = asked.where(Student.public_id.in_(part), Student.organisation_id == organisation.id)
            for person_id, public_id in session.execute(ours):
                own.setdefault(person_id, by_key[public_id])
        return own

    @staticmethod
    def _alike(session: Session, organisation: Organisation, alike: dict[int, tuple[CheckedRow, str]]) -> None:
        """Who only has the same names is said; one of whom nothing but names is left, the entry taken back, is taken up."""
        bare: set[int] = set()
        for part in recording.chunks(alike):
            void = sa.select(StudyPeriod.person_id).where(
                StudyPeriod.person_id.in_(part), StudyPeriod.superseded_at.is_(None), StudyPeriod.status_code == "void",
                StudyPeriod.organisation_id == organisation.id,
            )  # fmt: skip
            other = sa.select(StudyPeriod.person_id).where(
                StudyPeriod.person_id.in_(part), StudyPeriod.superseded_at.is_(None), StudyPeriod.status_code != "void"
            )
            papers = sa.select(IdentityDocument.person_id).where(IdentityDocument.person_id.in_(part))
            asked = sa.select(Person.id).where(Person.id.in_(void), Person.iin.is_(None))
            bare.update(session.scalars(asked.where(Person.id.not_in(other), Person.id.not_in(papers))))
        for person_id, (row, sentence) in alike.items():
            if person_id in bare and not events.is_order(row):
                row.reading.values |= {"known_person": person_id, "was_void": True}
            else:
                row.reading.warn("last_name", sentence)

    @staticmethod
    def _strangers(rows: list[CheckedRow]) -> None:
        for row in rows:
            if events.is_order(row) and not row.subject_id and not row.reading.is_rejected:
                row.reading.remark(
                    "event", _("Такого студента в реестре вуза нет: приказ не к кому отнести. Проверьте ИИН или уберите строку")
                )

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
            void = set(
                session.scalars(
                    sa.select(StudyPeriod.student_id).where(
                        StudyPeriod.person_id.in_(part), StudyPeriod.superseded_at.is_(None), StudyPeriod.status_code == "void"
                    )
                )
            )
            best: dict[int, tuple[Student, Person, StudyPeriod | None]] = {}
            orders: list[tuple[CheckedRow, Student]] = []
            for student, person, found in rows:
                row = own[student.person_id]
                period: StudyPeriod | None = found
                if student.id in void:  # an entry that was taken back: the person may be entered anew
                    if student.person_id not in best and not events.is_order(row):
                        row.reading.values |= {"known_person": student.person_id, "was_void": True}
                    continue
                if student.person_id not in best or _rank(row, student, period) > _rank(row, *best[student.person_id][::2]):
                    best[student.person_id] = (student, person, period)
            for person_id, (student, person, period) in best.items():
                row = own[person_id]
                for name in ("known_person", "was_void"):
                    row.reading.values.pop(name, None)
                if events.is_order(row):
                    row.subject_id = student.public_id
                    orders.append((row, student))
                    continue
                if period is not None and not period.in_contingent and self._begins_anew(row, period):
                    row.reading.values["known_person"] = person_id
                    continue
                row.subject_id = student.public_id
                row.verdict = "unchanged"
                if period is None or not period.in_contingent:
                    self._absent(row, period, as_of_on)
                    continue
                self._differ(row, student, person, period, (person_id, row.reading.values.get("passport")) in numbers)
            events.foresee(session, orders)
            for row, student in orders:
                if row.verdict == "changed":
                    person = best[student.person_id][1]
                    self._differ(row, student, person, None, (person.id, row.reading.values.get("passport")) in numbers)

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

    def _differ(
        self, row: CheckedRow, student: Student, person: Person, period: StudyPeriod | None, knows_document: bool
    ) -> None:
        """Without a period only the card is compared: what is studied then follows from the order of the row."""
        values, human = row.reading.values, row.reading.checked.human()
        for name, column in STUDY.items() if period is not None else ():
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
        for name in CLEARED:
            of = period if name == "group" else person if name in CONTACTS else student
            now = getattr(of, STUDY.get(name, name), None)
            if name in values.get("cleared", ()) and now:
                row.changes[name] = [now, ""]
        if values.get("passport") and not knows_document:
            row.changes["passport"] = ["", values["passport"]]
        if person.iin is None and values.get("iin"):
            row.changes["iin"] = ["", values["iin"]]
        if row.changes:
            row.verdict = "changed"
            if period is not None:
                values["was_status"] = period.status_code

    # ---------------------------------------------------------------------------------------------------------- recording
    def apply(
        self, session: Session, organisation: Organisation, rows: list[CheckedRow], source: Import, today: dt.date
    ) -> dict[str, int]:
        """The same actions that the pages use, for all rows at once."""
        self._expect_no_news(session, organisation, rows, source)
        return recording.record(session, organisation, rows, source.as_of_on, source.file_name[:60])

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


def _rank(row: CheckedRow, student: Student, period: StudyPeriod | None) -> tuple[bool, bool, bool, bool, int]:
    """Of several enrolments of a person, which one a row speaks of: the one that its key names, else the likeliest."""
    is_named = row.reading.values.get("key") == student.public_id
    if period is None:
        return is_named, False, False, False, student.id
    same = period.programme_code == row.reading.values.get("programme")
    return is_named, True, period.in_contingent, same, student.id
