"""Questions about issued certificates."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.certificates.models import Certificate
from exchange.errors import NotFound
from exchange.students.models import Student


def certificates_of(session: Session, student: Student) -> Sequence[Certificate]:
    """Those of one student, newest first."""
    asked = sa.select(Certificate).where(Certificate.student_id == student.id)
    return session.scalars(asked.order_by(Certificate.id.desc())).all()


def certificate_of(session: Session, student: Student, public_id: str) -> Certificate:
    """One of this student; raises NotFound."""
    asked = sa.select(Certificate).where(Certificate.public_id == public_id, Certificate.student_id == student.id)
    found = session.scalar(asked)
    if found is None:
        raise NotFound
    return found


def last_number(session: Session, organisation_id: int, year: int) -> int:
    """The last number that the university gave in a year."""
    asked = sa.select(sa.func.max(Certificate.number)).where(
        Certificate.organisation_id == organisation_id, Certificate.year == year
    )
    return session.scalar(asked) or 0
