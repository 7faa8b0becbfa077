"""A form acts once: sending it twice (double click, reload, a retry on a bad line) leads to the result of the first time."""

from __future__ import annotations

import datetime as dt
import functools
import re
import secrets
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, redirect, request
from sqlalchemy.exc import IntegrityError

from exchange.access.actor import current_actor
from exchange.database import now
from exchange.extensions import db
from exchange.web.models import Submission

FIELD = "once"
SHAPE = re.compile(r"[A-Za-z0-9_-]{22,40}")
KEPT = dt.timedelta(days=2)


def new_token() -> str:
    """The token for the hidden field `once`; a form that comes back with errors keeps the one it has."""
    given = request.form.get(FIELD, "") if request.method == "POST" else ""
    return given if SHAPE.fullmatch(given) else secrets.token_urlsafe(24)


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a view that creates something: `@room.post(…) @allow(…) @once def create(): …`.

    The token is written before the view acts, in the same transaction: of two requests at the same moment the second
    waits for the first and is then sent to its result. A view that refuses (status 400 and above) rolls the token back,
    so the corrected form can be sent with it. A form without a token is processed as usual.
    """

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        token = request.form.get(FIELD, "")
        user_id = current_actor().user_id
        if user_id is None or not SHAPE.fullmatch(token):
            return view(*args, **kwargs)
        if (location := _first_result(token)) is not None:
            return redirect(location, 303)
        sent = Submission(token=token, user_id=user_id, location="")
        db.session.add(sent)
        try:
            db.session.flush()
        except IntegrityError:
            db.session.rollback()
            return redirect(_first_result(token) or request.path, 303)
        response = current_app.make_response(view(*args, **kwargs))
        if response.status_code < 400:
            _keep(token, user_id, response.location)
        return response

    return guarded


def _first_result(token: str) -> str | None:
    return db.session.scalar(sa.select(Submission.location).where(Submission.token == token, Submission.location != ""))


def _keep(token: str, user_id: int, location: str | None) -> None:
    """Notes where the first result is; a page that shows a further step instead of leading away did not finish the form."""
    mine = sa.select(Submission).where(Submission.token == token)
    sent = db.session.scalars(mine).one()
    if location and len(location) <= 500:
        sent.location = location
    else:
        db.session.delete(sent)
    db.session.flush()
    db.session.execute(
        sa.delete(Submission)
        .where(Submission.user_id == user_id, Submission.created_at < now() - KEPT)
        .execution_options(synchronize_session=False)
    )


def init_app(app: Flask) -> None:
    """Gives templates `once()`: `form_open(action, hidden={'once': once()})`."""
    app.jinja_env.globals["once"] = new_token
