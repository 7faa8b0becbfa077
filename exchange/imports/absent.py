"""Who of the register is not in the file: counted and listed, never acted on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.imports.checking import Checked
from exchange.imports.controls import shown
from exchange.imports.models import Import, ImportRow
from exchange.people import name_keys
from exchange.people.models import Person, PersonFacts
from exchange.students.contingent import contingent_on
from exchange.students.models import Student, StudyPeriod


def count_of(session: Session, brought: Import, checked: Checked) -> dict[str, int]:
    """{"absent": n} for a list of students; people whose rows are refused or left out are in the file all the same."""
    if brought.kind != "students":
        return {}
    met = {row.subject_id for row in checked.rows if row.subject_id}
    others = [row.reading.values for row in checked.rows if not row.subject_id]
    return {"absent": len(_without(session, brought, met, others))}


def missing_from(session: Session, brought: Import, page: int, size: int) -> tuple[Sequence[Any], int]:
    """A page of students who were in the contingent on the day of the list and are not in it; and how many there are."""
    told = session.execute(sa.select(ImportRow.subject_id, ImportRow.values).where(ImportRow.import_id == brought.id)).all()
    met = {subject for subject, _values in told if subject}
    rest = sorted(
        _without(session, brought, met, [values for subject, values in told if not subject]),
        key=lambda one: (one.surname, one.name, one.public_id),
    )
    return rest[(page - 1) * size : page * size], len(rest)


def _without(session: Session, brought: Import, met: set[str], others: Iterable[Mapping[str, Any]]) -> list[Any]:
    """The contingent of the organisation without those who were met and those who are like the other rows."""
    asked = (
        contingent_on(brought.as_of_on)
        .join(Student, Student.id == StudyPeriod.student_id)
        .join(Person, Person.id == Student.person_id)
        .where(StudyPeriod.organisation_id == brought.organisation_id)
        .with_only_columns(
            Student.public_id, Person.iin, PersonFacts.surname, PersonFacts.name, PersonFacts.patronymic,
            StudyPeriod.programme_code, StudyPeriod.course, StudyPeriod.group_name,
            StudyPeriod.status_code,
        )
    )  # fmt: skip
    rest = [one for one in session.execute(asked) if one.public_id not in met]
    if not rest:
        return []
    numbers: set[str] = set()
    names: set[str] = set()
    for values in others:
        numbers.add(str(values.get("iin") or ""))
        names.add(_key(values.get("last_name"), values.get("first_name")))
    return [one for one in rest if not (one.iin and one.iin in numbers) and _key(one.surname, one.name) not in names]


def _key(surname: object, name: object) -> str:
    return name_keys.skeleton(f"{surname or ''} {name or ''}")


def in_words(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """For the page: who, and where he or she studies."""
    return [
        {
            "public_id": one.public_id,
            "name": " ".join(part for part in (one.surname, one.name, one.patronymic) if part),
            "programme": shown("programme", one.programme_code),
            "course": one.course,
            "group": one.group_name,
            "status": shown("status", one.status_code),
        }
        for one in rows
    ]
