"""The list of students, and the workbook with exactly what the list shows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange.access.actor import Role, current_actor
from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.audit.actions import Note
from exchange.database import now
from exchange.extensions import db
from exchange.people import iin as iins
from exchange.reference import classifiers
from exchange.spreadsheets.sheet import Column, Cover, Properties, Sheet, Workbook
from exchange.spreadsheets.writer import MIMETYPE, content_disposition, file_name, write
from exchange.students import queries
from exchange.students.queries import IIN, Wanted
from exchange.students.views import listing
from exchange.students.views.room import coded, group_name, moment_words, programme_name, room
from exchange.web.pages import BARNAUL, address
from exchange.web.transaction import log


class Words:
    """Names of codes for the rows of a list, each asked for once."""

    def __init__(self, organisations: list[tuple[int, str, str]]) -> None:
        self.organisation = {key: name for key, _code, name in organisations}
        self.programme = Memory(programme_name)
        self.level = Memory(lambda code: coded("levels", code, short=True))
        self.form = Memory(lambda code: coded("study_forms", code))
        self.region = Memory(lambda code: coded("regions", code, short=True))
        self.status = Memory(lambda code: coded("statuses", code, short=True))
        fundings = classifiers.fundings()
        self.funding = Memory(lambda code: group_name(fundings[code].group) if code in fundings else code)


class Memory(dict[Any, str]):
    """A dictionary that asks for what it lacks."""

    def __init__(self, ask: Any) -> None:
        super().__init__()
        self.ask = ask

    def __missing__(self, key: Any) -> str:
        self[key] = found = str(self.ask(key)) if key else ""
        return found


def _named(row: Any) -> str:
    return " ".join(part for part in (row.surname, row.name, row.patronymic) if part)


def _other_layout(asked: listing.Asked) -> tuple[Wanted, int, str]:
    """When nobody is found, what the other keyboard would have written is tried, and said."""
    wanted = asked.wanted
    total = queries.count(db.session(), wanted)
    if total or not wanted.q:
        return wanted, total, ""
    meant = queries.with_other_layout(wanted.q)
    other = replace(wanted, q=meant)
    found = queries.count(db.session(), other) if meant != wanted.q.lower() else 0
    return (other, found, meant) if found else (wanted, 0, "")


@room.get("")
@allow(Permission.STUDENT_READ)
def index() -> Any:
    """Students by filters. Twelve digits are looked up as an IIN and lead straight to the card; they stay in no address."""
    typed = "".join(request.args.get("q", "").split())
    if IIN.fullmatch(typed):
        found = queries.student_with_iin(db.session(), typed)
        if found is not None:
            return redirect(url_for("students.show", public_id=found), 303)
        return redirect(url_for("students.index", unknown="1"), 303)
    asked = listing.read()
    wanted, total, meant = _other_layout(asked)
    part = listing.slice_of(wanted, total)
    hidden = wanted.status == "contingent" and total == 0 and bool(wanted.q)
    elsewhere = queries.count(db.session(), replace(wanted, status="all")) if hidden else 0
    return render_template(
        "students/index.html",
        asked=asked,
        wanted=wanted,
        total=total,
        meant=meant,
        elsewhere=elsewhere,
        elsewhere_url=address(status="all", **dict.fromkeys(listing.PLACE)),
        unknown="unknown" in request.args,
        words=Words(asked.organisations),
        named=_named,
        moment_words=moment_words,
        form=asked.form,
        tabs=listing.tabs(wanted),
        headings=listing.headings(wanted),
        page=listing.page_of(wanted, part, total),
        with_organisation=len(asked.organisations) > 1,
        export_url=_export_url(),
        folded=sum(bool(asked.args.get(name)) for name in ("org", "status", "level", "form", "funding", "intake", "on")),
    )


def _export_url() -> str:
    query = address(**dict.fromkeys((*listing.PLACE, "size"))).partition("?")[2]
    return url_for("students.export") + (f"?{query}" if query else "")


def _columns(with_organisation: bool) -> list[Column]:
    columns = [
        Column("name", _("ФИО"), width=34),
        Column("latin", _("Латиницей"), width=26),
        Column("record_book", _("Номер дела"), width=16),
        Column("iin", _("ИИН"), width=16, digit_text=True),
        Column("born", _("Дата рождения"), "date"),
        Column("programme_code", _("Код направления"), width=12),
        Column("programme", _("Направление"), width=40),
        Column("level", _("Уровень"), width=16),
        Column("form", _("Форма обучения"), width=16),
        Column("course", _("Курс"), "int", width=8),
        Column("group", _("Группа"), width=12),
        Column("region", _("Регион"), width=20),
        Column("funding", _("Оплата"), width=12),
        Column("status", _("Статус"), width=20),
    ]
    if with_organisation:
        columns.append(Column("organisation", _("Вуз"), width=20))
    return [*columns, Column("updated", _("Изменено"), "datetime", width=18)]


def _rows(wanted: Wanted, words: Words, with_organisation: bool, is_open: bool) -> Iterator[list[Any]]:
    known = classifiers.programmes()
    for row in queries.all_rows(db.session(), wanted):
        programme = known.get(row.programme_code)
        yield [
            _named(row),
            f"{row.surname_lat} {row.name_lat}".strip(),
            row.record_book_no,
            (row.iin if is_open else iins.mask(row.iin)) if row.iin else None,
            row.birth_date,
            row.programme_code,
            programme.name if programme else "",
            words.level[row.level_code],
            words.form[row.form_code],
            row.course,
            row.group_name,
            words.region[row.region_code],
            words.funding[row.funding_code],
            words.status[row.status_code],
            *([words.organisation.get(row.organisation_id, "")] if with_organisation else []),
            row.updated_at.astimezone(BARNAUL).replace(tzinfo=None),
        ]


@room.get("/export.xlsx")
@allow(Permission.STUDENT_EXPORT)
def export() -> Any:
    """The list as a workbook: the same filters, the same rows in the same order. Who took it and how many is recorded."""
    asked = listing.read()
    wanted, total, _meant = _other_layout(asked)
    actor = current_actor()
    with_organisation = actor.role is not Role.UNIVERSITY or len(asked.organisations) > 1
    is_open = may("student:reveal")
    title = _("Студенты")
    book = Workbook(
        cover=Cover(
            title=title,
            subtitle=actor.label,
            facts=[
                (_("На дату"), wanted.on),
                *((str(chip.name), str(chip.value)) for chip in asked.chips),
                (_("Строк"), total),
                (_("Сформировано"), now().astimezone(BARNAUL).replace(tzinfo=None)),
                (_("Кем"), f"{actor.name}, {actor.label}"),
                (_("Отметка"), _("Содержит персональные данные")),
            ],
        ),
        sheets=[
            Sheet(
                title=_("Список"),
                columns=_columns(with_organisation),
                rows=_rows(wanted, Words(asked.organisations), with_organisation, is_open),
                count=total,
                heading=title,
                subtitle=" · ".join(f"{chip.name}: {chip.value}" for chip in asked.chips),
                name="Students",
                freeze=1,
            )
        ],
        properties=Properties(title=title, author=actor.name),
        footer=_("Содержит персональные данные"),
    )
    file = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the answer)
    written = write(book, file)
    file.seek(0)
    # the words of a search may be a name: the log keeps that there were some, not which
    filters = {name: value for name, value in asked.args.items() if name != "q"}
    details = {
        "rows": written.rows, "sha256": written.sha256, "filters": filters, "searched": bool(wanted.q), "iin_open": is_open,
        "on": wanted.on,
    }  # fmt: skip
    log(Note("student:downloaded", "student", "", details))
    headers = {
        "Content-Disposition": content_disposition(file_name([_("Студенты"), wanted.on])), "Content-Length": str(written.bytes),
    }  # fmt: skip
    return Response(_sent(file), mimetype=MIMETYPE, headers=headers)


def _sent(file: Any) -> Iterator[bytes]:
    """The file in pieces; it is gone when the last one was sent."""
    with file:
        while piece := file.read(1 << 16):
            yield piece
