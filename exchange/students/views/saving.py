"""Saved views of the list: saved, renamed, overwritten, deleted on one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.students import saved
from exchange.students.fields import RoomForm, Text
from exchange.students.models import SavedView
from exchange.students.views import listing
from exchange.students.views.room import room
from exchange.web.pages import public_id_or_404
from exchange.web.submission import once


class ViewForm(RoomForm):
    """The name of a saved view."""

    name = Text(_l("Название вида"), most=saved.LONGEST_NAME)


@dataclass
class Row:
    """A saved view with the form that renames it."""

    view: SavedView
    form: ViewForm


def _page(new: ViewForm | None = None, changed: tuple[str, ViewForm] | None = None) -> str:
    asked = listing.read()
    rows = []
    for view in saved.views_of(db.session()):
        form = changed[1] if changed and changed[0] == view.public_id else ViewForm(formdata=None, data={"name": view.name})
        form["name"].id = f"name-{view.public_id}"
        rows.append(Row(view, form))
    chips = [chip for chip in asked.chips if chip.key != "q"]
    return render_template(
        "students/views.html", rows=rows, form=new or ViewForm(formdata=None), chips=chips, searched=bool(asked.wanted.q),
        query=listing.query_of(), whole=listing.whole_query(), most=saved.MOST_VIEWS,
    )  # fmt: skip


@room.get("/views")
@allow(Permission.STUDENT_READ)
def views() -> str:
    """Saves the list of this address under a name, and changes what was saved."""
    return _page()


def _list_of(query: str) -> Any:
    return redirect(url_for("students.index") + (f"?{query}" if query else ""), 303)


@room.post("/views")
@allow(Permission.STUDENT_READ)
@once
def save_view() -> Any:
    """Keeps the list of this address; leads to it."""
    form = ViewForm()
    if form.validate():
        try:
            view = saved.save_view(db.session(), form["name"].text, listing.query_of())
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash(_("Вид «%(name)s» сохранён", name=view.name), "success")
            return _list_of(view.query)
    return _page(form), 422


@room.post("/views/<string:view_id>")
@allow(Permission.STUDENT_READ)
def change_view(view_id: str) -> Any:
    """Renames, or keeps the list of this address under the same name."""
    view = saved.view_of(db.session(), public_id_or_404(view_id))
    form = ViewForm()
    if request.form.get("do") == "overwrite":
        saved.overwrite_view(db.session(), view, listing.query_of())
        flash(_("Вид «%(name)s» перезаписан", name=view.name), "success")
        return _list_of(view.query)
    if form.validate():
        try:
            saved.rename_view(db.session(), view, form["name"].text)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash(_("Вид назван «%(name)s»", name=view.name), "success")
            return redirect(_here(), 303)
    return _page(changed=(view.public_id, form)), 422


@room.post("/views/<string:view_id>/delete")
@allow(Permission.STUDENT_READ)
def delete_view(view_id: str) -> Any:
    """Deletes the name; the students stay. The list that it meant is shown, so it can be saved again."""
    view = saved.view_of(db.session(), public_id_or_404(view_id))
    query = view.query
    saved.delete_view(db.session(), view)
    flash(_("Вид «%(name)s» удалён. Его фильтры ниже, вид можно сохранить снова", name=view.name), "success")
    return _list_of(query)


def _here() -> str:
    query = listing.whole_query()
    return url_for("students.views") + (f"?{query}" if query else "")
