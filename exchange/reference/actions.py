"""Bringing the shipped classifiers into the database: as often as wanted, with the same result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.reference import classifiers, models
from exchange.reference.calendar import working_days


def _named(items: Iterable[Any], **columns: str) -> list[dict[str, Any]]:
    """Lines of a classifier as rows of its table; `columns` maps a column to the attribute that fills it."""
    return [
        {
            "code": item.code,
            "name_ru": item.name_ru,
            "name_kk": getattr(item, "name_kk", ""),
            "name_en": getattr(item, "name_en", ""),
            "sort": number,
            **{column: getattr(item, attribute) or None for column, attribute in columns.items()},
        }
        for number, item in enumerate(items, 1)
    ]


def bring(session: Session, model: Any, rows: list[dict[str, Any]]) -> int:
    """Adds missing lines and renews changed ones; nothing is deleted, since facts may point to it. Returns how many."""
    columns = list(rows[0])
    key = sa.inspect(model).primary_key[0].key
    attributes = {
        c: sa.inspect(model).get_property_by_column(model.__table__.c[c]).key if c in model.__table__.c else c for c in columns
    }
    known: Mapping[Any, Any] = {
        row[columns.index(key)]: tuple(row)
        for row in session.execute(sa.select(*(getattr(model, attributes[c]) for c in columns)))
    }
    fresh = [row for row in rows if row[key] not in known]
    changed = [row for row in rows if row[key] in known and tuple(row[c] for c in columns) != known[row[key]]]
    if fresh:
        session.execute(sa.insert(model), fresh)
    if changed:
        session.execute(sa.update(model), changed)
    return len(fresh) + len(changed)


def load_classifiers(session: Session) -> int:
    """Loads every classifier; returns how many lines are new or changed."""
    shipped: list[tuple[Any, list[dict[str, Any]]]] = [
        (models.Region, _named(classifiers.regions().values())),
        (models.District, _named(classifiers.districts().values(), region_code="region_code")),
        (models.Level, _named(classifiers.levels().values())),
        (models.StudyForm, _named(classifiers.study_forms().values())),
        (models.Funding, _named(classifiers.fundings().values(), group="group")),
        (models.Status, [
            {**row, "in_contingent": status.in_contingent}
            for row, status in zip(_named(classifiers.statuses().values()), classifiers.statuses().values(), strict=True)
        ]),
        (models.OrderType, _named(classifiers.order_types().values())),
        (models.ExpulsionGround, _named(classifiers.expulsion_grounds().values())),
        (models.DocumentType, _named(classifiers.document_types().values())),
        (models.Programme, [
            {**row, "ugsn_code": row["ugsn_code"] or ""}
            for row in _named(classifiers.programmes().values(), level_code="level_code", ugsn_code="ugsn_code")
        ]),
        (models.WorkingDay, [{"day": day, "is_working": is_working} for day, is_working in working_days().items()]),
    ]  # fmt: skip
    return sum(bring(session, model, rows) for model, rows in shipped)
