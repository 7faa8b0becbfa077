"""Migration facts of a person: append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KINDS = (
    "entry", "exit", "registration", "term", "rvpo", "rvp", "vnzh", "medical", "fingerprints", "insurance", "notice",
    "annulment",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "stay_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="whose"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="office that keeps the fact"),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="what kind of fact; annulment: takes another one back"),
        sa.Column("starts_on", sa.Date(), nullable=False, comment="day of the event, or first day of validity"),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="last day of validity; of a notice the last day of its term"),
        sa.Column("number", sa.String(length=60), nullable=False, comment="number of the document or of the letter"),
        sa.Column("place", sa.String(length=300), nullable=False, comment="border point, or address of registration"),
        sa.Column("party", sa.String(length=200), nullable=False, comment="host, insurer, or addressee of a notice"),
        sa.Column(
            "code",
            sa.String(length=40),
            nullable=False,
            comment="ground of stay (migration_statuses.csv), or the term that a notice keeps (deadlines.csv)",
        ),
        sa.Column("submitted_on", sa.Date(), nullable=True, comment="day of the electronic entry statement (ruID)"),
        sa.Column("note", sa.String(length=400), nullable=False, comment="basis in words; of an annulment the reason"),
        sa.Column("cancels_id", sa.Integer(), nullable=True, comment="the fact that this one annuls"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment="since when the registry says so"),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True, comment="who entered it"),
        sa.Column("recorded_by", sa.String(length=200), nullable=False, comment="name of who entered it"),
        sa.CheckConstraint(f"kind in ({', '.join(repr(code) for code in KINDS)})", name=op.f("ck_stay_fact_kind_is_known")),
        sa.CheckConstraint(
            "kind = 'notice' or ends_on is null or ends_on >= starts_on", name=op.f("ck_stay_fact_ends_after_start")
        ),
        sa.CheckConstraint(
            "(kind = 'annulment') = (cancels_id is not null)", name=op.f("ck_stay_fact_annulment_names_its_fact")
        ),
        sa.ForeignKeyConstraint(["cancels_id"], ["stay_fact.id"], name=op.f("fk_stay_fact_cancels_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_stay_fact_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stay_fact_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_stay_fact_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_fact")),
        sa.UniqueConstraint("cancels_id", name=op.f("uq_stay_fact_cancels_id")),
        comment="migration facts of a person; append-only",
    )
    op.create_index("ix_stay_fact_person_id", "stay_fact", ["person_id", "starts_on"], unique=False)
    op.create_index("ix_stay_fact_ends_on", "stay_fact", ["organisation_id", "kind", "ends_on"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION facts_stay_as_they_are() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'migration facts are append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER stay_fact_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON stay_fact "
            "FOR EACH STATEMENT EXECUTE FUNCTION facts_stay_as_they_are()"
        )
        return
    for when in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER stay_fact_stays_{when.lower()} BEFORE {when} ON stay_fact "
            "BEGIN SELECT RAISE(ABORT, 'migration facts are append-only'); END"
        )


def downgrade() -> None:
    op.drop_index("ix_stay_fact_ends_on", table_name="stay_fact")
    op.drop_index("ix_stay_fact_person_id", table_name="stay_fact")
    op.drop_table("stay_fact")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION facts_stay_as_they_are()")
