"""Questions about organisations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from exchange.errors import NotFound
from exchange.organisations.models import Kind, Organisation

KIND_NAMES = {
    Kind.UNIVERSITY: _l("Вуз"),
    Kind.BRANCH: _l("Филиал"),
    Kind.ENTERPRISE: _l("Предприятие"),
    Kind.AUTHORITY: _l("Орган власти"),
    Kind.PARTNER: _l("Партнёр в Казахстане"),
}
KIND_GROUPS = {
    Kind.UNIVERSITY: _l("Вузы"),
    Kind.BRANCH: _l("Филиалы"),
    Kind.ENTERPRISE: _l("Предприятия"),
    Kind.AUTHORITY: _l("Органы власти"),
    Kind.PARTNER: _l("Партнёры в Казахстане"),
}
# Kinds whose people may have accounts here.
WITH_ACCOUNTS = (Kind.UNIVERSITY, Kind.BRANCH, Kind.ENTERPRISE, Kind.AUTHORITY)


def organisation_by_code(session: Session, code: str, *, for_change: bool = False) -> Organisation:
    """Raises NotFound. `for_change` keeps others from changing it until this transaction ends."""
    wanted = sa.select(Organisation).where(Organisation.code == code)
    if for_change:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    # an address may hold what the database can't
    found = session.scalar(wanted) if re.fullmatch(r"[A-Za-z0-9-]{1,20}", code) else None
    if found is None:
        raise NotFound(f"There is no organisation with the code {code}.")
    return found


def organisations_to_choose(session: Session) -> list[tuple[str, str, Any]]:
    """Active organisations whose people may have accounts: (code, name, group), grouped by kind."""
    rows = session.execute(
        sa.select(Organisation.code, Organisation.short_ru, Organisation.kind).where(
            Organisation.is_active, Organisation.kind.in_(WITH_ACCOUNTS)
        )
    ).all()
    order = {kind: place for place, kind in enumerate(WITH_ACCOUNTS)}
    rows = sorted(rows, key=lambda row: (order[Kind(row.kind)], row.short_ru.casefold()))
    return [(row.code, row.short_ru, KIND_GROUPS[Kind(row.kind)]) for row in rows]


def heads(session: Session) -> list[tuple[str, str]]:
    """Universities that can have branches: (code, name)."""
    rows = session.execute(
        sa.select(Organisation.code, Organisation.short_ru).where(Organisation.kind == Kind.UNIVERSITY)
    ).all()
    return sorted(((row.code, row.short_ru) for row in rows), key=lambda row: row[1].casefold())


def organisations_found(session: Session, *, words: str = "", kind: str = "", state: str = "") -> list[int]:
    """Ids of organisations, by kind and name."""
    names = (Organisation.short_ru, Organisation.name_ru, Organisation.name_kk, Organisation.name_en, Organisation.code,
             Organisation.city)  # fmt: skip
    found = sa.select(Organisation.id, Organisation.kind, *names)
    if kind:
        found = found.where(Organisation.kind == kind)
    if state:
        found = found.where(Organisation.is_active == (state == "active"))
    asked = words.casefold().split()
    order = {str(one): place for place, one in enumerate(Kind)}
    # SQLite folds Latin letters only; organisations are counted in hundreds, so the words are looked for here.
    rows = [
        row for row in session.execute(found)
        if all(word in " ".join(row[2:]).casefold() for word in asked)
    ]  # fmt: skip
    rows.sort(key=lambda row: (order[row.kind], row.short_ru.casefold(), row.id))
    return [row.id for row in rows]


def organisations(session: Session, ids: Sequence[int]) -> list[Organisation]:
    """These organisations, in this order."""
    loaded = {one.id: one for one in session.scalars(sa.select(Organisation).where(Organisation.id.in_(ids)))}
    return [loaded[key] for key in ids]


def counts_by_kind(session: Session) -> dict[str, int]:
    """How many organisations of each kind there are."""
    rows = session.execute(sa.select(Organisation.kind, sa.func.count()).group_by(Organisation.kind)).all()
    return {row[0]: row[1] for row in rows}


def branches_of(session: Session, organisation: Organisation) -> Sequence[Organisation]:
    return session.scalars(
        sa.select(Organisation).where(Organisation.parent_id == organisation.id).order_by(Organisation.short_ru)
    ).all()


def name_of(session: Session, organisation_id: int | None) -> tuple[str, str] | None:
    """Code and short name of an organisation."""
    if organisation_id is None:
        return None
    row = session.execute(sa.select(Organisation.code, Organisation.short_ru).where(Organisation.id == organisation_id)).first()
    return (row.code, row.short_ru) if row else None
