"""Scans of the small known world: three of kim (one at his newest order), one of kasymova, one of hers that was removed."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.files.models import Scan, ScanContent
from exchange.students.models import Order, OrderLine, Student
from tests.files.papers import pdf

if TYPE_CHECKING:
    from tests.world import World

# key -> student, kind of record, kind of scan, is it removed
SCANS = {
    "kim": ("kim", "student", "passport", False), "kim translated": ("kim", "student", "translation", False),
    "kim ordered": ("kim", "university_order", "order", False), "kasymova": ("kasymova", "student", "id_card", False),
    "kasymova removed": ("kasymova", "student", "contract", True),
}  # fmt: skip


def build(session: Session, world: World) -> None:
    """Adds the scans, without the actions that tests are about."""
    for number, (key, (name, record, kind, is_removed)) in enumerate(SCANS.items()):
        student = session.get_one(Student, world.students[name])
        subject_id = student.public_id
        if record == "university_order":
            newest = sa.select(Order).join(OrderLine).where(OrderLine.student_id == student.id).order_by(OrderLine.id.desc())
            subject_id = session.scalars(newest.limit(1)).one().public_id
        content = pdf(number + 1, seed=number)
        scan = Scan(
            organisation_id=student.organisation_id, subject_type=record, subject_id=subject_id, kind=kind,
            file_name=f"{kind}.pdf", media_type="application/pdf", size=len(content),
            sha256=hashlib.sha256(content).hexdigest(), pages=number + 1, uploaded_by="Tester",
            uploaded_at=dt.datetime(2026, 11, 2, 5, number, tzinfo=dt.UTC),
        )  # fmt: skip
        if is_removed:
            scan.removed_at, scan.removed_by = dt.datetime(2026, 11, 3, 5, tzinfo=dt.UTC), "Tester"
            scan.removal_reason = "договор другого студента"
        session.add(scan)
        session.flush()
        session.add(ScanContent(scan_id=scan.id, organisation_id=scan.organisation_id, content=content))
        world.scans[key] = scan.public_id
    session.flush()
