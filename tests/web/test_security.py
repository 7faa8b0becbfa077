"""Headers, cookies, forged forms, hosts: what a browser may do with our pages."""

from __future__ import annotations

import re
from typing import Any

import pytest

from exchange.config import UnsafeSettings
from exchange.extensions import db
from tests.applications import Client, application, dispose

ADDRESSES = ["/login", "/", "/no-such-page", "/healthz", "/password/reset", "/invite/x"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_headers(client: Any, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'",
                 "form-action 'self'", "object-src 'none'"):  # fmt: skip
        assert rule in policy
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert re.fullmatch(r"[0-9a-f]{16}", headers["X-Request-Id"])


def test_files_with_a_fingerprint_are_kept_by_the_browser(client: Any) -> None:
    page = client.get("/login").text
    address = re.search(r'href="(/static/app\.css\?v=[0-9a-f]{12})"', page)
    assert address
    with client.get(address[1]) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with client.get("/static/app.css") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_the_session_cookie_is_for_this_site_alone(client: Any) -> None:
    cookie = client.get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie


PRODUCTION = {
    "PRODUCTION": True, "TRUSTED_HOSTS": ["registry.example"], "SITE_ADDRESS": "https://registry.example",
    "SESSION_COOKIE_SECURE": True, "SESSION_COOKIE_NAME": "__Host-session", "WTF_CSRF_ENABLED": True,
}  # fmt: skip


@pytest.fixture
def production(fresh_database: Any) -> Any:
    app = application(fresh_database, **PRODUCTION)
    yield app
    dispose(app)


def test_in_production_cookies_and_hosts_are_strict(production: Any) -> None:
    client = Client(production, production.response_class, use_cookies=True)
    answer = client.get("/login", base_url="https://registry.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]
    assert client.get("/login", base_url="https://evil.example").status_code == 400


def test_a_form_without_its_token_is_refused(production: Any) -> None:
    client = Client(production, production.response_class, use_cookies=True)
    base = {"base_url": "https://registry.example", "headers": {"Referer": "https://registry.example/login"}}
    page = client.get("/login", base_url="https://registry.example").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    data = {"email": "nobody@example.org", "password": "some password"}
    for bad in ({}, {"csrf_token": ""}, {"csrf_token": "x"}, {"csrf_token": token[1][:-1]}):
        answer = client.post("/login", data={**data, **bad}, **base)
        assert answer.status_code == 400
        assert "Форма устарела" in answer.text
    assert client.post("/login", data={**data, "csrf_token": token[1]}, **base).status_code == 422
    elsewhere = {"base_url": "https://registry.example", "headers": {"Referer": "https://evil.example/"}}
    assert client.post("/login", data={**data, "csrf_token": token[1]}, **elsewhere).status_code == 400
    assert client.post("/logout", **base).status_code == 400


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"DEBUG": True}, "Debug mode"),
        ({"TRUSTED_HOSTS": None}, "TRUSTED_HOSTS"),
        ({"SITE_ADDRESS": "http://registry.example"}, "SITE_ADDRESS"),
    ],
)
def test_production_does_not_start_with_unsafe_settings(fresh_database: Any, change: dict[str, Any], words: str) -> None:
    with pytest.raises(UnsafeSettings, match=words):
        application(fresh_database, **{**PRODUCTION, **change})


def test_production_does_not_start_with_accounts_of_the_demonstration(
    fresh_database: Any, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlalchemy as sa

    from exchange.access.actor import SYSTEM, asking
    from exchange.accounts.models import User

    app = application(fresh_database)
    with asking(SYSTEM), app.app_context():
        db.session.execute(sa.update(User).where(User.email == world.emails["asu"]).values(is_demo=True))
        db.session.commit()
        db.session.remove()
    dispose(app)
    with pytest.raises(UnsafeSettings, match="1 demonstration accounts with a published password"):
        application(fresh_database, **PRODUCTION)
    # a command of the operator gets in, to say so and to put it right
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    dispose(application(fresh_database, **PRODUCTION))


@pytest.mark.parametrize(("sent", "expected"), [("light", "light"), ("dark", "dark"), ("auto", "auto"), ("<script>", "auto")])
def test_the_look_is_kept_in_a_cookie(client: Any, sent: str, expected: str) -> None:
    answer = client.post("/theme", data={"theme": sent, "next": "//evil.example"})
    assert (answer.status_code, answer.location) == (303, "/")
    assert f'data-theme="{expected}"' in client.get("/login").text
