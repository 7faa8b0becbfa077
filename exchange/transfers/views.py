"""Pages of transfers: what comes in and goes out, one transfer, asking, sending, accepting, declining."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.audit.actions import Note
from exchange.errors import Conflict, NotFound, RuleBroken
from exchange.extensions import db
from exchange.organisations.models import Organisation
from exchange.students import queries as students
from exchange.students.actions import foresee
from exchange.students.models import Student
from exchange.students.order_kinds import KINDS
from exchange.students.registration import prefix_of
from exchange.students.views.frame import frame
from exchange.students.views.orders import consequences
from exchange.students.views.room import forget, put_in, student_or_404
from exchange.transfers import actions, queries, words
from exchange.transfers.actions import Leave, Wish
from exchange.transfers.forms import AcceptForm, AskForm, ReasonForm, SendForm
from exchange.transfers.models import State, Transfer
from exchange.web.pages import address, go, public_id_or_404
from exchange.web.submission import once
from exchange.web.transaction import log

room = Blueprint("transfers", __name__, url_prefix="/transfers")


def _asked(public_id: str) -> Transfer:
    return queries.transfer_by_public_id(db.session(), public_id_or_404(public_id))


@room.get("")
@allow(Permission.TRANSFER_READ)
def index() -> Any:
    """Cards under three tabs."""
    session = db.session()
    tab = request.args.get("tab", "")
    counts = queries.counts(session)
    if tab not in queries.TABS:
        tab = "incoming" if counts["incoming"] or not counts["outgoing"] else "outgoing"
    found = queries.transfers_of(session, tab)
    names = queries.names_of(session, {one.person_id for one in found}) | actions.names_sent(session, found)
    offices = queries.offices(session, {key for one in found for key in (one.from_organisation_id, one.to_organisation_id)})
    return render_template(
        "transfers/index.html",
        tab=tab,
        tabs=[
            {"label": words.TABS[name], "url": address(tab=name), "count": counts[name], "current": name == tab}
            for name in queries.TABS
        ],
        cards=[words.card(one, names.get(one.person_id), offices) for one in found],
        most=queries.MOST,
        count=counts[tab],
    )


@room.get("/new")
@allow(Permission.TRANSFER_MAKE)
def new() -> Any:
    """Asks for a student who is registered elsewhere."""
    return render_template("transfers/new.html", form=AskForm())


@room.post("/new")
@allow(Permission.TRANSFER_MAKE)
@once
def create() -> Any:
    """Sends the request; of the person nothing comes back but that the office was asked."""
    form = AskForm()
    if not form.validate() or form.born.day is None:
        return render_template("transfers/new.html", form=form), 422
    try:
        wish = Wish(form.number.text, form.born.day, form.planned_on.day, form.note.text)
        transfer = actions.ask_transfer(db.session(), wish)
    except RuleBroken as broken:
        form.refuse(broken)
        return render_template("transfers/new.html", form=form), 422
    except IntegrityError:
        db.session.rollback()
        form.refuse(RuleBroken("number", _("Этот перевод только что запросил кто-то другой. Откройте раздел «Переводы»")))
        return render_template("transfers/new.html", form=form), 422
    office = db.session().get_one(Organisation, transfer.from_organisation_id)
    flash(_("Запрос отправлен: %(office)s", office=office.short_ru), "ok")
    return go("transfers.show", public_id=transfer.public_id)


@room.get("/<string:public_id>")
@allow(Permission.TRANSFER_READ)
def show(public_id: str) -> Any:
    """One transfer, as this side may see it."""
    return _page(_asked(public_id))


def _page(transfer: Transfer, status: int = 200, said: str = "") -> Any:
    session = db.session()
    sides = words.sides(transfer)
    coming = None
    if sides.is_to and transfer.state == State.SENT:
        coming = actions.carried(session, transfer)
        log(Note("transfer:viewed", "transfer", transfer.public_id))
    facts = coming.facts if coming else queries.names_of(session, {transfer.person_id}).get(transfer.person_id)
    offices = queries.offices(session, {transfer.from_organisation_id, transfer.to_organisation_id})
    html = render_template(
        "transfers/show.html",
        transfer=transfer,
        card=words.card(transfer, facts, offices),
        facts=words.facts(transfer, offices),
        coming=words.coming(coming) if coming else [],
        history=words.history(coming) if coming else [],
        own=_own_records(session, transfer),
        sides=sides,
        to_code=offices[transfer.to_organisation_id].code,
        said=said,
    )
    return html if status == 200 else (html, status)


def _own_records(session: Any, transfer: Transfer) -> list[Student]:
    """Enrolments of the person that this side may open: the old one's while it is asked, the new one's when it accepted."""
    return list(queries.students_of(session, transfer.person_id))


def _conflict(public_id: str) -> Any:
    """Somebody acted first: the page as it is now says who and what."""
    db.session.rollback()
    transfer = _asked(public_id)
    return _page(transfer, 409, words.meanwhile(transfer))


# ------------------------------------------------------------------------------------------------------------- sending
@room.get("/of/<string:public_id>")
@allow(Permission.TRANSFER_MAKE)
def send(public_id: str) -> Any:
    """The order of transfer and the university that takes the student."""
    student = student_or_404(public_id)
    form, entry = _send_form(student)
    if form is None:
        return go("students.show", public_id=public_id)
    code = request.args.get("to", "")
    form.to.data = code if code in dict(form.receivers) else ""
    form.signed_on.show(form.today)
    form.version.data = str(_version_of_request(student, form))
    return _send_page(student, form, entry)


def _send_form(student: Student) -> tuple[SendForm | None, Any]:
    session = db.session()
    try:
        entry = actions.leaving_entry(session, student)
    except RuleBroken as broken:
        flash(str(broken.message), "bad")
        return None, None
    return SendForm(receivers=queries.receivers(session, student.organisation_id), has_left=entry is not None), entry


def _request_of(student: Student, form: SendForm) -> Transfer | None:
    if not form.to.data:
        return None
    to_id = db.session.scalar(sa.select(Organisation.id).where(Organisation.code == form.to.data))
    return queries.request_for(db.session(), student.person_id, to_id or 0)


def _version_of_request(student: Student, form: SendForm) -> int:
    found = _request_of(student, form)
    return found.version if found else 0


def _send_page(student: Student, form: SendForm, entry: Any, status: int = 200) -> Any:
    html = render_template(
        "transfers/send.html", form=form, left=words.paper(entry) if entry else "", asked=_request_of(student, form),
        **{**frame(student), "tabs": []},
    )  # fmt: skip
    return html if status == 200 else (html, status)


@room.post("/of/<string:public_id>")
@allow(Permission.TRANSFER_MAKE)
@once
def send_record(public_id: str) -> Any:
    """First the page that says what follows, then (do=record) the order and the offer."""
    student = student_or_404(public_id)
    form, entry = _send_form(student)
    if form is None:
        return go("students.show", public_id=public_id)
    do = request.form.get("do", "")
    passed = form.validate()
    if do == "back":
        forget(form)
        return _send_page(student, form, entry)
    if not passed:
        return _send_page(student, form, entry, 422)
    session = db.session()
    office = session.scalar(sa.select(Organisation).where(Organisation.code == (form.to.data or "-")))
    leave = Leave(
        office.id if office else None, form.host.text, form.number.text, form.signed_on.day, form.effective_on.day,
        bool(form.has_history.data), form.note.text,
    )  # fmt: skip
    try:
        if do != "record":
            return _send_check(student, form, entry, office, leave)
        asked = _request_of(student, form)
        transfer = actions.send_transfer(session, student, leave, form.version.number or None if asked else None)
    except RuleBroken as broken:
        form.refuse(broken)
        return _send_page(student, form, entry, 422)
    except (Conflict, IntegrityError):
        db.session.rollback()
        form.refuse(RuleBroken("", _("Пока вы заполняли форму, запрос изменился. Откройте раздел «Переводы» и проверьте его")))
        return _send_page(student_or_404(public_id), form, entry, 409)
    if transfer is None:
        flash(_("Перевод в другой вуз записан"), "ok")
        return go("students.show", public_id=public_id)
    flash(_("Студент передан: %(office)s. Вуз увидит его в разделе «Переводы»", office=office.short_ru if office else ""), "ok")
    return go("transfers.show", public_id=transfer.public_id)


def _send_check(student: Student, form: SendForm, entry: Any, office: Organisation | None, leave: Leave) -> Any:
    """The page that asks once more: the order, where to, and what the other university will see."""
    session = db.session()
    follows = []
    host = office.short_ru if office else leave.host
    if entry is None and leave.signed_on and leave.effective_on:
        told = foresee(
            session, student, "transfer_out", "transfer_out", leave.number, leave.signed_on, leave.effective_on, {"host": host}
        )
        own = session.get_one(Organisation, student.organisation_id).short_ru
        follows = consequences(told, own, leave.effective_on)
    if office:
        follows += words.shown_to(office.short_ru, leave.has_history)
    return render_template(
        "transfers/send_check.html", kind=KINDS["transfer_out"], host=host, leave=leave,
        left=words.paper(entry) if entry else "", consequences=follows, hidden=form.values(), **{**frame(student), "tabs": []},
    )  # fmt: skip


# ----------------------------------------------------------------------------------------------------------- accepting
@room.get("/<string:public_id>/accept")
@allow(Permission.TRANSFER_MAKE)
def enrol(public_id: str) -> Any:
    """The own enrolment, beside what comes along."""
    transfer = _asked(public_id)
    form = _accept_form(transfer)
    form.version.data = str(transfer.version)
    form.form.data = form.form.data or "full"
    form.enrolled_on.show(transfer.planned_on if transfer.planned_on and transfer.planned_on >= _left(transfer) else None)
    return _accept_page(transfer, form)


def _left(transfer: Transfer) -> Any:
    return transfer.left_on or words.today()


def _accept_form(transfer: Transfer) -> AcceptForm:
    """The form with the offices to choose from; the one that was asked for stands first."""
    form = AcceptForm(organisations={code: (key, name) for key, code, name in students.universities(db.session())})
    if not form.organisation.data:
        named = [code for code, (key, _name) in form.organisations.items() if key == transfer.to_organisation_id]
        form.organisation.data = named[0] if named else ""
    return form


def _accept_page(transfer: Transfer, form: AcceptForm, status: int = 200) -> Any:
    session = db.session()
    try:
        found = actions.carried(session, transfer)
    except NotFound:
        if words.sides(transfer).is_to:
            return _page(transfer, 409, words.meanwhile(transfer))
        raise
    log(Note("transfer:viewed", "transfer", transfer.public_id))
    chosen = form.organisations.get(form.organisation.data or "")
    offices = queries.offices(session, {transfer.from_organisation_id, transfer.to_organisation_id})
    html = render_template(
        "transfers/accept.html",
        transfer=transfer,
        form=form,
        card=words.card(transfer, found.facts, offices),
        coming=words.coming(found),
        history=words.history(found),
        with_offices=len(form.organisations) > 1,
        prefix=prefix_of(chosen[1]) if chosen else "",
    )
    return html if status == 200 else (html, status)


@room.post("/<string:public_id>/accept")
@allow(Permission.TRANSFER_MAKE)
@once
def accept(public_id: str) -> Any:
    """Enrols: from now on the person is kept here."""
    transfer = _asked(public_id)
    form = _accept_form(transfer)
    passed = form.validate()
    if request.form.get("find") == "programme" or put_in(form):
        forget(form)
        return _accept_page(transfer, form)
    office = form.organisations.get(form.organisation.data or "")
    if not passed or office is None:
        return _accept_page(transfer, form, 422)
    try:
        registration = form.registration(office[0], person_id=transfer.person_id)
        student = actions.accept_transfer(db.session(), transfer, registration, form.version.number)
    except RuleBroken as broken:
        db.session.rollback()
        form.refuse(broken)
        return _accept_page(_asked(public_id), form, 422)
    except Conflict:
        return _conflict(public_id)
    flash(_("Студент принят. Номер дела %(number)s", number=student.record_book_no), "ok")
    return go("students.show", public_id=student.public_id)


# ------------------------------------------------------------------------------------------------------ saying no
@room.get("/<string:public_id>/decline")
@allow(Permission.TRANSFER_MAKE)
def refusal(public_id: str) -> Any:
    """Asks for the reason."""
    transfer = _asked(public_id)
    form = ReasonForm()
    form.version.data = str(transfer.version)
    return _reason_page(transfer, form)


def _reason_page(transfer: Transfer, form: ReasonForm, status: int = 200) -> Any:
    if not words.sides(transfer).may_decline:
        return _page(transfer, 409, words.meanwhile(transfer))
    offices = queries.offices(db.session(), {transfer.from_organisation_id, transfer.to_organisation_id})
    html = render_template(
        "transfers/decline.html", transfer=transfer, form=form, route=words.card(transfer, None, offices).route
    )
    return html if status == 200 else (html, status)


@room.post("/<string:public_id>/decline")
@allow(Permission.TRANSFER_MAKE)
@once
def decline(public_id: str) -> Any:
    """Declines; the other side reads the reason."""
    transfer = _asked(public_id)
    form = ReasonForm()
    if not form.validate():
        return _reason_page(transfer, form, 422)
    try:
        actions.decline_transfer(db.session(), transfer, form.reason.data or "", form.version.number)
    except Conflict:
        return _conflict(public_id)
    flash(_("Отказ записан. Другой вуз увидит причину"), "ok")
    return go("transfers.show", public_id=public_id)


@room.post("/<string:public_id>/withdraw")
@allow(Permission.TRANSFER_MAKE)
@once
def withdraw(public_id: str) -> Any:
    """Takes back what this side asked or sent."""
    transfer = _asked(public_id)
    was_sent = transfer.state == State.SENT
    version = request.form.get("version", "")
    try:
        actions.withdraw_transfer(db.session(), transfer, int(version) if version.isdigit() and len(version) < 10 else 0)
    except Conflict:
        return _conflict(public_id)
    said = (
        _("Передача отозвана. Приказ остался на карточке: если он ошибочный, аннулируйте его")
        if was_sent
        else _("Запрос отозван")
    )
    flash(said, "ok")
    return go("transfers.show", public_id=public_id)
