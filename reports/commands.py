"""`flask --app wsgi report list` and `report make`: the same reports for an operator."""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from exchange.access.actor import SYSTEM, Actor, asking
from exchange.access.permissions import Permission
from exchange.access.terminal import Misused, Refused
from exchange.accounts.queries import standing_of, user_by_email
from exchange.database import now, only_reading
from exchange.extensions import db
from exchange.web.pages import today
from reports.catalogue import REPORTS
from reports.institutions import institutions
from reports.issue import prepare
from reports.parameters import Calendar, read
from reports.report import Parameters, Reader, Report

report = AppGroup("report", help="Reports: which there are, and making one into a workbook.")
# Options as they are called in addresses.
OPTIONS = {"on": "on", "known_at": "known_at", "since": "from", "until": "to", "organisation": "org", "level": "level",
           "form": "form", "funding": "funding"}  # fmt: skip
SPELT = {"known_at": "--known-at", "org": "--organisation"}


def _options(fields: Iterable[str]) -> str:
    """The options for parameters of an address."""
    return ", ".join(SPELT.get(name, f"--{name}") for name in fields)


def asking_as_the_system(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command begins as the system; it may go on as an account, in a session of its own."""

    @with_appcontext
    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            with asking(SYSTEM):
                command(*args, **kwargs)
        finally:
            only_reading(False)

    return run


@report.command("list")
@asking_as_the_system
def list_reports() -> None:
    """Number, title, parameters and roles of every report."""
    for one in REPORTS.values():
        roles = ", ".join(sorted(one.roles))
        options = _options(one.fields)
        click.echo(f"{one.number}  {one.title}\n     {options}\n     {roles}")


@report.command("make")
@click.argument("number")
@click.option("--on", "on", help="Day of the report; the last 1 October when not given. For R08 the end of its year so far.")
@click.option("--known-at", help="As known at this moment, e.g. 2026-10-05T12:00 (Barnaul time where no zone is named).")
@click.option("--from", "since", help="First day of a report over a period; 1 January of the year of --on when not given.")
@click.option("--to", "until", help="Last day of a report over a period; --on when not given.")
@click.option("--organisation", help="Code of a university: it and its branches.")
@click.option("--level", help="Code of a level of education.")
@click.option("--form", help="Code of a mode of study.")
@click.option("--funding", help="budget, quota, contract or other.")
@click.option("--as", "email", help="Act with the rights of this account; as the system when not given.")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The .xlsx file to write.")
@asking_as_the_system
def make(number: str, email: str | None, output: Path, **given: str | None) -> None:
    """Make the report NUMBER into a workbook; the download is recorded in the audit."""
    chosen = REPORTS.get(number.upper())
    if chosen is None:
        raise Misused(f"There is no report {number}: choose one of {', '.join(REPORTS)}.")
    if not output.parent.is_dir() or not os.access(output.parent, os.W_OK):
        raise Misused(f"{output.parent} is not a folder that can be written to.")
    actor = _account(email) if email else SYSTEM
    with asking(actor):
        issue = prepare(db.session(), chosen, _parameters(chosen, actor, given), actor)
    db.session.remove()
    _put(output, issue.content)
    made = issue.written
    click.echo(f"{output}: {issue.number}, {made.rows} rows, {made.bytes} bytes, sha256 {made.sha256}")
    for check in issue.result.checks:
        if not check.ok:
            click.echo(f"Control sum {check.id} does not agree: {check.text} {check.detail}", err=True)


def _account(email: str) -> Actor:
    """The actor behind an account; the session that looked it up is closed, since it served the system."""
    user = user_by_email(db.session(), email)
    standing = standing_of(db.session(), user.fs_uniquifier, today()) if user is not None and user.active else None
    actor = standing.actor() if standing else None
    db.session.remove()
    if actor is None:
        raise Refused(f"{email} has no account that may do anything today.")
    return actor


def _parameters(chosen: Report, actor: Actor, given: dict[str, str | None]) -> Parameters:
    """Refuses what the account may not do; says what is wrong with the parameters."""
    grants = current_app.extensions["doors"]["grants"]
    may = actor is SYSTEM or Permission.REPORT_READ in grants.get(actor.role, frozenset())
    if not may or not chosen.may_be_made_by(actor.role):
        raise Refused(f"An account with the role {actor.role} may not make {chosen.number}.")
    asks = (*chosen.asks(Reader.of(actor)), *(["on"] if chosen.is_over_period else []))
    raw = {OPTIONS[name]: value for name, value in given.items() if value}
    strange = sorted(set(raw) - set(asks))
    if strange:
        raise Misused(f"{chosen.number} for {actor.role} does not take {_options(strange)}.")
    only_reading(True)
    calendar = Calendar(today(), current_app.config["DATA_BEGINS_ON"], now())
    if chosen.is_over_period and "on" not in raw:
        asks = chosen.asks(Reader.of(actor))
    found = read(raw, asks, calendar, institutions(db.session()))
    if not found.is_right:
        raise Misused("\n".join(f"{_options([name])}: {sentence}" for name, sentence in found.errors.items()))
    return found.parameters()


def _put(output: Path, content: bytes) -> None:
    """A whole file or none."""
    descriptor, unfinished = tempfile.mkstemp(prefix=".", suffix=".xlsx", dir=output.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        mask = os.umask(0)
        os.umask(mask)
        Path(unfinished).chmod(0o666 & ~mask)
        Path(unfinished).replace(output)
    except OSError as error:
        Path(unfinished).unlink(missing_ok=True)
        raise Misused(f"{output} can't be written: {error.strerror}.") from error


COMMANDS = (report,)
