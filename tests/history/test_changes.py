"""Rows with two times as single changes, counted by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from exchange.history.changes import changes_in


def at(number: int) -> dt.datetime:
    return dt.datetime(2026, number, 1, tzinfo=dt.UTC)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@dataclass
class Row:
    valid_from: dt.date
    valid_to: dt.date | None
    recorded_at: dt.datetime
    superseded_at: dt.datetime | None
    course: int | None = None
    group: str = ""
    recorded_by: str = ""


def told(*rows: Row) -> list[tuple[int, str, object, object, str]]:
    found = changes_in(rows, ("course", "group"))
    return [(c.at.month, c.field, c.was, c.became, str(c.since)) for c in found]


def test_the_first_entry_begins_from_nothing() -> None:
    rows = [Row(day("2025-09-01"), None, at(1), None, 1, "А")]
    assert told(*rows) == [(1, "course", None, 1, "2025-09-01"), (1, "group", None, "А", "2025-09-01")]
    assert all(change.is_first for change in changes_in(rows, ("course",)))


def test_a_later_period_changes_from_its_own_day() -> None:
    rows = [
        Row(day("2025-09-01"), None, at(1), at(2), 1, "А"), Row(day("2025-09-01"), day("2026-09-01"), at(2), None, 1, "А"),
        Row(day("2026-09-01"), None, at(2), None, 2, "А"),
    ]  # fmt: skip
    assert told(*rows)[2:] == [(2, "course", 1, 2, "2026-09-01")]


def test_what_an_earlier_order_changes_for_all_later_days_is_told_once() -> None:
    first = [
        Row(day("2025-09-01"), day("2026-09-01"), at(1), at(2), 1, "А"),
        Row(day("2026-09-01"), None, at(1), at(2), 2, "А"),
    ]
    later = [
        Row(day("2025-09-01"), day("2025-12-01"), at(2), None, 1, "А"),
        Row(day("2025-12-01"), day("2026-09-01"), at(2), None, 1, "Б"), Row(day("2026-09-01"), None, at(2), None, 2, "Б"),
    ]  # fmt: skip
    assert [line for line in told(*first, *later) if line[0] == 2] == [(2, "group", "А", "Б", "2025-12-01")]


def test_taking_a_change_back_is_a_change() -> None:
    rows = [
        Row(day("2025-09-01"), None, at(1), at(2), 1), Row(day("2025-09-01"), day("2026-09-01"), at(2), at(3), 1),
        Row(day("2026-09-01"), None, at(2), at(3), 2), Row(day("2025-09-01"), None, at(3), None, 1),
    ]  # fmt: skip
    assert told(*rows) == [
        (1, "course", None, 1, "2025-09-01"), (2, "course", 1, 2, "2026-09-01"), (3, "course", 2, 1, "2026-09-01"),
    ]  # fmt: skip
