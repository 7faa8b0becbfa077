"""Questions about scans; none of them reads a content except `content_of`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.errors import NotFound
from exchange.files.models import Scan, ScanContent
from exchange.files.subjects import Ref

_SHAPE = 12


def scan_by_public_id(session: Session, public_id: str, *, for_change: bool = False) -> Scan:
    """A scan at a record of one's own office, or one that oneself brought and that waits. Raises NotFound."""
    mine = sa.and_(Scan.subject_type == "", Scan.uploaded_by_id == actor_of(session).user_id)
    asked = sa.select(Scan).where(Scan.public_id == public_id, sa.or_(Scan.subject_type != "", mine))
    if for_change:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(asked)
    if found is None:
        raise NotFound
    return found


def content_of(session: Session, scan: Scan) -> bytes:
    """The bytes."""
    return session.execute(sa.select(ScanContent.content).where(ScanContent.scan_id == scan.id)).scalar_one()


def _at(refs: Iterable[Ref]) -> sa.ColumnElement[bool]:
    by_type: dict[str, list[str]] = {}
    for subject_type, subject_id in refs:
        by_type.setdefault(subject_type, []).append(subject_id)
    return sa.or_(
        sa.false(),
        *(sa.and_(Scan.subject_type == kind, Scan.subject_id.in_(sorted(set(ids)))) for kind, ids in by_type.items()),
    )


def scans_of(
    session: Session, refs: Collection[Ref], *, removed: bool | None = False, first: int = 0, size: int | None = None
) -> Sequence[Scan]:
    """Scans at these records: by kind of record in the order in which the kinds are named, then the newest first.

    Those in force; `removed`: those that are hidden; None: both.
    """
    kinds = list(dict.fromkeys(subject_type for subject_type, _id in refs))
    place = sa.case({kind: number for number, kind in enumerate(kinds)}, value=Scan.subject_type) if kinds else sa.literal(0)
    asked = sa.select(Scan).where(_at(refs))
    if removed is not None:
        asked = asked.where(Scan.removed_at.is_not(None) if removed else Scan.removed_at.is_(None))
    asked = asked.order_by(place, Scan.uploaded_at.desc(), Scan.id.desc())
    return session.scalars(asked.offset(first).limit(size) if size is not None else asked).all()


def counts_of(session: Session, refs: Collection[Ref]) -> dict[Ref, int]:
    """How many scans each of these records has; one question for all. Those without any are not in it."""
    if not refs:
        return {}
    counted = sa.select(Scan.subject_type, Scan.subject_id, sa.func.count()).where(_at(refs), Scan.removed_at.is_(None))
    return {(kind, key): count for kind, key, count in session.execute(counted.group_by(Scan.subject_type, Scan.subject_id))}


def count_at(subject_type: str, subject_id: Any) -> Any:
    """How many scans stand at the record of a column, to be asked along with its row."""
    counted = sa.select(sa.func.count(Scan.id)).where(
        Scan.subject_type == subject_type, Scan.subject_id == subject_id, Scan.removed_at.is_(None)
    )
    return counted.correlate(subject_id.class_).scalar_subquery()


def same_content(session: Session, ref: Ref, organisation_id: int, sha256: str) -> Scan | None:
    """The scan with this content that the record has already, removed or not."""
    return session.scalar(
        sa.select(Scan).where(
            Scan.subject_type == ref[0], Scan.subject_id == ref[1], Scan.organisation_id == organisation_id,
            Scan.sha256 == sha256,
        )
    )  # fmt: skip


def waiting_of(session: Session, public_ids: Iterable[str]) -> Sequence[Scan]:
    """Those of these that oneself brought and that wait for a form, in the order in which they were brought."""
    wanted = [key for key in public_ids if len(key) == _SHAPE and key.isascii() and key.isalnum()]
    if not wanted:
        return []
    asked = sa.select(Scan).where(
        Scan.public_id.in_(wanted), Scan.subject_type == "", Scan.uploaded_by_id == actor_of(session).user_id
    )
    return session.scalars(asked.order_by(Scan.id)).all()
