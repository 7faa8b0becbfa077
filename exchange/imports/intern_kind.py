"""Lists of interns: what differs from other uploads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.imports import intern_rows, vocabulary
from exchange.imports.checking import CheckedRow
from exchange.imports.kit.kept import say_of_interns
from exchange.imports.models import Import
from exchange.imports.problems import Reading
from exchange.imports.tables import Row
from exchange.internships import queries
from exchange.internships.actions import FILLED_LATER, Logged, log_internships
from exchange.internships.entry import Entry
from exchange.internships.forms import InternForm
from exchange.internships.models import Internship
from exchange.internships.stages import Kind as Sort
from exchange.internships.universities import Universities, universities
from exchange.organisations.models import Organisation

# What only a list of interns has, and what only a list of students has.
TERMS = {"starts_on", "ends_on", "period"}
STUDIES = {"programme", "programme_code", "level", "course", "group", "form", "funding", "order", "order_number"}


class InternKind:
    """An enterprise's list: practice of students, internships of specialists."""

    name = "interns"
    host: Organisation | None = None  # whose list it is, when not of the one who brings it

    def fields(self, heading: str) -> Iterable[tuple[str, float]]:
        return vocabulary.recognise_heading(heading, self.name)

    def mistaken(self, headings: list[str]) -> str:
        if (
            vocabulary.fields_among(headings, self.name) & TERMS
            or len(vocabulary.fields_among(headings, "students") & STUDIES) < 3
        ):
            return ""
        return _("Похоже, это список студентов: есть направление и форма обучения, нет сроков. Загрузите список практикантов")

    def prepare(self, session: Session) -> Universities:
        return universities(session)

    def read(self, row: Row, today: dt.date) -> Reading:
        return intern_rows.read(row, today=today)

    def validate(self, reading: Reading, known: Universities, today: dt.date) -> None:
        """The enterprise's own form, filled by the row."""
        if not reading.values.get("kind") and not any(p.field == "kind" for p in reading.problems):
            self._guess_kind(reading, known)
        form = InternForm.from_row(reading.values, known=known, today=today)
        form.validate()
        reading.refuse(form.errors)
        for name, sentences in form.warnings.items():
            for sentence in sentences:
                reading.warn(name, sentence)
        if not reading.is_rejected:
            reading.checked = form.entry()

    @staticmethod
    def _guess_kind(reading: Reading, known: Universities) -> None:
        """Who comes from a university is a student, who comes from a company is a specialist; both are said."""
        sender = str(reading.values.get("sender") or "")
        if sender and known.match(sender):
            reading.values["kind"] = Sort.PRACTICE.value
            reading.warn("kind", _("Вид не указан: направил вуз, принято «практика». Если это не так, укажите вид"))
        elif vocabulary.is_company(sender):
            reading.values["kind"] = Sort.SPECIALIST.value
            reading.warn("kind", _("Вид не указан: направила организация, принято «стажировка». Если это не так, укажите вид"))
        else:
            reading.remark("kind", reading.lack("kind"))

    def compare(self, session: Session, organisation: Organisation, rows: list[CheckedRow], as_of_on: dt.date) -> list[str]:
        """Who is here already, and whom a university has to recognise first."""
        if not rows:
            return []
        entries = [row.reading.checked for row in rows]
        first, last = min(e.starts_on for e in entries), max(e.ends_on for e in entries)
        known = queries.KnownPeople(queries.known_between(session, organisation.id, first, last))
        named = queries.known_by_id(
            session, organisation.id, [row.reading.values["key"] for row in rows if "key" in row.reading.values]
        )
        same: dict[int, CheckedRow] = {}
        for row, entry in zip(rows, entries, strict=True):
            key = named.get(row.reading.values.get("key", ""))
            key = key if key is not None and key.is_of(entry) else None
            found = known.same(entry, entry.keys()["sort_key"])
            if found is None and key is not None:
                if (key.kind, key.starts_on) != (entry.kind, entry.starts_on):
                    day = f"{key.starts_on:%d.%m.%Y}"
                    row.reading.remark(
                        "starts_on",
                        _("Вид или первый день не тот, что в записи (%(day)s). Измените их в карточке практиканта", day=day),
                    )
                    continue
                found = key
            if found is not None:
                row.verdict, row.subject_id = "unchanged", found.public_id
                same[found.id] = row
            else:
                self.say_of_new(row, entry)
        for one in _found(session, list(same)):
            row = same[one.id]
            say_of_interns(row, one, FILLED_LATER)
            if not self.fills(one):
                self.say_of_theirs(row, one)
                continue
            for name in FILLED_LATER:
                fresh = getattr(row.reading.checked, name)
                if fresh not in (None, "") and getattr(one, name) in (None, ""):
                    row.changes[name] = [None, str(fresh)]
            if row.changes:
                row.verdict = "changed"
        return []

    def say_of_new(self, row: CheckedRow, entry: Entry) -> None:
        """What to know of a row that will be a new record."""
        if entry.kind == Sort.PRACTICE:
            row.reading.warn("sender", _("Студента должен узнать вуз: запись будет принята и подождёт, пока вуз её согласует"))

    def fills(self, one: Internship) -> bool:
        """Whether who brings the list may fill in what the record lacks."""
        return True

    def say_of_theirs(self, row: CheckedRow, one: Internship) -> None:
        """What to know of a row whose record others fill in."""

    def log(
        self, session: Session, organisation: Organisation, rows: list[CheckedRow], source: Import, today: dt.date
    ) -> Logged:
        """Writes the rows down. Rows that met a record keep to it, also where they spell the names otherwise."""
        return log_internships(session, organisation.id, [row.reading.checked for row in rows], today, met_by(rows))

    def apply(
        self, session: Session, organisation: Organisation, rows: list[CheckedRow], source: Import, today: dt.date
    ) -> dict[str, int]:
        """The same action that the form uses, for all rows at once."""
        before = _states(session, [row.subject_id for row in rows if row.subject_id])
        logged = self.log(session, organisation, rows, source, today)
        for position, public_id in logged.public_ids.items():
            rows[position].subject_id = public_id
        session.flush()
        after = _states(session, list(logged.public_ids.values()))
        created = set(logged.created)
        for position in (*logged.created, *logged.filled):
            row = rows[position]
            left = after[row.subject_id]
            row.journal["version"] = left["version"]
            if position in created:
                row.journal["made"] = "internship"
            else:
                was = before[row.subject_id]
                row.journal["was"] = {
                    name: [was[name], left[name]] for name in (*FILLED_LATER, "status") if was[name] != left[name]
                }
        return {"new": len(logged.created), "changed": len(logged.filled)}


def met_by(rows: list[CheckedRow]) -> dict[int, str]:
    """Position -> the record that the check found for it."""
    return {position: row.subject_id for position, row in enumerate(rows) if row.verdict == "changed"}


def _states(session: Session, public_ids: list[str]) -> dict[str, dict[str, Any]]:
    """Records by public id: what a list may fill in, and their versions; days as texts, to be kept in a journal."""
    columns = [getattr(Internship, name) for name in (*FILLED_LATER, "status", "version")]
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(public_ids), 500):
        part = public_ids[start : start + 500]
        asked = sa.select(Internship.public_id, *columns).where(Internship.public_id.in_(part))
        for public_id, *values in session.execute(asked):
            told = [value.isoformat() if isinstance(value, dt.date) else value for value in values]
            found[public_id] = dict(zip((*FILLED_LATER, "status", "version"), told, strict=True))
    return found


def _found(session: Session, ids: list[int]) -> Iterator[Internship]:
    """The records with these ids, some hundreds a query."""
    for start in range(0, len(ids), 500):
        yield from session.scalars(sa.select(Internship).where(Internship.id.in_(ids[start : start + 500])))
