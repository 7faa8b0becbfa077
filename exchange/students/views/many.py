"""Orders of many students: one form for all, the page that says whom it fits and what it does, one record."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.drafts.keeping import drafted
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.files.carried import carried
from exchange.files.carrying import attach_carried, carries_scan
from exchange.people.models import PersonFacts
from exchange.students import order_queries, queries, undoing
from exchange.students.actions import Foresight
from exchange.students.ledger import CANCEL, WITHOUT_EFFECT, Entry
from exchange.students.many import Examined, Fit, Unready, Wish, examine, record_many
from exchange.students.many_forms import ManyForm, kind_of
from exchange.students.models import Order, Student
from exchange.students.order_kinds import FOR_MANY, KINDS, MOST, Kind
from exchange.students.views import listing
from exchange.students.views.cards import said_by
from exchange.students.views.orders import begun, changes, is_told_to_police, last_count, notice_to_police
from exchange.students.views.room import coded, forget, full_name, put_in, room
from exchange.students.views.scanned import subject_of_order
from exchange.students.views.undoing import told
from exchange.web.pages import long_day, public_id_or_404
from exchange.web.submission import once

PUBLIC_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{12}")
SEEN = re.compile(r"([0-9A-HJKMNP-TV-Z]{12})\.([0-9]{1,9})")


@dataclass
class Chosen:
    """The students of the order with their names; `too_many`: there are more than one order may have at once."""

    students: list[Student]
    facts: dict[int, PersonFacts]
    too_many: bool = False

    def name(self, student: Student) -> str:
        return full_name(self.facts[student.id])


def chosen_ids() -> list[str]:
    """Who is named: by the list's filters (all=1), by ids in the address, or by the form that asks once more."""
    if "all" in request.args and "chosen" not in request.form:
        wanted = listing.read().wanted
        found = order_queries.ids_of(db.session(), queries.matching(wanted), MOST)
        if not found and wanted.q:
            other = replace(wanted, q=queries.with_other_layout(wanted.q))
            found = order_queries.ids_of(db.session(), queries.matching(other), MOST)
        return found
    given = [*request.values.getlist("student"), *request.form.get("chosen", "").split()]
    return list(dict.fromkeys(text for text in given if PUBLIC_ID.fullmatch(text)))


def chosen_of(ids: Sequence[str]) -> Chosen:
    found = order_queries.students_of(db.session(), ids[:MOST])
    return Chosen([student for student, _facts in found], {s.id: facts for s, facts in found}, len(ids) > MOST)


def seen_before() -> dict[str, int]:
    """What the check page showed: public id -> version."""
    return {found[1]: int(found[2]) for found in SEEN.finditer(request.form.get("checked", ""))}


def checked_of(chosen: Chosen) -> dict[str, int]:
    """The same for those of the order alone: the two lists come back in one form, and one of them may be another's."""
    seen = seen_before()
    return {one.public_id: seen[one.public_id] for one in chosen.students if one.public_id in seen}


def _paper() -> Order | None:
    given = request.values.get("order", "")
    return order_queries.order_by_public_id(db.session(), public_id_or_404(given)) if given else None


def _kind(paper: Order | None) -> Kind:
    kind = kind_of(paper) if paper is not None else FOR_MANY.get(request.args.get("type", ""))
    if kind is None:
        abort(404)
    return kind


def _one_by_one() -> Any:
    """Back to the list with the reason, when the kind is known and is not for many; None when it may be."""
    if "order" in request.values or (code := request.args.get("type", "")) not in KINDS or code in FOR_MANY:
        return None
    flash(
        _(
            "«%(act)s» записывают в карточке каждого студента, не списком. Откройте карточку и выберите приказ",
            act=KINDS[code].act,
        ),
        "bad",
    )
    return redirect(url_for("students.index"), 303)


def _join(form: ManyForm, paper: Order) -> None:
    """What the order says already: as entered before its students, or as its first line does."""
    effective_on, said = paper.effective_on, paper.fields
    if said is None and (line := order_queries.first_line(db.session(), paper)) is not None:
        effective_on, said = line.effective_on, dict(line.fields)
        if form.kind.type_code == "course_transfer":
            said.pop("course", None)
    form.join(paper, effective_on, said or {})


@room.get("/orders/many")
@allow(Permission.ORDER_RECORD)
def orders_many() -> Any:
    """The form of one order for everybody who was chosen."""
    if refused := _one_by_one():
        return refused
    paper = _paper()
    kind = _kind(paper)
    form = ManyForm(kind=kind)
    if paper is None:
        form.begin()
    else:
        _join(form, paper)
    return _page(form, chosen_of(chosen_ids()))


@room.post("/orders/many")
@allow(Permission.ORDER_RECORD)
@carries_scan
@drafted(_l("Приказ на многих"), args=("type",), named=("number", "signed_on"))
@once
def orders_many_record() -> Any:
    """First the page that says whom the order fits and what it will do, then (do=record) the record itself."""
    if refused := _one_by_one():
        return refused
    paper = _paper()
    form = ManyForm(kind=_kind(paper), paper=paper)
    chosen = chosen_of(chosen_ids())
    do = request.form.get("do", "")
    if request.form.get("take"):
        return _taken(form, chosen)
    if not do and "number" not in request.form:  # a list that is too long for an address comes by POST
        form.begin()
        return _page(form, chosen)
    passed = form.validate()
    if do == "back" or request.form.get("find") == "programme":
        if do == "back":
            form.programme.results = None
        forget(form)
        return _page(form, chosen)
    if put_in(form):
        return _page(form, chosen)
    if not passed or not form.signed_on.day or not form.effective_on.day or not chosen.students or chosen.too_many:
        return _page(form, chosen, 422)
    wish = Wish(
        form.kind.type_code, form.event(), form.number.text, form.signed_on.day, form.effective_on.day, form.fields(),
        form.is_next, paper,
    )  # fmt: skip
    seen = checked_of(chosen)
    if do != "record" or not seen_before():
        return _check(form, chosen, wish, examine(db.session(), chosen.students, wish))
    try:
        recorded = record_many(db.session(), seen, wish)
        orders = [order_queries.order_by_public_id(db.session(), key) for key in recorded] if carried().scans else []
        attach_carried(db.session(), [subject_of_order(order) for order in orders], "order")
    except Unready as unready:
        return _check(form, chosen, wish, unready.examined, 422)
    except RuleBroken as broken:
        form.refuse(broken)
        return _page(form, chosen, 422)
    undo = undoing.offer(db.session(), undoing.RECORDED_MANY, list(seen), {"orders": recorded})
    told(
        ngettext("Приказ записан для %(num)s студента", "Приказ записан для %(num)s студентов", len(seen))
        + _(", действует с %(day)s", day=f"{wish.effective_on:%d.%m.%Y}"),
        undo,
    )
    return redirect(url_for("students.paper", paper_id=recorded[0]), 303)


def _taken(form: ManyForm, chosen: Chosen) -> Any:
    """«Взять этот приказ»: the form goes on with an order that is on file; who was chosen stays chosen."""
    paper = order_queries.order_by_public_id(db.session(), public_id_or_404(request.form["take"]))
    if paper.type_code != form.kind.type_code:
        abort(404)
    _join(form, paper)
    return _page(form, chosen)


def _page(form: ManyForm, chosen: Chosen, status: int = 200) -> Any:
    html = render_template(
        "students/many.html",
        form=form,
        kind=form.kind,
        chosen=chosen,
        ids=" ".join(student.public_id for student in chosen.students),
        most=MOST,
        unfinished=[] if form.paper else order_queries.unfinished(db.session(), form.kind.type_code),
        tally=order_queries.tally(db.session(), form.paper) if form.paper else None,
    )
    return html if status == 200 else (html, status)


@dataclass(frozen=True)
class Row:
    """A student on the check page: what changes for him, or why nothing does."""

    public_id: str
    name: str
    record_book_no: str
    lines: tuple[str, ...] = ()
    reason: Any = ""


def rows_of(found: Examined, chosen: Chosen) -> tuple[list[Row], list[Row]]:
    """Whom it fits, with what was and what becomes; whom not, with the reason."""
    fit = [
        Row(one.student.public_id, chosen.name(one.student), one.student.record_book_no, tuple(_becomes(one.told)))
        for one in found.fit
    ]
    unfit = [
        Row(one.student.public_id, chosen.name(one.student), one.student.record_book_no, (), one.reason) for one in found.unfit
    ]
    return fit, unfit


def _becomes(told: Foresight) -> list[str]:
    before, after = begun(told, told.entry.effective_on)
    found = []
    if before and after:
        if before.status_code != after.status_code:
            old, new = (coded("statuses", period.status_code, short=True) for period in (before, after))
            found.append(_("Статус: %(old)s → %(new)s", old=old, new=new))
        found += [
            _("%(title)s: %(old)s → %(new)s", title=title, old=old, new=new) for title, old, new in changes(before, after)
        ]
    if not found and told.entry.event != CANCEL:
        found.append(said_by(told.entry))
    return [text for text in found if text]


def consequences_of_many(fits: Sequence[Fit], offices: Mapping[int, str]) -> list[str]:
    """What follows for the whole: who leaves and who comes into the contingent since when, and the report of last 1 October."""
    out: Counter[tuple[str, dt.date]] = Counter()
    into: Counter[tuple[str, dt.date]] = Counter()
    notices: Counter[str] = Counter()
    for one in fits:
        told, day = one.told, one.told.entry.effective_on
        before, after = begun(told, day)
        was, will = bool(before and before.in_contingent), bool(after and after.in_contingent)
        office = offices.get(one.student.organisation_id, "")
        if was and not will:
            out[office, day] += 1
            if after and told.entry.event != CANCEL and is_told_to_police(after):
                notices[notice_to_police(min(day, told.entry.signed_on or day))] += 1
        elif will and not was:
            into[office, day] += 1
    found = [
        _("Выбывает из контингента: %(office)s, с %(day)s: %(num)s", office=office, day=f"{day:%d.%m.%Y}", num=num)
        for (office, day), num in sorted(out.items())
    ]
    found += [
        _("Входит в контингент: %(office)s, с %(day)s: %(num)s", office=office, day=f"{day:%d.%m.%Y}", num=num)
        for (office, day), num in sorted(into.items())
    ]
    if not found and not any(one.told.entry.event in WITHOUT_EFFECT for one in fits):
        found.append(_("Численность контингента не меняется"))
    counted = last_count()
    change = sum(one.told.changes_day(counted) for one in fits)
    if change == 0:
        found.append(_("Отчёт на %(day)s не изменится", day=long_day(counted)))
    elif change < 0:
        found.append(_("Изменит отчёт на %(day)s: станет меньше на %(num)s", day=long_day(counted), num=-change))
    else:
        found.append(_("Изменит отчёт на %(day)s: станет больше на %(num)s", day=long_day(counted), num=change))
    return found + [_("%(notice)s. Студентов: %(num)s", notice=notice, num=num) for notice, num in notices.items()]


def offices_of(students: Sequence[Student]) -> dict[int, str]:
    """Short names of the universities and branches of these students."""
    wanted = {student.organisation_id for student in students}
    return {key: name for key, _code, name in listing.counts().universities() if key in wanted}


def _check(form: ManyForm, chosen: Chosen, wish: Wish, found: Examined, status: int = 200) -> Any:
    """The page that asks once more. After a refusal it says first who is no longer in."""
    fit, unfit = rows_of(found, chosen)
    students = [one.student for one in found.fit]
    offices = offices_of(students)
    facts = [
        (_("Приказ"), _("%(number)s от %(day)s", number=wish.number, day=f"{wish.signed_on:%d.%m.%Y}")),
        (form.kind.since, f"{wish.effective_on:%d.%m.%Y}"),
    ]
    if words := _("следующий курс") if wish.is_next else said_by(Entry(wish.event, wish.effective_on, wish.fields)):
        facts.append((_("Содержание"), words))
    existing = [
        order
        for office in offices
        if (order := order_queries.order_of(db.session(), office, wish.paper.type_code, wish.number, wish.signed_on))
    ]
    html = render_template(
        "students/many_check.html",
        form=form,
        kind=form.kind,
        facts=facts,
        fit=fit,
        unfit=unfit,
        was_refused=status != 200,
        consequences=consequences_of_many(found.fit, offices) if fit else [],
        joined=[(order, order_queries.tally(db.session(), order).names) for order in existing],
        hidden=form.values(),
        ids=" ".join(student.public_id for student in chosen.students),
        checked=" ".join(f"{key}.{version}" for key, version in found.seen.items()),
    )
    return html if status == 200 else (html, status)
