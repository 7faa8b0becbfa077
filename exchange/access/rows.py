"""Wall one, the session: no actor, no query; every query sees only the actor's rows; every flush writes only his."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event, inspect
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session
from sqlalchemy.orm.context import FromStatement
from sqlalchemy.sql import util as sql_util

from exchange.access.actor import Actor, Role, current_actor
from exchange.access.rules import ALL, Mine, Own, Policy, Rows, SessionMe


class NotYours(PermissionError):
    """A write to a row that is not the actor's."""


class ActorSwapped(RuntimeError):
    """A session that served one actor is asked by another: its memory may hold rows that are not his."""


class RawStatement(RuntimeError):
    """A statement that the session wall can't see into."""


class OffThePage(RuntimeError):
    """Models that are not on the policy page."""


class _Wall(LoaderCriteriaOption):
    """A rule of the policy page as a condition on every query, aliases that are joined included.

    The library puts the condition of a joined alias in terms of the table itself, which leaves the alias open.
    """

    _traverse_internals = LoaderCriteriaOption._traverse_internals

    def _resolve_where_criteria(self, ext_info: Any) -> sa.ColumnElement[bool]:
        condition = super()._resolve_where_criteria(ext_info)
        if ext_info.is_aliased_class:
            condition = ext_info._adapter.traverse(condition)
        return condition


_policy: dict[type, Rows] = {}
_open: frozenset[type] = frozenset()
_open_writers = frozenset({Role.SYSTEM, Role.ADMINISTRATOR})
_options: dict[tuple[Actor, bool], list[Any]] = {}


def actor_of(session: Session) -> Actor:
    """The actor of a session: the first who asked; the gate may be followed by the account that it let in."""
    actor = current_actor() if "fixed_actor" not in session.info else session.info["fixed_actor"]
    known = session.info.get("actor")
    if known is None or (known.role is Role.GATE and actor.role is not Role.GATE):
        session.info["actor"] = actor
    elif known != actor:
        raise ActorSwapped(f"{known.role} was followed by {actor.role} in one session")
    return actor


def _criteria(actor: Actor, writing: bool) -> list[Any]:
    found = _options.get((actor, writing))
    if found is None:
        me = SessionMe(actor)
        found = []
        for model, rows in _policy.items():
            rule = (rows.writers if writing else rows.readers).get(actor.role)
            if writing and rows.append_only:
                rule = None
            if rule is ALL:
                continue
            condition = sa.false() if rule is None else rule(model, me)
            found.append(_Wall(model, condition, include_aliases=True))
        if len(_options) > 500:
            _options.clear()
        _options[(actor, writing)] = found
    return found


def _scope(state: ORMExecuteState) -> None:
    actor = actor_of(state.session)
    if state.is_column_load or state.is_relationship_load:
        return
    if not state.is_orm_statement:
        _refuse_raw(state, actor)
    elif state.is_insert:
        # Values inside the statement can't be looked at: such an insert passes only where every row may be written.
        values = state.parameters or [{}]
        model = state.bind_mapper.class_ if state.bind_mapper else None
        for row in values if isinstance(values, list) else [values]:
            if model is not None:
                _may_write(model, actor, [dict(cast(Mapping[str, Any], row))])
    else:
        if isinstance(state.statement, FromStatement):
            _refuse_text(actor)
        if state.is_update:
            _keep_owner(state, actor)
        options = _criteria(actor, writing=not state.is_select)
        if options:
            state.statement = state.statement.options(*options)


def _refuse_text(actor: Actor) -> None:
    """Text in the clothes of a model: its rows come as the text says, past every criterion."""
    if actor.role is not Role.SYSTEM:
        raise RawStatement("from_statement is not walled: ask by models")


def _keep_owner(state: ORMExecuteState, actor: Actor) -> None:
    """An update by statement finds only the actor's rows, but must not give them away either."""
    model = state.bind_mapper.class_ if state.bind_mapper else None
    rows = _policy.get(model) if model is not None else None
    rule = rows.writers.get(actor.role) if rows else None
    owners = rule.columns if isinstance(rule, Own) else (rule.column,) if isinstance(rule, Mine) else ()
    said = state.parameters or []
    names = {name for row in (said if isinstance(said, list) else [said]) for name in cast(Mapping[str, Any], row)}
    names |= {getattr(column, "key", str(column)) for column in (getattr(state.statement, "_values", None) or ())}
    if names & set(owners):
        raise NotYours(f"{actor.role} may not give a {model.__name__ if model else 'row'} away")


def _refuse_raw(state: ORMExecuteState, actor: Actor) -> None:
    """Text and bare tables go past the criteria: only the system may use them, and nobody needs a table to select 1."""
    if actor.role is Role.SYSTEM:
        return
    asked: Any = state.statement
    found = [] if isinstance(asked, sa.TextClause) else sql_util.find_tables(
        asked, check_columns=True, include_aliases=False, include_joins=True, include_selects=True, include_crud=True
    )  # fmt: skip
    if isinstance(asked, sa.TextClause) or any(isinstance(one, sa.TableClause) for one in found):
        raise RawStatement("text and bare tables are not walled: ask by models")


def _may_write(model: type, actor: Actor, versions: Iterable[dict[str, Any]]) -> None:
    """Raises NotYours unless every version (old and new) of the row belongs to the actor."""
    if model in _open:
        if actor.role not in _open_writers:
            raise NotYours(f"{actor.role} may not write {model.__name__}")
        return
    rows = _policy.get(model)
    rule = rows.writers.get(actor.role) if rows else None
    if rule is ALL:
        return
    for version in versions:
        if isinstance(rule, Own) and any(version.get(c) in actor.organisation_ids for c in rule.columns):
            continue
        if isinstance(rule, Mine) and actor.user_id is not None and version.get(rule.column) == actor.user_id:
            continue
        raise NotYours(f"{actor.role} may not write this {model.__name__}")


def _guard(session: Session, context: Any, instances: Any) -> None:
    actor = actor_of(session)
    new_things = set(session.new)
    changed = [thing for thing in session.dirty if session.is_modified(thing)]
    for thing in [*new_things, *changed, *session.deleted]:
        state = inspect(thing)
        model = type(thing)
        rows = _policy.get(model)
        if rows is not None and rows.append_only and thing not in new_things:
            raise NotYours(f"{model.__name__} is append-only")
        rule = rows.writers.get(actor.role) if rows else None
        columns = rule.columns if isinstance(rule, Own) else (rule.column,) if isinstance(rule, Mine) else ()
        old, new = {}, {}
        for name in columns:
            history = state.attrs[name].history
            new[name] = getattr(thing, name)
            old[name] = history.deleted[0] if history.deleted else new[name]
        _may_write(model, actor, [new] if thing in new_things else [old, new])


def build(policy: Policy, open_models: Iterable[type]) -> None:
    """Raises the wall for all sessions of this process."""
    global _open
    _policy.clear()
    _policy.update(policy)
    _open = frozenset(open_models)
    _options.clear()
    for name, listener in (("do_orm_execute", _scope), ("before_flush", _guard)):
        if not event.contains(Session, name, listener):
            event.listen(Session, name, listener)


def check(models: Iterable[type]) -> None:
    """Raises OffThePage with the names of all models that the policy page does not speak of."""
    missing = sorted(m.__name__ for m in models if m not in _policy and m not in _open)
    if missing:
        raise OffThePage("these models are not on the policy page: " + ", ".join(missing))


def policy() -> Policy:
    return _policy


def open_models() -> frozenset[type]:
    return _open
