"""What will follow when a checked file is applied, in sentences: who comes and leaves, notices due, reports that change."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from exchange.imports.checking import CheckedRow
from exchange.imports.recording import registration_of
from exchange.organisations.models import Organisation
from exchange.reference import classifiers
from exchange.reference.calendar import OutsideCalendar, add_working_days
from exchange.reference.terms import deadline
from exchange.students import ledger, rules
from exchange.students.contingent import COUNTRY
from exchange.students.ledger import Period
from exchange.students.orders import Foresight

NOTICE = "NOTICE_END_3"
COUNT_DAYS = ((12, 31), (10, 1))
MOST_DAYS = 4


def of(session: Session, kind: str, organisation: Organisation, rows: Sequence[CheckedRow], as_of_on: dt.date) -> list[str]:
    """The sentences, the weightiest last; nothing for a file that changes nothing."""
    moving = [row for row in rows if row.verdict in ("new", "changed")]
    if kind == "interns":
        return _of_interns(moving)
    told = [row.told for row in moving if isinstance(row.told, Foresight)]
    new = [row for row in moving if row.verdict == "new"]
    begun = [(row, _periods(row, organisation.id, as_of_on)) for row in new]
    return [*_arriving(new), *_changing(moving), *_by_order(told), *_reports(begun, told)]


def _of_interns(rows: Sequence[CheckedRow]) -> list[str]:
    new = [row for row in rows if row.verdict == "new"]
    waiting = sum(any(p.field == "sender" and p.severity == "warning" for p in row.reading.problems) for row in new)
    found = []
    if new:
        found.append(ngettext("Появится %(num)s запись", "Появится %(num)s записей", len(new)))
    if waiting:
        found.append(ngettext("%(num)s запись будет ждать согласия вуза", "%(num)s записей будут ждать согласия вуза", waiting))
    return found


def _periods(row: CheckedRow, organisation_id: int, as_of_on: dt.date) -> list[Period]:
    """What a new row would begin; nothing for whom the contingent does not count."""
    values = row.reading.values
    if values.get("citizenship") != COUNTRY or str(values.get("is_rf_citizen") or "") in ("1", "True"):
        return []
    registration = registration_of(row, organisation_id, as_of_on, "")
    return ledger.periods_from(entry for _paper, entry in registration.entries)


def _arriving(new: Sequence[CheckedRow]) -> list[str]:
    if not new:
        return []
    return [ngettext("%(num)s новый студент будет внесён", "%(num)s новых студентов будут внесены", len(new))]


def _changing(rows: Sequence[CheckedRow]) -> list[str]:
    """Courses and states that the roster itself states, without an order."""
    stated = [row for row in rows if row.verdict == "changed" and row.told is None]
    courses = sum("course" in row.changes for row in stated)
    states: Counter[str] = Counter(str(row.changes["status"][1]) for row in stated if "status" in row.changes)
    found = []
    if courses:
        found.append(ngettext("Курс сменится у %(num)s студента", "Курс сменится у %(num)s студентов", courses))
    found += [
        _("Состояние станет «%(status)s»: %(num)s", status=_name(code), num=number) for code, number in sorted(states.items())
    ]
    return found


def _name(code: str) -> str:
    status = classifiers.statuses().get(code)
    return status.name_ru.lower() if status else code


def _by_order(told: Sequence[Foresight]) -> list[str]:
    """Orders by kind; those who leave by what becomes of them, with the notices that fall due."""
    leaving: dict[str, list[Foresight]] = {}
    staying: Counter[str] = Counter()
    for one in told:
        after = _after(one)
        if _leaves(one) and after is not None:
            leaving.setdefault(after.status_code, []).append(one)
        else:
            staying[one.entry.type_code] += 1
    found = []
    for type_code, number in sorted(staying.items()):
        name = classifiers.order_types()[type_code].name_ru
        found.append(ngettext("Приказ «%(name)s»: %(num)s студент", "Приказ «%(name)s»: %(num)s студентов", number, name=name))
    for code, gone in sorted(leaving.items()):
        notices = _notices(gone)
        found.append(f"{_gone(code, len(gone))}: {notices}" if notices else _gone(code, len(gone)))
    return found


def _gone(code: str, number: int) -> str:
    if code == "expelled":
        return ngettext("%(num)s студент будет отчислен", "%(num)s студентов будут отчислены", number)
    if code == "graduated":
        return ngettext("%(num)s студент завершит обучение", "%(num)s студентов завершат обучение", number)
    return ngettext(
        "%(num)s студент выбудет: «%(status)s»", "%(num)s студентов выбудут: «%(status)s»", number, status=_name(code)
    )


def _after(one: Foresight) -> Period | None:
    return ledger.period_on(one.after, one.entry.effective_on)


def _leaves(one: Foresight) -> bool:
    was, will = ledger.period_on(one.before, one.entry.effective_on), _after(one)
    return bool(was and was.in_contingent and will and not will.in_contingent)


def _notices(leaving: Iterable[Foresight]) -> str:
    """«12 уведомлений МВД до 25.11.2026»: within working days of the earlier of the order and the last day of study."""
    due: Counter[dt.date | None] = Counter()
    for one in leaving:
        after = _after(one)
        if after is None or not classifiers.statuses()[after.status_code].has_mvd_notice:
            continue
        if not classifiers.study_forms()[after.form_code].has_mvd_notice:
            continue
        try:
            due[add_working_days(min(one.entry.effective_on, one.entry.signed_on or dt.date.max), deadline(NOTICE))] += 1
        except OutsideCalendar:
            due[None] += 1
    today = rules.today()
    said = []
    for day, number in sorted(due.items(), key=lambda item: item[0] or dt.date.max):
        count = ngettext("%(num)s уведомление МВД", "%(num)s уведомлений МВД", number)
        if day is None:
            said.append(_("%(count)s, срок в рабочих днях: %(days)s", count=count, days=deadline(NOTICE)))
        elif day < today:
            said.append(_("%(count)s, срок вышел %(day)s", count=count, day=f"{day:%d.%m.%Y}"))
        else:
            said.append(_("%(count)s до %(day)s", count=count, day=f"{day:%d.%m.%Y}"))
    return ", ".join(said)


def _reports(begun: Sequence[tuple[CheckedRow, list[Period]]], told: Sequence[Foresight]) -> list[str]:
    """Days of the state's counts that have passed and will be counted otherwise, the latest first."""
    found = []
    for day in _days_passed(begun, told):
        change = sum(bool((held := ledger.period_on(periods, day)) and held.in_contingent) for _row, periods in begun)
        change += sum(one.changes_day(day) for one in told)
        shown = f"{day:%d.%m.%Y}"
        if change > 0:
            found.append(_("В отчёте на %(day)s станет на %(num)s больше", day=shown, num=change))
        elif change < 0:
            found.append(_("В отчёте на %(day)s станет на %(num)s меньше", day=shown, num=-change))
    if len(found) > MOST_DAYS:
        return [*found[:MOST_DAYS], _("Изменятся и отчёты за более ранние дни: %(num)s", num=len(found) - MOST_DAYS)]
    return found


def _days_passed(begun: Sequence[tuple[CheckedRow, list[Period]]], told: Sequence[Foresight]) -> list[dt.date]:
    starts = [periods[0].valid_from for _row, periods in begun if periods] + [one.entry.effective_on for one in told]
    if not starts:
        return []
    today, first = rules.today(), min(starts)
    days = [dt.date(year, month, day) for year in range(today.year, first.year - 1, -1) for month, day in COUNT_DAYS]
    return [day for day in days if first <= day <= today]
