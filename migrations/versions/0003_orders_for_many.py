"""Orders that are entered before their students: how many the paper names, since when it works, what it sets for all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = ("expected_lines", "effective_on", "fields")


def upgrade() -> None:
    table = "university_order"
    op.add_column(
        table,
        sa.Column("expected_lines", sa.Integer(), nullable=True, comment="how many students the paper names; empty: not said"),
    )
    op.add_column(
        table,
        sa.Column("effective_on", sa.Date(), nullable=True, comment="works from this day, as entered before its students"),
    )
    op.add_column(
        table, sa.Column("fields", sa.JSON(), nullable=True, comment="what it sets for all, as entered before its students")
    )


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("university_order", name)
