"""One's own account: who I am here, password, second factor, signing out everywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from exchange.access.doors import signed_in
from exchange.accounts import actions
from exchange.accounts.forms import ChangePassword, Code, ConfirmByPassword
from exchange.accounts.models import User
from exchange.accounts.qr import squares
from exchange.accounts.rules import ROLE_NAMES
from exchange.accounts.security import library
from exchange.accounts.sign_in import current_account, current_standing, renew
from exchange.audit.actions import record
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.web.forms import Form
from exchange.web.limits import Limit, give_back, take
from exchange.web.pages import go

room = Blueprint("profile", __name__, url_prefix="/me")

OWN_PASSWORD = Limit("own-password", 10, dt.timedelta(minutes=5), restarts=True)


@room.get("")
@signed_in
def index() -> str:
    """Name, e-mail, role, look of the pages."""
    return render_template(
        "accounts/profile.html", account=current_account(), standing=current_standing(), role_names=ROLE_NAMES
    )


@room.post("/role")
@signed_in
def act_as() -> Response:
    """With several memberships: for which one the next pages are asked."""
    wanted = request.form.get("membership", "")
    held = {str(membership.id): membership.id for membership, _o, _b in current_standing().memberships}
    if wanted in held:
        session["membership"] = held[wanted]
    return redirect(url_for("entrance.home"), 303)


def _security(status: int = 200, **forms: Any) -> tuple[str, int]:
    user = current_account()
    page = {
        "account": user,
        "password_form": forms.get("password_form") or ChangePassword(formdata=None),
        "factor_form": forms.get("factor_form") or ConfirmByPassword(formdata=None, prefix="factor-"),
        "codes_form": forms.get("codes_form") or ConfirmByPassword(formdata=None, prefix="codes-"),
        "failed": next((form for form in forms.values() if form.errors), None),
        "codes_left": len(user.mf_recovery_codes or ()),
    }
    return render_template("accounts/security.html", **page), status


@contextmanager
def _attempt(form: Form, user: User) -> Iterator[None]:
    """A try to change what protects the account: what the action refuses stands in the form afterwards.

    Tries are counted: a session left open on a shared computer must not become a place to guess the password.
    """
    counted = OWN_PASSWORD, f"account {user.id}"
    take(db.session(), counted)
    try:
        yield
    except RuleBroken as broken:
        form.refuse(broken)
    else:
        give_back(db.session(), counted)


@room.get("/security")
@signed_in
def security() -> Any:
    """Password, second factor, sessions."""
    return _security()


@room.post("/password")
@signed_in
def password() -> Any:
    """A new password ends all other sessions; this one goes on."""
    form, user = ChangePassword(), current_account()
    if form.validate():
        with _attempt(form, user):
            actions.change_password(db.session(), user, form.present.data or "", form.password.data or "")
    if form.errors:
        return _security(422, password_form=form)
    renew(user)
    flash(_("Пароль сменён, остальные сеансы завершены"), "ok")
    return go("profile.security")


@room.post("/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> Response:
    user = current_account()
    actions.end_sessions(user)
    db.session.flush()
    record(db.session(), "account:signed-out-everywhere", ("account", user.id))
    renew(user)
    flash(_("Все остальные сеансы завершены"), "ok")
    return go("profile.security")


# -------------------------------------------------------------------------------------------------------- second factor
def _setup_page(form: Code, status: int = 200) -> tuple[str, int]:
    user = current_account()
    factory = library().totp_factory
    secret = session["totp"]
    key = factory.get_totp_b32_key(secret)
    page = {
        "form": form,
        "key": " ".join(key[start : start + 4] for start in range(0, len(key), 4)),
        "qr": squares(factory.get_totp_uri(user.email, secret)),
    }
    return render_template("accounts/second_factor.html", **page), status


@room.get("/second-factor")
@signed_in
def second_factor() -> Any:
    """A picture and a key for the authenticator; nothing is on until it showed a code."""
    if current_account().tf_primary_method:
        return go("profile.security")
    if "totp" not in session:
        session["totp"] = library().totp_factory.generate_totp_secret()
    return _setup_page(Code(formdata=None))


@room.post("/second-factor")
@signed_in
def switch_on() -> Any:
    user = current_account()
    if user.tf_primary_method or "totp" not in session:
        return go("profile.second_factor")
    form = Code()
    if form.validate():
        with _attempt(form, user):
            codes = actions.switch_on_second_factor(db.session(), user, session["totp"], form.code.data or "")
    if form.errors:
        return _setup_page(form, 422)
    renew(user)
    return render_template("accounts/recovery_codes.html", codes=codes, account=user)


@room.post("/second-factor/off")
@signed_in
def switch_off() -> Any:
    """Asks for the password: an open session is not enough to take a protection away."""
    form, user = ConfirmByPassword(prefix="factor-"), current_account()
    if form.validate():
        with _attempt(form, user):
            actions.switch_off_second_factor(db.session(), user, form.password.data or "")
    if form.errors:
        return _security(422, factor_form=form)
    renew(user)
    flash(_("Вход по коду выключен, остальные сеансы завершены"), "ok")
    return go("profile.security")


@room.post("/recovery-codes")
@signed_in
def recovery_codes() -> Any:
    form, user = ConfirmByPassword(prefix="codes-"), current_account()
    if not user.tf_primary_method:
        return go("profile.security")
    if form.validate():
        with _attempt(form, user):
            codes = actions.renew_recovery_codes(db.session(), user, form.password.data or "")
    if form.errors:
        return _security(422, codes_form=form)
    return render_template("accounts/recovery_codes.html", codes=codes, account=user)
