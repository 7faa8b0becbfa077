"""A list of interns that a university brings for an enterprise: for which one, and in the record, which university did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# table -> column, what it says
COLUMNS = {
    "import_file": ("host_id", "enterprise for which a university brought a list of interns"),
    "internship": ("brought_by_id", "university that brought the record for the enterprise"),
}


def upgrade() -> None:
    for table, (column, comment) in COLUMNS.items():
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(column, sa.Integer(), nullable=True, comment=comment))
            batch.create_foreign_key(op.f(f"fk_{table}_{column}"), "organisation", [column], ["id"])


def downgrade() -> None:
    """Lists that universities brought stay to be looked at; without this version nobody can apply or take them back."""
    for table, (column, _comment) in COLUMNS.items():
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"fk_{table}_{column}"), type_="foreignkey")
            batch.drop_column(column)
