"""Handing a workbook out: it gets a number, it is written, its line goes into the audit, and only then it is sent."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.actor import Actor, Role
from exchange.audit.actions import record
from exchange.audit.models import AuditHead
from exchange.database import now, only_reading
from exchange.spreadsheets.writer import Written, file_name, write
from exchange.web.pages import BARNAUL, day
from reports import passport
from reports.institutions import institutions
from reports.report import Parameters, Reader, Report, Result, selection_in_words


@dataclass(frozen=True)
class Issue:
    """A workbook that was handed out."""

    number: str
    file_name: str
    content: bytes
    written: Written
    result: Result


def issue_number(sequence: int, at: dt.datetime) -> str:
    """R-2026-000317: the number of the line of the audit that tells of this download."""
    return f"R-{at.astimezone(BARNAUL).year}-{sequence:06d}"


def prepare(session: Session, report: Report, parameters: Parameters, actor: Actor) -> Issue:
    """Makes the report and records the download in a transaction of its own, which is committed here.

    The figures are read first, without a lock. Then the end of the chain is locked, so that the number on the cover is the
    number of the line; writing the small workbook takes a few hundredths of a second.
    """
    reader = Reader.of(actor)
    result = report.make(session, parameters, reader)
    known = institutions(session)
    selection = selection_in_words(parameters, known)
    scope = _scope(report, parameters, reader)
    session.rollback()

    only_reading(False)
    session.execute(sa.update(AuditHead).values(sequence=AuditHead.sequence).execution_options(synchronize_session=False))
    sequence = session.execute(sa.select(AuditHead.sequence)).scalar_one() + 1
    made_at = now()
    number = issue_number(sequence, made_at)
    book = passport.workbook(
        report, result, parameters, reader, selection=selection, made_by=_author(actor), made_at=made_at, number=number,
        address=current_app.config["SITE_ADDRESS"],
    )  # fmt: skip
    target = io.BytesIO()
    written = write(book, target)
    record(
        session, "report:downloaded", ("report", report.number), number=number, parameters=parameters.as_address(),
        rows=written.rows, bytes=written.bytes, sha256=written.sha256, data=result.digest(),
        checks_failed=[check.id for check in result.checks if not check.ok],
    )  # fmt: skip
    session.commit()
    until = parameters.until if report.is_over_period and parameters.until else parameters.on
    name = file_name([report.number, report.slug, until, scope, number])
    return Issue(number, name, target.getvalue(), written, result)


def _author(actor: Actor) -> str:
    if actor.role is Role.SYSTEM:
        return _("оператор сервера")
    return ", ".join(part for part in (actor.name, actor.organisation_name) if part) or str(actor.role)


def _scope(report: Report, parameters: Parameters, reader: Reader) -> str:
    """A part of the file's name: whose figures."""
    if reader.sees_own:
        return reader.organisation_name
    if parameters.organisation:
        return parameters.organisation
    return _("все предприятия") if report.is_over_period else _("все вузы")


def period_in_words(report: Report, parameters: Parameters) -> str:
    """The day or the days of a report, short."""
    if report.is_over_period:
        return _("с %(first)s по %(last)s", first=day(parameters.since), last=day(parameters.until))
    return day(parameters.on)
