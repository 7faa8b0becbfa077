"""Figures of the list: counts, tabs, numbers beside the filters. Remembered until data change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.actor import Role
from exchange.access.rows import actor_of
from exchange.audit.actions import data_version
from exchange.organisations.models import Organisation
from exchange.people.models import PersonFacts
from exchange.reference import classifiers
from exchange.students.contingent import COUNTRY, contingent_on, contingent_size, enrolments_on
from exchange.students.filters import LEAVES, Wanted, counting, enrolled_in
from exchange.students.models import Student, StudyPeriod
from exchange.students.quality import PROBLEMS

SIDES = ("course", "region", "level", "form", "funding", "status")
Cells = list[Any]
Figure = TypeVar("Figure")


class Facets(NamedTuple):
    """`numbers`: filter -> (value, how many it would leave); `without`: filter -> how many are left when it is taken away."""

    numbers: dict[str, tuple[tuple[str, int], ...]]
    without: dict[str, int]
    total: int


_remembered: dict[Any, Any] = {}
MOST_REMEMBERED = 2000
KEPT_STATEMENTS = 64


class Counts:
    """Figures of the list for one request: remembered as long as no data change (the log counts changes) and for those who
    see the same rows.

    Inside a savepoint nothing is kept longer than the request: what was counted there may be taken back.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._told: dict[Any, Any] = {}  # in this request
        actor = actor_of(session)
        address = str(session.connection().engine.url)
        self._whose = (address, data_version(session), actor.role, actor.organisation_ids)

    def _remember(self, key: Any, ask: Callable[[], Any]) -> Any:
        if self.session.connection().in_nested_transaction():
            if key not in self._told:
                self._told[key] = ask()
            return self._told[key]
        full = (*self._whose, key)
        if full not in _remembered:
            if len(_remembered) >= MOST_REMEMBERED:
                _remembered.clear()
            _remembered[full] = ask()
        return _remembered[full]

    def remembered(self, key: str, ask: Callable[[], Figure]) -> Figure:
        """A figure (or some) of a younger room, remembered like those of the list."""
        found: Figure = self._remember((key,), ask)
        return found

    def of(self, wanted: Wanted) -> int:
        """How many enrolments the filters leave."""
        if not wanted.is_narrowed and not wanted.is_on_given:
            return int(self._standing(wanted.on, last_intake(wanted.on))[0])
        return int(self._remember(("count", *wanted.key), lambda: count_of(self.session, wanted)))

    def tabs(self, today: dt.date, intake: int) -> dict[str, int]:
        """Figures of the tabs: in the contingent, and of them new and on leave; all records."""
        now_here, on_leave, new, everybody, *_problems = self._standing(today, intake)
        return {"contingent": now_here, "leave": on_leave or 0, "intake": new or 0, "all": everybody}

    def programmes(self) -> tuple[str, ...]:
        """Codes of the fields of study that somebody studies or studied."""

        def ask() -> tuple[str, ...]:
            return tuple(code for code in self.session.scalars(_used_programmes()) if code)

        found: tuple[str, ...] = self._remember("programmes", ask)
        return found

    def universities(self) -> tuple[tuple[int, str, str], ...]:
        """Universities and branches whose students the actor may see: id, code, short name."""
        found: tuple[tuple[int, str, str], ...] = self._remember("universities", lambda: tuple(universities(self.session)))
        return found

    def problems(self, today: dt.date) -> dict[str, int]:
        """How many of the contingent have each problem; none for who can't mend them."""
        row = self._standing(today, last_intake(today))[4:]
        return {name: int(number or 0) for name, number in zip(PROBLEMS, row, strict=True)}

    def _standing(self, today: dt.date, intake: int) -> tuple[Any, ...]:
        """The contingent, of it on leave and new; all records; for who can mend records also how many have each problem."""

        def ask() -> tuple[Any, ...]:
            return tuple(
                self.session.execute(_standing_on(today, intake, actor_of(self.session).role is Role.UNIVERSITY)).one()
            )

        found: tuple[Any, ...] = self._remember(("standing", today, intake), ask)
        return found

    def facets(self, wanted: Wanted) -> Facets:
        """Figures beside the values of the filters, each with the other filters applied."""
        found: Facets = self._remember(("facets", *wanted.key), lambda: facets_of(self._cells(wanted), wanted))
        return found

    def status_facet(self, wanted: Wanted) -> tuple[tuple[str, int], ...]:
        """The same of the filter by status, whose values are of a day also where the list is of all records."""
        return self.facets(replace(wanted, status="contingent")).numbers["status"]

    def _cells(self, wanted: Wanted) -> Cells:
        """Enrolments grouped by all filters that have figures: one question, whichever of them are set."""
        of_a_day = wanted.status != "all" or wanted.is_on_given
        base = replace(
            wanted, course=None, region="", level="", form="", funding="", status="all", is_on_given=of_a_day, sort="", size=0
        )
        found: Cells = self._remember(("cells", *base.key), lambda: self.session.execute(_cells_of(base)).all())
        return found


def last_intake(day: dt.date) -> int:
    """The year of the last intake: from July on, of this year."""
    return day.year if day >= dt.date(day.year, 7, 1) else day.year - 1


@lru_cache(maxsize=1)
def _used_programmes() -> sa.Select[*tuple[Any, ...]]:
    """Distinct codes, each found by the index from the one before: a few steps instead of a look at every period."""
    code, held = StudyPeriod.programme_code, StudyPeriod.superseded_at.is_(None)
    found = sa.select(sa.func.min(code).label("code")).where(held).cte("used", recursive=True)
    following = sa.select(sa.func.min(code)).where(held, code > found.c.code).scalar_subquery()
    found = found.union_all(sa.select(following).where(found.c.code.is_not(None)))
    return sa.select(found.c.code).order_by(found.c.code)


@lru_cache(maxsize=16)
def _standing_on(today: dt.date, intake: int, with_problems: bool) -> sa.Select[*tuple[Any, ...]]:
    contingent = (
        contingent_on(today).join(Student, Student.id == StudyPeriod.student_id) if with_problems else enrolments_on(today)
    )
    on_leave = sa.func.sum(sa.case((StudyPeriod.status_code.in_(LEAVES), 1), else_=0))
    new = sa.func.sum(sa.case((StudyPeriod.student_id.in_(enrolled_in(intake)), 1), else_=0))
    asked: list[Any] = [
        sa.func.sum(sa.case((PROBLEMS[name](today), 1), else_=0)) if with_problems else sa.null() for name in PROBLEMS
    ]
    everybody = counting(Wanted(on=today, status="all")).with_only_columns(sa.func.count()).correlate(None).scalar_subquery()
    return contingent.with_only_columns(sa.func.count(), on_leave, new, everybody, *asked)


@lru_cache(maxsize=KEPT_STATEMENTS)
def _cells_of(base: Wanted) -> sa.Select[*tuple[Any, ...]]:
    sides = (
        StudyPeriod.course, PersonFacts.region_code, StudyPeriod.level_code, StudyPeriod.form_code, StudyPeriod.funding_code,
        StudyPeriod.status_code, StudyPeriod.in_contingent, PersonFacts.citizenship, PersonFacts.is_rf_citizen,
    )  # fmt: skip
    return counting(base, by_facts=True).with_only_columns(*sides, sa.func.count()).group_by(*sides)


def facets_of(cells: Cells, wanted: Wanted) -> Facets:
    """Adds the cells up: a cell that fails no filter counts everywhere, one that fails a single filter counts for it."""
    groups = {code: funding.group for code, funding in classifiers.fundings().items()}
    asked = (
        str(wanted.course) if wanted.course else "", wanted.region, wanted.level, wanted.form, wanted.funding,
        "" if wanted.status == "all" else wanted.status,
    )  # fmt: skip
    numbers: list[dict[str, int]] = [{} for _side in SIDES]
    without, total = [0] * len(SIDES), 0
    for course, region, level, form, funding, status, in_contingent, citizenship, is_rf_citizen, number in cells:
        counts = in_contingent and citizenship == COUNTRY and not is_rf_citizen
        statuses = [status, *(("contingent",) if counts else ()), *(("leave",) if counts and status in LEAVES else ())]
        values = ([str(course or "")], [region or "none"], [level], [form], [groups.get(funding, "")], statuses)
        failed = [side for side, wish in enumerate(asked) if wish and wish not in values[side]]
        total += 0 if failed else number
        for side in range(len(SIDES)) if not failed else failed if len(failed) == 1 else ():
            without[side] += number
            for value in values[side]:
                numbers[side][value] = numbers[side].get(value, 0) + number
    told = {name: tuple(sorted(found.items())) for name, found in zip(SIDES, numbers, strict=True)}
    return Facets(told, dict(zip(SIDES, without, strict=True)), total)


def count_of(session: Session, wanted: Wanted) -> int:
    """How many enrolments the filters leave, counted anew."""
    if not wanted.is_narrowed:
        return session.scalar(contingent_size(wanted.on)) or 0
    return session.scalar(counting(wanted).with_only_columns(sa.func.count())) or 0


def universities(session: Session) -> list[tuple[int, str, str]]:
    """Universities and branches whose students the actor may see: id, code, short name."""
    actor = actor_of(session)
    found = sa.select(Organisation.id, Organisation.code, Organisation.short_ru).where(
        Organisation.kind.in_(("university", "branch"))
    )
    if actor.role is Role.UNIVERSITY:
        found = found.where(Organisation.id.in_(actor.organisation_ids))
    return sorted(((key, code, name) for key, code, name in session.execute(found)), key=lambda row: row[2].casefold())
