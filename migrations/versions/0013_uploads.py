"""Uploads with decisions: what a person said of columns, words, cells and rows, and what an organisation keeps of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STATES = ("checked", "applied", "cancelled")
VERDICTS = ("new", "changed", "unchanged", "error")


def _allow(states: tuple[str, ...], verdicts: tuple[str, ...]) -> None:
    """Lets a state and a verdict be one of these words, and says so in the comments of the columns."""
    for table, column, name, words in (
        ("import_file", "state", "state_is_known", states),
        ("import_row", "verdict", "verdict_is_known", verdicts),
    ):
        allowed = ", ".join(f"'{word}'" for word in words)
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_{name}"), f"{column} in ({allowed})")
            batch.alter_column(column, existing_type=sa.String(20), existing_nullable=False, comment=", ".join(words))


def upgrade() -> None:
    _allow(("received", "refused", *STATES, "undone"), (*VERDICTS, "skipped"))
    op.add_column(
        "import_file",
        sa.Column(
            "decisions", sa.JSON(), nullable=False, server_default="{}",
            comment="what a person decided of columns, words, cells and rows",
        ),
    )  # fmt: skip
    op.create_table(
        "import_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False, comment="id in addresses"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="whose uploads are read so"),
        sa.Column("kind", sa.String(20), nullable=False, comment="students or interns"),
        sa.Column("field", sa.String(40), nullable=False, comment="of which field the word is; empty: text is a heading"),
        sa.Column("text", sa.String(300), nullable=False, comment="heading or word, made plain"),
        sa.Column("shown", sa.String(300), nullable=False, comment="the text as it stood in the file"),
        sa.Column(
            "choice", sa.String(300), nullable=False,
            comment="field of a heading (empty: not loaded), or text to read instead",
        ),
        sa.Column("file_name", sa.String(255), nullable=False, comment="the upload in which it was decided"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(200), nullable=False, comment="name of who decided"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_import_choice_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_choice")),
        sa.UniqueConstraint("public_id", name=op.f("uq_import_choice_public_id")),
        sa.UniqueConstraint("organisation_id", "kind", "field", "text", name=op.f("uq_import_choice_text")),
        comment="what headings and words of uploads mean in an organisation",
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("import_choice")
    op.execute(sa.text("update import_file set state = 'cancelled' where state in ('received', 'refused', 'undone')"))
    op.execute(sa.text("update import_row set verdict = 'error' where verdict = 'skipped'"))
    with op.batch_alter_table("import_file") as table:
        table.drop_column("decisions")
    _allow(STATES, VERDICTS)
