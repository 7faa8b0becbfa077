"""Pages of scans: put one at a record, download, hide, take back. A scan is never shown inside a page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, render_template
from flask_babel import gettext as _
from werkzeug.utils import redirect

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.audit.actions import Note
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.files import actions, queries
from exchange.files.carried import carried
from exchange.files.carrying import attach_carried, carries_scan
from exchange.files.forms import AttachForm, RemoveForm
from exchange.files.inspection import hash_of
from exchange.files.kinds import KINDS
from exchange.files.models import Scan
from exchange.files.names import content_disposition
from exchange.files.subjects import Subject, subject_of
from exchange.web.pages import number, public_id_or_404
from exchange.web.submission import once
from exchange.web.transaction import log

room = Blueprint("files", __name__, url_prefix="/files")
# Whatever a browser makes of the file, it runs nothing and loads nothing.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


class Damaged(RuntimeError):
    """The content of a scan is not what was brought."""


@room.app_template_filter("size")
def size_words(size: int) -> str:
    """«340 КБ», «1,2 МБ»."""
    if size < 1024 * 1024:
        return _("%(size)s КБ", size=number(max(1, round(size / 1024))))
    return _("%(size)s МБ", size=number(round(size / 1024 / 1024, 1)))


@room.app_template_filter("scan_words")
def scan_words(scan: Scan) -> str:
    """What it is: the kind, or the name that was given to it."""
    kind = str(KINDS.get(scan.kind, scan.kind))
    if scan.kind == "other" and scan.title:
        return scan.title
    return f"{kind}: {scan.title}" if scan.title else kind


@room.get("/<string:public_id>")
@allow(Permission.FILE_READ)
def download(public_id: str) -> Response:
    """The file itself, always as an attachment; that it was taken is recorded."""
    session = db.session()
    scan = queries.scan_by_public_id(session, public_id_or_404(public_id))
    content = queries.content_of(session, scan)
    if hash_of(content) != scan.sha256:
        raise Damaged(scan.public_id)
    log(Note("file:downloaded", *scan.subject, {"paper": scan.kind, "file": scan.public_id, "sha256": scan.sha256}))
    return current_app.response_class(
        content,
        mimetype=scan.media_type,
        headers={"Content-Disposition": content_disposition(scan.file_name), "Content-Security-Policy": SANDBOX},
    )


# ------------------------------------------------------------------------------------------------------ put at a record
@room.get("/<string:subject_type>/<string:subject_id>/new")
@allow(Permission.FILE_ATTACH)
def attach(subject_type: str, subject_id: str) -> Any:
    """The form of a file for one record."""
    subject = subject_of(db.session(), subject_type, subject_id)
    form = AttachForm()
    form.kind.data = form.kind.data or subject.kind
    return _attach_page(subject, form)


@room.post("/<string:subject_type>/<string:subject_id>/new")
@allow(Permission.FILE_ATTACH)
@carries_scan
@once
def attach_record(subject_type: str, subject_id: str) -> Any:
    """Puts the file at the record, or shows the form again with what was typed and chosen."""
    session = db.session()
    subject = subject_of(session, subject_type, subject_id)
    form = AttachForm()
    if not form.validate():
        return _attach_page(subject, form, 422)
    scans = carried().scans
    fresh = [scan for scan in scans if queries.same_content(session, subject.ref, subject.organisation_id, scan.sha256) is None]
    try:
        attach_carried(session, [subject], form.kind.data or "", form.words("title"), form.words("note"))
    except RuleBroken as broken:
        form.refuse(broken)
        return _attach_page(subject, form, 422)
    if fresh:
        flash(_("Файл приложен"), "ok")
    return redirect(subject.url, 303)


def _attach_page(subject: Subject, form: AttachForm, status: int = 200) -> Any:
    return render_template("files/attach.html", subject=subject, form=form), status


# ------------------------------------------------------------------------------------------------------ hide, take back
def _scan_and_subject(public_id: str) -> tuple[Scan, Subject]:
    scan = queries.scan_by_public_id(db.session(), public_id_or_404(public_id))
    return scan, subject_of(db.session(), *scan.subject)


@room.get("/<string:public_id>/remove")
@allow(Permission.FILE_ATTACH)
def remove(public_id: str) -> Any:
    """Asks why."""
    return _remove_page(*_scan_and_subject(public_id), RemoveForm())


@room.post("/<string:public_id>/remove")
@allow(Permission.FILE_ATTACH)
def remove_record(public_id: str) -> Any:
    """Hides the scan; it can be taken back."""
    scan, subject = _scan_and_subject(public_id)
    form = RemoveForm()
    if not form.validate():
        return _remove_page(scan, subject, form, 422)
    try:
        actions.remove(db.session(), scan.public_id, form.reason.data or "")
    except RuleBroken as broken:
        form.refuse(broken)
        return _remove_page(scan, subject, form, 422)
    flash(_("Скан убран. Его можно вернуть: он остался внизу страницы"), "ok")
    return redirect(subject.scans_url or subject.url, 303)


def _remove_page(scan: Scan, subject: Subject, form: RemoveForm, status: int = 200) -> Any:
    return render_template("files/remove.html", scan=scan, subject=subject, form=form), status


@room.post("/<string:public_id>/restore")
@allow(Permission.FILE_ATTACH)
def restore(public_id: str) -> Any:
    """Takes a hidden scan back."""
    scan, subject = _scan_and_subject(public_id)
    actions.restore(db.session(), scan.public_id)
    flash(_("Скан возвращён"), "ok")
    return redirect(subject.scans_url or subject.url, 303)
