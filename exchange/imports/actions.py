"""Bringing a file in: checked, kept with its verdicts, applied whole (or its good rows, when asked), never twice."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exchange.access.actor import author
from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.config import TIME_ZONE
from exchange.database import now
from exchange.errors import Conflict, RuleBroken
from exchange.imports import absent, checking, consequences, guard, hosted, queries
from exchange.imports.checking import CheckedRow, Stale
from exchange.imports.kinds import KINDS, kind_of
from exchange.imports.models import Import, ImportRow
from exchange.imports.problems import Reading
from exchange.imports.tables import Row
from exchange.jobs.progress import counted, step
from exchange.organisations.models import Organisation
from exchange.reference.terms import term
from exchange.spreadsheets import reader

UNDO_RULE = "IMPORT_UNDO"


def read(content: bytes, limits: reader.Limits | None = None) -> reader.Book:
    """The sheets of an uploaded file, parsed apart from this process. Raises Unreadable."""
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        path = Path(folder, "upload")
        path.write_bytes(content)
        return reader.read(path, limits=limits)


def check_file(
    session: Session,
    kind: str,
    organisation: Organisation,
    book: reader.Book,
    file_name: str,
    content: bytes,
    today: dt.date,
    most: int = checking.MOST_ROWS,
    host: Organisation | None = None,
) -> tuple[Import, checking.Checked]:
    """Understands a file that was read, checks it and keeps it with its verdicts. Raises Unreadable.

    host: the enterprise for which a university brings a list of interns.
    """
    known = KINDS[kind].prepare(session)
    remembered = queries.remembered(session, kind, [organisation.id])
    file = checking.understand(KINDS[kind], known, book, file_name, today, most, remembered=remembered)
    return keep_file(session, kind, organisation, file, file_name, content, host)


def keep_file(
    session: Session,
    kind: str,
    organisation: Organisation,
    file: checking.Understood,
    file_name: str,
    content: bytes,
    host: Organisation | None = None,
) -> tuple[Import, checking.Checked]:
    """Compares a file with the register and keeps it with its verdicts. Nothing of it is in the register yet."""
    book = file.book
    brought = Import(
        organisation_id=organisation.id,
        kind=kind,
        file_name=file_name[:255],
        sha256=book.sha256,
        size=book.size,
        content=content,
        as_of_on=file.as_of_on,
        created_by_id=actor_of(session).user_id,
        host_id=host.id if host else None,
    )
    session.add(brought)
    return brought, _keep_check(session, brought, organisation, file)


def check_again(session: Session, brought: Import, file: checking.Understood) -> checking.Checked:
    """The kept file as `file` understands it now, with other decisions: its verdicts take the place of the earlier ones.

    Raises RuleBroken when it was applied or put aside meanwhile.
    """
    one_at_a_time(session, brought.organisation_id)
    session.refresh(brought)
    if brought.state != "checked":
        expect_ready(brought, good_rows_only=True)
    session.execute(sa.delete(ImportRow).where(ImportRow.import_id == brought.id))
    file.decisions.by, file.decisions.at = actor_of(session).name[:200], now().isoformat(timespec="seconds")
    return _keep_check(session, brought, session.get_one(Organisation, brought.organisation_id), file)


def _keep_check(session: Session, brought: Import, organisation: Organisation, file: checking.Understood) -> checking.Checked:
    host = hosted.settle(session, brought, file.stamp)
    checked = checking.check(session, kind_of(brought.kind, host), organisation, file)
    brought.as_of_on = file.as_of_on
    brought.decisions = file.decisions.stored()
    brought.columns = [
        {
            "sheet": table.sheet,
            "columns": [
                {"letter": c.letter, "heading": c.heading[:200], "field": c.field, "how": c.how, "samples": c.samples}
                for c in table.columns
            ],
            "words": words,
        }
        for table, words in zip(checked.tables, file.words, strict=True)
    ]
    more = absent.count_of(session, brought, checked) | guard.count_of(session, brought, checked)
    told = {"notes": checked.notes, "faults": checked.faults, "checked": {"by": author(), "at": now().isoformat()}}
    following = consequences.of(session, brought.kind, organisation, checked.rows, checked.as_of_on)
    brought.counts = {**checked.counts, **told, **more, "consequences": following}
    session.flush()
    _keep_rows(session, brought, checked)
    for_whom = {"enterprise": host.code} if host else {}
    audit.record(session, "import:checked", brought, kind=brought.kind, sha256=brought.sha256, **checked.counts, **for_whom)
    return checked


def _keep_rows(session: Session, brought: Import, checked: checking.Checked) -> None:
    session.execute(
        sa.insert(ImportRow),
        [
            {
                "import_id": brought.id,
                "organisation_id": brought.organisation_id,
                "sheet": row.reading.row.sheet[:100],
                "row_number": row.reading.row.number,
                "title": row.reading.title,
                "verdict": row.verdict,
                "has_warnings": any(p.severity == "warning" and not p.accepted for p in row.reading.problems),
                "values": row.reading.values,
                "changes": row.changes,
                "problems": [problem.as_dict() for problem in row.reading.problems],
                "subject_id": row.subject_id,
            }
            for row in checked.rows
        ],
    )


def one_at_a_time(session: Session, organisation_id: int) -> None:
    """Holds back another import of the same organisation until this transaction ends."""
    held = sa.select(Organisation.id).where(Organisation.id == organisation_id)
    session.execute(held.with_for_update(key_share=True))


def expect_version(session: Session, brought: Import, version: int) -> None:
    """Waits for other imports of the organisation. Raises Conflict when the upload is no longer as it was looked at."""
    one_at_a_time(session, brought.organisation_id)
    session.refresh(brought)
    if brought.version != version:
        raise Conflict


def already(brought: Import) -> str:
    """«Этот файл уже загружен 12.10.2026, А. Петров»."""
    day = f"{brought.applied_at.astimezone(ZoneInfo(TIME_ZONE)):%d.%m.%Y}" if brought.applied_at else ""
    return _("Этот файл уже загружен %(day)s (%(who)s). Новых изменений нет", day=day, who=brought.applied_by or _("оператор"))


def apply_import(
    session: Session, brought: Import, *, good_rows_only: bool, today: dt.date, checked: checking.Checked | None = None
) -> dict[str, int]:
    """Records what the checked file says, in the transaction of the session: everything or nothing. How many new and changed.

    Rows go through their form again, unless `checked` brings what it made of them in this very transaction.

    Raises RuleBroken when rows are in error and the good ones were not asked for alone, when the file was applied before,
    or when the register changed since the check (check again).
    """
    one_at_a_time(session, brought.organisation_id)
    session.refresh(brought)
    expect_ready(brought, good_rows_only)
    organisation = session.get_one(Organisation, brought.organisation_id)
    host = session.get_one(Organisation, brought.host_id) if brought.host_id else None
    kept = queries.rows_to_apply(session, brought)
    rows = _ready_rows(session, brought, kept, today, checked)
    step("saving")
    try:
        done = kind_of(brought.kind, host).apply(session, organisation, rows, brought, today)
    except Stale:
        earlier = queries.applied_before(session, brought.kind, brought.organisation_id, brought.sha256)
        if earlier is not None and earlier.applied_at and earlier.applied_at > brought.created_at:
            raise RuleBroken("", already(earlier)) from None
        raise
    except IntegrityError as error:
        # another university brought the same person at this very moment
        raise RuleBroken("", _("Пока файл загружался, реестр изменился. Ничего не записано: загрузите файл снова")) from error
    if kept:
        session.execute(
            sa.update(ImportRow),
            [{"id": one.id, "subject_id": row.subject_id, "journal": row.journal} for one, row in zip(kept, rows, strict=True)],
        )
    brought.state = "applied"
    brought.applied_at = now()
    brought.undo_until = brought.applied_at + dt.timedelta(hours=term(UNDO_RULE, today))
    brought.applied_by_id = actor_of(session).user_id
    brought.applied_by = actor_of(session).name[:200]
    session.flush()
    for_whom = {"enterprise": host.code} if host else {}
    skipped = brought.counts["rejected"]
    audit.record(
        session, "import:applied", brought, kind=brought.kind, sha256=brought.sha256, skipped=skipped, **done, **for_whom
    )
    return done


def expect_ready(brought: Import, good_rows_only: bool) -> None:
    """Raises RuleBroken for an upload that can't be applied as it is."""
    if brought.state == "applied":
        raise RuleBroken("", already(brought))
    if brought.state == "undone":
        raise RuleBroken("", _("Эта загрузка была загружена и отменена. Чтобы записать её снова, загрузите файл ещё раз"))
    if brought.state != "checked":
        raise RuleBroken("", _("Эта загрузка отменена. Загрузите файл снова"))
    if brought.counts["rejected"] and not good_rows_only:
        raise RuleBroken("", _("В файле есть строки с ошибками. Исправьте их или загрузите только строки без ошибок"))
    guard.expect_confirmed(brought)


def _ready_rows(
    session: Session, brought: Import, kept: Sequence[Any], today: dt.date, checked: checking.Checked | None
) -> list[CheckedRow]:
    """Kept rows as they were after the check. Raises RuleBroken for one that its form does not accept any more."""
    kind = KINDS[brought.kind]
    known = kind.prepare(session)
    at_hand = {(r.reading.row.sheet, r.reading.row.number): r.reading.checked for r in checked.rows} if checked else {}
    ready = []
    for one in counted(kept, "rows"):
        place = Row(one.sheet, one.row_number, {}, {})
        reading = Reading(place, dict(one.values), checked=at_hand.get((one.sheet, one.row_number)))
        if reading.checked is None:
            kind.validate(reading, known, today)
        if reading.is_rejected:
            raise RuleBroken("", _("Строка %(row)s больше не проходит проверку. Загрузите файл снова", row=one.row_number))
        ready.append(CheckedRow(reading, one.verdict, one.changes, one.subject_id))
    return ready


def cancel_import(session: Session, brought: Import) -> None:
    """Puts a file aside that was not applied; nothing of it was in the register."""
    if brought.state in ("received", "checked"):
        brought.state = "cancelled"
        session.flush()
        audit.record(session, "import:cancelled", brought)
