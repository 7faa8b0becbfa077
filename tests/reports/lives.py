"""Random lives of students: sequences of orders, annulments, changes of what is said of a person, and what follows from them.

What follows is worked out here a second time, from the order lines alone and without the code of the registry: whoever was in
the contingent on a day, as it was known at a moment, with everything that a slice asks for.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.organisations.models import Organisation
from exchange.people.actions import Human, change_facts_from
from exchange.students import ledger
from exchange.students.ledger import Entry, Impossible
from exchange.students.models import Order, OrderLine, Student
from exchange.students.orders import tell
from exchange.students.registration import Paper, Registration, register_students

FIRST, LAST = dt.date(2023, 9, 1), dt.date(2026, 11, 1)
COUNTED = {"studying", "mobility_out", "academic_leave", "maternity_leave", "military_leave"}
# status -> what an order may do there, and the status after it (status_transitions.csv)
TABLE: dict[str, dict[str, str]] = {
    "studying": {
        "next_course": "studying", "change_program": "studying", "change_funding": "studying", "go_mobility": "mobility_out",
        "leave_academic": "academic_leave", "leave_maternity": "maternity_leave", "leave_military": "military_leave",
        "expel": "expelled", "transfer_out": "transferred_out", "graduate": "graduated",
    },
    "mobility_out": {"return_mobility": "studying"},
    "academic_leave": {"return": "studying", "expel": "expelled"},
    "maternity_leave": {"return": "studying", "expel": "expelled"},
    "military_leave": {"return": "studying", "expel": "expelled"},
    "expelled": {"reinstate": "studying"},
}  # fmt: skip
FORMS, FUNDINGS, REGIONS = (
    ("full", "part", "extra"),
    ("federal_general", "quota", "contract_person"),
    ("630000000", "100000000"),
)
PROGRAMMES = {"09.03.01": "bachelor", "38.03.01": "bachelor", "09.04.01": "master"}


@dataclass
class Line:
    """An order line of a life: what it says, since when the registry knows it, and since when it is annulled."""

    id: int
    event: str
    on: dt.date
    fields: dict[str, Any]
    recorded: dt.datetime
    annulled: dt.datetime | None = None


@dataclass
class Life:
    """A student with everything that was ever recorded of him."""

    student_id: int
    person_id: int
    organisation_id: int
    region: str
    sex: str
    lines: list[Line] = field(default_factory=list)
    turns: list[tuple[dt.datetime, dt.date, str, Any]] = field(default_factory=list)

    def on(self, day: dt.date, known_at: dt.datetime) -> dict[str, Any] | None:
        """What a slice asks for, if he is in the contingent of the day as known then."""
        facts = {name: self._held(name, born, day, known_at) for name, born in self._born.items()}
        status, study = "", dict[str, Any]()
        for line in sorted(self.lines, key=lambda line: (line.on, line.id)):
            known = line.recorded <= known_at and (line.annulled is None or line.annulled > known_at)
            if not known or line.on > day:
                continue
            status = "studying" if line.event == "enrol" else TABLE[status][line.event]
            study |= line.fields
        if status not in COUNTED or facts["is_rf_citizen"]:
            return None
        return {**study, "region": facts["region"], "sex": self.sex, "organisation_id": self.organisation_id}

    @property
    def _born(self) -> dict[str, Any]:
        """What is said of him until something changes."""
        return {"is_rf_citizen": False, "region": self.region}

    def _held(self, name: str, born: Any, day: dt.date, known_at: dt.datetime) -> Any:
        """One fact on a day: what changed it last before that day, in whatever order the changes became known.

        A change is kept as its day and what holds since. Another one of the same day takes its place; what says only what
        holds anyway is no change, and nothing stops at it.
        """
        changes: dict[dt.date, Any] = {}
        for recorded, since, named, value in self.turns:
            if named != name or recorded > known_at:
                continue
            changes[since] = value
            ordered = sorted(changes.items())
            before = [born, *(held for _on, held in ordered)]
            changes = {on: held for (on, held), former in zip(ordered, before, strict=False) if held != former}
        return changes[max(past)] if (past := [on for on in changes if on <= day]) else born


class Lives:
    """A crowd of students that lives on, round by round."""

    def __init__(self, session: Session, many: int, seed: int, moment: dt.datetime) -> None:
        self.session, self.die = session, random.Random(seed)
        self.all = list(self._enrol(many, moment))
        self.students = {s.id: s for s in session.scalars(sa.select(Student))}

    def _enrol(self, many: int, moment: dt.datetime) -> Iterator[Life]:
        offices = self.session.scalars(
            sa.select(Organisation.id).where(Organisation.code.in_(["ASU", "ASU-RUB", "ASTU"])).order_by(Organisation.code)
        ).all()
        entered = []
        for number in range(many):
            programme, level = self.die.choice(list(PROGRAMMES.items()))
            study = {
                "programme_code": programme, "level_code": level, "form_code": self.die.choice(FORMS),
                "funding_code": self.die.choice(FUNDINGS), "course": 1, "group_name": "",
            }  # fmt: skip
            facts = {
                "surname": "Тестов", "name": f"Номер{'абвгдежзик'[number % 10]}", "sex": self.die.choice("MF"),
                "birth_date": dt.date(2000, 1, 1) + dt.timedelta(days=number), "region_code": self.die.choice(REGIONS),
            }  # fmt: skip
            entered.append((
                Registration(
                    organisation_id=self.die.choice(offices), study=study, human=Human(facts=facts),
                    paper=Paper("enrolment", "1-ст", FIRST), enrolled_on=self._day(FIRST),
                ),
                facts,
            ))  # fmt: skip
        students = register_students(self.session, [registration for registration, _facts in entered])
        lines = {line.student_id: line for line in self.session.scalars(sa.select(OrderLine))}
        for student, (registration, facts) in zip(students, entered, strict=True):
            life = Life(student.id, student.person_id, student.organisation_id, facts["region_code"], facts["sex"])
            line = lines[student.id]
            life.lines.append(Line(line.id, "enrol", line.effective_on, dict(registration.study), moment))
            yield life

    def _day(self, first: dt.date = FIRST) -> dt.date:
        return first + dt.timedelta(days=self.die.randrange((LAST - first).days))

    def _fields(self, event: str) -> dict[str, Any]:
        if event == "next_course":
            return {"course": self.die.randint(2, 4)}
        if event == "change_funding":
            return {"funding_code": self.die.choice(FUNDINGS)}
        if event == "change_program":
            programme, level = self.die.choice(list(PROGRAMMES.items()))
            return {"programme_code": programme, "level_code": level, "form_code": self.die.choice(FORMS)}
        return {}

    def go_on(self, moment: dt.datetime) -> int:
        """Records one thing more of most students; returns of how many."""
        told, rows, annulled = {}, {}, {}
        order = Order(
            organisation_id=self.all[0].organisation_id, type_code="expulsion", number=f"{moment:%H%M}", signed_on=LAST,
            recorded_at=moment,
        )  # fmt: skip
        self.session.add(order)
        self.session.flush()
        for life in self.all:
            what = self.die.random()
            if what < 0.04:
                name, value = self.die.choice([("is_rf_citizen", True), ("is_rf_citizen", False), ("region", REGIONS[0])])
                self._turn(life, self._day(), name, value, moment)
                continue
            left = [line for line in life.lines if line.annulled is None]
            removed = self.die.choice(left[1:]) if what < 0.2 and len(left) > 1 else None
            kept = [self._entry(line) for line in left if line is not removed]
            fresh = self._something(left)
            try:
                told[life.student_id] = ledger.periods_from(kept if removed else [*kept, fresh])
            except Impossible:
                continue
            if removed:
                annulled[life.student_id] = removed
                fresh = Entry(ledger.CANCEL, removed.on, {})
            rows[life.student_id] = {
                "order_id": order.id, "student_id": life.student_id, "organisation_id": life.organisation_id,
                "event": fresh.event, "effective_on": fresh.effective_on, "fields": fresh.fields, "recorded_at": moment,
                "cancels_line_id": removed.id if removed else None,
            }  # fmt: skip
        answer = self.session.execute(sa.insert(OrderLine).returning(OrderLine.student_id, OrderLine.id), list(rows.values()))
        added: dict[int, int] = dict(tuple(row) for row in answer)
        for life in self.all:
            if life.student_id in annulled:
                annulled[life.student_id].annulled = moment
            elif life.student_id in rows:
                row = rows[life.student_id]
                life.lines.append(Line(added[life.student_id], row["event"], row["effective_on"], row["fields"], moment))
        tell(self.session, [self.students[key] for key in told], told, added, moment)
        self.session.flush()
        return len(rows)

    def _something(self, left: list[Line]) -> Entry:
        """Mostly what fits after the last line, sometimes anything on any day."""
        last = max(left, key=lambda line: (line.on, line.id))
        if self.die.random() < 0.7 and last.on < LAST:
            status = "studying" if last.event == "enrol" else next(to[last.event] for to in TABLE.values() if last.event in to)
            event = self.die.choice(list(TABLE.get(status, TABLE["expelled"])))
            return Entry(event, self._day(last.on), self._fields(event))
        event = self.die.choice([event for events in TABLE.values() for event in events])
        return Entry(event, self._day(left[0].on), self._fields(event))

    def _turn(self, life: Life, day: dt.date, name: str, value: Any, moment: dt.datetime) -> None:
        column = "region_code" if name == "region" else name
        change_facts_from(self.session, life.person_id, day, {column: value}, moment)
        life.turns.append((moment, day, name, value))

    @staticmethod
    def _entry(line: Line) -> Entry:
        return Entry(line.event, line.on, line.fields, line.id)
