"""Templates to fill in: empty, or with the records of the organisation; a kit that a university mails to an enterprise."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import Any, cast

from flask import Response, abort, request
from flask_babel import gettext as _

from exchange.access.actor import Role, current_actor
from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.audit.actions import Note
from exchange.extensions import db
from exchange.imports import hosted
from exchange.imports.kit import records
from exchange.imports.kit.workbook import template as workbook
from exchange.imports.views.room import KIND_WORDS, UPLOAD, own_organisations, room
from exchange.internships.universities import Universities, universities
from exchange.organisations.models import Organisation
from exchange.spreadsheets.entry import write_entry
from exchange.spreadsheets.writer import MIMETYPE, content_disposition, file_name
from exchange.web.pages import today
from exchange.web.transaction import log

# A filled list of students has IINs and documents in the open: it is for those who may take the list away and open these.
FILLED = {
    "students": (Permission.STUDENT_EXPORT, Permission.STUDENT_REVEAL),
    "interns": (Permission.INTERNSHIP_EXPORT,),
}


@room.get("/template")
@allow(*UPLOAD)
def template() -> Any:
    """A workbook to fill in. Who took one with people in it, and how many, is recorded."""
    is_university = current_actor().role is Role.UNIVERSITY
    kind = request.args.get("kind", "students" if is_university else "interns")
    if kind not in KIND_WORDS or (kind == "students" and not is_university):
        abort(404)
    host = _host() if kind == "interns" and is_university else _own()
    filled = request.args.get("filled", "") == "1"
    if filled and not may_fill(kind):
        abort(403)
    rows, session = None, db.session()
    if filled:
        rows = (records.students if kind == "students" else records.interns)(session, host.id, today())
    known = universities(session) if kind == "interns" else None
    return _sent(kind, host, rows, known)


def _own() -> Organisation:
    """The organisation of one's own that the address names, or the first one."""
    mine, code = own_organisations(), request.args.get("org", "")
    found = next((one for one in mine if one.code == code or not code), None)
    return found or abort(404)


def _host() -> Organisation:
    """The enterprise for which a university takes a kit: of its records only those of one's own students are seen."""
    code = request.args.get("host", "")
    return hosted.host(db.session(), code) or abort(404)


def _sent(kind: str, organisation: Organisation, rows: Sequence[records.Row] | None, known: Universities | None) -> Response:
    day, actor = today(), current_actor()
    book = workbook(kind, (organisation.code, organisation.short_ru), day, rows, known, actor.name)
    file = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the answer)
    written = write_entry(book, cast(Any, file))
    file.seek(0)
    if rows is not None:
        details = {
            "kind": "template", "rows": written.rows, "sha256": written.sha256, "iin_open": kind == "students", "on": day,
            "organisation": organisation.code,
        }  # fmt: skip
        is_of_students = kind == "students"
        log(
            Note(
                "student:downloaded" if is_of_students else "internship:downloaded",
                "student" if is_of_students else "internship",
                "",
                details,
            )
        )
    # a day in the name would be taken for the day of the list: an empty template has none
    parts = [_("Шаблон"), str(KIND_WORDS[kind]), organisation.short_ru, *([day] if rows is not None else [])]
    headers = {"Content-Disposition": content_disposition(file_name(parts)), "Content-Length": str(written.bytes)}
    return Response(_pieces(file), mimetype=MIMETYPE, headers=headers)


def _pieces(file: Any) -> Iterator[bytes]:
    """The file in pieces; it is gone when the last one was sent."""
    with file:
        while piece := file.read(1 << 16):
            yield piece


def may_fill(kind: str) -> bool:
    """Whether whoever asks may take a template with the records of the register in it."""
    return all(may(permission) for permission in FILLED[kind])
