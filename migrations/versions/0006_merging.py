"""One person, one record: keys that find doubles, records joined and parted again, pairs that are two people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from exchange.people.names import twin_key

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
KEYS = {
    "twin_key": "surname and name in any order, one key for three scripts",
    "twin_key_kk": "the same of the Kazakh writing, where it differs",
    "twin_key_lat": "the same of the Latin writing, where it differs",
}
AT_ONCE = 5000
JOINED = sa.text("merged_into_id is not null")


def fill() -> None:
    """Keys of the names that are there. The tables have walls that stop their owner too: they are opened for these rows."""
    connection = op.get_bind()
    is_walled = connection.dialect.name == "postgresql" and connection.scalar(
        sa.text("select relforcerowsecurity from pg_class where oid = 'person_facts'::regclass")
    )
    if is_walled:
        op.execute("ALTER TABLE person_facts NO FORCE ROW LEVEL SECURITY")
    names = ("surname", "name", "surname_kk", "name_kk", "surname_lat", "name_lat")
    facts = sa.table("person_facts", *(sa.column(name) for name in ("id", *names, *KEYS)))
    change = (
        sa.update(facts).where(facts.c.id == sa.bindparam("of")).values({name: sa.bindparam(f"new_{name}") for name in KEYS})
    )
    last = 0
    while True:
        asked = sa.select(facts.c.id, *(facts.c[name] for name in names)).where(facts.c.id > last)
        rows = connection.execute(asked.order_by(facts.c.id).limit(AT_ONCE)).all()
        if not rows:
            break
        last = rows[-1].id
        found = []
        for row in rows:
            key = twin_key(row.surname, row.name)
            others = (twin_key(row.surname_kk, row.name_kk), twin_key(row.surname_lat, row.name_lat))
            kk, lat = ("" if other == key else other for other in others)
            found.append({"of": row.id, "new_twin_key": key, "new_twin_key_kk": kk, "new_twin_key_lat": lat})
        connection.execute(change, found)
    if is_walled:
        op.execute("ALTER TABLE person_facts FORCE ROW LEVEL SECURITY")


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(
            sa.Column(
                "merged_into_id",
                sa.Integer(),
                nullable=True,
                comment="the record to which this one was joined; empty: it stands for itself",
            ),
        )
        table.create_foreign_key("fk_person_merged_into_id", "person", ["merged_into_id"], ["id"])
    op.create_index(
        "ix_person_merged_into_id", "person", ["merged_into_id"], sqlite_where=JOINED, postgresql_where=JOINED
    )  # fmt: skip
    for name, comment in KEYS.items():
        op.add_column("person_facts", sa.Column(name, KEY, nullable=False, server_default="", comment=comment))
    fill()
    for name in KEYS:
        held = sa.text(f"superseded_at is null and {name} <> ''")
        columns = [name, "birth_date", "organisation_id", "person_id"]
        op.create_index(f"ix_person_facts_{name}", "person_facts", columns, sqlite_where=held, postgresql_where=held)
    op.drop_index("ix_identity_document_number", "identity_document")
    op.create_index("ix_identity_document_number", "identity_document", ["number", "type_code", "person_id"])
    op.create_table(
        "person_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False, comment="id in addresses"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="office that joined them"),
        sa.Column("kept_id", sa.Integer(), nullable=False, comment="the record that stays"),
        sa.Column("gone_id", sa.Integer(), nullable=False, comment="the record that was joined to it"),
        sa.Column("moved", sa.JSON(), nullable=False, comment="what was moved and changed, to part them again exactly"),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False, comment="when"),
        sa.Column("merged_by_id", sa.Integer(), nullable=True, comment="by whom"),
        sa.Column("merged_by", sa.String(200), nullable=False, comment="name of who joined them"),
        sa.Column("split_at", sa.DateTime(timezone=True), nullable=True, comment="when they were parted again"),
        sa.Column("split_by", sa.String(200), nullable=False, comment="name of who parted them"),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows with every change"),
        sa.CheckConstraint("kept_id <> gone_id", name=op.f("ck_person_merge_sides_differ")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_person_merge_organisation_id"),
        sa.ForeignKeyConstraint(["kept_id"], ["person.id"], name="fk_person_merge_kept_id"),
        sa.ForeignKeyConstraint(["gone_id"], ["person.id"], name="fk_person_merge_gone_id"),
        sa.ForeignKeyConstraint(["merged_by_id"], ["account.id"], name="fk_person_merge_merged_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person_merge"),
        sa.UniqueConstraint("public_id", name="uq_person_merge_public_id"),
        comment="records of one human that were joined, and parted again",
    )
    op.create_index("ix_person_merge_organisation_id", "person_merge", ["organisation_id", "merged_at"])
    op.create_index("ix_person_merge_kept_id", "person_merge", ["kept_id"])
    joined = sa.text("split_at is null")
    op.create_index(
        "uq_person_merge_gone", "person_merge", ["gone_id"], unique=True, sqlite_where=joined, postgresql_where=joined
    )  # fmt: skip
    op.create_table(
        "person_apart",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="office that says so"),
        sa.Column("first_id", sa.Integer(), nullable=False, comment="the older record"),
        sa.Column("second_id", sa.Integer(), nullable=False, comment="the younger one; maybe of another office"),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False, comment="when"),
        sa.Column("said_by_id", sa.Integer(), nullable=True, comment="by whom"),
        sa.Column("said_by", sa.String(200), nullable=False, comment="name of who said so"),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_person_apart_older_first")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_person_apart_organisation_id"),
        sa.ForeignKeyConstraint(["first_id"], ["person.id"], name="fk_person_apart_first_id"),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name="fk_person_apart_second_id"),
        sa.ForeignKeyConstraint(["said_by_id"], ["account.id"], name="fk_person_apart_said_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person_apart"),
        sa.UniqueConstraint(
            "first_id", "second_id", "organisation_id", name="uq_person_apart_first_id_second_id_organisation_id"
        ),
        comment="pairs that look like one human and are two",
    )
    op.create_index("ix_person_apart_organisation_id", "person_apart", ["organisation_id", "said_at"])


def downgrade() -> None:
    op.drop_table("person_apart")
    op.drop_table("person_merge")
    op.drop_index("ix_identity_document_number", "identity_document")
    op.create_index("ix_identity_document_number", "identity_document", ["number"])
    for name in reversed(KEYS):
        op.drop_index(f"ix_person_facts_{name}", "person_facts")
        op.drop_column("person_facts", name)
    op.drop_index("ix_person_merged_into_id", "person")
    with op.batch_alter_table("person") as table:
        table.drop_constraint("fk_person_merged_into_id", type_="foreignkey")
        table.drop_column("merged_into_id")
