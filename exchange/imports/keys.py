"""The hidden key of a row: which record it speaks of. A key helps to find a record; what may be seen it never widens."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadSignature, Signer

SALT = "roster-row"
LONGEST = 60


def mark(public_id: str) -> str:
    """What stands in the hidden column of the row of a record."""
    return _signer().sign(public_id).decode()


def read(text: str) -> str | None:
    """The public id that a mark of ours names; None for anything else."""
    try:
        return _signer().unsign(text.strip()).decode() if 0 < len(text) <= LONGEST else None
    except (BadSignature, UnicodeError):
        return None


def _signer() -> Signer:
    return Signer(current_app.secret_key or "", salt=SALT)
