"""What a row of a template says otherwise than the register and a list does not change: it is said, never passed over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.database import as_of
from exchange.imports.problems import Reading
from exchange.imports.tables import text_of
from exchange.internships.models import Internship
from exchange.people.models import Person, PersonFacts
from exchange.students.models import Student

CHUNK = 500


class Row(Protocol):
    """A checked row, as far as it matters here."""

    reading: Reading
    subject_id: str


# field of the list -> column of the facts
FACTS = {
    "last_name": "surname", "first_name": "name", "patronymic": "patronymic", "last_name_kk": "surname_kk",
    "first_name_kk": "name_kk", "patronymic_kk": "patronymic_kk", "last_name_lat": "surname_lat", "first_name_lat": "name_lat",
    "sex": "sex", "born": "birth_date", "citizenship": "citizenship", "region": "region_code", "district": "district_code",
    "settlement": "settlement",
}  # fmt: skip
# column of an internship -> field of the list
OF_INTERNS = {
    "hours_done": "hours", "birth_date": "born", "outcome": "hired", "surname": "last_name", "name": "first_name",
    "university_id": "sender",
}  # fmt: skip


def _keyed(rows: Sequence[Row]) -> dict[str, Row]:
    """Rows of templates by the record that they met: only there a cell is what somebody changed."""
    return {row.subject_id: row for row in rows if row.subject_id and row.reading.values.get("key") == row.subject_id}


def _parts(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def say_of_students(session: Session, rows: Sequence[Row], day: dt.date) -> None:
    """Names, birth, origin, number of the file, planned end: they are corrected in the card."""
    met = _keyed(rows)
    for part in _parts(sorted(met)):
        asked = (
            sa.select(Student.public_id, Student.record_book_no, Student.planned_end_on, Person.iin, PersonFacts)
            .join(Person, Person.id == Student.person_id)
            .join(PersonFacts, sa.and_(PersonFacts.person_id == Student.person_id, as_of(PersonFacts, day)))
            .where(Student.public_id.in_(part))
        )
        for public_id, record_book, planned_end, iin, facts in session.execute(asked):
            row = met[public_id]
            form, said = row.reading.checked, row.reading.checked.facts()
            pairs = {name: (said[column], getattr(facts, column)) for name, column in FACTS.items()}
            pairs["record_book"] = (form.record_book.text, record_book)
            pairs["planned_end"] = (form.planned_end.day, planned_end)
            pairs["iin"] = (form.iin.data if iin else "", iin)
            for name, (fresh, now) in pairs.items():
                if fresh and fresh != now and text_of(row.reading.row.cells.get(name)):
                    row.reading.warn(name, _("В реестре иначе, а список этого не меняет. Исправьте в карточке студента"))


def say_of_interns(row: Row, one: Internship, columns: Sequence[str]) -> None:
    """What the record has already stays as it is."""
    if row.reading.values.get("key") != one.public_id:
        return
    entry: Any = row.reading.checked
    names = () if entry.keys()["sort_key"] == one.sort_key else ("surname", "name", "patronymic")
    for column in (*names, *columns, "ends_on", "university_id"):
        fresh, now = getattr(entry, column), getattr(one, column)
        name = OF_INTERNS.get(column, column)
        if fresh not in (None, "") and now not in (None, "") and fresh != now and text_of(row.reading.row.cells.get(name)):
            row.reading.warn(name, _("В записи иначе, а список этого не меняет. Измените в карточке практиканта"))
