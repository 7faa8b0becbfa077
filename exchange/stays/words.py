"""The stay of a person in words: lines of the summary, facts of the timeline, what is missing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from exchange.people.documents import mask
from exchange.reference import classifiers
from exchange.reference.labels import label
from exchange.stays.kinds import KINDS, PERMITS, codes_of
from exchange.stays.models import StayFact
from exchange.stays.queries import FactOnCard
from exchange.stays.summary import Summary
from exchange.students.fields import language
from exchange.web.pages import moment

UNKNOWN, WARNING, OVER = "ring", "warn sq", "bad sq"


@dataclass
class Line:
    """A line of the summary; `tone` and `state` make a badge beside the value."""

    label: Any
    value: Any = ""
    note: Any = ""
    state: Any = ""
    tone: str = ""


@dataclass
class Told:
    """A fact on the timeline."""

    id: int
    day: dt.date
    title: str
    note: str
    meta: str
    annulled: str = ""
    state: str = ""
    tone: str = ""


def day_words(day: dt.date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def ground_words(code: str) -> str:
    ground = classifiers.migration_statuses().get(code)
    return label(ground, language()) if ground else ""


def _unknown(name: Any, note: Any = "") -> Line:
    return Line(name, "", note, _("нет данных"), UNKNOWN)


def _dated(name: Any, until: dt.date, day: dt.date, note: Any = "") -> Line:
    """A last day, and whether it has passed."""
    if until >= day:
        return Line(name, day_words(until), note)
    return Line(name, day_words(until), note, _("истекло, прошло дней: %(days)s", days=(day - until).days), OVER)


def lines_of(told: Summary) -> list[Line]:
    """The summary from the ground of stay to the insurance."""
    return [
        Line(_("Основание пребывания"), ground_words(told.ground)) if told.ground else _unknown(_("Основание пребывания")),
        _until_line(told), *_days_lines(told), _registration_line(told), _medical_line(told), _fingerprints_line(told),
        _insurance_line(told),
    ]  # fmt: skip


def _until_line(told: Summary) -> Line:
    name = _("Срок пребывания до")
    if told.is_endless:
        return Line(name, _("без срока"))
    if told.ground == "left":
        last = told.crossings.stays[-1].last
        return Line(name, "", _("Выезд %(day)s", day=day_words(last)))
    if told.until is None:
        return _unknown(name)
    note = _("Отметки нет: от въезда посчитано дней подряд: %(days)s", days=told.most_days)
    return _dated(name, told.until, told.day, note if told.is_until_counted else "")


def _days_lines(told: Summary) -> list[Line]:
    row, year = _("Дней подряд, с последнего въезда"), _("Дней в %(year)s году", year=told.day.year)
    if not told.has_entry:
        return [_unknown(row, _("Въезд не внесён")), _unknown(year)]
    if told.counts_days and told.ground != "left":
        shown = [_of(told.in_a_row, told.most_days), _of(told.in_year, told.most_days)]
    else:
        shown = [str(told.in_a_row), str(told.in_year)]
    found = [Line(row, shown[0]), Line(year, shown[1], _("Дни въезда и выезда считаются; дни по продлению и РВПО нет"))]
    if told.counts_days and told.ground != "left":
        for line, number in zip(found, (told.in_a_row, told.in_year), strict=True):
            if number > told.most_days:
                line.state, line.tone = _("больше предела"), OVER
    return found


def _of(number: int, most: int) -> str:
    return str(_("%(days)s из %(most)s", days=number, most=most))


def _registration_line(told: Summary) -> Line:
    name, kept = _("Миграционный учёт до"), told.registration
    if told.ground == "citizen_rf":
        return Line(name, _("не требуется"))
    due = _("Встать на учёт по %(day)s", day=day_words(told.register_by)) if told.register_by else ""
    if kept is None or kept.ends_on is None:
        return _unknown(name, due)
    if not told.has_registration_ended:
        return _dated(name, kept.ends_on, told.day, kept.place)
    was = _("Прежний учёт, до %(day)s, прекращён выездом или новым въездом", day=day_words(kept.ends_on))
    if told.ground == "left":
        return Line(name, "", was)
    return _unknown(name, ". ".join(part for part in (was, due) if part))


def _medical_line(told: Summary) -> Line:
    name = _("Медосвидетельствование до")
    if told.medical is not None and told.medical.ends_on is not None:
        line = _dated(name, told.medical.ends_on, told.day)
        if not told.needs_medical:
            line.state = line.tone = ""
        return line
    return _unknown(name) if told.needs_medical else Line(name, _("не требуется"))


def _fingerprints_line(told: Summary) -> Line:
    name = _("Дактилоскопия")
    if told.fingerprints is not None:
        return Line(name, day_words(told.fingerprints.starts_on))
    return _unknown(name) if told.needs_medical else Line(name, _("не требуется"))


def _insurance_line(told: Summary) -> Line:
    name, kept = _("Полис ДМС до"), told.insurance
    if kept is None or kept.ends_on is None:
        return _unknown(name)
    line = _dated(name, kept.ends_on, told.day, kept.party)
    if told.ground in ("left", "citizen_rf"):
        line.state = line.tone = ""
    return line


def gaps_of(told: Summary) -> list[tuple[str, str]]:
    """What is missing between entries and exits: the sentence, and the kind that would mend it."""
    found = [
        (_("Выезд перед въездом %(day)s неизвестен: дни посчитаны до этого въезда.", day=day_words(day)), "exit")
        for day in told.crossings.entries_after_unknown_exit
    ]
    found += [
        (_("Въезд перед выездом %(day)s неизвестен: дни этого пребывания не посчитаны.", day=day_words(day)), "entry")
        for day in told.crossings.exits_without_entry
    ]
    return found


def recorded(fact: StayFact) -> str:
    """When and by whom it was entered."""
    said = (_("внесено %(when)s", when=moment(fact.recorded_at)), fact.recorded_by)
    return ", ".join(part for part in said if part)


def told_of(item: FactOnCard, *, is_open: bool) -> Told:
    """A fact as the timeline shows it; `is_open`: with the numbers of documents."""
    fact, annulment = item.fact, item.annulled_by
    kind = KINDS[fact.kind]
    told = Told(fact.id, fact.starts_on, str(kind.name), ", ".join(_said(fact, is_open=is_open)), recorded(fact))
    if fact.kind == "notice":
        told.title = codes_of("notice", language()).get(fact.code, fact.code)
        if fact.ends_on is not None:
            late = (fact.starts_on - fact.ends_on).days
            told.state = _("в срок") if late <= 0 else _("позже срока, дней: %(days)s", days=late)
            told.tone = "ok" if late <= 0 else WARNING
    if annulment is not None:
        told.annulled = _(
            "Аннулировано: %(reason)s. %(recorded)s", reason=annulment.note.rstrip("."), recorded=_upper(recorded(annulment))
        )
    return told


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _said(fact: StayFact, *, is_open: bool) -> list[str]:
    """What a fact says besides its kind and its day."""
    kind = KINDS[fact.kind]
    parts = []
    if fact.kind == "notice":
        parts.append(_("уведомление"))
    if fact.kind == "term":
        parts.append(codes_of("term", language()).get(fact.code, fact.code))
    if fact.number:
        parts.append(_("№ %(number)s", number=mask(fact.number) if kind.has_secret_number and not is_open else fact.number))
    if fact.ends_on is not None:
        day = day_words(fact.ends_on)
        parts.append(_("срок %(day)s", day=day) if fact.kind == "notice" else _("до %(day)s", day=day))
    elif fact.kind in PERMITS:
        parts.append(_("бессрочно"))
    parts += [text for text in (fact.place, fact.party, fact.note) if text]
    if fact.submitted_on is not None:
        parts.append(_("заявление ruID %(day)s", day=day_words(fact.submitted_on)))
    return parts
