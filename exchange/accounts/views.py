"""Administration of accounts: who has access, inviting, changing, taking away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from exchange.access.actor import PEOPLE
from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.accounts import actions, queries
from exchange.accounts.forms import Filter, Invitation, Person
from exchange.accounts.models import User
from exchange.accounts.qr import squares
from exchange.accounts.rules import ROLE_NAMES, abilities, state_of
from exchange.audit.actions import Note
from exchange.audit.queries import changes_since
from exchange.database import now
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.organisations.queries import organisation_by_code, organisations_to_choose
from exchange.web.pages import go, today
from exchange.web.paging import first_of, pages_of
from exchange.web.submission import once
from exchange.web.transaction import log

room = Blueprint("accounts", __name__, url_prefix="/accounts")

SIZE = 50
STATES = {
    "active": _l("Действует"),
    "invited": _l("Приглашение не принято"),
    "inactive": _l("Отключена"),
    "rare": _l("Не входили 90 дней"),
}
FIELD_NAMES = {
    "name": _l("Фамилия, имя, отчество"), "position": _l("Должность, телефон"),
    "role": _l("Роль"), "organisation": _l("Организация"), "email": _l("Почта"),
}  # fmt: skip


def _cards() -> list[tuple[str, Any, list[Any]]]:
    """Roles with what they let one do, drawn from the same page as the doors."""
    grants = current_app.extensions["doors"]["grants"]
    return [(str(role), ROLE_NAMES[role], abilities(grants.get(role, ()))) for role in PEOPLE]


def _person_form(kind: type[Person], **values: Any) -> Any:
    return kind(places=organisations_to_choose(db.session()), **values)


@room.get("")
@allow(Permission.USER_MANAGE)
def index() -> str:
    """All accounts: role, organisation, state, last sign-in, second factor."""
    form = Filter(request.args)
    form.role.choices = [SelectChoice("", _("Все роли")), *(SelectChoice(str(r), ROLE_NAMES[r]) for r in PEOPLE)]
    form.state.choices = [SelectChoice("", _("Любое состояние")), *(SelectChoice(code, name) for code, name in STATES.items())]
    form.organisation.choices = [
        SelectChoice("", _("Все организации")),
        *(SelectChoice(code, name, optgroup=group) for code, name, group in organisations_to_choose(db.session())),
    ]
    wanted = queries.Wanted(form.q.data or "", form.role.data or "", form.organisation.data or "", form.state.data or "")
    found = queries.accounts_found(db.session(), wanted, today())
    first = first_of(request.args.get("page", 1, int), len(found), SIZE)
    users = queries.accounts(db.session(), found[first : first + SIZE])
    log(Note("account:viewed", "", "", {"shown": len(users)}))
    return render_template(
        "accounts/index.html",
        form=form,
        page=pages_of(users, len(found), first, SIZE),
        rows=[(user, queries.membership_on(user, today()), state_of(user)) for user in users],
        asked=queries.asked_for_link(db.session(), [user.id for user in users]),
        is_narrowed=any((wanted.words, wanted.role, wanted.organisation, wanted.state)),
        role_names=ROLE_NAMES, states=STATES, rare_before=now() - queries.RARE_AFTER,
    )  # fmt: skip


@room.get("/new")
@allow(Permission.USER_MANAGE)
def new() -> str:
    form = _person_form(Invitation, formdata=None)
    return render_template("accounts/new.html", form=form, cards=_cards())


@room.post("")
@allow(Permission.USER_MANAGE)
@once
def create() -> Any:
    """Makes the account and leads to the link, which the administrator hands over."""
    form = _person_form(Invitation)
    if not form.validate():
        return render_template("accounts/new.html", form=form, cards=_cards()), 422
    try:
        user = actions.invite(
            db.session(), email=form.email.data, name=form.name.data, position=form.position.data or "",
            role=form.role.data, organisation=organisation_by_code(db.session(), form.organisation.data), day=today(),
        )  # fmt: skip
    except RuleBroken as broken:
        form.refuse(broken)
        return render_template("accounts/new.html", form=form, cards=_cards()), 422
    _keep_link(user)
    return go("accounts.invitation", user_id=user.id)


def _keep_link(user: User) -> None:
    """The link is shown on the next page; it stays in the administrator's own session until another one is made."""
    session["link"] = [user.id, actions.make_link(db.session(), user)]


@room.get("/<int(max=2147483647):user_id>")
@allow(Permission.USER_MANAGE)
def show(user_id: int) -> str:
    user = queries.user_by_id(db.session(), user_id)
    log(Note("account:viewed", "account", str(user.id)))
    return render_template(
        "accounts/show.html", account=user, held=queries.membership_on(user, today()), state=state_of(user),
        states=STATES, role_names=ROLE_NAMES, cards={code: can for code, _name, can in _cards()},
        asked=bool(queries.asked_for_link(db.session(), [user.id])),
    )  # fmt: skip


@room.get("/<int(max=2147483647):user_id>/edit")
@allow(Permission.USER_MANAGE)
def edit(user_id: int) -> str:
    user = queries.user_by_id(db.session(), user_id)
    held = queries.membership_on(user, today())
    form = _person_form(
        Person, formdata=None,
        data={
            "name": user.name, "position": user.position, "version": user.version,
            "role": held.role if held else "", "organisation": held.organisation.code if held else "",
        },
    )  # fmt: skip
    return render_template("accounts/edit.html", form=form, account=user, cards=_cards(), conflict=None)


@room.post("/<int(max=2147483647):user_id>")
@allow(Permission.USER_MANAGE)
def update(user_id: int) -> Any:
    user = queries.user_by_id(db.session(), user_id, for_change=True)
    form = _person_form(Person)
    page = {"form": form, "account": user, "cards": _cards(), "conflict": None}
    if not form.validate():
        return render_template("accounts/edit.html", **page), 422
    if form.version.number != user.version:
        page["conflict"] = changes_since(db.session(), "account", str(user.id), form.version.number, FIELD_NAMES)
        return render_template("accounts/edit.html", **page), 409
    try:
        actions.edit(
            db.session(), user, name=form.name.data, position=form.position.data or "", role=form.role.data,
            organisation=organisation_by_code(db.session(), form.organisation.data), day=today(),
        )  # fmt: skip
    except RuleBroken as broken:
        form.refuse(broken)
        return render_template("accounts/edit.html", **page), 422
    flash(_("Изменения сохранены"), "ok")
    return go("accounts.show", user_id=user.id)


# ------------------------------------------------------------------------------------------------------ links and access
@room.post("/<int(max=2147483647):user_id>/link")
@allow(Permission.USER_MANAGE)
def link(user_id: int) -> Response:
    """A new link; the one before stops to work."""
    user = queries.user_by_id(db.session(), user_id, for_change=True)
    try:
        _keep_link(user)
    except RuleBroken as broken:
        flash(broken.message, "warn")
        return go("accounts.show", user_id=user.id)
    return go("accounts.invitation", user_id=user.id)


@room.get("/<int(max=2147483647):user_id>/invitation")
@allow(Permission.USER_MANAGE)
def invitation(user_id: int) -> Any:
    """The sheet to copy from or to print: the address, the link, what to do."""
    user = queries.user_by_id(db.session(), user_id)
    kept = session.get("link") or [None, ""]
    try:
        valid = kept[0] == user.id and actions.user_of_link(db.session(), kept[1]).id == user.id
    except actions.LinkUnusable:
        valid = False
    if not valid:
        flash(_("Ссылка показывается один раз. Сделайте новую"), "info")
        return go("accounts.show", user_id=user.id)
    address_of_link = actions.link_address(kept[1])
    return render_template(
        "accounts/sheet.html", account=user, link=address_of_link, qr=squares(address_of_link),
        held=queries.membership_on(user, today()), role_names=ROLE_NAMES,
        until=actions.link_ends(kept[1]), site=current_app.config["SITE_ADDRESS"],
    )  # fmt: skip


CONFIRMED = {
    "deactivate": (
        _l("Отключить учётную запись"), _l("Отключить"), True,
        (
            _l("Войти с ней будет нельзя, открытые сеансы завершатся сразу"),
            _l("Всё, что человек внёс, останется в реестре под его именем"),
            _l("Включить учётную запись снова можно в любой день"),
        ),
    ),
    "reactivate": (
        _l("Включить учётную запись"), _l("Включить"), False,
        (_l("Человек снова сможет войти с прежним паролем"), _l("Роль и организация останутся прежними")),
    ),
    "remove-role": (
        _l("Снять роль"), _l("Снять роль"), True,
        (
            _l("Открытые сеансы завершатся сразу"),
            _l("Человек сможет войти, но не увидит ни одного раздела, пока роль не дадут снова"),
        ),
    ),
}  # fmt: skip


def _confirm_page(user: User, act: str, problem: Any = None, status: int = 200) -> tuple[str, int]:
    title, submit, is_danger, consequences = CONFIRMED[act]
    return render_template(
        "accounts/confirm.html", account=user, held=queries.membership_on(user, today()), role_names=ROLE_NAMES,
        title=title, submit=submit, is_danger=is_danger, consequences=consequences, problem=problem,
        action=url_for("accounts.change_access", user_id=user.id, act=act),
    ), status  # fmt: skip


@room.get("/<int(max=2147483647):user_id>/<any(deactivate, reactivate, 'remove-role'):act>")
@allow(Permission.USER_MANAGE)
def confirm_access(user_id: int, act: str) -> Any:
    """What follows from it, before it is done."""
    return _confirm_page(queries.user_by_id(db.session(), user_id), act)


@room.post("/<int(max=2147483647):user_id>/<any(deactivate, reactivate, 'remove-role'):act>")
@allow(Permission.USER_MANAGE)
def change_access(user_id: int, act: str) -> Any:
    user = queries.user_by_id(db.session(), user_id, for_change=True)
    try:
        if act == "deactivate":
            actions.deactivate(db.session(), user, today())
        elif act == "reactivate":
            actions.reactivate(db.session(), user)
        else:
            actions.remove_role(db.session(), user, today())
    except RuleBroken as broken:
        return _confirm_page(user, act, broken.message, 422)
    flash(_("Сделано: %(what)s", what=str(CONFIRMED[act][0]).lower()), "ok")
    return redirect(url_for("accounts.show", user_id=user.id), 303)
