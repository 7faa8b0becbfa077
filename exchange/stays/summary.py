"""What the facts of a person say today: ground and term of stay, days, registration, documents. Pure; words are in `words`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from exchange.reference import classifiers
from exchange.reference.terms import deadline
from exchange.stays.days import Crossings, Span, days_in_a_row, days_in_year, last_day
from exchange.stays.kinds import PERMITS
from exchange.stays.models import StayFact
from exchange.stays.rules import crossings_of


@dataclass(frozen=True)
class Summary:
    """The stay of a person on a day. None and "" mean that nothing is known: that is a finding, not a zero."""

    day: dt.date
    crossings: Crossings
    ground: str
    until: dt.date | None
    is_until_counted: bool  # from the days of a visa-free stay, not from a mark
    in_a_row: int
    in_year: int
    most_days: int
    register_by: dt.date | None
    registration: StayFact | None
    has_registration_ended: bool  # by an exit or a new entry, before its last day
    medical: StayFact | None
    fingerprints: StayFact | None
    insurance: StayFact | None

    @property
    def has_entry(self) -> bool:
        return bool(self.crossings.stays)

    @property
    def is_endless(self) -> bool:
        """A permit without a last day."""
        return self.until is None and self.ground in (*PERMITS, "citizen_rf")

    @property
    def counts_days(self) -> bool:
        """Whether the ground knows a limit of days; so does one that is over, and a stay whose ground is not known."""
        status = classifiers.migration_statuses().get(self.ground)
        return status is None or status.counts_90_days or (self.until is not None and self.until < self.day)

    @property
    def needs_medical(self) -> bool:
        status = classifiers.migration_statuses().get(self.ground)
        return status is None or status.needs_medical


def summarise(facts: Sequence[StayFact], day: dt.date, *, is_citizen: bool = False) -> Summary:
    """`facts` are those in force, in any order; `is_citizen`: also a citizen of Russia."""
    known = sorted((fact for fact in facts if fact.starts_on <= day), key=lambda fact: (fact.starts_on, fact.id or 0))
    found, most = crossings_of(known), deadline("STAY_90")
    entered = found.open_stay.first if found.open_stay else None
    left = found.stays[-1].last if found.stays and entered is None else None
    ground, until, is_counted = _ground(known, day, entered, left, most, is_citizen=is_citizen)
    registration = _latest(known, "registration")
    begins_anew = entered or (left and left + dt.timedelta(days=1))
    return Summary(
        day=day, crossings=found, ground=ground, until=until, is_until_counted=is_counted,
        in_a_row=days_in_a_row(found, day), in_year=days_in_year(found, day.year, day, _not_counted(known)), most_days=most,
        register_by=last_day(entered, deadline("MIG_REG_30")) if entered else None, registration=registration,
        has_registration_ended=bool(registration and begins_anew and registration.starts_on < begins_anew),
        medical=_latest(known, "medical"), fingerprints=_latest(known, "fingerprints"), insurance=_latest(known, "insurance"),
    )  # fmt: skip


def _latest(known: Sequence[StayFact], kind: str) -> StayFact | None:
    """The one that holds longest; of those without a last day the newest."""
    found = [fact for fact in known if fact.kind == kind]
    return max(found, key=lambda fact: (fact.ends_on or fact.starts_on, fact.starts_on, fact.id or 0), default=None)


def _ground(
    known: Sequence[StayFact], day: dt.date, entered: dt.date | None, left: dt.date | None, most: int, *, is_citizen: bool
) -> tuple[str, dt.date | None, bool]:
    """Code of the ground, the last day of stay, and whether that day was counted here."""
    if is_citizen:
        return "citizen_rf", None, False
    if left is not None:
        return "left", None, False
    holding = [fact for fact in known if Span(fact.starts_on, fact.ends_on).covers(day)]
    for kind in PERMITS:
        if permit := _latest(holding, kind):
            return kind, permit.ends_on, False
    terms = [fact for fact in known if fact.kind == "term"]
    if in_term := _latest([fact for fact in holding if fact.kind == "term"], "term"):
        return in_term.code, in_term.ends_on, False
    if entered is None:
        return "", None, False
    over = _latest([fact for fact in terms if fact.starts_on >= entered], "term")
    if over is not None:
        return over.code, over.ends_on, False
    return "temp_stay", last_day(entered, most), True


def _not_counted(known: Sequence[StayFact]) -> list[Span]:
    """Days under a ground that knows no limit of days."""
    grounds = classifiers.migration_statuses()
    codes = ((fact, fact.code if fact.kind == "term" else fact.kind) for fact in known if fact.kind in ("term", *PERMITS))
    return [Span(fact.starts_on, fact.ends_on) for fact, code in codes if code in grounds and not grounds[code].counts_90_days]
