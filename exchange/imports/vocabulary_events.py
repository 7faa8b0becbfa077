"""Words of movements in rosters: headings of their orders, what happened to a student, on what ground."""

from __future__ import annotations

import re
from dataclasses import dataclass

from exchange.imports import vocabulary_values as values
from exchange.imports.vocabulary_text import plain

# Whole headings: field -> phrases with | between them, written as `plain` text.
PHRASES: dict[str, str] = {
    "event": (
        "движение|движение студента|движение контингента|вид движения|тип движения|что произошло|событие|изменение статуса|"
        "козгалыс|event|movement"
    ),
    "event_order": (
        "приказ о движении|реквизиты приказа о движении|приказ об отчислении|приказ о выпуске|приказ о переводе|"
        "приказ о переводе на курс|приказ о переводе на следующий курс|приказ об отпуске|приказ об академическом отпуске|"
        "приказ о движении № дата|приказ о движении номер и дата|приказ о движении № и дата|козгалыс буйрыгы|movement order"
    ),
    "event_order_number": (
        "№ приказа о движении|номер приказа о движении|приказ о движении №|приказ о движении номер|№ приказа об отчислении|"
        "номер приказа об отчислении|№ приказа о выпуске|номер приказа о выпуске|№ приказа о переводе|номер приказа о переводе|"
        "№ приказа об отпуске|номер приказа об отпуске|movement order number|movement order no"
    ),
    "event_order_date": (
        "дата приказа о движении|приказ о движении дата|дата приказа об отчислении|дата приказа о выпуске|"
        "дата приказа о переводе|дата приказа об отпуске|movement order date"
    ),
    "event_on": (
        "с какого числа|с какой даты|с какого дня|действует с|дата вступления|дата движения|дата отчисления|дата выбытия|"
        "дата перевода|отчислен с|выбыл с|дата отпуска|отпуск с|effective date|effective from|effective on"
    ),
    "event_until": "по какое число|до какого числа|отпуск до|отпуск по|срок отпуска до|последний день отпуска|until",
    "event_ground": (
        "основание|причина|причина отчисления|основание отчисления|причина выбытия|основание отпуска|причина отпуска|"
        "основание приказа|негиздеме|себеби|reason|ground"
    ),
}
FIELDS = frozenset(PHRASES)
# «Основание» says something of a movement only where a column tells of movements; else what stands in it decides.
BESIDE = frozenset({"event", "status", "event_order", "event_order_number", "event_order_date"})
LEANING = FIELDS - BESIDE
# A heading that says whose order it is: of enrolment, not of a movement.
OF_ENROLMENT = re.compile(r"зач|прием|приём|поступ|кабыл|enrol|admission")

ENROLMENT, ELSEWHERE = "enrolment", ""
# (kind of order, pattern): the first that fits wins. ELSEWHERE: an order that only a card takes.
_MOVEMENTS = (
    (ELSEWHERE, r"смен\w* (?:фамил|фио|имен)|(?:измен|перемен)\w* (?:фамил|фио|перс|имен)"),
    (ELSEWHERE, (
        r"(?:отчисл|выбы|выбытие)\w*.*\bперевод\w*|перев\w* в (?:друг|ин)\w*|перевел\w* в |переведен\w* из вуза"
        r"|transferred out"
    )),
    ("mobility_return", r"(?:верну|возвра|заверш|оконч)\w*.*(?:мобильн|обмен)\w*"),
    (ELSEWHERE, r"мобильн\w*|\bобмен\w*|уткырлык\w*"),
    ("reinstatement", r"восстан\w*|reinstat\w*|кайта кабыл\w*"),
    ("expulsion", r"\bумер\w*|смерт\w*|скончал\w*|кайтыс|deceased|died"),
    ("graduation", (
        r"выпуск\w*|выпущ\w*|окончил\w*|законч\w*|завершил\w*|в связи с (?:окончан|завершен|получен)\w*|битир\w*|graduat\w*"
    )),
    # before the leaves: «отчислен: не вышел из академического отпуска»
    ("expulsion", r"отчисл\w*|исключ\w*|выбы\w*|^отч\b|шыгарыл\w*|expel\w*|dismiss\w*|dropped"),
    ("leave_return", (
        r"(?:вы(?:ход|шел|шла|йти)|верну|возвра|приступ)\w*.*"
        r"(?:отпуск|академ|декрет|арми|служб|уход|\bа о\b|\bао\b|учеб|обуч)|^выход\w* из|return from leave|демалыстан"
    )),
    ("maternity_leave", r"декрет\w*|беремен\w*|уход\w* за реб\w*|бала кут\w*|maternity|childcare"),
    ("academic_leave", (
        r"академ\w* отп\w*|академическ\w*$|\bак\w* отп\w*|^а о$|^ао$|\bотпуск\w*|\bарми\w*|военн\w*|демалыс\w*|on leave"
    )),
    ("funding_transfer", (
        r"(?:перев\w*|смен\w*).*(?:бюджет|договор|платн|квот|контракт|оплат|финанс)|(?:смен|измен)\w* основ\w*"
    )),
    ("course_transfer", (
        r"(?:перев\w*|перех\w*|кошир\w*|promot\w*).*(?:курс|course|year)|^на \S+ курс|следующ\w* курс|next course"
    )),
    ("program_transfer", r"(?:перев\w*|смен\w*|измен\w*).*(?:направлен|специальн|программ|профил|форм|групп|очн|заочн)"),
    (ENROLMENT, r"зачисл\w*|принят\w*|поступ\w*|кабылдан\w*|enrol\w*|admitted"),
)  # fmt: skip
_GROUNDS = (
    ("death", r"смерт|умер|скончал|died"),
    ("nonpayment", r"неоплат|не оплат|просрочк\w* оплат|(?:задолженн|долг)\w* (?:по|за) (?:оплат|обуч)|расторж\w* договор"),
    ("gia_failed", r"гиа|итогов\w* аттест|защит\w* (?:вкр|диплом)"),
    ("no_return", r"невыход|не вы(?:ш|йд)|не верну|не приступ\w* .*отпуск"),
    ("debt", r"академ\w* задолж|неуспев|не успев|невыполн|не выполн|учебн\w* план|задолженн"),
    ("discipline", r"дисципл|взыскан|наруш\w* (?:устав|правил вн|распоряд)"),
    ("admission_breach", r"наруш\w* (?:порядк|правил) прием"),
    ("lost_contact", r"утрат\w* связ|потер\w* связ|непосещ|не посещ|самовольн"),
    ("force", r"обстоятельств\w*,? не завис|не зависящ|призыв|приговор|ликвид"),
    ("own_wish", (
        r"собственн|по желан|\bс ж\b|\bпсж\b|инициатив\w* (?:студ|обуч)|заявлен|семейн\w* обст|состоян\w* здоров|own wish"
    )),
)  # fmt: skip
_LEAVE_GROUNDS = (
    ("military", r"\bарми|военн|призыв|служб"),
    ("medical", r"медиц|здоров|болезн|лечен|врач|\bвк\b"),
    ("family", r"семейн|семь"),
    ("other", r"\w"),
)
_COURSE = re.compile(r"на (\S+)(?: курс|$)|(\d) ?(?:й )?курс")
_HONOURS = re.compile(r"отлич|honour|красн\w* диплом")


@dataclass(frozen=True)
class Movement:
    """What happened: the kind of order (ELSEWHERE: one that only a card takes), and what the words themselves say of it."""

    type_code: str
    course: int | None = None
    funding: str = ""
    is_honoured: bool = False


def _words(value: object) -> str:
    return plain(value).replace("ё", "е")


def movement(value: object) -> Movement | None:
    """ "отчислен по собственному желанию", "переведена на 3 курс", "выход из а/о"; None: no movement that is known."""
    text = _words(value)
    type_code = next((code for code, pattern in _MOVEMENTS if re.search(pattern, text)), None) if text else None
    if type_code is None:
        return None
    course = _COURSE.search(text) if type_code == "course_transfer" else None
    number = values.course(course.group(1) or course.group(2)) if course else None
    funding = values.funding(re.sub(r"^.*\bна\b", "", text)) if type_code == "funding_transfer" else None
    return Movement(type_code, number, funding or "", bool(_HONOURS.search(text)))


def is_honoured(value: object) -> bool:
    return bool(_HONOURS.search(_words(value)))


def ground(value: object) -> str:
    """Why somebody was expelled, by the list of grounds; "" when the words do not say."""
    text = _words(value)
    return next((code for code, pattern in _GROUNDS if re.search(pattern, text)), "")


def leave_ground(value: object) -> str:
    """Why a leave was given; "" when nothing is said."""
    text = _words(value)
    return next((code for code, pattern in _LEAVE_GROUNDS if re.search(pattern, text)), "")
