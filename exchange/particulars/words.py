"""The tab in words: lines of each group, documents, guardians, former names and citizenships."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from exchange.particulars import codes
from exchange.particulars.fields import as_text
from exchange.particulars.groups import GROUPS, Group, owner_of
from exchange.particulars.queries import Around, Change
from exchange.people import documents as papers
from exchange.people import iin as iins
from exchange.people.models import Guardian, IdentityDocument
from exchange.students.fields import countries
from exchange.students.views.room import coded, full_name
from exchange.web.pages import moment


@dataclass(frozen=True)
class Line:
    """A line of a group; an empty value is shown as not said."""

    label: Any
    value: Any
    note: str = ""


@dataclass
class Part:
    """A group as the tab shows it."""

    group: Group
    lines: list[Line]
    may_edit: bool = False
    former: list[Former] = field(default_factory=list)


@dataclass(frozen=True)
class Former:
    """What was said before a day: «Ахметова до 12.05.2026, приказ 77-ст»; `url` leads to the order, or corrects the entry."""

    text: str
    note: str
    meta: str
    url: str = ""
    edit_url: str = ""


def parts_of(around: Around, changes: list[Change], *, is_open: bool, may_edit: bool, is_keeper: bool) -> list[Part]:
    """All groups in their order, without those that the visitor may not see (`changes` says nothing of them)."""
    found = []
    for group in GROUPS.values():
        part = Part(group, lines_of(group, around, is_open=is_open), may_edit and (is_keeper or not group.is_person))
        part.former = [former_of(c, around, may_edit=part.may_edit) for c in changes if PLACE[c.what] == group.code]
        found.append(part)
    return found


# Where the history of a fact stands.
PLACE = {"names": "names", "citizenship": "birth"}


def lines_of(group: Group, around: Around, *, is_open: bool) -> list[Line]:
    """Label and value of each field of a group."""
    if group.code == "names":
        return _names(around)
    form = group.form(around=around, formdata=None)
    found = []
    for name, column in form.COLUMNS.items():
        kept = around.facts if owner_of(column, around) is around.latest else owner_of(column, around)
        value = getattr(kept, column)
        note = ""
        if name in form.SECRET:
            value = value if is_open or not value else _masked(name, value)
            if name == "iin" and around.person.iin_needs_check:
                note = _("введён как в документе, проверьте")
        elif name in WORDS:
            value = WORDS[name](value)
        else:
            value = form.shown(name, as_text(value)) if value not in (None, "") else ""
        found.append(Line(form._fields[name].label.text, value, note))
    return found


def _masked(name: str, value: str) -> str:
    return iins.mask(value) if name == "iin" else papers.mask(value)


# Values that their own classifiers name; the lists of the forms would be drawn for each line otherwise.
WORDS: dict[str, Callable[[str | None], str]] = {
    "region": lambda code: coded("regions", code),
    "district": lambda code: coded("districts", code),
    "citizenship": lambda code: countries().get(code or "", code or ""),
    "prior_country": lambda code: countries().get(code or "", code or ""),
    "outcome_country": lambda code: countries().get(code or "", code or ""),
}


def _names(around: Around) -> list[Line]:
    facts = around.facts
    kazakh = " ".join(part for part in (facts.surname_kk, facts.name_kk, facts.patronymic_kk) if part)
    return [
        Line(_("Как в приказах"), full_name(facts)),
        Line(_("На казахском"), kazakh),
        Line(_("Латиницей, как в паспорте"), f"{facts.surname_lat} {facts.name_lat}".strip()),
    ]


def former_of(change: Change, around: Around, *, may_edit: bool) -> Former:
    """What held before a change, until when, and what says so."""
    until = f"{change.day:%d.%m.%Y}"
    what = _citizen(change.before) if change.what == "citizenship" else _former_names(change)
    note, url, edit_url = change.ground, "", ""
    if change.order is not None:
        note = _("приказ %(number)s", number=change.order.number)
        url = url_for("students.paper", paper_id=change.order.public_id)
    elif may_edit:
        edit_url = url_for(
            "particulars.change", public_id=around.student.public_id, what=change.what, day=change.day.isoformat()
        )
    recorded = ", ".join(
        part for part in (_("внесено %(when)s", when=moment(change.after.recorded_at)), change.after.recorded_by) if part
    )
    return Former(_("%(what)s до %(day)s", what=what, day=until), note, recorded, url, edit_url)


def _citizen(facts: Any) -> str:
    """One citizenship or two."""
    name = countries().get(facts.citizenship, facts.citizenship)
    return _("%(country)s и Россия", country=name) if facts.is_rf_citizen else name


def _former_names(change: Change) -> str:
    """Only the surname when only the surname was another one."""
    before, after = change.before, change.after
    if (before.name, before.patronymic) == (after.name, after.patronymic) and before.surname != after.surname:
        return before.surname
    if full_name(before) != full_name(after):
        return full_name(before)
    latin = f"{before.surname_lat} {before.name_lat}".strip()
    kazakh = " ".join(part for part in (before.surname_kk, before.name_kk, before.patronymic_kk) if part)
    return (latin if (before.surname_lat, before.name_lat) != (after.surname_lat, after.name_lat) else kazakh) or "—"


@dataclass(frozen=True)
class Paper:
    """An identity document in the list: number masked until somebody asks."""

    id: int
    title: str
    number: str
    note: str
    state: str = ""
    tone: str = ""


def paper_of(document: IdentityDocument, day: dt.date, *, is_open: bool) -> Paper:
    parts = [
        _("выдан %(day)s", day=f"{document.issued_on:%d.%m.%Y}") if document.issued_on else "",
        document.issued_by,
        _("действует до %(day)s", day=f"{document.valid_until:%d.%m.%Y}") if document.valid_until else _("срок не указан"),
    ]
    state, tone = "", ""
    if document.valid_until and document.valid_until < day:
        state, tone = _("просрочен"), "bad sq"
    elif document.is_presented:
        state, tone = _("предъявляет сейчас"), "ok"
    number = document.number if is_open else papers.mask(document.number)
    return Paper(
        document.id, coded("document_types", document.type_code), number, ", ".join(p for p in parts if p), state, tone
    )


def guardian_lines(guardian: Guardian, *, is_open: bool) -> list[Line]:
    relation = codes.RELATIONS.get(guardian.relation, guardian.relation)
    since = _("с %(day)s", day=f"{guardian.since:%d.%m.%Y}")
    until = _("по %(day)s", day=f"{guardian.until:%d.%m.%Y}") if guardian.until else ""
    document = guardian.document if is_open or not guardian.document else papers.mask(guardian.document)
    return [
        Line(relation, guardian.name, " ".join(part for part in (since, until) if part)),
        Line(_("Документ представителя"), document),
        Line(_("Телефон"), guardian.phone),
    ]
