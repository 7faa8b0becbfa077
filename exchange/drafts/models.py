"""Forms that are kept: drafts of an account, and what was typed by somebody whose session had ended."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.database import Base, Moment, new_public_id, now


class Draft(Base):
    """What an account typed into one form. Names and numbers are inside, so the values are encrypted."""

    __tablename__ = "draft"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "address"),
        sa.Index("ix_draft_saved_at", "saved_at"),
        {"comment": "forms that were typed and not sent, encrypted; each belongs to one account"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(12), unique=True, default=new_public_id, comment="id in addresses")
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), comment="whose")
    endpoint: Mapped[str] = mapped_column(sa.String(80), comment="which form")
    address: Mapped[str] = mapped_column(sa.String(300), comment="address of the form")
    sealed: Mapped[str] = mapped_column(sa.Text, comment="values of the fields, encrypted")
    created_at: Mapped[dt.datetime] = mapped_column(Moment, default=now, comment="when it was begun")
    saved_at: Mapped[dt.datetime] = mapped_column(Moment, default=now, comment="when it was last kept")


class SealedForm(Base):
    """A form that came when its session had ended. It opens only with the token in the cookie of the browser that sent it."""

    __tablename__ = "sealed_form"
    __table_args__ = (
        sa.Index("ix_sealed_form_expires_at", "expires_at"),
        {"comment": "forms sent after the end of a session, encrypted with a token that only the browser has"},
    )

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True, comment="hash of the token")
    sealed: Mapped[str] = mapped_column(sa.Text, comment="whose, which form, its values: encrypted")
    expires_at: Mapped[dt.datetime] = mapped_column(Moment, comment="when it goes")
