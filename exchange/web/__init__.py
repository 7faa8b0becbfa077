"""Plumbing of pages: transaction, forms, handlers, pages, security, logging."""

from __future__ import annotations

from flask import Flask, has_request_context, request

LANGUAGES = ("ru",)


def language() -> str:
    """The language of this request: Russian, until the other catalogues are whole."""
    if has_request_context() and (chosen := request.cookies.get("language")) in LANGUAGES:
        return str(chosen)
    return "ru"


def init_app(app: Flask) -> None:
    from exchange.web import handlers, logging, pages, security, submission, transaction, uploads

    logging.init_app(app)
    transaction.init_app(app)
    uploads.init_app(app)
    security.init_app(app)
    pages.init_app(app)
    submission.init_app(app)
    handlers.init_app(app)
