"""When a form can't be taken, what was typed is not lost: an ended session, an expired token, a failure of ours."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError

from exchange.access.actor import PEOPLE, Role, current_actor, has_actor
from exchange.accounts.sign_in import find_out_who_asks
from exchange.drafts import actions
from exchange.drafts.actions import SEALED
from exchange.drafts.keeping import link_to, mark_of, seal, typed_now, typist_of_form, wants_json
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.web.limits import Limit, TooMany, take
from exchange.web.transaction import at_once

COOKIE = "typed"
BY_ADDRESS = Limit("sealed-form/address", 30, dt.timedelta(minutes=10))
ENTRANCES = ("entrance.sign_in", "entrance.code")


def is_ours() -> bool:
    """Whether the form was sent from a page of this site: nobody else's page puts words into somebody's drafts."""
    origin = request.headers.get("Origin", "")
    return urlsplit(origin).netloc == request.host if origin else request.headers.get("Sec-Fetch-Site") == "same-origin"


def is_form() -> bool:
    return request.method == "POST" and mark_of(request.endpoint) is not None and not wants_json()


def keep_apart() -> str:
    """Keeps what was typed in a transaction of its own, while the request itself fails; returns where it goes on, or ""."""
    if not (is_form() and has_actor() and current_actor().role in PEOPLE and typist_of_form() == current_actor().user_id):
        return ""
    found: list[str] = []

    def work() -> None:
        found.append(link_to(actions.keep(db.session(), seal(), typed_now())))

    try:
        return found[0] if at_once(work) else ""
    except RuleBroken:
        return ""


def seal_away() -> Any:
    """The session has ended: what was typed is sealed for this browser, and the visitor is led to the sign-in."""
    user_id = typist_of_form()
    if user_id is None or not is_ours():
        return None
    try:
        take(db.session(), (BY_ADDRESS, request.remote_addr or ""))
        token = actions.seal_form(db.session(), current_app.config["SECRET_KEY"], user_id, typed_now())
    except (TooMany, RuleBroken):
        return None
    flash(_("Сеанс закончился. Введённое сохранено на час: войдите, и форма откроется с ним"), "info")
    response = redirect(url_for("entrance.sign_in", next=typed_now().address), 303)
    config = current_app.config
    response.set_cookie(
        COOKIE, token, max_age=SEALED, secure=config["SESSION_COOKIE_SECURE"], httponly=True, samesite="Lax", path="/login"
    )
    return response


def init_app(app: Flask) -> None:
    app.extensions["keep_apart"] = keep_apart

    @app.before_request
    def nobody_asks() -> Any:
        return seal_away() if is_form() and current_actor().role is Role.GATE else None

    @app.errorhandler(CSRFError)
    def expired(error: CSRFError) -> Any:
        """The form is older than the session: another sign-in, another tab, or no session at all."""
        kept = ""
        if is_form() and is_ours():
            find_out_who_asks()
            if current_actor().role is Role.GATE:
                if (response := seal_away()) is not None:
                    return response
            else:
                kept = keep_apart()
        return render_template("errors/419.html", status=400, kept=kept), 400

    @app.after_request
    def come_back(response: Response) -> Response:
        """After a sign-in: the form that this account typed in this browser before its session ended becomes its draft."""
        token = request.cookies.get(COOKIE, "")
        if not token or request.endpoint not in ENTRANCES or response.status_code != 303:
            return response
        if not has_actor() or current_actor().role not in PEOPLE or "_user_id" not in session:
            return response
        typed = actions.open_form(db.session(), current_app.config["SECRET_KEY"], token)
        if typed is None:
            return response
        draft = actions.keep(db.session(), seal(), typed)
        response.location = link_to(draft)
        response.delete_cookie(COOKIE, path="/login")
        flash(_("Вход выполнен. Ваши данные на месте — проверьте и сохраните"), "ok")
        return response
