"""Undo of applied uploads: what each row did, until when it can be taken back, who took it back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "import_file",
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True, comment="until when what it did can be taken back"),
    )
    op.add_column(
        "import_file",
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True, comment="when it was taken back"),
    )
    op.add_column(
        "import_file",
        sa.Column("undone_by", sa.String(200), nullable=False, server_default="", comment="name of who took it back"),
    )
    op.add_column(
        "import_row",
        sa.Column(
            "journal", sa.JSON(), nullable=True,
            comment="what applying did: the record as it was left, what stood there before",
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.execute(sa.text("update import_file set state = 'cancelled' where state = 'undone'"))
    with op.batch_alter_table("import_row") as table:
        table.drop_column("journal")
    with op.batch_alter_table("import_file") as table:
        for column in ("undone_by", "undone_at", "undo_until"):
            table.drop_column(column)
