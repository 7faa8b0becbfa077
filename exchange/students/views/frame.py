"""The frame of a student's card: who it is, and the tabs. A younger room hangs its tab here; the card does not know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.access.actor import current_actor
from exchange.access.doors import door_of, opens
from exchange.extensions import db
from exchange.organisations.models import Organisation
from exchange.people.models import PersonFacts
from exchange.students import records
from exchange.students.models import Student, StudyPeriod
from exchange.students.views.room import coded, facts_now, full_name, programme_name
from exchange.web.pages import today


@dataclass(frozen=True)
class Tab:
    """A page about one student. `endpoint` takes his public id as `parameter` and opens to those who may enter it."""

    endpoint: str
    label: Any
    place: int
    parameter: str = "public_id"


_leads: dict[str, str] = {}
_more = {"students.sheet": Tab("students.sheet", _l("Печать карточки"), 0)}
_tabs = {"students.show": Tab("students.show", _l("Карточка"), 0)}


def hang_tab(endpoint: str, label: Any, place: int) -> None:
    """Adds a tab to every card; tabs stand in the order of their places."""
    _tabs[endpoint] = Tab(endpoint, label, place)


def hang_more(endpoint: str, label: Any, place: int, parameter: str = "public_id") -> None:
    """Adds an act to the menu «Ещё» of every card; `endpoint` takes the student's public id, in the address or as a query."""
    _more[endpoint] = Tab(endpoint, label, place, parameter)


def lead(type_code: str, endpoint: str) -> None:
    """A younger room takes over the form of a kind of order; `endpoint` takes the student's public_id."""
    _leads[type_code] = endpoint


def leading_url(student: Student, type_code: str) -> str:
    """The form of a younger room that took over a kind of order; "" when the kind has the usual one."""
    endpoint = _leads.get(type_code)
    return url_for(endpoint, public_id=student.public_id) if endpoint else ""


def act_url(student: Student, type_code: str) -> str:
    """Where an order of a kind is recorded for a student."""
    return leading_url(student, type_code) or url_for("students.order_new", public_id=student.public_id, type=type_code)


def frame(
    student: Student, current: StudyPeriod | None = None, facts: PersonFacts | None = None, *, under: str = ""
) -> dict[str, Any]:
    """What templates/students/frame.html draws around a tab: name, status, one line, the tabs that this visitor may open.

    `current` and `facts` are given by a page that has asked for them already; `under` names the tab to which a page without
    a tab of its own belongs.
    """
    session: Any = db.session
    facts = facts or facts_now(student)
    current = current or period_now(records.periods_of(session, student))
    status = current.status_code if current else "void"
    office = session.get_one(Organisation, student.organisation_id).short_ru
    latin = f"{facts.surname_lat} {facts.name_lat}".strip().title()
    return {
        "student": student,
        "name": full_name(facts),
        "status": (status, coded("statuses", status, short=True)),
        "line": _line(current, student, office, latin),
        "tabs": _drawn(_tabs, student, under),
        "more": _drawn(_more, student),
    }


def period_now(periods: Any) -> StudyPeriod | None:
    """What holds today; before the first day the first one."""
    day = today()
    return next((p for p in reversed(periods) if p.valid_from <= day), periods[0] if periods else None)


def _url(tab: Tab, student: Student) -> str:
    values: dict[str, Any] = {tab.parameter: student.public_id}
    return url_for(tab.endpoint, **values)


def _drawn(hung: dict[str, Tab], student: Student, under: str = "") -> list[dict[str, Any]]:
    app, role = current_app._get_current_object(), current_actor().role  # type: ignore[attr-defined]
    grants = app.extensions["doors"]["grants"]
    return [
        {
            "label": tab.label,
            "url": _url(tab, student),
            "current": tab.endpoint in (request.endpoint, under),
        }
        for tab in sorted(hung.values(), key=lambda tab: tab.place)
        if tab.endpoint in app.view_functions and opens(door_of(app, tab.endpoint), role, grants)
    ]


def _line(current: StudyPeriod | None, student: Student, office: str, latin: str) -> str:
    course = _("%(course)s курс", course=current.course) if current and current.course else ""
    programme = programme_name(current.programme_code, current.programme_name) if current else ""
    funding = coded("fundings", current.funding_code, short=True).lower() if current else ""
    return " · ".join(part for part in (latin, student.record_book_no, course, programme, office, funding) if part)
