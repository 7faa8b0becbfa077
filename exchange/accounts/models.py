"""Accounts of people and what they are here for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.access.actor import PEOPLE
from exchange.database import Base, Moment, now
from exchange.organisations.models import Organisation


class Membership(Base):
    """Why an account may act: a role for an organisation, from a day to a day."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.CheckConstraint(f"role in ({', '.join(repr(str(r)) for r in PEOPLE)})", name="role_is_known"),
        sa.CheckConstraint("valid_to is null or valid_to >= valid_from", name="ends_after_start"),
        sa.Index("ix_membership_user_id", "user_id"),
        sa.Index("ix_membership_organisation_id", "organisation_id"),
        {"comment": "role of an account for an organisation"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), comment="account")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="for which organisation")
    role: Mapped[str] = mapped_column(sa.String(20), comment="role")
    valid_from: Mapped[dt.date] = mapped_column(comment="first day")
    valid_to: Mapped[dt.date | None] = mapped_column(comment="first day on which it is over; empty: no end")

    organisation: Mapped[Organisation] = relationship(lazy="joined")


class User(UserMixin, Base):
    """An account. Nobody registers: an administrator invites, the person sets a password through a link that works once."""

    __tablename__ = "account"
    __table_args__ = {"comment": "accounts of people"}

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(255), unique=True, comment="e-mail, lower case; name at sign-in")
    name: Mapped[str] = mapped_column(sa.String(200), default="", comment="name of the person")
    position: Mapped[str] = mapped_column(sa.String(200), default="", comment="office or post")
    password: Mapped[str | None] = mapped_column(sa.String(255), comment="argon2id hash; empty until the invitation is used")
    active: Mapped[bool] = mapped_column(default=True, comment="may sign in")
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True, comment="changing it ends all sessions")
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(Moment, comment="when the invitation was used")
    invited_at: Mapped[dt.datetime] = mapped_column(Moment, default=now, comment="when invited")
    last_login_at: Mapped[dt.datetime | None] = mapped_column(Moment)  # type: ignore[assignment]
    current_login_at: Mapped[dt.datetime | None] = mapped_column(Moment)  # type: ignore[assignment]
    last_login_ip: Mapped[str | None] = mapped_column(sa.String(64))
    current_login_ip: Mapped[str | None] = mapped_column(sa.String(64))
    login_count: Mapped[int | None] = mapped_column(default=0)  # type: ignore[assignment]
    tf_primary_method: Mapped[str | None] = mapped_column(sa.String(64), comment="second factor: authenticator, or empty")
    tf_totp_secret: Mapped[str | None] = mapped_column(sa.String(255), comment="encrypted secret of the second factor")
    mf_recovery_codes: Mapped[Any] = mapped_column(MutableList.as_mutable(AsaList()), nullable=True, comment="hashed codes")
    language: Mapped[str] = mapped_column(sa.String(2), default="ru", comment="language of the interface")
    is_demo: Mapped[bool] = mapped_column(default=False, comment="account of the demonstration; production refuses to start")
    version: Mapped[int] = mapped_column(default=1, comment="grows with every change by an administrator")

    memberships: Mapped[list[Membership]] = relationship(lazy="selectin", order_by=Membership.id)

    @property
    def roles(self) -> list[Any]:  # type: ignore[override]
        """Flask-Security's global roles are not used: a role here belongs to an organisation (Membership)."""
        return []


class SecurityRole(RoleMixin, Base):
    """A table that Flask-Security's datastore asks for; it stays empty (see Membership)."""

    __tablename__ = "security_role"
    __table_args__ = {"comment": "required by the sign-in library; always empty"}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
