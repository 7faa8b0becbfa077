"""The list of students as a workbook: exactly what the list shows, or what every list has."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

from flask import Response
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
from exchange.students.queries import Wanted
from exchange.students.views import listing
from exchange.students.views.columns import KINDS, Words
from exchange.students.views.lists import other_layout, unsaid
from exchange.students.views.room import full_name, room
from exchange.web.pages import BARNAUL
from exchange.web.transaction import log


def _columns(with_organisation: bool) -> list[Column]:
    """The columns of a workbook whose list names none."""
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


def _shown_columns(shown: tuple[str, ...]) -> list[Column]:
    """Who it is, and the columns that the list shows."""
    who = [
        Column("name", _("ФИО"), width=34), Column("latin", _("Латиницей"), width=26),
        Column("record_book", _("Номер дела"), width=16),
    ]  # fmt: skip
    return [*who, *(cell for key in shown for cell in KINDS[key].workbook())]


def _shown_rows(wanted: Wanted, words: Words, shown: tuple[str, ...], is_open: bool) -> Iterator[list[Any]]:
    values = [KINDS[key].values for key in shown]
    for row in queries.all_rows(db.session(), wanted, (*queries.COLUMNS, *queries.further(shown))):
        who = [full_name(row), f"{row.surname_lat} {row.name_lat}".strip(), row.record_book_no]
        yield [*who, *(cell for of in values for cell in of(row, words, is_open))]


@room.get("/export.xlsx")
@allow(Permission.STUDENT_EXPORT)
def export() -> Any:
    """The list as a workbook: the same filters, the same rows in the same order, the columns that the address names (none: the
    usual ones of a workbook); or only those who were ticked. Who took it and how many is recorded."""
    asked = listing.read()
    wanted, total, _meant = other_layout(asked)
    actor = current_actor()
    with_organisation = actor.role is not Role.UNIVERSITY or len(asked.organisations) > 1
    is_open = may("student:reveal")
    title, words = _("Студенты"), Words(asked.organisations)
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
                columns=_columns(with_organisation) if asked.is_usual else _shown_columns(asked.columns),
                rows=_rows(wanted, words, with_organisation, is_open)
                if asked.is_usual
                else _shown_rows(wanted, words, asked.columns, is_open),
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
    details = {
        "rows": written.rows, "sha256": written.sha256, "filters": unsaid(asked), "searched": bool(wanted.q),
        "iin_open": is_open, "on": wanted.on,
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
