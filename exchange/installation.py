"""What an installed database needs beyond its tables: walls, grants, classifiers, known organisations."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from exchange import policy
from exchange.access import walls
from exchange.access.actor import SYSTEM, asking
from exchange.organisations.actions import load_known
from exchange.reference.actions import load_classifiers


def load_reference(session: Session) -> int:
    """Brings classifiers and known organisations to the shipped state; returns how many lines are new or changed."""
    return load_classifiers(session) + load_known(session)


def complete(connection: sa.Connection, site_address: str) -> None:
    """Called by the migrations when they reached the newest state, in their transaction, as the owner of the tables."""
    if connection.dialect.name == "postgresql":
        for statement in walls.statements(policy.ROWS):
            connection.exec_driver_sql(statement)
        _grant(connection, make_url(site_address).username or "")
    with (
        asking(SYSTEM),
        Session(bind=connection, info={"fixed_actor": SYSTEM}, join_transaction_mode="create_savepoint") as session,
    ):
        load_reference(session)
        session.commit()


def _grant(connection: sa.Connection, site_role: str) -> None:
    """The site may read and write rows, never change tables, and never touch the log once written."""
    if not site_role or site_role == connection.scalar(sa.text("select current_user")):
        return
    name = connection.dialect.identifier_preparer.quote(site_role)
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM {name}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {name}",
    ):
        connection.exec_driver_sql(statement)
