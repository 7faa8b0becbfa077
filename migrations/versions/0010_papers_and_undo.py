"""The register of issued certificates; acts that can be taken back for a day; rows of rosters by the record they made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False, comment="id in addresses"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="university or branch that issues"),
        sa.Column("student_id", sa.Integer(), nullable=False, comment="to whom"),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="studies: studies now; period: studied from and until"),
        sa.Column("year", sa.Integer(), nullable=False, comment="year of the number"),
        sa.Column("number", sa.Integer(), nullable=False, comment="number in the year, without gaps, never given twice"),
        sa.Column("issued_on", sa.Date(), nullable=False, comment="date of the paper"),
        sa.Column("stated_on", sa.Date(), nullable=False, comment="day for which it speaks"),
        sa.Column("addressee", sa.String(length=200), nullable=False, comment="where it is to be shown"),
        sa.Column("languages", sa.String(length=20), nullable=False, comment="languages beside Russian, by commas: kk, en"),
        sa.Column("content", sa.JSON(), nullable=False, comment="everything that stands on the paper, as it was known then"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="hash of the file as it was issued"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment="when it was issued; what was known then"),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True, comment="who issued it"),
        sa.Column("recorded_by", sa.String(length=200), nullable=False, comment="name of who issued it"),
        sa.CheckConstraint("kind in ('studies', 'period')", name=op.f("ck_certificate_kind_is_known")),
        sa.CheckConstraint("number > 0", name=op.f("ck_certificate_number_is_positive")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_organisation_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_certificate_recorded_by_id")),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_certificate_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificate_public_id")),
        sa.UniqueConstraint("organisation_id", "year", "number", name=op.f("uq_certificate_organisation_id_year_number")),
        comment="register of issued certificates; append-only",
    )
    op.create_index("ix_certificate_student_id", "certificate", ["student_id", "id"])
    op.create_table(
        "undo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False, comment="id in addresses"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="whose office may take it back"),
        sa.Column("student_id", sa.Integer(), nullable=True, comment="of whom; empty: of several"),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="what was done, e.g. order:recorded"),
        sa.Column("seen", sa.JSON(), nullable=False, comment="records as the act left them: public id of a student -> version"),
        sa.Column("content", sa.JSON(), nullable=False, comment="what is needed to take it back; emptied afterwards"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment="when it was done"),
        sa.Column("recorded_by", sa.String(length=200), nullable=False, comment="name of who did it"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, comment="until when it can be taken back"),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True, comment="when it was taken back"),
        sa.Column("undone_by", sa.String(length=200), nullable=False, comment="name of who took it back"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_undo_organisation_id")),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_undo_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undo")),
        sa.UniqueConstraint("public_id", name=op.f("uq_undo_public_id")),
        comment="acts that can be taken back for a day",
    )
    op.create_index("ix_undo_organisation_id", "undo", ["organisation_id", "expires_at"])
    op.create_index("ix_undo_student_id", "undo", ["student_id"])
    op.create_index("ix_import_row_subject_id", "import_row", ["subject_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION certificates_stay_as_they_are() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'issued certificates are append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER certificate_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON certificate "
            "FOR EACH STATEMENT EXECUTE FUNCTION certificates_stay_as_they_are()"
        )
        return
    for when in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER certificate_stays_{when.lower()} BEFORE {when} ON certificate "
            "BEGIN SELECT RAISE(ABORT, 'issued certificates are append-only'); END"
        )


def downgrade() -> None:
    op.drop_index("ix_import_row_subject_id", table_name="import_row")
    op.drop_index("ix_undo_student_id", table_name="undo")
    op.drop_index("ix_undo_organisation_id", table_name="undo")
    op.drop_table("undo")
    op.drop_index("ix_certificate_student_id", table_name="certificate")
    op.drop_table("certificate")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION certificates_stay_as_they_are()")
