"""A transfer of a student between two universities: one row that both see."""

from __future__ import annotations

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.database import Base, Moment, new_public_id, now


class State(enum.StrEnum):
    """requested: the new university asked; sent: the old one let go; accepted, declined, withdrawn: it is over."""

    REQUESTED = "requested"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN = (State.REQUESTED, State.SENT)


class Transfer(Base):
    """A request or an offer. It says nothing of the person but what the asking side typed itself, with masked numbers."""

    __tablename__ = "transfer"
    __table_args__ = (
        sa.CheckConstraint("from_organisation_id <> to_organisation_id", name="sides_differ"),
        sa.CheckConstraint("state in ('requested', 'sent', 'accepted', 'declined', 'withdrawn')", name="state_is_known"),
        sa.Index("ix_transfer_from_organisation_id", "from_organisation_id", "state"),
        sa.Index("ix_transfer_to_organisation_id", "to_organisation_id", "state"),
        sa.Index(
            "uq_transfer_open",
            "person_id",
            "to_organisation_id",
            unique=True,
            sqlite_where=sa.text("state in ('requested', 'sent')"),
            postgresql_where=sa.text("state in ('requested', 'sent')"),
        ),
        {"comment": "transfers of students between universities"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(12), unique=True, default=new_public_id, comment="id in addresses")
    from_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="university that lets go")
    to_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="university that takes")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="whom; the asking side can't read the person")
    student_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("student.id"), comment="enrolment that ends; empty: not sent yet"
    )
    state: Mapped[str] = mapped_column(sa.String(10), comment="requested, sent, accepted, declined, withdrawn")
    asked_number: Mapped[str] = mapped_column(sa.String(40), default="", comment="number that was asked by, masked")
    asked_birth_date: Mapped[dt.date | None] = mapped_column(comment="birth date that was asked by")
    planned_on: Mapped[dt.date | None] = mapped_column(comment="day on which the new study is to begin")
    note: Mapped[str] = mapped_column(sa.String(400), default="", comment="note of the asking side")
    order_number: Mapped[str] = mapped_column(sa.String(60), default="", comment="order by which the person left")
    order_signed_on: Mapped[dt.date | None] = mapped_column(comment="its date")
    left_on: Mapped[dt.date | None] = mapped_column(comment="first day on which the person no longer studies there")
    has_history: Mapped[bool] = mapped_column(default=False, comment="the sender shows periods, programme and course")
    sent_note: Mapped[str] = mapped_column(sa.String(400), default="", comment="note of the sending side")
    reason: Mapped[str] = mapped_column(sa.String(400), default="", comment="why it was declined")
    asked_at: Mapped[dt.datetime | None] = mapped_column(Moment, comment="when the new university asked; empty: an offer")
    asked_by: Mapped[str] = mapped_column(sa.String(200), default="", comment="name of who asked")
    sent_at: Mapped[dt.datetime | None] = mapped_column(Moment, comment="when the old university sent")
    sent_by: Mapped[str] = mapped_column(sa.String(200), default="", comment="name of who sent")
    closed_at: Mapped[dt.datetime | None] = mapped_column(Moment, comment="when it was accepted, declined or withdrawn")
    closed_by: Mapped[str] = mapped_column(sa.String(200), default="", comment="name of who did")
    updated_at: Mapped[dt.datetime] = mapped_column(Moment, default=now, onupdate=now, comment="last change")
    version: Mapped[int] = mapped_column(default=1, comment="grows with every change")

    __mapper_args__ = {"version_id_col": version}
