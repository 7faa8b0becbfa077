"""Lists and figures of the small known world, counted by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.internships import queries
from exchange.internships.models import Internship
from exchange.internships.queries import Filters

DAY = dt.date
TODAY = DAY(2026, 11, 23)


def shown(session: Any, filters: Filters, world: Any, tab: str = "all", sort: str = "-starts") -> list[str]:
    keys = {value: key for key, value in world.internship_public_ids.items()}
    return [keys[one.public_id] for one in queries.page(session, filters, tab, TODAY, sort, 0, 50)]


@pytest.mark.parametrize(
    ("actor", "counts"),
    [
        ("ministry", (1, 1, 0, 2, 0, 4)),
        ("auditor", (1, 1, 0, 2, 0, 4)),
        ("altvagon", (1, 1, 0, 0, 0, 2)),
        ("altkoks", (0, 0, 0, 2, 0, 2)),
        ("asu", (1, 0, 0, 0, 0, 1)),
        ("branch", (1, 0, 0, 0, 0, 1)),
        ("astu", (0, 1, 0, 1, 0, 2)),
        ("akimat", (0, 0, 0, 0, 0, 0)),
        ("admin", (0, 0, 0, 0, 0, 0)),
    ],
)
def test_who_counts_what(world: Any, as_: Any, actor: str, counts: tuple[int, ...]) -> None:
    with as_(world.actors[actor]) as session:
        found = queries.counts(session, Filters(), TODAY)
    assert tuple(found[tab] for tab in ("preparing", "running", "unmarked", "done", "broken_off", "all")) == counts


def test_whose_last_day_is_over_waits_for_a_mark(world: Any, as_: Any) -> None:
    with as_(world.actors["ministry"]) as session:
        later = queries.counts(session, Filters(), DAY(2026, 12, 13))
        assert (later["running"], later["unmarked"]) == (0, 1)


@pytest.mark.parametrize(
    ("filters", "keys"),
    [
        (Filters(), ["waiting", "minor", "specialist", "summer"]),
        (Filters(words="толегенова"), ["minor"]),
        (Filters(words="Tolegenova"), ["minor"]),
        (Filters(words="молдир тол"), ["minor"]),
        (Filters(words="асель"), ["waiting"]),
        (Filters(words="ким виктор"), ["summer"]),
        (Filters(words="никто"), []),
        (Filters(words="***"), []),
        (Filters(words="%"), []),
        (Filters(kind="specialist"), ["specialist"]),
        (Filters(since=DAY(2026, 12, 13)), ["waiting"]),
        (Filters(since=DAY(2026, 12, 12)), ["waiting", "minor"]),
        (Filters(until=DAY(2026, 9, 6)), ["summer"]),
        (Filters(since=DAY(2026, 7, 25), until=DAY(2026, 9, 7)), ["specialist", "summer"]),
    ],
)
def test_filters(world: Any, as_: Any, filters: Filters, keys: list[str]) -> None:
    with as_(world.actors["ministry"]) as session:
        assert shown(session, filters, world) == keys
        assert queries.counts(session, filters, TODAY)["all"] == len(keys)


def test_filter_by_number_university_and_enterprise(world: Any, as_: Any) -> None:
    with as_(world.actors["ministry"]) as session:
        assert shown(session, Filters(words=world.iins["kim"]), world) == ["summer"]
        assert shown(session, Filters(university_id=world.organisations["ASTU"]), world) == ["minor", "summer"]
        assert shown(session, Filters(enterprise_id=world.organisations["ALTKOKS"]), world) == ["specialist", "summer"]
        hosts, senders = queries.choices_of_organisations(session)
        assert [code for _id, code, _name in hosts] == ["ALTKOKS", "ALTVAGON"]
        assert [code for _id, code, _name in senders] == ["ASTU", "ASU-RUB"]


@pytest.mark.parametrize(
    ("sort", "keys"),
    [
        ("name", ["specialist", "waiting", "summer", "minor"]),
        ("-name", ["minor", "summer", "waiting", "specialist"]),
        ("starts", ["summer", "specialist", "minor", "waiting"]),
        ("-ends", ["waiting", "minor", "specialist", "summer"]),
    ],
)
def test_sorts(world: Any, as_: Any, sort: str, keys: list[str]) -> None:
    with as_(world.actors["ministry"]) as session:
        assert shown(session, Filters(), world, sort=sort) == keys


def test_on_a_day(world: Any, session: Any) -> None:
    def there(day: dt.date) -> int:
        return session.scalar(sa.select(sa.func.count()).select_from(Internship).where(queries.on_day(day)))

    assert [there(day) for day in (DAY(2026, 6, 28), DAY(2026, 6, 29), DAY(2026, 7, 25), DAY(2026, 7, 26))] == [0, 1, 1, 0]
    assert there(DAY(2026, 12, 2)) == 1  # the planned one is not at work


def test_figures_of_the_year(world: Any, session: Any) -> None:
    rows = session.execute(queries.figures_by_enterprise(DAY(2026, 1, 1), DAY(2026, 12, 31))).all()
    of = {row.code: row for row in rows}
    assert set(of) == {"ALTVAGON", "ALTKOKS"}
    names = (
        "students", "specialists", "hours_planned", "hours_done", "started", "finished", "evaluated", "grades", "grade_sum",
        "hired", "invited",
    )  # fmt: skip
    assert [getattr(of["ALTVAGON"], n) for n in names] == [2, 0, 196, 20, 1, 0, 0, 0, 0, 0, 0]
    assert [getattr(of["ALTKOKS"], n) for n in names] == [1, 1, 264, 256, 2, 2, 2, 2, 9, 0, 0]
    assert of["ALTKOKS"].city == "Заринск"


def test_figures_of_a_period_leave_out_other_days_and_cancelled_ones(world: Any, session: Any) -> None:
    def counted(first: dt.date, last: dt.date, *also: Any) -> int:
        asked = queries.internships_in(first, last, *also)
        return session.scalar(sa.select(sa.func.count()).select_from(asked.with_only_columns(Internship.id).subquery()))

    assert counted(DAY(2026, 7, 25), DAY(2026, 9, 7)) == 2
    assert counted(DAY(2026, 7, 26), DAY(2026, 9, 6)) == 0
    assert counted(DAY(2026, 1, 1), DAY(2026, 12, 31)) == 4
    assert counted(DAY(2026, 1, 1), DAY(2026, 12, 31), Internship.kind == "specialist") == 1
    session.get_one(Internship, world.internships["waiting"]).status = "cancelled"
    session.flush()
    assert counted(DAY(2026, 1, 1), DAY(2026, 12, 31)) == 3
