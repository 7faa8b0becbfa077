"""A migration fact of a person.

One table for all kinds. Every kind is a day, most have a last day and a number, and all are asked for together (the timeline,
the summary, the deadlines that follow): columns with names can be indexed, compared and walled, a JSON field could not. A kind
uses the columns that `exchange.stays.kinds` names for it and leaves the others empty.

Facts are never edited and never deleted: the policy page says append-only, triggers of both databases say it once more. A wrong
fact is annulled by another one (`cancels_id`) that says why. No health data: of a medical examination only the days are kept.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.access.actor import author
from exchange.database import Base, Moment, now

ANNULMENT = "annulment"
KIND_CODES = (
    "entry", "exit", "registration", "term", "rvpo", "rvp", "vnzh", "medical", "fingerprints", "insurance", "notice", ANNULMENT,
)  # fmt: skip


class StayFact(Base):
    """What is known of the stay of a person in Russia, and since when the registry knows it."""

    __tablename__ = "stay_fact"
    __table_args__ = (
        sa.CheckConstraint(f"kind in ({', '.join(repr(code) for code in KIND_CODES)})", name="kind_is_known"),
        sa.CheckConstraint("kind = 'notice' or ends_on is null or ends_on >= starts_on", name="ends_after_start"),
        sa.CheckConstraint("(kind = 'annulment') = (cancels_id is not null)", name="annulment_names_its_fact"),
        sa.UniqueConstraint("cancels_id"),
        sa.Index("ix_stay_fact_person_id", "person_id", "starts_on"),
        sa.Index("ix_stay_fact_ends_on", "organisation_id", "kind", "ends_on"),
        {"comment": "migration facts of a person; append-only"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="whose")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="office that keeps the fact")
    kind: Mapped[str] = mapped_column(sa.String(20), comment="what kind of fact; annulment: takes another one back")
    starts_on: Mapped[dt.date] = mapped_column(comment="day of the event, or first day of validity")
    ends_on: Mapped[dt.date | None] = mapped_column(comment="last day of validity; of a notice the last day of its term")
    number: Mapped[str] = mapped_column(sa.String(60), default="", comment="number of the document or of the letter")
    place: Mapped[str] = mapped_column(sa.String(300), default="", comment="border point, or address of registration")
    party: Mapped[str] = mapped_column(sa.String(200), default="", comment="host, insurer, or addressee of a notice")
    code: Mapped[str] = mapped_column(
        sa.String(40),
        default="",
        comment="ground of stay (migration_statuses.csv), or the term that a notice keeps (deadlines.csv)",
    )
    submitted_on: Mapped[dt.date | None] = mapped_column(comment="day of the electronic entry statement (ruID)")
    note: Mapped[str] = mapped_column(sa.String(400), default="", comment="basis in words; of an annulment the reason")
    cancels_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stay_fact.id"), comment="the fact that this one annuls")
    recorded_at: Mapped[dt.datetime] = mapped_column(Moment, default=now, comment="since when the registry says so")
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), comment="who entered it")
    recorded_by: Mapped[str] = mapped_column(sa.String(200), default=author, comment="name of who entered it")
