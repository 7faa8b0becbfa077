"""What counts of a large register read: periods that hold, people not counted, beginnings of numbers and of studies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NOT_SUPERSEDED = sa.text("superseded_at is null")
COLUMNS = (
    "valid_to", "valid_from", "organisation_id", "status_code", "in_contingent", "person_id", "student_id", "course",
    "superseded_at",
)  # fmt: skip


def upgrade() -> None:
    _compare_bytes("C")
    op.create_index("ix_student_record_book_no", "student", ["record_book_no"])
    op.create_index("ix_order_line_effective_on", "order_line", ["effective_on", "event", "student_id"])
    op.create_index(
        "ix_study_period_held", "study_period", list(COLUMNS), sqlite_where=NOT_SUPERSEDED, postgresql_where=NOT_SUPERSEDED
    )
    op.create_index(
        "ix_person_facts_not_counted",
        "person_facts",
        ["person_id"],
        sqlite_where=sa.text("citizenship != 'KZ' OR is_rf_citizen = 1"),
        postgresql_where=sa.text("citizenship != 'KZ' OR is_rf_citizen"),
    )


def downgrade() -> None:
    op.drop_index("ix_person_facts_not_counted", "person_facts")
    op.drop_index("ix_study_period_held", "study_period")
    op.drop_index("ix_order_line_effective_on", "order_line")
    op.drop_index("ix_student_record_book_no", "student")
    _compare_bytes("default")


def _compare_bytes(collation: str) -> None:
    """Numbers of files are compared byte by byte, so that a beginning is a range of the index (SQLite always does)."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f'ALTER TABLE student ALTER COLUMN record_book_no TYPE varchar(40) COLLATE "{collation}"')
