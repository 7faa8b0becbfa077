"""Large files: checked and applied as jobs, apart from the request. What is written is the same, in one transaction as well."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import Session

from exchange.access.permissions import Permission
from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.database import reading
from exchange.errors import RuleBroken
from exchange.imports import actions, queries
from exchange.imports.checking import OtherList, Understood, understand
from exchange.imports.decisions import Decisions
from exchange.imports.kinds import KINDS
from exchange.imports.models import Import
from exchange.imports.turns import turn
from exchange.jobs import actions as jobs
from exchange.jobs import progress
from exchange.jobs import queries as asked
from exchange.jobs.models import Job
from exchange.jobs.signs import is_lost
from exchange.jobs.works import Outcome, Work, know
from exchange.organisations.models import Organisation
from exchange.spreadsheets.book import Book, Unreadable
from exchange.web.pages import today

PERMISSIONS = (Permission.IMPORT_STUDENTS, Permission.IMPORT_INTERNS)
# Nobody waits before a screen: a job may wait long for its turn among the files of the site.
PATIENCE = 600.0


def is_long(*, size: int = 0, rows: int = 0) -> bool:
    """Whether a file is too large for a request. In tests everything is done in the request, unless JOBS_APART says no."""
    config = current_app.config
    if not config.get("JOBS_APART", not current_app.testing):
        return False
    return bool(size > config["JOBS_BYTES"] or rows > config["JOBS_ROWS"])


def has_many_rows(book: Book) -> bool:
    return is_long(rows=sum(len(sheet.rows) for sheet in book.sheets))


def will_write(brought: Import) -> int:
    """How many rows the upload would write."""
    return int(brought.counts.get("new", 0)) + int(brought.counts.get("changed", 0))


# -------------------------------------------------------------------------------------------------- asking for the work
def receive(
    session: Session,
    kind: str,
    organisation: Organisation,
    file_name: str,
    content: bytes,
    day: dt.date,
    host: Organisation | None = None,
) -> Job:
    """Keeps the file as it came and has it checked. host: the enterprise for which a university brings it."""
    brought = Import(
        organisation_id=organisation.id,
        kind=kind,
        file_name=file_name[:255],
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content=content,
        as_of_on=day,
        state="received",
        created_by_id=actor_of(session).user_id,
        host_id=host.id if host else None,
    )
    session.add(brought)
    session.flush()
    audit.record(session, "import:received", brought, kind=kind, sha256=brought.sha256)
    return _ask(session, CHECK, brought)


def check_again(session: Session, brought: Import, decisions: Decisions) -> Job:
    """Has a kept file checked again with other decisions; when the job is cancelled, those of before stand again.

    Raises Conflict when somebody decided meanwhile, RuleBroken when the upload is closed.
    """
    actions.expect_version(session, brought, brought.version)
    if brought.state != "checked":
        raise RuleBroken("", _("Эта загрузка уже закрыта. Загрузите файл снова"))
    before = brought.decisions
    brought.state, brought.decisions = "received", decisions.stored()
    session.flush()
    return _ask(session, CHECK, brought, before=before)


def apply(session: Session, brought: Import, *, good_rows_only: bool) -> Job:
    """Has a checked file recorded. Raises RuleBroken for one that can't be."""
    actions.expect_ready(brought, good_rows_only)
    return _ask(session, APPLY, brought, good=good_rows_only)


def _ask(session: Session, work: Work, brought: Import, **arguments: Any) -> Job:
    return jobs.ask(
        session,
        work.name,
        {"import": brought.public_id, **arguments},
        subject=_subject(brought),
        about=brought.file_name,
        result=url_for("imports.show", public_id=brought.public_id),
    )


def _subject(brought: Import) -> str:
    return f"import/{brought.public_id}"


def job_of(session: Session, brought: Import) -> tuple[Job | None, bool]:
    """The newest job about an upload, if it is the visitor's; and whether it is waiting or being done."""
    job = asked.latest(session, _subject(brought))
    return job, job is not None and job.is_unfinished and not is_lost(job)


# ------------------------------------------------------------------------------------------------------ doing the work
def _check(session: Session, arguments: dict[str, Any]) -> Outcome:
    with reading():
        brought = queries.by_public_id(session, arguments["import"])
        _expect_received(brought)
        content, kind, file_name = brought.content, KINDS[brought.kind], brought.file_name
        decisions = Decisions.kept(brought.decisions)
        known = kind.prepare(session)
        remembered = queries.remembered(session, kind.name, [brought.organisation_id])
        session.rollback()
    try:
        book = _read(content)
        file = understand(kind, known, book, file_name, today(), decisions=decisions, remembered=remembered)
    except Unreadable as unreadable:
        return _refuse(session, arguments["import"], unreadable.message)
    return _keep(session, arguments["import"], file)


def _read(content: bytes) -> Book:
    progress.step("reading")
    try:
        with turn(Path(current_app.instance_path), PATIENCE):
            return actions.read(content)
    except Unreadable as unreadable:
        if unreadable.code == "unavailable":  # not the fault of the file
            raise RuleBroken("", unreadable.message) from None
        raise


def _refuse(session: Session, public_id: str, message: str) -> Outcome:
    brought = queries.by_public_id(session, public_id)
    _expect_received(brought)
    brought.state, brought.counts = "refused", {"refusal": message}
    session.flush()
    audit.record(session, "import:refused", brought, kind=brought.kind, sha256=brought.sha256)
    return Outcome(message, refused=True)


def _keep(session: Session, public_id: str, file: Understood) -> Outcome:
    progress.step("register")
    brought = queries.by_public_id(session, public_id)
    actions.one_at_a_time(session, brought.organisation_id)
    session.refresh(brought)
    _expect_received(brought)
    brought.state = "checked"
    session.flush()
    try:
        counts = actions.check_again(session, brought, file).counts
    except OtherList as other:  # for an enterprise that is not there
        session.rollback()
        return _refuse(session, public_id, other.message)
    said = ngettext("Проверена %(num)s строка", "Проверено %(num)s строк", counts["people_rows"])
    return Outcome(_("%(said)s, с ошибками: %(bad)s. В реестр ещё ничего не записано", said=said, bad=counts["rejected"]))


def _expect_received(brought: Import) -> None:
    if brought.state != "received":
        raise RuleBroken("", _("Эта загрузка уже проверена или отменена"))


def _apply(session: Session, arguments: dict[str, Any]) -> Outcome:
    brought = queries.by_public_id(session, arguments["import"])
    done = actions.apply_import(session, brought, good_rows_only=bool(arguments["good"]), today=today())
    return Outcome(applied_words(done))


def applied_words(done: dict[str, int]) -> str:
    """«Загружено 312 строк: новых 300, обновлено 12»."""
    said = ngettext("Загружена %(num)s строка", "Загружено %(num)s строк", sum(done.values()))
    return _("%(said)s: новых %(new)s, обновлено %(changed)s", said=said, **done)


def _put_aside(session: Session, arguments: dict[str, Any]) -> None:
    """A first check that was cancelled leaves nothing to decide about; after a later one, the check before it stands."""
    brought = queries.by_public_id(session, arguments["import"])
    if brought.state == "received" and "before" in arguments:
        brought.state, brought.decisions = "checked", arguments["before"]
    elif brought.state == "received":
        actions.cancel_import(session, brought)


CHECK = Work(
    "imports.check",
    _l("Проверка файла"),
    _l("Проверка прервалась. В реестр ничего не записано"),
    PERMISSIONS,
    _check,
    _put_aside,
)
APPLY = Work(
    "imports.apply", _l("Загрузка в реестр"), _l("Загрузка прервалась. В реестр ничего не записано"), PERMISSIONS, _apply
)


def know_works() -> None:
    know(CHECK, APPLY)
