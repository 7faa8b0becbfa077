"""A page for each group. Two who change one group at once: the second is shown what the first changed, and loses nothing."""

from __future__ import annotations

import json
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.particulars.actions import save_group
from exchange.particulars.fields import GroupForm
from exchange.particulars.groups import GROUPS, Group, kept_strings
from exchange.particulars.queries import Around
from exchange.particulars.views.room import around_or_404, back, heading, keeper_only, locked_or_404, room
from exchange.people import documents as papers
from exchange.people import iin as iins
from exchange.students.views.conflict import compare, conflict_page, resolve, sent
from exchange.students.views.room import full_name, put_in

CODES = ",".join(GROUPS)


def _form(group: Group, told: Around) -> GroupForm:
    form = group.form(around=told)
    if group.code == "names":
        form.known = kept_strings(form, told)
    return form


def _page(group: Group, told: Around, form: GroupForm, opened: dict[str, str], status: int = 200) -> Any:
    numbers = {
        "iin": iins.mask(told.person.iin), "snils": papers.mask(told.contacts.snils), "inn": papers.mask(told.details.inn),
    }  # fmt: skip
    html = render_template(
        "particulars/group.html",
        **heading(told),
        group=group,
        form=form,
        kept={name: numbers[name] for name in group.form.SECRET},
        opened=json.dumps(opened, ensure_ascii=False),
    )
    return html if status == 200 else (html, status)


@room.get(f"/<any({CODES}):code>")
@allow(Permission.STUDENT_EDIT)
def edit(public_id: str, code: str) -> Any:
    """The form of a group as it is kept."""
    told, group = around_or_404(public_id), GROUPS[code]
    if group.is_person:
        keeper_only(told)
    form = _form(group, told)
    kept = kept_strings(form, told)
    form.open_with(kept)
    return _page(group, told, form, kept)


@room.post(f"/<any({CODES}):code>")
@allow(Permission.STUDENT_EDIT)
def save(public_id: str, code: str) -> Any:
    """Saves, refuses with the form, or (409) asks which of two changes stands."""
    told, group = locked_or_404(public_id), GROUPS[code]
    if group.is_person:
        keeper_only(told)
    form = _form(group, told)
    kept, opened, do = kept_strings(form, told), sent("opened", form.merged), request.form.get("do", "save")
    missing = resolve(form, opened, form.merged) if do == "merge" else []
    if do == "back":
        return _page(group, told, form, kept)
    passed = form.validate()
    if put_in(form):
        return _page(group, told, form, opened)
    if not passed:
        return _page(group, told, form, opened, 422)
    mine = form.strings()
    if missing or any(kept[name] not in (opened.get(name, kept[name]), mine[name]) for name in kept):
        return _conflict(group, told, form, opened, kept, missing)
    try:
        changed = save_group(db.session(), told, form.values(), iin_needs_check=getattr(form, "iin_needs_check", False))
    except RuleBroken as broken:
        return _refused(public_id, group, form, opened, broken)
    except IntegrityError:
        return _refused(public_id, group, form, opened, RuleBroken("", _("Такой ИИН или номер дела уже есть. Проверьте их")))
    flash(_("Изменения записаны") if changed else _("Изменений нет"), "ok")
    return back(told.student, group.code)


def _refused(public_id: str, group: Group, form: GroupForm, opened: dict[str, str], broken: RuleBroken) -> Any:
    db.session.rollback()
    form.refuse(broken)
    return _page(group, around_or_404(public_id), form, opened, 422)


def _conflict(
    group: Group, told: Around, form: GroupForm, opened: dict[str, str], kept: dict[str, str], missing: list[str]
) -> Any:  # fmt: skip
    was = {**kept, **(sent("base", form.merged) if missing else opened)}
    public_id = told.student.public_id
    return conflict_page(
        told.student, full_name(told.facts), compare(form, was, kept, missing, form.shown), was, kept, form.SECRET,
        title=group.title,
        save_url=url_for("particulars.save", public_id=public_id, code=group.code),
        back_url=url_for("particulars.index", public_id=public_id),
    )  # fmt: skip
