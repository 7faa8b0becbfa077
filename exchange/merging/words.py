"""Joined records in words: why two are suspected, rows of the comparison, what follows, what stands in the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from exchange.merging import pairs, splitting
from exchange.merging.fields import DETAILS, KEPT, SIDES, Row
from exchange.merging.pairs import Pair
from exchange.merging.queries import Counted, Side, Told
from exchange.merging.splitting import Outlook
from exchange.particulars import codes
from exchange.people import documents as papers
from exchange.people import iin as iins
from exchange.people.names import in_one_alphabet, skeleton
from exchange.students.fields import countries
from exchange.students.student_form import SEXES
from exchange.students.views.room import coded, full_name

LABELS = {
    "surname": _l("Фамилия"),
    "name": _l("Имя"),
    "patronymic": _l("Отчество"),
    "names_kk": _l("ФИО на казахском"),
    "names_lat": _l("ФИО латиницей"),
    "sex": _l("Пол"),
    "birth_date": _l("Дата рождения"),
    "birth_place": _l("Место рождения"),
    "citizenship": _l("Гражданство"),
    "origin": _l("Регион происхождения"),
    "iin": _l("ИИН"),
    "snils": _l("СНИЛС"),
    "phone": _l("Телефон"),
    "email": _l("Почта"),
    "address": _l("Адрес в России"),
    "inn": _l("ИНН"),
    "phone_kz": _l("Телефон в Казахстане"),
    "messenger": _l("Мессенджер"),
    "room": _l("Общежитие и комната"),
    "close": _l("Контакт близкого лица"),
    "school": _l("Школа в Казахстане"),
    "compatriot": _l("Соотечественник"),
    "native_language": _l("Родной язык"),
    "russian_level": _l("Уровень русского языка"),
}
# The word that is typed when two people differ in what tells people apart.
WORD = _l("объединить")


# ------------------------------------------------------------------------------------------------------------- reasons
def reasons(pair: Pair, first: Told | None, second: Told | None) -> list[str]:
    """Why two records are suspected, the surest reason first; then what speaks against it."""
    found = []
    if pairs.DOCUMENT in pair.why:
        found.append(_("один и тот же номер документа"))
    if pairs.IIN in pair.why:
        found.append(_("ИИН одной записи стоит номером документа в другой"))
    if pairs.NAMES in pair.why or pairs.WRITING in pair.why:
        found.append(_by_names(pair, first, second))
    if pair.has_two_iins:
        found.append(_("но ИИН у них разные"))
    return found


def _by_names(pair: Pair, first: Told | None, second: Told | None) -> str:
    if pairs.NAMES not in pair.why:
        return _("та же дата рождения, ФИО совпадают в казахском или латинском написании")
    if first is None or second is None:
        return _("те же фамилия, имя и дата рождения")
    one, other = first.facts, second.facts
    keys = [tuple(skeleton(in_one_alphabet(part)) for part in (said.surname, said.name)) for said in (one, other)]
    if keys[0] != keys[1]:
        return _("та же дата рождения, фамилия и имя переставлены")
    if (one.surname, one.name) != (other.surname, other.name):
        return _("та же дата рождения, фамилия и имя записаны по-разному")
    return _("те же фамилия, имя и дата рождения")


def numbers(told: Told) -> str:
    """Numbers of the files of a person: «АЛТ-26-0412, АЛТ-25-0203»."""
    return ", ".join(student.record_book_no for student in told.students)


# ---------------------------------------------------------------------------------------------------------- comparison
@dataclass
class Line:
    """A row of the comparison in words."""

    name: str
    label: Any
    first: str
    second: str
    differs: bool
    chosen: str = ""
    error: str = ""


def lines(rows: Iterable[Row], chosen: dict[str, str], errors: Iterable[str] = ()) -> list[Line]:
    """All rows that say anything; `chosen` has sides by row, `errors` rows on which nobody chose."""
    missing = set(errors)
    found = []
    for row in rows:
        first, second = value(row.name, row.first), value(row.name, row.second)
        if not first and not second:
            continue
        side = chosen.get(row.name) or row.chosen if row.differs else ""
        error = _("Выберите значение для поля «%(label)s»", label=LABELS[row.name]) if row.name in missing else ""
        found.append(Line(row.name, LABELS[row.name], first, second, row.differs, side if side in SIDES else "", error))
    return found


def value(name: str, said: Any) -> str:
    """What one side says; of what changed with a day, all of it with its days."""
    if name in KEPT:
        return _contact(name, said)
    if name in DETAILS:
        return _further(name, said)
    parts = [(since, _fact(name, values)) for since, values in said]
    if len(parts) == 1:
        return parts[0][1]
    told = [
        f"{words or '—'} ({_('с %(day)s', day=f'{since:%d.%m.%Y}')})" if since else f"{words or '—'} ({_('раньше')})"
        for since, words in reversed(parts)
    ]
    return "; ".join(told)


def _contact(name: str, values: Sequence[Any]) -> str:
    if name == "iin":
        return f"{iins.mask(values[0])}{_(', проверить') if values[1] else ''}" if values[0] else ""
    if name == "snils":
        return papers.mask(values[0]) if values[0] else ""
    if name == "address":
        return ", ".join(part for part in (values[0], _("общежитие") if values[1] else "") if part)
    return values[0] or ""


_CODES = {"compatriot": codes.COMPATRIOT, "native_language": codes.NATIVE, "russian_level": codes.RUSSIAN}


def _further(name: str, values: Sequence[Any]) -> str:
    """Further particulars: the INN masked, codes in words."""
    if name == "inn":
        return papers.mask(values[0]) if values[0] else ""
    if name in _CODES:
        return str(_CODES[name].get(values[0], values[0] or ""))
    return ", ".join(str(part) for part in values if part)


def _fact(name: str, values: Sequence[Any]) -> str:
    if name == "sex":
        return str(dict(SEXES).get(values[0], values[0]))
    if name == "birth_date":
        return f"{values[0]:%d.%m.%Y}"
    if name == "citizenship":
        country = dict(countries()).get(values[0], values[0])
        return f"{country}, {_('также Россия')}" if values[1] else str(country)
    if name == "origin":
        region, district, settlement = values
        told = (coded("regions", region), coded("districts", district), settlement)
        return ", ".join(part for part in told if part)
    return " ".join(part for part in values if part)


def telling(lines_of: Iterable[Line]) -> list[str]:
    """Sentences for what tells people apart: each names both values."""
    words = {
        "birth_date": _l("Даты рождения разные: %(first)s и %(second)s"),
        "sex": _l("Пол разный: %(first)s и %(second)s"),
        "iin": _l("ИИН разные: %(first)s и %(second)s"),
    }
    return [
        str(words[line.name]) % {"first": line.first, "second": line.second}
        for line in lines_of
        if line.name in words and line.differs and line.first and line.second
    ]


# -------------------------------------------------------------------------------------------------------- consequences
def consequences(kept: Side, gone: Side, counted: Counted, beside: Sequence[str], days: int) -> list[str]:
    """What a merge changes. `beside`: sentences on studies at the same time; `days`: how long it can be undone."""
    students = len(kept.students) + len(gone.students)
    told = [_("Записей обучения у человека станет: %(count)s. Их адреса, приказы и номера дел останутся", count=students)]
    known = {(one.type_code, one.number) for one in kept.documents}
    fresh = sum((one.type_code, one.number) not in known for one in gone.documents)
    if same := len(gone.documents) - fresh:
        told.append(_("Документов перейдёт: %(moved)s, с тем же номером: %(same)s (останется один)", moved=fresh, same=same))
    elif fresh:
        told.append(_("Документов перейдёт: %(moved)s", moved=fresh))
    told.append(_in_reports(counted))
    told += beside
    told.append(
        ngettext(
            "Разъединить можно в течение %(num)s дня: в разделе «Возможные дубли», вкладка «Объединённые»",
            "Разъединить можно в течение %(num)s дней: в разделе «Возможные дубли», вкладка «Объединённые»",
            days,
        )
    )
    return told


def _in_reports(counted: Counted) -> str:
    fewer, lost = counted.people[0] - counted.people[1], counted.enrolments[0] - counted.enrolments[1]
    if fewer > 0:
        told = _("Людей в отчётах на сегодня станет на %(count)s меньше", count=fewer)
    elif fewer < 0:
        told = _("Людей в отчётах на сегодня станет на %(count)s больше", count=-fewer)
    else:
        told = _("Число людей в отчётах на сегодня не изменится")
    if lost > 0:
        told += _(", записей обучения в них на %(count)s меньше", count=lost)
    elif lost < 0:
        told += _(", записей обучения в них на %(count)s больше", count=-lost)
    return told + _("; отчёты, выпущенные раньше, не изменятся")


def at_the_same_time(own: Sequence[tuple[str, dt.date]], elsewhere: Sequence[tuple[str, str]]) -> list[str]:
    """Studies of both that overlap: (university, since) of one's own, (university, contact) of others."""
    told = [
        _(
            "Обе записи учатся одновременно с %(day)s: %(office)s. Две программы сразу допустимы; "
            "проверьте, что одно обучение не внесено дважды",
            day=f"{since:%d.%m.%Y}", office=office,
        )
        for office, since in own
    ]  # fmt: skip
    told += [
        _(
            "Одна из записей в то же время учится в другом вузе: %(where)s. "
            "Его запись перейдёт к тому же человеку; сверьтесь с ним",
            where=f"{office} ({contact})" if contact else office,
        )
        for office, contact in elsewhere
    ]
    return told


# ------------------------------------------------------------------------------------------------------------- parting
@dataclass
class Parting:
    """What parting would do, in words; `refusal` is why it is not possible."""

    refusal: str = ""
    going: list[str] = field(default_factory=list)
    staying: list[str] = field(default_factory=list)


def refusal(code: str, found: Outlook, office: str, last: dt.date) -> str:
    """Why two records stay together."""
    return {
        splitting.SPLIT: _("Записи уже разъединены"),
        splitting.LATE: _("Срок разъединения закончился %(day)s. Объединение останется", day=f"{last:%d.%m.%Y}"),
        splitting.MERGED_ON: _(
            "Оставшаяся запись сама объединена с другой: %(who)s. Сначала разъедините их", who=", ".join(found.who) or "—"
        ),
        splitting.HANDED_OVER: _(
            "После объединения человек перешёл в другой вуз: %(office)s. Разъединить уже нельзя", office=office
        ),
        splitting.MOVED_ON: _(
            "После объединения присоединённая запись обучения переведена в другой вуз: %(office)s. Разъединить уже нельзя",
            office=office,
        ),
        splitting.IIN_TAKEN: _(
            "ИИН присоединённой записи после объединения внесён в другую запись. Уберите его там, затем разъедините"
        ),
    }[code]


def staying(found: Outlook, names: dict[int, str]) -> list[str]:
    """What was entered since and stays with the record that was kept. `names` has documents in words."""
    told = []
    if found.students:
        told.append(_("Записи обучения, внесённые после объединения: %(which)s", which=", ".join(found.students)))
    if found.documents:
        told.append(
            _("Документы, внесённые после объединения: %(which)s", which=", ".join(names[key] for key in found.documents))
        )
    if found.stays:
        told.append(_("Сведения о пребывании, внесённые после объединения: %(count)s", count=found.stays))
    if found.consents:
        told.append(_("Записи о согласиях, внесённые после объединения: %(count)s", count=found.consents))
    if found.guardians:
        told.append(_("Законные представители, внесённые после объединения: %(count)s", count=found.guardians))
    if found.rows:
        labels = ", ".join(_inside(row) for row in found.rows)
        told.append(_("Исправлено после объединения и останется как есть: %(which)s", which=labels))
    return told


def _inside(row: str) -> str:
    """A label inside a sentence: abbreviations keep their capitals."""
    label = str(LABELS[row])
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def document(row: Any, *, is_open: bool = False) -> str:
    """A document in a line: kind, masked number, end."""
    kind = coded("document_types", row.type_code)
    number = row.number if is_open else papers.mask(row.number)
    until = f", {_('до %(day)s', day=f'{row.valid_until:%d.%m.%Y}')}" if row.valid_until else ""
    return f"{kind} {number}{until}"


def enrolments(side: Side, day: dt.date, offices: dict[int, str]) -> list[tuple[str, str, str]]:
    """(public id, number, what is studied) of each enrolment."""
    told = []
    for student in side.students:
        mine = [period for period in side.periods if period.student_id == student.id]
        now = next((p for p in reversed(mine) if p.valid_from <= day), mine[0] if mine else None)
        parts = [offices.get(student.organisation_id, "")]
        if now is not None:
            parts += [now.programme_code, coded("statuses", now.status_code).lower()]
            parts.append(_("с %(day)s", day=f"{mine[0].valid_from:%d.%m.%Y}"))
        told.append((student.public_id, student.record_book_no, " · ".join(part for part in parts if part)))
    return told


def title(told: Told | Side) -> str:
    """Full name."""
    return full_name(told.facts if isinstance(told, Told) else told.last)


__all__ = [
    "LABELS", "WORD", "Line", "Parting", "at_the_same_time", "consequences", "document",
    "enrolments", "lines", "numbers", "reasons", "refusal", "staying", "telling", "title", "value",
]  # fmt: skip
