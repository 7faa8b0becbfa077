"""The address of a list: which filters it names, how they are shown, and where the other tabs, orders and pages are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from exchange.access.actor import Role, current_actor
from exchange.extensions import db
from exchange.people.dates import parse_date
from exchange.reference import classifiers
from exchange.reference.labels import FUNDING_GROUPS
from exchange.students import queries
from exchange.students.fields import Choice, Day, RoomForm, Text, course_options, language, named
from exchange.students.queries import NUMBERED_PAGES, SIZES, SORTS, Slice, Wanted
from exchange.students.student_form import SEXES, sex_options
from exchange.students.views.room import coded, group_name, programme_name
from exchange.web.pages import Page, address, today

# Parameters that narrow the list, in the order of the chips.
NARROWING = (
    "q",
    "status",
    "org",
    "programme",
    "level",
    "form",
    "funding",
    "course",
    "region",
    "district",
    "sex",
    "intake",
    "on",
)
FOLDED = ("org", "status", "level", "form", "funding", "district", "sex", "intake", "on")
PLACE = ("page", "after", "before", "at", "last")
LONGEST_QUERY = 100
DEFAULT_SORT = "-updated"
FIRST_INTAKE = 2000
STATUSES = {
    "contingent": _l("в контингенте"),
    "leave": _l("в отпуске"),
    "all": _l("все записи"),
}


def status_options() -> list[tuple[str, Any]]:
    return [("leave", _("В отпуске, все виды")), ("all", _("Все записи")), *named(classifiers.statuses)()]


def funding_options() -> list[tuple[str, Any]]:
    return [(group, group_name(group)) for group in FUNDING_GROUPS]


def region_options() -> list[tuple[str, Any]]:
    return [*named(classifiers.regions)(), ("none", _("Не указан"))]


def counts() -> queries.Counts:
    """The figures of this request."""
    if "student_counts" not in g:
        g.student_counts = queries.Counts(db.session())
    found: queries.Counts = g.student_counts
    return found


def programme_options() -> list[tuple[str, Any]]:
    return [(code, programme_name(code)) for code in counts().programmes()]


def intake_options() -> list[tuple[str, Any]]:
    return [(str(year), str(year)) for year in range(today().year, today().year - 8, -1)]


class FilterForm(RoomForm):
    """The filters of the list; sent by GET."""

    class Meta(RoomForm.Meta):
        csrf = False

    q = Text(_l("Поиск"), most=LONGEST_QUERY)
    programme = Choice(_l("Направление"), options=programme_options, empty=_l("Любое"))
    course = Choice(_l("Курс"), options=course_options, empty=_l("Любой"))
    region = Choice(_l("Регион"), options=region_options, empty=_l("Любой"))
    org = Choice(_l("Вуз"), options=list, empty=_l("Все"))
    status = Choice(_l("Статус"), options=status_options, empty=_l("В контингенте"))
    level = Choice(_l("Уровень"), options=named(classifiers.levels, short=True), empty=_l("Любой"))
    form = Choice(_l("Форма обучения"), options=named(classifiers.study_forms), empty=_l("Любая"))
    funding = Choice(_l("Оплата"), options=funding_options, empty=_l("Любая"))
    district = Choice(_l("Район"), options=list, empty=_l("Любой"))
    sex = Choice(_l("Пол"), options=sex_options, empty=_l("Любой"))
    intake = Choice(_l("Год приёма"), options=intake_options, empty=_l("Любой"))
    on = Day(_l("На дату"))


@dataclass
class Chip:
    """One filter in words; `remove_url` is empty when it is fixed by the access."""

    name: Any
    value: Any
    remove_url: str | None


@dataclass
class Asked:
    """What an address asks for. `problem` says what of it was not understood."""

    wanted: Wanted
    organisations: tuple[tuple[int, str, str], ...]
    args: dict[str, str]
    problem: str = ""
    chips: list[Chip] = field(default_factory=list)


def filters(asked: Asked) -> Markup:
    """The form of the filters. To draw its 300 options takes longer than the rest of the page, so each state of it is drawn
    once; the words of a search are not kept."""
    wanted = asked.wanted
    hidden = (("sort", "" if wanted.sort == DEFAULT_SORT else wanted.sort), ("size", "" if wanted.size == 50 else wanted.size))
    draw = _drawn.__wrapped__ if wanted.q else _drawn
    return draw(
        language(), url_for("students.index"), tuple(asked.args.items()), asked.organisations, counts().programmes(),
        today().year, hidden,
    )  # fmt: skip


@lru_cache(maxsize=500)
def _drawn(
    _language: str, action: str, args: tuple[tuple[str, str], ...], organisations: tuple[tuple[int, str, str], ...],
    _programmes: tuple[str, ...], _year: int, hidden: tuple[tuple[str, Any], ...],
) -> Markup:  # fmt: skip
    """Everything that the form depends on is an argument, named or not."""
    form = FilterForm(MultiDict(args))
    form.org.options = lambda: _offices(organisations, form.org.data or "")
    region = form.region.data or getattr(classifiers.districts().get(form.district.data or ""), "region_code", "")
    form.district.options = lambda: _districts(region)
    seen = {name for name, _value in args}
    return Markup(  # noqa: S704  (a template escapes)
        render_template(
            "students/_filters.html",
            action=action,
            form=form,
            with_organisation=len(organisations) > 1,
            with_district=bool(region),
            hidden=dict(hidden),
            folded=len(seen.intersection(FOLDED)),
        )
    )


def _offices(organisations: tuple[tuple[int, str, str], ...], chosen: str) -> list[tuple[str, Any]]:
    """Options of the filter by university; several that were chosen together stay one option."""
    options: list[tuple[str, Any]] = [(code, name) for _key, code, name in organisations]
    if several := chosen.count(","):
        options.append((chosen, ngettext("%(num)s вуз", "%(num)s вузов", several + 1)))
    return options


def _districts(region: str) -> list[tuple[str, Any]]:
    """Districts of the region that is chosen: all 200 would be a fifth of the page."""
    of_region = {code for code, district in classifiers.districts().items() if district.region_code == region}
    return named(classifiers.districts, only=of_region)()


def _organisations(by_code: Mapping[str, Any]) -> list[str]:
    """Codes of the filter by university: one, or several with commas between (a figure of a report may count several)."""
    return [code for code in dict.fromkeys(request.args.get("org", "").split(",")) if code in by_code]


def _code(name: str, known: Any) -> str:
    value = request.args.get(name, "")
    return value if value in known else ""


def _number(name: str, least: int, most: int) -> int | None:
    text = request.args.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1
    return number if least <= number <= most else None


def read() -> Asked:
    """The filters of this request; what can't be meant is left out, a date that is none is said."""
    day = today()
    actor = current_actor()
    offices = counts().universities()
    by_code = {code: key for key, code, _name in offices}
    given = " ".join(request.args.get("on", "").split())
    found = parse_date(given, today=day) if given else day
    problem = "" if isinstance(found, dt.date) else _("«%(typed)s» не похоже на дату: показано на сегодня", typed=given[:40])
    on = found if isinstance(found, dt.date) else day
    chosen = _organisations(by_code)
    sort = request.args.get("sort", "")
    size = _number("size", 1, 1000)
    wanted = Wanted(
        on=on,
        is_on_given=bool(given) and not problem,
        q=" ".join(request.args.get("q", "").replace("\x00", "").split())[:LONGEST_QUERY],
        status=_code("status", {*STATUSES, *classifiers.statuses()}) or "contingent",
        organisations=tuple(by_code[code] for code in chosen),
        programme=_code("programme", classifiers.programmes()),
        level=_code("level", classifiers.levels()),
        form=_code("form", classifiers.study_forms()),
        funding=_code("funding", FUNDING_GROUPS),
        course=_number("course", 1, 7),
        region=_code("region", {*classifiers.regions(), "none"}),
        district=_code("district", classifiers.districts()),
        sex=_code("sex", SEXES),
        intake=_number("intake", FIRST_INTAKE, day.year + 1),
        sort=sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT,
        size=size if size in SIZES else 50,
    )
    said = {**request.args.to_dict(), "org": ",".join(chosen)}
    args = {name: said[name] for name in NARROWING if said.get(name)}
    asked = Asked(wanted, offices, args, problem)
    asked.chips = _chips(asked, actor.role, chosen)
    return asked


def _chips(asked: Asked, role: Role, chosen: list[str]) -> list[Chip]:
    wanted = asked.wanted

    def without(*names: str, **changes: Any) -> str:
        return address(**dict.fromkeys((*names, *PLACE)), **changes)

    status = STATUSES.get(wanted.status) or coded("statuses", wanted.status).lower()
    keeps = wanted.status != "all"
    chips = [Chip(_("Статус"), status, without(status="all") if keeps and wanted.status == "contingent" else without("status"))]
    if wanted.is_on_given:
        chips.append(Chip(_("На дату"), f"{wanted.on:%d.%m.%Y}", without("on")))
    if role is Role.UNIVERSITY and len(asked.organisations) == 1:
        chips.append(Chip(_("Вуз"), asked.organisations[0][2], None))
    else:
        names = {code: name for _key, code, name in asked.organisations}
        for code in chosen:
            others = ",".join(other for other in chosen if other != code)
            chips.append(Chip(_("Вуз"), names[code], without(org=others)))
    if wanted.q:
        chips.append(Chip(_("Поиск"), wanted.q, without("q")))
    region = _("не указан") if wanted.region == "none" else coded("regions", wanted.region)
    for name, title, value in (
        ("programme", _("Направление"), programme_name(wanted.programme) if wanted.programme else ""),
        ("level", _("Уровень"), coded("levels", wanted.level, short=True)),
        ("form", _("Форма"), coded("study_forms", wanted.form)),
        ("funding", _("Оплата"), group_name(wanted.funding) if wanted.funding else ""),
        ("course", _("Курс"), wanted.course or ""),
        ("region", _("Регион"), region),
        ("district", _("Район"), coded("districts", wanted.district)),
        ("sex", _("Пол"), SEXES.get(wanted.sex)),
        ("intake", _("Год приёма"), wanted.intake or ""),
    ):
        if value:
            chips.append(Chip(title, value, without(name)))
    return chips


@dataclass
class Tab:
    """A view of the list that is wanted often."""

    label: Any
    url: str
    current: bool
    count: int | None = None


def tabs(wanted: Wanted) -> list[Tab]:
    """«Учатся сейчас», «Набор 2026», «Академический отпуск», «Все», each with its figure."""
    day = today()
    year = day.year if day >= dt.date(day.year, 7, 1) else day.year - 1
    figures = counts().tabs(day, year)
    here = (wanted.status, wanted.intake)

    def tab(label: Any, key: str, **parameters: Any) -> Tab:
        current = here == (parameters.get("status", "contingent"), parameters.get("intake"))
        return Tab(label, url_for("students.index", **parameters), current, figures[key])

    return [
        tab(_("Учатся сейчас"), "contingent"),
        tab(_("Набор %(year)s", year=year), "intake", intake=year),
        tab(_("В отпуске"), "leave", status="leave"),
        tab(_("Все"), "all", status="all"),
    ]


@dataclass
class Heading:
    """A column heading: the address that orders by it, and how it is ordered now."""

    url: str
    sort: str


def headings(wanted: Wanted) -> dict[str, Heading]:
    """What the headings lead to: the same order turned round, or the usual order of the column."""
    made = {}
    for name in SORTS:
        usual = "-updated" if name == "updated" else name
        is_current = wanted.sort.removeprefix("-") == name
        turned = wanted.sort.removeprefix("-") if wanted.sort.startswith("-") else f"-{wanted.sort}"
        url = address(sort=turned if is_current else usual, **dict.fromkeys(PLACE))
        state = ("descending" if wanted.sort.startswith("-") else "ascending") if is_current else ""
        made[name] = Heading(url, state)
    return made


def slice_of(wanted: Wanted, total: int) -> Slice:
    """The page that the address asks for."""
    return queries.page(
        db.session(),
        wanted,
        total,
        number=_number("page", 1, 10**6) or 1,
        after=_public_id("after"),
        before=_public_id("before"),
        at=min(_number("at", 0, 10**7) or 0, total),
        is_last="last" in request.args,
    )


def _public_id(name: str) -> str:
    text = request.args.get(name, "")
    return text if len(text) == 12 and text.isascii() and text.isalnum() else ""


def page_of(wanted: Wanted, found: Slice, total: int) -> Page:
    """Links to the other pages: the first ones by number, those far inside from a student on, and the last one."""
    size = wanted.size
    here = found.first // size + 1
    count = max(1, -(-total // size))
    clear = dict.fromkeys(PLACE)

    def numbered(number: int) -> str:
        return address(**{**clear, "page": number if number > 1 else None})

    def last() -> str:
        return numbered(count) if count <= NUMBERED_PAGES else address(**{**clear, "last": "1"})

    page = Page(rows=found.rows, total=total, first_row=found.first + 1 if found.rows else 0, size=size)
    if found.has_after and found.rows:
        after = address(**{**clear, "after": found.rows[-1].public_id, "at": found.first + len(found.rows)})
        page.next_url = numbered(here + 1) if here < NUMBERED_PAGES and found.first % size == 0 else after
    if found.has_before and found.rows:
        before = address(**{**clear, "before": found.rows[0].public_id, "at": found.first})
        page.previous_url = numbered(here - 1) if 1 < here <= NUMBERED_PAGES + 1 and found.first % size == 0 else before
    shown = sorted({1, here, count} | {n for n in (here - 1, here + 1) if 1 <= n <= min(count, NUMBERED_PAGES)})
    links: list[tuple[str, str, bool] | None] = []
    previous = 0
    for number in shown:
        if number > previous + 1:
            links.append(None)
        url = address() if number == here else last() if number == count else numbered(number)
        links.append((str(number), url, number == here))
        previous = number
    page.pages = links if count > 1 else []
    page.sizes = [(n, address(**{**clear, "size": n if n != 50 else None}), n == size) for n in SIZES]
    return page
