"""A page asks the database few times, and no more often when there is more to show."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from exchange.demo.load import load_students
from tests.house import samples
from tests.house.test_doors import ids, walker
from tests.house.walk import Walker, doors, path_of
from tests.world import World

__all__ = ["ids", "walker"]
MOST = 12
# Not questions: who asks is told, transactions and savepoints begin and end.
NOT_COUNTED = re.compile(r"^\s*(select set_config|savepoint|release|rollback|begin|commit|pragma)", re.IGNORECASE)
# Files that are made from many questions by design: a report asks for each of its tables.
WORKBOOKS = {"reports.workbook", "students.export", "internships.export", "audit.extract"}
VISITORS = ("asu", "altvagon", "ministry", "akimat", "admin", "auditor")


@contextlib.contextmanager
def count_queries(connection: sa.Connection) -> Iterator[list[str]]:
    """The statements that are sent inside, without telling who asks and without savepoints."""
    asked: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not NOT_COUNTED.match(statement):
            asked.append(statement)

    event.listen(connection.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(connection.engine, "before_cursor_execute", note)


def pages(app: Flask, world: World, ids: samples.Ids, visitor: Walker, role: str) -> dict[str, int]:
    """How often each page that the role may open asks."""
    found = {}
    for door in doors(app):
        if door.method != "GET" or door.endpoint in ("static", *WORKBOOKS) or not door.opens_to(role):
            continue
        own = {name: samples.sample(world, ids, visitor.key, door.rule, name).own for name in door.rule.arguments}
        path = path_of(app, door, own) + samples.QUERY.get(door.endpoint, "")
        visitor.ask("GET", path, watched=False)  # what is remembered between requests is remembered now
        with count_queries(visitor.connection) as asked:
            answer = visitor.ask("GET", path, watched=False)
        if answer.status == 200:
            found[path] = len(asked)
    return found


@pytest.mark.sqlite_only  # the questions are the same on both databases
@pytest.mark.parametrize("key", VISITORS)
def test_pages_ask_seldom_and_no_more_often_with_more_students(
    app: Flask, world: World, session: Session, walker: Callable[..., Walker], ids: samples.Ids, key: str, today: Any
) -> None:
    visitor, role = walker(key), str(world.actors[key].role)
    few = pages(app, world, ids, visitor, role)
    assert few
    too_many = [f"{path}: {count}" for path, count in few.items() if count > MOST]
    assert not too_many, f"{key} asks more than {MOST} times:\n" + "\n".join(too_many)
    load_students(session, 200, 1, dt.date(2026, 11, 22))
    session.commit()
    many = pages(app, world, ids, visitor, role)
    more = [f"{path}: {count}, then {many.get(path)}" for path, count in few.items() if many.get(path, 99) > count]
    assert not more, f"{key} asks more often when there are more students:\n" + "\n".join(more)
