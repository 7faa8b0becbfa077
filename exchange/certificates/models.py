"""A certificate that was issued. Numbered by the university, never changed: the same paper is made again from what is kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.access.actor import author
from exchange.database import Base, Moment, new_public_id, now

STUDIES, PERIOD = "studies", "period"
LONGEST_ADDRESSEE = 200


class Certificate(Base):
    """One line of the register of issued certificates. Two papers: that somebody studies now, and a period of study."""

    __tablename__ = "certificate"
    __table_args__ = (
        sa.CheckConstraint(f"kind in ('{STUDIES}', '{PERIOD}')", name="kind_is_known"),
        sa.CheckConstraint("number > 0", name="number_is_positive"),
        sa.UniqueConstraint("organisation_id", "year", "number"),
        sa.Index("ix_certificate_student_id", "student_id", "id"),
        {"comment": "register of issued certificates; append-only"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(12), unique=True, default=new_public_id, comment="id in addresses")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="university or branch that issues")
    student_id: Mapped[int] = mapped_column(sa.ForeignKey("student.id"), comment="to whom")
    kind: Mapped[str] = mapped_column(sa.String(20), comment="studies: studies now; period: studied from and until")
    year: Mapped[int] = mapped_column(comment="year of the number")
    number: Mapped[int] = mapped_column(comment="number in the year, without gaps, never given twice")
    issued_on: Mapped[dt.date] = mapped_column(comment="date of the paper")
    stated_on: Mapped[dt.date] = mapped_column(comment="day for which it speaks")
    addressee: Mapped[str] = mapped_column(sa.String(LONGEST_ADDRESSEE), comment="where it is to be shown")
    languages: Mapped[str] = mapped_column(sa.String(20), default="", comment="languages beside Russian, by commas: kk, en")
    content: Mapped[dict[str, Any]] = mapped_column(comment="everything that stands on the paper, as it was known then")
    sha256: Mapped[str] = mapped_column(sa.String(64), comment="hash of the file as it was issued")
    recorded_at: Mapped[dt.datetime] = mapped_column(Moment, default=now, comment="when it was issued; what was known then")
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), comment="who issued it")
    recorded_by: Mapped[str] = mapped_column(sa.String(200), default=author, comment="name of who issued it")

    @property
    def mark(self) -> str:
        """«12/2026»."""
        return f"{self.number}/{self.year}"
