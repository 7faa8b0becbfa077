"""Two people change one record: what merges by itself, what is asked, and that nobody loses what was typed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from bs4 import BeautifulSoup

from exchange.internships import actions, merging, queries
from exchange.internships.entry import COLUMNS, Entry
from exchange.internships.models import Internship

TODAY = dt.date(2026, 11, 23)
pytestmark = pytest.mark.usefixtures("today")


def page(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.data, "html.parser")


def address(world: Any, key: str, *rest: str) -> str:
    return "/".join(["/internships", world.internship_public_ids[key], *rest])


# ------------------------------------------------------------------------------------------------------- three ways, pure
@pytest.mark.parametrize(
    ("opened", "theirs", "mine", "choice", "value", "where"),
    [
        ("a", "a", "a", "", "a", ""),
        ("a", "b", "a", "", "b", "taken"),
        ("a", "a", "c", "", "c", "kept"),
        ("a", "b", "b", "", "b", ""),
        ("a", "b", "c", "", "b", "unanswered"),
        ("a", "b", "c", "mine", "c", "clashes"),
        ("a", "b", "c", "theirs", "b", "clashes"),
        (None, "b", "", "", "b", "taken"),
    ],
)
def test_three_ways(opened: str | None, theirs: str, mine: str, choice: str, value: str, where: str) -> None:
    same = dict.fromkeys(COLUMNS, "")
    before = {} if opened == theirs else {"mentor": opened}
    merged = merging.merge({**same, "mentor": mine}, {**same, "mentor": theirs}, before, {"mentor": choice})
    assert merged.values["mentor"] == value
    found = [name for name in ("taken", "kept", "clashes", "unanswered") if getattr(merged, name)]
    assert found == ([] if not where else ["clashes", "unanswered"] if where == "unanswered" else [where])


def test_dates_and_numbers_are_compared_with_what_the_log_remembers() -> None:
    day, iin = dt.date(2026, 11, 16), "041228678907"
    same = dict.fromkeys(COLUMNS, "")
    theirs = {**same, "starts_on": dt.date(2026, 11, 17), "iin": iin}
    mine = {**same, "starts_on": day, "iin": iin}
    assert merging.merge(mine, theirs, {"starts_on": "2026-11-16"}, {}).taken == ["starts_on"]
    renewed = {**mine, "starts_on": dt.date(2026, 11, 17), "iin": "060123501645"}
    assert merging.merge(mine, renewed, {"starts_on": "2026-11-16", "iin": "0412••••8907"}, {}).taken == ["starts_on", "iin"]


# --------------------------------------------------------------------------------------------------------- through the door
def typed(client: Any, world: Any, **changes: str) -> dict[str, Any]:
    """The edit form as it was opened, with changes."""
    soup = page(client.get(address(world, "minor", "edit")))
    given: dict[str, Any] = {}
    for field in soup.select("form[method=post] [name]"):
        if field.name == "select":
            chosen = field.select_one("option[selected]")
            given[str(field["name"])] = chosen["value"] if chosen else ""
        elif field.get("type") != "radio" or field.has_attr("checked"):
            given[str(field["name"])] = field.get("value", "")
    return {k: v for k, v in given.items() if k not in ("do", "csrf_token")} | changes


def change(session: Any, world: Any, as_: Any, **changes: Any) -> None:
    """A colleague changes the record meanwhile."""
    with as_(world.actors["altvagon"]) as theirs:
        found = queries.internship(theirs, world.internship_public_ids["minor"])
        entry = Entry(**{**queries.entry_of(found), **changes}, university_is_here=True)
        actions.edit_internship(theirs, found, entry, found.version, TODAY)


def test_different_fields_merge_by_themselves(world: Any, client: Any, login: Any, as_: Any, session: Any) -> None:
    login(client, "altvagon@example.org")
    mine = typed(client, world, department="Литейный цех")
    change(session, world, as_, mentor="Гусев М. Н.")
    answer = client.post(address(world, "minor", "edit"), data=mine)
    assert answer.status_code == 303
    assert "руководитель от предприятия" in client.get(answer.location).text
    session.expire_all()
    found = session.get_one(Internship, world.internships["minor"])
    assert (found.department, found.mentor, found.iin) == ("Литейный цех", "Гусев М. Н.", world.iins["tolegenova"])


def test_the_same_field_is_asked_and_nothing_is_lost(world: Any, client: Any, login: Any, as_: Any, session: Any) -> None:
    login(client, "altvagon@example.org")
    mine = typed(client, world, mentor="Орлова Н. П.", department="Литейный цех")
    change(session, world, as_, mentor="Гусев М. Н.", programme="Преддипломная практика")
    answer = client.post(address(world, "minor", "edit"), data=mine)
    assert answer.status_code == 409
    soup = page(answer)
    alert = soup.select_one(".errsum")
    assert alert is not None
    assert "Изменения: Altvagon Tester, 23.11.2026" in alert.get_text()
    row = soup.select_one("#choice-mentor")
    assert row is not None
    assert all(who in row.get_text() for who in ("Лапина О. В.", "Гусев М. Н.", "Орлова Н. П."))
    assert not soup.select("[type=radio][checked]")
    assert "Преддипломная практика" in soup.get_text()
    sent = [
        (f["name"], f.get("value", ""))
        for f in soup.select("form[method=post] input[type=hidden]")
        if f["name"] != "csrf_token"
    ]
    # nothing chosen: asked again only when something else was; a choice for the field saves
    chosen = client.post(address(world, "minor", "edit"), data=dict(sent) | {"choice-mentor": "mine"})
    assert chosen.status_code == 303
    session.expire_all()
    found = session.get_one(Internship, world.internships["minor"])
    assert (found.mentor, found.department, found.programme) == ("Орлова Н. П.", "Литейный цех", "Преддипломная практика")


def test_hours_of_the_second_stay_on_the_page(world: Any, client: Any, login: Any, as_: Any, session: Any) -> None:
    login(client, "altvagon@example.org")
    data = {"version": "1", "planned-2026-11-16": "24", "done-2026-11-16": "24", "planned-2026-11-23": "24"}
    with as_(world.actors["altvagon"]) as theirs:
        found = queries.internship(theirs, world.internship_public_ids["minor"])
        actions.record_weeks(theirs, found, {dt.date(2026, 11, 16): (24, 16, "")}, 1, TODAY)
    answer = client.post(address(world, "minor", "weeks"), data=data)
    assert answer.status_code == 409
    assert "Сейчас записано 16" in answer.text
    assert "Altvagon Tester" in answer.text
    version = page(answer).select_one("form[method=post] [name=version]")
    assert version is not None
    assert client.post(address(world, "minor", "weeks"), data={**data, "version": version["value"]}).status_code == 303
    session.expire_all()
    assert session.get_one(Internship, world.internships["minor"]).hours_done == 24
