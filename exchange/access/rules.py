"""The language of the policy page: who reads and who writes which rows, said once, compiled for two walls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from exchange.access.actor import Actor, Role


class Me(Protocol):
    """The one who asks, as seen by a rule: an actor (session wall) or the settings of a transaction (database wall)."""

    def own(self, column: Any) -> sa.ColumnElement[bool]: ...

    def am(self, column: Any) -> sa.ColumnElement[bool]: ...


class SessionMe:
    """An actor's own organisations and account as values."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def own(self, column: Any) -> sa.ColumnElement[bool]:
        ids = self.actor.organisation_ids
        found: sa.ColumnElement[bool] = column == ids[0] if len(ids) == 1 else column.in_(ids)
        return found

    def am(self, column: Any) -> sa.ColumnElement[bool]:
        found: sa.ColumnElement[bool] = column == self.actor.user_id if self.actor.user_id is not None else sa.false()
        return found


class DatabaseMe:
    """The same as settings of the transaction, for PostgreSQL policies; each is asked for once a statement, not once a row."""

    def own(self, column: Any) -> sa.ColumnElement[bool]:
        ids = "((SELECT string_to_array(nullif(current_setting('exchange.organisation_ids', true), ''), ','))::integer[])"
        among: sa.ColumnElement[bool] = column == sa.any_(sa.literal_column(ids, sa.ARRAY(sa.Integer)))
        return among

    def am(self, column: Any) -> sa.ColumnElement[bool]:
        me = sa.literal_column("(SELECT nullif(current_setting('exchange.user_id', true), '')::integer)", sa.Integer)
        found: sa.ColumnElement[bool] = column == me
        return found


@dataclass(frozen=True)
class Own:
    """Rows in which one of the named columns is one of my organisations."""

    columns: tuple[str, ...]

    def __call__(self, model: Any, me: Me) -> sa.ColumnElement[bool]:
        return sa.or_(*(me.own(getattr(model, name)) for name in self.columns))


@dataclass(frozen=True)
class Mine:
    """Rows in which the named column is my account."""

    column: str

    def __call__(self, model: Any, me: Me) -> sa.ColumnElement[bool]:
        return me.am(getattr(model, self.column))


@dataclass(frozen=True)
class Shared:
    """Rows of my organisations, and rows that `link` (a column of a table with its own `organisation_id`) names for them."""

    column: str
    link: Any

    def __call__(self, model: Any, me: Me) -> sa.ColumnElement[bool]:
        named = sa.select(self.link).where(me.own(self.link.class_.organisation_id)).correlate(None)
        return sa.or_(me.own(model.organisation_id), getattr(model, self.column).in_(named))


class All:
    """Every row."""

    def __call__(self, model: Any, me: Me) -> sa.ColumnElement[bool]:
        return sa.true()

    def __repr__(self) -> str:
        return "ALL"


ALL = All()
Reader = Callable[[Any, Me], sa.ColumnElement[bool]]


def own(*columns: str) -> Own:
    return Own(columns)


def own_or_shared(column: str, link: Any) -> Shared:
    return Shared(column, link)


def mine(column: str) -> Mine:
    return Mine(column)


@dataclass(frozen=True)
class Rows:
    """Who may read and who may write the rows of a model; a role that is not named reads and writes none.

    Writers need a rule that can be checked on an object in memory: ALL, own(...) or mine(...).
    An append-only model can be added to by its writers, and changed or deleted by nobody.
    """

    readers: Mapping[Role, Reader]
    writers: Mapping[Role, Own | Mine | All]
    append_only: bool = False


Policy = Mapping[type, Rows]
