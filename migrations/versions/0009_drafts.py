"""Forms that were typed and not sent, and forms sent after the end of a session; both encrypted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False, comment="id in addresses"),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="whose"),
        sa.Column("endpoint", sa.String(80), nullable=False, comment="which form"),
        sa.Column("address", sa.String(300), nullable=False, comment="address of the form"),
        sa.Column("sealed", sa.Text(), nullable=False, comment="values of the fields, encrypted"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="when it was begun"),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False, comment="when it was last kept"),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name="fk_draft_user_id"),
        sa.UniqueConstraint("public_id", name="uq_draft_public_id"),
        sa.UniqueConstraint("user_id", "address", name="uq_draft_user_id_address"),
        comment="forms that were typed and not sent, encrypted; each belongs to one account",
    )
    op.create_index("ix_draft_saved_at", "draft", ["saved_at"])
    op.create_table(
        "sealed_form",
        sa.Column("key", sa.String(64), nullable=False, comment="hash of the token"),
        sa.Column("sealed", sa.Text(), nullable=False, comment="whose, which form, its values: encrypted"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, comment="when it goes"),
        sa.PrimaryKeyConstraint("key", name="pk_sealed_form"),
        comment="forms sent after the end of a session, encrypted with a token that only the browser has",
    )
    op.create_index("ix_sealed_form_expires_at", "sealed_form", ["expires_at"])


def downgrade() -> None:
    op.drop_table("sealed_form")
    op.drop_table("draft")
