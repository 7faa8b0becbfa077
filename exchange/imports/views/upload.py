"""The way in: past uploads, and the page that takes a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import abort, current_app, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import RadioField, SelectField

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.extensions import db
from exchange.imports import actions, apart, hosted, queries
from exchange.imports.checking import Understood, understand
from exchange.imports.kinds import KINDS
from exchange.imports.turns import turn
from exchange.imports.views import templates
from exchange.imports.views.columns import wants_columns
from exchange.imports.views.room import (
    KIND_WORDS,
    STATES,
    UPLOAD,
    for_a_host,
    kinds_of_upload,
    own_organisations,
    page_number,
    room,
)
from exchange.organisations.models import Organisation
from exchange.spreadsheets.book import Unreadable
from exchange.web.forms import Form
from exchange.web.pages import go, today
from exchange.web.paging import pages_of
from exchange.web.submission import once
from exchange.web.uploads import takes_file

SIZE = 25


class UploadForm(Form):
    """A file; for a university also what is in it, for which enterprise, and (when it has branches) for whom."""

    kind = RadioField(_l("Что в файле"), choices=[], validate_choice=False)
    host = SelectField(_l("Предприятие"), choices=[], validate_choice=False)
    file = FileField(_l("Файл .xlsx, .ods или .csv"))
    organisation = RadioField(_l("Для кого"), choices=[], validate_choice=False)


@room.get("")
@allow(Permission.IMPORT_READ)
def index() -> Any:
    """Past uploads, and the way to bring one."""
    page = page_number()
    rows, total = queries.recent(db.session(), page, SIZE)
    return render_template(
        "imports/index.html", rows=rows, page=pages_of(rows, total, (page - 1) * SIZE, SIZE), states=STATES, kinds=KIND_WORDS
    )


@room.get("/new")
@allow(*UPLOAD)
def new() -> Any:
    return _form(_upload_form())


def _upload_form() -> UploadForm:
    """The form as it was sent, or as the address asks for it (`kind`, `host`)."""
    form = UploadForm()
    kinds = kinds_of_upload()
    words = {"students": _("Студенты вуза"), "interns": _("Практиканты и стажёры предприятия")}
    form.kind.choices = [(kind, words[kind]) for kind in kinds]
    if request.method == "GET" or not form.kind.data:
        form.kind.data = request.args.get("kind", kinds[0])
    if form.kind.data not in kinds:
        form.kind.data = kinds[0]
    known = hosted.hosts(db.session()) if for_a_host("interns") else []
    form.host.choices = [("", _("Как сказано в комплекте")), *known]
    if request.method == "GET":
        form.host.data = request.args.get("host", "")
    form.organisation.choices = [(o.code, o.short_ru) for o in own_organisations()]
    if not form.organisation.data and form.organisation.choices:
        form.organisation.data = form.organisation.choices[0][0]
    return form


def _form(form: UploadForm, status: int = 200) -> Any:
    kind = str(form.kind.data)
    return render_template(
        "imports/new.html", form=form, kind=kind, fills=templates.may_fill, hosts=form.host.choices[1:]
    ), status


@room.post("/new")
@allow(*UPLOAD)
@takes_file
def create() -> Any:
    """Reads and checks the file; nothing of it is recorded yet."""
    form = _upload_form()
    kind, code = str(form.kind.data), str(form.organisation.data)
    if code not in dict(form.organisation.choices):
        form.fail("organisation", _("Выберите, для кого список"))
        return _form(form, 422)
    host = str(form.host.data or "") if for_a_host(kind) else ""
    if host not in dict(form.host.choices):
        form.fail("host", _("Такого предприятия в реестре нет или оно закрыто. Выберите из списка"))
        return _form(form, 422)
    upload = request.files.get("file")
    if not isinstance(upload, FileStorage) or not upload.filename:
        form.fail("file", _("Выберите файл"))
        return _form(form, 422)
    try:
        content, file = _understood(upload, kind, code)
        if for_a_host(kind):
            named = hosted.named_host(db.session(), file.stamp if file else None)
            host = named.code if named else host
    except Unreadable as unreadable:
        form.fail("file", unreadable.message)
        return _form(form, 422)
    if for_a_host(kind) and not host:
        form.fail(
            "host",
            _("Выберите предприятие: в файле оно не названо")
            if file is not None
            else _("Выберите предприятие: файл большой, его прочитает задание"),
        )
        return _form(form, 422)
    if file is None:
        return _receive(kind, code, host, upload.filename, content)
    return _keep(kind, code, host, upload.filename, content, file)


def _understood(upload: FileStorage, name: str, code: str) -> tuple[bytes, Understood | None]:
    """The file as understood; None: it is large, and is understood in a job.

    Meanwhile no transaction is open: on SQLite it would hold back everybody who writes.
    """
    most = current_app.config["MAX_UPLOAD_LENGTH"]
    content = upload.stream.read(most + 1)
    if len(content) > most:
        raise Unreadable("too_large", most=most // (1024 * 1024))
    if apart.is_long(size=len(content)):
        return content, None
    kind = KINDS[name]
    known = kind.prepare(db.session())
    remembered = queries.remembered(db.session(), kind.name, [o.id for o in own_organisations() if o.code == code])
    db.session.rollback()
    with turn(Path(current_app.instance_path)):
        book = actions.read(content)
    if apart.has_many_rows(book):
        return content, None
    return content, understand(kind, known, book, str(upload.filename), today(), remembered=remembered)


@once
def _keep(kind: str, code: str, host: str, file_name: str, content: bytes, file: Understood) -> Any:
    brought, _checked = actions.keep_file(db.session(), kind, _office(code), file, file_name, content, _host(host))
    return go("imports.columns" if wants_columns(brought) else "imports.show", public_id=brought.public_id)


@once
def _receive(kind: str, code: str, host: str, file_name: str, content: bytes) -> Any:
    job = apart.receive(db.session(), kind, _office(code), file_name, content, today(), _host(host))
    return go("jobs.show", public_id=job.public_id)


def _host(code: str) -> Organisation | None:
    """The enterprise that was found a moment ago; asked for anew, like the office."""
    return (hosted.host(db.session(), code) or abort(404)) if code else None


def _office(code: str) -> Organisation:
    """One of the visitor's own; the list of them was asked for anew after the file was read."""
    found = next((o for o in own_organisations() if o.code == code), None)
    if found is None:
        abort(404)
    return found
