"""Measurements that run in a process of their own: `python -m bench.child NAME OPTIONS`; the last line is the result."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import re
import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import event
from sqlalchemy.engine import make_url

from bench.ground import forget_peak, interleaved, peak

ROUNDS = 40
PASSWORD = "demo-Altai-2026"  # noqa: S105  of the demo accounts


def site() -> Flask:
    """The whole site, without the tokens of forms, which belong to browsers."""
    import wsgi

    app = wsgi.build({"WTF_CSRF_ENABLED": False})
    logging.getLogger("exchange.requests").setLevel(logging.WARNING)
    return app


def visitor(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/login", data={"email": email, "password": PASSWORD})
    if answer.status_code not in (302, 303):
        raise SystemExit(f"{email} was not let in: {answer.status_code}")
    return client


def get(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return answer.get_data(as_text=True)


# -------------------------------------------------------------------------------------------------------- the list page
def statements_of(app: Flask, ask: Callable[[], Any]) -> list[tuple[str, Any]]:
    """The questions about students that a page asks, as the database gets them."""
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")) and (
            "study_period" in statement or "person_facts" in statement
        ):
            asked.append((statement, parameters))

    event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(sa.Engine, "before_cursor_execute", note)
    return asked


def minimal(database: str, asked: Sequence[tuple[str, Any]], page: str) -> FlaskClient:
    """What one would write by hand: a Flask view with the same questions and a page of the same bytes."""
    app = Flask("minimal")
    connection = sqlite3.connect(database)
    size = len(page.encode())

    @app.get("/students")
    def students() -> Response:
        rows: list[Any] = []
        for statement, parameters in asked:
            rows += connection.execute(statement, parameters).fetchall()
        body = "".join("<tr>" + "".join(f"<td>{value}</td>" for value in row) + "</tr>" for row in rows)
        head = "<!doctype html><title>Students</title><table>"
        missing = size - len(head.encode()) - len(body.encode())
        return Response(head + body + " " * max(0, missing), mimetype="text/html")

    return app.test_client()


def list_page(path: str = "/students", email: str = "ministry@demo.example") -> dict[str, float]:
    """CPU of a page of the list against the minimal view, asked in turn."""
    app = site()
    client = visitor(app, email)
    for _ in range(3):
        page = get(client, path)
    asked = statements_of(app, lambda: get(client, path))
    database = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database or ""
    peer = minimal(database, asked, page)
    get(peer, "/students")
    ours, theirs = interleaved(ROUNDS, lambda: get(client, path), lambda: get(peer, "/students"))
    return {"ours": ours, "theirs": theirs, "bytes": len(page.encode()), "questions": len(asked), "memory": peak()}


# ------------------------------------------------------------------------------------------------------------- downloads
def export(how: str = "site", email: str = "ministry@demo.example") -> dict[str, float]:
    """The list of all students as a workbook. `how`: as the site does it, only the rows, or a bare loop of openpyxl."""
    from exchange.spreadsheets.writer import Written
    from exchange.students.views import exports

    app = site()
    client = visitor(app, email)
    written = {"rows": 0}

    def only_rows(book: Any, target: Any) -> Any:
        for _ in book.sheets[0].rows:
            written["rows"] += 1
        return Written(rows=written["rows"], sha256="", bytes=0)

    def bare_loop(book: Any, target: Any) -> Any:
        sheet = (workbook := Workbook(write_only=True)).create_sheet()
        for row in book.sheets[0].rows:
            sheet.append(row)
            written["rows"] += 1
        workbook.save(target)
        return Written(rows=written["rows"], sha256="", bytes=0)

    if how != "site":
        vars(exports)["write"] = {"rows": only_rows, "loop": bare_loop}[how]
    get(client, "/students")
    client.get("/students/export.xlsx?q=nobody-is-called-this").close()
    forget_peak()
    before, began, clock = peak(), time.process_time(), time.perf_counter()
    answer = client.get("/students/export.xlsx", buffered=False)
    size = sum(len(piece) for piece in answer.iter_encoded())
    if answer.status_code != 200:
        raise SystemExit(f"the export answered {answer.status_code}")
    answer.close()
    if how != "site" and not written["rows"]:
        raise SystemExit("the export was not measured: it no longer writes where the bench looks")
    return {
        "cpu": time.process_time() - began, "wall": time.perf_counter() - clock, "growth": peak() - before, "bytes": size,
    }  # fmt: skip


# ---------------------------------------------------------------------------------------------------------- a large register
def pages(email: str = "ministry@demo.example") -> dict[str, float]:
    """Milliseconds by the clock of the pages that people live in: right after a change of data, and after that."""
    from exchange.students import figures

    app = site()
    client = visitor(app, email)
    record = re.findall(r'href="(/students/[0-9A-Z]{12})["?]', get(client, "/students"))[3]
    told: dict[str, float] = {}
    for name, path in (
        ("list", "/students"), ("list by name", "/students?sort=name"), ("page 5", "/students?sort=name&page=5"),
        ("search, two words", "/students?q=ахметов+айгерим"), ("search, a number", "/students?q=412"), ("card", record),
    ):  # fmt: skip
        get(client, path)
        figures._remembered.clear()
        began = time.perf_counter()
        get(client, path)
        told[f"{name}, after a change"] = (time.perf_counter() - began) * 1000
        taken = []
        for _ in range(15):
            began = time.perf_counter()
            get(client, path)
            taken.append((time.perf_counter() - began) * 1000)
        told[name] = median(taken)
    return told


def contingent(day: str) -> dict[str, float]:
    """Milliseconds of the contingent on a day as the ministry counts it, walls and all, against a count over a flat table."""
    from exchange.access.actor import Actor, Role
    from exchange.access.walls import tell
    from exchange.students.contingent import contingent_size

    on = dt.date.fromisoformat(day)
    site_engine = sa.create_engine(os.environ["DATABASE_URL"])
    owner = sa.create_engine(os.environ["DATABASE_OWNER_URL"])
    with owner.begin() as connection:
        connection.exec_driver_sql("select set_config('exchange.role', 'system', true)")
        connection.exec_driver_sql("create schema if not exists bench")
        connection.exec_driver_sql("drop table if exists bench.flat")
        connection.exec_driver_sql(
            "create table bench.flat as select p.student_id, p.organisation_id, p.valid_from, p.valid_to, p.status_code, "
            "p.in_contingent, p.level_code, p.form_code, p.course, f.citizenship, f.is_rf_citizen, f.region_code "
            "from study_period p join person_facts f on f.person_id = p.person_id and f.superseded_at is null "
            "and f.valid_from <= p.valid_from and (f.valid_to is null or f.valid_to > p.valid_from) "
            "where p.superseded_at is null"
        )
        connection.exec_driver_sql("analyze bench.flat")
    flat = sa.text(
        "select count(*) from bench.flat where valid_from <= :on and (valid_to is null or valid_to > :on) and in_contingent "
        "and citizenship = 'KZ' and not is_rf_citizen"
    )
    ours = contingent_size(on)
    taken: dict[str, list[float]] = {"ours": [], "flat": []}
    counted = set()
    with site_engine.connect() as asking, owner.connect() as plain:
        tell(asking, Actor(role=Role.MINISTRY, name="bench"))
        for _ in range(7):
            for name, connection, statement in (("ours", asking, ours), ("flat", plain, flat)):
                began = time.perf_counter()
                counted.add(connection.execute(statement, {"on": on} if name == "flat" else {}).scalar_one())
                taken[name].append((time.perf_counter() - began) * 1000)
    if len(counted) != 1:
        raise SystemExit(f"the two counts do not agree: {counted}")
    return {name: median(times) for name, times in taken.items()} | {"counted": counted.pop()}


# --------------------------------------------------------------------------------------------------------------- rosters
def bare_import(file: str) -> dict[str, float]:
    """Reading the file with openpyxl and inserting its rows, with nothing checked."""
    from openpyxl import load_workbook

    began = time.process_time()
    workbook = load_workbook(file, read_only=True)
    rows: Iterable[Any] = list(workbook.active.iter_rows(min_row=2, values_only=True))
    connection = sqlite3.connect(Path(file).with_suffix(".bare.sqlite3"))
    width = len(next(iter(rows)))
    connection.execute(f"create table if not exists roster ({', '.join(f'c{n}' for n in range(width))})")
    connection.executemany(f"insert into roster values ({', '.join('?' * width)})", rows)
    connection.commit()
    workbook.close()
    return {"cpu": time.process_time() - began}


def validated_import(file: str) -> dict[str, float]:
    """The same reader, the same form for each row, one insert in bulk, and nothing around them: the floor of an import.

    What the rows say is worked out beforehand and not measured.
    """
    from exchange.imports import actions
    from exchange.imports.checking import understand
    from exchange.imports.kinds import KINDS
    from exchange.students.student_form import StudentForm

    content, today = Path(file).read_bytes(), dt.date(2026, 11, 23)
    with site().test_request_context():
        understood = understand(KINDS["students"], None, actions.read(content), "roster.xlsx", today, 100_000)
        said = [dict(row.reading.values) for row in understood.rows]
        began = time.process_time() + _of_children()
        actions.read(content)
        for values in said:
            StudentForm.from_row(values, today=today).validate()
        connection = sqlite3.connect(Path(file).with_suffix(".floor.sqlite3"))
        names = sorted({name for values in said for name in values})
        connection.execute(f"create table roster ({', '.join(names)})")
        rows = ([str(values.get(name, "")) for name in names] for values in said)
        connection.executemany(f"insert into roster values ({', '.join('?' * len(names))})", rows)
        connection.commit()
        return {"cpu": time.process_time() + _of_children() - began}


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


MEASUREMENTS: dict[str, Callable[..., dict[str, float]]] = {
    "list_page": list_page, "export": export, "bare_import": bare_import, "validated_import": validated_import,
    "pages": pages, "contingent": contingent,
}  # fmt: skip

if __name__ == "__main__":
    result = MEASUREMENTS[sys.argv[1]](**json.loads(sys.argv[2]))
    print(json.dumps(result))
