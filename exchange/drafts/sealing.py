"""Encryption of what was typed: one key of the installation for drafts, one of each browser for forms without a session."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken


class Unreadable(Exception):
    """It was sealed with another key, or changed since."""


def key_for(secret: str, purpose: str) -> bytes:
    """A key for one purpose, made from the key of the installation."""
    return hmac.new(secret.encode(), f"drafts: {purpose}".encode(), hashlib.sha256).digest()


class Seal:
    """Closes and opens values with one key."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, values: Any) -> str:
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> Any:
        """Raises Unreadable."""
        try:
            return json.loads(self._fernet.decrypt(sealed.encode()))
        except (InvalidToken, ValueError) as problem:
            raise Unreadable from problem


def draft_seal(secret: str) -> Seal:
    return Seal(key_for(secret, "draft"))


def browser_seal(secret: str, token: str) -> Seal:
    """Neither the database nor the key of the installation opens it without the token of the browser."""
    return Seal(key_for(secret, f"browser {token}"))


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
