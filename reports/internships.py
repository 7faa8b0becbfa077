"""R08: practice of students and internships of specialists at the enterprises of the Krai over a period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from exchange.access.actor import Role
from exchange.access.statistics import counting
from exchange.internships.models import Internship
from exchange.internships.norms import norms
from exchange.internships.queries import figures_by_enterprise, internships_in, on_day
from exchange.internships.stages import DONE, HAPPENED, Stage
from exchange.organisations.models import Organisation
from exchange.spreadsheets.sheet import Check
from exchange.web.pages import day
from reports import passport
from reports.confidential import conceal
from reports.ranking import by_size
from reports.report import Fact, Parameters, Reader, Report, Result, Sums
from reports.suppression import FURTHER
from reports.table import ALL, Line, Measure, Table, Value

Figures = Counter[str]
COUNTED = ("students", "specialists", "started", "finished", "evaluated", "invited", "hired")
ADDED = (*COUNTED, "hours_planned", "hours_done", "grades", "grade_sum")
# What would tell of single people where only a few are counted.
PERSONAL = ("hours_planned", "hours_done", "grade")


def make(session: Session, parameters: Parameters, reader: Reader) -> Result:
    """Two grouped questions: the figures by enterprise, and the same stages over all with hours beyond the norm."""
    since, until = parameters.since or parameters.on.replace(month=1, day=1), parameters.until or parameters.on
    with counting(session) as counter:
        rows = [row._asdict() for row in counter.execute(figures_by_enterprise(since, until))]
        control = counter.execute(_control(counter, since, until)).one()._asdict()
    by_industry: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_industry.setdefault(row["industry"] or _("отрасль не указана"), []).append(row)
    lines: list[Line] = []
    tree: dict[str, list[str]] = {ALL: []}
    whole: Figures = Counter()
    for number, (industry, members) in enumerate(sorted(by_industry.items(), key=lambda item: item[0].casefold())):
        key = f"industry:{number}"
        parts = [_figures(row) for row in members]
        head: Figures = sum(parts, Counter())
        whole += head
        tree[ALL].append(key)
        if len(members) == 1:
            lines.append(Line(key, (industry, members[0]["name"], members[0]["city"]), _values(head), "", None))
            continue
        lines.append(Line(key, (industry, _("всего по отрасли"), ""), _values(head), "head", None))
        lines += [
            Line(str(row["enterprise_id"]), (industry, row["name"], row["city"]), _values(part), "part", None)
            for row, part in zip(members, parts, strict=True)
        ]
        tree[key] = [str(row["enterprise_id"]) for row in members]
    table = Table(
        title=_("Предприятия"), name="Enterprises", heading=_heading(since, until), subtitle=_subtitle(since, until),
        labels=(("industry", _("Отрасль")), ("enterprise", _("Предприятие")), ("city", _("Город"))), measures=_measures(),
        lines=tuple(lines), total=Line(ALL, (_("Итого"), "", ""), _values(whole), "total"),
        notes=passport.table_notes(reader)[1:],
    )  # fmt: skip
    checks = _checks(whole, lines, control, reader)
    if reader.is_aggregate:
        table = _concealed(table, tree)
    ranking = by_size(
        table, tree[ALL], title=_("Отрасли"), name="Industries", heading=_("Практиканты и стажёры по отраслям"),
        label=_("Отрасль"), value=_("Человек"),
    )  # fmt: skip
    return Result(
        heading=table.heading, subtitle=table.subtitle, tables=(table, *ranking),
        checks=checks, facts=_facts(table), notes=_notes(reader),
    )  # fmt: skip


def _figures(row: Mapping[str, Any]) -> Figures:
    return Counter({name: int(row[name]) for name in ADDED})


def _values(figures: Figures) -> dict[str, Value]:
    grades = figures["grades"]
    mean = round(figures["grade_sum"] / grades, 2) if grades else None
    people = figures["students"] + figures["specialists"]
    return {ALL: people, **{name: figures[name] for name in ADDED}, "grade": mean}


def _measures() -> tuple[Measure, ...]:
    titles: tuple[tuple[str, str], ...] = (
        (ALL, _("Всего")), ("students", _("Студентов")), ("specialists", _("Специалистов")), ("started", _("Начали")),
        ("finished", _("Завершили")), ("evaluated", _("Оценены")), ("hours_planned", _("Часов по плану")),
        ("hours_done", _("Часов отработано")),
    )  # fmt: skip
    counted = [Measure(key, title, query=None) for key, title in titles]
    return (
        *counted, Measure("grade", _("Средний балл"), "float", None),
        Measure("invited", _("Приглашены на работу"), query=None), Measure("hired", _("Из них приняты"), query=None),
    )  # fmt: skip


def _heading(since: Any, until: Any) -> str:
    return _(
        "Практика и стажировки граждан Казахстана на предприятиях края с %(first)s по %(last)s",
        first=day(since),
        last=day(until),
    )


def _subtitle(since: Any, until: Any) -> str:
    period = _("С %(first)s по %(last)s", first=day(since), last=day(until))
    return " · ".join([period, _("человек; часы; баллы"), _("Реестр сотрудничества Алтай — ВКО")])


def _concealed(table: Table, tree: Mapping[str, Sequence[str]]) -> Table:
    """Counts by the rule of small counts; hours and marks of parts are not shown at all: they would tell of single people."""
    parts_of = {"started": ALL, "finished": "started", "evaluated": "finished", "invited": ALL, "hired": "invited"}
    signs = conceal(table, tree, [["students", "specialists"]], parts_of)
    for line in table.lines:
        signs |= {(line.key, key): FURTHER for key in PERSONAL if line.values[key] is not None}
    if table.total is not None and int(table.total.values["grades"] or 0) < 5:
        signs[ALL, "grade"] = FURTHER
    if table.total is not None and int(table.total.values[ALL] or 0) < 5:
        signs |= {(ALL, key): FURTHER for key in PERSONAL}
    return table.hidden(signs)


def _facts(table: Table) -> tuple[Fact, ...]:
    whole = table.total.values[ALL] if table.total else 0
    return (
        (_("Единица счёта"), _("человек на одном предприятии за один период")),
        (_("Практикантов и стажёров"), whole),
    )


# ---------------------------------------------------------------------------------------------------------- control sums
def weeks_of(session: Session) -> sa.ColumnElement[int]:
    """Calendar weeks that an internship touches, worked out by the database."""
    start, end = Internship.starts_on, Internship.ends_on
    if session.get_bind().dialect.name == "sqlite":
        days = sa.func.julianday(end) - sa.func.julianday(start)
        weekday = (sa.cast(sa.func.strftime("%w", start), sa.Integer) + 6) % 7
        return sa.cast((days + weekday) / 7, sa.Integer) + 1
    days = sa.cast(end, sa.Date) - sa.cast(start, sa.Date)
    return sa.cast(sa.func.floor((days + sa.extract("isodow", start) - 1) / 7), sa.Integer) + 1


def _control(session: Session, since: Any, until: Any) -> sa.Select[Any]:
    """The same stages without enterprises, and internships with more hours than the law has room for."""
    limit = max(norm.hours_a_week for norm in norms())

    def count(condition: Any, name: str) -> Any:
        return sa.func.count(sa.case((condition, 1))).label(name)

    asked: sa.Select[Any] = internships_in(since, until).with_only_columns(
        sa.func.count(Internship.id).label("people"),
        count(Internship.status.in_(sorted(HAPPENED)), "started"),
        count(Internship.status.in_(sorted(DONE)), "finished"),
        count(Internship.status == Stage.EVALUATED, "evaluated"),
        count(Internship.hours_done > limit * weeks_of(session), "overworked"),
    )
    return asked


def _checks(whole: Figures, lines: Sequence[Line], control: Mapping[str, Any], reader: Reader) -> tuple[Check, ...]:
    sums = Sums()
    people = whole["students"] + whole["specialists"]
    stages = ("started", "finished", "evaluated")
    wrong = [
        " ".join(line.labels)
        for line in lines
        if not int(line.values["started"] or 0) >= int(line.values["finished"] or 0) >= int(line.values["evaluated"] or 0)
    ]
    figures = " ≥ ".join(str(whole[name]) for name in stages)
    sums.holds("C11", _("Начали ≥ завершили ≥ оценены, в каждой строке"), not wrong, ", ".join(wrong) or figures)
    over = int(control["overworked"])
    sums.holds(
        "C11", _("Часов не больше недельной нормы × недели, у каждого"), not over,
        _("сверх нормы: %(number)s", number=over),
    )  # fmt: skip
    same = people == control["people"] and all(whole[name] == control[name] for name in stages)
    text = _("Итого по предприятиям = прямой подсчёт")
    sums.holds("C11", text, same, _("строки %(rows)s · прямой подсчёт %(all)s", rows=people, all=control["people"]))
    return passport.checks_for(sums.found, reader)


def _notes(reader: Reader) -> tuple[str | tuple[str, str], ...]:
    notes: list[str | tuple[str, str]] = [
        (_("Кто посчитан"), _("практика студента или стажировка специалиста с днём в периоде; отменённые не входят")),
        (_("Начали"), _("практика началась: идёт, закончена, оценена или прервана")),
        (_("Завершили"), _("закончена или оценена; прерванные не входят")),
        (_("Часы"), _("за всю практику, а не только за дни периода")),
        (_("Приглашены на работу"), _("вместе с принятыми")),
        (_("Известно на"), _("практики ведутся без второго времени: отчёт показывает записи на момент формирования")),
    ]
    if reader.is_aggregate:
        notes += [("<5", _("от 1 до 4: малые числа скрыты")), ("…", _("скрыто, чтобы скрытое нельзя было вычислить"))]
    return tuple(notes)


# ---------------------------------------------------------------------------------------------------------- the overview
def at_work_by_industry(session: Session, days: Sequence[Any], university_ids: Sequence[int] | None) -> dict[str, list[int]]:
    """Industry -> how many are at work on each of the days; enterprises are counted in the last column."""
    held = [sa.func.count(sa.case((on_day(one), 1))) for one in days]
    enterprises = sa.func.count(sa.distinct(sa.case((on_day(days[0]), Internship.enterprise_id))))
    asked = (
        sa.select(Organisation.industry, *held, enterprises)
        .select_from(Internship)
        .join(Organisation, Organisation.id == Internship.enterprise_id)
        .where(sa.or_(*(on_day(one) for one in days)))
        .group_by(Organisation.industry)
    )
    if university_ids is not None:
        asked = asked.where(Internship.university_id.in_(university_ids))
    return {industry: list(figures) for industry, *figures in session.execute(asked)}


REPORT = Report(
    number="R08",
    title=_l("Практика и стажировки на предприятиях"),
    question=_l("Кто и где проходит практику?"),
    description=_l("Предприятия по отраслям: студенты и специалисты, часы, завершили, средний балл, приглашены на работу"),
    slug=_l("Практики"),
    roles=frozenset({Role.MINISTRY, Role.AKIMAT, Role.UNIVERSITY, Role.ENTERPRISE, Role.AUDITOR}),
    make=make,
    fields=("from", "to"),
    aggregate_fields=("from", "to"),
    is_over_period=True,
)
