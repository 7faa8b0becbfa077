"""Passwords: hashed with argon2id, two at a time; long rather than complicated; common ones are refused."""

from __future__ import annotations

import functools
import re
import threading
import unicodedata
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_security import hash_password

from exchange.accounts.models import User

SHORTEST, LONGEST = 12, 128
DATA = Path(__file__).parent / "data"
# A hash takes 64 MB of memory on purpose: a crowd at the door must not take it all at once.
_two_at_a_time = threading.BoundedSemaphore(2)


def normal(password: str) -> str:
    """One form for one password, whichever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """The hash that is stored."""
    with _two_at_a_time:
        return str(hash_password(normal(password)))


def matches(user: User | None, password: str) -> bool:
    """Whether the password opens the account. Takes the same time when there is no account or no password yet."""
    known = user is not None and bool(user.password)
    with _two_at_a_time:
        if known and user is not None:
            return bool(user.verify_and_update_password(normal(password)))
        _pwd_context().verify(normal(password), _nobody())
    return False


def _pwd_context() -> Any:
    return current_app.extensions["security"].pwd_context


def _nobody() -> str:
    """A hash that no password opens, made with the present settings once a process and application."""
    extensions = current_app.extensions
    if "hash of nobody" not in extensions:
        extensions["hash of nobody"] = hash_password("nobody has this password: it only takes its time")
    return str(extensions["hash of nobody"])


@functools.cache
def _lines(name: str) -> frozenset[str]:
    """A shipped list: "common_passwords" or "context_words" (where they come from is said in their first lines)."""
    lines = (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _bare(password: str) -> str:
    """The word in a password: without digits and signs around and between, small letters."""
    return re.sub(r"[\W\d_]+", "", password.casefold())


def objection(password: str, user: User | None = None) -> str | None:
    """A sentence why this password can't be taken, or None. No rules of composition: length and rarity count."""
    password = normal(password)
    if len(password) < SHORTEST:
        return _(
            "Пароль должен быть не короче %(least)s знаков, сейчас %(now)s. Подойдут несколько слов подряд",
            least=SHORTEST,
            now=len(password),
        )
    if len(password) > LONGEST:
        return _("Пароль должен быть не длиннее %(most)s знаков, сейчас %(now)s", most=LONGEST, now=len(password))
    folded = password.casefold()
    bare = _bare(password)
    personal = set()
    if user is not None:
        parts = [user.email.partition("@")[0], *re.split(r"[@.]", user.email), *user.name.split()]
        personal = {_bare(part) for part in parts if len(_bare(part)) > 2}
    if (
        folded in _lines("common_passwords")
        or len(set(folded)) < 4
        or bare in _lines("context_words") | _lines("weak_words")
        or _is_repeated(folded)
    ):
        return _("Этот пароль легко подобрать: он встречается в списках частых паролей. Придумайте другой")
    if bare and bare in personal:
        return _("Этот пароль легко подобрать: он повторяет почту или имя. Придумайте другой")
    return None


def _is_repeated(text: str) -> bool:
    """One short piece over and over («abcabcabcabc»)."""
    return any(text == text[:size] * (len(text) // size) for size in range(1, len(text) // 3 + 1) if len(text) % size == 0)
