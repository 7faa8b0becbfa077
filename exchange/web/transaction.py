"""A request is a transaction: who asks is known before it, it commits below 400, and a GET writes nothing but the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from exchange.access.actor import GATE, has_actor, set_actor
from exchange.database import only_reading
from exchange.extensions import db

View = TypeVar("View", bound=Callable[..., Any])
SAFE = ("GET", "HEAD", "OPTIONS")


def reads_first(view: View) -> View:
    """Marks a view whose unsafe request begins like a safe one: it does not wait for others to write, until it says
    `only_reading(False)` after a rollback."""
    view.reads_first = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        view = app.view_functions.get(request.endpoint or "")
        only_reading(request.method in SAFE or getattr(view, "reads_first", False))
        g.log = []
        set_actor(GATE)

    @app.after_request
    def end(response: Response) -> Response:
        if not has_actor() or request.endpoint in (None, "static"):
            return response
        if request.method not in SAFE and response.status_code < 400:
            _write_log()
            db.session.commit()
        else:
            db.session.rollback()
            if g.get("log"):
                only_reading(False)
                _write_log()
                db.session.commit()
        return response

    @app.teardown_request
    def leave(error: BaseException | None) -> None:
        # The session goes before the actor does: a session without an actor may not even roll back unseen.
        db.session.remove()
        set_actor(None)
        only_reading(False)


def _write_log() -> None:
    """Writes what the request asked to be logged (`log`); a page with personal data is never sent without its line."""
    notes, g.log = g.get("log", []), []
    if notes:
        current_app.extensions["write_log"](db.session, notes)


def at_once(work: Callable[[], None]) -> bool:
    """Writes in a transaction of its own while the request itself fails; False when the database does not let it."""
    try:
        db.session.rollback()
        only_reading(False)
        work()
        db.session.commit()
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True


def log(note: Any) -> None:
    """Asks for a line in the audit at the end of this request, also when the request only reads."""
    g.log.append(note)
