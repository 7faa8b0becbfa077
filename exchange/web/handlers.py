"""Honest failure: every error is a page with a sentence and a way back, and no error shows the inside."""

from __future__ import annotations

import logging
import secrets
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from exchange.access.doors import public
from exchange.errors import Conflict, NotFound
from exchange.extensions import db

log = logging.getLogger("exchange")
PAGES = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503)


def failure(status: int, **context: Any) -> tuple[str, int]:
    """The page of an error."""
    template = f"errors/{status}.html" if status in PAGES else "errors/500.html"
    return render_template(template, status=status, **context), status


def init_app(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        if error.code is None or error.code < 400 or error.response is not None:
            return error
        response: Any = failure(error.code, retry_after=getattr(error, "retry_after", None))
        headers = {k: v for k, v in error.get_headers() if k in ("Allow", "Retry-After", "WWW-Authenticate")}
        return (*response, headers)

    @app.errorhandler(SecurityError)
    def strange_host(error: SecurityError) -> Response:
        """Asked for under a name that is not ours: no page, because every address on it would carry that name."""
        return Response("This site is not known by that name.\n", 400, mimetype="text/plain")

    @app.errorhandler(CSRFError)
    def expired(error: CSRFError) -> Any:
        return render_template("errors/419.html", status=400), 400

    @app.errorhandler(NotFound)
    def missing(error: NotFound) -> Any:
        return failure(404)

    @app.errorhandler(Conflict)
    @app.errorhandler(StaleDataError)
    def conflict(error: Exception) -> Any:
        db.session.rollback()
        return failure(409)

    @app.errorhandler(OperationalError)
    def database_away(error: OperationalError) -> Any:
        # only the kind: the text of a database error carries the values of the row
        log.error("the database did not answer: %s", type(error.orig).__name__)
        db.session.rollback()
        return failure(503)

    @app.errorhandler(DataError)
    def no_such_value(error: DataError) -> Any:
        """PostgreSQL can't hold the value (a NUL in a word of a search, a number without end): nobody has such a record."""
        log.warning("a value that the database can't hold at %s", request.endpoint)
        db.session.rollback()
        return failure(422)

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Any:
        if current_app.testing and current_app.config.get("PROPAGATE"):
            raise error
        number = secrets.token_hex(3).upper()
        # the text of a database error carries the values of the row: only its kind goes to the log
        kind = type(error.orig).__name__ if isinstance(error, DBAPIError) else ""
        log.error(
            "error %s at %s %s %s",
            number,
            request.method,
            request.endpoint,
            kind,
            exc_info=None if isinstance(error, DBAPIError) else error,
        )
        g.log = []
        keep_apart = current_app.extensions.get("keep_apart", str)  # a room above keeps what was typed; "": nothing to keep
        return failure(500, number=number, kept=keep_apart())

    @app.get("/accessibility")
    @public
    def accessibility() -> str:
        """What the pages are made to keep, and whom to tell when they do not."""
        return render_template("accessibility.html")

    @app.get("/healthz")
    @public
    def healthz() -> Response:
        """Alive, and the database answers."""
        db.session.execute(sa.select(sa.literal(1)))
        return Response("ok\n", mimetype="text/plain")
