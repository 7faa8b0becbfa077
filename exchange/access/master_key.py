"""The master key: acting beyond one's own rows, for a named reason. Importable only where the contracts allow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from exchange.access.actor import SYSTEM, Actor
from exchange.access.rows import actor_of
from exchange.access.walls import tell


@contextmanager
def acting_as(actor: Actor, reason: str, outer: Session) -> Iterator[Session]:
    """A second session on the connection of `outer`, in which `actor` asks; it becomes part of `outer`'s transaction.

    Nothing read here reaches the memory of `outer`. `reason` is for the reader of the code and is required.
    """
    if not reason:
        raise ValueError("the master key needs a reason")
    asker = actor_of(outer)
    outer.flush()
    connection = outer.connection()
    inner = Session(
        bind=connection, join_transaction_mode="create_savepoint", info={"fixed_actor": actor}, expire_on_commit=False
    )
    try:
        yield inner
        inner.commit()
    finally:
        inner.close()
        tell(connection, asker)


__all__ = ["SYSTEM", "acting_as"]
