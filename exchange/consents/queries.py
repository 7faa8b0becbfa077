"""Questions about consents: what is on file of a person, what is in force on a day, for one or for many.

Nobody can move a consent. So those of a record that was joined to another one are read of the record that is kept, and what
was withdrawn on one of them is withdrawn on the others too.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.consents.models import ANNULLED, GIVEN, WITHDRAWN, Consent
from exchange.consents.papers import birthday
from exchange.errors import NotFound
from exchange.people.models import Person

CHUNK = 5000


@dataclass
class Filed:
    """A consent that was given, with what came after: withdrawals (annulled ones too), and the annulment of each entry."""

    given: Consent
    annulled_by: Consent | None = None
    withdrawals: list[tuple[Consent, Consent | None]] = field(default_factory=list)

    @property
    def withdrawn(self) -> Consent | None:
        """The withdrawal in force, if any."""
        return next((entry for entry, annulled in self.withdrawals if annulled is None), None)

    def holds_on(self, day: dt.date) -> bool:
        """Whether it is in force: from the day it was given until the day it was withdrawn, this one not included."""
        if self.annulled_by is not None or day < self.given.day:
            return False
        return self.withdrawn is None or day < self.withdrawn.day

    def needs_own(self, born: dt.date, day: dt.date) -> bool:
        """Given by a guardian for somebody who is of age now: his own is to be asked for."""
        return self.given.given_by == "guardian" and day >= birthday(born)


def filed_of(session: Session, person_ids: Iterable[int], known_at: dt.datetime | None = None) -> dict[int, list[Filed]]:
    """Consents by person, newest first, as known at a moment (empty: now). One question for every 5,000 people.

    Of a person are those of the records that were joined to his, too (`exchange.people.queries.selves`).
    """
    found: dict[int, list[Filed]] = {}
    wanted = sorted(set(person_ids))
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        asked = sa.select(Consent, Person.merged_into_id).join(Person, Person.id == Consent.person_id)
        asked = asked.where(sa.or_(Person.id.in_(part), Person.merged_into_id.in_(part)))
        if known_at is not None:
            asked = asked.where(Consent.recorded_at <= known_at)
        known, entries = set(part), defaultdict(list)
        for entry, joined_to in session.execute(asked.order_by(Consent.id)):
            entries[joined_to if joined_to in known else entry.person_id].append(entry)
        found |= {person_id: _told(told) for person_id, told in entries.items()}
    return found


def _told(entries: Sequence[Consent]) -> list[Filed]:
    """Entries of one human, the oldest first, as consents with what came after."""
    annulled = {entry.cancels_id: entry for entry in entries if entry.act == ANNULLED}
    filed = {entry.id: Filed(entry, annulled.get(entry.id)) for entry in entries if entry.act == GIVEN}
    for entry in entries:
        if entry.act == WITHDRAWN and entry.withdraws_id in filed:
            filed[entry.withdraws_id].withdrawals.append((entry, annulled.get(entry.id)))
    _withdraw_beside(filed)
    return sorted(filed.values(), key=lambda item: (item.given.day, item.given.id), reverse=True)


def _withdraw_beside(filed: dict[int, Filed]) -> None:
    """A withdrawal that was entered on one record of a human ends the same consent on his other records."""
    named = [(item.given, *entry) for item in filed.values() for entry in item.withdrawals]
    for given, withdrawal, annulled in named:
        for other in filed.values():
            if is_withdrawn_with(other.given, given, withdrawal):
                other.withdrawals.append((withdrawal, annulled))


def is_withdrawn_with(other: Consent, given: Consent, withdrawal: Consent) -> bool:
    """Whether withdrawing `given` ends `other` of the same human's other record: for the same thing, to the same university,
    given no later. What a guardian withdraws is not what the person said himself."""
    return (
        other.person_id != given.person_id
        and (other.kind, other.organisation_id) == (given.kind, given.organisation_id)
        and other.day <= withdrawal.day
        and (other.given_by == given.given_by or given.given_by == "self")
    )


def consents_on(
    session: Session, person_ids: Iterable[int], kind: str, day: dt.date, known_at: dt.datetime | None = None
) -> dict[int, Filed]:
    """The consent of a kind that is in force on a day, by person; who has none is not in the answer."""
    return {
        person_id: held
        for person_id, items in filed_of(session, person_ids, known_at).items()
        if (held := held_on(items, kind, day)) is not None
    }


def held_on(items: Iterable[Filed], kind: str, day: dt.date) -> Filed | None:
    """The newest one of a kind that is in force on a day; a person's own goes before the guardian's."""
    held = [item for item in items if item.given.kind == kind and item.holds_on(day)]
    return next((item for item in held if item.given.given_by == "self"), held[0] if held else None)


def entry_of(session: Session, person_id: int, entry_id: int) -> tuple[Filed, Consent]:
    """An entry of this person that is no annulment, with the consent it belongs to; raises NotFound."""
    for item in filed_of(session, [person_id]).get(person_id, ()):
        if item.given.id == entry_id:
            return item, item.given
        for withdrawal, _annulled in item.withdrawals:
            if withdrawal.id == entry_id:
                return item, withdrawal
    raise NotFound
