"""Pairs that may be one human: found and put in order by the database, from one's own people on, over the whole register.

By a number: the same document, or an IIN that stands as a document of somebody else (two people never have one IIN). By names:
born on one day, and one key for surname and name in any order, whichever of the Russian, Kazakh and Latin writings comes to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exchange.access.master_key import SYSTEM, acting_as
from exchange.access.rows import actor_of
from exchange.merging.models import Apart, Merge
from exchange.people.models import IdentityDocument, Person, PersonFacts

REASON = "which records of the whole register look like one's own people"
DOCUMENT, IIN, NAMES, WRITING = range(4)
# Two people with two numbers are rarely one: such pairs stand last.
TWO_NUMBERS = 4
IIN_LENGTH = 12
KEYS = ("twin_key", "twin_key_kk", "twin_key_lat")
# Written out, not a value that is sent along: the indexes are for keys that are there, and planners have to see it.
NOTHING: Any = sa.bindparam("nothing", "", literal_execute=True)


@dataclass(frozen=True)
class Pair:
    """Two people, the older record first; `own_*`: whether one's own office keeps it. `why` names what speaks for it."""

    first: int
    second: int
    first_office: int
    second_office: int
    why: tuple[int, ...]
    has_two_iins: bool
    own_first: bool
    own_second: bool

    @property
    def own(self) -> tuple[int, ...]:
        """Those of the two that one's own office keeps."""
        return tuple(one for one, mine in ((self.first, self.own_first), (self.second, self.own_second)) if mine)


def _arm(one: Any, other: Any, how: int, own: Any, *same: Any) -> sa.Select[Any]:
    """Pairs by one likeness; `own` says which columns make one of them one's own."""
    first = sa.case((one < other, one), else_=other).label("first")
    second = sa.case((one < other, other), else_=one).label("second")
    return sa.select(first, second, sa.literal(how, sa.Integer).label("how")).where(one != other, own, *same)


def _by_names(own_ids: Sequence[int], person_id: int | None) -> list[sa.Select[Any]]:
    one, other = aliased(PersonFacts), aliased(PersonFacts)
    current = (one.superseded_at.is_(None), other.superseded_at.is_(None), one.birth_date == other.birth_date)
    found = []
    for left in KEYS:
        for right in KEYS:
            mine, theirs = getattr(one, left), getattr(other, right)
            same = (mine == theirs, mine != NOTHING, theirs != NOTHING, *current)
            is_usual = left == right == "twin_key"
            # "+ 0": few have another writing, so planners begin with them and not with all people of the office
            office: Any = one.organisation_id if is_usual else one.organisation_id + 0
            own = office.in_(own_ids) if person_id is None else sa.and_(office.in_(own_ids), one.person_id == person_id)
            found.append(_arm(one.person_id, other.person_id, NAMES if is_usual else WRITING, own, *same))
    return found


def _by_numbers(own_ids: Sequence[int], person_id: int | None) -> list[sa.Select[Any]]:
    one, other, person = aliased(IdentityDocument), aliased(IdentityDocument), aliased(Person)
    same = (one.number == other.number, one.type_code == other.type_code)
    written = (one.number == person.iin, sa.func.length(one.number) == IIN_LENGTH)
    by_paper: list[Any] = [one.organisation_id.in_(own_ids)]
    by_iin: list[Any] = [person.organisation_id.in_(own_ids)]
    if person_id is not None:
        by_paper.append(one.person_id == person_id)
        by_iin.append(person.id == person_id)
    return [
        _arm(one.person_id, other.person_id, DOCUMENT, sa.and_(*by_paper), *same),
        _arm(one.person_id, person.id, IIN, sa.and_(*by_paper), *written),
        _arm(one.person_id, person.id, IIN, sa.and_(*by_iin), *written),
    ]


def _pairs(own_ids: Sequence[int], person_id: int | None = None, *, put_aside: bool = False) -> sa.Select[Any]:
    """Pairs with one of one's own, once each, with what speaks for them; without those that were put aside, or only those."""

    alike = sa.union_all(*_by_numbers(own_ids, person_id), *_by_names(own_ids, person_id)).subquery()
    first, second = aliased(Person), aliased(Person)
    two_numbers = sa.case((sa.and_(first.iin.is_not(None), second.iin.is_not(None)), 1), else_=0)
    said = sa.select(Apart.id).where(
        Apart.organisation_id.in_(own_ids), Apart.first_id == first.id, Apart.second_id == second.id
    )  # fmt: skip
    flags = [sa.func.max(sa.case((alike.c.how == how, 1), else_=0)).label(f"by_{how}") for how in range(4)]
    rank = (sa.func.min(alike.c.how) + TWO_NUMBERS * two_numbers).label("rank")
    columns = (first.id, second.id, first.organisation_id, second.organisation_id, first.iin, second.iin)
    return (
        sa.select(
            first.id.label("first"), second.id.label("second"), first.organisation_id.label("first_office"),
            second.organisation_id.label("second_office"), two_numbers.label("two_numbers"), rank, *flags,
        )
        .select_from(alike)
        .join(first, first.id == alike.c.first)
        .join(second, second.id == alike.c.second)
        .where(
            first.merged_into_id.is_(None), second.merged_into_id.is_(None),
            said.exists() if put_aside else ~said.exists(),
        )
        .group_by(*columns)
    )  # fmt: skip


def page_of_pairs(
    session: Session, first: int, size: int, person_id: int | None = None, *, put_aside: bool = False
) -> list[Pair]:  # fmt: skip
    """A page of pairs, the surest first; of one person only, if he is named."""
    own = actor_of(session).organisation_ids
    asked = _pairs(own, person_id, put_aside=put_aside).order_by("rank", sa.desc("first"), sa.desc("second"))
    with acting_as(SYSTEM, REASON, session) as everywhere:
        rows = everywhere.execute(asked.offset(first).limit(size)).all()
    return [
        Pair(
            row.first, row.second, row.first_office, row.second_office,
            tuple(how for how in range(4) if getattr(row, f"by_{how}")), bool(row.two_numbers),
            row.first_office in own, row.second_office in own,
        )
        for row in rows
    ]  # fmt: skip


def number_of_pairs(session: Session, *, put_aside: bool = False) -> int:
    """How many pairs there are: the database counts them, none comes here."""
    found = _pairs(actor_of(session).organisation_ids, put_aside=put_aside).subquery()
    with acting_as(SYSTEM, REASON, session) as everywhere:
        return everywhere.scalar(sa.select(sa.func.count()).select_from(found)) or 0


def numbers(session: Session) -> tuple[int, int]:
    """How many pairs there are, and how many records were joined: one question for the list and the home page."""
    own = actor_of(session).organisation_ids
    found = _pairs(own).subquery()
    joined = sa.select(sa.func.count()).select_from(Merge).where(Merge.organisation_id.in_(own)).scalar_subquery()
    with acting_as(SYSTEM, REASON, session) as everywhere:
        row = everywhere.execute(sa.select(sa.func.count(), joined).select_from(found)).one()
    return int(row[0]), int(row[1])
