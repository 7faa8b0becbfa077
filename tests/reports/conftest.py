"""Making reports in tests: as somebody of the known world, and reading workbooks back."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from exchange.access.actor import SYSTEM
from reports.catalogue import REPORTS
from reports.report import Parameters, Reader

ON = dt.date(2026, 10, 1)


@pytest.fixture
def made(app, world, as_):
    """`made("R01", "ministry", known_at=…)`: the result of a report made by an account of the world (or the system)."""

    def make(number, key="", on=ON, **others):
        actor = world.actors[key] if key else SYSTEM
        with as_(actor) as session:
            return REPORTS[number].make(session, Parameters(on, **others), Reader.of(actor))

    return make


def rows(table):
    """First label -> figures, for a table of a result; parts of a head organisation by name and kind of row."""
    return {(line.labels if line.kind == "part" else line.labels[0]): dict(line.values) for line in table.lines}


def total(result):
    return result.tables[0].total.values


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def cells(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def facts(book):
    """Label -> value of the cover."""
    return {row[0]: row[1] for row in cells(book.worksheets[0]) if row[0]}


@pytest.fixture
def count_queries(app):
    """`with count_queries() as asked:` gathers the statements that read or write rows."""
    import contextlib

    import sqlalchemy as sa

    @contextlib.contextmanager
    def gather():
        asked = []

        def note(connection, cursor, statement, *others):
            if statement.split()[0].upper() in ("SELECT", "UPDATE", "INSERT", "DELETE") and "set_config" not in statement:
                asked.append(statement)

        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            yield asked
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)

    return gather
