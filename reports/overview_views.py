"""The overview: where a ministry begins, with its day, its comparison and a list behind every number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask_babel import gettext as _

from exchange.access.actor import current_actor
from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.extensions import db
from exchange.students.filters import Wanted
from exchange.students.views import turning
from exchange.web.pages import day, long_day
from exchange.web.paging import pages_of
from reports import findings, links, movement, overview
from reports.counts import Slice
from reports.institutions import Institutions, institutions
from reports.overview import Bar, Overview
from reports.parameters import Asked, Calendar, Given, read
from reports.report import Reader
from reports.suppression import FURTHER
from reports.views import calendar

room = Blueprint("overview", __name__, url_prefix="/overview")


def read_days(raw: Mapping[str, str], names: tuple[str, ...], dates: Calendar, known: Institutions) -> Given:
    """The day, the day to compare with (a year before when not given), the institution."""
    given = read(raw, names, dates, known)
    typed = str(raw.get("vs", "")).strip()
    if "on" not in given.values or given.errors.get("on"):
        given.shown["vs"] = typed
        return given
    on: dt.date = given.values["on"]
    found = dates.day_in(typed) if typed else _year_before(on, dates)
    given.shown["vs"] = typed if isinstance(found, str) else day(found)
    if isinstance(found, str):
        given.errors["vs"] = found
    elif found == on:
        given.errors["vs"] = _("Даты сравнения должны различаться")
    elif found > on:
        given.errors["vs"] = _("Выберите дату сравнения раньше %(day)s", day=day(on))
    else:
        given.values["vs"] = found
    return given


def _year_before(on: dt.date, dates: Calendar) -> dt.date | str:
    before = on.replace(year=on.year - 1, day=min(on.day, 28) if on.month == 2 else on.day)
    if before < dates.begins_on:
        before = dates.begins_on
    return before


@room.get("")
@allow(Permission.OVERVIEW_READ)
def index() -> Any:
    """How many, more or fewer than before, from where, on what, and what changed."""
    reader = Reader.of(current_actor())
    dates = calendar()
    known = institutions(db.session())
    names: tuple[str, ...] = ("on",) if reader.sees_own or reader.is_aggregate else ("on", "org")
    given = read_days(request.args, names, dates, known)
    form = Asked(formdata=None, meta={"csrf": False}).offer(known).show(given)
    shared: dict[str, Any] = {
        "fields": [form.on, form.vs, *([form.org] if "org" in names else [])], "reader": reader,
        "quick": _quick(dates, given),
    }  # fmt: skip
    if not given.is_right:
        errors = [(field.id, text) for field in shared["fields"] for text in field.errors]
        return render_template("overview/index.html", seen=None, checks=[], errors=errors, **shared), 422
    organisation = given.values.get("org", "")
    ids = known.family(organisation) if organisation else None
    on: dt.date = given.values["on"]
    seen = overview.look(db.session(), Slice(on, organisation_ids=ids), given.values["vs"], dates.begins_on, known, reader)
    asked = {"on": on.isoformat()} | ({"org": organisation} if organisation else {})
    base: dict[str, Sequence[str]] = {"on": (asked["on"],)}
    if ids:
        base["org"] = [known.by_id[key].code for key in ids]
    several = not organisation and not reader.sees_own
    page = _Page(seen, base if reader.sees_people else None, organisation, several)
    place = known.by_code[organisation].name if organisation else reader.organisation_name if reader.sees_own else ""
    return render_template(
        "overview/index.html", seen=seen, errors=[], page=page, lead=_lead(seen, place), findings=page.findings(),
        checks=[one for one in turning.checks(Wanted(on=dates.today)) if one.count] if reader.sees_own else [],
        download=url_for("reports.workbook", number="R01", **asked), **shared,
    )  # fmt: skip


def _quick(dates: Calendar, given: Given) -> list[dict[str, Any]]:
    """Days that are asked for most."""
    year = dates.today.year
    kept = {"org": given.values["org"]} if "org" in given.values else {}
    days = [(_("Сегодня"), dates.today), (long_day(dates.census), dates.census)]
    days += [(long_day(d), d) for d in (dt.date(year, 9, 1), dt.date(year, 1, 1)) if dates.begins_on <= d <= dates.today]
    return [
        {
            "label": label,
            "url": url_for("overview.index", on=one.isoformat(), **kept),
            "current": given.values.get("on") == one,
        }
        for label, one in days
    ]


def _lead(seen: Overview, place: str) -> list[Any]:
    """The first sentences of the page."""
    if "students" in seen.failed or seen.total is None or seen.previous is None:
        return []
    where = _("В организации %(name)s", name=place) if place else _("В вузах края")
    sentences: list[Any] = [
        findings.lead(seen.total, seen.previous, seen.universities, where, long_day(seen.vs), several=not place)
    ]
    shown = [(bar.label, bar.value) for bar in seen.regions if bar.label and isinstance(bar.value, int)]
    if isinstance(seen.total, int) and len(shown) and (about := findings.about_regions(shown, seen.total)):
        sentences.append(about)
    return sentences


class _Page:
    """Figures as the template wants them: with addresses."""

    def __init__(self, seen: Overview, base: Mapping[str, Sequence[str]] | None, organisation: str, several: bool) -> None:
        self.seen, self.base, self.organisation, self.several = seen, base, organisation, several

    def address(self, query: Mapping[str, Sequence[str]] | None = None, on: dt.date | None = None) -> str:
        """The list behind a figure; "" where the reader sees no list."""
        if self.base is None:
            return ""
        day_ = {"on": (on.isoformat(),)} if on else {}
        return links.students({**self.base, **(query or {}), **day_})

    def bars(self, bars: Sequence[Bar], whole: Any = None) -> list[dict[str, Any]]:
        """Rows of a table with bars."""
        rows = []
        for bar in bars:
            url = self.address(bar.query) if bar.query is not None and isinstance(bar.value, int) and bar.value else ""
            row: dict[str, Any] = {"label": bar.label, "value": bar.value, "url": url}
            if bar.previous is not None:
                row["previous"] = bar.previous
            if whole is not None:
                both = isinstance(bar.value, int) and isinstance(whole, int)
                row["share"] = findings.share(int(bar.value), whole) if both else FURTHER
            rows.append(row)
        return rows

    def tiles(self) -> list[dict[str, Any]]:
        """Regions for the map; whoever has no region stands in the table below."""
        return [
            {**row, "code": bar.key}
            for bar, row in zip(self.seen.regions, self.bars(self.seen.regions), strict=True)
            if bar.label
        ]

    def without_region(self) -> dict[str, Any] | None:
        """Those whose region is not entered."""
        return next((row for row in self.bars(self.seen.regions) if not row["label"]), None)

    def years(self) -> list[dict[str, Any]]:
        return [
            {"label": str(one.year), "value": value, "url": self.address(on=one) if isinstance(value, int) and value else ""}
            for one, value in self.seen.years
        ]

    def waterfall(self) -> list[dict[str, Any]]:
        """From the day before to the day; steps that did not happen are left out."""
        seen = self.seen
        if seen.steps is None or seen.total is None or seen.previous is None:
            return []
        rows: list[dict[str, Any]] = [
            {"label": _("Было на %(day)s", day=long_day(seen.vs)), "value": seen.previous, "kind": "total",
             "url": self.address(on=seen.vs)},
        ]  # fmt: skip
        for step, label in movement.labels().items():
            value = seen.steps[step]
            if value:
                rows.append({"label": label, "value": value, "kind": "step", "url": self._people(step)})
        total = {"label": _("Стало на %(day)s", day=long_day(seen.on)), "value": seen.total, "kind": "total"}
        return [*rows, {**total, "url": self.address()}]

    def is_drawn(self) -> bool:
        """A waterfall with a hidden step is a table without bars."""
        return all(isinstance(row["value"], int) for row in self.waterfall())

    def adds_up(self) -> bool:
        """The identity: before + steps = now."""
        rows = [row["value"] for row in self.waterfall()]
        return not self.is_drawn() or sum(rows[:-1]) == rows[-1]

    def _people(self, step: str) -> str:
        if self.base is None or not may(Permission.STUDENT_READ):
            return ""
        on, vs = self.seen.on.isoformat(), self.seen.vs.isoformat()
        return url_for("overview.changes", on=on, vs=vs, kind=step, org=self.organisation or None)

    def internships(self) -> str:
        if self.base is None or "internships.index" not in current_app.view_functions or not may(Permission.INTERNSHIP_READ):
            return ""
        return url_for("internships.index")

    def findings(self) -> dict[str, str]:
        """Headings of the cards: what the figures say, or what they are about when they say nothing."""
        seen = self.seen
        total, before, steps = seen.total, seen.previous, seen.steps or {}
        numbers = {name: value for name, value in steps.items() if isinstance(value, int)}
        counted = isinstance(total, int) and isinstance(before, int) and len(numbers) == len(steps) and steps
        years = [value for _day, value in seen.years]
        names = [(bar.label, bar.value) for bar in seen.institutions]
        work = [(bar.label, bar.value) for bar in seen.work.industries] if seen.work else []
        enough = isinstance(total, int) and total >= findings.FEW
        return {
            "changes": findings.about_changes(numbers, int(total or 0), int(before or 0)) if counted else _("Что изменилось"),
            "years": findings.about_years(years) if all(isinstance(v, int) for v in years) else _("Студенты по годам"),  # type: ignore[arg-type]
            "courses": findings.about_largest([(bar.label, bar.value) for bar in seen.courses], _("Студенты по курсам")),
            "institutions": findings.about_largest(names if self.several else [], _("Студенты по вузам")),
            "regions": (
                findings.about_neighbours(seen.neighbours, int(total or 0))
                if enough and isinstance(seen.neighbours, int)
                else _("Откуда приехали студенты")
            ),
            "levels": (
                findings.about_kinds(
                    [(bar.label, bar.value) for bar in seen.levels], [(bar.label, bar.value) for bar in seen.sources]
                )
                if enough
                else _("Уровни и финансирование")
            ),
            "work": findings.about_largest(work, _("Практика и стажировки по отраслям")),
        }


SIZE = 50


@room.get("/changes")
@allow(Permission.STUDENT_READ)
def changes() -> Any:
    """The people and the orders behind one step of what changed."""
    dates, known = calendar(), institutions(db.session())
    given = read_days(request.args, ("on", "org"), dates, known)
    step = request.args.get("kind", "")
    labels = movement.labels()
    if step not in labels or not given.is_right:
        abort(404)
    ids = known.family(given.values["org"]) if "org" in given.values else None
    first = (max(1, min(request.args.get("page", 1, int), 100_000)) - 1) * SIZE
    of = Slice(given.values["on"], organisation_ids=ids)
    rows, number = movement.people_behind(db.session(), of, given.values["vs"], step, first, SIZE)
    return render_template(
        "overview/changes.html", page=pages_of(rows, number, first, SIZE), label=labels[step], on=given.values["on"],
        vs=given.values["vs"], mixed=step == movement.OTHER, sees_cards="students.show" in current_app.view_functions,
    )  # fmt: skip
