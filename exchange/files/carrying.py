"""A file that travels with a form: checked and kept on the server first, so that a refused form loses neither it nor a word.

A browser does not keep a chosen file when a form comes back. The file is therefore read before the view acts, kept in a
transaction of its own, and named in the form by its id (the field `scan`, ticked) until the form goes through.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import current_app, flash, g, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from exchange.access.doors import may
from exchange.extensions import db
from exchange.files import actions
from exchange.files.carried import CHOSEN, KEPT, Carried, carried
from exchange.files.inspection import Inspected, Unfit, inspect
from exchange.files.names import was_changed
from exchange.files.subjects import Subject
from exchange.web.uploads import NoPlace, takes_file, turn


def carries_scan(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a view whose form may carry a scan: `@room.post(…) @allow(…) @carries_scan @once def record(): …`.

    It stands outside of `once`: what it keeps stays when the view refuses.
    """

    @functools.wraps(view)
    def with_scan(*args: Any, **kwargs: Any) -> Any:
        ids = request.form.getlist(KEPT) if request.method == "POST" else []
        error = ""
        upload = request.files.get(CHOSEN)
        if isinstance(upload, FileStorage) and upload.filename and may("file:attach"):
            try:
                ids = [*ids, _keep(upload)]
            except Unfit as unfit:
                error = unfit.message
        g.carried = Carried(ids, error)
        return view(*args, **kwargs)

    return takes_file(with_scan)


def read_upload(upload: FileStorage) -> tuple[bytes, Inspected]:
    """The content of an uploaded file and what it is. Raises Unfit.

    Meanwhile no transaction is open: on SQLite it would hold back everybody who writes.
    """
    content = upload.stream.read(current_app.config["MAX_UPLOAD_LENGTH"] + 1)
    db.session.rollback()
    try:
        with turn(Path(current_app.instance_path)):
            return content, inspect(content, upload.filename or "")
    except NoPlace:
        raise Unfit("unavailable", note="other files are being read") from None


def _keep(upload: FileStorage) -> str:
    content, found = read_upload(upload)
    scan = actions.keep_for_form(db.session(), content, found, upload.filename or "")
    key = scan.public_id
    if was_changed(upload.filename or "", scan.file_name):
        flash(_("Файл сохранён под именем «%(name)s»: лишние знаки из имени убраны", name=scan.file_name), "info")
    db.session.commit()
    return key


def attach_carried(session: Session, subjects: Sequence[Subject], kind: str, title: str = "", note: str = "") -> int:
    """Puts what the form carried at the records that it made; says on the next page which were there already."""
    scans = carried().scans
    said = actions.attach_kept(session, scans, subjects, kind, title, note)
    for sentence in said:
        flash(sentence, "info")
    return len(scans)
