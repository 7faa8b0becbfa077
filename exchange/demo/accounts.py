"""Accounts of the demonstration: one for each role, all with the password that the start-up prints."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.actor import Role
from exchange.accounts.models import Membership, User
from exchange.accounts.passwords import hashed
from exchange.database import now
from exchange.demo.chances import texts
from exchange.organisations.models import Organisation

PASSWORD = "demo-Altai-2026"  # noqa: S105  printed at start-up; production refuses to start with these accounts
ACCOUNTS = (
    ("admin@demo.example", Role.ADMINISTRATOR, "REGISTRY"),
    ("asu@demo.example", Role.UNIVERSITY, "ASU"),
    ("astu@demo.example", Role.UNIVERSITY, "ASTU"),
    ("agmu@demo.example", Role.UNIVERSITY, "AGMU"),
    ("altvagon@demo.example", Role.ENTERPRISE, "ALTVAGON"),
    ("altkoks@demo.example", Role.ENTERPRISE, "ALTKOKS"),
    ("ministry@demo.example", Role.MINISTRY, "MINOBR22"),
    ("akimat@demo.example", Role.AKIMAT, "AKIMAT-VKO"),
    ("auditor@demo.example", Role.AUDITOR, "REGISTRY"),
)


def load_accounts(session: Session, today: dt.date) -> int:
    """Adds the accounts that are missing; returns how many. They share one hash: their password is no secret anyway."""
    known = set(session.scalars(sa.select(User.email)))
    ids = {row.code: row.id for row in session.execute(sa.select(Organisation.code, Organisation.id))}
    missing = [line for line in zip(ACCOUNTS, texts("person"), strict=True) if line[0][0] not in known]
    password = hashed(PASSWORD) if missing else ""
    for (email, role, code), name in missing:
        membership = Membership(organisation_id=ids[code], role=str(role), valid_from=today)
        user = User(
            email=email, name=name, password=password, active=True, fs_uniquifier=uuid.uuid4().hex, confirmed_at=now(),
            is_demo=True, memberships=[membership],
        )  # fmt: skip
        session.add(user)
    session.flush()
    return len(missing)
