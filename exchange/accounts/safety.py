"""Accounts of the demonstration have a published password: production does not start with them."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from exchange.access.actor import SYSTEM
from exchange.access.walls import tell
from exchange.accounts.models import User
from exchange.config import UnsafeSettings, is_serving
from exchange.extensions import db

SENTENCE = "There are {number} demonstration accounts with a published password: remove them or use another database."


def demo_accounts(connection: sa.Connection) -> int:
    """How many active accounts of the demonstration there are; 0 before the first migration."""
    if not sa.inspect(connection).has_table(User.__tablename__):
        return 0
    tell(connection, SYSTEM)
    table = User.__table__
    found = sa.select(sa.func.count()).select_from(table).where(table.c.is_demo, table.c.active)
    return connection.scalar(found) or 0


def check(app: Flask) -> None:
    """Raises UnsafeSettings when a production site is about to serve with accounts of the demonstration.

    Commands of an operator (`flask …`) are let through: `flask check` says the same, and the accounts can be removed.
    """
    if not app.config["PRODUCTION"] or not is_serving():
        return
    with app.app_context():
        try:
            with db.engine.connect() as connection:
                number = demo_accounts(connection)
        except DBAPIError:
            return  # the database is away: the site says so on every page until it is back
        finally:
            db.engine.dispose()  # workers that are forked from here open connections of their own
    if number:
        raise UnsafeSettings(SENTENCE.format(number=number))
