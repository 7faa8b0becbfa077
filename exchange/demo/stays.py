"""Migration facts of the demonstration: three persons of five came; some left, were late or forgot a paper."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from exchange.demo.chances import texts
from exchange.demo.lives import Life
from exchange.reference import classifiers

KNOWN = 0.6
DAY, YEAR = dt.timedelta(days=1), dt.timedelta(days=365)
EMPTY: dict[str, Any] = {
    "ends_on": None, "number": "", "place": "", "party": "", "code": "", "submitted_on": None, "note": "", "cancels_id": None,
}  # fmt: skip


class Journeys:
    """Draws facts that fit a life. The dice are its own: people and orders stay who they are without it."""

    def __init__(self, seed: int, last_day: dt.date) -> None:
        self.dice = random.Random(seed + 31)  # noqa: S311  nothing secret is drawn here
        self.last_day = last_day

    def facts(self, life: Life) -> Iterator[dict[str, Any]]:
        """Rows of one person without their owners, nothing for two of five.

        Of the last day there is nothing, and nothing is recorded on it: the load may come in its first minute.
        """
        last = self.last_day - DAY
        if self.dice.random() >= KNOWN:
            return
        for row in self._drawn(life):
            if row["starts_on"] <= last:
                recorded = min(row["starts_on"] + self.dice.randint(0, 6) * DAY, last)
                moment = dt.datetime.combine(recorded, dt.time(1 + self.dice.randrange(4)), dt.UTC)
                yield {**EMPTY, **row, "recorded_at": moment, "recorded_by_id": None}

    def _chance(self, share: float) -> bool:
        return self.dice.random() < share

    def _drawn(self, life: Life) -> Iterator[dict[str, Any]]:
        dice, begun = self.dice, life.events[0].effective_on
        came = begun - dice.randint(1, 20) * DAY
        over = classifiers.statuses()[life.status].is_terminal
        ended = life.events[-1].effective_on if over else None
        yield self._entry(came)
        first = came
        for year in range(came.year + 1, (ended or self.last_day).year + 1):
            home = dt.date(year, 7, 1) + dice.randrange(15) * DAY
            if home > (ended or self.last_day) or self._chance(0.4):
                continue
            if not self._chance(0.08):  # else the exit was forgotten
                yield {"kind": "exit", "starts_on": home, "place": dice.choice(texts("border"))}
            came = dt.date(year, 8, 20) + dice.randrange(16) * DAY
            yield self._entry(came)
        yield from self._papers(life, first, came)
        if ended is not None and self._chance(0.8):
            yield {
                "kind": "exit",
                "starts_on": max(ended, came) + dice.randint(3, 40) * DAY,
                "place": dice.choice(texts("border")),
            }

    def _entry(self, day: dt.date) -> dict[str, Any]:
        dice = self.dice
        number = f"46{day.year % 100:02d} №{dice.randrange(10_000_000):07d}" if self._chance(0.9) else ""
        asked = day - dice.randint(3, 30) * DAY if day >= dt.date(2025, 7, 1) and self._chance(0.5) else None
        return {
            "kind": "entry", "starts_on": day, "number": number, "place": dice.choice(texts("border")), "submitted_on": asked,
        }  # fmt: skip

    def _papers(self, life: Life, first: dt.date, came: dt.date) -> Iterator[dict[str, Any]]:
        """What follows an entry: registration, extension with its petition, examination, policy."""
        dice = self.dice
        summer = dt.date(came.year + 1, 6, 30)
        if self._chance(0.85):
            yield {
                "kind": "registration", "starts_on": came + dice.randint(1, 28) * DAY,
                "ends_on": summer if self._chance(0.85) else came + 89 * DAY, "place": dice.choice(texts("hostel")),
                "party": dice.choice(texts("host_party")),
            }  # fmt: skip
        if life.state["form_code"] != "extra" and self._chance(0.65):
            granted = came + dice.randint(40, 75) * DAY
            number = f"17-{dice.randrange(1, 900)}"
            if self._chance(0.5):
                yield {
                    "kind": "notice", "starts_on": granted - 12 * DAY, "ends_on": came + 69 * DAY, "number": number,
                    "code": "STAY_EXT_20", "party": texts("addressee")[0],
                }  # fmt: skip
            yield {
                "kind": "term", "starts_on": granted, "ends_on": summer, "code": "temp_stay_ext",
                "note": texts("petition")[0] % number,
            }  # fmt: skip
        elif life.state["form_code"] == "full" and life.level != "spo" and self._chance(0.08):
            yield {
                "kind": "rvpo", "starts_on": came + 80 * DAY, "ends_on": came + 5 * YEAR,
                "number": f"22-{dice.randrange(10**5):05d}",
            }  # fmt: skip
        if self._chance(0.6):
            examined = max(first + dice.randint(20, 85) * DAY, came - dice.randint(0, 330) * DAY)
            yield {"kind": "medical", "starts_on": examined, "ends_on": examined + YEAR - DAY}
            yield {"kind": "fingerprints", "starts_on": first + 85 * DAY}
        if self._chance(0.8):
            insured = came if self._chance(0.7) else max(first, came - 200 * DAY)
            yield {
                "kind": "insurance", "starts_on": insured, "ends_on": insured + YEAR - DAY,
                "party": dice.choice(texts("insurer")), "number": f"{dice.randrange(1000):03d}-{dice.randrange(10**6):06d}",
            }  # fmt: skip
