"""Orders of a student: the form of a kind, the page that states the consequence, the record; annulment."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.drafts.keeping import drafted
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.files.carrying import attach_carried, carries_scan
from exchange.organisations.models import Organisation
from exchange.people import queries as people
from exchange.reference import classifiers
from exchange.reference.calendar import OutsideCalendar, add_working_days
from exchange.reference.terms import deadline
from exchange.students import order_kinds, records, undoing
from exchange.students.actions import Foresight, annul_order, foresee, record_order
from exchange.students.forms import AnnulForm, OrderForm
from exchange.students.ledger import STUDY_FIELDS, WITHOUT_EFFECT, Period
from exchange.students.models import Order, Student, StudyPeriod
from exchange.students.order_kinds import KINDS, NAMED, Kind
from exchange.students.views.cards import events_of, said_by
from exchange.students.views.frame import leading_url, period_now
from exchange.students.views.room import coded, facts_now, forget, full_name, programme_name, put_in, room, student_or_404
from exchange.students.views.scanned import subject_of_order
from exchange.students.views.undoing import told as banner
from exchange.web.pages import long_day, today
from exchange.web.submission import once


def _kind() -> Kind:
    kind = KINDS.get(request.args.get("type", ""))
    if kind is None:
        abort(404)
    return kind


def _form(student: Student, kind: Kind) -> tuple[OrderForm, StudyPeriod]:
    current = period_now(records.periods_of(db.session(), student))
    if current is None:
        abort(404)
    facts = {name: getattr(current, name) for name in STUDY_FIELDS}
    person = people.latest_facts(db.session(), student.person_id)
    names = {name: getattr(person, column) for name, column in NAMED.items()}
    return OrderForm(kind=kind, facts=facts, names=names, status=current.status_code), current


def _page(student: Student, kind: Kind, form: OrderForm, current: StudyPeriod, status: int = 200) -> Any:
    html = render_template(
        "students/order.html",
        student=student,
        kind=kind,
        form=form,
        name=full_name(facts_now(student)),
        current=current,
        status=(current.status_code, coded("statuses", current.status_code, short=True)),
        fits=kind in order_kinds.offered(current.status_code),
    )
    return html if status == 200 else (html, status)


@room.get("/<string:public_id>/orders/new")
@allow(Permission.ORDER_RECORD)
def order_new(public_id: str) -> Any:
    """The form of one kind of order."""
    student, kind = student_or_404(public_id), _kind()
    if there := leading_url(student, kind.type_code):
        return redirect(there, 303)
    form, current = _form(student, kind)
    form.begin()
    return _page(student, kind, form, current)


@room.post("/<string:public_id>/orders/new")
@allow(Permission.ORDER_RECORD)
@carries_scan
@drafted(_l("Приказ о студенте"), args=("type",), named=("number", "signed_on"))
@once
def order_record(public_id: str) -> Any:
    """First the page that says what the order will do, then (do=record) the record itself."""
    student, kind = student_or_404(public_id), _kind()
    if there := leading_url(student, kind.type_code):
        return redirect(there, 303)
    form, current = _form(student, kind)
    do = request.form.get("do", "")
    passed = form.validate()
    if do == "foresee":
        lines, is_clear = _foreseen(student, form) if passed else ([], False)
        return jsonify(lines=lines, clear=is_clear)
    if do == "back":
        form.programme.results = None
    if do == "back" or request.form.get("find") == "programme":
        forget(form)
        return _page(student, kind, form, current)
    if put_in(form):
        return _page(student, kind, form, current)
    if not passed or not form.signed_on.day or not form.effective_on.day:
        return _page(student, kind, form, current, 422)
    said = _said(form)
    try:
        if do != "record":
            return _check(student, kind, form, current, foresee(db.session(), student, *said))
        line = record_order(db.session(), student, *said)
        attach_carried(db.session(), [subject_of_order(db.session().get_one(Order, line.order_id))], "order")
    except RuleBroken as broken:
        form.refuse(broken)
        return _page(student, kind, form, current, 422)
    undo = undoing.offer(db.session(), undoing.RECORDED, [student.public_id], {"line": line.id})
    banner(_("%(done)s с %(day)s", done=kind.done, day=f"{form.effective_on.day:%d.%m.%Y}"), undo)
    return redirect(url_for("students.show", public_id=student.public_id), 303)


def _said(form: OrderForm) -> tuple[Any, ...]:
    """The order as its action is told of it."""
    return form.kind.type_code, form.event(), form.number.text, form.signed_on.day, form.effective_on.day, form.fields()


def _foreseen(student: Student, form: OrderForm) -> tuple[list[str], bool]:
    """What the order would change, for the form while it is typed; and whether nothing is left to be asked once more."""
    if not form.signed_on.day or not form.effective_on.day:
        return [], False
    try:
        told = foresee(db.session(), student, *_said(form))
    except RuleBroken as broken:
        return [str(broken.message)], False
    session, office = db.session(), db.session().get_one(Organisation, student.organisation_id).short_ru
    paper = (form.kind.type_code, told.entry.number, told.entry.signed_on or today())
    joined = records.lines_in_order(session, student.organisation_id, *paper)
    return consequences(told, office, form.effective_on.day), not joined


def _check(student: Student, kind: Kind, form: OrderForm, current: StudyPeriod, told: Foresight) -> Any:
    """The page that asks once more: the paper, what it sets, and what follows."""
    session = db.session()
    office = session.get_one(Organisation, student.organisation_id).short_ru
    entry = told.entry
    joined = records.lines_in_order(session, student.organisation_id, kind.type_code, entry.number, entry.signed_on or today())
    facts = [
        (_("Студент"), full_name(facts_now(student))),
        (_("Приказ"), _("%(number)s от %(day)s", number=entry.number, day=f"{entry.signed_on:%d.%m.%Y}")),
        (kind.since, f"{entry.effective_on:%d.%m.%Y}"),
    ]
    if words := said_by(entry):
        facts.append((_("Содержание"), words))
    return render_template(
        "students/order_check.html",
        student=student,
        kind=kind,
        form=form,
        facts=facts,
        consequences=consequences(told, office, entry.effective_on),
        joined=joined,
        hidden=form.values(),
    )


def consequences(told: Foresight, office: str, effective_on: dt.date) -> list[str]:
    """What follows from an order: in the contingent, in what is studied, in the report of the last 1 October."""
    before, after = begun(told, effective_on)
    day = f"{effective_on:%d.%m.%Y}"
    found = []
    was, will = bool(before and before.in_contingent), bool(after and after.in_contingent)
    if was and not will:
        found.append(_("Выбывает из контингента: %(office)s, с %(day)s", office=office, day=day))
    elif will and not was:
        found.append(_("Входит в контингент: %(office)s, с %(day)s", office=office, day=day))
    if before and after and before.status_code != after.status_code:
        old, new = (coded("statuses", p.status_code).lower() for p in (before, after))
        found.append(_("Статус с %(day)s: «%(new)s», был «%(old)s»", day=day, new=new, old=old))
    if before and after:
        found += [
            _("%(title)s: %(new)s, сейчас %(old)s", title=title, new=new, old=old) for title, old, new in changes(before, after)
        ]
    counted = last_count()
    change = told.changes_day(counted)
    report = long_day(counted)
    if change == 0:
        found.append(_("Отчёт на %(day)s не изменится", day=report))
    elif change < 0:
        found.append(_("Изменит отчёт на %(day)s: станет на одного студента меньше", day=report))
    else:
        found.append(_("Изменит отчёт на %(day)s: станет на одного студента больше", day=report))
    if before and after and before.facts == after.facts and told.entry.event not in WITHOUT_EFFECT:
        found.append(_("Обучение не меняется: проверьте, что выбрано новое значение"))
    if was and after and not will and is_told_to_police(after):
        found.append(notice_to_police(min(effective_on, told.entry.signed_on or effective_on)))
    return found


def begun(told: Foresight, day: dt.date) -> tuple[Period | None, Period | None]:
    """The last period that has begun by a day, before and after the order."""
    before, after = (next((p for p in reversed(periods) if p.valid_from <= day), None) for periods in (told.before, told.after))
    return before, after


def changes(before: Period, after: Period) -> list[tuple[str, str, str]]:
    """What is studied differently: title, was, becomes."""
    found = []
    for title, name, words in (
        (_("Направление"), "programme_code", programme_name),
        (_("Форма"), "form_code", lambda code: coded("study_forms", code)),
        (_("Оплата"), "funding_code", lambda code: coded("fundings", code)),
        (_("Курс"), "course", lambda number: str(number or "—")),
        (_("Группа"), "group_name", lambda text: text or "—"),
    ):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            found.append((title, words(old), words(new)))
    return found


def last_count() -> dt.date:
    """The last 1 October: the day that the ministries count on."""
    now = today()
    return dt.date(now.year if now >= dt.date(now.year, 10, 1) else now.year - 1, 10, 1)


def is_told_to_police(after: Period) -> bool:
    status, form = classifiers.statuses()[after.status_code], classifiers.study_forms()[after.form_code]
    return status.has_mvd_notice and form.has_mvd_notice


def notice_to_police(since: dt.date) -> str:
    """Working days from the earlier of the order and the end of study; the last one is unknown beyond the calendar."""
    days = deadline("NOTICE_END_3")
    try:
        last = add_working_days(since, days)
    except OutsideCalendar:
        return _("Сообщите в МВД, срок в рабочих днях: %(days)s", days=days)
    day = f"{last:%d.%m.%Y}"
    if last < today():
        return _("Сообщите в МВД: срок в рабочих днях (%(days)s) вышел %(day)s", days=days, day=day)
    return _("Сообщите в МВД до %(day)s включительно, срок в рабочих днях: %(days)s", days=days, day=day)


@room.get("/<string:public_id>/orders/<int(max=2147483647):line_id>/annul")
@allow(Permission.ORDER_ANNUL)
def annul(public_id: str, line_id: int) -> Any:
    """Asks for the order of cancellation and the reason."""
    student = student_or_404(public_id)
    form = AnnulForm()
    form.signed_on.show(today())
    return _annul_page(student, line_id, form)


@room.post("/<string:public_id>/orders/<int(max=2147483647):line_id>/annul")
@allow(Permission.ORDER_ANNUL)
@once
def annul_record(public_id: str, line_id: int) -> Any:
    """Annuls; the order and its annulment both stay on the card."""
    student = student_or_404(public_id)
    line = records.line_of(db.session(), student, line_id)
    form = AnnulForm()
    if not form.validate() or form.signed_on.day is None:
        return _annul_page(student, line_id, form, 422)
    try:
        annul_order(db.session(), line, form.number.text, form.signed_on.day, form.reason.data or "")
    except RuleBroken as broken:
        form.refuse(broken)
        return _annul_page(student, line_id, form, 422)
    flash(_("Приказ аннулирован. Он остался в ленте с пометкой"), "ok")
    return redirect(url_for("students.show", public_id=student.public_id), 303)


def _annul_page(student: Student, line_id: int, form: AnnulForm, status: int = 200) -> Any:
    line = records.line_of(db.session(), student, line_id)
    event = next((e for e in events_of(student) if e.line_id == line.id), None)
    if event is None:
        abort(404)
    html = render_template(
        "students/annul.html", student=student, form=form, event=event, name=full_name(facts_now(student)), line=line
    )
    return html if status == 200 else (html, status)
