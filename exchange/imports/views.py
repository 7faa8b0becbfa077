"""Pages of uploads: bring a file, look at the check, apply it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import RadioField

from exchange.access.actor import Role, current_actor
from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.imports import actions, queries
from exchange.imports.checking import Understood, understand
from exchange.imports.fields import FIELDS
from exchange.imports.kinds import KINDS
from exchange.imports.models import Import
from exchange.imports.turns import turn
from exchange.organisations.models import Organisation
from exchange.spreadsheets.book import Unreadable
from exchange.web.forms import Form
from exchange.web.pages import address, go, public_id_or_404, today
from exchange.web.paging import pages_of
from exchange.web.submission import once
from exchange.web.uploads import takes_file

room = Blueprint("imports", __name__, url_prefix="/imports")
UPLOAD = (Permission.IMPORT_STUDENTS, Permission.IMPORT_INTERNS)
STATES = {"checked": _l("Проверена, не загружена"), "applied": _l("Загружена"), "cancelled": _l("Отменена")}
KIND_WORDS = {"students": _l("Студенты"), "interns": _l("Практиканты и стажёры")}
SIZE = 25


class UploadForm(Form):
    """A file, and (for a university with branches) for whom."""

    file = FileField(_l("Файл .xlsx или .csv"))
    organisation = RadioField(_l("Для кого"), choices=[], validate_choice=False)


def _kind() -> str:
    """A university brings students, an enterprise brings interns."""
    return "students" if current_actor().role is Role.UNIVERSITY else "interns"


def _own_organisations() -> list[Organisation]:
    ids = current_actor().organisation_ids
    found = db.session.scalars(sa.select(Organisation).where(Organisation.id.in_(ids), Organisation.is_active)).all()
    return sorted(found, key=lambda o: (o.parent_id is not None, o.short_ru))


def _page_number() -> int:
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1


@room.get("")
@allow(Permission.IMPORT_READ)
def index() -> Any:
    """Past uploads, and the way to bring one."""
    page = _page_number()
    rows, total = queries.recent(db.session(), page, SIZE)
    return render_template(
        "imports/index.html", rows=rows, page=pages_of(rows, total, (page - 1) * SIZE, SIZE), states=STATES, kinds=KIND_WORDS
    )


@room.get("/new")
@allow(*UPLOAD)
def new() -> Any:
    return _form(_upload_form())


def _upload_form() -> UploadForm:
    form = UploadForm()
    form.organisation.choices = [(o.code, o.short_ru) for o in _own_organisations()]
    if not form.organisation.data and form.organisation.choices:
        form.organisation.data = form.organisation.choices[0][0]
    return form


def _form(form: UploadForm, status: int = 200) -> Any:
    return render_template("imports/new.html", form=form, kind=_kind()), status


@room.post("/new")
@allow(*UPLOAD)
@takes_file
def create() -> Any:
    """Reads and checks the file; nothing of it is recorded yet."""
    form = _upload_form()
    if form.organisation.data not in dict(form.organisation.choices):
        form.fail("organisation", _("Выберите, для кого список"))
        return _form(form, 422)
    upload = request.files.get("file")
    if not isinstance(upload, FileStorage) or not upload.filename:
        form.fail("file", _("Выберите файл"))
        return _form(form, 422)
    try:
        content, file = _understood(upload, str(form.organisation.data))
    except Unreadable as unreadable:
        form.fail("file", unreadable.message)
        return _form(form, 422)
    return _keep(str(form.organisation.data), upload.filename, content, file)


def _understood(upload: FileStorage, code: str) -> tuple[bytes, Understood]:
    """The file as understood. Meanwhile no transaction is open: on SQLite it would hold back everybody who writes."""
    most = current_app.config["MAX_UPLOAD_LENGTH"]
    content = upload.stream.read(most + 1)
    if len(content) > most:
        raise Unreadable("too_large", most=most // (1024 * 1024))
    kind = KINDS[_kind()]
    known = kind.prepare(db.session())
    remembered = queries.remembered(db.session(), kind.name, [o.id for o in _own_organisations() if o.code == code])
    db.session.rollback()
    with turn(Path(current_app.instance_path)):
        book = actions.read(content)
    return content, understand(kind, known, book, str(upload.filename), today(), remembered=remembered)


@once
def _keep(code: str, file_name: str, content: bytes, file: Understood) -> Any:
    organisation = next((o for o in _own_organisations() if o.code == code), None)
    if organisation is None:
        abort(404)
    brought, _checked = actions.keep_file(db.session(), _kind(), organisation, file, file_name, content)
    return go("imports.show", public_id=brought.public_id)


def _brought(public_id: str) -> Import:
    return queries.by_public_id(db.session(), public_id_or_404(public_id))


@room.get("/<public_id>")
@allow(Permission.IMPORT_READ)
def show(public_id: str) -> Any:
    """The check: what is wrong and what would change; or the result."""
    return _show(_brought(public_id))


def _show(brought: Import, refusal: str = "", status: int = 200) -> Any:
    counts = queries.tab_counts(db.session(), brought)
    tab = request.args.get("tab", "")
    if tab not in queries.TABS:
        tab = next((name for name in ("errors", "warnings") if counts[name]), "all")
    number, size = _page_number(), queries.ROWS_A_PAGE
    rows, total = queries.rows_of(db.session(), brought, tab, number)
    earlier = None
    if brought.state == "checked":
        earlier = queries.applied_before(db.session(), brought.kind, brought.organisation_id, brought.sha256)
    return (
        render_template(
            "imports/show.html", brought=brought, organisation=db.session.get_one(Organisation, brought.organisation_id),
            rows=rows, tabs=_tabs(counts, tab), tab=tab, counts=brought.counts,
            page=pages_of(rows, total, (number - 1) * size, size), fields=FIELDS, refusal=refusal, earlier=earlier,
            writes=_may_apply(brought), opens=_opens(brought), many_sheets=len(brought.columns) > 1,
        ),
        status,
    )  # fmt: skip


def _tabs(counts: dict[str, int], current: str) -> list[dict[str, Any]]:
    words = {
        "errors": _("Ошибки"),
        "warnings": _("Предупреждения"),
        "changed": _("Обновления"),
        "new": _("Новые"),
        "all": _("Все строки"),
    }
    return [
        {"label": words[name], "url": address(tab=name, page=None), "current": name == current, "count": counts[name]}
        for name in queries.TABS
    ]


def _opens(brought: Import) -> bool:
    """Whether who looks may open the cards that the rows lead to."""
    return may(Permission.STUDENT_READ if brought.kind == "students" else Permission.INTERNSHIP_READ)


def _may_apply(brought: Import) -> bool:
    return brought.state == "checked" and current_actor().role in (Role.UNIVERSITY, Role.ENTERPRISE)


@room.post("/<public_id>/apply")
@allow(*UPLOAD)
def apply(public_id: str) -> Any:
    """Records the file: all of it, or its good rows."""
    brought = _brought(public_id)
    if brought.kind != _kind():
        abort(404)
    if brought.state == "applied":  # a second press leads to the result of the first
        return go("imports.show", public_id=brought.public_id)
    try:
        with db.session.begin_nested():
            done = actions.apply_import(db.session(), brought, good_rows_only=request.form.get("rows") == "good", today=today())
    except RuleBroken as broken:
        db.session.expire(brought)
        return _show(brought, refusal=str(broken.message), status=422)
    said = ngettext("Загружена %(num)s строка", "Загружено %(num)s строк", sum(done.values()))
    flash(_("%(said)s: новых %(new)s, обновлено %(changed)s", said=said, **done), "ok")
    return go("imports.show", public_id=brought.public_id)


@room.post("/<public_id>/cancel")
@allow(*UPLOAD)
def cancel(public_id: str) -> Any:
    """Puts the checked file aside."""
    brought = _brought(public_id)
    actions.cancel_import(db.session(), brought)
    flash(_("Загрузка отменена. В реестр ничего не записано"), "ok")
    return go("imports.index")
