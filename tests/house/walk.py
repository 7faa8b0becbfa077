"""Walking through the site from outside: every route with every method, ids of all sorts, forms as a browser sends them."""

from __future__ import annotations

import contextvars
import hashlib
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from exchange import policy
from exchange.access import walls
from exchange.access.actor import SYSTEM
from exchange.access.doors import door_of
from exchange.extensions import db
from tests.applications import Client

# What may change while somebody only looks: the log, and counters of limits.
MAY_CHANGE = {"AuditEntry", "AuditHead", "Hit"}
SAFE = {"GET", "HEAD", "OPTIONS"}
# What differs from page to page without telling anything: tokens, moments, numbers of requests, versions of files (a short id
# may stand inside one).
NOISE = re.compile(r'(?:name="(?:csrf_token|once)"[^>]*value="[^"]*")|\b\d\d:\d\d(?::\d\d)?\b|\b[0-9A-F]{6}\b|\?v=[0-9a-f]{12}')


@dataclass(frozen=True)
class Door:
    """A route with one method."""

    endpoint: str
    method: str
    rule: Rule
    mark: Any

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"

    @property
    def name(self) -> str:
        return f"{self.method} {self.endpoint}"

    def opens_to(self, role: str | None) -> bool:
        """What the policy page says. `role` None: nobody signed in."""
        if self.mark == "public":
            return True
        if role is None:
            return False
        if self.mark == "signed-in":
            return True
        granted = {str(p) for r, permissions in policy.GRANTS.items() if r == role for p in permissions}
        return bool({str(p) for p in self.mark} & granted)


def doors(app: Flask) -> list[Door]:
    """Every route of the site, so that a new one is walked through without being named here."""
    found = [
        Door(rule.endpoint, method, rule, door_of(app, rule.endpoint))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(found, key=lambda door: (door.rule.rule, door.method))


def fingerprint(connection: sa.Connection) -> dict[str, str]:
    """A digest of every table that a person's request may change."""
    walls.tell(connection, SYSTEM)
    found = {}
    for model in sorted(policy.ROWS, key=lambda m: m.__name__):
        if model.__name__ in MAY_CHANGE:
            continue
        table: Any = sa.inspect(model).local_table
        rows = connection.execute(sa.select(table).order_by(*table.primary_key.columns)).all()
        found[model.__name__] = f"{len(rows)} {hashlib.sha256(repr(rows).encode()).hexdigest()[:16]}"
    for model in policy.OPEN:
        open_table: Any = sa.inspect(model).local_table
        found[model.__name__] = str(connection.execute(sa.select(sa.func.count()).select_from(open_table)).scalar())
    return found


@dataclass
class Answer:
    """What came back, and which tables were different afterwards."""

    response: TestResponse
    changed: set[str]

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def location(self) -> str:
        return self.response.headers.get("Location", "")


@dataclass
class Walker:
    """Somebody who walks: each request begins with the same cookies and in the same state of the database."""

    app: Flask
    key: str | None
    connection: sa.Connection
    cookies: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.before = fingerprint(self.connection)

    def sign_in(self, email: str, password: str) -> None:
        client = Client(self.app, self.app.response_class, use_cookies=True)
        answer = client.post("/login", data={"email": email, "password": password, "csrf_token": self.token(client)})
        assert answer.status_code in (302, 303), answer.text[:500]
        cookie = client.get_cookie("session")
        assert cookie is not None
        self.cookies = {"session": cookie.value}
        self.before = fingerprint(self.connection)

    def token(self, client: Client) -> str:
        """A token of this visitor that is as good as one from a page: a refusal must not come from a missing token."""
        return contextvars.Context().run(self._token, client)

    def _token(self, client: Client) -> str:
        with client.session_transaction() as session:
            raw = session.setdefault("csrf_token", secrets.token_hex(20))
        return str(URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token").dumps(raw))

    def client(self) -> Client:
        made = Client(self.app, self.app.response_class, use_cookies=True)
        for name, value in self.cookies.items():
            made.set_cookie(name, value)
        return made

    def ask(self, method: str, path: str, data: dict[str, Any] | None = None, watched: bool = True) -> Answer:
        """One request; whatever it did is looked at and taken back."""
        client = self.client()
        headers = {"Accept": "text/html", "X-HTTP-Method-Override": "DELETE"}
        with self.connection.begin_nested() as point:
            if method in SAFE:
                response = client.open(path, method=method, headers=headers)
            else:
                sent = {"csrf_token": self.token(client), **(data or {})}
                response = client.open(path, method=method, data=sent, headers=headers)
            response.get_data()
            response.close()
            changed = set()
            if watched:
                after = fingerprint(self.connection)
                changed = {name for name, digest in after.items() if digest != self.before[name]}
            point.rollback()
        return Answer(response, changed)

    def form_on(self, path: str, action: str) -> dict[str, Any]:
        """The values that a browser would send with the form for `action` on the page `path`."""
        page = self.ask("GET", path, watched=False).response
        if page.status_code != 200 or page.mimetype != "text/html":
            return {}
        for form in BeautifulSoup(page.text, "html.parser").find_all("form"):
            target = str(form.get("action") or path)
            if str(form.get("method", "get")).lower() == "post" and target.split("?")[0] == action:
                return dict(_fields(form))
        return {}


def _fields(form: Any) -> Iterator[tuple[str, Any]]:
    for item in form.find_all(["input", "textarea", "select", "button"]):
        name, kind = item.get("name"), item.get("type", "text")
        if not name or name == "csrf_token" or item.name == "button" or kind in ("submit", "file"):
            continue
        if kind in ("checkbox", "radio") and not item.has_attr("checked"):
            continue
        if item.name == "select":
            chosen = item.find("option", selected=True) or item.find("option")
            yield name, chosen.get("value", chosen.text) if chosen else ""
        else:
            yield name, item.text if item.name == "textarea" else item.get("value", "")


def path_of(app: Flask, door: Door, values: dict[str, Any]) -> str:
    """The address of a door with these values, also with values that no link would ever have."""
    marks = {name: f"~{name}~" for name in door.rule.arguments}
    path = re.sub(r"<(?:[^<>:]*(?:\([^)]*\))?:)?([a-z_]+)>", lambda found: marks[found[1]], door.rule.rule)
    for name, mark in marks.items():
        path = path.replace(mark, str(values[name]))
    return path


def normal(answer: Answer, *values: Any) -> str:
    """A page without what it was asked for and without noise: to see whether two refusals can be told apart."""
    text = NOISE.sub("…", answer.response.text)
    for value in values:
        text = text.replace(str(value), "…")
    return text


def current_connection(app: Flask) -> sa.Connection:
    with app.app_context():
        connection: Any = db.engine
    assert isinstance(connection, sa.Connection)
    return connection
