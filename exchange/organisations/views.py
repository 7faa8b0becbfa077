"""Administration of organisations: they are added, changed and switched off, never deleted."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.audit.queries import changes_since
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.organisations import actions, queries
from exchange.organisations.forms import Details, Filter, NewOrganisation
from exchange.organisations.models import Kind, Organisation
from exchange.organisations.queries import KIND_GROUPS, KIND_NAMES
from exchange.web.pages import address, go
from exchange.web.paging import first_of, pages_of
from exchange.web.submission import once

room = Blueprint("organisations", __name__, url_prefix="/organisations")

SIZE = 50
CODE = "<string(maxlength=20):code>"


def _labels() -> dict[str, Any]:
    form = Details(formdata=None)
    return {**{field.name: field.label.text for field in form}, "is_active": _("Действует")}


@room.get("")
@allow(Permission.ORGANISATION_MANAGE)
def index() -> str:
    """All organisations, by kind."""
    form = Filter(request.args)
    form.state.choices = [
        SelectChoice("", _("Все")), SelectChoice("active", _("Действуют")), SelectChoice("inactive", _("Отключены")),
    ]  # fmt: skip
    kind = request.args.get("kind", "")
    kind = kind if kind in list(Kind) else ""
    state = form.state.data if form.state.data in ("active", "inactive") else ""
    found = queries.organisations_found(db.session(), words=form.q.data or "", kind=kind, state=state)
    first = first_of(request.args.get("page", 1, int), len(found), SIZE)
    rows = queries.organisations(db.session(), found[first : first + SIZE])
    counts = queries.counts_by_kind(db.session())
    tabs = [{"label": _("Все"), "url": address(kind=None, page=None), "current": not kind, "count": sum(counts.values())}]
    tabs += [
        {"label": name, "url": address(kind=str(one), page=None), "current": kind == one, "count": counts.get(str(one), 0)}
        for one, name in KIND_GROUPS.items()
    ]
    return render_template(
        "organisations/index.html", form=form, kind=kind, tabs=tabs, page=pages_of(rows, len(found), first, SIZE),
        kind_names=KIND_NAMES, is_narrowed=bool(form.q.data or kind or state),
    )  # fmt: skip


@room.get("/new")
@allow(Permission.ORGANISATION_MANAGE)
def new() -> str:
    form = NewOrganisation(formdata=None, heads=queries.heads(db.session()))
    return render_template("organisations/new.html", form=form)


@room.post("")
@allow(Permission.ORGANISATION_MANAGE)
@once
def create() -> Any:
    form = NewOrganisation(heads=queries.heads(db.session()))
    if not form.validate():
        return render_template("organisations/new.html", form=form), 422
    try:
        added = actions.add_organisation(db.session(), code=form.code.data, kind=form.kind.data, **form.values())
    except RuleBroken as broken:
        form.refuse(broken)
        return render_template("organisations/new.html", form=form), 422
    flash(_("Организация добавлена"), "ok")
    return go("organisations.show", code=added.code)


@room.get(f"/{CODE}")
@allow(Permission.ORGANISATION_MANAGE)
def show(code: str) -> str:
    organisation = queries.organisation_by_code(db.session(), code)
    return render_template(
        "organisations/show.html", organisation=organisation, kind_names=KIND_NAMES,
        head=queries.name_of(db.session(), organisation.parent_id),
        branches=queries.branches_of(db.session(), organisation),
    )  # fmt: skip


@room.get(f"/{CODE}/edit")
@allow(Permission.ORGANISATION_MANAGE)
def edit(code: str) -> str:
    organisation = queries.organisation_by_code(db.session(), code)
    head = queries.name_of(db.session(), organisation.parent_id)
    values = {name: getattr(organisation, name) for name in actions.EDITABLE}
    form = Details(
        formdata=None, heads=queries.heads(db.session()),
        data={**values, "parent": head[0] if head else "", "version": organisation.version},
    )  # fmt: skip
    return render_template("organisations/edit.html", form=form, organisation=organisation, conflict=None)


@room.post(f"/{CODE}")
@allow(Permission.ORGANISATION_MANAGE)
def update(code: str) -> Any:
    """Saves, unless somebody else saved after this form was opened: then both versions are shown, nothing is lost."""
    organisation = queries.organisation_by_code(db.session(), code, for_change=True)
    form = Details(heads=queries.heads(db.session()))
    page = {"form": form, "organisation": organisation, "conflict": None}
    if not form.validate():
        return render_template("organisations/edit.html", **page), 422
    if form.version.number != organisation.version:
        page["conflict"] = changes_since(db.session(), "organisation", organisation.code, form.version.number, _labels())
        return render_template("organisations/edit.html", **page), 409
    try:
        actions.change_organisation(db.session(), organisation, **form.values())
    except RuleBroken as broken:
        form.refuse(broken)
        return render_template("organisations/edit.html", **page), 422
    flash(_("Изменения сохранены"), "ok")
    return go("organisations.show", code=organisation.code)


CONFIRMED = {
    "deactivate": (
        _l("Отключить организацию"), _l("Отключить"), True,
        (
            _l("Её нельзя будет выбрать в новых записях и приглашениях"),
            _l("Всё, что о ней внесено, останется и войдёт в отчёты за прошлые даты"),
            _l("Учётные записи её сотрудников не отключаются: отключите их в разделе «Пользователи»"),
        ),
    ),
    "reactivate": (
        _l("Включить организацию"), _l("Включить"), False,
        (_l("Её снова можно будет выбрать в новых записях и приглашениях"),),
    ),
}  # fmt: skip


def _confirm_page(organisation: Organisation, act: str, problem: Any = None, status: int = 200) -> tuple[str, int]:
    title, submit, is_danger, consequences = CONFIRMED[act]
    return render_template(
        "organisations/confirm.html", organisation=organisation, kind_names=KIND_NAMES, title=title, submit=submit,
        is_danger=is_danger, consequences=consequences, problem=problem,
        action=url_for("organisations.switch", code=organisation.code, act=act),
    ), status  # fmt: skip


@room.get(f"/{CODE}/<any(deactivate, reactivate):act>")
@allow(Permission.ORGANISATION_MANAGE)
def confirm_switch(code: str, act: str) -> Any:
    return _confirm_page(queries.organisation_by_code(db.session(), code), act)


@room.post(f"/{CODE}/<any(deactivate, reactivate):act>")
@allow(Permission.ORGANISATION_MANAGE)
def switch(code: str, act: str) -> Any:
    organisation = queries.organisation_by_code(db.session(), code, for_change=True)
    try:
        actions.switch_organisation(db.session(), organisation, is_active=act == "reactivate")
    except RuleBroken as broken:
        return _confirm_page(organisation, act, broken.message, 422)
    flash(_("Организация включена") if act == "reactivate" else _("Организация отключена"), "ok")
    return go("organisations.show", code=organisation.code)
