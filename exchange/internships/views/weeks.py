"""Hours by week: all weeks of the period in one table."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import request
from flask_babel import gettext as _

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.errors import Conflict, RuleBroken
from exchange.extensions import db
from exchange.internships import actions, queries
from exchange.internships.forms import WeekForm, week_form
from exchange.internships.models import Internship
from exchange.internships.norms import capacity_by_week, spread, weeks_of
from exchange.internships.views import asked, room
from exchange.web.pages import go


def _planned(one: Internship) -> dict[dt.date, int]:
    """The plan as recorded, or the planned hours shared out over the weeks."""
    if recorded := queries.weeks(db.session(), one):
        return {week: line.hours_planned for week, line in recorded.items()}
    return spread(one.hours_planned or 0, capacity_by_week(one.starts_on, one.ends_on, one.birth_date))


@room.get("/<public_id>/weeks")
@allow(Permission.INTERNSHIP_LOG)
def ask_weeks(public_id: str) -> Any:
    """The table, prefilled with what is recorded or planned."""
    one = asked.asked(public_id)
    recorded, planned = queries.weeks(db.session(), one), _planned(one)
    weeks = weeks_of(one.starts_on, one.ends_on)
    given: dict[str, Any] = {"version": one.version}
    for week in weeks:
        line = recorded.get(week)
        given[f"planned-{week}"] = planned.get(week, 0)
        given[f"done-{week}"] = line.hours_done if line and line.hours_done else None
        given[f"note-{week}"] = line.note if line else ""
    return _show(one, week_form(weeks)(today=asked.today(), data=given), 200)


@room.post("/<public_id>/weeks")
@allow(Permission.INTERNSHIP_LOG)
def record_weeks(public_id: str) -> Any:
    """Writes the hours; with «as planned» fills the actual hours of past weeks first and shows them to be looked through."""
    one = asked.asked(public_id)
    form = week_form(weeks_of(one.starts_on, one.ends_on))(today=asked.today())
    if not form.validate():
        return _show(one, form, 422)
    if request.form.get("do") == "as-planned":
        _fill_as_planned(form)
        return _show(one, form, 200)
    try:
        wrong = actions.record_weeks(db.session(), one, form.hours(), form.version.number, asked.today())
    except RuleBroken as broken:
        form.refuse(broken)
        return _show(one, form, 422)
    except Conflict:
        return _show(one, _compared(asked.reopen(form, one), one), 409)
    if wrong:
        form.show(wrong)
        return _show(one, form, 422)
    asked.done(_("Часы записаны"))
    return go("internships.show", public_id=one.public_id)


def _compared(form: WeekForm, one: Internship) -> WeekForm:
    """Somebody else wrote hours meanwhile: what stands in the record now is said where I typed something else."""
    recorded = queries.weeks(db.session(), one)
    for week, (planned, done, _note) in form.hours().items():
        line = recorded.get(week)
        for name, mine, theirs in (
            ("planned", planned, line.hours_planned if line else 0),
            ("done", done, line.hours_done if line else 0),
        ):
            if mine != theirs:
                form.fail(f"{name}-{week}", _("Сейчас записано %(hours)s", hours=theirs))
    return form


def _fill_as_planned(form: WeekForm) -> None:
    over = asked.today() - dt.timedelta(days=6)
    for week in form.weeks:
        planned, done, _note = form.hours()[week]
        if week <= over and not done and planned:
            form[f"done-{week}"].process_data(planned)


def _show(one: Internship, form: WeekForm, status: int) -> Any:
    rooms = capacity_by_week(one.starts_on, one.ends_on, one.birth_date)
    lines = [
        {
            "week": week,
            "until": min(week + dt.timedelta(days=6), one.ends_on),
            "since": max(week, one.starts_on),
            "room": rooms[week],
            "planned": form[f"planned-{week}"],
            "done": form[f"done-{week}"],
            "note": form[f"note-{week}"],
        }
        for week in form.weeks
    ]
    return asked.show("weeks.html", status, one=one, form=form, lines=lines)
