"""The address of a list: which filters it names, how they are shown, and where the other tabs, orders and pages are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from exchange.access.actor import Role, current_actor
from exchange.access.doors import may
from exchange.extensions import db
from exchange.people.dates import parse_date
from exchange.reference import classifiers
from exchange.reference.labels import FUNDING_GROUPS
from exchange.students import queries
from exchange.students.fields import Choice, Day, RoomForm, Text, course_options, language, named
from exchange.students.figures import last_intake
from exchange.students.queries import SIZES, SORTS, Wanted
from exchange.students.student_form import SEXES, sex_options
from exchange.students.views import columns
from exchange.students.views.room import coded, group_name, programme_name
from exchange.web.pages import address, today

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
    "problem",
    "on",
)
FOLDED = ("org", "status", "level", "form", "funding", "district", "sex", "intake", "problem", "on")
PLACE = ("page", "after", "before", "at", "last")
# All that makes a list what it is, but for its pages: for an export, a print, and (without words of a search) a saved view.
WHOLE = (*NARROWING, "sort", "size", "columns")
MOST_CHOSEN = 200
LONGEST_QUERY = 100
DEFAULT_SORT = "-updated"
FIRST_INTAKE = 2000
STATUSES = {
    "contingent": _l("в контингенте"),
    "leave": _l("в отпуске"),
    "all": _l("все записи"),
}


PROBLEM_NAMES = {
    "incomplete": _l("Неполные"),
    "iin": _l("ИИН под сомнением"),
    "passport": _l("Документ просрочен"),
    "overdue": _l("Плановый выпуск прошёл больше года назад"),
    "leave": _l("Срок отпуска прошёл"),
    "forgotten": _l("Без изменений больше полутора лет"),
    "guardian": _l("Нет 18 лет и не указан представитель"),
}
# Above so many records the numbers beside the filters would take longer than the list.
MOST_COUNTED = 100_000


def query_of(**changes: Any) -> str:
    """The list of this address as a query string: filters, order and columns in one writing, without pages and search words."""
    values = {name: request.args.get(name, "") for name in WHOLE if name != "q"} | changes
    return urlencode(sorted((name, value) for name, value in values.items() if value))


def whole_query(**changes: Any) -> str:
    """The same with the words of a search: for the export, the print and the choice of columns, which are of this list."""
    return query_of(q=request.args.get("q", ""), **changes)


def number_in(words: str) -> str:
    """An IIN that stands in the words of a search, whole or alone among others: it is looked up, and stays in no address."""
    written = (words, *words.split())
    return next((digits for text in written if queries.IIN.fullmatch(digits := "".join(text.split()))), "")


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
    problem = Choice(_l("Проверить"), options=lambda: list(PROBLEM_NAMES.items()), empty=_l("Любые записи"))
    on = Day(_l("На дату"))


Numbers = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]


@dataclass
class Chip:
    """One filter in words; `remove_url` is empty when it is fixed by the access."""

    name: Any
    value: Any
    remove_url: str | None
    key: str = ""  # the parameter that it stands for


@dataclass
class Asked:
    """What an address asks for. `problem` says what of it was not understood."""

    wanted: Wanted
    organisations: tuple[tuple[int, str, str], ...]
    args: dict[str, str]
    problem: str = ""
    columns: tuple[str, ...] = ()
    is_usual: bool = True  # the address names no columns
    chips: list[Chip] = field(default_factory=list)


def filters(asked: Asked) -> Markup:
    """The form of the filters. To draw its 300 options takes longer than the rest of the page, so each state of it is drawn
    once; the words of a search are not kept."""
    wanted = asked.wanted
    hidden = (("sort", "" if wanted.sort == DEFAULT_SORT else wanted.sort), ("size", "" if wanted.size == 50 else wanted.size))
    shown = "" if asked.is_usual else ",".join(asked.columns)
    draw = _drawn.__wrapped__ if wanted.q else _drawn
    return draw(
        language(), url_for("students.find"), tuple(asked.args.items()), asked.organisations, counts().programmes(),
        today().year, (("do", "list"), *hidden, ("columns", shown)), facets(wanted),
    )  # fmt: skip


def facets(wanted: Wanted) -> Numbers:
    """Figures beside the values of the filters; none where counting them would take too long."""
    if not _is_counted():
        return ()
    found = counts().facets(wanted).numbers
    return (*((name, found[name]) for name in found if name != "status"), ("status", counts().status_facet(wanted)))


def _is_counted() -> bool:
    return counts().tabs(today(), intake_year())["all"] <= MOST_COUNTED


def total_of(wanted: Wanted) -> int:
    """How many the filters leave; where the numbers beside them are counted, they know it."""
    return counts().of(wanted) if wanted.q or not _is_counted() else counts().facets(wanted).total


def intake_year() -> int:
    """The year of the last intake."""
    return last_intake(today())


def _counted(options: Any, numbers: dict[str, int]) -> Any:
    """The options of a filter with how many each would leave."""
    return lambda: [(code, words if code == "all" else f"{words} ({numbers.get(code, 0)})") for code, words in options()]


@lru_cache(maxsize=500)
def _drawn(
    _language: str, action: str, args: tuple[tuple[str, str], ...], organisations: tuple[tuple[int, str, str], ...],
    _programmes: tuple[str, ...], _year: int, hidden: tuple[tuple[str, Any], ...], numbers: Numbers,
) -> Markup:  # fmt: skip
    """Everything that the form depends on is an argument, named or not."""
    form = FilterForm(MultiDict(args))
    form.org.options = lambda: _offices(organisations, form.org.data or "")
    region = form.region.data or getattr(classifiers.districts().get(form.district.data or ""), "region_code", "")
    form.district.options = lambda: _districts(region)
    for name, values in numbers:
        form[name].options = _counted(form[name].options, dict(values))
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


def number_of(name: str, least: int, most: int) -> int | None:
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
    size = number_of("size", 1, 1000)
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
        course=number_of("course", 1, 7),
        region=_code("region", {*classifiers.regions(), "none"}),
        district=_code("district", classifiers.districts()),
        sex=_code("sex", SEXES),
        intake=number_of("intake", FIRST_INTAKE, day.year + 1),
        problem=_code("problem", PROBLEM_NAMES),
        only=_only(),
        sort=sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT,
        size=size if size in SIZES else 50,
    )
    said = {**request.args.to_dict(), "org": ",".join(chosen)}
    args = {name: said[name] for name in NARROWING if said.get(name)}
    asked = Asked(wanted, offices, args, problem)
    # which columns: the office of each is named where there are several, and to those who look at all
    named = columns.chosen(request.args.get("columns", ""), columns.offered(may))
    asked.columns, asked.is_usual = named or columns.usual(len(offices) > 1), not named
    asked.chips = _chips(asked, actor.role, chosen)
    return asked


def _only() -> tuple[str, ...]:
    """Those who were ticked; «все» means the whole list again."""
    if request.args.get("all"):
        return ()
    given = dict.fromkeys(request.args.getlist("student"))
    return tuple(text for text in given if len(text) == 12 and text.isascii() and text.isalnum())[:MOST_CHOSEN]


def _chips(asked: Asked, role: Role, chosen: list[str]) -> list[Chip]:
    wanted = asked.wanted

    def without(*names: str, **changes: Any) -> str:
        return address(**dict.fromkeys((*names, *PLACE)), **changes)

    status = STATUSES.get(wanted.status) or coded("statuses", wanted.status).lower()
    keeps = wanted.status != "all"
    chips = [
        Chip(
            _("Статус"),
            status,
            without(status="all") if keeps and wanted.status == "contingent" else without("status"),
            "status",
        )
    ]
    if wanted.is_on_given:
        chips.append(Chip(_("На дату"), f"{wanted.on:%d.%m.%Y}", without("on")))
    if role is Role.UNIVERSITY and len(asked.organisations) == 1:
        chips.append(Chip(_("Вуз"), asked.organisations[0][2], None))
    else:
        names = {code: name for _key, code, name in asked.organisations}
        for code in chosen:
            others = ",".join(other for other in chosen if other != code)
            chips.append(Chip(_("Вуз"), names[code], without(org=others), "org"))
    if wanted.q:
        chips.append(Chip(_("Поиск"), wanted.q, without("q"), "q"))
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
        ("problem", _("Проверить"), PROBLEM_NAMES.get(wanted.problem, "")),
        ("student", _("Выбрано"), len(wanted.only) or ""),
    ):
        if value:
            chips.append(Chip(title, value, without(name), name))
    return chips
