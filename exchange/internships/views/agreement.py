"""The university: who waits for it, which of its students it is, agreed or refused."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.audit.actions import Note
from exchange.errors import Conflict, RuleBroken
from exchange.extensions import db
from exchange.internships import agreement, matching, queries
from exchange.internships.forms import RefusalForm
from exchange.internships.models import Internship
from exchange.internships.stages import Recognition
from exchange.internships.views import asked, room
from exchange.web.forms import clean
from exchange.web.pages import go
from exchange.web.paging import first_of, pages_of
from exchange.web.transaction import log

SIZE = 20


@room.get("/waiting")
@allow(Permission.INTERNSHIP_AGREE)
def waiting() -> Any:
    """Who waits to be recognised and agreed, with the students that it may be."""
    session = db.session()
    total = queries.waiting_count(session)
    first = first_of(request.args.get("page", 1, int), total, SIZE)
    rows = queries.waiting(session, first, SIZE)
    proposals = matching.propose(session, [one for one in rows if one.student_id is None], asked.today())
    log(Note("internship:viewed", "internship", "", {"list": "waiting", "rows": len(rows)}))
    return asked.show("waiting.html", page=pages_of(rows, total, first, SIZE), proposals=proposals)


@room.get("/<public_id>/student")
@allow(Permission.INTERNSHIP_AGREE)
def ask_student(public_id: str) -> Any:
    """Which of its students the university means; it can look for another one than those proposed."""
    return _show_student(asked.asked(public_id), 200)


def _show_student(one: Internship, status: int, problem: Any = "", chosen: str = "") -> Any:
    session, today = db.session(), asked.today()
    text = str(clean(request.args.get("q", "")))[:100]
    found = matching.search_own(session, one, text, today) if text else None
    return asked.show(
        "student.html", status, one=one, q=text, found=found, chosen=chosen, problem=problem,
        proposals=matching.propose(session, [one], today).get(one.id, []),
    )  # fmt: skip


@room.post("/<public_id>/agree")
@allow(Permission.INTERNSHIP_AGREE)
def agree(public_id: str) -> Any:
    """«This is our student, agreed» at one press; or only recognised, to be agreed later."""
    one, session = asked.asked(public_id), db.session()
    version = request.form.get("version", "")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    chosen = request.form.get("student", "")[:20]
    student = matching.own_student(session, chosen) if chosen else None
    try:
        if one.recognition != Recognition.RECOGNISED or chosen:
            if student is None:
                raise RuleBroken("student", _("Выберите своего студента"))
            if request.form.get("do") == "recognise":
                agreement.recognise(session, one, student, number)
                asked.done(_("Студент узнан. Практика ждёт согласования"))
                return go("internships.show", public_id=one.public_id)
            agreement.recognise_and_agree(session, one, student, number)
        else:
            agreement.agree(session, one, number)
    except RuleBroken as broken:
        return _show_student(one, 422, broken.message, chosen)
    except Conflict:
        return _show_student(one, 409, asked.changed_meanwhile(one, number), chosen)
    asked.done(_("Практика согласована"))
    return (
        go("internships.waiting") if request.form.get("from") == "waiting" else go("internships.show", public_id=one.public_id)
    )


@room.get("/<public_id>/refusal")
@allow(Permission.INTERNSHIP_AGREE)
def ask_refusal(public_id: str) -> Any:
    """Why the university does not agree."""
    one = asked.asked(public_id)
    return asked.show("refusal.html", one=one, form=RefusalForm(today=asked.today(), data={"version": one.version}))


@room.post("/<public_id>/refusal")
@allow(Permission.INTERNSHIP_AGREE)
def refuse(public_id: str) -> Any:
    """The university does not agree."""
    one = asked.asked(public_id)
    form = RefusalForm(today=asked.today())
    if form.validate():
        try:
            agreement.refuse(db.session(), one, form.reason.data, form.version.number)
        except RuleBroken as broken:
            form.refuse(broken)
        except Conflict:
            return asked.show("refusal.html", 409, one=one, form=asked.reopen(form, one))
        else:
            asked.done(_("Отказ записан. Предприятие увидит причину"))
            return go("internships.show", public_id=one.public_id)
    return asked.show("refusal.html", 422, one=one, form=form)
