"""Settings: from the environment, checked at start; unsafe settings stop a production start."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TIME_ZONE = "Asia/Barnaul"
MEGABYTE = 1024 * 1024


class UnsafeSettings(RuntimeError):
    """Settings with which the site must not start; one sentence for each."""


def _secret_key(environment: Mapping[str, str], instance: Path) -> str:
    """The key of the installation: from the environment, or (in development) made once and kept in the instance folder."""
    if key := environment.get("SECRET_KEY"):
        return key
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)  # of several workers that start at once, one wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


def load(instance: Path, environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """All settings of the application, from the environment of the process."""
    production = environment.get("EXCHANGE_ENV", "development") == "production"
    key = "" if production and not environment.get("SECRET_KEY") else _secret_key(environment, instance)
    address = environment.get("DATABASE_URL") or f"sqlite:///{instance / 'exchange.sqlite3'}"
    salt = environment.get("PASSWORD_SALT") or key[::-1]
    return {
        "PRODUCTION": production,
        "SECRET_KEY": key,
        "SQLALCHEMY_DATABASE_URI": address,
        "DATABASE_OWNER_URL": environment.get("DATABASE_OWNER_URL") or address,
        "SITE_ADDRESS": environment.get("SITE_ADDRESS", "http://127.0.0.1:8000"),
        "TRUSTED_HOSTS": [h for h in environment.get("TRUSTED_HOSTS", "").split(",") if h] or None,
        "PROXIES": int(environment.get("PROXIES", "0")),
        "MAX_CONTENT_LENGTH": 256 * 1024,
        "MAX_UPLOAD_LENGTH": 10 * MEGABYTE,
        "JOBS_ROWS": 1_000,  # a file of more rows, or of more bytes, is checked and applied apart from the request
        "JOBS_BYTES": MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "MAX_FORM_PARTS": 500,
        "SESSION_COOKIE_NAME": "__Host-session" if production else "session",
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_IDLE": dt.timedelta(minutes=30),
        "SESSION_ABSOLUTE": dt.timedelta(hours=10),
        "PERMANENT_SESSION_LIFETIME": dt.timedelta(hours=10),
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "ru",
        "BABEL_DEFAULT_TIMEZONE": TIME_ZONE,
        "PASSWORD_SALT": salt,
        "DATA_BEGINS_ON": dt.date.fromisoformat(environment.get("DATA_BEGINS_ON", "2021-09-01")),
    }


def problems(settings: Mapping[str, Any]) -> list[str]:
    """What makes these settings unsafe to run in production: one sentence for each."""
    found = []
    if len(settings["SECRET_KEY"]) < 32:
        found.append("SECRET_KEY is missing or shorter than 32 characters: set a random one.")
    if settings.get("DEBUG"):
        found.append("Debug mode is on: start without --debug and without FLASK_DEBUG.")
    if not settings["TRUSTED_HOSTS"]:
        found.append("TRUSTED_HOSTS is empty: name the host names under which the site is reached.")
    if not settings["SITE_ADDRESS"].startswith("https://"):
        found.append("SITE_ADDRESS does not begin with https://: links in mails must lead to the encrypted site.")
    if settings["SQLALCHEMY_DATABASE_URI"] == settings["DATABASE_OWNER_URL"] and settings["SQLALCHEMY_DATABASE_URI"].startswith(
        "postgresql"
    ):
        found.append("DATABASE_OWNER_URL is not set: the tables must belong to another role than the one the site uses.")
    return found


def is_serving() -> bool:
    """Whether this process is about to answer visitors; other commands may run, to say and mend what is wrong."""
    return os.environ.get("FLASK_RUN_FROM_CLI") != "true" or "run" in sys.argv


def check(settings: Mapping[str, Any]) -> None:
    """Raises UnsafeSettings when a production site is about to serve with something unsafe."""
    if settings["PRODUCTION"] and is_serving() and (found := problems(settings)):
        raise UnsafeSettings("\n".join(found))
