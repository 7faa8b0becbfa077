"""Transfers between universities, and the offices that read a person whom another one keeps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="who reads"),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="whom"),
        sa.Column("snils", sa.String(length=14), nullable=True, comment="SNILS as it was then"),
        sa.Column("phone", sa.String(length=40), nullable=False, comment="phone as it was then"),
        sa.Column("email", sa.String(length=255), nullable=False, comment="e-mail as it was then"),
        sa.Column("address", sa.String(length=300), nullable=False, comment="address as it was then"),
        sa.Column("is_in_dormitory", sa.Boolean(), nullable=False, comment="dormitory as it was then"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False, comment="when the keeping parted"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_person_office_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_office_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_office")),
        sa.UniqueConstraint("organisation_id", "person_id", name=op.f("uq_person_office_organisation_id_person_id")),
        comment="offices that read a person whom another one keeps",
    )
    op.create_index("ix_person_office_person_id", "person_office", ["person_id"], unique=False)
    op.create_table(
        "document_office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="who reads"),
        sa.Column("document_id", sa.Integer(), nullable=False, comment="what"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False, comment="when the keeping parted"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_document_office_organisation_id")),
        sa.ForeignKeyConstraint(["document_id"], ["identity_document.id"], name=op.f("fk_document_office_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_office")),
        sa.UniqueConstraint("organisation_id", "document_id", name=op.f("uq_document_office_organisation_id_document_id")),
        comment="identity documents that an office reads beside the keeper",
    )
    op.create_index("ix_document_office_document_id", "document_office", ["document_id"], unique=False)
    op.create_table(
        "transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False, comment="id in addresses"),
        sa.Column("from_organisation_id", sa.Integer(), nullable=False, comment="university that lets go"),
        sa.Column("to_organisation_id", sa.Integer(), nullable=False, comment="university that takes"),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="whom; the asking side can't read the person"),
        sa.Column("student_id", sa.Integer(), nullable=True, comment="enrolment that ends; empty: not sent yet"),
        sa.Column("state", sa.String(length=10), nullable=False, comment="requested, sent, accepted, declined, withdrawn"),
        sa.Column("asked_number", sa.String(length=40), nullable=False, comment="number that was asked by, masked"),
        sa.Column("asked_birth_date", sa.Date(), nullable=True, comment="birth date that was asked by"),
        sa.Column("planned_on", sa.Date(), nullable=True, comment="day on which the new study is to begin"),
        sa.Column("note", sa.String(length=400), nullable=False, comment="note of the asking side"),
        sa.Column("order_number", sa.String(length=60), nullable=False, comment="order by which the person left"),
        sa.Column("order_signed_on", sa.Date(), nullable=True, comment="its date"),
        sa.Column("left_on", sa.Date(), nullable=True, comment="first day on which the person no longer studies there"),
        sa.Column("has_history", sa.Boolean(), nullable=False, comment="the sender shows periods, programme and course"),
        sa.Column("sent_note", sa.String(length=400), nullable=False, comment="note of the sending side"),
        sa.Column("reason", sa.String(length=400), nullable=False, comment="why it was declined"),
        sa.Column(
            "asked_at", sa.DateTime(timezone=True), nullable=True, comment="when the new university asked; empty: an offer"
        ),
        sa.Column("asked_by", sa.String(length=200), nullable=False, comment="name of who asked"),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True, comment="when the old university sent"),
        sa.Column("sent_by", sa.String(length=200), nullable=False, comment="name of who sent"),
        sa.Column(
            "closed_at", sa.DateTime(timezone=True), nullable=True, comment="when it was accepted, declined or withdrawn"
        ),
        sa.Column("closed_by", sa.String(length=200), nullable=False, comment="name of who did"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="last change"),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows with every change"),
        sa.CheckConstraint("from_organisation_id <> to_organisation_id", name=op.f("ck_transfer_sides_differ")),
        sa.CheckConstraint(
            "state in ('requested', 'sent', 'accepted', 'declined', 'withdrawn')", name=op.f("ck_transfer_state_is_known")
        ),
        sa.ForeignKeyConstraint(["from_organisation_id"], ["organisation.id"], name=op.f("fk_transfer_from_organisation_id")),
        sa.ForeignKeyConstraint(["to_organisation_id"], ["organisation.id"], name=op.f("fk_transfer_to_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_transfer_person_id")),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_transfer_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_transfer_public_id")),
        comment="transfers of students between universities",
    )
    op.create_index("ix_transfer_from_organisation_id", "transfer", ["from_organisation_id", "state"], unique=False)
    op.create_index("ix_transfer_to_organisation_id", "transfer", ["to_organisation_id", "state"], unique=False)
    op.create_index(
        "uq_transfer_open",
        "transfer",
        ["person_id", "to_organisation_id"],
        unique=True,
        sqlite_where=sa.text("state in ('requested', 'sent')"),
        postgresql_where=sa.text("state in ('requested', 'sent')"),
    )


def read_by_the_keeper_alone() -> None:
    """The walls of 0001: those of the new ones hang on the tables that go."""
    role = "current_setting('exchange.role', true)"
    overseers = "('auditor', 'ministry', 'statistics', 'system')"
    mine = "(string_to_array(nullif(current_setting('exchange.organisation_ids', true), ''), ',')::integer[])"
    for table in ("person", "person_facts", "identity_document"):
        op.execute(f"DROP POLICY IF EXISTS {table}_read ON {table}")
        op.execute(
            f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ({role} IN {overseers} "
            f"OR ({role} = 'university' AND organisation_id = ANY ({mine})))"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        read_by_the_keeper_alone()
    op.drop_table("transfer")
    op.drop_table("document_office")
    op.drop_table("person_office")
