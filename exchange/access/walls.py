"""Wall two, PostgreSQL: the same policy page compiled to row-level security; each transaction is told who asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from exchange.access.actor import Actor
from exchange.access.rows import actor_of
from exchange.access.rules import ALL, DatabaseMe, Policy

# Asked for once a statement (a subquery that depends on nothing), not once a row.
ROLE = "(SELECT current_setting('exchange.role', true))"
TELL = sa.text(
    "select set_config('exchange.role', :role, true), set_config('exchange.user_id', :user, true), "
    "set_config('exchange.organisation_ids', :organisations, true)"
)


def tell(connection: sa.Connection, actor: Actor) -> None:
    """Tells the transaction who asks (PostgreSQL only; the settings end with the transaction)."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            TELL,
            {
                "role": str(actor.role),
                "user": "" if actor.user_id is None else str(actor.user_id),
                "organisations": ",".join(map(str, actor.organisation_ids)),
            },
        )


def _tell_on_begin(session: Session, transaction: Any, connection: sa.Connection) -> None:
    tell(connection, actor_of(session))


def build() -> None:
    if not event.contains(Session, "after_begin", _tell_on_begin):
        event.listen(Session, "after_begin", _tell_on_begin)


def _sql(condition: sa.ColumnElement[bool]) -> str:
    return str(condition.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))  # type: ignore[no-untyped-call]


def _any_role(rules: Any, model: type) -> str:
    """One condition for all roles. A CASE, because planners take OR between roles for a few percent of the rows, multiply
    that for every table of a join, and then choose plans that are a thousand times too slow for those who see everything."""
    me = DatabaseMe()
    everything = sorted(str(role) for role, rule in rules.items() if rule is ALL)
    parts = [f"WHEN {ROLE} IN ({', '.join(repr(r) for r in everything)}) THEN true"] if everything else []
    parts += [
        f"WHEN {ROLE} = '{role}' THEN ({_sql(rule(model, me))})" for role, rule in sorted(rules.items()) if rule is not ALL
    ]
    return f"CASE {' '.join(parts)} ELSE false END" if parts else "false"


def statements(policy: Policy) -> Iterator[str]:
    """The SQL that builds wall two anew, for every model of the policy page; run by the owner of the tables."""
    for model, rows in sorted(policy.items(), key=lambda item: item[0].__name__):
        table = model.__tablename__  # type: ignore[attr-defined]
        read, write = _any_role(rows.readers, model), _any_role(rows.writers, model)
        yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
        yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
        for name in ("read", "add", "change", "remove"):
            yield f'DROP POLICY IF EXISTS {table}_{name} ON "{table}"'
        yield f'CREATE POLICY {table}_read ON "{table}" FOR SELECT USING ({read})'
        yield f'CREATE POLICY {table}_add ON "{table}" FOR INSERT WITH CHECK ({write})'
        if not rows.append_only:
            yield f'CREATE POLICY {table}_change ON "{table}" FOR UPDATE USING ({write}) WITH CHECK ({write})'
            yield f'CREATE POLICY {table}_remove ON "{table}" FOR DELETE USING ({write})'
