"""R04: students by region of origin in Kazakhstan, the three neighbouring regions by district."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from exchange.access.actor import Role
from exchange.access.statistics import counting
from exchange.reference import classifiers
from exchange.spreadsheets.sheet import Check
from exchange.web.pages import long_day
from reports import counts, passport
from reports.confidential import Position, conceal
from reports.contingent import Figures, head_key, level_measures
from reports.counts import NOT_GIVEN, BySex
from reports.institutions import Institutions, institutions
from reports.ranking import by_size
from reports.report import Parameters, Reader, Report, Result, Sums
from reports.table import ALL, Line, Measure, Table


def neighbours() -> list[str]:
    """Regions that border the Krai: their districts are shown."""
    return [code for code, region in classifiers.regions().items() if region.is_neighbour]


def _tally(cells: Sequence[counts.RegionCell], known: Institutions) -> dict[str, Figures]:
    found: dict[str, Figures] = {}
    for cell in cells:
        keys = [ALL, f"level:{cell.level}", head_key(known.head_of(cell.organisation_id))]
        keys += ["women"] if cell.sex == "F" else []
        keys += ["first"] if cell.is_first else []
        keys += ["last"] if cell.is_last else []
        figures = found.setdefault(cell.region, Counter())
        for key in keys:
            figures[key] += cell.number
    return found


def _measures(whole: Mapping[str, int], known: Institutions, present: set[int]) -> tuple[Measure, ...]:
    heads = [
        Measure(
            head_key(one.id),
            one.name,
            query={"org": tuple(o.code for o in (one, *known.branches_of(one.id)) if o.id in present)},
        )
        for one in known.heads
        if whole.get(head_key(one.id))
    ]
    return (
        Measure(ALL, _("Всего")), Measure("women", _("Женщины"), query=None),
        Measure("first", _("1 курс"), query={"course": ("1",)}), Measure("last", _("Выпускной курс"), query=None),
        *level_measures(whole), *heads,
    )  # fmt: skip


def _line(key: str, labels: tuple[str, ...], figures: Mapping[str, int], measures: Sequence[Measure], kind: str = "") -> Line:
    query = {} if key == ALL else {"region": (key or "none",)}
    return Line(key, labels, {m.key: figures.get(m.key, 0) for m in measures}, kind, query)


def make(session: Session, parameters: Parameters, reader: Reader) -> Result:
    """Four grouped questions; regions are counted twice, by two questions that know nothing of each other."""
    with counting(session) as counter:
        known = institutions(counter)
        of = parameters.slice(known)
        found = counts.region_cells(counter, of)
        directly = counts.regions(counter, of)
        persons = counts.people(counter, of)
        in_districts = counts.districts(counter, of, neighbours())
    figures = _tally(found, known)
    whole: Figures = sum(figures.values(), Counter())
    measures = _measures(whole, known, {cell.organisation_id for cell in found})
    lines = [
        _line(code, (classifiers.label(region),), figures.get(code, {}), measures)
        for code, region in classifiers.regions().items()
    ]
    lines.append(_line(NOT_GIVEN, (_("не указан"),), figures.get(NOT_GIVEN, {}), measures))
    day = long_day(parameters.on)
    table = Table(
        title=_("Регионы"), name="Regions", heading=_("Студенты по регионам Республики Казахстан на %(day)s", day=day),
        subtitle=passport.subtitle(parameters), labels=(("region", _("Регион")),), measures=measures, lines=tuple(lines),
        total=_line(ALL, (_("Итого"),), whole, measures, "total"), base=reader.base(parameters, known),
        notes=passport.table_notes(reader),
    )  # fmt: skip
    districts = _districts(in_districts, figures, parameters, reader, known)
    if reader.is_aggregate:
        table, districts = _concealed(table, districts)
    ranking = by_size(
        table, [line.key for line in lines], title=_("Регионы по численности"), name="RegionsBySize",
        heading=_("Регионы по численности студентов на %(day)s", day=day), label=_("Регион"), value=_("Студентов"),
    )  # fmt: skip
    return Result(
        heading=_("Студенты по регионам Республики Казахстан на %(day)s", day=day),
        subtitle=passport.subtitle(parameters),
        tables=(table, districts, *ranking),
        checks=_checks(whole, figures, directly, persons, in_districts, reader),
        facts=passport.units(persons, reader) + passport.without_region(directly, reader),
        notes=(*passport.contingent_notes(reader), *_notes()),
    )


def _districts(
    found: Mapping[tuple[str, str], BySex], figures: Mapping[str, Figures], parameters: Parameters, reader: Reader,
    known: Institutions,
) -> Table:  # fmt: skip
    """Each neighbouring region as a head line, its districts under it, then «not given». Only districts that occur."""
    measures = (Measure(ALL, _("Всего")), Measure("women", _("Женщины"), query=None))
    lines: list[Line] = []
    for region in neighbours():
        name = classifiers.label(classifiers.regions()[region])
        head = {ALL: figures.get(region, Counter())[ALL], "women": figures.get(region, Counter())["women"]}
        lines.append(Line(region, (name, _("всего по региону")), head, "head", {"region": (region,)}))
        here = [(code, d) for code, d in classifiers.districts().items() if d.region_code == region and (region, code) in found]
        for code, district in sorted(here, key=lambda item: item[1].name_ru):
            one = found[region, code]
            values = {ALL: one.all, "women": one.women}
            lines.append(Line(code, (name, classifiers.label(district)), values, "part", None))
        none = found.get((region, NOT_GIVEN), BySex(0, 0, 0))
        values = {ALL: none.all, "women": none.women}
        lines.append(Line(f"{region}:", (name, _("район не указан")), values, "part", None))
    return Table(
        title=_("Районы"), name="Districts",
        heading=_("Районы соседних областей на %(day)s", day=long_day(parameters.on)), subtitle=passport.subtitle(parameters),
        labels=(("region", _("Регион")), ("district", _("Район, город"))), measures=measures, lines=tuple(lines),
        base=reader.base(parameters, known), notes=passport.table_notes(reader),
    )  # fmt: skip


def _tree(districts: Table) -> dict[str, list[str]]:
    """Region -> its lines, which follow it."""
    tree: dict[str, list[str]] = {}
    head = ""
    for line in districts.lines:
        if line.kind == "head":
            head = line.key
            tree[head] = []
        else:
            tree[head].append(line.key)
    return tree


def _concealed(table: Table, districts: Table) -> tuple[Table, Table]:
    """The regions are decided first; in the second table they stay as the first one shows them."""
    keys = [measure.key for measure in table.measures]
    groups = [[key for key in keys if key.startswith(prefix)] for prefix in ("level:", "head:")]
    signs = conceal(table, {ALL: [line.key for line in table.lines]}, groups, dict.fromkeys(("women", "first", "last"), ALL))
    given: dict[Position, str | None] = {
        (line.key, key): signs.get((line.key, key)) for line in districts.lines if line.kind == "head" for key in (ALL, "women")
    }
    return table.hidden(signs), districts.hidden(conceal(districts, _tree(districts), (), {"women": ALL}, given))


def _checks(
    whole: Figures, figures: Mapping[str, Figures], directly: Mapping[str, BySex], persons: counts.People,
    in_districts: Mapping[tuple[str, str], BySex], reader: Reader,
) -> tuple[Check, ...]:  # fmt: skip
    sums = Sums()
    sums.equal(
        "C2", _("Итого по регионам с «не указан» = всего в R01"),
        {_("строки"): whole[ALL], _("регионы"): sum(one.all for one in directly.values()), "R01": persons.enrolments},
    )  # fmt: skip
    men = sum(one.men for one in directly.values())
    sums.equal("C7", _("Женщины + мужчины = всего"), {_("сумма"): whole["women"] + men, _("всего"): whole[ALL]})
    by_region: dict[str, int] = {}
    for (region, _district), one in in_districts.items():
        by_region[region] = by_region.get(region, 0) + one.all
    wrong = [code for code in neighbours() if by_region.get(code, 0) != figures.get(code, Counter())[ALL]]
    names = ", ".join(classifiers.label(classifiers.regions()[code]) for code in wrong)
    sums.holds("C8", _("Сумма районов с «район не указан» = регион; ни один район не больше региона"), not wrong, names)
    sums.holds(
        "C9", _("Уникальных лиц не больше, чем обучений"), persons.people <= persons.enrolments,
        _("обучений %(all)s · лиц %(people)s", all=persons.enrolments, people=persons.people),
    )  # fmt: skip
    return passport.checks_for(sums.found, reader)


def _notes() -> tuple[tuple[str, str], ...]:
    return (
        (_("Регион"), _("последнее место жительства в Казахстане на дату отчёта; 20 регионов по делению с июня 2022 года")),
        (_("Выпускной курс"), _("плановое окончание — до 31 августа этого учебного года; если оно не внесено — последний курс "
                                "самой долгой обычной программы уровня")),
        (_("Районы"), _("классификатор КАТО на 17.10.2022; более новые районы входят в «район не указан»")),
    )  # fmt: skip


REPORT = Report(
    number="R04",
    title=_l("Студенты по регионам Казахстана"),
    question=_l("Откуда приехали?"),
    description=_l("Двадцать регионов: вузы, уровни, женщины, первый и выпускной курсы; районы трёх соседних областей"),
    slug=_l("Регионы"),
    roles=frozenset({Role.MINISTRY, Role.AKIMAT, Role.UNIVERSITY, Role.AUDITOR}),
    make=make,
    fields=("on", "known_at", "org", "level", "form", "funding"),
)
