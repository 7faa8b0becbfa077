"""Particulars, guardians and consents of people who do not exist: a realistic share has them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from exchange.consents.models import Consent
from exchange.consents.papers import birthday, is_minor, text_on
from exchange.demo.chances import names
from exchange.demo.lives import Life
from exchange.demo.people import Human
from exchange.people.models import Guardian, PersonDetails

HAS_DETAILS = 0.7
NATIVE = (("kk", 0.72), ("ru", 0.24), ("other", 0.04))
RUSSIAN = (("native", 0.55), ("B2", 0.2), ("B1", 0.15), ("prep", 0.1))
# Kind of consent -> the share that gave it; the law asks for none of them by default.
GIVEN = {"processing": 0.94, "transfer_kz": 0.45, "photo": 0.6, "employer": 0.35, "alumni": 0.2}
RENEWED = 0.6
BY = "Demo"

DAY = dt.timedelta(days=1)


class Particulars:
    """Draws them with dice of its own, so that people stay who they are."""

    def __init__(self, seed: int, last_day: dt.date) -> None:
        self.dice = random.Random(seed + 3)  # noqa: S311  nothing secret is drawn here
        self.last_day = last_day

    def rows(self, human: Human, life: Life) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Model and values, without the person and the office."""
        begun = life.events[0].effective_on
        moment = life.events[0].recorded_at
        if self.dice.random() < HAS_DETAILS:
            yield PersonDetails, self._details(moment)
        guardian = self._guardian(human) if is_minor(human.birth_date, begun) and self.dice.random() < 0.9 else ""
        if guardian:
            yield Guardian, {
                "name": guardian, "relation": "father" if human.sex == "M" else "mother", "document": "", "phone": "",
                "since": begun, "until": birthday(human.birth_date) - DAY, "created_at": moment, "updated_by": BY,
            }  # fmt: skip
        for kind, share in GIVEN.items():
            if self.dice.random() < share:
                yield from self._consents(kind, human, begun, guardian)

    def _details(self, moment: dt.datetime) -> dict[str, Any]:
        return {
            "inn": "", "phone_kz": "", "messenger": "", "room": "", "close_name": "", "close_relation": "", "close_phone": "",
            "school": "", "school_year": None, "compatriot": "", "native_language": self._turn(NATIVE),
            "russian_level": self._turn(RUSSIAN), "updated_at": moment, "updated_by": BY,
        }  # fmt: skip

    def _turn(self, shares: tuple[tuple[str, float], ...]) -> str:
        return self.dice.choices([code for code, _ in shares], [share for _, share in shares])[0]

    def _guardian(self, human: Human) -> str:
        """The parent who bears the same form of the surname."""
        return f"{human.surname} {self.dice.choice(names('name', human.sex))}"

    def _consents(self, kind: str, human: Human, begun: dt.date, guardian: str) -> Iterator[tuple[Any, dict[str, Any]]]:
        first = begun + self.dice.randrange(10) * DAY
        if is_minor(human.birth_date, first):
            if guardian:
                yield from self._one(kind, first, "guardian", guardian)
            first = birthday(human.birth_date) + self.dice.randrange(30) * DAY
            if self.dice.random() > RENEWED:
                return
        yield from self._one(kind, first, "self", "")

    def _one(self, kind: str, day: dt.date, given_by: str, giver: str) -> Iterator[tuple[Any, dict[str, Any]]]:
        text = text_on(kind, day)
        if text is None or day >= self.last_day:  # of the last day nothing is recorded yet: it may have just begun
            return
        yield Consent, {
            "kind": kind, "act": "given", "day": day, "text_version": text.version, "text_hash": text.sha256, "form": "paper",
            "given_by": given_by, "giver": giver, "note": "", "withdraws_id": None, "cancels_id": None,
            "recorded_at": dt.datetime.combine(day, dt.time(5), dt.UTC), "recorded_by_id": None, "recorded_by": BY,
        }  # fmt: skip
