"""The tab «История изменений»: a page of changes, newest first, narrowed by a field; what can still be taken back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.audit import words
from exchange.audit.actions import Note
from exchange.extensions import db
from exchange.history.telling import Teller, fields_in
from exchange.students import undoing
from exchange.students.views.frame import frame, period_now
from exchange.students.views.room import student_or_404
from exchange.web.pages import Page, address, moment, today
from exchange.web.transaction import log

room = Blueprint("history", __name__, url_prefix="/students/<string:public_id>/history")
SIZE = 50


@room.get("")
@allow(Permission.STUDENT_READ)
def index(public_id: str) -> Any:
    """What changed. That it was looked at is recorded like a look at the card."""
    student = student_or_404(public_id)
    session = db.session()
    teller = Teller(session, student)
    lines = teller.lines()
    options = fields_in(lines)
    field = request.args.get("field", "")
    field = field if field in dict(options) else ""
    wanted = [line for line in lines if not field or line.field == field]
    log(Note("student:viewed", "student", student.public_id))
    held = [period for period in teller.periods if period.superseded_at is None]
    said = [facts for facts in teller.facts if facts.superseded_at is None]
    day = today()
    facts = next((f for f in said if f.valid_from <= day and (f.valid_to is None or day < f.valid_to)), said[-1])
    undo = undoing.pending(session, student) if may("student:edit") else None
    return render_template(
        "history/index.html",
        **frame(student, period_now(held), facts),
        page=_page(wanted),
        options=options,
        field=field,
        undo=undo,
        undo_words=_undo_words(undo) if undo is not None else "",
    )


def _undo_words(undo: Any) -> str:
    done = words.action(undo.kind)
    return _(
        "Последнее действие: %(what)s, %(who)s, %(when)s. Отменить можно до %(until)s",
        what=done, who=undo.recorded_by or "—", when=moment(undo.recorded_at), until=moment(undo.expires_at),
    )  # fmt: skip


def _page(lines: list[Any]) -> Page:
    text = request.args.get("page", "")
    count = max(1, -(-len(lines) // SIZE))
    here = min(int(text), count) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else 1
    first = (here - 1) * SIZE
    page = Page(rows=lines[first : first + SIZE], total=len(lines), first_row=first + 1 if lines else 0, size=SIZE)

    def numbered(number: int) -> str:
        return address(page=number if number > 1 else None)

    page.previous_url = numbered(here - 1) if here > 1 else None
    page.next_url = numbered(here + 1) if here < count else None
    page.pages = [(str(number), numbered(number), number == here) for number in range(1, count + 1)] if count > 1 else []
    return page
