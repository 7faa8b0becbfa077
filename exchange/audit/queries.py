"""Questions to the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry, AuditHead

SIZE = 50


@dataclass(frozen=True)
class Wanted:
    """What the log is narrowed by; `starts` and `ends` are moments, the second one is not included."""

    who: str = ""
    what: str = ""
    subject: str = ""
    starts: dt.datetime | None = None
    ends: dt.datetime | None = None


def _found(session: Session, wanted: Wanted) -> sa.Select[AuditEntry]:
    found = sa.select(AuditEntry)
    if wanted.who:
        # SQLite folds Latin letters only: the few names that ever acted are compared here.
        names = session.scalars(sa.select(AuditEntry.user_name).distinct()).all()
        words = wanted.who.casefold().split()
        found = found.where(AuditEntry.user_name.in_([n for n in names if all(w in n.casefold() for w in words)]))
    if wanted.what:
        found = found.where(AuditEntry.action == wanted.what)
    if wanted.subject:
        found = found.where(AuditEntry.subject_id == wanted.subject)
    if wanted.starts:
        found = found.where(AuditEntry.at >= wanted.starts)
    if wanted.ends:
        found = found.where(AuditEntry.at < wanted.ends)
    return found


def entries(
    session: Session, wanted: Wanted, before: int | None = None, after: int | None = None
) -> tuple[Sequence[AuditEntry], bool]:
    """A page of the log, newest first, and whether there are more in the direction it was turned.

    `before` and `after` are numbers of entries: the page is found by its edge, so page 1,000 is as quick as page 1.
    """
    found = _found(session, wanted)
    if after is not None:
        page = session.scalars(found.where(AuditEntry.id > after).order_by(AuditEntry.id).limit(SIZE + 1)).all()
        return list(reversed(page[:SIZE])), len(page) > SIZE
    if before is not None:
        found = found.where(AuditEntry.id < before)
    page = session.scalars(found.order_by(AuditEntry.id.desc()).limit(SIZE + 1)).all()
    return page[:SIZE], len(page) > SIZE


def extract(session: Session, wanted: Wanted, most: int) -> Sequence[AuditEntry]:
    """Entries for a file, newest first, at most `most`."""
    return session.scalars(_found(session, wanted).order_by(AuditEntry.id.desc()).limit(most)).all()


def actions_seen(session: Session) -> Sequence[str]:
    """Which actions the log knows, for the filter."""
    return session.scalars(sa.select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()


def head(session: Session) -> tuple[int, str]:
    """Number and hash of the newest entry."""
    number, last = session.execute(sa.select(AuditHead.sequence, AuditHead.hash)).one()
    return number, last


def newest(session: Session) -> AuditEntry | None:
    return session.scalar(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))


@dataclass(frozen=True)
class Change:
    """What somebody changed in one field after a form was opened."""

    field: str
    label: Any
    before: Any
    after: Any
    who: str
    at: dt.datetime


def changes_since(session: Session, kind: str, key: str, version: int, labels: Mapping[str, Any]) -> list[Change]:
    """What was changed in a record after `version`, oldest first: for the page that says why a form was not saved."""
    written = session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.subject_type == kind, AuditEntry.subject_id == key)
        .order_by(AuditEntry.id.desc())
        .limit(200)
    ).all()
    found = []
    for entry in reversed(written):
        if int(entry.details.get("version") or 0) <= version:
            continue
        before, after = entry.details.get("before") or {}, entry.details.get("after") or {}
        found += [
            Change(field, labels.get(field, field), before.get(field), value, entry.user_name, entry.at)
            for field, value in after.items()
        ]
    return found
