"""The list of students, and the workbook with exactly what the list shows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange.access.actor import Role, current_actor
from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.audit.actions import Note
from exchange.database import now
from exchange.extensions import db
from exchange.people import iin as iins
from exchange.people.models import Person, PersonFacts
from exchange.reference import classifiers
from exchange.spreadsheets.sheet import Column, Cover, Properties, Sheet, Workbook
from exchange.spreadsheets.writer import MIMETYPE, content_disposition, file_name, write
from exchange.students import queries
from exchange.students.models import Student, StudyPeriod
from exchange.students.queries import IIN, Wanted
from exchange.students.views import listing
from exchange.students.views.room import coded, full_name, group_name, moment_words, programme_name, room
from exchange.web.pages import BARNAUL, address, day
from exchange.web.transaction import log


class Words:
    """Names of codes for the rows of a list, each asked for once."""

    def __init__(self, organisations: Sequence[tuple[int, str, str]]) -> None:
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


class Line(NamedTuple):
    """A row of the list, in words."""

    public_id: str
    name: str
    latin: str
    record_book: str
    born: str
    programme: str
    level: str
    course: int | None
    region: str
    funding: str
    organisation: str
    status_code: str
    status: str
    updated: str


def _lines(rows: Iterable[Any], words: Words) -> list[Line]:
    return [
        Line(
            row.public_id, full_name(row), f"{row.surname_lat} {row.name_lat}".strip().title(), row.record_book_no,
            day(row.birth_date), words.programme[row.programme_code], words.level[row.level_code], row.course,
            words.region[row.region_code], words.funding[row.funding_code], words.organisation[row.organisation_id],
            row.status_code, words.status[row.status_code], moment_words(row.updated_at),
        )
        for row in rows
    ]  # fmt: skip


def _other_layout(asked: listing.Asked) -> tuple[Wanted, int, str]:
    """When nobody is found, what the other keyboard would have written is tried, and said."""
    wanted = asked.wanted
    total = listing.counts().of(wanted)
    if total or not wanted.q:
        return wanted, total, ""
    meant = queries.with_other_layout(wanted.q)
    other = replace(wanted, q=meant)
    found = listing.counts().of(other) if meant != wanted.q.lower() else 0
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
    elsewhere = listing.counts().of(replace(wanted, status="all")) if hidden else 0
    return render_template(
        "students/index.html",
        asked=asked,
        wanted=wanted,
        total=total,
        meant=meant,
        elsewhere=elsewhere,
        elsewhere_url=address(status="all", **dict.fromkeys(listing.PLACE)),
        unknown="unknown" in request.args,
        lines=_lines(part.rows, Words(asked.organisations)),
        filters=listing.filters(asked),
        tabs=listing.tabs(wanted),
        headings=listing.headings(wanted),
        page=listing.page_of(wanted, part, total),
        with_organisation=len(asked.organisations) > 1,
        export_url=_export_url(),
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


# What _rows takes out of a row, in its order: taken apart at once, a row costs half of what it does asked name by name.
EXPORTED = (
    PersonFacts.surname, PersonFacts.name, PersonFacts.patronymic, PersonFacts.surname_lat, PersonFacts.name_lat,
    Student.record_book_no, Person.iin, PersonFacts.birth_date, StudyPeriod.programme_code, StudyPeriod.level_code,
    StudyPeriod.form_code, StudyPeriod.course, StudyPeriod.group_name, PersonFacts.region_code, StudyPeriod.funding_code,
    StudyPeriod.status_code, Student.organisation_id, Student.updated_at,
)  # fmt: skip


def _rows(wanted: Wanted, words: Words, with_organisation: bool, is_open: bool) -> Iterator[list[Any]]:
    programmes = classifiers.programmes()
    for (
        surname, name, patronymic, surname_lat, name_lat, record_book, iin, born, programme_code, level, form, course, group,
        region, funding, status, organisation, updated,
    ) in queries.all_rows(db.session(), wanted, EXPORTED):  # fmt: skip
        programme = programmes.get(programme_code)
        yield [
            " ".join(filter(None, (surname, name, patronymic))),
            f"{surname_lat} {name_lat}".strip(),
            record_book,
            (iin if is_open else iins.mask(iin)) if iin else None,
            born,
            programme_code,
            programme.name if programme else "",
            words.level[level],
            words.form[form],
            course,
            group,
            words.region[region],
            words.funding[funding],
            words.status[status],
            *([words.organisation[organisation]] if with_organisation else ()),
            updated.astimezone(BARNAUL).replace(tzinfo=None),
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
