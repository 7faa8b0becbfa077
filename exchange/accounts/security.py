"""How the sign-in library is set up: hashing, tokens, sessions, second factor. Its own pages are not used."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any, cast

from flask import Flask, current_app, g
from flask_login.utils import _user_context_processor
from flask_security import MfRecoveryCodesUtil, Security, SQLAlchemyUserDatastore
from flask_security.totp import Totp
from passlib.exc import UsedTokenError
from passlib.totp import TotpMatch

from exchange.access.actor import Role
from exchange.accounts import queries
from exchange.accounts.models import SecurityRole, User
from exchange.database import now
from exchange.extensions import db

RECOVERY_CODES = 10
ISSUER = "Altai-VKO"


class OnceTotp(Totp):
    """Codes of the authenticator, each of which works once: the newest step that was used is kept for all workers."""

    def get_last_counter(self, user: Any) -> int | None:
        return queries.last_step(db.session(), user.id)

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        if not queries.take_step(db.session(), user.id, tmatch.counter):
            raise UsedTokenError(expire_time=tmatch.expire_time)


class HashedRecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes are kept only as keyed hashes, and go when they are used."""

    def create_recovery_codes(self, user: Any) -> list[str]:
        codes: list[str] = library().totp_factory.generate_recovery_codes(RECOVERY_CODES)
        user.mf_recovery_codes = [self._hash(code) for code in codes]
        return codes

    def check_recovery_code(self, user: Any, code: str) -> bool:
        wanted = self._hash(code)
        return any(hmac.compare_digest(wanted, kept) for kept in user.mf_recovery_codes or ())

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        wanted = self._hash(code)
        user.mf_recovery_codes = [kept for kept in user.mf_recovery_codes or () if kept != wanted]
        return True

    @staticmethod
    def _hash(code: str) -> str:
        plain = "".join(c for c in code.lower() if c.isalnum())
        key = derived_key(current_app, "recovery codes")
        return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()


def library() -> Security:
    """The sign-in library as it is set up for this application."""
    return cast(Security, current_app.extensions["security"])


def link_to(token: str) -> str:
    """The address of a link: always on the configured site, whatever host a request names."""
    return f"{current_app.config['SITE_ADDRESS'].rstrip('/')}/invite/{token}"


def derived_key(app: Flask, purpose: str) -> bytes:
    """A key for one purpose, made from the key of the installation."""
    return hmac.new(app.config["SECRET_KEY"].encode(), purpose.encode(), hashlib.sha256).digest()


def idle_limit(app: Flask, role: Role | None) -> float:
    """Seconds without a request after which a session ends; shorter for those who can change accounts."""
    name = "SESSION_IDLE_ADMINISTRATOR" if role is Role.ADMINISTRATOR else "SESSION_IDLE"
    return float(app.config[name].total_seconds())


def init_app(app: Flask) -> None:
    defaults = {
        "SESSION_IDLE_ADMINISTRATOR": app.config["SESSION_IDLE"] / 2,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "SESSION_PROTECTION": None,  # mobile networks change addresses; the limits of time do the work
        "SECURITY_PASSWORD_SALT": app.config["PASSWORD_SALT"],
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__memory_cost": 65_536,
            "argon2__time_cost": 3,
            "argon2__parallelism": 1,
        },
        "SECURITY_TRACKABLE": True,
        "SECURITY_DATETIME_FACTORY": now,
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TOTP_ISSUER": ISSUER,
        "SECURITY_TOTP_SECRETS": {"1": base64.urlsafe_b64encode(derived_key(app, "second factor")).decode()},
        "SECURITY_CLI_USERS_NAME": False,
        "SECURITY_CLI_ROLES_NAME": False,
    }
    for name, value in defaults.items():
        app.config.setdefault(name, value)
    security = Security(
        datastore=SQLAlchemyUserDatastore(db, User, SecurityRole),
        totp_cls=OnceTotp,
        mf_recovery_codes_util_cls=HashedRecoveryCodes,
    )
    security.init_app(app, register_blueprint=False)
    security.login_manager.user_loader(lambda uniquifier: g.get("account"))
    security.login_manager.request_loader(lambda request: None)  # no tokens in headers or addresses
    # Files need no account: nobody is looked up for them, and their answers do not vary with a cookie.
    security.principal.skip_static = True
    app.after_request_funcs[None].remove(security.login_manager._update_remember_cookie)
    # Pages speak of the actor; an error page must not look up an account.
    app.template_context_processors[None].remove(_user_context_processor)
