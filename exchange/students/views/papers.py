"""Orders as papers: the list of them, one with its students, one that is entered before them, the annulment of a whole one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from exchange.access.actor import Role, current_actor
from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.drafts.keeping import drafted
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.files import queries as files
from exchange.files.carrying import attach_carried, carries_scan
from exchange.organisations.models import Organisation
from exchange.reference import classifiers
from exchange.students import order_queries
from exchange.students.forms import AnnulForm
from exchange.students.ledger import Entry
from exchange.students.many import Unready, annul_many, enter_order, examine_annulment
from exchange.students.many_forms import NEXT, PaperForm, PapersForm, kind_of
from exchange.students.models import Order
from exchange.students.order_kinds import FOR_MANY, MOST
from exchange.students.order_queries import LineOnPaper, Wanted
from exchange.students.registration import Paper
from exchange.students.views import listing, turning
from exchange.students.views.cards import Fact, said_by
from exchange.students.views.many import checked_of, chosen_of, consequences_of_many, offices_of, rows_of, seen_before
from exchange.students.views.room import coded, forget, full_name, put_in, room
from exchange.students.views.scanned import ORDER, marks, subject_of_order, title_of
from exchange.web.pages import moment, public_id_or_404, today
from exchange.web.paging import first_of, pages_of
from exchange.web.submission import once

SIZE = 50


def _order(paper_id: str) -> Order:
    return order_queries.order_by_public_id(db.session(), public_id_or_404(paper_id))


def _page_number() -> int:
    return request.args.get("page", 1, int)


@room.get("/orders")
@allow(Permission.STUDENT_READ)
def orders_index() -> Any:
    """Orders by kind, number, year; those with names that are not in yet."""
    form = PapersForm(MultiDict(request.args.items()))
    year = form.year.text
    wanted = Wanted(
        type_code=form.type.data if form.type.data in classifiers.order_types() else "",
        number=form.number.text[:60],
        year=int(year) if year.isascii() and year.isdecimal() and 1900 <= int(year[:6]) <= today().year + 1 else None,
        is_unfinished=form.unfinished.data == "1",
    )
    session = db.session()
    total = order_queries.count_of(session, wanted)
    first = first_of(_page_number(), total, SIZE)
    offices = {key: name for key, _code, name in listing.counts().universities()}
    rows = order_queries.page(session, wanted, first, SIZE)
    return render_template(
        "students/papers.html",
        form=form,
        page=pages_of(rows, total, first, SIZE),
        scans=marks(session, [(ORDER, row.Order.public_id) for row in rows]),
        unfinished=0 if wanted.is_unfinished else order_queries.count_of(session, Wanted(is_unfinished=True)),
        is_narrowed=wanted != Wanted(),
        offices=offices,
        with_organisation=current_actor().role is not Role.UNIVERSITY or len(offices) > 1,
        named=lambda code: coded("order_types", code),
    )


@room.get("/orders/<string:paper_id>")
@allow(Permission.STUDENT_READ)
def paper(paper_id: str) -> Any:
    """The paper: who entered it and when, who is in it, what was annulled."""
    order, session = _order(paper_id), db.session()
    tally = order_queries.tally(session, order)
    first = first_of(_page_number(), tally.lines, SIZE)
    lines = order_queries.lines_of(session, order, first, SIZE)
    scans = files.scans_of(session, [(ORDER, order.public_id)], removed=None) if may("file:read") else []
    return render_template(
        "students/paper.html",
        scans=[(scan, None) for scan in scans if scan.removed_at is None],
        removed=[scan for scan in scans if scan.removed_at is not None] if may("file:attach") else [],
        order=order,
        title=title_of(order),
        facts=_facts(order),
        tally=tally,
        missing=max((order.expected_lines or 0) - tally.names, 0),
        page=pages_of([_line(item) for item in lines], tally.lines, first, SIZE),
        twins=order_queries.twins(session, order),
        may_add=may("order:record") and kind_of(order) is not None,
        may_annul=may("order:annul") and 0 < tally.names <= MOST,
    )


def _facts(order: Order) -> list[Fact]:
    recorded = ", ".join(part for part in (moment(order.recorded_at), order.recorded_by) if part)
    rows = [
        Fact(_("Вид"), coded("order_types", order.type_code)),
        Fact(_("Номер"), order.number),
        Fact(_("Дата"), f"{order.signed_on:%d.%m.%Y}"),
    ]
    if order.effective_on:
        rows.append(Fact(_("Действует с"), f"{order.effective_on:%d.%m.%Y}"))
    if order.fields:
        said = said_by(Entry("", order.signed_on, {name: v for name, v in order.fields.items() if v != NEXT}))
        if order.fields.get("course") == NEXT:
            said = ", ".join(part for part in (_("следующий курс"), said) if part)
        rows.append(Fact(_("Содержание"), said))
    office = db.session().get_one(Organisation, order.organisation_id).short_ru
    return [*rows, Fact(_("Вуз"), office), Fact(_("Внесён"), recorded)]


def _line(item: LineOnPaper) -> dict[str, Any]:
    """A line of the paper in words."""
    line = item.line
    found = {
        "student": full_name(item.student),
        "url": url_for("students.show", public_id=item.student.public_id),
        "record_book_no": item.student.record_book_no,
        "effective_on": line.effective_on,
        "said": said_by(line),
        "meta": ", ".join(part for part in (moment(line.recorded_at), line.recorded_by) if part),
        "status": ("done", _("В силе")),
        "other": None,
    }
    if item.annuls is not None:
        found["status"] = ("", _("Отменяет"))
        found["said"] = str(line.fields.get("reason") or "")
        found["other"] = _other(item.annuls)
    elif item.annulled_by is not None:
        found["status"] = ("annulled", _("Аннулирован"))
        found["other"] = _other(item.annulled_by)
    return found


def _other(order: Order) -> tuple[str, str]:
    words = _("приказ %(number)s от %(day)s", number=order.number, day=f"{order.signed_on:%d.%m.%Y}")
    if order.type_code == order_queries.ROSTER:
        words = _("список вуза на %(day)s", day=f"{order.signed_on:%d.%m.%Y}")
    return words, url_for("students.paper", paper_id=order.public_id)


# ------------------------------------------------------------------------------------------------------- the paper first
@room.get("/orders/new")
@allow(Permission.ORDER_RECORD)
def paper_new() -> Any:
    """Which kind; then the form of a paper whose students follow. With `order` the number of names of one is changed."""
    given = request.args.get("order", "")
    known = _order(given) if given else None
    kind = kind_of(known) if known else FOR_MANY.get(request.args.get("type", ""))
    if kind is None:
        if known or request.args.get("type"):
            abort(404)
        return render_template("students/paper_kinds.html", kinds=list(FOR_MANY.values()))
    form = PaperForm(kind=kind, offices=_offices())
    form.begin()
    own = current_actor().organisation_id
    form.org.data = next((code for code, key in form.offices.items() if key == own), form.org.data)
    if known is not None:
        form.join(known, known.effective_on, known.fields or {})
        form.org.data = next((code for code, key in form.offices.items() if key == known.organisation_id), "")
        form.expected.data = str(known.expected_lines or "")
    return _paper_page(form)


def _offices() -> tuple[tuple[int, str, str], ...]:
    return listing.counts().universities()


@room.post("/orders/new")
@allow(Permission.ORDER_RECORD)
@carries_scan
@drafted(_l("Приказ до студентов"), args=("type",), named=("number", "signed_on"))
@once
def paper_create() -> Any:
    """Enters the paper; its page counts who is missing."""
    kind = FOR_MANY.get(request.args.get("type", ""))
    if kind is None:
        abort(404)
    form = PaperForm(kind=kind, offices=_offices())
    passed = form.validate()
    if request.form.get("find") == "programme":
        forget(form)
        return _paper_page(form)
    if put_in(form):
        return _paper_page(form)
    if not passed or not form.signed_on.day or not form.effective_on.day:
        return _paper_page(form, 422)
    named = Paper(kind.type_code, form.number.text, form.signed_on.day)
    office = form.offices[form.org.data or ""]
    try:
        order = enter_order(db.session(), office, named, form.number_of_names, form.effective_on.day, form.fields())
        attach_carried(db.session(), [subject_of_order(order)], "order")
    except RuleBroken as broken:
        form.refuse(broken)
        return _paper_page(form, 422)
    flash(_("Приказ внесён. Добавьте в него студентов"), "ok")
    return redirect(url_for("students.paper", paper_id=order.public_id), 303)


def _paper_page(form: PaperForm, status: int = 200) -> Any:
    html = render_template("students/paper_new.html", form=form, kind=form.kind, with_organisation=len(form.offices) > 1)
    return html if status == 200 else (html, status)


@room.get("/orders/<string:paper_id>/students")
@allow(Permission.ORDER_RECORD)
def paper_add(paper_id: str) -> Any:
    """Finds students for an order that is on file: a search, ticks, and everybody who was found."""
    order = _order(paper_id)
    kind = kind_of(order)
    if kind is None:
        abort(404)
    asked = listing.read()
    wanted = replace(asked.wanted, organisations=(order.organisation_id,))
    total = listing.counts().of(wanted)
    part = turning.slice_of(wanted, total, ())
    code = next((code for key, code, _name in asked.organisations if key == order.organisation_id), "")
    everybody = {**asked.args, "type": kind.type_code, "order": order.public_id, "all": "1", "org": code}
    return render_template(
        "students/paper_add.html",
        order=order,
        title=title_of(order),
        kind=kind,
        form=listing.FilterForm(MultiDict(asked.args)),
        rows=[(row, full_name(row), coded("statuses", row.status_code, short=True)) for row in part.rows],
        page=turning.page_of(wanted, part, total),
        total=total,
        most=MOST,
        tally=order_queries.tally(db.session(), order),
        all_url=f"{url_for('students.orders_many')}?{urlencode(everybody)}",
    )


# ------------------------------------------------------------------------------------------------- annulment of the whole
@room.get("/orders/<string:paper_id>/annul")
@allow(Permission.ORDER_ANNUL)
def paper_annul(paper_id: str) -> Any:
    """Asks for the order of cancellation and the reason."""
    order = _order(paper_id)
    form = AnnulForm()
    form.signed_on.show(today())
    return _annul_page(order, form)


@room.post("/orders/<string:paper_id>/annul")
@allow(Permission.ORDER_ANNUL)
@once
def paper_annul_record(paper_id: str) -> Any:
    """First whom it concerns and who stands in the way, then (do=record) the annulment, of all or of the rest."""
    order, session = _order(paper_id), db.session()
    form = AnnulForm()
    do = request.form.get("do", "")
    passed = form.validate()
    if do == "back":
        forget(form)
        return _annul_page(order, form)
    ids = order_queries.names_in_force(session, order, MOST)
    if not passed or form.signed_on.day is None or not 0 < len(ids) <= MOST:
        return _annul_page(order, form, 422)
    said = (form.number.text, form.signed_on.day, form.reason.data or "")
    chosen, status = chosen_of(ids), 200
    seen = checked_of(chosen)
    if do == "record" and seen_before():
        try:
            recorded = annul_many(session, order, seen, *said)
        except Unready as unready:
            found, status = unready.examined, 422
        except RuleBroken as broken:
            form.refuse(broken)
            return _annul_page(order, form, 422)
        else:
            count = len(seen)
            flash(ngettext("Приказ аннулирован для %(num)s студента", "Приказ аннулирован для %(num)s студентов", count), "ok")
            return redirect(url_for("students.paper", paper_id=recorded[0]), 303)
    else:
        found = examine_annulment(session, order, chosen.students, *said)
    fit, unfit = rows_of(found, chosen)
    html = render_template(
        "students/paper_annul_check.html",
        order=order,
        title=title_of(order),
        form=form,
        fit=fit,
        unfit=unfit,
        was_refused=status != 200,
        consequences=consequences_of_many(found.fit, offices_of(chosen.students)) if fit else [],
        checked=" ".join(f"{key}.{version}" for key, version in found.seen.items()),
    )
    return html if status == 200 else (html, status)


def _annul_page(order: Order, form: AnnulForm, status: int = 200) -> Any:
    html = render_template(
        "students/paper_annul.html",
        order=order,
        title=title_of(order),
        form=form,
        tally=order_queries.tally(db.session(), order),
        facts=_facts(order),
        most=MOST,
    )
    return html if status == 200 else (html, status)
