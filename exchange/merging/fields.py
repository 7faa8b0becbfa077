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
# Row -> columns of PersonDetails, of the row that the office has which keeps the record.
DETAILS: Mapping[str, tuple[str, ...]] = {
    "inn": ("inn",),
    "phone_kz": ("phone_kz",),
    "messenger": ("messenger",),
    "room": ("room",),
    "close": ("close_name", "close_relation", "close_phone"),
    "school": ("school", "school_year"),
    "compatriot": ("compatriot",),
    "native_language": ("native_language",),
    "russian_level": ("russian_level",),
}
ROWS = (*SAID, *KEPT, *DETAILS)
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


def values_of(kept: Any, columns: Sequence[str]) -> tuple[Any, ...]:
    """What a row keeps in these columns; where there is no row, nothing."""
    return tuple((getattr(kept, name) if kept is not None else None) or None for name in columns)


def row_of(name: str, first: tuple[Sequence[Span], Any, Any], second: tuple[Sequence[Span], Any, Any]) -> Row:
    """Each side is given by its spans, its person and its further particulars (None: there are none).

    Where one side says nothing, the other is chosen; else nobody is.
    """
    left: Any
    right: Any
    if name in SAID:
        left, right = (timeline(spans, SAID[name]) for spans, _person, _details in (first, second))
        filled = [any(is_filled(values) for _since, values in told) for told in (left, right)]
        differs = left != right
    else:
        left, right = (
            values_of(person, KEPT[name]) if name in KEPT else values_of(details, DETAILS[name])
            for _spans, person, details in (first, second)
        )
        filled = [is_filled(left), is_filled(right)]
        differs = left != right and any(filled)
    chosen = "" if differs and all(filled) else SECOND if filled[1] and not filled[0] else FIRST
    return Row(name, left, right, differs, chosen)
