"""INN of a person: twelve digits and two control digits, counted by hand for the first of the numbers below."""

from __future__ import annotations

from typing import Any

import pytest

from exchange.people.inn import examine_inn


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        # 7·5 + 10·1 + 9·7 + 4·3 + 6·2 + 8·2 = 148, mod 11 = 5; 3·5 + 4·1 + 5·7 + 9·3 + 4·2 + 6·2 + 8·5 = 141, mod 11 = 9
        ("500100732259", ("500100732259", None)),
        ("5001 0073 2259", ("500100732259", None)),
        ("500100732258", ("500100732258", "checksum")),
        ("500100732249", ("500100732249", "checksum")),
        ("50010073225", ("50010073225", "format")),
        ("50010073225A", ("50010073225A", "format")),
        ("000000000000", ("000000000000", "checksum")),
        ("", ("", "empty")),
        (None, ("", "empty")),
    ],
)
def test_inn(typed: Any, found: Any) -> None:
    assert examine_inn(typed) == found
