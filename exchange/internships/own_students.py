"""A list of interns against the university's own register: which of its students each one is, or why nobody can tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.database import as_of
from exchange.errors import RuleBroken
from exchange.internships import rules
from exchange.internships.entry import Entry
from exchange.people.models import Person, PersonFacts
from exchange.people.names import skeleton
from exchange.students.models import Student, StudyPeriod

AT_ONCE = 400
Own = tuple[int, str]


def find_all(session: Session, offices: Sequence[int], entries: Sequence[Entry], today: dt.date) -> list[Own | RuleBroken]:
    """Of each entry the student (id and public id) of these offices, or the rule that it does not keep.

    A student is known by IIN and name, or by name and birth date, and has to study on the first day. Nobody is guessed.
    """
    found: list[Own | RuleBroken] = []
    for start in range(0, len(entries), AT_ONCE):
        part = entries[start : start + AT_ONCE]
        by_iin, by_surname = _students(session, offices, part, today)
        for entry in part:
            near = {
                row.period_id: row for row in (*by_iin.get(entry.iin or "", ()), *by_surname.get(skeleton(entry.surname), ()))
            }
            try:
                found.append(_one(entry, list(near.values())))
            except RuleBroken as broken:
                found.append(broken)
    return found


def _students(
    session: Session, offices: Sequence[int], entries: Iterable[Entry], today: dt.date
) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Study periods of who may be meant, by IIN and by the key of the surname: one query."""
    iins = {entry.iin for entry in entries if entry.iin}
    asked = (
        sa.select(
            Student.id, Student.public_id, Student.person_id, Student.organisation_id, Person.iin, PersonFacts.surname_key,
            PersonFacts.name_key, PersonFacts.birth_date, StudyPeriod.id.label("period_id"), StudyPeriod.valid_from,
            StudyPeriod.valid_to, StudyPeriod.in_contingent,
        )
        .join(Person, Person.id == Student.person_id)
        .join(PersonFacts, sa.and_(PersonFacts.person_id == Student.person_id, as_of(PersonFacts, today)))
        .join(StudyPeriod, StudyPeriod.student_id == Student.id)
        .where(
            Student.organisation_id.in_(offices), StudyPeriod.superseded_at.is_(None),
            sa.or_(Person.iin.in_(iins), PersonFacts.surname_key.in_({skeleton(entry.surname) for entry in entries})),
        )
        .order_by(Student.id)
    )  # fmt: skip
    by_iin: dict[str, list[Any]] = {}
    by_surname: dict[str, list[Any]] = {}
    for row in session.execute(asked):
        if row.iin:
            by_iin.setdefault(row.iin, []).append(row)
        by_surname.setdefault(row.surname_key, []).append(row)
    return by_iin, by_surname


def _one(entry: Entry, near: Sequence[Any]) -> Own:
    names = (skeleton(entry.surname), skeleton(entry.name))
    same_iin = [row for row in near if entry.iin and row.iin == entry.iin]
    namesakes = [row for row in near if (row.surname_key, row.name_key) == names and not (entry.iin and row.iin)]
    sure = [row for row in same_iin if (row.surname_key, row.name_key) == names]
    if same_iin and not sure:
        raise RuleBroken("iin", _("В вузе этот ИИН у студента с другим именем. Проверьте имя и ИИН"))
    sure = sure or [row for row in namesakes if entry.birth_date and row.birth_date == entry.birth_date]
    if not sure and namesakes and entry.birth_date is None:
        raise RuleBroken("born", _("По одному имени студента не узнать. Впишите дату рождения или ИИН"))
    if not sure:
        raise RuleBroken(
            "last_name",
            _("В вузе нет такого студента. Проверьте имя, дату рождения, ИИН. Студента другого вуза вносит его вуз"),
        )
    if len({row.person_id for row in sure}) > 1:
        raise RuleBroken("iin", _("В вузе несколько студентов с таким именем и датой рождения. Впишите ИИН"))
    day = entry.starts_on
    studying = [r for r in sure if r.in_contingent and r.valid_from <= day and (r.valid_to is None or r.valid_to > day)]
    if not studying:
        raise RuleBroken("starts_on", _("%(day)s этот студент в вузе не учится. Проверьте дату начала", day=rules.day(day)))
    # of two programmes the one at the office that the list names, then the newer one
    best = max(studying, key=lambda row: (row.organisation_id == entry.university_id, row.id))
    return best.id, best.public_id
