"""Dice of the demonstration: weighted choices from the shipped proportions, driven by one seed."""

from __future__ import annotations

import csv
import random
from bisect import bisect
from functools import cache
from itertools import accumulate
from pathlib import Path

DATA = Path(__file__).with_name("data")


def read(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Wheel:
    """A weighted choice."""

    def __init__(self, weighted: list[tuple[str, float]]) -> None:
        self.items = [item for item, _ in weighted]
        self.edges = list(accumulate(weight for _, weight in weighted))

    def turn(self, dice: random.Random) -> str:
        return self.items[min(bisect(self.edges, dice.random() * self.edges[-1]), len(self.items) - 1)]


@cache
def wheel(kind: str) -> Wheel:
    """The proportions of one kind, e.g. of regions (domain: invented, never to be shown as facts)."""
    return Wheel([(row["code"], float(row["share"])) for row in read("proportions") if row["kind"] == kind])


@cache
def programmes() -> dict[str, dict[str, list[str]]]:
    """Which programmes of which level the demonstration has at which university."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in read("programmes"):
        found.setdefault(row["organisation"], {})[row["level"]] = row["codes"].split()
    return found


@cache
def texts(kind: str) -> list[str]:
    return [row["text"] for row in read("texts") if row["kind"] == kind]


@cache
def names(kind: str, sex: str) -> list[str]:
    return [row["male" if sex == "M" else "female"] for row in read("names") if row["kind"] == kind]
