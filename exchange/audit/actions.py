"""Adding to the log, and proving that nobody touched it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.audit.models import AuditEntry, AuditHead
from exchange.database import now

FIRST_HASH = "0" * 64
# Actions that look but do not touch, and what is no data of the registry; every other entry is a change of data.
LOOKING = ("viewed", "revealed", "downloaded", "signed-in", "signed-out", "refused", "searched", "checked")
NO_DATA = ("draft", "job")


@dataclass(frozen=True)
class Note:
    """What is to be written into the log; who and when are added by `write`."""

    action: str
    subject_type: str = ""
    subject_id: str = ""
    details: dict[str, Any] | None = None


def is_change(action: str) -> bool:
    """Whether what was counted before may be counted otherwise now."""
    what, _, act = action.rpartition(":")
    return act not in LOOKING and what not in NO_DATA


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over all fields of an entry and the hash of the one before, as canonical JSON."""
    content = [
        entry.id,
        entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        entry.user_id,
        entry.user_name,
        entry.organisation_id,
        entry.role,
        entry.address,
        entry.action,
        entry.subject_type,
        entry.subject_id,
        entry.details,
        entry.previous_hash,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def write(session: Session, notes: Iterable[Note]) -> None:
    """Adds entries to the chain in the transaction of `session`. The head row is the lock that keeps the chain single."""
    notes = list(notes)
    if not notes:
        return
    actor = actor_of(session)
    changes = sum(is_change(note.action) for note in notes)
    session.flush()
    moved = (
        sa.update(AuditHead)
        .values(sequence=AuditHead.sequence + len(notes), data_version=AuditHead.data_version + changes)
        .returning(AuditHead.sequence, AuditHead.hash)
        .execution_options(synchronize_session=False)
    )
    sequence, last = session.execute(moved).one()
    number = sequence - len(notes)
    for note in notes:
        number += 1
        entry = AuditEntry(
            id=number,
            at=now(),
            user_id=actor.user_id,
            user_name=actor.name[:200],
            organisation_id=actor.organisation_id,
            role=str(actor.role),
            address=actor.address[:64],
            action=note.action,
            subject_type=note.subject_type,
            subject_id=note.subject_id,
            details=json.loads(json.dumps(note.details or {}, ensure_ascii=False, default=str)),
            previous_hash=last,
        )
        last = entry.hash = hash_of(entry)
        session.add(entry)
    session.flush()
    session.execute(sa.update(AuditHead).values(hash=last).execution_options(synchronize_session=False))


def record(session: Session, action: str, subject: Any = None, **details: Any) -> None:
    """Adds one entry. `subject` is a model with a public_id (or a pair of kind and id)."""
    if isinstance(subject, tuple):
        kind, key = subject
    elif subject is None:
        kind, key = "", ""
    else:
        kind, key = type(subject).__tablename__, str(getattr(subject, "public_id", subject.id))
    write(session, [Note(action, kind, str(key), details)])


@dataclass(frozen=True)
class Verdict:
    """Result of a check of the chain."""

    entries: int
    head: str
    broken_at: int | None
    reason: str

    @property
    def is_whole(self) -> bool:
        return self.broken_at is None


def verify(session: Session, anchor: tuple[int, str] | None = None) -> Verdict:
    """Recomputes every hash of the chain. `anchor` is a (number, hash) noted elsewhere, to catch a rewritten chain."""
    last, number = FIRST_HASH, 0
    anchored = anchor is None
    entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000))
    for entry in entries:
        number += 1
        if entry.id != number:
            return Verdict(number, last, number, "an entry is missing")
        if entry.previous_hash != last:
            return Verdict(number, last, number, "an entry does not follow the one before")
        if hash_of(entry) != entry.hash:
            return Verdict(number, last, number, "an entry was changed")
        last = entry.hash
        if anchor == (number, last):
            anchored = True
    head = session.execute(sa.select(AuditHead.sequence, AuditHead.hash)).one()
    if (head.sequence, head.hash) != (number, last):
        return Verdict(number, last, number + 1, "entries at the end are missing")
    if not anchored and anchor is not None:
        return Verdict(number, last, anchor[0], "the noted entry is not in the chain")
    return Verdict(number, last, None, "")


def data_version(session: Session) -> int:
    """Grows with every change of data: a remembered count is true as long as it stays."""
    return session.scalar(sa.select(AuditHead.data_version)) or 0
