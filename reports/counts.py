"""The figures of the contingent, counted by the database: a few grouped questions over `contingent_on`, no row in Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.database import as_of
from exchange.organisations.models import Organisation
from exchange.people.models import PersonFacts
from exchange.reference import classifiers
from exchange.students.contingent import COUNTRY, contingent_on
from exchange.students.models import Student, StudyPeriod

NOT_GIVEN = ""
ACADEMIC_LEAVE = "academic_leave"
LEAVES = (ACADEMIC_LEAVE, "maternity_leave", "military_leave")
_count: Any = sa.func.count().label("number")


@dataclass(frozen=True)
class Slice:
    """Which part of the contingent is counted: on a day, as known at a moment (empty: now), narrowed by what is named."""

    on: dt.date
    known_at: dt.datetime | None = None
    organisation_ids: tuple[int, ...] | None = None
    level: str = ""
    form: str = ""
    funding: str = ""
    programme: str = ""
    course: int | None = None
    region: str = ""
    sex: str = ""

    def narrowing(self, period: Any = StudyPeriod, facts: Any = PersonFacts) -> list[sa.ColumnElement[bool]]:
        """Conditions on the study period and the facts of its person (or aliases of them); funding is a group of sources."""
        found: list[sa.ColumnElement[bool]] = []
        if self.organisation_ids is not None:
            found.append(period.organisation_id.in_(self.organisation_ids))
        if self.funding:
            found.append(period.funding_code.in_(sources_of(self.funding)))
        for column, value in (
            (period.level_code, self.level), (period.form_code, self.form), (period.programme_code, self.programme),
            (period.course, self.course), (facts.region_code, self.region), (facts.sex, self.sex),
        ):  # fmt: skip
            if value:
                found.append(column == value)
        return found

    def counted(self, *columns: Any) -> sa.Select[Any]:
        """The contingent of the slice with only these columns."""
        return contingent_on(self.on, self.known_at).where(*self.narrowing()).with_only_columns(*columns)


def sources_of(group: str) -> list[str]:
    """Sources of funding of a group: budget, quota, contract, other."""
    return [source.code for source in classifiers.fundings().values() if source.group == group]


class Cell(NamedTuple):
    """A number of enrolments with everything that R01 tells apart."""

    organisation_id: int
    level: str
    form: str
    funding: str
    status: str
    sex: str
    number: int


def cells(session: Session, of: Slice) -> list[Cell]:
    """R01 in one pass over the contingent."""
    by = (
        StudyPeriod.organisation_id, StudyPeriod.level_code, StudyPeriod.form_code, StudyPeriod.funding_code,
        StudyPeriod.status_code, PersonFacts.sex,
    )  # fmt: skip
    group = {source.code: source.group for source in classifiers.fundings().values()}
    rows = session.execute(of.counted(*by, _count).group_by(*by))
    return [Cell(org, level, form, group.get(source, "other"), *rest) for org, level, form, source, *rest in rows]


class People(NamedTuple):
    """People and enrolments; who has a second programme is one person and two enrolments."""

    people: int
    enrolments: int
    repeated: int


def people(session: Session, of: Slice) -> People:
    """Persons and enrolments, and how many enrolments are somebody's second or third."""
    each = of.counted(StudyPeriod.person_id, _count).group_by(StudyPeriod.person_id).subquery()
    row = session.execute(
        sa.select(sa.func.count(each.c.person_id), sa.func.sum(each.c.number), sa.func.sum(each.c.number - 1))
    ).one()
    return People(row[0] or 0, int(row[1] or 0), int(row[2] or 0))


def people_by_head(session: Session, of: Slice) -> dict[int, tuple[int, int]]:
    """Head organisation -> (people, enrolments), branches included; nobody is counted twice in one institution."""
    head = sa.func.coalesce(Organisation.parent_id, Organisation.id).label("head")
    asked = (
        of.counted(head, sa.func.count(sa.distinct(StudyPeriod.person_id)), _count)
        .join(Organisation, Organisation.id == StudyPeriod.organisation_id)
        .group_by(head)
    )
    return {key: (persons, number) for key, persons, number in session.execute(asked)}


def people_by_organisation(session: Session, of: Slice) -> dict[int, int]:
    """University or branch -> people."""
    column = StudyPeriod.organisation_id
    asked = of.counted(column, sa.func.count(sa.distinct(StudyPeriod.person_id))).group_by(column)
    return {row[0]: row[1] for row in session.execute(asked)}


class BySex(NamedTuple):
    """Enrolments, of them women and men."""

    all: int
    women: int
    men: int


_women: Any = sa.func.count(sa.case((PersonFacts.sex == "F", 1)))
_men: Any = sa.func.count(sa.case((PersonFacts.sex == "M", 1)))


def regions(session: Session, of: Slice) -> dict[str, BySex]:
    """Region of origin (empty: not given) -> enrolments, women, men."""
    column = PersonFacts.region_code
    asked = of.counted(column, _count, _women, _men).group_by(column)
    return {code or NOT_GIVEN: BySex(*figures) for code, *figures in session.execute(asked)}


def districts(session: Session, of: Slice, of_regions: Sequence[str]) -> dict[tuple[str, str], BySex]:
    """(region, district or empty) -> enrolments, women, men."""
    by = (PersonFacts.region_code, PersonFacts.district_code)
    asked = of.counted(*by, _count, _women, _men).where(PersonFacts.region_code.in_(of_regions)).group_by(*by)
    return {(region, district or NOT_GIVEN): BySex(*figures) for region, district, *figures in session.execute(asked)}


class RegionCell(NamedTuple):
    """A number of enrolments with everything that R04 tells apart."""

    region: str
    organisation_id: int
    level: str
    sex: str
    is_first: bool
    is_last: bool
    number: int


def end_of_study_year(day: dt.date) -> dt.date:
    """The last day of the study year that `day` lies in: study years end on 31 August."""
    return dt.date(day.year + (day.month >= 9), 8, 31)


def region_cells(session: Session, of: Slice) -> list[RegionCell]:
    """R04 in one pass.

    The last year of study is the one in which the planned end lies; where none is entered, the last year of the longest usual
    programme of the level, so that nobody is called a graduate too early.
    """
    years = {level.code: int(level.years_max) for level in classifiers.levels().values() if level.years_max}
    usual = StudyPeriod.course >= sa.case(years, value=StudyPeriod.level_code, else_=99)
    planned = Student.planned_end_on.between(of.on, end_of_study_year(of.on))
    first = sa.case((StudyPeriod.course == 1, 1), else_=0)
    last = sa.case((sa.case((Student.planned_end_on.is_(None), usual), else_=planned), 1), else_=0)
    by = (PersonFacts.region_code, StudyPeriod.organisation_id, StudyPeriod.level_code, PersonFacts.sex)
    asked = (
        of.counted(*by, first.label("is_first"), last.label("is_last"), _count)
        .join(Student, Student.id == StudyPeriod.student_id)
        .group_by(*by, "is_first", "is_last")
    )
    return [
        RegionCell(region or NOT_GIVEN, org, level, sex, bool(is_first), bool(is_last), number)
        for region, org, level, sex, is_first, is_last, number in session.execute(asked)
    ]


class StudyCell(NamedTuple):
    """A number of enrolments with what is studied and how."""

    level: str
    funding: str
    form: str
    course: int | None
    number: int


def study_cells(session: Session, of: Slice) -> list[StudyCell]:
    """Levels, groups of funding, forms and years of study in one pass."""
    group = {source.code: source.group for source in classifiers.fundings().values()}
    by = (StudyPeriod.level_code, StudyPeriod.funding_code, StudyPeriod.form_code, StudyPeriod.course)
    rows = session.execute(of.counted(*by, _count).group_by(*by))
    return [StudyCell(level, group.get(source, "other"), *rest) for level, source, *rest in rows]


def by_organisation_on_days(session: Session, of: Slice, days: Sequence[dt.date]) -> dict[dt.date, dict[int, int]]:
    """Day -> university -> enrolments, for many days in one pass; each day by the definition of `contingent_on`."""
    held = [
        sa.func.count(sa.case((sa.and_(as_of(StudyPeriod, day, of.known_at), as_of(PersonFacts, day, of.known_at)), 1)))
        for day in days
    ]
    asked = (
        sa.select(StudyPeriod.organisation_id, *held)
        .join(PersonFacts, PersonFacts.person_id == StudyPeriod.person_id)
        .where(
            StudyPeriod.in_contingent, PersonFacts.citizenship == COUNTRY, PersonFacts.is_rf_citizen.is_(False),
            StudyPeriod.valid_from <= max(days), sa.or_(StudyPeriod.valid_to.is_(None), StudyPeriod.valid_to > min(days)),
            *_known(of.known_at), *of.narrowing(),
        )
        .group_by(StudyPeriod.organisation_id)
    )  # fmt: skip
    found: dict[dt.date, dict[int, int]] = {day: {} for day in days}
    for organisation_id, *numbers in session.execute(asked):
        for day, number in zip(days, numbers, strict=True):
            if number:
                found[day][organisation_id] = number
    return found


def _known(known_at: dt.datetime | None) -> list[sa.ColumnElement[bool]]:
    """Spares the database the rows that no day would count."""
    return [] if known_at is not None else [StudyPeriod.superseded_at.is_(None), PersonFacts.superseded_at.is_(None)]


def total(by: Mapping[Any, int]) -> int:
    return sum(by.values())
