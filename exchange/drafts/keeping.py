"""The mark `@drafted` of a view that takes a form: what is typed there can be kept, found again and continued.

A draft never acts: continuing it shows the form with what was typed, as a look of the person, and nothing is judged or
recorded until the form is sent.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, abort, current_app, flash, g, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import CombinedMultiDict, ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from exchange.access.actor import PEOPLE, current_actor, has_actor
from exchange.access.doors import door_of, opens
from exchange.accounts.security import idle_limit
from exchange.database import now
from exchange.drafts import actions, queries
from exchange.drafts.actions import Typed
from exchange.drafts.models import Draft
from exchange.drafts.sealing import Seal, Unreadable, draft_seal, key_for
from exchange.errors import NotFound, RuleBroken
from exchange.extensions import db
from exchange.web.forms import resumed
from exchange.web.pages import BARNAUL, today
from exchange.web.submission import FIELD as ONCE

# What travels with a form and is not typed: tokens, and which button was pressed.
NOT_TYPED = frozenset({"csrf_token", ONCE, "typist", "do", "find", "fill", "take"})
TYPIST = "typist"
TYPIST_KEPT = 24 * 3600


@dataclass(frozen=True)
class Mark:
    """What is known of a form: its name, the parameters of its address, the fields that tell one draft from another."""

    label: Any
    args: tuple[str, ...]
    named: tuple[str, ...]


def drafted(label: Any, *, args: tuple[str, ...] = (), named: tuple[str, ...] = ()) -> Callable[..., Any]:
    """Marks a view that takes a form: `@room.post(…) @allow(…) @drafted(_l("Новый студент")) @once def create(): …`.

    `do=draft` keeps what was typed; a view that leads away (303) has taken the form, and its draft goes.
    """

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def guarded(*values: Any, **names: Any) -> Any:
            if "resumed" in g:
                return view(*values, **names)
            if request.form.get("do") == "draft":
                return _keep()
            response = current_app.make_response(view(*values, **names))
            if response.status_code in (302, 303):
                actions.finish(db.session(), typed_now().address)
            return response

        guarded.draft = Mark(label, args, named)  # type: ignore[attr-defined]
        return guarded

    return mark


def mark_of(endpoint: str | None) -> Mark | None:
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "draft", None)


def seal() -> Seal:
    return draft_seal(current_app.config["SECRET_KEY"])


def address_of(mark: Mark) -> str:
    """The address of this request with the parameters that make its form what it is; words of a search are not among them."""
    pairs = [(name, request.args[name]) for name in mark.args if request.args.get(name)]
    return request.path + (f"?{urlencode(pairs)}" if pairs else "")


def typed_now() -> Typed:
    """What this request brings. Passwords and files are never kept."""
    mark = mark_of(request.endpoint)
    if mark is None:
        raise ValueError("this form keeps no drafts")
    values = {
        name: texts
        for name, texts in request.form.to_dict(flat=False).items()
        if name not in NOT_TYPED and "password" not in name
    }
    return Typed(request.endpoint or "", address_of(mark), values)


def wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _keep() -> Any:
    """«Сохранить черновик»: back to the form, with what was typed; a script is told the time."""
    session, token = db.session(), request.form.get(ONCE, "")
    if token and queries.went_through(session, token):
        return jsonify(said="") if wants_json() else redirect(typed_now().address, 303)
    try:
        draft = actions.keep(session, seal(), typed_now())
    except RuleBroken as broken:
        if wants_json():
            return jsonify(said=str(broken.message)), 422
        abort(413)
    said = _("Черновик сохранён в %(time)s", time=time_of(draft))
    if wants_json():
        return jsonify(said=said)
    flash(said, "ok")
    return redirect(link_to(draft), 303)


def time_of(draft: Draft) -> str:
    """«07:54» today, with the day before that."""
    here = draft.saved_at.astimezone(BARNAUL)
    return f"{here:%H:%M}" if here.date() == today() else f"{here:%d.%m.%Y %H:%M}"


def link_to(draft: Draft) -> str:
    """The form with what was typed."""
    return f"{draft.address}{'&' if '?' in draft.address else '?'}draft={draft.public_id}"


# ------------------------------------------------------------------------------------------------------------ whose form
def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key_for(current_app.config["SECRET_KEY"], TYPIST), salt=TYPIST)


def typist() -> str:
    """For the hidden field `typist`: whose form it is, so that it comes back to nobody else."""
    user_id = current_actor().user_id if has_actor() else None
    return str(_signer().dumps(user_id)) if user_id is not None else ""


def typist_of_form() -> int | None:
    """The account for which the form of this request was drawn, whoever asks now."""
    try:
        found = _signer().loads(request.form.get(TYPIST, ""), max_age=TYPIST_KEPT)
    except BadSignature:
        return None
    return found if isinstance(found, int) else None


# ------------------------------------------------------------------------------------------------------- continuing one
def _posted_to() -> tuple[str, dict[str, Any]] | None:
    """The view that takes the form of this page: the one that answers a POST to the same address."""
    try:
        endpoint, values = current_app.create_url_adapter(request).match(method="POST")  # type: ignore[union-attr]
    except (HTTPException, RequestRedirect):
        return None
    return (endpoint, dict(values)) if mark_of(endpoint) else None


def _continue() -> Any:
    """`?draft=<id>`: the form is shown as it was left. Its view is asked as if the form had come back, and judges nothing."""
    if request.method not in ("GET", "HEAD") or "draft" not in request.args or not (posted := _posted_to()):
        return None
    endpoint, values = posted
    mark = mark_of(endpoint)
    grants = current_app.extensions["doors"]["grants"]
    if mark is None or not opens(door_of(current_app, endpoint), current_actor().role, grants):
        return None
    address = address_of(mark)
    try:
        draft = queries.draft_of(db.session(), request.args["draft"])
        if draft.address != address:
            raise NotFound
        typed = seal().open(draft.sealed)
    except NotFound:
        flash(_("Черновика больше нет: форма отправлена, или прошло 30 дней"), "info")
        return redirect(address, 303)
    except Unreadable:
        flash(_("Черновик не открывается: ключ реестра с тех пор сменился. Введите данные заново"), "warn")
        return redirect(address, 303)
    form = ImmutableMultiDict([(name, text) for name, texts in typed.items() for text in texts])
    request.__dict__.update(form=form, files=ImmutableMultiDict(), values=CombinedMultiDict([request.args, form]))
    g.resumed = draft
    view: Any = current_app.view_functions[endpoint]
    response = current_app.make_response(view(**values))
    if response.status_code == 422:
        response.status_code = 200
    return response


@dataclass(frozen=True)
class Found:
    """A draft as the page of its form says it."""

    at: str
    url: str
    delete_url: str
    address: str
    is_open: bool


def draft_here() -> Found | None:
    """The draft of the form on this page, if there is one and the form is not being sent."""
    if resumed():
        draft: Draft | None = g.resumed
    elif request.method != "GET" or current_actor().role not in PEOPLE or not (posted := _posted_to()):
        return None
    else:
        mark = mark_of(posted[0])
        draft = queries.draft_at(db.session(), address_of(mark)) if mark else None
    if draft is None:
        return None
    delete_url = url_for("drafts.delete", public_id=draft.public_id)
    return Found(time_of(draft), link_to(draft), delete_url, draft.address, resumed())


def idle_seconds() -> int:
    """After how long without a request the session of this visitor ends."""
    return int(idle_limit(current_app, current_actor().role))


def session_ends() -> str:
    """When the session of this visitor ends, if nothing is asked for until then."""
    return f"{(now() + dt.timedelta(seconds=idle_seconds())).astimezone(BARNAUL):%H:%M}"


def init_app(app: Flask) -> None:
    app.before_request(_continue)
    app.jinja_env.globals.update(typist=typist, draft_here=draft_here, idle_seconds=idle_seconds, session_ends=session_ends)
