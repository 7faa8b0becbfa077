"""Two histories woven into one, by hand."""

from __future__ import annotations

from exchange.merging.weaving import Span, timeline, woven
from tests.students.conftest import day

KEPT = [
    Span(day("2006-05-04"), day("2025-02-01"), {"surname": "Иванова", "citizen": False}),
    Span(day("2025-02-01"), None, {"surname": "Ахметова", "citizen": False}),
]
GONE = [
    Span(day("2006-05-01"), day("2026-01-01"), {"surname": "Ахметова", "citizen": False}),
    Span(day("2026-01-01"), None, {"surname": "Ахметова", "citizen": True}),
]


def test_nothing_is_taken() -> None:
    """The earlier first day counts; the days of the other leave no trace."""
    first, second = woven(KEPT, GONE, ())
    assert first == Span(day("2006-05-01"), day("2025-02-01"), {"surname": "Иванова", "citizen": False})
    assert second == KEPT[1]


def test_a_row_is_taken_with_its_days() -> None:
    assert woven(KEPT, GONE, {"citizen"}) == [
        Span(day("2006-05-01"), day("2025-02-01"), {"surname": "Иванова", "citizen": False}),
        Span(day("2025-02-01"), day("2026-01-01"), {"surname": "Ахметова", "citizen": False}),
        Span(day("2026-01-01"), None, {"surname": "Ахметова", "citizen": True}),
    ]


def test_all_is_taken() -> None:
    assert woven(KEPT, GONE, {"citizen", "surname"}) == GONE


def test_what_holds_since_when() -> None:
    assert timeline(KEPT, ["surname"]) == [(None, ("Иванова",)), (day("2025-02-01"), ("Ахметова",))]
    assert timeline(KEPT, ["citizen"]) == [(None, (False,))]
