"""Scans at records, and apart from them their bytes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = (
    "", "passport", "id_card", "translation", "education", "order", "contract", "consent", "notice", "migration", "medical",
    "insurance", "certificate", "other",
)  # fmt: skip
MEDIA = ("application/pdf", "image/jpeg", "image/png")


def one_of(column: str, codes: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(code) for code in codes)})"


def upgrade() -> None:
    op.create_table(
        "scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False, comment="id in addresses"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="office that keeps it"),
        sa.Column("subject_type", sa.String(length=40), nullable=False, comment="kind of the record; empty: waits for a form"),
        sa.Column("subject_id", sa.String(length=40), nullable=False, comment="public id of the record"),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="of what it is a scan"),
        sa.Column("title", sa.String(length=200), nullable=False, comment="what it is, in words"),
        sa.Column(
            "file_name", sa.String(length=160), nullable=False, comment="name of the file as brought, without unsafe signs"
        ),
        sa.Column("media_type", sa.String(length=40), nullable=False, comment="what the content is"),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="hash of the content"),
        sa.Column("pages", sa.Integer(), nullable=False, comment="pages of a PDF"),
        sa.Column("note", sa.String(length=400), nullable=False, comment="remark"),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_by", sa.String(length=200), nullable=False, comment="name of who brought it"),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True, comment="since when it is hidden"),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_by", sa.String(length=200), nullable=False, comment="name of who hid it"),
        sa.Column("removal_reason", sa.String(length=400), nullable=False, comment="why it is hidden"),
        sa.CheckConstraint(one_of("kind", KINDS), name=op.f("ck_scan_kind_is_known")),
        sa.CheckConstraint(one_of("media_type", MEDIA), name=op.f("ck_scan_media_type_is_known")),
        sa.CheckConstraint("(subject_type = '') = (subject_id = '')", name=op.f("ck_scan_subject_is_whole")),
        sa.CheckConstraint("subject_type = '' or kind <> ''", name=op.f("ck_scan_attached_has_kind")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_scan_organisation_id")),
        sa.ForeignKeyConstraint(["removed_by_id"], ["account.id"], name=op.f("fk_scan_removed_by_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["account.id"], name=op.f("fk_scan_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
        sa.UniqueConstraint("public_id", name=op.f("uq_scan_public_id")),
        comment="scans and other files at records",
    )
    op.create_index(
        "uq_scan_content",
        "scan",
        ["subject_type", "subject_id", "organisation_id", "sha256"],
        unique=True,
        sqlite_where=sa.text("subject_type <> ''"),
        postgresql_where=sa.text("subject_type <> ''"),
    )
    op.create_index("ix_scan_uploaded_by_id", "scan", ["uploaded_by_id", "subject_type", "uploaded_at"], unique=False)
    op.create_table(
        "scan_content",
        sa.Column("scan_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="office that keeps it"),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="the file itself"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_scan_content_organisation_id")),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_scan_content_scan_id")),
        sa.PrimaryKeyConstraint("scan_id", name=op.f("pk_scan_content")),
        comment="bytes of scans",
    )


def downgrade() -> None:
    op.drop_table("scan_content")
    op.drop_index("ix_scan_uploaded_by_id", table_name="scan")
    op.drop_index("uq_scan_content", table_name="scan")
    op.drop_table("scan")
