"""A scan, and apart from it its bytes: lists never read them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.access.actor import author
from exchange.database import Base, Moment, new_public_id, now
from exchange.files.kinds import KINDS, MEDIA


def _one_of(column: str, codes: object) -> str:
    return f"{column} in ({', '.join(repr(code) for code in codes)})"  # type: ignore[attr-defined]


class Scan(Base):
    """A file at a record. Never overwritten and never deleted: removed, it is hidden and can be taken back.

    Without a subject it waits for the form that carries it (a day at most), and only who brought it sees it.
    """

    __tablename__ = "scan"
    __table_args__ = (
        sa.CheckConstraint(_one_of("kind", ("", *KINDS)), name="kind_is_known"),
        sa.CheckConstraint(_one_of("media_type", MEDIA), name="media_type_is_known"),
        sa.CheckConstraint("(subject_type = '') = (subject_id = '')", name="subject_is_whole"),
        sa.CheckConstraint("subject_type = '' or kind <> ''", name="attached_has_kind"),
        sa.Index(
            "uq_scan_content", "subject_type", "subject_id", "organisation_id", "sha256", unique=True,
            sqlite_where=sa.text("subject_type <> ''"), postgresql_where=sa.text("subject_type <> ''"),
        ),
        sa.Index("ix_scan_uploaded_by_id", "uploaded_by_id", "subject_type", "uploaded_at"),
        {"comment": "scans and other files at records"},
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(12), unique=True, default=new_public_id, comment="id in addresses")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="office that keeps it")
    subject_type: Mapped[str] = mapped_column(sa.String(40), default="", comment="kind of the record; empty: waits for a form")
    subject_id: Mapped[str] = mapped_column(sa.String(40), default="", comment="public id of the record")
    kind: Mapped[str] = mapped_column(sa.String(20), default="", comment="of what it is a scan")
    title: Mapped[str] = mapped_column(sa.String(200), default="", comment="what it is, in words")
    file_name: Mapped[str] = mapped_column(sa.String(160), comment="name of the file as brought, without unsafe signs")
    media_type: Mapped[str] = mapped_column(sa.String(40), comment="what the content is")
    size: Mapped[int] = mapped_column(comment="bytes")
    sha256: Mapped[str] = mapped_column(sa.String(64), comment="hash of the content")
    pages: Mapped[int] = mapped_column(default=1, comment="pages of a PDF")
    note: Mapped[str] = mapped_column(sa.String(400), default="", comment="remark")
    uploaded_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    uploaded_by: Mapped[str] = mapped_column(sa.String(200), default=author, comment="name of who brought it")
    removed_at: Mapped[dt.datetime | None] = mapped_column(Moment, comment="since when it is hidden")
    removed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    removed_by: Mapped[str] = mapped_column(sa.String(200), default="", comment="name of who hid it")
    removal_reason: Mapped[str] = mapped_column(sa.String(400), default="", comment="why it is hidden")

    @property
    def subject(self) -> tuple[str, str]:
        return self.subject_type, self.subject_id


class ScanContent(Base):
    """The bytes of a scan."""

    __tablename__ = "scan_content"
    __table_args__ = ({"comment": "bytes of scans"},)

    scan_id: Mapped[int] = mapped_column(sa.ForeignKey("scan.id"), primary_key=True, autoincrement=False)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="office that keeps it")
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True, nullable=False, comment="the file itself")
