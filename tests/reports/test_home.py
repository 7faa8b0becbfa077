"""The home page of a university: records that somebody should look at, each figure a link to the list that adds up to it."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.people.models import Person

pytestmark = pytest.mark.usefixtures("today")


def checks(client: FlaskClient, address: str = "/overview") -> dict[str, tuple[str, str]]:
    """Name of a problem -> its figure and where it leads."""
    page = BeautifulSoup(client.get(address).text, "html.parser")
    found = {}
    for chip in page.select("section[aria-labelledby=checks] a.chip"):
        figure = chip.select("b")[0].extract().get_text()
        found[chip.get_text().strip()] = (figure, str(chip["href"]))
    return found


def test_every_figure_is_the_length_of_its_list(client: FlaskClient, login: Any, world: Any, session: Session) -> None:
    login(client, world.emails["astu"])
    session.get_one(Person, world.persons["kim"]).iin_needs_check = True  # studies twice: two records
    session.get_one(Person, world.persons["orazbayeva"]).iin = None
    session.commit()
    found = checks(client)
    assert {name: figure for name, (figure, _) in found.items()} == {"Неполные": "1", "ИИН под сомнением": "2"}
    for name, (figure, address) in found.items():
        listed = BeautifulSoup(client.get(address).text, "html.parser")
        assert listed.select("h1")[0].get_text().split()[-1] == figure, name


def test_a_past_day_says_the_same(client: FlaskClient, login: Any, world: Any) -> None:
    """Records are looked after now, whatever day the figures of the overview are of."""
    login(client, world.emails["astu"])
    assert checks(client, "/overview?on=2025-10-01") == checks(client)


def test_who_can_mend_nothing_is_asked_nothing(client: FlaskClient, login: Any, world: Any) -> None:
    login(client, world.emails["ministry"])
    assert checks(client) == {}
