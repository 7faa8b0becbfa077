"""Orders that a roster brings: what each would do with its student, and their recording by the actions of the pages."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.errors import RuleBroken
from exchange.imports.checking import CheckedRow, Stale
from exchange.reference import classifiers
from exchange.students import ledger, many
from exchange.students.ledger import Entry
from exchange.students.many import Unready, Wish
from exchange.students.models import Student
from exchange.students.order_kinds import ENROLMENTS
from exchange.students.orders import Foresight, entries_by_student

CHUNK = 500


def is_order(row: CheckedRow) -> bool:
    return bool(row.reading.values.get("event"))


def wish_of(said: Mapping[str, Any]) -> Wish:
    """The order as a page would send it."""
    return Wish(
        said["type"], said["event"], said["number"], dt.date.fromisoformat(said["signed_on"]),
        dt.date.fromisoformat(said["effective_on"]), dict(said["fields"]), bool(said["is_next"]),
    )  # fmt: skip


def foresee(session: Session, found: Sequence[tuple[CheckedRow, Student]]) -> None:
    """Gives rows with orders their verdicts: the order is there already, it changes the record, or it does not fit and why."""
    lines = entries_by_student(session, [student.id for _row, student in found])
    for row, student in found:
        wish = wish_of(row.reading.values["event"])
        if _is_on_file(lines[student.id], wish):
            row.verdict = "unchanged"
            continue
        if paper := _enrolled_by(lines[student.id], wish):
            row.reading.remark("event_order_number", paper)
            continue
        try:
            told = many.foresee_wish(student, lines[student.id], wish)
        except RuleBroken as broken:
            row.reading.remark(_field(broken.field), broken.message)
            continue
        row.verdict, row.told = "changed", told
        row.changes["event"] = [_before(told), _becomes(told)]


def _field(name: str) -> str:
    """The column that a rule speaks of."""
    return {
        "effective_on": "event_on", "signed_on": "event_order_date", "number": "event_order_number", "until": "event_until",
        "ground": "event_ground", "explanation": "event_ground", "course": "course",
    }.get(name, "event")  # fmt: skip


def _is_on_file(lines: Sequence[Entry], wish: Wish) -> bool:
    asked = (wish.event, wish.type_code, wish.number, wish.signed_on)
    return any((line.event, line.type_code, line.number, line.signed_on) == asked for line in lines)


def _enrolled_by(lines: Sequence[Entry], wish: Wish) -> str:
    """A sentence when the paper that stands in the row is the one by which the student was enrolled."""
    for line in lines:
        if line.type_code in ENROLMENTS and (line.number, line.signed_on) == (wish.number, wish.signed_on):
            return _(
                "Этим приказом студент зачислен. Добавьте столбцы «№ приказа о движении» и «Дата приказа о движении»",
            )
    return ""


def _before(told: Foresight) -> str:
    held = ledger.period_on(told.before, told.entry.effective_on)
    return _status(held) if held else ""


def _status(period: ledger.Period) -> str:
    name = classifiers.statuses()[period.status_code].name_ru.lower()
    return _("%(status)s, %(course)s курс", status=name, course=period.course) if period.course else name


def _becomes(told: Foresight) -> str:
    held = ledger.period_on(told.after, told.entry.effective_on)
    day = f"{told.entry.effective_on:%d.%m.%Y}"
    if held is None:
        return told.entry.paper
    status = _status(held) if held.in_contingent else classifiers.statuses()[held.status_code].name_ru.lower()
    return _("%(status)s с %(day)s, %(paper)s", status=status, day=day, paper=told.entry.paper)


def record(session: Session, rows: Sequence[CheckedRow]) -> None:
    """Puts the orders on file: those that say the same of many students by one act, one paper for each number and date."""
    said: dict[str, list[CheckedRow]] = {}
    for row in rows:
        if "event" in row.changes:
            said.setdefault(json.dumps(row.reading.values["event"], sort_keys=True), []).append(row)
    # an order that works earlier is recorded earlier: the later one may stand on it
    for group in sorted(said.values(), key=lambda group: str(group[0].reading.values["event"]["effective_on"])):
        wish = wish_of(group[0].reading.values["event"])
        for start in range(0, len(group), CHUNK):
            part = group[start : start + CHUNK]
            try:
                many.record_many(session, _seen(session, [row.subject_id for row in part]), wish)
            except Unready:
                raise Stale(part[0].reading.row.number) from None


def _seen(session: Session, public_ids: Sequence[str]) -> dict[str, int]:
    asked = sa.select(Student.public_id, Student.version).where(Student.public_id.in_(public_ids))
    return {public_id: version for public_id, version in session.execute(asked)}  # noqa: C416  (typed)
