"""Work that is done apart from the request that asked for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

UNFINISHED = sa.text("state IN ('waiting', 'working')")


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False, comment="id in addresses"),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="who asked for it"),
        sa.Column("role", sa.String(20), nullable=False, comment="in which role"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="for which organisation"),
        sa.Column("work", sa.String(40), nullable=False, comment="which kind of work"),
        sa.Column("arguments", sa.JSON(), nullable=False, comment="ids and choices, never data of people"),
        sa.Column("subject", sa.String(60), nullable=False, comment="what it is about; one unfinished job at a time"),
        sa.Column("about", sa.String(255), nullable=False, comment="words by which its owner knows it: a file name"),
        sa.Column("result", sa.String(200), nullable=False, comment="address of the page where the result is"),
        sa.Column(
            "state", sa.String(20), nullable=False, comment="waiting, working, done, failed, interrupted, cancelled"
        ),
        sa.Column("step", sa.String(20), nullable=False, comment="what is being done: reading, rows, register, saving"),
        sa.Column("done", sa.Integer(), nullable=False, comment="how much of the step is done"),
        sa.Column("of", sa.Integer(), nullable=False, comment="of how much; 0: nobody knows"),
        sa.Column("message", sa.String(500), nullable=False, comment="how it ended, in a sentence"),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False, comment="its owner wants it to stop"),
        sa.Column("worker", sa.String(80), nullable=False, comment="which process does it"),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True, comment="last sign of life of the worker"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'working', 'done', 'failed', 'interrupted', 'cancelled')",
            name=op.f("ck_job_state_is_known"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_job_user_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_job_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("public_id", name=op.f("uq_job_public_id")),
        comment="work that is done apart from the request that asked for it",
    )  # fmt: skip
    op.create_index("ix_job_state", "job", ["state", "id"])
    op.create_index("ix_job_user_id", "job", ["user_id", "id"])
    op.create_index(
        "uq_job_unfinished", "job", ["subject"], unique=True, sqlite_where=UNFINISHED, postgresql_where=UNFINISHED
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("job")
