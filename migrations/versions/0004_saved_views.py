"""Lists that people save under a name; names in the order of the Kazakh alphabet; orders found by their number."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
HELD = {"sqlite_where": sa.text("superseded_at is null"), "postgresql_where": sa.text("superseded_at is null")}
ALPHABET = {ord(letter): chr(48 + place) for place, letter in enumerate("аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя")}
AT_ONCE = 5000


def in_order(text: str) -> str:
    small = unicodedata.normalize("NFC", text).lower()
    return "".join(character for character in small if character.isalpha()).translate(ALPHABET)


def fill() -> None:
    """Keys of the names that are there. The tables have walls that stop their owner too: they are opened for these rows."""
    connection = op.get_bind()
    is_walled = connection.dialect.name == "postgresql" and connection.scalar(
        sa.text("select relforcerowsecurity from pg_class where oid = 'person_facts'::regclass")
    )
    if is_walled:
        op.execute("ALTER TABLE person_facts NO FORCE ROW LEVEL SECURITY")
    facts = sa.table("person_facts", *(sa.column(name) for name in ("id", "surname", "name", "patronymic", "sort_key_kk")))
    last = 0
    while True:
        rows = connection.execute(
            sa.select(facts.c.id, facts.c.surname, facts.c.name, facts.c.patronymic)
            .where(facts.c.id > last).order_by(facts.c.id).limit(AT_ONCE)
        ).all()  # fmt: skip
        if not rows:
            break
        last = rows[-1].id
        change = sa.update(facts).where(facts.c.id == sa.bindparam("of")).values(sort_key_kk=sa.bindparam("key"))
        keys = [{"of": row[0], "key": " ".join(in_order(part) for part in row[1:] if part)} for row in rows]
        connection.execute(change, keys)
    if is_walled:
        op.execute("ALTER TABLE person_facts FORCE ROW LEVEL SECURITY")


def upgrade() -> None:
    op.add_column(
        "person_facts",
        sa.Column("sort_key_kk", KEY, nullable=False, server_default="", comment="names in the order of the Kazakh alphabet"),
    )
    fill()
    op.create_index("ix_person_facts_sort_kk", "person_facts", ["organisation_id", "sort_key_kk", "person_id"], **HELD)
    op.create_index("ix_person_facts_sort_kk_all", "person_facts", ["sort_key_kk", "person_id"], **HELD)
    op.create_index("ix_university_order_number", "university_order", ["number"])
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False, comment="id in addresses"),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="whose"),
        sa.Column("name", sa.String(40), nullable=False, comment="what its owner calls it"),
        sa.Column("query", sa.String(1000), nullable=False, comment="filters, order and columns as in the address of the list"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name="fk_saved_view_user_id"),
        sa.UniqueConstraint("public_id", name="uq_saved_view_public_id"),
        sa.UniqueConstraint("user_id", "name", name="uq_saved_view_user_id_name"),
        comment="lists of students that people saved under a name",
    )


def downgrade() -> None:
    op.drop_table("saved_view")
    op.drop_index("ix_university_order_number", "university_order")
    op.drop_index("ix_person_facts_sort_kk_all", "person_facts")
    op.drop_index("ix_person_facts_sort_kk", "person_facts")
    op.drop_column("person_facts", "sort_key_kk")
