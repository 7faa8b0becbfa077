"""A search by two words reads an index alone: surname and name each with the other parts of the name behind it."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BEHIND = {
    "surname_key": ["surname_key", "name_key", "patronymic_key", "organisation_id", "person_id"],
    "name_key": ["name_key", "surname_key", "patronymic_key", "organisation_id", "person_id"],
}


def upgrade() -> None:
    for first, columns in BEHIND.items():
        op.drop_index(f"ix_person_facts_{first}", "person_facts")
        op.create_index(f"ix_person_facts_{first}", "person_facts", columns)


def downgrade() -> None:
    for first in BEHIND:
        op.drop_index(f"ix_person_facts_{first}", "person_facts")
        op.create_index(f"ix_person_facts_{first}", "person_facts", [first])
