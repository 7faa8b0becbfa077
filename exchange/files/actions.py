"""Keeping a file, putting it at a record, hiding it and taking it back. The checks of the content are made before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.database import now
from exchange.errors import RuleBroken
from exchange.files import rules
from exchange.files.inspection import Inspected
from exchange.files.models import Scan, ScanContent
from exchange.files.names import clean_name
from exchange.files.queries import content_of, same_content, scan_by_public_id
from exchange.files.subjects import Subject

KEPT = dt.timedelta(hours=24)


def attach(
    session: Session, subject: Subject, content: bytes, found: Inspected, file_name: str, kind: str, title: str = "",
    note: str = "",
) -> Scan:  # fmt: skip
    """Puts a file at a record. `found` is what `inspection.inspect(content)` said. Raises RuleBroken."""
    rules.check_what(kind, title)
    if (known := same_content(session, subject.ref, subject.organisation_id, found.sha256)) is not None:
        raise RuleBroken("scan_file", rules.already(known))
    scan = _added(session, content, found, file_name, subject.organisation_id)
    _put(session, scan, subject, kind, title, note)
    return scan


def keep_for_form(session: Session, content: bytes, found: Inspected, file_name: str) -> Scan:
    """Keeps a file until the form that carries it goes through; what waits longer than a day is let go."""
    actor = actor_of(session)
    mine = sa.and_(Scan.uploaded_by_id == actor.user_id, Scan.subject_type == "")
    _let_go(session)
    known = session.scalar(
        sa.select(Scan).where(mine, Scan.sha256 == found.sha256, Scan.organisation_id == actor.organisation_id)
    )
    if known is not None:
        return known
    if actor.organisation_id is None:
        raise PermissionError("only somebody of an office brings files")
    return _added(session, content, found, file_name, actor.organisation_id)


def attach_kept(
    session: Session, kept: Sequence[Scan], subjects: Sequence[Subject], kind: str, title: str = "", note: str = ""
) -> list[str]:
    """Puts waiting files at the record that a form made: at each, if it made several. Says which were there already."""
    rules.check_what(kind, title)
    said = []
    for scan in kept:
        wanted = []
        for subject in subjects:
            if (known := same_content(session, subject.ref, subject.organisation_id, scan.sha256)) is not None:
                said.append(rules.already(known))
            else:
                wanted.append(subject)
        for subject in wanted[1:]:
            found = Inspected(scan.media_type, scan.sha256, scan.size, scan.pages)
            copy = _added(session, content_of(session, scan), found, scan.file_name, subject.organisation_id)
            _put(session, copy, subject, kind, title, note)
        for subject in wanted[:1]:
            _put(session, scan, subject, kind, title, note)
    return list(dict.fromkeys(said))


def remove(session: Session, public_id: str, reason: str) -> Scan:
    """Hides a scan; its content stays and it can be taken back. Raises RuleBroken, NotFound."""
    scan = scan_by_public_id(session, public_id, for_change=True)
    reason = " ".join(reason.split())[: rules.LONGEST_REASON]
    rules.check_reason(reason)
    if scan.removed_at is not None:
        raise RuleBroken("", _("Этот скан уже убран: %(who)s. Причина: %(reason)s", who=scan.removed_by or "—",
                               reason=scan.removal_reason))  # fmt: skip
    actor = actor_of(session)
    scan.removed_at, scan.removed_by_id, scan.removed_by = now(), actor.user_id, actor.name[:200]
    scan.removal_reason = reason
    session.flush()
    audit.record(session, "file:removed", scan.subject, paper=scan.kind, file=scan.public_id, reason=reason)
    return scan


def restore(session: Session, public_id: str) -> Scan:
    """Takes a hidden scan back; the log keeps who hid it and why."""
    scan = scan_by_public_id(session, public_id, for_change=True)
    if scan.removed_at is not None:
        scan.removed_at, scan.removed_by_id, scan.removed_by, scan.removal_reason = None, None, "", ""
        session.flush()
        audit.record(session, "file:restored", scan.subject, paper=scan.kind, file=scan.public_id)
    return scan


def _added(session: Session, content: bytes, found: Inspected, file_name: str, organisation_id: int) -> Scan:
    scan = Scan(
        organisation_id=organisation_id, file_name=clean_name(file_name, found.media_type), media_type=found.media_type,
        size=found.size, sha256=found.sha256, pages=found.pages, uploaded_by_id=actor_of(session).user_id,
    )  # fmt: skip
    session.add(scan)
    session.flush()
    session.add(ScanContent(scan_id=scan.id, organisation_id=organisation_id, content=content))
    session.flush()
    return scan


def _put(session: Session, scan: Scan, subject: Subject, kind: str, title: str, note: str) -> None:
    try:
        with session.begin_nested():  # the changes stand inside: what is changed before is written before the savepoint
            scan.subject_type, scan.subject_id = subject.ref
            scan.kind, scan.title, scan.note = kind, title[: rules.LONGEST_TITLE], note[: rules.LONGEST_NOTE]
            if scan.organisation_id != subject.organisation_id:
                scan.organisation_id = session.get_one(ScanContent, scan.id).organisation_id = subject.organisation_id
            session.flush()
    except IntegrityError:  # two at once brought the same
        raise RuleBroken("scan_file", _("Этот файл только что приложили. Обновите страницу")) from None
    # neither the name of the file nor its title: people write numbers of documents into them
    audit.record(
        session, "file:attached", subject.ref, paper=kind, file=scan.public_id, bytes=scan.size, sha256=scan.sha256
    )  # fmt: skip


def _let_go(session: Session) -> None:
    """Files whose form was never finished. Nothing of them was entered: no record has them."""
    old = sa.select(Scan).where(Scan.subject_type == "", Scan.uploaded_at < now() - KEPT)
    for scan in session.scalars(old.limit(20)):
        session.delete(session.get_one(ScanContent, scan.id))
        session.flush()
        session.delete(scan)
    session.flush()
