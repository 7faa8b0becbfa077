"""Entering and changing an internship, looking for its student, and what happens when two people change one record."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from flask import request
from flask_babel import gettext as _

from exchange.access.actor import current_actor
from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.errors import Conflict, RuleBroken
from exchange.extensions import db
from exchange.internships import actions, matching, merging, queries, words
from exchange.internships.entry import Entry
from exchange.internships.forms import InternForm
from exchange.internships.models import Internship
from exchange.internships.stages import Kind
from exchange.internships.views import asked, room
from exchange.web import limits
from exchange.web.pages import go, moment
from exchange.web.submission import once

# An enterprise looks for the interns it has before it; nobody reads a register through this window.
LOOKS = limits.Limit("intern-lookup", 60, dt.timedelta(hours=1))
LOOKS_OF_ENTERPRISE = limits.Limit("intern-lookup-enterprise", 300, dt.timedelta(days=1))
# Columns of the record by the fields of the form that show them.
FIELDS = {
    "surname": "last_name", "name": "first_name", "birth_date": "born", "university_id": "university", "hours_done": "hours",
    "outcome": "hired",
}  # fmt: skip
PERSON = ("iin", "last_name", "first_name", "patronymic", "born", "university")


def _form(**also: Any) -> InternForm:
    return InternForm(known=matching.universities(db.session()), today=asked.today(), **also)


def _warn_of_overlap(form: InternForm, entry: Entry, enterprise_id: int, but: int | None = None) -> bool:
    """Whether the same person is here on the same days and nobody has said that it is meant."""
    found = actions.overlapping(db.session(), enterprise_id, [entry], but)
    if not found:
        return False
    form.warn("starts_on", found[0])
    return not form.confirmed("starts_on")


def _refuse(form: InternForm, broken: RuleBroken) -> None:
    field = FIELDS.get(broken.field, broken.field)
    form.refuse(RuleBroken(field, broken.message))


# ------------------------------------------------------------------------------------------------------------------- new
@room.get("/new")
@allow(Permission.INTERNSHIP_LOG)
def new() -> Any:
    """An empty form."""
    return asked.show("new.html", form=_form(data={"kind": Kind.PRACTICE}), enterprise=asked.enterprise(), found=None)


@room.post("/new")
@allow(Permission.INTERNSHIP_LOG)
@once
def create() -> Any:
    """Logs an intern."""
    form, enterprise = _form(), asked.enterprise()
    if form.validate():
        entry = form.entry()
        try:
            if not _warn_of_overlap(form, entry, enterprise.id):
                one = actions.log_internship(db.session(), enterprise.id, entry, asked.today())
                asked.done(_added(entry, form))
                return go("internships.show", public_id=one.public_id)
        except RuleBroken as broken:
            _refuse(form, broken)
    return asked.show("new.html", 422, form=form, enterprise=enterprise, found=None)


def _added(entry: Entry, form: InternForm) -> str:
    sender = form.sending_university
    if sender is not None and entry.university_is_here:
        return str(
            _("Запись добавлена. Теперь ждёт, пока %(university)s узнает студента и согласует", university=sender.short_name)
        )
    return str(_("Запись добавлена"))


@room.post("/new/find")
@allow(Permission.INTERNSHIP_LOG)
def find() -> Any:
    """Whether the named university knows this student; the form comes back with the answer, nothing is saved."""
    actor, enterprise = current_actor(), asked.enterprise()
    limits.take(
        db.session(), (LOOKS, f"account {actor.user_id}"), (LOOKS_OF_ENTERPRISE, f"organisation {actor.organisation_id}")
    )
    form = _form()
    form.validate()
    for field in form:
        if field.name not in PERSON:
            field.errors, field.warnings = [], []
    form.form_errors.clear()
    found: dict[str, Any] | None = None
    university = form.sending_university
    if university is None:
        form.fail("university", _("Выберите вуз, в котором искать"))
    elif not any(form[name].errors for name in PERSON if name == "iin" or not form.iin.data):
        try:
            student = matching.find_student(
                db.session(), university, asked.today(), iin=form.iin.data or None, surname=form.last_name.data or "",
                name=form.first_name.data or "", birth_date=form.born.day,
            )  # fmt: skip
        except RuleBroken as broken:
            _refuse(form, broken)
        else:
            found = {"student": student, "university": university.short_name}
            for name in PERSON:
                form[name].errors, form[name].warnings = [], []
    return asked.show("new.html", 422 if found is None else 200, form=form, enterprise=enterprise, found=found)


# ------------------------------------------------------------------------------------------------------------------ edit
def _given(one: Internship) -> dict[str, Any]:
    """The record as the form shows it; the IIN stays hidden."""
    values = {FIELDS.get(column, column): value for column, value in queries.entry_of(one).items()}
    return {
        **values, "iin": "", "university": one.university.code if one.university else "", "grade": str(one.grade or ""),
        "hired": one.outcome or "", "sex": one.sex or "", "version": one.version,
    }  # fmt: skip


def _has_weeks(one: Internship) -> bool:
    return bool(queries.weeks(db.session(), one))


@room.get("/<public_id>/edit")
@allow(Permission.INTERNSHIP_LOG)
def edit(public_id: str) -> Any:
    """The form with what is known."""
    one = asked.asked(public_id)
    form = _form(data=_given(one), has_iin=one.iin, has_weeks=_has_weeks(one))
    return asked.show("edit.html", form=form, one=one)


@room.post("/<public_id>/edit")
@allow(Permission.INTERNSHIP_LOG)
def update(public_id: str) -> Any:
    """Changes the record. When somebody else changed it meanwhile, what does not clash is merged, the rest is asked."""
    one = asked.asked(public_id)
    form = _form(has_iin=one.iin, has_weeks=_has_weeks(one))
    if not form.validate():
        return asked.show("edit.html", 422, form=form, one=one)
    entry = form.entry()
    if form.has_weeks:
        entry = dataclasses.replace(entry, hours_done=one.hours_done)
    try:
        if _warn_of_overlap(form, entry, one.enterprise_id, one.id):
            return asked.show("edit.html", 422, form=form, one=one)
        if form.version.number == one.version:
            actions.edit_internship(db.session(), one, entry, one.version, asked.today())
            asked.done(_("Запись изменена"))
            return go("internships.show", public_id=one.public_id)
        return _merge(one, entry, form)
    except RuleBroken as broken:
        _refuse(form, broken)
        return asked.show("edit.html", 422, form=form, one=one)


def _merge(one: Internship, entry: Entry, form: InternForm) -> Any:
    if form.version.number > one.version or form.version.number < 1:
        raise Conflict
    since = matching.changes_since(db.session(), one, form.version.number)
    choices = {column: request.form.get(f"choice-{column}", "") for column in queries.entry_of(one)}
    merged = merging.merge(entry.columns(), queries.entry_of(one), since.before, choices)
    labels = {column: str(form[FIELDS.get(column, column)].label.text) for column in queries.entry_of(one)}
    if not merged.unanswered:
        university = form.known.by_id.get(merged.values["university_id"] or 0)
        whole = Entry(**merged.values, university_is_here=bool(university and university.is_here))
        actions.edit_internship(db.session(), one, whole, one.version, asked.today())
        said = ", ".join(labels[column].lower() for column in merged.taken)
        asked.done(
            _("Запись изменена. Сохранено и то, что изменили другие: %(fields)s", fields=said) if said else _("Запись изменена")
        )
        return go("internships.show", public_id=one.public_id)
    names = {u.id: u.short_name for u in form.known.all}
    theirs = queries.entry_of(one)

    def row(column: str) -> dict[str, Any]:
        before = since.before.get(column, theirs[column])
        return {
            "field": column,
            "label": labels[column],
            "was": before if column == "iin" else words.value_in_words(column, _read(column, before), names),
            "theirs": words.value_in_words(column, theirs[column], names),
            "mine": words.value_in_words(column, getattr(entry, column), names),
            "value": words.value_in_words(column, merged.values[column], names),
            "choice": choices[column],
            "error": _("Выберите значение для поля «%(field)s»", field=labels[column])
            if any(choices.values()) and column in merged.unanswered
            else "",
        }

    return asked.show(
        "conflict.html",
        422 if any(choices.values()) else 409,
        one=one,
        form=form,
        changed_by=since.who or _("другой пользователь"),
        changed_at=moment(since.at),
        clashes=[row(column) for column in merged.clashes],
        taken=[row(column) for column in merged.taken],
        kept=[row(column) for column in merged.kept],
        sent=[
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in ("csrf_token", "version", "do") and not name.startswith("choice-")
        ],
    )


def _read(column: str, kept: Any) -> Any:
    """A value of the log: its dates are texts."""
    if column in ("starts_on", "ends_on", "birth_date", "briefing_on") and isinstance(kept, str):
        return dt.date.fromisoformat(kept)
    return kept
