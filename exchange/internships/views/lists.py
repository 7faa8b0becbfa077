"""The list of practice and internships: tabs by stage, filters, pages, and the workbook of exactly what is shown."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.access.actor import Role, current_actor
from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.audit.actions import Note
from exchange.database import now
from exchange.extensions import db
from exchange.internships import queries, words
from exchange.internships.forms import FilterForm
from exchange.internships.models import Internship
from exchange.internships.stages import KINDS, OUTCOMES
from exchange.internships.views import asked, room
from exchange.spreadsheets.sheet import Column, Cover, Properties, Sheet, Workbook
from exchange.spreadsheets.writer import MIMETYPE, content_disposition, file_name, write
from exchange.web.forms import choices
from exchange.web.pages import BARNAUL, address, day
from exchange.web.paging import first_of, pages_of
from exchange.web.transaction import log

TABS = (
    ("preparing", _l("Готовятся")),
    ("running", _l("Идут")),
    ("unmarked", _l("Ждут оценки")),
    ("done", _l("Завершены")),
    ("broken_off", _l("Прерваны и отменены")),
    ("all", _l("Все")),
)
SIZES = (25, 50, 100)


@dataclass(frozen=True)
class Asked:
    """What the address asks for, understood."""

    form: FilterForm
    filters: queries.Filters
    tab: str
    sort: str
    size: int
    is_understood: bool


def _asked() -> Asked:
    form = FilterForm(request.args, today=asked.today())
    hosts, senders = queries.choices_of_organisations(db.session())
    form.university.choices = choices(((code, name) for _id, code, name in senders), _("Любой"))
    form.enterprise.choices = choices(((code, name) for _id, code, name in hosts), _("Любое"))
    is_understood = form.validate()
    ids = {code: key for key, code, _name in [*hosts, *senders]}
    for field in (form.university, form.enterprise):
        if field.data and field.data not in ids:
            form.fail(field.name, _("Выберите из списка"))
            is_understood = False
    filters = queries.Filters(
        words="" if form.q.errors else form.q.data or "",
        kind="" if form.kind.errors else form.kind.data or "",
        university_id=ids.get(form.university.data or ""),
        enterprise_id=ids.get(form.enterprise.data or ""),
        since=form.since.day,
        until=form.until.day,
    )
    tab, sort, size = request.args.get("tab", "all"), request.args.get("sort", "-starts"), request.args.get("size", 0, int)
    return Asked(
        form=form,
        filters=filters,
        tab=tab if tab in dict(TABS) else "all",
        sort=sort if sort in queries.SORTS else "-starts",
        size=size if size in SIZES else SIZES[0],
        is_understood=is_understood,
    )


@room.get("")
@allow(Permission.INTERNSHIP_READ)
def index() -> Any:
    """The list."""
    wanted, session, today = _asked(), db.session(), asked.today()
    role = current_actor().role
    counts = queries.counts(session, wanted.filters, today)
    total = counts[wanted.tab]
    first = first_of(request.args.get("page", 1, int), total, wanted.size)
    rows = queries.page(session, wanted.filters, wanted.tab, today, wanted.sort, first, wanted.size)
    page = pages_of(rows, total, first, wanted.size)
    page.sizes = [(size, address(size=size if size != SIZES[0] else None, page=None), size == wanted.size) for size in SIZES]
    return asked.show(
        "index.html",
        200 if wanted.is_understood else 422,
        asked=wanted,
        page=page,
        tabs=[
            {"label": label, "url": address(tab=None if name == "all" else name, page=None), "current": name == wanted.tab,
             "count": counts[name]}
            for name, label in TABS
        ],
        chips=_chips(wanted),
        sorts={name: _sort(name, wanted.sort) for name in ("name", "starts", "ends")},
        hidden={name: request.args.get(name) for name in ("tab", "sort", "size")},
        with_enterprise=role is not Role.ENTERPRISE,
        with_university=role is not Role.UNIVERSITY,
        enterprise=asked.enterprise() if role is Role.ENTERPRISE else None,
        waiting=queries.waiting_count(session) if may("internship:agree") else 0,
        export_url=url_for("internships.export", **_plain_args()),
    )  # fmt: skip


def _plain_args() -> dict[str, Any]:
    return {name: value for name, value in request.args.items() if name not in ("page", "size") and value}


def _sort(name: str, now: str) -> tuple[str, str]:
    """The address that sorts by a column, and how it is sorted now."""
    if now == name:
        return address(sort=f"-{name}", page=None), "ascending"
    return address(sort=name, page=None), "descending" if now == f"-{name}" else ""


def _chips(wanted: Asked) -> list[dict[str, Any]]:
    form = wanted.form
    said = []
    for field in (form.q, form.kind, form.university, form.enterprise, form.since, form.until):
        if not field.data or field.errors:
            continue
        named = {str(choice.value): choice.label for choice in getattr(field, "choices", None) or []}
        value = named.get(field.data, field.data)
        said.append({"name": field.label.text, "value": value, "remove_url": address(**{field.name: None, "page": None})})
    return said


# --------------------------------------------------------------------------------------------------------------- workbook
def _columns(with_enterprise: bool) -> list[Column]:
    host = [Column("enterprise", _("Предприятие"))] if with_enterprise else []
    return [
        Column("name", _("ФИО")),
        Column("kind", _("Вид")),
        *host,
        Column("sender", _("Откуда направлен")),
        Column("department", _("Цех, отдел")),
        Column("mentor", _("Руководитель от предприятия")),
        Column("starts_on", _("Первый день"), "date"),
        Column("ends_on", _("Последний день"), "date"),
        Column("hours_planned", _("Часов по плану"), "int", total=True),
        Column("hours_done", _("Часов пройдено"), "int", total=True),
        Column("briefing_on", _("Инструктаж по охране труда"), "date"),
        Column("grade", _("Оценка"), "int"),
        Column("outcome", _("Принят на работу")),
        Column("stage", _("Состояние")),
        Column("agreement", _("Согласование вуза")),
    ]


def _cells(one: Internship, with_enterprise: bool) -> list[Any]:
    host = [one.enterprise.short_ru] if with_enterprise else []
    return [
        words.full_name(one),
        str(KINDS[one.kind]),
        *host,
        words.sender(one),
        one.department,
        one.mentor,
        one.starts_on,
        one.ends_on,
        one.hours_planned,
        one.hours_done,
        one.briefing_on,
        one.grade,
        str(OUTCOMES[one.outcome]) if one.outcome else None,
        str(words.stage_badge(one, asked.today())[1]),
        words.agreement_badge(one)[1],
    ]


@room.get("/export.xlsx")
@allow(Permission.INTERNSHIP_EXPORT)
def export() -> Any:
    """Exactly what the list shows under these filters, all its pages, as a workbook; written into the log."""
    wanted, today = _asked(), asked.today()
    if not wanted.is_understood:
        return index()
    session, actor = db.session(), current_actor()
    total = queries.counts(session, wanted.filters, today)[wanted.tab]
    with_enterprise = actor.role is not Role.ENTERPRISE

    def rows() -> Iterator[list[Any]]:
        for one in queries.everything(session, wanted.filters, wanted.tab, today, wanted.sort):
            yield _cells(one, with_enterprise)

    title = _("Практики и стажировки граждан Республики Казахстан")
    said = [(chip["name"], str(chip["value"])) for chip in _chips(wanted)]
    tab = str(dict(TABS)[wanted.tab])
    book = Workbook(
        cover=Cover(
            title=title,
            subtitle=actor.label,
            facts=[
                (_("На дату"), today),
                (_("Показаны"), tab),
                *said,
                (_("Строк"), total),
                (_("Сформировано"), now().astimezone(BARNAUL).replace(tzinfo=None)),
                (_("Кем"), f"{actor.name}, {actor.label}"),
                (_("Отметка"), _("Содержит персональные данные")),
            ],
        ),
        sheets=[
            Sheet(
                title=_("Список"),
                columns=_columns(with_enterprise),
                rows=rows(),
                count=total,
                heading=title,
                subtitle=f"{tab} · {day(today)}",
                name="Internships",
                freeze=1,
                totals=[None] * len(_columns(with_enterprise)),
            )
        ],
        properties=Properties(title=title, author=actor.name),
        footer=_("Содержит персональные данные"),
    )
    stream = io.BytesIO()
    written = write(book, stream)
    # words of a search may be a name or an IIN: the log keeps that there were some, not which
    filters = {field.name: field.data for field in wanted.form if field.data and field.name != "q"}
    details = {
        "tab": wanted.tab, "rows": written.rows, "sha256": written.sha256, "filters": filters,
        "searched": bool(wanted.filters.words),
    }  # fmt: skip
    log(Note("internship:downloaded", "internship", "", details))
    name = file_name([_("Практики-и-стажировки"), today])
    return Response(stream.getvalue(), mimetype=MIMETYPE, headers={"Content-Disposition": content_disposition(name)})
