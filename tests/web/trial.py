"""A site of a test's own, to which it adds pages before the first request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from exchange.access.doors import public, signed_in
from tests.applications import Client
from tests.world import PASSWORD


def add(app: Flask, address: str, view: Callable[..., Any], methods: tuple[str, ...] = ("GET",), door: Any = public) -> None:
    """Hangs a page that anybody (or whoever is signed in) may open."""
    view.door = door(lambda: None).door  # type: ignore[attr-defined]
    app.add_url_rule(address, endpoint=address, view_func=view, methods=list(methods))


def visitor(app: Flask, email: str = "", **more: Any) -> Client:
    """Somebody at this site, signed in if an e-mail is given."""
    client = Client(app, app.response_class, use_cookies=True)
    if email:
        answer = client.post("/login", data={"email": email, "password": PASSWORD}, **more)
        assert answer.status_code == 303, answer.text
    return client


__all__ = ["add", "public", "signed_in", "visitor"]
