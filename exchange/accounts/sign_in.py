"""Who asks: found out before any door. A session is a signed cookie with limits of time; its account is looked up anew."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from typing import Any

from flask import Flask, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_user as login_session
from flask_security.utils import login_user
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from exchange.access.actor import Actor, Role, current_actor, set_actor
from exchange.access.doors import door_of
from exchange.access.walls import tell
from exchange.accounts import queries, security
from exchange.accounts.models import User
from exchange.audit.actions import Note
from exchange.database import now
from exchange.extensions import db
from exchange.web.models import Hit
from exchange.web.pages import today
from exchange.web.transaction import log

# A cookie is written anew at most this often while its owner works.
SEEN_EVERY = 30
# Pages on which nobody is looked up: those who are there are at the gate, whatever cookie they carry.
GATE_PAGES = ("entrance.sign_in", "entrance.code", "entrance.invitation", "entrance.reset")
NO_ACCOUNT = (*GATE_PAGES, "static", "healthz")
DEVICE_COOKIE = "device"
DEVICE_KEPT = dt.timedelta(days=180)


def init_app(app: Flask) -> None:
    """Sets the sign-in library up and puts the question «who asks?» before the doors."""
    app.before_request(find_out_who_asks)
    security.init_app(app)


def find_out_who_asks() -> Any:
    """Makes the account of the session the actor of this request; sends visitors to the sign-in page."""
    if request.endpoint in NO_ACCOUNT:
        return None
    ended = _look_up()
    if current_actor().role is not Role.GATE or request.endpoint is None:
        return None
    door = door_of(_app(), request.endpoint)
    if door in (None, "public"):
        return None
    if "account" in g and not ended:
        return render_template("accounts/no_role.html", email=g.account.email), 403
    if request.method in ("GET", "HEAD") and (not request.accept_mimetypes or request.accept_mimetypes.accept_html):
        if ended:
            flash(ended, "info")
        return redirect(url_for("entrance.sign_in", next=inside(request.full_path.rstrip("?"))))
    return None  # the door answers 401


def _app() -> Flask:
    from flask import current_app

    return current_app._get_current_object()  # type: ignore[attr-defined, no-any-return]


def _look_up() -> str:
    """Reads the session; returns a sentence when it has come to its end."""
    uniquifier = session.get("_user_id")
    if not uniquifier:
        return ""
    moment, began, seen = now().timestamp(), session.get("began", 0), session.get("seen", 0)
    if moment - began > _app().config["SESSION_ABSOLUTE"].total_seconds():
        session.clear()
        return _("Сеанс закончился: со входа прошло много времени. Войдите снова")
    standing = queries.standing_of(db.session(), str(uniquifier), today(), str(session.get("sid", "")))
    if standing is None or not standing.user.active:
        session.clear()
        return _("Сеанс завершён. Войдите снова")
    actor = standing.actor(session.get("membership"), request.remote_addr or "")
    limit = security.idle_limit(_app(), actor.role if actor else None)
    if moment - seen > limit:
        session.clear()
        minutes = round(limit / 60)
        return _("Сеанс закончился: не было действий %(minutes)s мин. Войдите снова", minutes=minutes)
    if moment - seen > SEEN_EVERY:
        session["seen"] = int(moment)
    g.account = standing.user
    g.standing = standing
    if actor is not None:
        become(actor)
    return ""


def become(actor: Actor) -> None:
    """From the gate to the account that it let in: the session wall and the transaction are both told."""
    set_actor(actor)
    tell(db.session.connection(), actor)


def current_account() -> User:
    """The account of this request, in the session of the request."""
    account: User = g.account
    return account


def current_standing() -> queries.Standing:
    """The account of this request with its memberships of today."""
    standing: queries.Standing = g.standing
    return standing


def enter(user: User, *how: str) -> None:
    """Starts a new session for an account; nothing of the old one is kept."""
    session.clear()
    login_user(user, authn_via=list(how))
    moment = int(now().timestamp())
    session.update(began=moment, seen=moment, sid=secrets.token_urlsafe(16))
    db.session.flush()
    standing = queries.standing_of(db.session(), user.fs_uniquifier, today())
    actor = standing.actor(address=request.remote_addr or "") if standing else None
    if actor is not None and current_actor().role is Role.GATE:
        become(actor)
    log(Note("account:signed-in", "account", str(user.id), {"how": list(how)}))


def renew(user: User) -> None:
    """After a change that ended all sessions of the account: the one in which it was made goes on, as a new one."""
    kept = {name: session[name] for name in ("membership",) if name in session}
    session.clear()
    login_session(user)
    moment = int(now().timestamp())
    session.update(began=moment, seen=moment, sid=secrets.token_urlsafe(16), **kept)


def leave() -> None:
    """Ends the session for good: a copy of its cookie opens nothing either."""
    if (sid := session.get("sid")) and current_actor().role is not Role.GATE:
        ends = now() + _app().config["SESSION_ABSOLUTE"]
        db.session.merge(Hit(key=queries.ended_key(sid), hits=1, expires_at=ends))
        log(Note("account:signed-out", "account", str(current_actor().user_id)))
    session.clear()


def inside(target: str | None) -> str:
    """An address of this site to go on to, or the first page: own paths only, no schemes, no hosts, no sign-in pages."""
    own = re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", target or "")
    if not own or len(own[0]) > 1500 or re.match(r"/(login|logout|invite|password|theme)\b", own[0]):
        return url_for("entrance.home")
    return own[0]


# ------------------------------------------------------------------------------------------------------- known devices
def _device_signer() -> URLSafeSerializer:
    return URLSafeSerializer(security.derived_key(_app(), "known device"), salt="device")


def known_device(email: str) -> str:
    """The id of this browser, if this account signed in with it before; "" otherwise.

    Tries from a known browser are counted apart, so strangers who use an account's tries up do not lock its owner out.
    """
    try:
        found = _device_signer().loads(request.cookies.get(DEVICE_COOKIE, ""))
    except BadSignature:
        return ""
    return str(found[1]) if isinstance(found, list) and len(found) == 2 and found[0] == email else ""


def remember_device(response: Response, email: str) -> None:
    """Lets this browser be known at the next sign-in; it opens nothing by itself."""
    config = _app().config
    response.set_cookie(
        DEVICE_COOKIE,
        _device_signer().dumps([email, known_device(email) or secrets.token_urlsafe(9)]),
        max_age=DEVICE_KEPT,
        path="/login",
        secure=config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
