"""Joining two records of one human, and saying that two are not one. What was known before stays as it was known.

Reports count people by `study_period.person_id` and read what is said of them from `person_facts`. Neither is turned,
both are superseded at the moment of the merge and said anew of the record that is kept. So whoever asks as of an earlier moment
of knowing still counts two. Enrolments, documents, guardians and transfers have one time and are moved, further particulars are
copied (`particulars`). Migration facts and consents can't be moved by anybody: they are read of all records of a human
(`exchange.people.queries.selves`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session, aliased

from exchange.access.actor import Actor, author
from exchange.access.master_key import SYSTEM, acting_as
from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.database import now
from exchange.errors import Conflict, NotFound, RuleBroken
from exchange.merging import queries
from exchange.merging.fields import KEPT, ROWS, SAID, Row
from exchange.merging.models import Apart, Merge
from exchange.merging.particulars import join_particulars
from exchange.merging.queries import span_of
from exchange.merging.weaving import Span, woven
from exchange.people import keeping
from exchange.people.actions import FACTS, facts_row
from exchange.people.models import DocumentOffice, Person, PersonFacts, PersonOffice
from exchange.students.models import Student, StudyPeriod
from exchange.transfers.models import OPEN, Transfer

PAPER = ("issued_by", "issued_on", "valid_until")


def merge_people(
    session: Session, kept: Person, gone: Person, of_gone: Iterable[str], opened: str | None = None
) -> Merge:  # fmt: skip
    """Joins `gone` to `kept`; rows of the comparison named in `of_gone` are taken from `gone`, all others from `kept`.

    `opened` is the mark of both as they were compared. Raises NotFound for what is not one's own, Conflict when one of the two
    was changed meanwhile, RuleBroken when they can't be joined.
    """
    own = actor_of(session).organisation_ids
    taken = set(of_gone)
    if kept.id == gone.id or not taken <= set(ROWS) or any(one.organisation_id not in own for one in (kept, gone)):
        raise NotFound
    moment, user_id = now(), actor_of(session).user_id
    merge = Merge(
        organisation_id=kept.organisation_id, kept_id=kept.id, gone_id=gone.id, merged_at=moment, merged_by_id=user_id
    )  # fmt: skip
    with acting_as(SYSTEM, "two records of one human become one, with the enrolments of others who read them", session) as all_:
        merge.moved = _Joining(all_, kept.id, gone.id, moment, actor_of(session)).join(taken, opened)
    session.expire_all()
    session.add(merge)
    session.flush()
    log_both(session, "student:merged", merge, sorted(taken))
    return merge


def log_both(session: Session, action: str, merge: Merge, chosen: Sequence[str] = ()) -> None:
    """One entry for each own enrolment: the history of a card tells it."""
    moved = set(merge.moved["students"])
    people = (merge.kept_id, merge.gone_id)
    students = session.scalars(sa.select(Student).where(Student.person_id.in_(people)).order_by(Student.id)).all()
    numbers = {student.id: student.record_book_no for student in students}
    for student in students:
        others = [number for key, number in numbers.items() if (key in moved) != (student.id in moved)]
        audit.record(session, action, student, record_book_no=student.record_book_no, others=others, taken=list(chosen))


def log_split(session: Session, merge: Merge) -> None:
    """The same when they are parted again."""
    log_both(session, "student:split", merge)


class _Joining:
    """One merge on its way, with the master key: what it moves is noted, to be moved back."""

    def __init__(self, session: Session, kept: int, gone: int, moment: dt.datetime, by: Actor) -> None:
        self.session, self.moment, self.by = session, moment, by
        locked = sa.select(Person).where(Person.id.in_((kept, gone))).order_by(Person.id).with_for_update()
        found = {one.id: one for one in session.scalars(locked)}
        if any(one.merged_into_id is not None for one in found.values()):
            raise Conflict
        self.kept, self.gone = queries.sides(session, found[kept], found[gone])
        self.moved: dict[str, Any] = {}

    def join(self, taken: set[str], opened: str | None) -> dict[str, Any]:
        if opened is not None and opened != queries.state_of(*map(self._as_compared, (self.kept, self.gone))):
            raise Conflict
        self._refuse_two_transfers()
        self._documents()
        self._offices()
        self._facts(taken)
        self._numbers_and_contacts(taken)
        self.moved |= join_particulars(self.session, self.kept.person, self.gone.person, taken)
        self._enrolments()
        self._transfers()
        self._follow()
        self.session.flush()
        return self.moved

    def _as_compared(self, side: queries.Side) -> queries.Side:
        """Without enrolments at other universities: who compared the two did not see them."""
        own = self.by.organisation_ids
        return replace(side, students=[row for row in side.students if row.organisation_id in own])

    # ------------------------------------------------------------------------------------------------------- what is said
    def _facts(self, taken: set[str]) -> None:
        """What was said of the one who is gone is no longer said; of the one who is kept the woven history."""
        kept, gone = self.kept, self.gone
        told = woven(kept.spans, gone.spans, {column for row in taken & set(SAID) for column in SAID[row]})
        self.moved["facts_of_gone"] = [row.id for row in gone.facts]
        self.moved["facts_before"] = [row.id for row in kept.facts]
        supersede(gone.facts, self.moment)
        fresh = say(self.session, kept.person, kept.facts, told, self.moment, self.by.user_id)
        self.moved["facts_after"] = sorted(row.id for row in fresh)

    def _numbers_and_contacts(self, taken: set[str]) -> None:
        """IIN and contacts have no history: how they stood on both sides is noted. An IIN belongs to one record at a time."""
        kept, gone = self.kept.person, self.gone.person
        columns = [column for names in KEPT.values() for column in names]
        self.moved["person_before"] = {name: getattr(kept, name) for name in columns}
        self.moved["iin_of_gone"] = [gone.iin, gone.iin_needs_check]
        chosen = {name: getattr(gone, name) for row in taken & set(KEPT) for name in KEPT[row]}
        gone.iin, gone.iin_needs_check = None, False
        gone.merged_into_id = kept.id
        self.session.flush()
        for name, value in chosen.items():
            setattr(kept, name, value)
        self.moved["person_after"] = {name: getattr(kept, name) for name in columns}
        self.session.flush()

    # ------------------------------------------------------------------------------------------------------ what is moved
    def _documents(self) -> None:
        """Documents go over; of two with one number the kept one stays and is completed."""
        known = {(row.type_code, row.number): row for row in self.kept.documents}
        self.moved["documents"], self.moved["completed"], self.twins = [], {}, {}
        has_shown = any(row.is_presented for row in self.kept.documents)
        self.moved["hidden"], self.moved["shown"] = [], []
        for row in self.gone.documents:
            same = known.get((row.type_code, row.number))
            if same is None:
                row.person_id, row.organisation_id = self.kept.person.id, self.kept.person.organisation_id
                self.moved["documents"].append(row.id)
                if row.is_presented and has_shown:  # a person shows one document at a time
                    row.is_presented = False
                    self.moved["hidden"].append(row.id)
                continue
            self.twins[row.id] = same.id
            if row.is_presented and not has_shown:
                same.is_presented = has_shown = True
                self.moved["shown"].append(same.id)
            lacking = {name: getattr(row, name) for name in PAPER if not getattr(same, name) and getattr(row, name)}
            for name, value in lacking.items():
                setattr(same, name, value)
            if lacking:
                self.moved["completed"][str(same.id)] = {name: str(value) for name, value in lacking.items()}
        self.session.flush()

    def _offices(self) -> None:
        """Whoever read the one who is gone reads the one who is kept: his own documents of then, no others.

        The rows of the one who is gone stay: they show what was known before. A branch that kept him reads everything.
        """
        kept, gone = self.kept.person, self.gone.person
        readers = list(self.session.scalars(sa.select(PersonOffice).where(PersonOffice.person_id.in_((kept.id, gone.id)))))
        known = {row.organisation_id for row in readers if row.person_id == kept.id} | {kept.organisation_id}
        added: list[Any] = []
        for row in readers:
            if row.person_id == gone.id and row.organisation_id not in known:
                said = {name: getattr(row, name) for name in keeping.CONTACTS}
                added.append(PersonOffice(organisation_id=row.organisation_id, person_id=kept.id, since=row.since, **said))
                known.add(row.organisation_id)
        if gone.organisation_id not in known:
            said = {name: getattr(gone, name) for name in keeping.CONTACTS}
            added.append(PersonOffice(organisation_id=gone.organisation_id, person_id=kept.id, **said))
        papers = [row.id for row in self.gone.documents]
        named = self.session.scalars(
            sa.select(DocumentOffice).where(DocumentOffice.document_id.in_([*papers, *self.twins.values()]))
        )
        shown = {(row.organisation_id, row.document_id) for row in named}
        wanted = {(office, self.twins[key]) for office, key in shown if key in self.twins}
        if gone.organisation_id != kept.organisation_id:
            wanted |= {(gone.organisation_id, self.twins.get(key, key)) for key in papers}
        wanted = {(office, key) for office, key in wanted - shown if office != kept.organisation_id}
        added += [DocumentOffice(organisation_id=office, document_id=key) for office, key in sorted(wanted)]
        self.session.add_all(added)
        self.session.flush()
        self.moved["offices"] = [row.id for row in added if isinstance(row, PersonOffice)]
        self.moved["papers"] = [row.id for row in added if isinstance(row, DocumentOffice)]

    def _enrolments(self) -> None:
        """Enrolments of every university go over, with what is told of their periods."""
        self.moved["students"] = [row.id for row in self.gone.students]
        hand_enrolments(self.session, self.gone.students, self.kept.person.id, self.moment, self.by)
        mark_changed(self.session, self.kept.students, self.moment, self.by)

    def _refuse_two_transfers(self) -> None:
        people = (self.kept.person.id, self.gone.person.id)
        found = sa.select(Transfer.to_organisation_id).where(Transfer.person_id.in_(people), Transfer.state.in_(OPEN))
        targets = self.session.scalars(found).all()
        if len(set(targets)) < len(targets):
            raise RuleBroken(
                "", _("У обеих записей открыт перевод в один и тот же вуз. Сначала завершите один из них в разделе «Переводы»")
            )

    def _transfers(self) -> None:
        found = self.session.scalars(sa.select(Transfer).where(Transfer.person_id == self.gone.person.id)).all()
        for row in found:
            row.person_id = self.kept.person.id
        self.moved["transfers"] = [row.id for row in found]

    def _follow(self) -> None:
        """Records that were joined to the one who is gone are now of the one who is kept."""
        earlier = self.session.scalars(sa.select(Person).where(Person.merged_into_id == self.gone.person.id)).all()
        for row in earlier:
            row.merged_into_id = self.kept.person.id
        self.moved["followers"] = [row.id for row in earlier]


# ------------------------------------------------------------------------------------------------ for merging and parting
def supersede(rows: Iterable[Any], moment: dt.datetime) -> None:
    for row in rows:
        row.superseded_at = max(moment, row.recorded_at)


def say(
    session: Session, person: Person, held: Sequence[PersonFacts], told: Sequence[Span], moment: dt.datetime,
    user_id: int | None,
) -> list[PersonFacts]:  # fmt: skip
    """Brings what is said of a person to `told`: rows that say the same stay. Returns the rows that hold now."""
    wanted = {span.key: span for span in told}
    staying = [row for row in held if wanted.pop(span_of(row).key, None) is not None]
    supersede([row for row in held if row not in staying], moment)
    session.flush()  # the old ones first: the database lets no two hold on one day
    fresh = [
        PersonFacts(
            person_id=person.id, organisation_id=person.organisation_id, valid_from=span.valid_from, valid_to=span.valid_to,
            recorded_at=moment, recorded_by_id=user_id, ground=span.ground,
            **facts_row({name: span.said[name] for name in FACTS}),
        )
        for span in wanted.values()
    ]  # fmt: skip
    session.add_all(fresh)
    session.flush()
    return [*staying, *fresh]


PERIOD = [column.key for column in sa.inspect(StudyPeriod).column_attrs if column.key not in ("id", "person_id")]


def hand_enrolments(
    session: Session, students: Sequence[Student], person_id: int, moment: dt.datetime, by: Actor
) -> None:  # fmt: skip
    """Enrolments become those of another record; their periods are superseded and said anew with him."""
    told = sa.select(StudyPeriod).where(
        StudyPeriod.student_id.in_([row.id for row in students]), StudyPeriod.superseded_at.is_(None)
    )
    periods = session.scalars(told).all()
    supersede(periods, moment)
    session.flush()
    for row in periods:
        said = {name: getattr(row, name) for name in PERIOD} | {"recorded_at": moment, "superseded_at": None}
        session.add(StudyPeriod(person_id=person_id, **said))
    mark_changed(session, students, moment, by, person_id=person_id)


def mark_changed(session: Session, students: Sequence[Student], moment: dt.datetime, by: Actor, **values: Any) -> None:
    """Marks cards as changed: whoever has one open will be told. On a card of another university nobody of here is named."""
    session.flush()
    mine = Student.organisation_id.in_(by.organisation_ids)
    named = {
        "updated_by": sa.case((mine, by.name[:200]), else_=Student.updated_by),
        "updated_by_id": sa.case((mine, by.user_id), else_=Student.updated_by_id),
    }
    changed = sa.update(Student).where(Student.id.in_([row.id for row in students]))
    session.execute(
        changed.values(version=Student.version + 1, updated_at=moment, **named, **values).execution_options(
            synchronize_session=False
        )
    )
    for row in students:
        session.expire(row)


def beside(session: Session, kept: Person, gone: Person) -> list[tuple[int, int, dt.date]]:
    """Where both study at the same time: university of the one, of the other, since when."""
    one, other = aliased(StudyPeriod), aliased(StudyPeriod)
    begins = sa.case((one.valid_from >= other.valid_from, one.valid_from), else_=other.valid_from)
    overlap = (
        sa.or_(one.valid_to.is_(None), one.valid_to > other.valid_from),
        sa.or_(other.valid_to.is_(None), other.valid_to > one.valid_from),
    )
    asked = (
        sa.select(one.organisation_id, other.organisation_id, sa.func.min(begins))
        .where(
            one.person_id == kept.id, other.person_id == gone.id, one.superseded_at.is_(None), other.superseded_at.is_(None),
            one.in_contingent, other.in_contingent, *overlap,
        )
        .group_by(one.organisation_id, other.organisation_id)
    )  # fmt: skip
    with acting_as(SYSTEM, "whether two records study at the same time, also at another university", session) as everywhere:
        return [(here, there, since) for here, there, since in everywhere.execute(asked)]


# ------------------------------------------------------------------------------------------------------------ two people
def set_apart(session: Session, one: int, other: int, office: int) -> Apart:
    """«Это разные люди»: the pair is no longer offered."""
    low, high = sorted((one, other))
    known = queries.apart_of(session, low, high)
    if known is not None:
        return known
    said = Apart(organisation_id=office, first_id=low, second_id=high, said_by_id=actor_of(session).user_id, said_by=author())
    session.add(said)
    session.flush()
    _log_pair(session, "student:told-apart", said)
    return said


def take_apart_back(session: Session, said: Apart) -> None:
    """The pair is offered again."""
    _log_pair(session, "student:maybe-same", said)
    session.delete(said)
    session.flush()


def _log_pair(session: Session, action: str, said: Apart) -> None:
    pair = (said.first_id, said.second_id)
    found = session.scalars(sa.select(Student).where(Student.person_id.in_(pair)).order_by(Student.id)).all()
    numbers = {row.id: row.record_book_no for row in found}
    for student in found:
        others = [number for key, number in numbers.items() if key != student.id]
        audit.record(session, action, student, record_book_no=student.record_book_no, others=others)


def people_of(session: Session, keys: Sequence[str]) -> list[tuple[int, str]]:
    """(id, public id) of people of any office: a form may name one whom its sender does not see."""
    with acting_as(SYSTEM, "which records a pair names, one of them maybe of another office", session) as everywhere:
        asked = sa.select(Person.id, Person.public_id).where(Person.public_id.in_(keys))
        return [(one, key) for one, key in everywhere.execute(asked)]


def public_ids(session: Session, ids: Sequence[int]) -> list[tuple[int, str]]:
    """The same by ids, for the forms of the list."""
    with acting_as(SYSTEM, "how a form names the two records of a pair", session) as everywhere:
        asked = sa.select(Person.id, Person.public_id).where(Person.id.in_(ids))
        return [(one, key) for one, key in everywhere.execute(asked)]


def choices(rows: Iterable[Row], chosen: Mapping[str, str], kept_is: str) -> set[str]:
    """Rows that are taken from the record that goes: `chosen` names a side for each that differs, `kept_is` the side kept."""
    return {row.name for row in rows if row.differs and (chosen.get(row.name) or row.chosen) != kept_is}


def unchosen(rows: Iterable[Row], chosen: Mapping[str, str]) -> list[Row]:
    """Rows on which somebody still has to choose."""
    return [row for row in rows if row.differs and not (chosen.get(row.name) or row.chosen)]
