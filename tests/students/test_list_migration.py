"""The migration of the list fills the keys of names that are already there, behind the walls too."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import sqlalchemy as sa

from exchange.access import walls
from exchange.access.actor import SYSTEM
from exchange.people.models import Person, PersonFacts
from exchange.people.names import kazakh_order
from tests.databases import ROOT, Database, flask
from tests.house.test_migrations import empty, owner_engine

__all__ = ["empty"]
NOW = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


def before_the_list() -> str:
    """The migration that the one of the list follows."""
    found = re.search(r'^down_revision = "(\w+)"', (ROOT / "migrations/versions/0004_saved_views.py").read_text(), re.MULTILINE)
    assert found
    return found.group(1)


def test_names_on_file_get_their_place_in_the_kazakh_alphabet(empty: Database, database: str) -> None:
    flask(empty, "db", "upgrade")
    engine = owner_engine(empty)
    facts: Any = PersonFacts.__table__
    with engine.begin() as connection:
        if database == "postgresql":
            walls.tell(connection, SYSTEM)
        office = connection.scalar(sa.text("select min(id) from organisation"))
        person = connection.scalar(
            sa.insert(Person.__table__)
            .values(organisation_id=office, public_id="A" * 12, phone="", email="", address="", is_in_dormitory=False,
                    iin_needs_check=False, created_at=NOW, version=1)
            .returning(Person.__table__.c.id)
        )  # fmt: skip
        said: dict[str, Any] = {column.name: "" for column in facts.c if isinstance(column.type, sa.String)}
        said |= {"region_code": None, "district_code": None, "surname": "Әбенова", "name": "Іңкәр", "sex": "F"}
        connection.execute(
            sa.insert(facts).values(
                **said, person_id=person, organisation_id=office, birth_date=dt.date(2007, 1, 2), is_rf_citizen=False,
                valid_from=dt.date(2007, 1, 2), recorded_at=NOW,
            )
        )  # fmt: skip
    flask(empty, "db", "downgrade", before_the_list())
    flask(empty, "db", "upgrade")
    with engine.begin() as connection:
        if database == "postgresql":
            forced = connection.scalar(sa.text("select relforcerowsecurity from pg_class where relname = 'person_facts'"))
            assert forced, "the wall stands again"
            walls.tell(connection, SYSTEM)
        assert connection.scalars(sa.select(facts.c.sort_key_kk)).all() == [
            f"{kazakh_order('Әбенова')} {kazakh_order('Іңкәр')}"
        ]
    engine.dispose()
