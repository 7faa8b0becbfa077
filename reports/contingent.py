"""R01: the contingent by institution on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from exchange.access.actor import Role
from exchange.access.statistics import counting
from exchange.reference import classifiers
from exchange.reference.classifiers import FUNDING_GROUPS
from exchange.spreadsheets.sheet import Check
from exchange.web.pages import long_day
from reports import counts, passport
from reports.confidential import conceal
from reports.institutions import Institution, Institutions, institutions
from reports.ranking import by_size
from reports.report import Parameters, Reader, Report, Result, Sums
from reports.table import ALL, Line, Measure, Table

Figures = Counter[str]


def tally(cells: Sequence[counts.Cell]) -> dict[int, Figures]:
    """University or branch -> figure by the key of its column."""
    found: dict[int, Figures] = {}
    for cell in cells:
        figures = found.setdefault(cell.organisation_id, Counter())
        keys = [ALL, f"level:{cell.level}", f"form:{cell.form}", f"funding:{cell.funding}"]
        if cell.sex == "F":
            keys.append("women")
        if cell.status in counts.LEAVES:
            keys.append("leave")
        if cell.status == counts.ACADEMIC_LEAVE:
            keys.append("academic")
        for key in keys:
            figures[key] += cell.number
    return found


def level_measures(present: Mapping[str, int]) -> list[Measure]:
    """A column for each level that occurs, in the order of the classifier."""
    return [
        Measure(f"level:{code}", classifiers.short_label(level), query={"level": (code,)})
        for code, level in classifiers.levels().items()
        if present.get(f"level:{code}")
    ]


def _measures(present: Mapping[str, int], with_people: bool) -> tuple[Measure, ...]:
    forms = [
        Measure(f"form:{code}", classifiers.short_label(form), query={"form": (code,)})
        for code, form in classifiers.study_forms().items()
        if present.get(f"form:{code}")
    ]
    titles = {"budget": _("Бюджет (общий приём)"), "quota": _("Квота"), "contract": _("Договор"), "other": _("Прочее")}
    funding = [Measure(f"funding:{group}", titles[group], query={"funding": (group,)}) for group in FUNDING_GROUPS]
    leave = (
        Measure("leave", _("В отпуске"), query={"status": ("leave",)}),
        Measure("academic", _("Из них в академическом отпуске"), query=None),
    )
    return (
        Measure(ALL, _("Всего")),
        Measure("women", _("Женщины"), query=None),
        *level_measures(present), *forms, *funding, *leave,
        *([Measure("people", _("Уникальных лиц"), query=None)] if with_people else []),
    )  # fmt: skip


def head_key(organisation_id: int) -> str:
    """The key of an institution with its branches: the same in every report, so that the same figures are hidden."""
    return f"head:{organisation_id}"


def _lines(figures: Mapping[int, Figures], known: Institutions, reader: Reader) -> tuple[list[Line], dict[str, list[str]]]:
    """Rows in the order of heads with their branches, and which rows add up to which."""
    lines: list[Line] = []
    tree: dict[str, list[str]] = {ALL: []}
    by_head: dict[int, list[Institution]] = {}
    for one in known.by_id.values():
        if one.id in figures:
            by_head.setdefault(one.head_id, []).append(one)
    for head_id in sorted(by_head, key=lambda key: known.by_id[key].name.casefold()):
        members, head = by_head[head_id], known.by_id[head_id]
        sees_head = not reader.sees_own or head_id in reader.organisation_ids
        if members == [head] or not sees_head:
            for one in members:
                kind = _("филиал") if one.is_branch else _("вуз")
                key = str(one.id) if one.is_branch else head_key(one.id)
                lines.append(Line(key, (one.name, kind), figures[one.id], query={"org": (one.code,)}))
                tree[ALL].append(key)
            continue
        own = [head, *(one for one in members if one.is_branch)]
        whole = sum((figures[one.id] for one in members), Counter())
        key = head_key(head_id)
        lines.append(Line(key, (head.name, _("вуз с филиалами")), whole, "head", query={"org": tuple(one.code for one in own)}))
        tree[ALL].append(key)
        tree[key] = [str(one.id) for one in own]
        for one in own:
            kind = _("филиал") if one.is_branch else _("головная организация")
            values = figures.get(one.id, Counter())
            lines.append(Line(str(one.id), (one.name, kind), values, "part", query={"org": (one.code,)}))
    return lines, tree


def make(session: Session, parameters: Parameters, reader: Reader) -> Result:
    """Four or five grouped questions; the control sums compare answers to different questions."""
    with counting(session) as counter:
        known = institutions(counter)
        of = parameters.slice(known)
        figures = tally(counts.cells(counter, of))
        regions = counts.regions(counter, of)
        persons = counts.people(counter, of)
        by_head = counts.people_by_head(counter, of)
        by_organisation = counts.people_by_organisation(counter, of)
    for key, one in figures.items():
        one["people"] = by_organisation.get(key, 0)
    lines, tree = _lines(figures, known, reader)
    for line in lines:
        if line.kind == "head" and isinstance(line.values, Counter):
            line.values["people"] = by_head.get(int(line.key.removeprefix("head:")), (0, 0))[0]
    whole: Figures = sum(figures.values(), Counter())
    whole["people"] = persons.people
    measures = _measures(whole, with_people=not reader.is_aggregate)
    day = long_day(parameters.on)
    lines = [_complete(line, measures) for line in lines]
    table = Table(
        title=_("Вузы"), name="Institutions", heading=_("Контингент по вузам на %(day)s", day=day),
        subtitle=passport.subtitle(parameters), labels=(("institution", _("Вуз, филиал")), ("kind", _("Строка"))),
        measures=measures, lines=tuple(lines), base=reader.base(parameters, known),
        total=_complete(Line(ALL, (_("Итого"), ""), whole, "total"), measures), notes=passport.table_notes(reader),
    )  # fmt: skip
    if reader.is_aggregate:
        table = table.hidden(_signs(table, tree))
    ranking = by_size(
        table, tree[ALL], title=_("Вузы по численности"), name="InstitutionsBySize",
        heading=_("Вузы по численности на %(day)s", day=day), label=_("Вуз с филиалами"), value=_("Студентов"),
    )  # fmt: skip
    return Result(
        heading=_("Контингент студентов из Казахстана в вузах Алтайского края на %(day)s", day=day),
        subtitle=passport.subtitle(parameters),
        tables=(table, *ranking),
        checks=_checks(figures, whole, regions, persons, by_head, known, reader),
        facts=passport.units(persons, reader) + passport.without_region(regions, reader),
        notes=passport.contingent_notes(reader),
    )


def _complete(line: Line, measures: Sequence[Measure]) -> Line:
    """Zeros are said, not left out."""
    return Line(line.key, line.labels, {m.key: line.values.get(m.key, 0) for m in measures}, line.kind, line.query)


def _signs(table: Table, tree: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], str]:
    keys = [measure.key for measure in table.measures]
    groups = [[key for key in keys if key.startswith(prefix)] for prefix in ("level:", "form:", "funding:")]
    return conceal(table, tree, groups, {"women": ALL, "leave": ALL, "academic": "leave"})


def _checks(
    figures: Mapping[int, Figures], whole: Figures, regions: Mapping[str, counts.BySex], persons: counts.People,
    by_head: Mapping[int, tuple[int, int]], known: Institutions, reader: Reader,
) -> tuple[Check, ...]:  # fmt: skip
    """Small figures must not be read off the control sums: a reader who sees no persons gets verdicts only."""
    sums = Sums()

    def by(prefix: str) -> int:
        return sum(number for key, number in whole.items() if key.startswith(prefix))

    sums.equal(
        "C1", _("Всего = сумма уровней = сумма форм = сумма источников финансирования"),
        {_("прямой подсчёт"): persons.enrolments, _("строки"): whole[ALL], _("уровни"): by("level:"), _("формы"): by("form:"),
         _("финансирование"): by("funding:")},
    )  # fmt: skip
    in_regions = sum(one.all for one in regions.values())
    sums.equal("C2", _("Всего в R01 = Итого в R04 по регионам"), {"R01": whole[ALL], "R04": in_regions})
    own: dict[int, int] = {}
    for key, one in figures.items():
        own[known.head_of(key)] = own.get(known.head_of(key), 0) + one[ALL]
    wrong = [known.by_id[key].name for key in own if own[key] != by_head.get(key, (0, 0))[1]]
    twice = sum(one["people"] for one in figures.values()) - sum(people for people, _number in by_head.values())
    detail = ", ".join(wrong) or _("в вузе и его филиале учатся одновременно: %(number)s", number=twice)
    sums.holds("C6", _("Вуз с филиалами = собственная строка + филиалы; человек в вузе посчитан один раз"), not wrong, detail)
    men = sum(one.men for one in regions.values())
    sums.equal("C7", _("Женщины + мужчины = всего"), {_("сумма"): whole["women"] + men, _("всего"): persons.enrolments})
    sums.holds(
        "C9", _("Уникальных лиц не больше, чем обучений; разница = вторые обучения"),
        persons.people <= persons.enrolments and persons.enrolments - persons.people == persons.repeated,
        _("обучений %(all)s · лиц %(people)s · вторых обучений %(second)s", all=persons.enrolments, people=persons.people,
          second=persons.repeated),
    )  # fmt: skip
    return passport.checks_for(sums.found, reader)


REPORT = Report(
    number="R01",
    title=_l("Контингент по вузам"),
    question=_l("Сколько студентов на дату?"),
    description=_l("Вузы с филиалами: всего, женщины, уровни, формы, финансирование, отпуска, уникальные лица"),
    slug=_l("Контингент"),
    roles=frozenset({Role.MINISTRY, Role.AKIMAT, Role.UNIVERSITY, Role.AUDITOR}),
    make=make,
    fields=("on", "known_at", "org", "level", "form", "funding"),
)
