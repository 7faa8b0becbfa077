"""The doors of the reports: by question, on a screen, as a workbook; every download is recorded before it is sent."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request

from exchange.access.actor import current_actor
from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.database import now
from exchange.extensions import db
from exchange.spreadsheets.writer import MIMETYPE, content_disposition
from exchange.web.pages import today
from reports import links, passport
from reports.catalogue import REPORTS, reports_for
from reports.institutions import Institutions, institutions
from reports.issue import period_in_words, prepare
from reports.parameters import Asked, Calendar, Given, read
from reports.report import Reader, Report, selection_in_words

room = Blueprint("reports", __name__, url_prefix="/reports")


def calendar() -> Calendar:
    """The days that can be asked for now."""
    return Calendar(today(), current_app.config["DATA_BEGINS_ON"], now())


def _report(number: str) -> Report:
    """A report that the actor may make; others are not there."""
    report = REPORTS.get(number)
    if report is None or not report.may_be_made_by(current_actor().role):
        abort(404)
    return report


def _given(report: Report, reader: Reader) -> tuple[Given, Institutions]:
    known = institutions(db.session())
    return read(request.args, report.asks(reader), calendar(), known), known


def _form(given: Given, known: Institutions, prefix: str) -> Asked:
    """The form of a card; several stand on one page, so each has ids of its own."""
    form = Asked(formdata=None, meta={"csrf": False}).offer(known).show(given)
    for field in form:
        field.id = f"{prefix}-{field.name}"
    return form


def _card(report: Report, reader: Reader, given: Given, known: Institutions) -> dict[str, Any]:
    fields = {field.name: field for field in _form(given, known, report.number)}
    return {"report": report, "fields": [fields[name] for name in report.asks(reader)]}


@room.get("")
@allow(Permission.REPORT_READ)
def index() -> str:
    """Reports by question."""
    reader = Reader.of(current_actor())
    known = institutions(db.session())
    cards = [
        _card(report, reader, read({}, report.asks(reader), calendar(), known), known)
        for report in reports_for(current_actor().role)
    ]
    return render_template("reports/index.html", cards=cards, reader=reader, scope=passport.scope_in_words(reader))


@room.get("/<string(maxlength=10):number>")
@allow(Permission.REPORT_READ)
def show(number: str) -> Any:
    """A report on a screen: the same figures, a list behind each."""
    report = _report(number)
    reader = Reader.of(current_actor())
    given, known = _given(report, reader)
    card = _card(report, reader, given, known)
    if not given.is_right:
        return render_template("reports/show.html", result=None, reader=reader, errors=_errors(card), **card), 422
    parameters = given.parameters()
    result = report.make(db.session(), parameters, reader)
    return render_template(
        "reports/show.html", result=result, reader=reader, parameters=parameters, link=links.students,
        selection=selection_in_words(parameters, known), scope=passport.scope_in_words(reader), errors=[],
        period=period_in_words(report, parameters), **card,
    )  # fmt: skip


@room.get("/<string(maxlength=10):number>.xlsx")
@allow(Permission.REPORT_READ)
def workbook(number: str) -> Any:
    """The workbook. The line of the audit is written first: what is sent is recorded."""
    report = _report(number)
    actor = current_actor()
    reader = Reader.of(actor)
    given, known = _given(report, reader)
    if not given.is_right:
        card = _card(report, reader, given, known)
        return render_template("reports/show.html", result=None, reader=reader, errors=_errors(card), **card), 422
    issue = prepare(db.session(), report, given.parameters(), actor)
    answer = Response(issue.content, mimetype=MIMETYPE)
    answer.headers["Content-Disposition"] = content_disposition(issue.file_name)
    return answer


def _errors(card: dict[str, Any]) -> list[tuple[str, str]]:
    """For the summary above the page: (id of the field, sentence)."""
    return [(field.id, text) for field in card["fields"] for text in field.errors]
