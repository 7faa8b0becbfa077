"""A transfer in words: titles, states, facts, what comes along, who acted meanwhile."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.access.actor import current_actor
from exchange.organisations.models import Organisation
from exchange.people import documents as papers
from exchange.people import iin as iins
from exchange.people.models import PersonFacts
from exchange.students.fields import countries
from exchange.students.ledger import Entry
from exchange.students.student_form import SEXES
from exchange.students.views.cards import Fact
from exchange.students.views.room import coded, full_name, programme_name
from exchange.transfers.actions import Carried
from exchange.transfers.models import State, Transfer
from exchange.web.pages import moment, today

__all__ = ["Card", "Sides", "card", "coming", "facts", "history", "meanwhile", "paper", "shown_to", "sides", "today"]

TABS = {"incoming": _l("Входящие"), "outgoing": _l("Исходящие"), "done": _l("Завершённые")}
STATES = {
    State.REQUESTED: _l("Запрошен"),
    State.SENT: _l("Передан"),
    State.ACCEPTED: _l("Принят"),
    State.DECLINED: _l("Отказано"),
    State.WITHDRAWN: _l("Отозван"),
}
TONES = {State.REQUESTED: "warn sq", State.SENT: "info", State.ACCEPTED: "ok", State.DECLINED: "ring", State.WITHDRAWN: "ring"}


@dataclass(frozen=True)
class Sides:
    """On which sides of a transfer the visitor stands, and what he may do now."""

    is_from: bool
    is_to: bool
    state: str

    @property
    def may_send(self) -> bool:
        return self.is_from and self.state == State.REQUESTED

    @property
    def may_accept(self) -> bool:
        return self.is_to and self.state == State.SENT

    @property
    def may_decline(self) -> bool:
        return self.may_send or self.may_accept

    @property
    def may_withdraw(self) -> bool:
        return (self.is_to and self.state == State.REQUESTED) or (self.is_from and self.state == State.SENT)


def sides(transfer: Transfer) -> Sides:
    own = current_actor().organisation_ids
    return Sides(transfer.from_organisation_id in own, transfer.to_organisation_id in own, transfer.state)


@dataclass(frozen=True)
class Card:
    """A transfer in a list: who, from where to where, what is to be done."""

    public_id: str
    title: str
    state: tuple[str, Any, str]
    route: str
    line: str
    task: str


def card(transfer: Transfer, said: PersonFacts | None, offices: dict[int, Organisation]) -> Card:
    here = sides(transfer)
    title = full_name(said) if said else asked_as(transfer)
    old, new = offices[transfer.from_organisation_id].short_ru, offices[transfer.to_organisation_id].short_ru
    task = ""
    if here.may_send:
        task = _("Запишите приказ о переводе или откажите")
    elif here.may_accept:
        task = _("Примите студента: внесите своё зачисление")
    elif transfer.state == State.REQUESTED:
        task = _("Ждём ответа: %(office)s", office=old)
    elif transfer.state == State.SENT:
        task = _("Ждём зачисления: %(office)s", office=new)
    elif transfer.state == State.DECLINED:
        task = _("Причина: %(reason)s", reason=transfer.reason)
    last = transfer.closed_at or transfer.sent_at or transfer.asked_at
    return Card(
        transfer.public_id, title, (transfer.state, STATES[State(transfer.state)], TONES[State(transfer.state)]),
        _("%(old)s → %(new)s", old=old, new=new), moment(last), task,
    )  # fmt: skip


def asked_as(transfer: Transfer) -> str:
    """What the asking side typed, with the number masked."""
    born = f"{transfer.asked_birth_date:%d.%m.%Y}" if transfer.asked_birth_date else ""
    return ", ".join(part for part in (_("Номер %(number)s", number=transfer.asked_number), born) if part)


def _act(at: dt.datetime | None, by: str) -> str:
    return ", ".join(part for part in (moment(at) if at else "", by) if part)


def facts(transfer: Transfer, offices: dict[int, Organisation]) -> list[Fact]:
    """What both sides know of a transfer."""
    old, new = offices[transfer.from_organisation_id], offices[transfer.to_organisation_id]
    here = sides(transfer)
    rows = [
        Fact(_("Откуда"), old.short_ru, "" if here.is_from else old.contact),
        Fact(_("Куда"), new.short_ru, "" if here.is_to else new.contact),
    ]
    if transfer.asked_at:
        rows.append(Fact(_("Запрошен"), _act(transfer.asked_at, transfer.asked_by), asked_as(transfer)))
        rows.append(Fact(_("Начнёт учиться"), f"{transfer.planned_on:%d.%m.%Y}" if transfer.planned_on else ""))
        if transfer.note:
            rows.append(Fact(_("Примечание"), transfer.note))
    if transfer.sent_at:
        rows.append(Fact(_("Передан"), _act(transfer.sent_at, transfer.sent_by)))
        order = _("%(number)s от %(day)s", number=transfer.order_number, day=f"{transfer.order_signed_on:%d.%m.%Y}")
        rows.append(Fact(_("Приказ об отчислении"), order, _("действует с %(day)s", day=f"{transfer.left_on:%d.%m.%Y}")))
        if transfer.sent_note:
            rows.append(Fact(_("Примечание вуза"), transfer.sent_note))
    if transfer.closed_at:
        rows.append(Fact(STATES[State(transfer.state)], _act(transfer.closed_at, transfer.closed_by)))
    if transfer.reason:
        rows.append(Fact(_("Причина"), transfer.reason))
    return rows


def coming(found: Carried) -> list[Fact]:
    """What comes along with the person."""
    said = found.facts
    origin = ", ".join(
        part for part in (coded("regions", said.region_code), coded("districts", said.district_code), said.settlement) if part
    )
    citizen = countries().get(said.citizenship, said.citizenship) + (_(" и Россия") if said.is_rf_citizen else "")
    rows = [
        Fact(_("ФИО"), full_name(said), f"{said.surname_lat} {said.name_lat}".strip()),
        Fact(_("Дата рождения"), f"{said.birth_date:%d.%m.%Y}"),
        Fact(_("Пол"), SEXES.get(said.sex, said.sex)),
        Fact(_("Гражданство"), citizen),
        Fact(_("ИИН"), iins.mask(found.iin) if found.iin else ""),
    ]
    rows += [Fact(coded("document_types", one.type_code), papers.mask(one.number)) for one in found.documents]
    return [*rows, Fact(_("Откуда"), origin), Fact(_("Телефон"), found.phone), Fact(_("Почта"), found.email)]


def history(found: Carried) -> list[str]:
    """Periods of study in plain words."""
    told = []
    for period in found.history:
        days = _("с %(day)s", day=f"{period.valid_from:%d.%m.%Y}")
        if period.valid_to:
            days = _("%(since)s до %(day)s", since=days, day=f"{period.valid_to:%d.%m.%Y}")
        course = _("%(course)s курс", course=period.course) if period.course else ""
        study = programme_name(period.programme_code, period.programme_name)
        told.append(", ".join(part for part in (days, study, course) if part))
    return told


def paper(entry: Entry) -> str:
    """The order by which a student left already."""
    return _("%(paper)s, действует с %(day)s", paper=entry.paper, day=f"{entry.effective_on:%d.%m.%Y}")


def shown_to(office: str, has_history: bool) -> list[str]:
    """What a university will see of the person who is sent to it."""
    found = [
        _(
            "%(office)s увидит ФИО, дату рождения, пол, гражданство, ИИН, действующий документ, регион и связь. "
            "Приказы и заметки останутся у вас",
            office=office,
        )
    ]
    if has_history:
        found.append(_("%(office)s увидит и историю обучения: периоды, направление, курс", office=office))
    found.append(_("Когда вуз примет студента, его ФИО, документы и связь будет вести он. Ваши отчёты не изменятся"))
    return found


def meanwhile(transfer: Transfer) -> str:
    """What somebody did before the visitor pressed the button."""
    last = max(
        ((at, by) for at, by in (
            (transfer.closed_at, transfer.closed_by), (transfer.sent_at, transfer.sent_by),
            (transfer.asked_at, transfer.asked_by),
        ) if at is not None),
        default=(transfer.updated_at, ""),
    )  # fmt: skip
    return _(
        "Пока вы работали, перевод изменился: «%(state)s», %(act)s. Ваше действие не записано",
        state=STATES[State(transfer.state)],
        act=_act(*last),
    )
