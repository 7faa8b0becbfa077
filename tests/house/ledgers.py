"""The periods that are stored against those that the ledger of students works out from their order lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.students.ledger import CANCEL, STUDY_FIELDS, Entry, periods_from
from exchange.students.models import OrderLine, StudyPeriod


def assert_ledgers_agree(session: Session, lines: Mapping[int, Sequence[OrderLine]]) -> None:
    """`lines`: all order lines by student. What the registry tells now is what its ledger would compute."""
    told: dict[int, set[tuple[object, ...]]] = {student: set() for student in lines}
    for period in session.scalars(sa.select(StudyPeriod).where(StudyPeriod.superseded_at.is_(None))):
        facts = tuple(getattr(period, name) for name in STUDY_FIELDS)
        if period.student_id in told:
            told[period.student_id].add((period.valid_from, period.valid_to, period.status_code, *facts))
    for student, all_lines in lines.items():
        annulled = {line.cancels_line_id for line in all_lines}
        entries = [
            Entry(line.event, line.effective_on, line.fields, line.id)
            for line in all_lines
            if line.event != CANCEL and line.id not in annulled
        ]
        computed = {
            (p.valid_from, p.valid_to, p.status_code, *(getattr(p, name) for name in STUDY_FIELDS))
            for p in periods_from(entries)
        }
        assert told[student] == computed, student
