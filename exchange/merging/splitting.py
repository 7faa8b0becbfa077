"""Parting two records that were joined: each becomes what it was, but for what was entered since. Superseded, never undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.actor import Actor
from exchange.access.master_key import SYSTEM, acting_as
from exchange.access.rows import actor_of
from exchange.consents.models import Consent
from exchange.database import now
from exchange.errors import Conflict, NotFound, RuleBroken
from exchange.merging.actions import hand_enrolments, log_split, mark_changed, say
from exchange.merging.fields import KEPT, SAID
from exchange.merging.models import Merge
from exchange.merging.particulars import changed_since, guardians_brought, part_particulars
from exchange.merging.queries import span_of
from exchange.merging.weaving import Span, timeline, woven
from exchange.people.models import DocumentOffice, Guardian, IdentityDocument, Person, PersonFacts, PersonOffice
from exchange.reference.terms import term
from exchange.stays.models import StayFact
from exchange.students.models import Student
from exchange.students.rules import day_of
from exchange.transfers.models import State, Transfer

TERM = "MERGE_UNDO"
# What keeps two records together. Words are in `words`.
SPLIT, LATE, MERGED_ON, HANDED_OVER, IIN_TAKEN, MOVED_ON = "split", "late", "merged_on", "handed_over", "iin_taken", "moved_on"


@dataclass(frozen=True)
class Outlook:
    """What parting would do: `obstacles` keep it from happening, the rest stays with the record that is kept.

    `rows` are rows of the comparison that were changed since; `students` and `documents` were entered since; `stays`,
    `consents` and `guardians` are how many of these were. `who` are numbers of files that an obstacle speaks of, `office` a
    university.
    """

    obstacles: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    students: tuple[str, ...] = ()
    documents: tuple[int, ...] = ()
    stays: int = 0
    consents: int = 0
    guardians: int = 0
    who: tuple[str, ...] = ()
    office: int = 0
    going: tuple[str, ...] = field(default=())


def last_day(merge: Merge) -> dt.date:
    """Until when the two can be parted: the end of this day in Barnaul."""
    merged = day_of(merge.merged_at)
    return merged + dt.timedelta(days=term(TERM, merged))


def outlook(session: Session, merge: Merge) -> Outlook:
    """Whether the two can be parted today, and what would stay. Read over the walls: an enrolment elsewhere may stand in the
    way; of it only the university is told."""
    with acting_as(SYSTEM, "whether anything that happened since keeps two records together", session) as everywhere:
        return _Parting(everywhere, merge, now(), actor_of(session)).outlook()


def split_people(session: Session, merge: Merge, version: int) -> None:
    """Parts what was joined. Raises NotFound, Conflict when somebody was first, RuleBroken with the code of an obstacle."""
    if merge.organisation_id not in actor_of(session).organisation_ids:
        raise NotFound
    session.refresh(merge, with_for_update={"key_share": True})
    if merge.version != version:
        raise Conflict
    moment = now()
    with acting_as(SYSTEM, "two records that were joined become two again, for all who read them", session) as everywhere:
        parting = _Parting(everywhere, merge, moment, actor_of(session), is_locking=True)
        if found := parting.outlook().obstacles:
            raise RuleBroken("", found[0])
        parting.part()
        everywhere.flush()
    session.expire_all()
    merge.split_at, merge.split_by = moment, actor_of(session).name[:200]
    session.flush()
    log_split(session, merge)


class _Parting:
    """One parting on its way, with the master key."""

    def __init__(
        self, session: Session, merge: Merge, moment: dt.datetime, by: Actor, *, is_locking: bool = False
    ) -> None:  # fmt: skip
        self.session, self.merge, self.moment, self.by = session, merge, moment, by
        self.moved: dict[str, Any] = merge.moved
        both = sa.select(Person).where(Person.id.in_((merge.kept_id, merge.gone_id))).order_by(Person.id)
        found = {one.id: one for one in session.scalars(both.with_for_update() if is_locking else both)}
        self.kept, self.gone = found[merge.kept_id], found[merge.gone_id]
        said = sa.select(PersonFacts).where(
            sa.or_(
                sa.and_(PersonFacts.person_id == self.kept.id, PersonFacts.superseded_at.is_(None)),
                PersonFacts.id.in_(self.moved.get("facts_after", ())),
            )
        )
        told = session.scalars(said.order_by(PersonFacts.valid_from)).all()
        self.held = [row for row in told if row.superseded_at is None]
        self.after = [row for row in told if row.id in self.moved.get("facts_after", ())]

    def _facts(self, name: str) -> list[PersonFacts]:
        asked = sa.select(PersonFacts).where(PersonFacts.id.in_(self.moved[name]))
        return list(self.session.scalars(asked.order_by(PersonFacts.valid_from)))

    def _spans(self, rows: Sequence[PersonFacts]) -> list[Span]:
        return [span_of(row) for row in rows]

    def _unchanged(self) -> tuple[set[str], set[str]]:
        """Rows of the comparison that stand as the merge left them: of what is said, and of numbers and contacts."""
        after, held = self._spans(self.after), self._spans(self.held)
        said = {row for row, names in SAID.items() if timeline(after, names) == timeline(held, names)}
        then = self.moved["person_after"]
        kept = {row for row, names in KEPT.items() if all(getattr(self.kept, name) == then[name] for name in names)}
        return said, kept

    def outlook(self) -> Outlook:
        if self.merge.split_at is not None:
            return Outlook((SPLIT,))
        if day_of(self.moment) > last_day(self.merge):
            return Outlook((LATE,))
        if self.kept.merged_into_id is not None:
            return Outlook((MERGED_ON,), who=self._numbers(self.kept.merged_into_id))
        if self.kept.organisation_id != self.merge.organisation_id:
            return Outlook((HANDED_OVER,), office=self.kept.organisation_id)
        said, kept = self._unchanged()
        moved, stays, consents, guardians = self._meanwhile()
        if moved is not None:
            return Outlook((MOVED_ON,), office=moved)
        if self._iin_is_taken("iin" in kept):
            return Outlook((IIN_TAKEN,))
        own = self.by.organisation_ids
        since = self.merge.merged_at
        students = self.session.scalars(sa.select(Student).where(Student.person_id == self.kept.id).order_by(Student.id)).all()
        papers = self.session.scalars(
            sa.select(IdentityDocument.id).where(
                IdentityDocument.person_id == self.kept.id, IdentityDocument.created_at > since
            )
        ).all()  # fmt: skip
        return Outlook(
            rows=(
                *(row for row in (*SAID, *KEPT) if row not in said | kept),
                *changed_since(self.session, self.kept, self.moved),
            ),
            students=tuple(row.record_book_no for row in students if row.created_at > since and row.organisation_id in own),
            documents=tuple(key for key in papers if key not in self.moved["documents"]),
            stays=stays,
            consents=consents,
            guardians=guardians,
            going=tuple(
                row.record_book_no for row in students if row.id in self.moved["students"] and row.organisation_id in own
            ),
        )

    def _numbers(self, person_id: int) -> tuple[str, ...]:
        found = sa.select(Student.record_book_no).where(
            Student.person_id == person_id, Student.organisation_id.in_(self.by.organisation_ids)
        )
        return tuple(self.session.scalars(found.order_by(Student.id)))

    def _meanwhile(self) -> tuple[int | None, int, int, int]:
        """The university to which one of the enrolments that would go back was transferred since; how many migration facts,
        consents and guardians are new."""
        since = self.merge.merged_at
        accepted = sa.select(Transfer.to_organisation_id).where(
            Transfer.person_id == self.kept.id, Transfer.state == State.ACCEPTED,
            Transfer.student_id.in_(self.moved["students"]), Transfer.closed_at > since,
        )  # fmt: skip
        stays = sa.select(sa.func.count(StayFact.id)).where(
            StayFact.person_id == self.kept.id, StayFact.recorded_at > since
        )  # fmt: skip
        consents = sa.select(sa.func.count(Consent.id)).where(
            Consent.person_id == self.kept.id, Consent.recorded_at > since
        )  # fmt: skip
        guardians = sa.select(sa.func.count(Guardian.id)).where(
            Guardian.person_id == self.kept.id, Guardian.created_at > since,
            Guardian.organisation_id == self.kept.organisation_id, Guardian.id.not_in(guardians_brought(self.moved)),
        )  # fmt: skip
        found = self.session.execute(
            sa.select(
                accepted.limit(1).scalar_subquery(), *(asked.scalar_subquery() for asked in (stays, consents, guardians))
            )
        ).one()  # fmt: skip
        return found[0], found[1], found[2], found[3]

    def _iin_is_taken(self, goes_back: bool) -> bool:
        """Whether somebody else has an IIN by now that one of the two gets back."""
        given_back = {self.moved["iin_of_gone"][0]} | ({self.moved["person_before"]["iin"]} if goes_back else set())
        if not goes_back and self.kept.iin in given_back - {None}:
            return True
        elsewhere = sorted(iin for iin in given_back if iin and iin != self.kept.iin)
        held = sa.select(Person.id).where(Person.iin.in_(elsewhere)).limit(1)
        return bool(elsewhere) and self.session.scalar(held) is not None

    # ---------------------------------------------------------------------------------------------------------- the act
    def part(self) -> None:
        said, kept = self._unchanged()
        self._numbers_and_contacts(kept)
        self._say(said)
        self._documents()
        self._offices()
        part_particulars(self.session, self.kept, self.gone, self.moved)
        moved = self.session.scalars(
            sa.select(Student).where(Student.id.in_(self.moved["students"]), Student.person_id == self.kept.id)
        ).all()  # fmt: skip
        hand_enrolments(self.session, moved, self.gone.id, self.moment, self.by)
        staying = self.session.scalars(sa.select(Student).where(Student.person_id == self.kept.id)).all()
        mark_changed(self.session, staying, self.moment, self.by)
        # a transfer is of its enrolment, also one that was sent since; a request names none yet
        of_moved = sa.or_(
            Transfer.student_id.in_(self.moved["students"]),
            sa.and_(Transfer.student_id.is_(None), Transfer.id.in_(self.moved["transfers"])),
        )
        for transfer in self.session.scalars(sa.select(Transfer).where(of_moved, Transfer.person_id == self.kept.id)):
            transfer.person_id = self.gone.id
        followers = sa.select(Person).where(
            Person.id.in_(self.moved["followers"]), Person.merged_into_id == self.kept.id
        )  # fmt: skip
        for person in self.session.scalars(followers):
            person.merged_into_id = self.gone.id

    def _numbers_and_contacts(self, unchanged: set[str]) -> None:
        before = self.moved["person_before"]
        for row in sorted(unchanged):
            for name in KEPT[row]:
                setattr(self.kept, name, before[name])
        self.session.flush()  # an IIN is let go before it is given back
        self.gone.iin, self.gone.iin_needs_check = self.moved["iin_of_gone"]
        self.gone.merged_into_id = None
        self.session.flush()

    def _say(self, unchanged: set[str]) -> None:
        """The one who stays: as before, but for what was corrected since. The one who went: as before."""
        before, held = self._spans(self._facts("facts_before")), self._spans(self.held)
        names = {name for row in unchanged for name in SAID[row]}
        told = before if unchanged == set(SAID) else woven(held, before, names)
        say(self.session, self.kept, self.held, told, self.moment, self.by.user_id)
        say(self.session, self.gone, [], self._spans(self._facts("facts_of_gone")), self.moment, self.by.user_id)

    def _documents(self) -> None:
        moved = sa.select(IdentityDocument).where(
            IdentityDocument.id.in_(self.moved["documents"]), IdentityDocument.person_id == self.kept.id
        )
        for row in self.session.scalars(moved):
            row.person_id, row.organisation_id = self.gone.id, self.gone.organisation_id
            row.is_presented = row.is_presented or row.id in self.moved.get("hidden", ())
        for key in self.moved.get("shown", ()):
            self.session.get_one(IdentityDocument, key).is_presented = False
        for key, values in self.moved["completed"].items():
            paper = self.session.get_one(IdentityDocument, int(key))
            for name, value in values.items():
                if str(getattr(paper, name)) == value:
                    setattr(paper, name, "" if name == "issued_by" else None)
        self.session.flush()

    def _offices(self) -> None:
        for model, name in ((DocumentOffice, "papers"), (PersonOffice, "offices")):
            gone = sa.delete(model).where(model.id.in_(self.moved[name]))
            self.session.execute(gone.execution_options(synchronize_session=False))


__all__ = ["Outlook", "last_day", "outlook", "split_people"]
