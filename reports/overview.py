"""The figures of the overview: the same questions as the reports ask, looked at on a screen."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.statistics import counting
from exchange.reference import classifiers
from exchange.reference.classifiers import FUNDING_GROUPS
from reports import counts, internships
from reports.confidential import margin
from reports.contingent import head_key
from reports.counts import NOT_GIVEN, Slice
from reports.institutions import Institutions
from reports.movement import Movement, movement
from reports.report import Reader
from reports.suppression import SMALL, hide, is_small

log = logging.getLogger("exchange")
YEARS = 6
Shown = int | str
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Bar:
    """A figure with a name: for a bar, a tile, a row."""

    key: str
    label: str
    value: Shown
    previous: Shown | None = None
    query: Mapping[str, Sequence[str]] | None = None


@dataclass(frozen=True)
class Work:
    """Who is at an enterprise on the day: by industry, in all, in all before, at how many enterprises."""

    industries: tuple[Bar, ...]
    total: Shown
    previous: Shown
    enterprises: int


@dataclass
class Overview:
    """Everything that the page shows. What could not be counted is None and named in `failed`; the rest stands."""

    on: dt.date
    vs: dt.date
    total: Shown | None = None
    previous: Shown | None = None
    universities: int = 0
    people: Shown | None = None
    years: tuple[tuple[dt.date, Shown], ...] = ()
    institutions: tuple[Bar, ...] = ()
    steps: dict[str, Shown] | None = None
    levels: tuple[Bar, ...] = ()
    sources: tuple[Bar, ...] = ()
    forms: tuple[Bar, ...] = ()
    courses: tuple[Bar, ...] = ()
    regions: tuple[Bar, ...] = ()
    neighbours: Shown = 0
    work: Work | None = None
    failed: set[str] = field(default_factory=set)

    @property
    def difference(self) -> int | None:
        """Since the day it is compared with; None when one of the two is hidden."""
        if isinstance(self.total, int) and isinstance(self.previous, int):
            return self.total - self.previous
        return None


def census_days(on: dt.date, begins_on: dt.date) -> list[dt.date]:
    """1 October of up to six years, the last one not after `on`."""
    last = on.year if on >= dt.date(on.year, 10, 1) else on.year - 1
    return [day for year in range(last - YEARS + 1, last + 1) if (day := dt.date(year, 10, 1)) >= begins_on]


def look(session: Session, of: Slice, vs: dt.date, begins_on: dt.date, known: Institutions, reader: Reader) -> Overview:
    """Counts all cards: one grouped question a card."""
    found = Overview(of.on, vs)
    with counting(session) as counter:
        cards: dict[str, Callable[[], None]] = {
            "students": lambda: _students(found, counter, of, begins_on, known, reader),
            "people": lambda: _people(found, counter, of, reader),
            "changes": lambda: _changes(found, counter, of, reader),
            "regions": lambda: _regions(found, counter, of, reader),
            "levels": lambda: _studies(found, counter, of, reader),
            "work": lambda: _work(found, counter, of, reader),
        }
        for name, count in cards.items():
            try:
                count()
            except Exception:
                log.exception("the card %s of the overview could not be counted", name)
                found.failed.add(name)
                counter.rollback()
    return found


def _shown(value: int, reader: Reader) -> Shown:
    return SMALL if reader.is_aggregate and is_small(value) else value


def _signs(parts: Mapping[str, int], reader: Reader) -> dict[str, str]:
    return margin(parts) if reader.is_aggregate else {}


def _students(
    found: Overview, session: Session, of: Slice, begins_on: dt.date, known: Institutions, reader: Reader
) -> None:  # fmt: skip
    years = census_days(of.on, begins_on)
    days = list(dict.fromkeys([of.on, found.vs, *years]))
    by_day = counts.by_organisation_on_days(session, of, days)
    apart = reader.sees_own or of.organisation_ids is not None
    grouped = {day: _grouped(by_day[day], known, apart) for day in days}
    now, before = grouped[of.on], grouped[found.vs]
    hidden, hidden_before = _signs(now, reader), _signs(before, reader)
    bars = [
        Bar(
            key, _name(key, known), hidden.get(key, now.get(key, 0)), hidden_before.get(key, before.get(key, 0)),
            {"org": _codes(key, known, by_day[of.on])},
        )
        for key in now.keys() | before.keys()
    ]  # fmt: skip
    bars.sort(key=lambda bar: (-now.get(bar.key, 0), bar.label.casefold()))
    found.institutions = tuple(bars)
    found.universities = len({known.head_of(key) for key in by_day[of.on]})
    found.total, found.previous = _shown(counts.total(now), reader), _shown(counts.total(before), reader)
    found.years = tuple((day, _shown(counts.total(grouped[day]), reader)) for day in years)


def _grouped(numbers: Mapping[int, int], known: Institutions, apart: bool) -> dict[str, int]:
    """By institution with its branches; for one institution, branches apart."""
    grouped: dict[str, int] = {}
    for key, number in numbers.items():
        name = str(key) if apart else head_key(known.head_of(key))
        grouped[name] = grouped.get(name, 0) + number
    return grouped


def _name(key: str, known: Institutions) -> str:
    return known.by_id[int(key.rpartition(":")[2])].name


def _codes(key: str, known: Institutions, numbers: Mapping[int, int]) -> tuple[str, ...]:
    """Codes of those in the family that have students, for the list behind the figure."""
    one = known.by_id[int(key.rpartition(":")[2])]
    family = [one, *known.branches_of(one.id)] if ":" in key else [one]
    return tuple(member.code for member in family if numbers.get(member.id))


def _people(found: Overview, session: Session, of: Slice, reader: Reader) -> None:
    persons = counts.people(session, of)
    if not reader.is_aggregate or not (is_small(persons.people) or is_small(persons.enrolments - persons.people)):
        found.people = persons.people


def _changes(found: Overview, session: Session, of: Slice, reader: Reader) -> None:
    moved: Movement = movement(session, of, found.vs)
    found.steps = dict(moved.steps)
    if reader.is_aggregate:
        # now − before − steps = 0; both ends are shown above
        values: dict[Any, int] = {("now",): moved.balance + 10**6, ("before",): 10**6, **moved.steps}
        identity: dict[Any, int] = {("now",): 1, ("before",): -1, **dict.fromkeys(moved.steps, -1)}
        signs = hide(values, [identity], kept=[("now",), ("before",)])
        found.steps |= {str(step): sign for step, sign in signs.items() if step in found.steps}


def _regions(found: Overview, session: Session, of: Slice, reader: Reader) -> None:
    numbers = {code: one.all for code, one in counts.regions(session, of).items()}
    signs = _signs({code: numbers.get(code, 0) for code in (*classifiers.regions(), NOT_GIVEN)}, reader)
    found.regions = tuple(
        Bar(code, classifiers.label(region), signs.get(code, numbers.get(code, 0)), query={"region": (code,)})
        for code, region in classifiers.regions().items()
    ) + (
        (Bar(NOT_GIVEN, "", signs.get(NOT_GIVEN, numbers[NOT_GIVEN]), query={"region": ("none",)}),)
        if numbers.get(NOT_GIVEN)
        else ()
    )
    near = [code for code, region in classifiers.regions().items() if region.is_neighbour]
    is_known = not any(code in signs for code in near)
    found.neighbours = sum(numbers.get(code, 0) for code in near) if is_known else SMALL


def _studies(found: Overview, session: Session, of: Slice, reader: Reader) -> None:
    levels, sources = dict.fromkeys(classifiers.levels(), 0), dict.fromkeys(FUNDING_GROUPS, 0)
    forms, courses = dict.fromkeys(classifiers.study_forms(), 0), Counter[str]()
    for cell in counts.study_cells(session, of):
        levels[cell.level] += cell.number
        sources[cell.funding] += cell.number
        forms[cell.form] += cell.number
        courses[str(cell.course or "")] += cell.number

    def bars(numbers: Mapping[str, int], query: str, label: Callable[[str], str]) -> tuple[Bar, ...]:
        signs = _signs(numbers, reader)
        return tuple(
            Bar(code, label(code), signs.get(code, number), query={query: (code,)} if code else None)
            for code, number in numbers.items()
            if number
        )

    found.levels = bars(levels, "level", lambda code: classifiers.short_label(classifiers.levels()[code]))
    found.forms = bars(forms, "form", lambda code: classifiers.short_label(classifiers.study_forms()[code]))
    by_size = dict(sorted(sources.items(), key=lambda item: -item[1]))
    found.sources = bars(by_size, "funding", classifiers.funding_group_label)
    by_year = {code: courses[code] for code in sorted(courses, key=lambda code: int(code or 99))}
    found.courses = bars(by_year, "course", lambda code: _("%(course)s курс", course=code) if code else _("не указан"))


def _work(found: Overview, session: Session, of: Slice, reader: Reader) -> None:
    numbers = internships.at_work_by_industry(session, [of.on, found.vs], of.organisation_ids)
    now = {industry: figures[0] for industry, figures in numbers.items() if figures[0]}
    signs = _signs(now, reader)
    bars = [Bar(industry, industry, signs.get(industry, number)) for industry, number in now.items()]
    bars.sort(key=lambda bar: (-now[bar.key], bar.label))
    found.work = Work(
        tuple(bars), _shown(counts.total(now), reader), _shown(sum(figures[1] for figures in numbers.values()), reader),
        sum(figures[2] for figures in numbers.values()),
    )  # fmt: skip
