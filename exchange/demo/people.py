"""People who do not exist: names in three scripts, births, IINs with serials that are unlikely in life."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass
from functools import cache

from exchange.demo.chances import names, wheel
from exchange.people import iin
from exchange.people.name_keys import fold, latin, skeleton

AGE_AT_ENTRY = {"bachelor": 18, "specialist": 18, "master": 22, "postgraduate": 24, "spo": 16, "prep": 17}


@dataclass(frozen=True)
class Human:
    """Who, as the facts of the registry need it."""

    surname: str
    name: str
    patronymic: str
    surname_lat: str
    name_lat: str
    sex: str
    birth_date: dt.date
    iin: str | None
    passport: str
    region: str | None
    keys: tuple[str, str, str, str]


@cache
def _latin(text: str) -> str:
    return latin(text).upper()


@cache
def _key(text: str) -> str:
    return skeleton(text)


@cache
def _folded(text: str) -> str:
    return fold(text)


class Crowd:
    """Draws humans; no two share an IIN or a passport. Two crowds don't either if they start far enough from each other."""

    def __init__(self, dice: random.Random, first_passport: int = 10_000_000, last_serial: int = 9999) -> None:
        self.dice = dice
        self.last_serial = last_serial
        self.serials: Counter[str] = Counter()
        self.passport = first_passport

    def human(self, level: str, entered: int) -> Human:
        dice = self.dice
        sex = wheel("sex").turn(dice)
        surname = dice.choice(names("surname", sex))
        name = dice.choice(names("name", sex))
        patronymic = "" if dice.random() < 0.07 else dice.choice(names("patronymic", sex))
        birth = self._birth(entered - AGE_AT_ENTRY.get(level, 18) - int(dice.random() ** 3 * 6))
        self.passport += 1 + int(dice.random() * 3)
        return Human(
            surname=surname,
            name=name,
            patronymic=patronymic,
            surname_lat=_latin(surname),
            name_lat=_latin(name),
            sex=sex,
            birth_date=birth,
            iin=None if dice.random() < 0.02 else self._iin(birth, sex),
            passport=f"N{self.passport % 100_000_000:08d}",
            region=wheel("region").turn(dice) or None,
            keys=(
                f"{_folded(surname)} {_folded(name)} {_folded(patronymic)}".strip(),
                _key(surname),
                _key(name),
                _key(patronymic) if patronymic else "",
            ),
        )

    def _birth(self, year: int) -> dt.date:
        """A day of the year; 29 February more often than in life, so that every demonstration has one."""
        if year % 4 == 0 and self.dice.random() < 0.01:
            return dt.date(year, 2, 29)
        return dt.date(year, 1, 1) + dt.timedelta(days=int(self.dice.random() * 365))

    def _iin(self, birth: dt.date, sex: str) -> str:
        """The next serial downwards that has a check digit (serials 99xx as long as they last)."""
        century = {("M", 19): 3, ("F", 19): 4, ("M", 20): 5, ("F", 20): 6}[(sex, birth.year // 100)]
        stem = f"{birth:%y%m%d}{century}"
        while True:
            number = f"{stem}{self.last_serial - self.serials[stem]:04d}"
            self.serials[stem] += 1
            digit = iin.check_digit(number)
            if digit is not None:
                return f"{number}{digit}"
