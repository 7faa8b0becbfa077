"""A consent of a person, given to a university.

Consents are never edited and never deleted: the policy page says append-only, triggers of both databases say it once more. A
consent is withdrawn by a further entry, and a wrong entry is annulled by another one that says why. A consent is given to one
university and for one thing: when the person goes to another one, that one asks for its own.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.access.actor import author
from exchange.database import Base, Moment, now

GIVEN, WITHDRAWN, ANNULLED = "given", "withdrawn", "annulled"


class Consent(Base):
    """An entry about one consent: it was given, or withdrawn, or an entry was a mistake."""

    __tablename__ = "consent"
    __table_args__ = (
        sa.CheckConstraint("act in ('given', 'withdrawn', 'annulled')", name="act_is_known"),
        sa.CheckConstraint("(act = 'withdrawn') = (withdraws_id is not null)", name="withdrawal_names_its_consent"),
        sa.CheckConstraint("(act = 'annulled') = (cancels_id is not null)", name="annulment_names_its_entry"),
        sa.CheckConstraint("act <> 'given' or given_by in ('self', 'guardian')", name="giver_is_known"),
        sa.CheckConstraint("act <> 'given' or form in ('paper', 'electronic')", name="form_is_known"),
        sa.UniqueConstraint("cancels_id"),
        sa.Index("ix_consent_person_id", "person_id", "kind"),
        sa.Index("ix_consent_organisation_id", "organisation_id", "kind"),
        sa.Index("ix_consent_withdraws_id", "withdraws_id"),
        {"comment": "consents of persons, given, withdrawn and annulled; append-only"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="whose data")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="university to which it was given")
    kind: Mapped[str] = mapped_column(sa.String(20), comment="for what: line of kinds.csv")
    act: Mapped[str] = mapped_column(sa.String(10), comment="given, withdrawn, or annulled (an entry was a mistake)")
    day: Mapped[dt.date] = mapped_column(comment="day on which it was given or withdrawn")
    text_version: Mapped[str] = mapped_column(sa.String(20), default="", comment="version of the text that was signed")
    text_hash: Mapped[str] = mapped_column(sa.String(64), default="", comment="SHA-256 of that text")
    form: Mapped[str] = mapped_column(sa.String(10), default="", comment="paper, or electronic signature")
    given_by: Mapped[str] = mapped_column(sa.String(10), default="", comment="self, or guardian")
    giver: Mapped[str] = mapped_column(sa.String(200), default="", comment="name of the guardian who gave it")
    note: Mapped[str] = mapped_column(sa.String(400), default="", comment="remark; of an annulment the reason")
    withdraws_id: Mapped[int | None] = mapped_column(sa.ForeignKey("consent.id"), comment="the consent that is withdrawn")
    cancels_id: Mapped[int | None] = mapped_column(sa.ForeignKey("consent.id"), comment="the entry that was a mistake")
    recorded_at: Mapped[dt.datetime] = mapped_column(Moment, default=now, comment="since when the registry says so")
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), comment="who entered it")
    recorded_by: Mapped[str] = mapped_column(sa.String(200), default=author, comment="name of who entered it")
