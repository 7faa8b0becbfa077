"""The history of one record in words: each line a field, what it was, what it became, who, when, and where it came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.actor import Role, current_actor
from exchange.access.doors import may
from exchange.audit import words
from exchange.history import queries
from exchange.history.changes import Change, changes_in
from exchange.history.queries import Brought, Entry
from exchange.people import documents as papers
from exchange.people import iin as iins
from exchange.people.actions import FACTS
from exchange.people.models import PersonFacts
from exchange.stays.queries import facts_of as stay_facts_of
from exchange.stays.words import told_of
from exchange.students import ledger
from exchange.students.actions import CARD, CONTACTS
from exchange.students.fields import countries
from exchange.students.models import Order, OrderLine, Student, StudyPeriod
from exchange.students.student_form import SEXES
from exchange.students.views.room import coded, programme_name

STUDY = ("status_code", "programme_code", "level_code", "form_code", "funding_code", "course", "group_name")
# Those that only they see who may open numbers and contacts of the card.
PRIVATE = frozenset({*CONTACTS, "iin", "iin_needs_check", "passport"})
# Between a row and the entry of the log about it lies one request, or the application of one long roster.
SAME_REQUEST, SAME_ROSTER = dt.timedelta(seconds=60), dt.timedelta(minutes=15)
CODED = {
    "status_code": "statuses", "level_code": "levels", "form_code": "study_forms", "funding_code": "fundings",
    "region_code": "regions", "district_code": "districts",
}  # fmt: skip
# These entries of the log are told from the ledger and from facts of stay.
FROM_ROWS = ("student:registered", "student:imported", "order:", "stay:")


@dataclass(frozen=True)
class Line:
    """One line of the page."""

    at: dt.datetime
    field: str
    label: str
    was: str
    became: str
    since: dt.date | None
    who: str
    source: str
    url: str = ""


@dataclass(frozen=True)
class Source:
    """Where a change came from: words, a link if the visitor may open it, and who."""

    words: str
    url: str = ""
    who: str = ""


def label_of(field: str) -> str:
    text = words.label("status" if field == "status_code" else field)
    return text[:1].upper() + text[1:]


def shown(field: str, value: Any) -> str:
    """A value as the card shows it; numbers by their ends."""
    if value in (None, "") or (field == "passport" and not str(value).strip()):
        return ""
    if field == "programme_code":
        return programme_name(str(value))
    if field in CODED:
        return coded(CODED[field], str(value))
    if field == "sex":
        return str(SEXES.get(value, value))
    if field == "citizenship":
        return countries().get(str(value), str(value))
    if field == "iin":
        return str(value) if "•" in str(value) else iins.mask(str(value)) or ""
    if field in ("snils", "passport"):
        return str(value) if "•" in str(value) else papers.mask(str(value)) or ""
    if field == "document":
        return coded("document_types", str(value))
    return words.named(field, value.isoformat() if isinstance(value, dt.date) else value)


class Teller:
    """What was read of one record, put together."""

    def __init__(self, session: Session, student: Student) -> None:
        self.student = student
        self.is_open = may("student:reveal")
        self.entries: list[Entry] = queries.entries_of(session, student)
        self.ledger: list[tuple[OrderLine, Order]]
        self.periods: list[StudyPeriod]
        self.ledger, self.periods, self.offices = queries.ledger_of(session, student)
        self.facts: Sequence[PersonFacts] = queries.facts_of(session, student)
        self.brought: list[Brought] = queries.imports_of(session, student)
        self.stays = stay_facts_of(session, student.person_id) if may("stay:read") else []

    def lines(self) -> list[Line]:
        """Newest first."""
        found = [*self._study(), *self._person(), *self._card(), *self._rosters(), *self._stays()]
        return sorted((line for line in found if line.was != line.became), key=lambda line: line.at, reverse=True)

    # ------------------------------------------------------------------------------------------------------- the ledger
    def _study(self) -> Iterator[Line]:
        """What the orders changed, and the orders that changed nothing of the study."""
        by_moment: dict[dt.datetime, list[tuple[OrderLine, Order]]] = {}
        for line, order in self.ledger:
            by_moment.setdefault(line.recorded_at, []).append((line, order))
        told: set[dt.datetime] = set()
        for change in changes_in(self.periods, STUDY):
            source = self._of_orders(by_moment.get(change.at, []), change.at)
            told.add(change.at)
            yield self._line(change, source)
        cancelled = {line.id: order for line, order in self.ledger}
        for at, lines in by_moment.items():
            if at in told:
                continue
            for line, order in lines:
                of = cancelled.get(line.cancels_line_id or 0, order)
                name = _("%(number)s от %(day)s", number=of.number, day=f"{of.signed_on:%d.%m.%Y}")
                was, became = ("", name) if line.event != ledger.CANCEL else (name, _("аннулирован"))
                source = self._of_orders([(line, order)], at)
                yield Line(at, "order", label_of("order"), was, became, line.effective_on, source.who, source.words, source.url)

    def _of_orders(self, lines: Sequence[tuple[OrderLine, Order]], at: dt.datetime) -> Source:
        """The paper behind a change: an order, its annulment, a roster, a transfer."""
        if not lines:
            return Source("")
        line, order = lines[-1]
        if order.type_code == "roster":
            return self._of_roster(at, line.recorded_by)
        if line.event in ("transfer_out", "enrol_elsewhere"):
            name = _("перевод, приказ № %(number)s", number=order.number)
        elif line.event == ledger.CANCEL:
            name = _("отмена, приказ № %(number)s", number=order.number)
            if self._entry(at, line.recorded_by_id, "student:undone"):
                name = _("отмена ввода")
        else:
            name = _("приказ № %(number)s", number=order.number)
        return Source(name, url_for("students.paper", paper_id=order.public_id), line.recorded_by)

    def _of_roster(self, at: dt.datetime, who: str) -> Source:
        near = min(self.brought, key=lambda one: abs(one.at - at), default=None)
        if near is None or abs(near.at - at) > SAME_ROSTER:
            return Source(_("загрузка списка"), "", who)
        url = url_for("imports.show", public_id=near.public_id) if may("import:read") else ""
        return Source(_("загрузка № %(number)s", number=near.number), url, who or near.who)

    # ------------------------------------------------------------------------------------------------------- the person
    def _person(self) -> Iterator[Line]:
        """Names, birth, citizenship, origin: what is said otherwise than before. The first entry is no change."""
        renamed = {line.recorded_at: (line, order) for line, order in self.ledger}
        for change in changes_in(self.facts, FACTS):
            if change.is_first:
                continue
            if change.at in renamed:
                yield self._line(change, self._of_orders([renamed[change.at]], change.at))
            elif entry := self._entry(change.at, change.by_id):
                yield self._line(change, Source(_source_words(entry.action), "", entry.who))
            elif any(abs(one.at - change.at) <= SAME_ROSTER for one in self.brought):
                yield self._line(change, self._of_roster(change.at, change.by))
            elif current_actor().role is Role.UNIVERSITY:
                yield self._line(change, Source("", "", _("другой вуз")))
            else:
                yield self._line(change, Source("", "", change.by))

    def _entry(self, at: dt.datetime, user_id: int | None, action: str = "") -> Entry | None:
        """The entry of the log that the same request wrote."""
        near = [
            entry
            for entry in self.entries
            if entry.user_id == user_id
            and dt.timedelta(0) <= entry.at - at <= SAME_REQUEST
            and (entry.action == action if action else not entry.action.startswith(FROM_ROWS))
        ]
        return min(near, key=lambda entry: (entry.at - at, entry.action != "student:undone"), default=None)

    # --------------------------------------------------------------------------------------------------------- the card
    def _card(self) -> Iterator[Line]:
        """Contacts, particulars of the file, numbers: kept without two times, so the log tells them."""
        for entry in self.entries:
            if not entry.is_own or entry.action.startswith(FROM_ROWS):
                continue
            source, told = _source_words(entry.action), False
            before, after = entry.details.get("before") or {}, entry.details.get("after") or {}
            for name in [*after, *(name for name in before if name not in after)]:
                told = True
                if name in FACTS or (name in PRIVATE and not self.is_open):
                    continue
                was, became = shown(name, before.get(name)), shown(name, after.get(name))
                yield Line(entry.at, name, label_of(name), was, became, None, entry.who, source)
            if kind := entry.details.get("document"):
                told = True
                yield Line(entry.at, "document", label_of("document"), "", shown("document", kind), None, entry.who, source)
            if not told and entry.action != "student:undone":
                mark = str(entry.details.get("certificate") or words.action(entry.action))
                name = "certificate" if "certificate" in entry.details else "event"
                title = label_of(name) if name == "certificate" else _("Событие")
                yield Line(entry.at, name, title, "", mark, None, entry.who, source if name == "certificate" else "")

    def _rosters(self) -> Iterator[Line]:
        """What a roster changed beside the study."""
        names = (*CONTACTS, *CARD, "iin", "passport")
        for one in self.brought:
            source = self._of_roster(one.at, one.who)
            for name, (was, became) in one.changes.items():
                if name in names and (self.is_open or name not in PRIVATE):
                    yield Line(
                        one.at, name, label_of("document" if name == "passport" else name), shown(name, was),
                        shown(name, became), None, source.who, source.words, source.url,
                    )  # fmt: skip

    def _stays(self) -> Iterator[Line]:
        url = url_for("stays.index", public_id=self.student.public_id)
        source = _("миграция")
        for item in self.stays:
            told, fact = told_of(item, is_open=False), item.fact
            said = ", ".join(part for part in (f"{fact.starts_on:%d.%m.%Y}", told.note) if part)
            yield Line(fact.recorded_at, "stay", told.title, "", said, None, fact.recorded_by, source, url)
            if item.annulled_by is not None:
                by, gone = item.annulled_by, _("аннулировано: %(reason)s", reason=item.annulled_by.note)
                yield Line(by.recorded_at, "stay", told.title, said, gone, None, by.recorded_by, source, url)

    def _line(self, change: Change, source: Source) -> Line:
        was, became = shown(change.field, change.was), shown(change.field, change.became)
        since = None if change.is_first and change.field in FACTS else change.since
        return Line(
            change.at, change.field, label_of(change.field), was, became, since, source.who, source.words, source.url
        )  # fmt: skip


def _source_words(action: str) -> str:
    """«форма», «отмена», or what was done."""
    if action in ("student:changed", "student:corrected"):
        return _("форма")
    return _("отмена ввода") if action == "student:undone" else words.action(action)


def fields_in(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Fields to narrow by: code and words, by the words."""
    found = {line.field: _("Миграция") if line.field == "stay" else line.label for line in lines}
    return sorted(found.items(), key=lambda item: item[1])
