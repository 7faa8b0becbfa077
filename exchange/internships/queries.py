"""Questions about internships: whose they are, at which stage, on which day; figures for the reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, load_only

from exchange.database import prefix_range
from exchange.errors import NotFound
from exchange.internships.entry import COLUMNS, Entry
from exchange.internships.models import Internship, InternshipWeek
from exchange.internships.stages import DONE, HAPPENED, Kind, Outcome, Recognition, Stage
from exchange.internships.vocabulary import WITHDRAWN
from exchange.organisations.models import Organisation
from exchange.people.names import fold, search_key

Condition = sa.ColumnElement[bool]
SORTS: Mapping[str, tuple[Any, ...]] = {
    "-starts": (Internship.starts_on.desc(), Internship.sort_key, Internship.id),
    "starts": (Internship.starts_on, Internship.sort_key, Internship.id),
    "name": (Internship.sort_key, Internship.id),
    "-name": (Internship.sort_key.desc(), Internship.id),
    "ends": (Internship.ends_on, Internship.sort_key, Internship.id),
    "-ends": (Internship.ends_on.desc(), Internship.sort_key, Internship.id),
}


# ------------------------------------------------------------------------------------------------------------ conditions
def interns_of(enterprise_id: int) -> Condition:
    """Everybody who is, was or will be at the enterprise."""
    return Internship.enterprise_id == enterprise_id


def on_day(day: dt.date) -> Condition:
    """Who is at work on a day: it lies inside the period, and the internship was neither cancelled nor only planned."""
    return sa.and_(Internship.starts_on <= day, Internship.ends_on >= day, Internship.status.in_(sorted(HAPPENED)))


def touching(starts_on: dt.date, ends_on: dt.date) -> Condition:
    """The period of the internship and the days have at least one day in common."""
    return sa.and_(Internship.starts_on <= ends_on, Internship.ends_on >= starts_on)


def awaits_university() -> Condition:
    """The university has to say whether it is its student, and whether it agrees."""
    return sa.and_(
        Internship.recognition.in_((Recognition.WAITING, Recognition.RECOGNISED)),
        Internship.agreed_at.is_(None),
        Internship.refusal == "",
        Internship.status != Stage.CANCELLED,
    )


def tabs(today: dt.date) -> dict[str, Condition]:
    """The tabs of the list. Whose last day is over waits for a mark, even if nobody has pressed «finish» yet."""
    is_over = sa.and_(Internship.status == Stage.STARTED, Internship.ends_on < today)
    return {
        "preparing": Internship.status.in_((Stage.PLANNED, Stage.CONFIRMED)),
        "running": sa.and_(Internship.status == Stage.STARTED, Internship.ends_on >= today),
        "unmarked": sa.or_(Internship.status == Stage.FINISHED, is_over),
        "done": Internship.status == Stage.EVALUATED,
        "broken_off": Internship.status.in_((Stage.CANCELLED, Stage.INTERRUPTED)),
        "all": sa.true(),
    }


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed by; an empty value narrows nothing."""

    words: str = ""
    kind: str = ""
    university_id: int | None = None
    enterprise_id: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    def conditions(self) -> list[Condition]:
        """All that must hold."""
        found: list[Condition] = [_named(self.words)] if self.words else []
        if self.kind:
            found.append(Internship.kind == self.kind)
        if self.university_id is not None:
            found.append(Internship.university_id == self.university_id)
        if self.enterprise_id is not None:
            found.append(interns_of(self.enterprise_id))
        if self.since is not None:
            found.append(Internship.ends_on >= self.since)
        if self.until is not None:
            found.append(Internship.starts_on <= self.until)
        return found


def _named(words: str) -> Condition:
    """An IIN as a whole, or names: each word begins the surname or stands somewhere in the folded names."""
    digits = "".join(words.split())
    if digits.isdigit() and len(digits) == 12:
        return Internship.iin == digits
    found = []
    for word in words.split()[:5]:
        key, folded = search_key(word), fold(word)
        beginnings = [prefix_range(Internship.surname_key, key)] if key else []
        inside = [Internship.sort_key.contains(folded, autoescape=True)] if folded else []
        found.append(sa.or_(sa.false(), *beginnings, *inside))
    return sa.and_(sa.true(), *found)


# ----------------------------------------------------------------------------------------------------------------- lists
def counts(session: Session, filters: Filters, today: dt.date) -> dict[str, int]:
    """How many stand in each tab: one query."""
    of_tabs = tabs(today)
    row = session.execute(
        sa.select(*(sa.func.count(sa.case((condition, 1))).label(name) for name, condition in of_tabs.items()))
        .select_from(Internship)
        .where(*filters.conditions())
    ).one()
    return {name: getattr(row, name) for name in of_tabs}


def _shown(filters: Filters, tab: str, today: dt.date) -> list[Condition]:
    return [*filters.conditions(), tabs(today)[tab]]


def page(
    session: Session, filters: Filters, tab: str, today: dt.date, sort: str, offset: int, size: int
) -> Sequence[Internship]:
    """One page of a list: ids are counted off on the index, then these rows alone are read."""
    ids = session.scalars(
        sa.select(Internship.id).where(*_shown(filters, tab, today)).order_by(*SORTS[sort]).offset(offset).limit(size)
    ).all()
    return session.scalars(_with_names(sa.select(Internship).where(Internship.id.in_(ids)).order_by(*SORTS[sort]))).all()


def everything(session: Session, filters: Filters, tab: str, today: dt.date, sort: str) -> sa.ScalarResult[Internship]:
    """All rows of a list in its order, read in pieces: for a workbook."""
    asked = _with_names(sa.select(Internship).where(*_shown(filters, tab, today)).order_by(*SORTS[sort]))
    return session.scalars(asked.execution_options(yield_per=500))


def _with_names(asked: sa.Select[Internship]) -> sa.Select[Internship]:
    few = (Organisation.short_ru, Organisation.city)
    return asked.options(
        joinedload(Internship.enterprise).options(load_only(*few)), joinedload(Internship.university).options(load_only(*few))
    )


def waiting(session: Session, offset: int, size: int) -> Sequence[Internship]:
    """A page of those that wait for the word of the university, the earliest start first."""
    asked = sa.select(Internship).where(awaits_university()).order_by(Internship.starts_on, Internship.id)
    return session.scalars(_with_names(asked.offset(offset).limit(size))).all()


def waiting_count(session: Session) -> int:
    """How many wait for the word of the university."""
    return session.scalar(sa.select(sa.func.count()).select_from(Internship).where(awaits_university())) or 0


def internship(session: Session, public_id: str) -> Internship:
    """The one with this public id; raises NotFound when it does not exist or is somebody else's."""
    found = session.scalars(_with_names(sa.select(Internship).where(Internship.public_id == public_id))).one_or_none()
    if found is None:
        raise NotFound
    return found


def choices_of_organisations(session: Session) -> tuple[list[tuple[int, str, str]], list[tuple[int, str, str]]]:
    """Enterprises and universities that appear in the actor's rows: (id, code, short name), for the filters."""
    found = []
    for column in (Internship.enterprise_id, Internship.university_id):
        rows = session.execute(
            sa.select(Organisation.id, Organisation.code, Organisation.short_ru)
            .join(Internship, column == Organisation.id)
            .distinct()
        )
        found.append(sorted(((row.id, row.code, row.short_ru) for row in rows), key=lambda row: row[2].casefold()))
    return found[0], found[1]


# ---------------------------------------------------------------------------------------------------- the same and others
@dataclass(frozen=True)
class Known:
    """What the enterprise already has of a person: enough to find the same record and others on the same days."""

    id: int
    public_id: str
    kind: str
    iin: str | None
    sort_key: str
    starts_on: dt.date
    ends_on: dt.date
    status: str
    birth_date: dt.date | None = None
    surname_key: str = ""

    def is_of(self, entry: Entry) -> bool:
        """Whether an entry that names this very record speaks of the same person: what tells him was mended at most in part.

        Who writes somebody new over a row of a workbook leaves its key there.
        """
        keys = entry.keys()
        if self.sort_key == keys["sort_key"] or (self.iin and self.iin == entry.iin):
            return True
        if self.birth_date is None or self.birth_date != entry.birth_date:
            return False
        given = keys["sort_key"].removeprefix(fold(entry.surname))
        return self.surname_key == keys["surname_key"] or self.sort_key.endswith(given)


def known_between(session: Session, enterprise_id: int, starts_on: dt.date, ends_on: dt.date) -> list[Known]:
    """Records of the enterprise that touch these days: one query, however many rows a file has."""
    asked = sa.select(*_KNOWN).where(interns_of(enterprise_id), touching(starts_on, ends_on), _standing())
    return [Known(**row._mapping) for row in session.execute(asked.order_by(Internship.id))]


def _standing() -> Condition:
    """Records that a withdrawn list brought are not there any more."""
    return sa.or_(Internship.status != Stage.CANCELLED, Internship.status_reason != WITHDRAWN)


_KNOWN = (
    Internship.id, Internship.public_id, Internship.kind, Internship.iin, Internship.sort_key, Internship.starts_on,
    Internship.ends_on, Internship.status, Internship.birth_date, Internship.surname_key,
)  # fmt: skip


def known_by_id(session: Session, enterprise_id: int, public_ids: Sequence[str]) -> dict[str, Known]:
    """Records of the enterprise by public id; some hundreds a query."""
    found: dict[str, Known] = {}
    for start in range(0, len(public_ids), 500):
        asked = sa.select(*_KNOWN).where(
            interns_of(enterprise_id), Internship.public_id.in_(public_ids[start : start + 500]), _standing()
        )
        found |= {row.public_id: Known(**row._mapping) for row in session.execute(asked)}
    return found


class KnownPeople:
    """Records by person: by IIN, and by folded names where one of two has no IIN."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._by_iin: dict[str, list[Known]] = {}
        self._by_names: dict[str, list[Known]] = {}
        for one in known:
            self.add(one)

    def add(self, one: Known) -> None:
        if one.iin:
            self._by_iin.setdefault(one.iin, []).append(one)
        self._by_names.setdefault(one.sort_key, []).append(one)

    def of(self, entry: Entry, sort_key: str) -> list[Known]:
        """Records of the same person."""
        same = list(self._by_iin.get(entry.iin, ())) if entry.iin else []
        for one in self._by_names.get(sort_key, ()):
            two_iins = entry.iin and one.iin
            two_births = entry.birth_date and one.birth_date and entry.birth_date != one.birth_date
            if not two_iins and not two_births:
                same.append(one)
        return same

    def same(self, entry: Entry, sort_key: str) -> Known | None:
        """The record that this entry is about: same person, kind and first day."""
        return next((k for k in self.of(entry, sort_key) if (k.kind, k.starts_on) == (entry.kind, entry.starts_on)), None)

    def others(self, entry: Entry, sort_key: str, but: int | None = None) -> list[Known]:
        """Other records of the same person on the same days."""
        return [
            k
            for k in self.of(entry, sort_key)
            if k.id != but
            and (k.kind, k.starts_on) != (entry.kind, entry.starts_on)
            and k.status != Stage.CANCELLED
            and k.starts_on <= entry.ends_on
            and k.ends_on >= entry.starts_on
        ]


# --------------------------------------------------------------------------------------------------------------- figures
def internships_in(starts_on: dt.date, ends_on: dt.date, *also: Condition) -> Any:
    """What R08 counts: every internship that has a day in the period and was not cancelled, with its enterprise.

    Rows of (Internship, Organisation: the enterprise). Take columns with `with_only_columns`; narrow with `also`.
    """
    return (
        sa.select(Internship, Organisation)
        .join(Organisation, Organisation.id == Internship.enterprise_id)
        .where(touching(starts_on, ends_on), Internship.status != Stage.CANCELLED, *also)
    )


def figures_by_enterprise(starts_on: dt.date, ends_on: dt.date, *also: Condition) -> Any:
    """R08 by enterprise: people, hours, stages, marks and invitations; no person in it.

    Columns: enterprise_id, code, name, industry, city, students, specialists, hours_planned, hours_done, started, finished,
    evaluated, grades (how many), grade_sum, hired, invited (hired ones included). Hours are those of the whole internship.
    """

    def count(condition: Condition, name: str) -> Any:
        return sa.func.count(sa.case((condition, 1))).label(name)

    def total(column: Any, name: str) -> Any:
        return sa.func.coalesce(sa.func.sum(column), 0).label(name)

    invited = Internship.outcome.in_((Outcome.HIRED, Outcome.INVITED))
    return (
        internships_in(starts_on, ends_on, *also)
        .with_only_columns(
            Organisation.id.label("enterprise_id"), Organisation.code, Organisation.short_ru.label("name"),
            Organisation.industry, Organisation.city,
            count(Internship.kind == Kind.PRACTICE, "students"), count(Internship.kind == Kind.SPECIALIST, "specialists"),
            total(Internship.hours_planned, "hours_planned"), total(Internship.hours_done, "hours_done"),
            count(Internship.status.in_(sorted(HAPPENED)), "started"), count(Internship.status.in_(sorted(DONE)), "finished"),
            count(Internship.status == Stage.EVALUATED, "evaluated"),
            sa.func.count(Internship.grade).label("grades"), total(Internship.grade, "grade_sum"),
            count(Internship.outcome == Outcome.HIRED, "hired"), count(invited, "invited"),
        )
        .group_by(Organisation.id, Organisation.code, Organisation.short_ru, Organisation.industry, Organisation.city)
        .order_by(Organisation.industry, Organisation.short_ru, Organisation.id)
    )  # fmt: skip


def weeks(session: Session, of: Internship) -> dict[dt.date, InternshipWeek]:
    """Recorded weeks by their Monday."""
    asked = sa.select(InternshipWeek).where(InternshipWeek.internship_id == of.id).order_by(InternshipWeek.week_on)
    return {week.week_on: week for week in session.scalars(asked)}


def entry_of(one: Internship) -> dict[str, Any]:
    """The present values of a record by the names of an Entry."""
    return {name: getattr(one, name) for name in COLUMNS}
