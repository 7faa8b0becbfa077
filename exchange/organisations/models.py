"""An organisation that takes part: university or branch, enterprise, authority, partner in Kazakhstan."""

from __future__ import annotations

import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.database import Base


class Kind(enum.StrEnum):
    """What an organisation is."""

    UNIVERSITY = "university"
    BRANCH = "branch"
    ENTERPRISE = "enterprise"
    AUTHORITY = "authority"
    PARTNER = "partner"


class Organisation(Base):
    """An organisation. Everybody who is signed in may know that it exists."""

    __tablename__ = "organisation"
    __table_args__ = (
        sa.CheckConstraint("kind in ('university', 'branch', 'enterprise', 'authority', 'partner')", name="kind_is_known"),
        sa.Index("ix_organisation_kind", "kind", "short_ru"),
        {"comment": "universities and branches, enterprises, authorities, partners"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True, comment="short Latin code, e.g. ASTU")
    kind: Mapped[str] = mapped_column(sa.String(20), comment="university, branch, enterprise, authority, partner")
    short_ru: Mapped[str] = mapped_column(sa.String(120), comment="short name in Russian")
    name_ru: Mapped[str] = mapped_column(sa.String(400), comment="full name in Russian")
    name_kk: Mapped[str] = mapped_column(sa.String(400), default="", comment="full name in Kazakh")
    name_en: Mapped[str] = mapped_column(sa.String(400), default="", comment="full name in English")
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), comment="head organisation of a branch")
    city: Mapped[str] = mapped_column(sa.String(120), default="", comment="city")
    founder: Mapped[str] = mapped_column(sa.String(200), default="", comment="founder of a university")
    industry: Mapped[str] = mapped_column(sa.String(200), default="", comment="industry of an enterprise")
    country: Mapped[str] = mapped_column(sa.String(2), default="RU", comment="ISO 3166 country")
    region_code: Mapped[str | None] = mapped_column(sa.ForeignKey("region.code"), comment="region of a partner in Kazakhstan")
    tax_number: Mapped[str] = mapped_column(sa.String(12), default="", comment="INN (Russia) or BIN (Kazakhstan)")
    contact: Mapped[str] = mapped_column(sa.String(300), default="", comment="office, phone and e-mail that others may use")
    restriction: Mapped[str] = mapped_column(sa.String(300), default="", comment="limits of access for foreigners")
    is_active: Mapped[bool] = mapped_column(default=True, comment="takes part now; closed ones stay for history")
    note: Mapped[str] = mapped_column(sa.String(400), default="", comment="source and doubts")
    version: Mapped[int] = mapped_column(default=1, comment="grows with every change")

    __mapper_args__ = {"version_id_col": version}
