"""R01 over the known world: every figure was counted by hand (tests/world.py)."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.reports.conftest import rows, total

BARNAUL_NOON = dt.time(12)


def known(day):
    """The end of a day in Barnaul, as a moment."""
    return dt.datetime.combine(day, dt.time(16, 59), dt.UTC)


def some(figures, *keys):
    return {key: figures[key] for key in keys}


def test_all_institutions(made):
    result = made("R01", "ministry")
    by_name = rows(result.tables[0])
    names = [line.labels[0] for line in result.tables[0].lines]
    assert [by_name[name]["total"] for name in dict.fromkeys(names) if name in by_name] == [5, 3]
    assert total(result) == {
        "total": 8, "women": 4, "level:bachelor": 6, "level:master": 1, "level:spo": 1, "form:full": 7, "form:extra": 1,
        "funding:budget": 4, "funding:quota": 0, "funding:contract": 4, "funding:other": 0, "leave": 1, "academic": 1,
        "people": 7,
    }  # fmt: skip


def test_a_head_organisation_is_its_own_row_and_its_branches(made):
    lines = made("R01", "ministry").tables[0].lines
    family = [line for line in lines if line.kind in ("head", "part")]
    assert [(line.kind, line.values["total"], line.values["women"], line.values["people"]) for line in family] == [
        ("head", 3, 2, 3), ("part", 2, 1, 2), ("part", 1, 1, 1),
    ]  # fmt: skip


def test_a_person_on_two_programmes_is_one_person_and_two_enrolments(made):
    """Kim studies twice at ASTU."""
    astu = next(line for line in made("R01", "ministry").tables[0].lines if not line.kind)
    assert some(astu.values, "total", "people") == {"total": 5, "people": 4}


@pytest.mark.parametrize(
    ("on", "known_at", "enrolments", "people"),
    [
        (dt.date(2025, 10, 1), None, 11, 10),
        (dt.date(2025, 10, 1), dt.date(2025, 10, 5), 12, 11),
        (dt.date(2026, 10, 1), dt.date(2026, 10, 5), 7, 6),
        (dt.date(2026, 10, 1), dt.date(2026, 10, 7), 8, 7),
        (dt.date(2025, 9, 24), None, 12, 11),  # the last day before an expulsion works
        (dt.date(2025, 9, 25), None, 11, 10),  # it works from the start of its day
    ],
)
def test_two_dates(made, on, known_at, enrolments, people):
    figures = total(made("R01", "ministry", on=on, known_at=known(known_at) if known_at else None))
    assert (figures["total"], figures["people"]) == (enrolments, people)


def test_what_an_annulled_order_said_is_still_known(made):
    """Orazbayeva's expulsion of 15.10.2025 was annulled on 30.10.2025."""
    day = dt.date(2025, 10, 18)
    then, now = made("R01", on=day, known_at=known(dt.date(2025, 10, 20))), made("R01", on=day)
    # on that day Zhumabayev was still counted and Orazbayeva was not
    assert (total(then)["total"], total(now)["total"]) == (11, 11)
    assert (total(then)["women"], total(now)["women"]) == (5, 6)


@pytest.mark.parametrize(
    ("narrowing", "expected"),
    [
        ({"level": "bachelor"}, 6), ({"form": "extra"}, 1), ({"funding": "contract"}, 4), ({"funding": "quota"}, 0),
        ({"organisation": "ASU"}, 3), ({"organisation": "ASU-RUB"}, 1), ({"organisation": "ASTU", "level": "spo"}, 1),
    ],
)  # fmt: skip
def test_narrowed(made, narrowing, expected):
    assert total(made("R01", "ministry", **narrowing))["total"] == expected


@pytest.mark.parametrize(("key", "expected"), [("asu", 3), ("branch", 1), ("astu", 5)])
def test_a_university_gets_its_own_part(made, key, expected):
    result = made("R01", key)
    assert total(result)["total"] == expected
    assert {line.labels[0] for line in result.tables[0].lines} == {
        line.labels[0] for line in result.tables[0].lines if line.values["total"]
    }


def test_a_branch_is_not_told_of_its_head(made, world):
    """The row of a branch is not called a total of the university."""
    (line,) = made("R01", "branch").tables[0].lines
    assert (line.kind, line.query) == ("", {"org": ("ASU-RUB",)})


def test_all_control_sums_agree(made):
    for on in (dt.date(2025, 10, 1), dt.date(2026, 10, 1)):
        result = made("R01", "ministry", on=on)
        assert [check.id for check in result.checks] == ["C1", "C2", "C6", "C7", "C9"]
        assert result.is_whole, result.checks


def test_a_control_sum_that_does_not_agree_holds_nothing_back(made, monkeypatch):
    """The cells lose a few people on the way; the other questions notice."""
    from reports import counts

    honest = counts.cells
    monkeypatch.setattr(counts, "cells", lambda session, of: honest(session, of)[1:])
    result = made("R01", "ministry")
    assert {check.id for check in result.checks if not check.ok} >= {"C1", "C2", "C6", "C7"}
    assert result.tables[0].lines


def test_a_figure_names_the_list_behind_it(made):
    table = made("R01", "ministry").tables[0]
    measure = {m.key: m for m in table.measures}
    astu = next(line for line in table.lines if not line.kind)
    assert table.query_of(astu, measure["level:master"]) == {"on": ("2026-10-01",), "org": ("ASTU",), "level": ("master",)}
    assert table.query_of(table.total, measure["funding:contract"]) == {"on": ("2026-10-01",), "funding": ("contract",)}
    assert table.query_of(table.total, measure["funding:quota"]) is None, "a zero has no list"
    assert table.query_of(table.total, measure["women"]) is None, "the list knows no sex"
    past = made("R01", "ministry", known_at=known(dt.date(2026, 10, 5))).tables[0]
    assert past.query_of(past.total, measure["total"]) is None, "the list shows what is known now"


def test_who_sees_no_persons_gets_no_small_figures(made):
    result = made("R01", "akimat")
    shown = [v for table in result.tables for line in (*table.lines, table.total) if line for v in line.values.values()]
    assert all(not isinstance(v, int) or v == 0 or v >= 5 for v in shown)
    assert "…" in shown
    assert total(result)["total"] == 8
    assert "people" not in total(result)
    assert all(check.detail == "" for check in result.checks)
    assert all(table.base is None for table in result.tables)
    facts = dict(result.facts)
    assert 7 not in facts.values(), "8 − 7 would say that one studies twice"


def test_nobody_asks_for_more_than_six_questions(made, count_queries):
    with count_queries() as asked:
        made("R01", "ministry")
    assert len(asked) <= 6
