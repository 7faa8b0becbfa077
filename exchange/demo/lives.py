"""A life of a student as the orders that make it: enrolment, promotions, leaves, leaving; with days and moments."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from exchange.demo.chances import programmes, texts, wheel
from exchange.reference import classifiers

# How long programmes take whose code says nothing of it.
YEARS = {"spo": 4, "prep": 1, "postgraduate": 3}
# A university whose levels are not those of the others, and where everybody studies full-time.
ONE_PROFILE = ("AGMU",)
GROUNDS = ("own_wish", "debt", "nonpayment", "lost_contact", "own_wish", "debt")
FACTS = ("programme_code", "level_code", "form_code", "funding_code", "course", "group_name", "status_code")


@dataclass
class Event:
    """A line of an order. `shared` names the order that several students have in common."""

    order_type: str
    event: str
    effective_on: dt.date
    signed_on: dt.date
    recorded_at: dt.datetime
    fields: dict[str, Any]
    shared: tuple[str, ...] | None = None
    cancels: Event | None = None


@dataclass(frozen=True)
class Told:
    """A study period as the registry told it, from a moment to a moment."""

    line: Event
    valid_from: dt.date
    valid_to: dt.date | None
    recorded_at: dt.datetime
    superseded_at: dt.datetime | None
    facts: dict[str, Any]


@dataclass
class Life:
    """What happened to one student, and what the registry said of it, when."""

    organisation: str
    level: str
    intake: int
    state: dict[str, Any] = field(default_factory=dict)
    back_on: dt.date | None = None
    events: list[Event] = field(default_factory=list)
    lived: list[tuple[Event, dict[str, Any]]] = field(default_factory=list)
    periods: list[Told] = field(default_factory=list)

    @property
    def status(self) -> str:
        return str(self.state["status_code"])


@cache
def _outcomes() -> dict[tuple[str, str], tuple[str, str]]:
    """(status, event) -> (status after it, kind of its order)."""
    return {(t.from_status, t.event): (t.to_status, t.order_type or "") for t in classifiers.transitions()}


@cache
def courses(programme: str, form: str, level: str) -> int:
    """How many years of study a programme has."""
    return min(7, classifiers.programmes()[programme].courses(form) or YEARS[level])


def _last_day(level: str, year: int) -> dt.date:
    """When the graduates of a year leave."""
    return dt.date(year, 7, 10) if level == "prep" else dt.date(year, 6, 30)


class Fate:
    """Draws lives up to a last day."""

    def __init__(self, dice: random.Random, last_day: dt.date) -> None:
        self.dice = dice
        self.last_day = last_day
        # the evening before: the last day may have just begun, and in Barnaul it begins seven hours earlier than in UTC
        self.last_moment = dt.datetime.combine(last_day - dt.timedelta(days=1), dt.time(12), dt.UTC)
        self.last_intake = last_day.year if last_day >= dt.date(last_day.year, 9, 1) else last_day.year - 1

    def life(self, organisation: str | None = None) -> Life:
        """A life at a university, drawn too unless it is named."""
        dice = self.dice
        organisation = organisation or wheel("university").turn(dice)
        offered = programmes()[organisation]
        level = wheel(f"level:{organisation}" if organisation in ONE_PROFILE else "level").turn(dice)
        if level not in offered:
            level = "bachelor" if "bachelor" in offered else "specialist"
        life = Life(organisation, level, self.last_intake - int(wheel("intake").turn(dice)))
        only_full = level in ("prep", "spo", "postgraduate") or organisation in ONE_PROFILE
        form = "full" if only_full else wheel("form").turn(dice)
        programme = dice.choice(offered[level])
        state = {
            "programme_code": programme,
            "level_code": level,
            "form_code": form,
            "funding_code": wheel("funding").turn(dice),
            "course": 1,
            "group_name": str(dice.randint(1, 9) * 100 + dice.randint(11, 59)),
        }
        life.state = {"status_code": "applicant"}
        self._happens(life, "enrol", dt.date(life.intake, 9, 1), state, shared=True)
        for year in range(life.intake, self.last_day.year + 1):
            self._year(life, year)
            if classifiers.statuses()[life.status].is_terminal and not self._comes_back(life):
                break
        self._tell(life)
        return life

    # ------------------------------------------------------------------------------------------------- what happened
    def _year(self, life: Life, year: int) -> None:
        """A year of study: promotion in September, what happens between October and June, graduation."""
        autumn = dt.date(year, 9, 1)
        if year > life.intake and life.status == "studying" and not self._is_last_course(life):
            self._happens(life, "next_course", autumn, {"course": life.state["course"] + 1}, shared=True)
        if life.back_on and life.back_on <= dt.date(year + 1, 8, 31):
            self._returns(life)
        elif life.status == "studying":
            self._incident(life, year)
        if life.status == "studying" and self._is_last_course(life):
            honours = {"honours": True} if self.dice.random() < 0.12 else {}
            self._happens(life, "graduate", _last_day(life.level, year + 1), honours, shared=True)

    def planned_end_on(self, life: Life) -> dt.date:
        """The usual length of the programme after enrolment; later for who is behind his year, after a leave."""
        length = courses(life.state["programme_code"], life.state["form_code"], life.level)
        year = life.intake + length
        if not classifiers.statuses()[life.status].is_terminal:
            year = max(year, self.last_intake + 1 + length - life.state["course"])
        return _last_day(life.level, year)

    def _is_last_course(self, life: Life) -> bool:
        return bool(life.state["course"] >= courses(life.state["programme_code"], life.state["form_code"], life.level))

    def _incident(self, life: Life, year: int) -> None:
        """Mostly nothing; sometimes an order that changes something between October and May."""
        dice = self.dice
        day = dt.date(year, 10, 3) + dt.timedelta(days=int(dice.random() * 220))
        spring = dt.date(year + 1, 2, 9)
        roll = dice.random()
        if roll < 0.055:
            ground = dice.choice(GROUNDS)
            initiative = classifiers.expulsion_grounds()[ground].initiative
            self._happens(life, "expel", day, {"ground": ground, "initiative": initiative})
        elif roll < 0.062:
            self._happens(life, "transfer_out", day, {"host": dice.choice(texts("destination"))})
        elif roll < 0.085:
            event = dice.choice(("leave_academic",) * 8 + ("leave_maternity", "leave_military"))
            months = 24 if event == "leave_military" or dice.random() < 0.08 else 12
            back_on = dt.date(day.year + months // 12, day.month, min(day.day, 28))
            said = {"until": back_on.isoformat()}
            if event != "leave_maternity":
                said["leave_ground"] = "military" if event == "leave_military" else "medical" if months == 24 else "family"
            if self._happens(life, event, day, said):
                life.back_on = back_on
        elif roll < 0.10:
            paid = life.state["funding_code"].startswith("contract")
            funding = "federal_general" if paid else "contract_person"
            self._happens(life, "change_funding", spring, {"funding_code": funding})
        elif roll < 0.12 and life.state["course"] > 1:
            back_on = dt.date(year + 1, 6, 20)
            if self._happens(life, "go_mobility", spring, {"host": texts("host")[0], "until": back_on.isoformat()}):
                life.back_on = back_on
                self._returns(life)
        elif roll < 0.13:
            others = [p for p in programmes()[life.organisation][life.level] if p != life.state["programme_code"]]
            if others:
                self._happens(life, "change_program", day, {"programme_code": dice.choice(others)})

    def _returns(self, life: Life) -> None:
        event = "return_mobility" if life.status == "mobility_out" else "return"
        if life.back_on and self._happens(life, event, life.back_on, {}):
            life.back_on = None

    def _comes_back(self, life: Life) -> bool:
        """One of eight who were expelled is reinstated a year later, for pay."""
        if life.status != "expelled" or self.dice.random() > 0.12:
            return False
        fields = {name: life.state[name] for name in FACTS if name != "status_code"} | {"funding_code": "contract_person"}
        return self._happens(life, "reinstate", dt.date(life.events[-1].effective_on.year + 1, 9, 1), fields)

    def _happens(self, life: Life, event: str, day: dt.date, fields: dict[str, Any], shared: bool = False) -> bool:
        """One more line, unless it lies in the future or before the last one; a shared order is one for the university."""
        dice = self.dice
        lead = 10 + (day.year * 7 + len(life.organisation) * 3) % 15 if shared else dice.randint(2, 12)
        signed = day - dt.timedelta(days=lead)
        if day > self.last_day or (life.events and day <= life.events[-1].effective_on):
            return False
        late = dice.randint(20, 70) if dice.random() < 0.03 else dice.randint(0, 5)
        at = dt.time(2 + int(dice.random() * 9), int(dice.random() * 60))
        recorded = dt.datetime.combine(signed + dt.timedelta(days=late), at, dt.UTC)
        if life.events:
            recorded = max(recorded, life.events[-1].recorded_at + dt.timedelta(minutes=1))
        else:
            recorded = min(recorded, self.last_moment - dt.timedelta(minutes=1))
        if recorded >= self.last_moment:
            return False  # the office has not got to it yet
        status, order_type = _outcomes()[life.status, event]
        life.state = {**life.state, **{key: value for key, value in fields.items() if key in FACTS}, "status_code": status}
        key = (life.organisation, order_type, life.level, day.isoformat()) if shared else None
        life.events.append(Event(order_type, event, day, signed, recorded, fields, key))
        life.lived.append((life.events[-1], life.state))
        return True

    # -------------------------------------------------------------------------------------- what the registry said of it
    def _tell(self, life: Life) -> None:
        """Each line that was recorded closed the period before: its open version was superseded by a closed one."""
        following = [*(event for event, _ in life.lived[1:]), None]
        for (event, facts), after in zip(life.lived, following, strict=True):
            start, recorded = event.effective_on, event.recorded_at
            if after is None:
                life.periods.append(Told(event, start, None, recorded, None, facts))
            else:
                life.periods.append(Told(event, start, None, recorded, after.recorded_at, facts))
                life.periods.append(Told(event, start, after.effective_on, after.recorded_at, None, facts))
        if life.status == "studying" and self.dice.random() < 0.006:
            self._mistake(life)

    def _mistake(self, life: Life) -> None:
        """An expulsion recorded by mistake and annulled a week later: both stay visible."""
        last = life.periods[-1]
        day = max(last.valid_from, self.last_day - dt.timedelta(days=40))
        wrong_at = dt.datetime.combine(day + dt.timedelta(days=2), dt.time(5), dt.UTC)
        right_at = wrong_at + dt.timedelta(days=7)
        if wrong_at <= last.recorded_at or day <= last.valid_from or right_at >= self.last_moment:
            return
        ground = {"ground": "debt", "initiative": classifiers.expulsion_grounds()["debt"].initiative}
        wrong = Event("expulsion", "expel", day, day, wrong_at, ground)
        reason = {"reason": texts("mistake")[0]}
        right = Event("cancel", "cancel", day, day + dt.timedelta(days=7), right_at, reason, cancels=wrong)
        life.events += [wrong, right]
        life.periods[-1:] = [
            Told(last.line, last.valid_from, None, last.recorded_at, wrong_at, last.facts),
            Told(last.line, last.valid_from, day, wrong_at, right_at, last.facts),
            Told(wrong, day, None, wrong_at, right_at, {**last.facts, "status_code": "expelled"}),
            Told(last.line, last.valid_from, None, right_at, None, last.facts),
        ]
