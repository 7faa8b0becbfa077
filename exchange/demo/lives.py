"""A life of a student as the orders that make it: enrolment, promotions, leaves, leaving; with days and moments."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from exchange.demo.chances import programmes, wheel
from exchange.reference import classifiers

YEARS = {"bachelor": 4, "specialist": 5, "master": 2, "postgraduate": 3, "spo": 4, "prep": 1}
GROUNDS = ("own_wish", "debt", "nonpayment", "lost_contact", "own_wish", "debt")


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


@dataclass
class Life:
    """What happened to one student, and what the registry said of it, when."""

    organisation: str
    level: str
    intake: int
    events: list[Event] = field(default_factory=list)
    # (line, valid_from, valid_to, recorded_at, superseded_at, facts)
    periods: list[tuple[Event, dt.date, dt.date | None, dt.datetime, dt.datetime | None, dict[str, Any]]] = field(
        default_factory=list
    )


class Fate:
    """Draws lives up to a last day."""

    def __init__(self, dice: random.Random, last_day: dt.date) -> None:
        self.dice = dice
        self.last_day = last_day
        self.last_moment = dt.datetime.combine(last_day, dt.time(11), dt.UTC)

    def life(self) -> Life:
        dice = self.dice
        organisation = wheel("university").turn(dice)
        offered = programmes()[organisation]
        level = wheel("level").turn(dice)
        if level not in offered:
            level = "bachelor" if "bachelor" in offered else "specialist"
        life = Life(organisation, level, int(wheel("intake").turn(dice)))
        form = "full" if level in ("prep", "spo") or organisation == "AGMU" else wheel("form").turn(dice)
        state: dict[str, Any] = {
            "programme_code": dice.choice(offered[level]),
            "level_code": level,
            "form_code": form,
            "funding_code": wheel("funding").turn(dice) if form == "full" else dice.choice(("contract_person", "federal_general")),
            "course": 1,
            "group_name": str(dice.randint(1, 9) * 100 + dice.randint(11, 59)),
            "status_code": "studying",
        }
        self._live(life, state)
        self._tell(life)
        return life

    # ------------------------------------------------------------------------------------------------ what happened
    def _live(self, life: Life, state: dict[str, Any]) -> None:
        dice, duration = self.dice, YEARS[life.level] + (life.organisation == "AGMU" and life.level == "specialist")
        self._add(life, state, "enrolment", "enrol", dt.date(life.intake, 9, 1), dict(state), lead=dice.randint(4, 27), shared=True)
        for year in range(life.intake, self.last_day.year + 1):
            if year > life.intake and state["status_code"] == "studying" and state["course"] < duration:
                course = state["course"] + 1
                self._add(life, state, "course_transfer", "next_course", dt.date(year, 9, 1), {"course": course}, lead=35, shared=True)
            self._year(life, state, year)
            if state["status_code"] == "studying" and state["course"] >= duration:
                day = dt.date(year + 1, 6, 30) if life.level != "prep" else dt.date(year + 1, 7, 10)
                self._add(life, state, "graduation", "graduate", day, {"diploma": dice.random() < 0.12 and "honours" or ""}, lead=3, shared=True)
            if classifiers.statuses()[state["status_code"]].terminal and not self._comes_back(life, state):
                return

    def _year(self, life: Life, state: dict[str, Any], year: int) -> None:
        """What may happen between October and June."""
        dice = self.dice
        day = dt.date(year, 10, 3) + dt.timedelta(days=int(dice.random() * 220))
        until = state.get("until")
        if until and until <= dt.date(year + 1, 8, 31):
            state.pop("until")
            event = "return_mobility" if state["status_code"] == "mobility_out" else "return"
            self._add(life, state, "mobility_return" if event == "return_mobility" else "leave_return", event, until, {}, lead=4)
            return
        if state["status_code"] != "studying":
            return
        roll = dice.random()
        if roll < 0.055:
            ground = dice.choice(GROUNDS)
            self._add(life, state, "expulsion", "expel", day, {"ground": ground, "initiative": classifiers.expulsion_grounds()[ground].initiative}, lead=dice.randint(0, 6))
        elif roll < 0.062:
            self._add(life, state, "transfer_out", "transfer_out", day, {"destination": dice.choice(("НГУ", "ТГУ", "ОмГТУ"))}, lead=2)
        elif roll < 0.085:
            months = 24 if dice.random() < 0.08 else 12
            back = dt.date(day.year + months // 12, day.month, min(day.day, 28))
            self._add(life, state, "academic_leave", "leave_academic", day, {"until": back.isoformat(), "reason": "medical" if months == 24 else "family"}, lead=5)
            state["until"] = back
        elif roll < 0.10:
            funding = "federal_general" if state["funding_code"].startswith("contract") else "contract_person"
            self._add(life, state, "funding_transfer", "change_funding", dt.date(year + 1, 2, 1), {"funding_code": funding}, lead=8)
        elif roll < 0.12 and state["course"] > 1:
            self._add(life, state, "mobility_out", "go_mobility", dt.date(year + 1, 2, 9), {"destination": "EKTU", "until": f"{year + 1}-06-20"}, lead=12)
            state["until"] = dt.date(year + 1, 6, 20)
            if state["status_code"] == "mobility_out":
                self._year(life, state, year)
        elif roll < 0.13:
            same = [p for p in programmes()[life.organisation][life.level] if p != state["programme_code"]]
            if same:
                self._add(life, state, "program_transfer", "change_program", day, {"programme_code": dice.choice(same)}, lead=6)

    def _comes_back(self, life: Life, state: dict[str, Any]) -> bool:
        last = life.events[-1]
        if state["status_code"] != "expelled" or self.dice.random() > 0.12:
            return False
        day = dt.date(last.effective_on.year + 1, 9, 1)
        self._add(life, state, "reinstatement", "reinstate", day, {"course": state["course"], "programme_code": state["programme_code"], "level_code": state["level_code"], "form_code": state["form_code"], "funding_code": "contract_person", "group_name": state["group_name"]}, lead=7)
        return state["status_code"] == "studying"

    def _add(
        self, life: Life, state: dict[str, Any], order_type: str, event: str, day: dt.date, fields: dict[str, Any],
        *, lead: int, shared: bool = False,
    ) -> None:  # fmt: skip
        """One more line, unless it lies in the future; promotions and graduations of a university share one order."""
        signed = day - dt.timedelta(days=lead)
        if shared:
            signed = day - dt.timedelta(days=10 + (day.year * 7 + len(life.organisation) * 3) % 15)
        earliest = life.events[-1].effective_on if life.events else dt.date.min
        if day > self.last_day or signed > self.last_day or day <= earliest:
            return
        dice = self.dice
        late = dice.randint(20, 70) if dice.random() < 0.03 else dice.randint(0, 5)
        recorded = dt.datetime.combine(signed + dt.timedelta(days=late), dt.time(2 + int(dice.random() * 9), int(dice.random() * 60)), dt.UTC)
        if life.events:
            recorded = max(recorded, life.events[-1].recorded_at + dt.timedelta(minutes=1))
        if recorded > self.last_moment:
            recorded = self.last_moment
        status = {t.event: t.to_status for t in classifiers.transitions()}[event]
        state["status_code"] = status
        state.update({key: value for key, value in fields.items() if key in state})
        key = (life.organisation, order_type, life.level if order_type == "enrolment" else "", day.isoformat()) if shared else None
        life.events.append(Event(order_type, event, day, signed, recorded, fields, key))
        life.periods.append((life.events[-1], day, None, recorded, None, {k: state[k] for k in FACTS}))

    # -------------------------------------------------------------------------------------- what the registry said of it
    def _tell(self, life: Life) -> None:
        """Each line that was recorded closed the period before: the open version was superseded by a closed one."""
        told = []
        for number, (event, start, _, recorded, _, facts) in enumerate(life.periods):
            if number + 1 < len(life.periods):
                after, end = life.periods[number + 1][0].recorded_at, life.periods[number + 1][1]
                told.append((event, start, None, recorded, after, facts))
                told.append((event, start, end, after, None, facts))
            else:
                told.append((event, start, None, recorded, None, facts))
        last = life.periods[-1]
        if last[5]["status_code"] == "studying" and self.dice.random() < 0.006:
            self._mistake(life, told, last)
        life.periods = told

    def _mistake(self, life: Life, told: list[Any], last: Any) -> None:
        """An expulsion recorded by mistake and annulled a week later: both stay visible."""
        event, start, _, recorded, _, facts = last
        day = max(start, self.last_day - dt.timedelta(days=40))
        wrong_at = dt.datetime.combine(day + dt.timedelta(days=2), dt.time(5), dt.UTC)
        if wrong_at <= recorded or day <= start:
            return
        right_at = wrong_at + dt.timedelta(days=7)
        wrong = Event("expulsion", "expel", day, day, wrong_at, {"ground": "debt", "initiative": "org"})
        cancel = Event("cancel", "cancel", day, day + dt.timedelta(days=7), right_at, {"reason": "ошибочная запись"}, cancels=wrong)
        told.pop()
        told.append((event, start, None, recorded, wrong_at, facts))
        told.append((event, start, day, wrong_at, right_at, facts))
        told.append((wrong, day, None, wrong_at, right_at, {**facts, "status_code": "expelled"}))
        told.append((event, start, None, right_at, None, facts))
        life.events += [wrong, cancel]


FACTS = ("programme_code", "level_code", "form_code", "funding_code", "course", "group_name", "status_code")
