"""R08 over the known world: three internships have a day in 2026 up to 23 November, one begins later."""

from __future__ import annotations

import datetime as dt

from exchange.internships.models import Internship
from tests.reports.conftest import total

YEAR = {"since": dt.date(2026, 1, 1), "until": dt.date(2026, 11, 23)}


def by_name(result):
    return {line.labels[1]: line.values for line in result.tables[0].lines if line.kind != "head"}


def test_by_hand(made):
    result = made("R08", "ministry", **YEAR)
    assert {key: total(result)[key] for key in ("total", "students", "specialists", "started", "finished", "evaluated")} == {
        "total": 3, "students": 2, "specialists": 1, "started": 3, "finished": 2, "evaluated": 2,
    }  # fmt: skip
    assert (total(result)["hours_planned"], total(result)["hours_done"], total(result)["grade"]) == (360, 276, 4.5)
    assert (total(result)["invited"], total(result)["hired"]) == (0, 0)
    assert result.is_whole


def test_the_period(made):
    june = made("R08", "ministry", since=dt.date(2026, 6, 1), until=dt.date(2026, 6, 30))
    assert (total(june)["total"], total(june)["grade"]) == (1, 4.0)
    december = made("R08", "ministry", since=dt.date(2026, 12, 1), until=dt.date(2026, 12, 31))
    assert (total(december)["total"], total(december)["started"]) == (2, 1)


def test_an_enterprise_gets_its_own(made):
    own = made("R08", "altkoks", **YEAR)
    assert len(by_name(own)) == 1
    assert (total(own)["students"], total(own)["specialists"]) == (1, 1)


def test_a_university_gets_its_students(made):
    assert total(made("R08", "astu", **YEAR))["total"] == 2
    assert total(made("R08", "asu", **YEAR))["total"] == 0


def test_more_hours_than_the_weeks_have_room_for(made, session, world):
    """29.06 to 25.07 are four calendar weeks of 40 hours: 160 are possible, 161 are not."""
    summer = session.get_one(Internship, world.internships["summer"])
    summer.hours_done = 160
    session.flush()
    assert made("R08", **YEAR).is_whole
    summer.hours_done = 161
    session.flush()
    failed = [check for check in made("R08", **YEAR).checks if not check.ok]
    assert [(check.id, check.detail[-1]) for check in failed] == [("C11", "1")]


def test_who_sees_no_persons(made):
    result = made("R08", "akimat", **YEAR)
    figures = [v for line in (*result.tables[0].lines, result.tables[0].total) for v in line.values.values()]
    assert not [v for v in figures if isinstance(v, float)], "the marks of three people are not shown"
    shown = {m.key for m in result.tables[0].measures}
    lines = (*result.tables[0].lines, result.tables[0].total)
    assert all(line.values[key] in (0, "<5", "…") for line in lines for key in shown if line.values[key] is not None)
