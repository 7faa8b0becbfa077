"""The page of the log, for auditors and administrators: who, what, when, before and after; never editable."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

from flask import Blueprint, Response, current_app, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice

from exchange.access.actor import current_actor
from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.audit import queries, words
from exchange.audit.actions import Note, hash_of, verify
from exchange.audit.extract import workbook_of
from exchange.extensions import db
from exchange.web.forms import Form
from exchange.web.pages import BARNAUL, address, day, go
from exchange.web.transaction import log

room = Blueprint("audit", __name__, url_prefix="/audit")

MOST_IN_FILE = 20_000


class Filter(Form):
    """Filters of the log; they stand in the address."""

    class Meta(Form.Meta):
        csrf = False

    who = StringField(_l("Кто"))
    what = SelectField(_l("Что сделано"), validate_choice=False)
    object = StringField(_l("Номер записи"))
    start = StringField(_l("С даты"), name="from")
    end = StringField(_l("По дату"), name="to")


def read_day(text: str | None) -> dt.date | None:
    """A day as people and browsers write it: 23.11.2026 or 2026-11-23."""
    found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", (text or "").strip())
    try:
        day_meant = dt.date(*(int(found[n]) for n in (3, 2, 1))) if found else dt.date.fromisoformat((text or "").strip())
    except ValueError:
        return None
    # moments are counted from it, and the calendar ends
    return day_meant if 2000 <= day_meant.year <= 2100 else None


def _midnight(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(), BARNAUL)


def _filter() -> tuple[Filter, queries.Wanted, dict[str, str]]:
    """The filters of the address, what they ask for, and the same as short words for the log of looks."""
    form = Filter(request.args)
    form.what.choices = [
        SelectChoice("", _("Все действия")),
        *(SelectChoice(code, words.action(code)) for code in queries.actions_seen(db.session())),
    ]
    days: dict[str, dt.date | None] = {}
    for field in (form.start, form.end):
        days[field.name] = read_day(field.data)
        if field.data and days[field.name] is None:
            field.errors = [_("Введите дату, например 27.3.2026")]
        elif days[field.name]:
            field.data = day(days[field.name])
    start, end = days["from"], days["to"]
    wanted = queries.Wanted(
        who=(form.who.data or "")[:200],
        what=form.what.data or "",
        subject=(form.object.data or "")[:40],
        starts=_midnight(start) if start else None,
        ends=_midnight(end + dt.timedelta(days=1)) if end else None,
    )
    asked = {"who": wanted.who, "what": wanted.what, "object": wanted.subject, "from": day(start), "to": day(end)}
    return form, wanted, {name: text for name, text in asked.items() if text not in ("", "—")}


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


@room.get("")
@allow(Permission.AUDIT_READ)
def index() -> str:
    """A page of the log, newest first; looking at it is itself written down."""
    form, wanted, asked = _filter()
    before, after = _number("before"), _number("after")
    rows, has_more = queries.entries(db.session(), wanted, before, after)
    newer = bool(rows) and (has_more if after is not None else before is not None)
    older = bool(rows) and (has_more if after is None else True)
    number, last = queries.head(db.session())
    log(Note("audit:viewed", "", "", {"filters": asked} if asked else {}))
    return render_template(
        "audit/index.html", form=form, rows=rows, words=words, number=number, last=last, is_narrowed=bool(asked),
        untouched=all(hash_of(entry) == entry.hash for entry in rows),
        newer_url=address(after=rows[0].id, before=None) if newer else None,
        older_url=address(before=rows[-1].id, after=None) if older else None,
        file_url=address(before=None, after=None).replace("/audit", "/audit/extract.xlsx", 1),
    )  # fmt: skip


@room.post("/verify")
@allow(Permission.AUDIT_READ)
def check() -> Any:
    """Recomputes the whole chain."""
    verdict = verify(db.session())
    log(Note("audit:checked", "", "", {"rows": verdict.entries, "head": verdict.head, "whole": verdict.is_whole}))
    if verdict.is_whole:
        flash(_("Журнал цел: проверено записей %(rows)s, контрольная сумма последней %(head)s…",
                rows=verdict.entries, head=verdict.head[:12]), "ok")  # fmt: skip
    else:
        flash(_("Журнал повреждён с записи №%(number)s. Сообщите администратору сервера, ничего не меняйте",
                number=verdict.broken_at), "bad")  # fmt: skip
    return go("audit.index")


@room.get("/extract.xlsx")
@allow(Permission.AUDIT_READ)
def extract() -> Response:
    """The log as the filters narrow it, as a workbook; the download is written down with its checksum."""
    from exchange.spreadsheets import writer

    _form, wanted, asked = _filter()
    rows = queries.extract(db.session(), wanted, MOST_IN_FILE)
    number, last = queries.head(db.session())
    file = io.BytesIO()
    made = writer.write(workbook_of(rows, (number, last), asked, current_actor()), file)
    name = writer.file_name((_("Журнал"), dt.datetime.now(BARNAUL).date()))
    log(Note("audit:downloaded", "", "", {"rows": made.rows, "sha256": made.sha256, "filters": asked}))
    return current_app.response_class(
        file.getvalue(), mimetype=writer.MIMETYPE, headers={"Content-Disposition": writer.content_disposition(name)}
    )
