"""The ledger: order lines become study periods. Every expected value is counted by hand from the table of transitions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from exchange.reference import classifiers
from exchange.students.ledger import Entry, Impossible, period_on, periods_from

ENROLLED = {
    "programme_code": "09.03.01", "level_code": "bachelor", "form_code": "full", "funding_code": "contract_person",
    "course": 1, "group_name": "ИВТ-51",
}  # fmt: skip


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def line(number: int | None, event: str, on: str, **fields: Any) -> Entry:
    return Entry(event, day(on), fields, number, number=f"{number}-ст", signed_on=day(on))


def enrolment(on: str = "2024-09-01", **changes: Any) -> Entry:
    return line(1, "enrol", on, **{**ENROLLED, **changes})


def spans(lines: list[Entry]) -> list[tuple[str, str | None, str, int | None]]:
    return [
        (p.valid_from.isoformat(), p.valid_to.isoformat() if p.valid_to else None, p.status_code, p.course)
        for p in periods_from(lines)
    ]


def test_nothing_recorded_is_nothing_said() -> None:
    assert periods_from([]) == []


def test_an_order_works_from_the_start_of_its_day() -> None:
    lines = [enrolment("2024-09-01"), line(2, "expel", "2026-06-30")]
    assert spans(lines) == [("2024-09-01", "2026-06-30", "studying", 1), ("2026-06-30", None, "expelled", 1)]
    periods = periods_from(lines)
    assert period_on(periods, day("2024-08-31")) is None
    assert period_on(periods, day("2024-09-01")).in_contingent  # type: ignore[union-attr]
    assert period_on(periods, day("2026-06-29")).in_contingent  # type: ignore[union-attr]
    assert not period_on(periods, day("2026-06-30")).in_contingent  # type: ignore[union-attr]


def test_a_whole_life() -> None:
    lines = [
        enrolment("2022-09-01"),
        line(2, "next_course", "2023-09-01"),
        line(3, "leave_academic", "2024-02-01", until="2025-01-31"),
        line(4, "return", "2025-02-01", group_name="ИВТ-41"),
        line(5, "expel", "2025-06-15", ground="debt"),
        line(6, "reinstate", "2025-09-01", course=2, funding_code="contract_org"),
        line(7, "graduate", "2026-06-30"),
    ]
    assert spans(lines) == [
        ("2022-09-01", "2023-09-01", "studying", 1),
        ("2023-09-01", "2024-02-01", "studying", 2),
        ("2024-02-01", "2025-02-01", "academic_leave", 2),
        ("2025-02-01", "2025-06-15", "studying", 2),
        ("2025-06-15", "2025-09-01", "expelled", 2),
        ("2025-09-01", "2026-06-30", "studying", 2),
        ("2026-06-30", None, "graduated", 2),
    ]
    periods = periods_from(lines)
    assert [p.line.id for p in periods] == [1, 2, 3, 4, 5, 6, 7]
    assert [p.group_name for p in periods] == ["ИВТ-51"] * 3 + ["ИВТ-41"] * 4
    assert [p.funding_code for p in periods] == ["contract_person"] * 5 + ["contract_org"] * 2


def test_of_two_lines_on_one_day_the_later_wins() -> None:
    """Expelled and reinstated from one day: no period without days, and the table still decides the order."""
    lines = [enrolment(), line(2, "change_funding", "2025-09-01", funding_code="quota"), line(3, "next_course", "2025-09-01")]
    assert spans(lines) == [("2024-09-01", "2025-09-01", "studying", 1), ("2025-09-01", None, "studying", 2)]
    last = periods_from(lines)[-1]
    assert (last.line.id, last.funding_code) == (3, "quota")
    taken_back = [enrolment(), line(2, "expel", "2025-09-01"), line(3, "reinstate", "2025-09-01")]
    assert spans(taken_back) == [("2024-09-01", None, "studying", 1)]


def test_lines_are_taken_by_day_not_by_recording() -> None:
    """A late order: recorded third, works before the second."""
    lines = [enrolment(), line(2, "expel", "2026-03-01"), line(3, "next_course", "2025-09-01")]
    assert spans(lines) == [
        ("2024-09-01", "2025-09-01", "studying", 1),
        ("2025-09-01", "2026-03-01", "studying", 2),
        ("2026-03-01", None, "expelled", 2),
    ]


def test_a_line_without_effect_begins_no_period() -> None:
    lines = [enrolment(), line(2, "practice", "2025-06-01"), line(3, "name_change", "2025-07-01")]
    assert spans(lines) == [("2024-09-01", None, "studying", 1)]


def test_the_course_is_not_known_until_a_roster_states_it() -> None:
    lines = [enrolment(course=None, group_name=""), line(2, "state", "2026-10-01", course=3, group_name="8ПИ-31")]
    assert spans(lines) == [("2024-09-01", "2026-10-01", "studying", None), ("2026-10-01", None, "studying", 3)]
    assert [p.group_name for p in periods_from(lines)] == ["", "8ПИ-31"]


def test_a_promotion_of_an_unknown_course_stays_unknown() -> None:
    lines = [enrolment(course=None), line(2, "next_course", "2025-09-01"), line(3, "next_course", "2026-09-01", course=3)]
    assert spans(lines) == [("2024-09-01", "2026-09-01", "studying", None), ("2026-09-01", None, "studying", 3)]


def test_a_roster_may_begin_a_ledger_and_may_state_a_leave() -> None:
    stated = {**ENROLLED, "status_code": "academic_leave", "course": 2}
    assert spans([line(1, "state", "2026-10-01", **stated)]) == [("2026-10-01", None, "academic_leave", 2)]
    again = [line(1, "state", "2026-10-01", **stated), line(2, "return", "2026-11-01")]
    assert spans(again)[-1] == ("2026-11-01", None, "studying", 2)


@pytest.mark.parametrize("status", ["expelled", "graduated", "declined", "void", "applicant", "nonsense"])
def test_a_roster_may_not_state_that_somebody_left(status: str) -> None:
    with pytest.raises(Impossible):
        periods_from([enrolment(), line(2, "state", "2026-10-01", status_code=status)])


def test_a_roster_does_not_bring_back_who_left() -> None:
    with pytest.raises(Impossible) as refused:
        periods_from([enrolment(), line(2, "expel", "2026-01-10"), line(3, "state", "2026-10-01", status_code="studying")])
    assert "Студент уже отчислен с 10.01.2026, приказ 2-ст от 10.01.2026" in str(refused.value.message)


def test_every_transition_of_the_table_is_allowed_and_every_other_refused() -> None:
    """All pairs of status and event: allowed exactly when status_transitions.csv has the line."""
    way = {
        "studying": [], "mobility_out": ["go_mobility"], "academic_leave": ["leave_academic"],
        "maternity_leave": ["leave_maternity"], "military_leave": ["leave_military"], "transferred_out": ["transfer_out"],
        "expelled": ["expel"], "graduated": ["graduate"], "deceased": ["die"],
    }  # fmt: skip
    table = {(t.from_status, t.event): t.to_status for t in classifiers.transitions()}
    events = {t.event for t in classifiers.transitions() if not t.event.startswith("enrol")}
    tried = 0
    for status, before in way.items():
        start = [enrolment(), *(line(2, event, "2025-01-01") for event in before)]
        assert periods_from(start)[-1].status_code == status
        for event in events:
            lines = [*start, line(9, event, "2025-02-01", course=2)]
            if (status, event) in table:
                assert periods_from(lines)[-1].status_code == table[status, event]
                tried += 1
            else:
                with pytest.raises(Impossible) as refused:
                    periods_from(lines)
                assert refused.value.entry.id == 9
    assert tried == 19  # of the 23 lines: all but the three enrolments (each begins a record of its own) and the refusal


@pytest.mark.parametrize("event", ["enrol", "enrol_elsewhere", "enrol_next_level"])
def test_each_kind_of_enrolment_begins_a_ledger_and_only_begins_it(event: str) -> None:
    first = line(1, event, "2025-09-01", **ENROLLED)
    assert spans([first]) == [("2025-09-01", None, "studying", 1)]
    with pytest.raises(Impossible):
        periods_from([first, line(2, event, "2026-09-01", **ENROLLED)])


@pytest.mark.parametrize("missing", ["programme_code", "level_code", "form_code", "funding_code"])
def test_an_enrolment_says_what_is_studied(missing: str) -> None:
    with pytest.raises(Impossible):
        periods_from([enrolment(**{missing: ""})])


def test_the_sentence_names_the_paper_that_stands_in_the_way() -> None:
    with pytest.raises(Impossible) as refused:
        periods_from([enrolment(), Entry("expel", day("2026-11-02"), {}, 2, "expulsion", "377-ст", day("2026-11-01")),
                      line(None, "expel", "2026-11-13")])  # fmt: skip
    assert str(refused.value.message) == (
        "Студент уже отчислен с 02.11.2026, приказ 377-ст от 01.11.2026. Аннулируйте тот приказ или измените дату"
    )
    assert refused.value.field == "effective_on"


def test_before_the_enrolment_nothing_is_possible() -> None:
    with pytest.raises(Impossible) as refused:
        periods_from([enrolment("2024-09-01"), line(2, "expel", "2024-08-31")])
    assert refused.value.entry.id == 2
