"""Reading the shipped CSV files, each of them once."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@cache
def read(name: str) -> tuple[dict[str, str], ...]:
    """Rows of `data/<name>.csv` as dictionaries of text, in the order of the file. The rows are shared: do not change them."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, strict=True))


@cache
def short_names(classifier: str) -> dict[str, tuple[str, str, str]]:
    """code -> short names in Russian, Kazakh and English."""
    return {
        row["code"]: (row["short_ru"], row["short_kk"], row["short_en"])
        for row in read("short_names")
        if row["classifier"] == classifier
    }


def years(text: str) -> tuple[float | None, float | None]:
    """Shortest and longest duration of a programme: "3–4" gives 3 and 4, "5.5" gives 5.5 twice, "—" gives nothing."""
    try:
        numbers = [float(part) for part in text.replace("—", "").replace("–", "-").split("-") if part]
    except ValueError:
        return None, None
    return (numbers[0], numbers[-1]) if numbers else (None, None)
