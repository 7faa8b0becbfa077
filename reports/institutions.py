"""Universities with their branches: the rows of the contingent reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.organisations.models import Kind, Organisation


@dataclass(frozen=True)
class Institution:
    """A university or a branch; a branch knows its head organisation."""

    id: int
    code: str
    name: str
    head_id: int
    is_active: bool

    @property
    def is_branch(self) -> bool:
        return self.head_id != self.id


class Institutions:
    """All universities and branches, by id and by code, in the order of names."""

    def __init__(self, all_of_them: Iterable[Institution]) -> None:
        self.by_id: Mapping[int, Institution] = {one.id: one for one in all_of_them}
        self.by_code: Mapping[str, Institution] = {one.code: one for one in self.by_id.values()}

    @property
    def heads(self) -> list[Institution]:
        return [one for one in self.by_id.values() if not one.is_branch]

    def branches_of(self, head_id: int) -> list[Institution]:
        return [one for one in self.by_id.values() if one.is_branch and one.head_id == head_id]

    def head_of(self, organisation_id: int) -> int:
        """The head organisation of a branch; anything else is its own head."""
        one = self.by_id.get(organisation_id)
        return one.head_id if one else organisation_id

    def family(self, code: str) -> tuple[int, ...]:
        """Ids that a filter by this code means: a head organisation with its branches, or one branch."""
        one = self.by_code[code]
        return (one.id, *(b.id for b in self.branches_of(one.id)))


def institutions(session: Session) -> Institutions:
    """Everybody may know which universities there are: one query."""
    rows = session.execute(
        sa.select(
            Organisation.id, Organisation.code, Organisation.short_ru, Organisation.kind, Organisation.parent_id,
            Organisation.is_active,
        ).where(Organisation.kind.in_((Kind.UNIVERSITY, Kind.BRANCH)))
    ).all()  # fmt: skip
    known = {row.id for row in rows}
    found = [
        Institution(row.id, row.code, row.short_ru, row.parent_id if row.parent_id in known else row.id, row.is_active)
        for row in rows
    ]
    return Institutions(sorted(found, key=lambda one: (one.name.casefold(), one.id)))
