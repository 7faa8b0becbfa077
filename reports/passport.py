"""The cover and the notes of a report: what it is, on which day, by whom, by which rules, and whether its figures agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from exchange.spreadsheets.sheet import Check, Cover, Properties, Workbook
from exchange.web.pages import BARNAUL, day, long_day, moment
from reports.counts import NOT_GIVEN, BySex, People
from reports.report import Fact, Parameters, Reader, Report, Result
from reports.suppression import FURTHER, SMALL, is_small

SYSTEM_NAME = "exchange 0.1.0"


def subtitle(parameters: Parameters) -> str:
    """The second line of every sheet."""
    parts = [_("На %(day)s", day=long_day(parameters.on)), _("обучений"), _("Реестр сотрудничества Алтай — ВКО")]
    if parameters.known_at is not None:
        parts.insert(1, _("как было известно %(at)s", at=moment(parameters.known_at)))
    return " · ".join(parts)


def units(persons: People, reader: Reader) -> tuple[Fact, ...]:
    """Both units: enrolments and people. A small difference would show how few study twice."""
    hidden = reader.is_aggregate
    enrolments: object = SMALL if hidden and is_small(persons.enrolments) else persons.enrolments
    unique: object = persons.people
    if hidden and (is_small(persons.people) or is_small(persons.enrolments - persons.people)):
        unique = FURTHER
    return (
        (_("Единица счёта"), _("обучение: один человек на двух программах — два обучения; человек (ОКЕИ 792) — отдельно")),
        (_("Обучений всего"), enrolments),
        (_("Уникальных лиц, человек"), unique),
    )


def without_region(regions: Mapping[str, BySex], reader: Reader) -> tuple[Fact, ...]:
    """How complete the data are."""
    if reader.is_aggregate:
        return ()
    return ((_("Регион не указан, обучений"), regions[NOT_GIVEN].all if NOT_GIVEN in regions else 0),)


def convention() -> str:
    """How a day is meant."""
    return _(
        "Приказ действует с начала дня вступления в силу: зачисленный с 01.09 входит в контингент 01.09, "
        "отчисленный с 30.06 в контингент 30.06 не входит"
    )


def table_notes(reader: Reader) -> tuple[str, ...]:
    """What stands under a table."""
    notes = [convention()]
    if reader.is_aggregate:
        notes.append(
            _("«<5» — от 1 до 4; «…» — скрыто, чтобы скрытое нельзя было вычислить. Сумма строк может быть меньше итога")
        )
    return tuple(notes)


def contingent_notes(reader: Reader) -> tuple[str | tuple[str, str], ...]:
    """The rules of counting, for the last sheet."""
    notes: list[str | tuple[str, str]] = [
        (_("Контингент"), _("обучения, которые последний действующий на дату приказ оставляет в статусе из контингента; "
                            "человек на дату — гражданин Казахстана и не гражданин России")),
        (_("Правило дня"), convention()),
        (_("Отпуск"), _("академический, по уходу за ребёнком, в связи с военной службой; входит в контингент")),
        (_("Квота"), _("обучение по квоте Правительства РФ показано отдельно от общего приёма; в федеральной статистике оно "
                       "учитывается «кроме того»")),
        (_("Прочее финансирование"), _("академический обмен без оплаты и источники вне граф федеральной статистики")),
        (_("Уникальных лиц"), _("человек посчитан в строке один раз; сумма строк может быть больше итога, если человек учится "
                                "в двух вузах")),
        (_("Две даты"), _("«на дату» — на какой день посчитано; «известно на» — к какому моменту записи уже были в реестре")),
        ("0", _("нет таких обучений")),
    ]  # fmt: skip
    if reader.is_aggregate:
        notes += [
            ("<5", _("от 1 до 4: малые числа скрыты, чтобы нельзя было узнать человека")),
            ("…", _("скрыто, чтобы малые числа нельзя было вычислить из итогов и других ячеек")),
        ]
    return tuple(notes)


def checks_for(found: Sequence[Check], reader: Reader) -> tuple[Check, ...]:
    """A reader who sees no persons gets the verdicts without the figures."""
    return tuple(Check(one.id, one.text, one.ok, "" if reader.is_aggregate else one.detail) for one in found)


def scope_in_words(reader: Reader) -> str:
    """Whose data a report is about."""
    if reader.sees_own:
        return _("только данные организации: %(name)s", name=reader.organisation_name)
    if reader.is_aggregate:
        return _("все вузы и предприятия края, без персональных данных, малые числа скрыты")
    return _("все вузы и предприятия края")


def workbook(
    report: Report, result: Result, parameters: Parameters, reader: Reader, *, selection: str, made_by: str,
    made_at: dt.datetime, number: str, address: str,
) -> Workbook:  # fmt: skip
    """The whole file."""
    known = moment(parameters.known_at) if parameters.known_at else _("%(at)s, текущие данные", at=moment(made_at))
    period = _("с %(first)s по %(last)s", first=day(parameters.since), last=day(parameters.until))
    facts: list[Fact] = [
        (_("Отчёт"), f"{report.number}. {report.title}"),
        (_("Период"), period) if report.is_over_period else (_("На дату"), parameters.on),
        (_("Известно на"), known),
        (_("Условия отбора"), selection),
        (_("Охват"), scope_in_words(reader)),
        *result.facts,
        *([] if report.is_over_period else [(_("Правило дня"), convention())]),
        (_("Сформировано"), _("%(at)s (Барнаул, UTC+7)", at=moment(made_at))),
        (_("Кем"), made_by),
        (_("Номер выгрузки"), number),
        (_("Данные"), _("на момент формирования, не зафиксированы выпуском")),
        (_("Контрольная сумма данных"), result.digest()),
        (_("Персональные данные"), _("содержит") if report.has_persons else _("не содержит")),
        (_("Версия системы"), SYSTEM_NAME),
        (_("Адрес"), address),
    ]
    return Workbook(
        cover=Cover(result.heading, facts, result.checks, _("Паспорт отчёта")),
        sheets=[table.sheet() for table in result.tables],
        notes=result.notes,
        properties=Properties(
            title=result.heading, author=made_by, subject=str(report.title), keywords=f"{report.number}; {number}",
            created=made_at.astimezone(BARNAUL).replace(tzinfo=None),
        ),
        footer=_("Реестр сотрудничества Алтай — ВКО · %(number)s", number=number),
    )  # fmt: skip
