"""The ledger of a student: order lines are folded into study periods by the table of transitions; pure, no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from flask_babel import gettext as _

from exchange.errors import RuleBroken
from exchange.reference import classifiers

# What a study period says, apart from its days and its status.
STUDY_FIELDS = ("programme_code", "programme_name", "level_code", "form_code", "funding_code", "course", "group_name")
REQUIRED = ("programme_code", "level_code", "form_code", "funding_code")
FIRST_STATUS = "applicant"
STATE = "state"
CANCEL = "cancel"
# These are put on file and change nothing that a study period says.
WITHOUT_EFFECT = frozenset({"practice", "name_change"})


@dataclass(frozen=True)
class Entry:
    """An order line as the ledger reads it. `id` is the order of recording; None: not recorded yet, so the newest."""

    event: str
    effective_on: dt.date
    fields: dict[str, Any] = field(default_factory=dict)
    id: int | None = None
    type_code: str = ""
    number: str = ""
    signed_on: dt.date | None = None

    @property
    def paper(self) -> str:
        """«приказ 377-ст от 02.11.2026»."""
        if self.event == STATE:
            return _("список вуза на %(day)s", day=f"{self.effective_on:%d.%m.%Y}")
        signed = self.signed_on or self.effective_on
        return _("приказ %(number)s от %(day)s", number=self.number or _("без номера"), day=f"{signed:%d.%m.%Y}")


@dataclass(frozen=True)
class Period:
    """What and how is studied from a day to a day. `line` is the entry that began it."""

    line: Entry
    valid_from: dt.date
    valid_to: dt.date | None
    programme_code: str
    level_code: str
    form_code: str
    funding_code: str
    course: int | None
    group_name: str
    status_code: str
    programme_name: str = ""

    @property
    def in_contingent(self) -> bool:
        return classifiers.statuses()[self.status_code].in_contingent

    @property
    def facts(self) -> dict[str, Any]:
        """Everything that is said of these days, as columns of a study period."""
        said = {name: getattr(self, name) for name in (*STUDY_FIELDS, "status_code")}
        return {**said, "in_contingent": self.in_contingent}


class Impossible(RuleBroken):
    """An entry that does not fit what is before it: in `status` the student was then, by the line `since`."""

    def __init__(self, message: Any, entry: Entry, status: str, since: Entry | None) -> None:
        super().__init__("effective_on", message)
        self.entry = entry
        self.status = status
        self.since = since


@cache
def outcomes() -> dict[tuple[str, str], str]:
    """(status, event) -> status after it, from the table of transitions."""
    return {(line.from_status, line.event): line.to_status for line in classifiers.transitions()}


@cache
def beginnings() -> frozenset[str]:
    """Events that begin a ledger: enrolment, enrolment by transfer, enrolment at the next level."""
    return frozenset(line.event for line in classifiers.transitions() if line.event.startswith("enrol"))


def status_after(status: str, entry: Entry) -> str | None:
    """The status that an entry leads to; None when it is not allowed from `status`."""
    statuses = classifiers.statuses()
    if entry.event in beginnings():
        return "studying" if status == FIRST_STATUS else None
    if entry.event == STATE:
        stated = statuses.get(str(entry.fields.get("status_code") or "studying"))
        open_to_it = status == FIRST_STATUS or statuses[status].in_contingent
        return stated.code if stated and stated.in_contingent and open_to_it else None
    if entry.event in WITHOUT_EFFECT:
        return status if statuses[status].in_contingent else None
    return outcomes().get((status, entry.event))


def in_order(lines: Iterable[Entry]) -> list[Entry]:
    """By the day they work from, then by the order of recording; those not recorded yet come last on their day."""
    return sorted(lines, key=lambda line: (line.effective_on, line.id is None, line.id or 0))


def periods_from(lines: Iterable[Entry]) -> list[Period]:
    """The study periods that follow from the order lines of one student that are not annulled.

    Of several lines on one day the later wins: there are no periods without days. A line that changes nothing begins no
    period. Raises Impossible when the table of transitions does not allow an event from the status it meets.
    """
    status, since = FIRST_STATUS, None
    facts: dict[str, Any] = {}
    told: list[Period] = []
    for line in in_order(lines):
        after = status_after(status, line)
        if after is None:
            raise Impossible(_refusal(line, status, since), line, status, since)
        facts = _facts_after(facts, line)
        if after != status:
            since = line
        status = after
        if any(not facts.get(name) for name in REQUIRED):
            raise Impossible(
                _("Для зачисления нужны направление, уровень, форма и оплата. Укажите все четыре"), line, status, since
            )
        period = Period(
            line,
            line.effective_on,
            None,
            status_code=status,
            **{name: facts.get(name) for name in STUDY_FIELDS},  # type: ignore[arg-type]
        )
        _add(told, period)
    return told


def _facts_after(facts: dict[str, Any], line: Entry) -> dict[str, Any]:
    """What is studied after a line: what it says, else what held before. A promotion adds a year to a known course."""
    said = {name: line.fields[name] for name in STUDY_FIELDS if line.fields.get(name) not in (None, "")}
    if line.event in WITHOUT_EFFECT:
        return facts
    if line.event == "next_course" and "course" not in said and facts.get("course"):
        said["course"] = facts["course"] + 1
    if "programme_code" in said:  # the name of a code outside the list goes with that code only
        said.setdefault("programme_name", "")
    return {"course": None, "group_name": "", "programme_name": "", **facts, **said}


def _add(told: list[Period], period: Period) -> None:
    """Puts a period at the end; the later line of a day replaces the earlier, a period that says the same goes on."""
    if told and told[-1].valid_from == period.valid_from:
        told.pop()
    if told and told[-1].valid_to in (None, period.valid_from):
        if told[-1].facts == period.facts:
            told[-1] = replace(told[-1], valid_to=None)
            return
        told[-1] = replace(told[-1], valid_to=period.valid_from)
    told.append(period)


def period_on(periods: Sequence[Period], day: dt.date) -> Period | None:
    """The period that holds on a day."""
    return next((p for p in periods if p.valid_from <= day and (p.valid_to is None or day < p.valid_to)), None)


def _refusal(line: Entry, status: str, since: Entry | None) -> str:
    """Why a line does not fit: the sentence names the paper behind the present status and the way out."""
    if since is None:
        return _("До зачисления этот приказ невозможен. Укажите дату не раньше начала учёбы")
    if line.event in beginnings():
        return _("Студент уже зачислен. Для нового зачисления добавьте новую запись")
    name = classifiers.statuses()[status].name_ru.lower()
    day = f"{since.effective_on:%d.%m.%Y}"
    if status == "expelled":
        return _(
            "Студент уже отчислен с %(day)s, %(paper)s. Аннулируйте тот приказ или измените дату", day=day, paper=since.paper
        )
    return _(
        "Этот приказ не подходит: с %(day)s студент в статусе «%(status)s», %(paper)s. "
        "Аннулируйте тот приказ или измените дату",
        day=day,
        status=name,
        paper=since.paper,
    )
