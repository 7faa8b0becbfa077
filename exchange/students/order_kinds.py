"""Kinds of orders that are recorded for a student: events, the fields each needs, and which fit a status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.reference import classifiers
from exchange.students import ledger

# Field of a form or of an order line -> column of PersonFacts.
NAMED = {
    "last_name": "surname", "first_name": "name", "patronymic": "patronymic", "last_name_kk": "surname_kk",
    "first_name_kk": "name_kk", "patronymic_kk": "patronymic_kk", "last_name_lat": "surname_lat", "first_name_lat": "name_lat",
}  # fmt: skip
FROM = _l("Действует с")
# How many students one order may be recorded for at once.
MOST = 1000


@dataclass(frozen=True)
class Kind:
    """A kind of order: `act` is the verb of the menu, `done` is said afterwards, `since` labels the effective day."""

    type_code: str
    events: tuple[str, ...]
    fields: tuple[str, ...]
    act: Any
    done: Any
    since: Any = FROM
    is_leaving: bool = False
    is_for_many: bool = True  # False: it says something else of each student, or goes with an offer to another university

    @property
    def name(self) -> str:
        return classifiers.order_types()[self.type_code].name_ru


KINDS = {
    kind.type_code: kind
    for kind in (
        Kind("course_transfer", ("next_course",), ("course", "group"), _l("Перевести на курс"), _l("Перевод на курс записан")),
        Kind("program_transfer", ("change_program",), ("programme", "level", "form", "course", "group"),
             _l("Сменить направление, форму или группу"), _l("Перевод записан")),
        Kind("funding_transfer", ("change_funding",), ("funding",), _l("Сменить оплату"), _l("Смена оплаты записана")),
        Kind("academic_leave", ("leave_academic", "leave_military"), ("leave_ground", "until"),
             _l("Академический отпуск"), _l("Академический отпуск записан"), _l("В отпуске с")),
        Kind("maternity_leave", ("leave_maternity",), ("until",), _l("Отпуск по беременности или уходу за ребёнком"),
             _l("Отпуск записан"), _l("В отпуске с")),
        Kind("leave_return", ("return",), ("course", "group"), _l("Вернуть из отпуска"), _l("Выход из отпуска записан"),
             _l("Учится с")),
        Kind("mobility_out", ("go_mobility",), ("host", "until"), _l("Академическая мобильность"),
             _l("Выезд по мобильности записан"), _l("В мобильности с")),
        Kind("mobility_return", ("return_mobility",), (), _l("Вернуть из мобильности"), _l("Возвращение записано"),
             _l("Учится с")),
        Kind("practice", ("practice",), ("place", "until"), _l("Направить на практику"), _l("Приказ о практике записан"),
             _l("На практике с")),
        Kind("name_change", ("name_change",), tuple(NAMED), _l("Изменить ФИО"), _l("Изменение ФИО записано"),
             is_for_many=False),
        Kind("transfer_out", ("transfer_out",), ("host",), _l("Перевести в другой вуз"), _l("Перевод в другой вуз записан"),
             _l("Отчисление с"), is_leaving=True, is_for_many=False),
        Kind("expulsion", ("expel", "die"), ("ground", "explanation", "will_return"), _l("Отчислить"),
             _l("Отчисление записано"), _l("Отчисление с"), is_leaving=True),
        Kind("graduation", ("graduate",), ("honours",), _l("Выпустить"),
             _l("Выпуск записан"), _l("Отчисление с"), is_leaving=True),
        Kind("reinstatement", ("reinstate",), ("programme", "level", "form", "funding", "course", "group"), _l("Восстановить"),
             _l("Восстановление записано"), _l("Учится с"), is_for_many=False),
    )
}  # fmt: skip
FOR_MANY = {code: kind for code, kind in KINDS.items() if kind.is_for_many}
# Kinds that begin a record: they are part of the registration.
ENROLMENTS = {"enrolment": "enrol", "enrolment_transfer": "enrol_elsewhere"}
MILITARY = "military"


def offered(status: str) -> list[Kind]:
    """Kinds of orders that fit a status, in the order of the menu."""
    return [kind for kind in KINDS.values() if any(_leads_on(status, event) for event in kind.events)]


def _leads_on(status: str, event: str) -> bool:
    if event in ledger.WITHOUT_EFFECT:
        return classifiers.statuses()[status].in_contingent
    return (status, event) in ledger.outcomes()


def event_of(kind: Kind, fields: dict[str, Any]) -> str:
    """Which event of its kind an order is: a leave for military service, a death, or the usual one."""
    if kind.type_code == "academic_leave":
        return "leave_military" if fields.get("leave_ground") == MILITARY else "leave_academic"
    if kind.type_code == "expulsion":
        return "die" if fields.get("ground") == "death" else "expel"
    return kind.events[0]
