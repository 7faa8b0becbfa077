"""Two records of one human that were joined (and may be parted again), and pairs that look like one human and are two."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.access.actor import author
from exchange.database import Base, Moment, new_public_id, now

JOINED = sa.text("split_at is null")


class Merge(Base):
    """One record was joined to another: everything of the one that is gone hangs on the one that is kept.

    `moved` says what was moved and how things stood before, so that the two can be parted again exactly.
    """

    __tablename__ = "person_merge"
    __table_args__ = (
        sa.CheckConstraint("kept_id <> gone_id", name="sides_differ"),
        sa.Index("ix_person_merge_organisation_id", "organisation_id", "merged_at"),
        sa.Index("ix_person_merge_kept_id", "kept_id"),
        sa.Index("uq_person_merge_gone", "gone_id", unique=True, sqlite_where=JOINED, postgresql_where=JOINED),
        {"comment": "records of one human that were joined, and parted again"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(12), unique=True, default=new_public_id, comment="id in addresses")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="office that joined them")
    kept_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="the record that stays")
    gone_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="the record that was joined to it")
    moved: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="what was moved and changed, to part them again exactly"
    )
    merged_at: Mapped[dt.datetime] = mapped_column(Moment, default=now, comment="when")
    merged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), comment="by whom")
    merged_by: Mapped[str] = mapped_column(sa.String(200), default=author, comment="name of who joined them")
    split_at: Mapped[dt.datetime | None] = mapped_column(Moment, comment="when they were parted again")
    split_by: Mapped[str] = mapped_column(sa.String(200), default="", comment="name of who parted them")
    version: Mapped[int] = mapped_column(default=1, comment="grows with every change")

    __mapper_args__ = {"version_id_col": version}


class Apart(Base):
    """Somebody looked at two records and says that they are two people."""

    __tablename__ = "person_apart"
    __table_args__ = (
        sa.CheckConstraint("first_id < second_id", name="older_first"),
        sa.UniqueConstraint("first_id", "second_id", "organisation_id"),
        sa.Index("ix_person_apart_organisation_id", "organisation_id", "said_at"),
        {"comment": "pairs that look like one human and are two"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="office that says so")
    first_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="the older record")
    second_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="the younger one; maybe of another office")
    said_at: Mapped[dt.datetime] = mapped_column(Moment, default=now, comment="when")
    said_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), comment="by whom")
    said_by: Mapped[str] = mapped_column(sa.String(200), default=author, comment="name of who said so")
