"""An extract of the log as a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from flask_babel import gettext as _

from exchange.access.actor import Actor
from exchange.audit import words
from exchange.audit.models import AuditEntry
from exchange.spreadsheets.sheet import Column, Cover, Sheet, Workbook
from exchange.web.pages import BARNAUL


def workbook_of(rows: Sequence[AuditEntry], head: tuple[int, str], asked: Mapping[str, str], actor: Actor) -> Workbook:
    """A cover with the head of the chain, and the entries as a table."""
    number, last = head
    columns = (
        Column("id", _("№"), "int", width=9),
        Column("at", _("Время (Барнаул)"), "datetime"),
        Column("who", _("Кто")),
        Column("role", _("Роль")),
        Column("address", _("Откуда")),
        Column("action", _("Действие"), width=34),
        Column("kind", _("Запись")),
        Column("key", _("Номер записи")),
        Column("changes", _("Было → стало"), width=60),
        Column("others", _("Подробности"), width=44),
        Column("hash", _("Контрольная сумма"), width=20),
    )
    facts: list[tuple[str, str | int | float | dt.date | dt.datetime | None]] = [
        (_("Сформировано"), _local(dt.datetime.now(dt.UTC))),
        (_("Кем"), actor.name),
        (_("Записей в файле"), len(rows)),
        (_("Последняя запись журнала"), number),
        (_("Её контрольная сумма (SHA-256)"), last),
        (_("Отбор"), words.value(dict(asked)) if asked else _("все записи")),
    ]
    sheet = Sheet(
        title=_("Журнал"), columns=columns, rows=_rows(rows), count=len(rows), heading=_("Журнал действий"),
        subtitle=_("Новые записи сверху"), name="audit_log", freeze=2,
    )  # fmt: skip
    return Workbook(sheets=[sheet], cover=Cover(title=_("Выписка из журнала действий"), facts=facts))


def _local(moment: dt.datetime) -> dt.datetime:
    """Barnaul time without a zone: Excel knows none."""
    return moment.astimezone(BARNAUL).replace(tzinfo=None, microsecond=0)


def _rows(entries: Sequence[AuditEntry]) -> Iterator[tuple[object, ...]]:
    for entry in entries:
        changed = "; ".join(f"{field}: {before} → {after}" for field, before, after in words.changes(entry.details))
        yield (
            entry.id, _local(entry.at), entry.user_name, str(words.role(entry.role)),
            entry.address, words.action(entry.action), str(words.RESOURCES.get(entry.subject_type, entry.subject_type)),
            entry.subject_id, changed, "; ".join(f"{name}: {text}" for name, text in words.others(entry.details)), entry.hash,
        )  # fmt: skip
