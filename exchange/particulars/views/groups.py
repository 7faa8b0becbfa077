"""A page for each group. Two who change one group at once: the second is shown what the first changed, and loses nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.database import now
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.particulars.actions import lock, save_group
from exchange.particulars.fields import GroupForm
from exchange.particulars.groups import GROUPS, Group, kept_strings
from exchange.particulars.queries import Around
from exchange.particulars.views.room import around_or_404, back, heading, keeper_only, room
from exchange.people import documents as papers
from exchange.people import iin as iins
from exchange.students.views.room import moment_words, put_in

CODES = ",".join(GROUPS)


@dataclass
class Difference:
    """A field that both changed."""

    field: str
    label: Any
    was: str
    theirs: str
    mine: str
    error: Any = ""
    choice: str = ""


@dataclass
class Merged:
    """A field that one of the two changed."""

    label: Any
    value: str
    was: str | None = None


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


def _sent(name: str, form: GroupForm) -> dict[str, str]:
    """A dictionary of fields that the form carries with it."""
    try:
        found = json.loads(request.form.get(name, "") or "{}")
    except ValueError:
        return {}
    return {key: str(value) for key, value in found.items() if key in form.merged} if isinstance(found, dict) else {}


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
    told, group = around_or_404(public_id), GROUPS[code]
    if group.is_person:
        keeper_only(told)
    lock(db.session(), told.student)
    told = around_or_404(public_id)
    form = _form(group, told)
    kept, opened, do = kept_strings(form, told), _sent("opened", form), request.form.get("do", "save")
    missing = _resolve(form, opened) if do == "merge" else []
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


def _resolve(form: GroupForm, opened: dict[str, str]) -> list[str]:
    """Puts the chosen values into the form; names the fields for which nothing was chosen."""
    missing = []
    for name in request.form.get("both", "").split(","):
        if name not in form.merged:
            continue
        choice = request.form.get(f"choice-{name}", "")
        if choice == "theirs":
            form.open_with({name: opened.get(name, "")})
        elif choice != "mine":
            missing.append(name)
    return missing


def _conflict(
    group: Group, told: Around, form: GroupForm, opened: dict[str, str], kept: dict[str, str], missing: list[str]
) -> Any:  # fmt: skip
    """Three ways: as it was when the form was opened, as the other left it, as it is typed here."""
    mine = form.strings()
    was = {**kept, **(_sent("base", form) if missing else opened)}
    both: list[Difference] = []
    theirs_in: list[Merged] = []
    mine_in: list[Merged] = []
    merged: dict[str, str] = {}
    for name, now_kept in kept.items():
        label, base = form._fields[name].label.text, was[name]
        merged[name] = mine[name]
        if mine[name] == now_kept:
            continue
        if mine[name] == base:
            merged[name] = now_kept
            theirs_in.append(Merged(label, form.shown(name, now_kept)))
        elif now_kept == base:
            mine_in.append(Merged(label, form.shown(name, mine[name]), form.shown(name, base)))
        else:
            said = (form.shown(name, base), form.shown(name, now_kept), form.shown(name, mine[name]))
            both.append(Difference(name, label, *said, choice=request.form.get(f"choice-{name}", "")))
    for row in both:
        if row.field in missing:
            row.error = _("Выберите значение для поля «%(field)s»", field=row.label)
    hidden = [(name, value) for name, value in merged.items() if value]
    hidden += [(name, request.form[name]) for name in form.SECRET if request.form.get(name)]
    hidden += [(name, "1") for name in request.form if name.startswith("confirm_")]
    html = render_template(
        "particulars/conflict.html",
        **heading(told),
        group=group,
        who=told.student.updated_by or _("другой пользователь"),
        theirs_at=moment_words(told.student.updated_at),
        mine_at=moment_words(now()),
        both=both,
        theirs_in=theirs_in,
        mine_in=mine_in,
        hidden=hidden,
        opened=json.dumps(kept, ensure_ascii=False),
        base=json.dumps(was, ensure_ascii=False),
    )
    return html, 409
