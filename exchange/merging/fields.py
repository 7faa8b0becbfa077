"""What is compared of two records and chosen from one of them: rows of columns that only make sense together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exchange.merging.weaving import Span, timeline

# Row of the comparison -> columns of PersonFacts. Told with their days; a choice takes the whole history of the row.
SAID: Mapping[str, tuple[str, ...]] = {
    "surname": ("surname",),
    "name": ("name",),
    "patronymic": ("patronymic",),
    "names_kk": ("surname_kk", "name_kk", "patronymic_kk"),
    "names_lat": ("surname_lat", "name_lat"),
    "sex": ("sex",),
    "birth_date": ("birth_date",),
    "birth_place": ("birth_place",),
    "citizenship": ("citizenship", "is_rf_citizen"),
    "origin": ("region_code", "district_code", "settlement"),
}
# Row -> columns of Person: kept without history.
KEPT: Mapping[str, tuple[str, ...]] = {
    "iin": ("iin", "iin_needs_check"),
    "snils": ("snils",),
    "phone": ("phone",),
    "email": ("email",),
    "address": ("address", "is_in_dormitory"),
}
ROWS = (*SAID, *KEPT)
# Two people who differ in one of these are joined only by somebody who says so in a word.
TELLING = ("birth_date", "sex", "iin")
FIRST, SECOND = "first", "second"
SIDES = (FIRST, SECOND)


@dataclass(frozen=True)
class Row:
    """One row of the comparison: what each side says, and from which side it is taken ("": somebody has to choose)."""

    name: str
    first: Any
    second: Any
    differs: bool
    chosen: str = ""


def is_filled(values: Any) -> bool:
    """Whether something is said at all."""
    return any(value not in (None, "", False) for value in values)


def row_of(name: str, first: tuple[Sequence[Span], Any], second: tuple[Sequence[Span], Any]) -> Row:
    """Each side is given by its spans and its person. Where one side says nothing, the other is chosen; else nobody is."""
    left: Any
    right: Any
    if name in SAID:
        left, right = (timeline(spans, SAID[name]) for spans, _person in (first, second))
        filled = [any(is_filled(values) for _since, values in told) for told in (left, right)]
        differs = left != right
    else:
        left, right = (tuple(getattr(person, column) for column in KEPT[name]) for _spans, person in (first, second))
        filled = [is_filled(left), is_filled(right)]
        differs = left != right
    chosen = "" if differs and all(filled) else SECOND if filled[1] and not filled[0] else FIRST
    return Row(name, left, right, differs, chosen)
