"""The entrance: sign-in, the second factor, links of invitations, sign-out, the first page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from exchange.access.actor import current_actor
from exchange.access.doors import public, signed_in
from exchange.accounts import actions, passwords, queries
from exchange.accounts.forms import AskForLink, Code, NewPassword, RecoveryCode, SignIn
from exchange.accounts.models import User
from exchange.accounts.sign_in import enter, inside, known_device, leave, remember_device
from exchange.audit.actions import Note
from exchange.database import now
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.web.limits import Limit, TooMany, give_back, take
from exchange.web.pages import BARNAUL, HOME, go
from exchange.web.transaction import log

room = Blueprint("entrance", __name__)

FIVE_MINUTES = dt.timedelta(minutes=5)
BY_ACCOUNT = Limit("sign-in/account", 10, FIVE_MINUTES, restarts=True)
BY_ADDRESS = Limit("sign-in/address", 100, FIVE_MINUTES)
BY_ALL = Limit("sign-in/all", 1000, FIVE_MINUTES)
BY_CODE = (
    Limit("second-factor/5min", 5, FIVE_MINUTES, restarts=True),
    Limit("second-factor/hour", 20, dt.timedelta(hours=1)),
    Limit("second-factor/day", 50, dt.timedelta(days=1)),
)
LINK_ASKED = Limit("link-asked/account", 3, dt.timedelta(hours=1))
# How long the page with the code waits after the password was right.
CODE_WITHIN = dt.timedelta(minutes=10)


@room.get("/")
@signed_in
def home() -> Response:
    """The page on which a role begins its day."""
    endpoint = HOME[current_actor().role]
    return go(endpoint if endpoint in current_app.view_functions else "profile.index")


def _too_many(many: TooMany, template: str, **context: Any) -> Response:
    # never earlier than it is true: a part of a minute is rounded up
    opens_at = f"{(many.opens_at + dt.timedelta(seconds=59)).astimezone(BARNAUL):%H:%M}"
    response = make_response(render_template(template, opens_at=opens_at, **context), 429)
    response.headers["Retry-After"] = str(many.seconds)
    return response


@room.route("/login", methods=["GET", "POST"])
@public
def sign_in() -> Any:
    """The same answer, in the same time, whether the account is unknown, off, without a password, or the password wrong."""
    form = SignIn()
    target = inside(request.values.get("next"))
    page = {"form": form, "next": target}
    if request.method == "GET":
        return render_template("accounts/sign_in.html", **page)
    if not form.validate():
        return render_template("accounts/sign_in.html", **page), 422
    email = (form.email.data or "").lower()
    counted = (
        (BY_ACCOUNT, f"{email} {known_device(email)}"),
        (BY_ADDRESS, request.remote_addr or ""),
        (BY_ALL, "everybody"),
    )
    try:
        take(db.session(), *counted)
    except TooMany as many:
        return _too_many(many, "accounts/sign_in.html", **page)
    user = queries.user_by_email(db.session(), email)
    fits = passwords.matches(user, form.password.data or "")
    if user is None or not fits or not user.active:
        log(Note("account:refused", "account", str(user.id) if user else "", {"how": "password"}))
        form.refuse(RuleBroken("", _("Почта или пароль не подошли")))
        return render_template("accounts/sign_in.html", **page), 422
    give_back(db.session(), *counted)
    if user.tf_primary_method:
        session.clear()
        session["pending"] = {"who": user.fs_uniquifier, "at": now().timestamp(), "next": target}
        return go("entrance.code")
    enter(user, "password")
    response = redirect(target, 303)
    remember_device(response, email)
    return response


def _pending() -> User | None:
    """Who gave the right password and still owes the code."""
    pending = session.get("pending") or {}
    if now().timestamp() - pending.get("at", 0) > CODE_WITHIN.total_seconds():
        return None
    user = queries.user_by_uniquifier(db.session(), str(pending.get("who", "")))
    return user if user is not None and user.active and user.tf_primary_method else None


@room.route("/login/code", methods=["GET", "POST"])
@public
def code() -> Any:
    """The second factor: a code of the authenticator, or one of the recovery codes (`?recovery=1`)."""
    is_recovery = "recovery" in request.args
    form = RecoveryCode() if is_recovery else Code()
    page = {"form": form, "is_recovery": is_recovery}
    user = _pending()
    if user is None:
        session.pop("pending", None)
        flash(_("Время для кода вышло. Войдите снова"), "info")
        return go("entrance.sign_in")
    if request.method == "GET":
        return render_template("accounts/code.html", **page)
    if not form.validate():
        return render_template("accounts/code.html", **page), 422
    counted = tuple((limit, f"account {user.id}") for limit in BY_CODE)
    try:
        take(db.session(), *counted)
    except TooMany as many:
        return _too_many(many, "accounts/code.html", **page)
    if not actions.second_factor_fits(db.session(), user, form.code.data or "", is_recovery=is_recovery):
        log(Note("account:refused", "account", str(user.id), {"how": "recovery code" if is_recovery else "code"}))
        sentence = (
            _("Этот запасной код не подошёл или уже использован. Введите другой")
            if is_recovery
            else _("Код не подошёл. Проверьте, что время на телефоне выставлено автоматически, и введите новый код")
        )
        form.refuse(RuleBroken("code", sentence))
        return render_template("accounts/code.html", **page), 422
    give_back(db.session(), *counted)
    target = inside((session.get("pending") or {}).get("next"))
    email = user.email
    enter(user, "password", "recovery code" if is_recovery else "authenticator")
    if is_recovery:
        left = len(user.mf_recovery_codes or ())
        flash(
            _("Запасной код использован. Осталось: %(left)s. Новые можно получить в разделе «Безопасность»", left=left), "warn"
        )
    response = redirect(target, 303)
    remember_device(response, email)
    return response


@room.post("/logout")
@public
def sign_out() -> Response:
    """Ends the session here and empties what the browser kept of it."""
    leave()
    flash(_("Вы вышли"), "info")
    response = go("entrance.sign_in")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@room.route("/invite/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> Any:
    """The link of an invitation or of a forgotten password: the person sets a password, nobody else ever knows it."""
    try:
        user = actions.user_of_link(db.session(), token)
    except actions.LinkUnusable as unusable:
        return render_template("accounts/link_unusable.html", expired_at=unusable.expired_at), 410
    form = NewPassword()
    page = {"form": form, "account": user}
    if request.method == "GET":
        return render_template("accounts/invitation.html", **page)
    if not form.validate():
        return render_template("accounts/invitation.html", **page), 422
    try:
        actions.set_password(db.session(), user, form.password.data or "")
    except RuleBroken as broken:
        form.refuse(broken)
        return render_template("accounts/invitation.html", **page), 422
    if user.tf_primary_method or user.login_count:
        session.clear()
        flash(_("Пароль сохранён. Войдите с ним"), "ok")
        return go("entrance.sign_in")
    enter(user, "invitation")
    flash(_("Пароль сохранён. Чтобы защитить вход ещё и кодом с телефона, откройте «Безопасность»"), "ok")
    return redirect(url_for("entrance.home"), 303)


@room.route("/password/reset", methods=["GET", "POST"])
@public
def reset() -> Any:
    """Somebody forgot the password: the administrator is told and hands over a link. The answer is always the same."""
    form = AskForLink()
    if request.method == "GET":
        return render_template("accounts/reset.html", form=form, is_sent=False)
    if not form.validate():
        return render_template("accounts/reset.html", form=form, is_sent=False), 422
    email = (form.email.data or "").lower()
    try:
        take(db.session(), (LINK_ASKED, email), (BY_ADDRESS, request.remote_addr or ""))
    except TooMany as many:
        return _too_many(many, "accounts/reset.html", form=form, is_sent=False)
    user = queries.user_by_email(db.session(), email)
    log(Note("account:asked-for-link", "account", str(user.id) if user and user.active else ""))
    return render_template("accounts/reset.html", form=form, is_sent=True)


@room.post("/theme")
@public
def theme() -> Response:
    """Light, dark, or as the system has it: a cookie, so it also works before sign-in."""
    response = redirect(inside(request.form.get("next")), 303)
    chosen = request.form.get("theme", "")
    if chosen in ("light", "dark"):
        config = current_app.config
        response.set_cookie(
            "theme", chosen, max_age=dt.timedelta(days=365), secure=config["SESSION_COOKIE_SECURE"], httponly=True,
            samesite="Lax",
        )  # fmt: skip
    else:
        response.delete_cookie("theme")
    return response
