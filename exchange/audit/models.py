"""The log and its head."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.database import Base, Moment


class AuditEntry(Base):
    """One thing that somebody did. Never changed, never deleted; each entry carries the hash of the one before."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.Index("ix_audit_entry_at", "at"),
        sa.Index("ix_audit_entry_subject", "subject_type", "subject_id"),
        sa.Index("ix_audit_entry_user_id", "user_id", "id"),
        sa.Index("ix_audit_entry_action", "action", "id"),
        {"comment": "who changed, viewed and downloaded what; append-only, hash-chained"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="number in the chain, without gaps")
    at: Mapped[dt.datetime] = mapped_column(Moment, comment="when")
    user_id: Mapped[int | None] = mapped_column(comment="account, empty for commands of an operator")
    user_name: Mapped[str] = mapped_column(sa.String(200), comment="name of the account at that time")
    organisation_id: Mapped[int | None] = mapped_column(comment="for which organisation")
    role: Mapped[str] = mapped_column(sa.String(20), comment="in which role")
    address: Mapped[str] = mapped_column(sa.String(64), default="", comment="network address of the request")
    action: Mapped[str] = mapped_column(sa.String(60), comment="what: resource:verb")
    subject_type: Mapped[str] = mapped_column(sa.String(40), default="", comment="kind of the record")
    subject_id: Mapped[str] = mapped_column(sa.String(40), default="", comment="public id of the record")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="changed fields (before, after), filters, counts")
    previous_hash: Mapped[str] = mapped_column(sa.String(64), comment="hash of the entry before")
    hash: Mapped[str] = mapped_column(sa.String(64), comment="SHA-256 over this entry and previous_hash")


class AuditHead(Base):
    """The end of the chain: one row, locked by whoever adds. Also counts changes of data, for remembered counts."""

    __tablename__ = "audit_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="single_row"), {"comment": "end of the audit chain; one row"})

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(comment="number of the newest entry")
    hash: Mapped[str] = mapped_column(sa.String(64), comment="hash of the newest entry")
    data_version: Mapped[int] = mapped_column(comment="grows by one with every change of data")
