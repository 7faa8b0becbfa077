"""Questions about uploaded files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.errors import NotFound
from exchange.imports.decisions import Remembered
from exchange.imports.models import Import, ImportChoice, ImportRow
from exchange.organisations.models import Organisation

ROWS_A_PAGE = 50


def rows_to_apply(session: Session, brought: Import) -> Sequence[Any]:
    """Rows that would change something, in the order of the file: plain ones, since thousands of objects cost seconds."""
    return session.execute(
        sa.select(
            ImportRow.id, ImportRow.sheet, ImportRow.row_number, ImportRow.verdict, ImportRow.values, ImportRow.changes,
            ImportRow.subject_id,
        )
        .where(ImportRow.import_id == brought.id, ImportRow.verdict.in_(("new", "changed")))
        .order_by(ImportRow.id)
    ).all()  # fmt: skip


def rows_to_return(session: Session, brought: Import) -> Sequence[Any]:
    """All rows in the order of the file, with what was said of them and where they led."""
    return session.execute(
        sa.select(
            ImportRow.sheet, ImportRow.row_number, ImportRow.title, ImportRow.verdict, ImportRow.problems, ImportRow.changes,
            ImportRow.subject_id,
        )
        .where(ImportRow.import_id == brought.id)
        .order_by(ImportRow.id)
    ).all()  # fmt: skip


def by_public_id(session: Session, public_id: str) -> Import:
    """An upload of one's own organisation. Raises NotFound."""
    found = session.scalar(sa.select(Import).where(Import.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def remembered(session: Session, kind: str, organisation_ids: Iterable[int]) -> Remembered:
    """What was decided in earlier uploads of these organisations."""
    found = Remembered()
    asked = sa.select(ImportChoice.field, ImportChoice.text, ImportChoice.choice).where(
        ImportChoice.kind == kind, ImportChoice.organisation_id.in_(list(organisation_ids))
    )
    for name, text, choice in session.execute(asked):
        if name:
            found.words.setdefault(name, {})[text] = choice
        else:
            found.headings[text] = choice
    return found


def applied_before(session: Session, kind: str, organisation_id: int, sha256: str) -> Import | None:
    """The same file, when it was applied for this organisation."""
    return session.scalar(
        sa.select(Import)
        .where(
            Import.kind == kind, Import.organisation_id == organisation_id, Import.sha256 == sha256, Import.state == "applied"
        )
        .order_by(Import.id.desc())
        .limit(1)
    )


def recent(session: Session, page: int, size: int) -> tuple[Sequence[Any], int]:
    """Uploads, newest first, without their contents; and how many there are."""
    total = session.scalar(sa.select(sa.func.count()).select_from(Import)) or 0
    rows = session.execute(
        sa.select(
            Import.public_id, Import.file_name, Import.kind, Import.state, Import.counts, Import.created_at, Import.applied_at,
            Organisation.short_ru, Import.created_by,
        )
        .join(Organisation, Organisation.id == Import.organisation_id)
        .order_by(Import.id.desc())
        .offset((page - 1) * size)
        .limit(size)
    ).all()  # fmt: skip
    return rows, total


TABS: dict[str, tuple[Any, ...]] = {
    "errors": (ImportRow.verdict == "error",),
    "warnings": (ImportRow.has_warnings, ImportRow.verdict.not_in(("error", "skipped"))),
    "changed": (ImportRow.verdict == "changed",),
    "new": (ImportRow.verdict == "new",),
    "unchanged": (ImportRow.verdict == "unchanged",),
    "skipped": (ImportRow.verdict == "skipped",),
    "all": (),
}


def rows_of(session: Session, brought: Import, tab: str, first: int) -> Sequence[ImportRow]:
    """Rows of one tab, from the row `first` (counted from 0) on, a page of them."""
    wanted = (ImportRow.import_id == brought.id, *TABS[tab])
    return session.scalars(sa.select(ImportRow).where(*wanted).order_by(ImportRow.id).offset(first).limit(ROWS_A_PAGE)).all()


def rows_at(session: Session, brought: Import, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], ImportRow]:
    """The rows at these places (sheet, row of Excel)."""
    wanted = set(places)
    if not wanted:
        return {}
    found = session.scalars(
        sa.select(ImportRow).where(
            ImportRow.import_id == brought.id, ImportRow.row_number.in_({number for _sheet, number in wanted})
        )
    )
    return {(row.sheet, row.row_number): row for row in found if (row.sheet, row.row_number) in wanted}


def rows_with_problems(session: Session, brought: Import) -> Sequence[Any]:
    """Place and remarks of every row that has any and is not left out."""
    return session.execute(
        sa.select(ImportRow.sheet, ImportRow.row_number, ImportRow.problems)
        .where(ImportRow.import_id == brought.id, ImportRow.has_warnings | (ImportRow.verdict == "error"))
        .order_by(ImportRow.id)
    ).all()


def tab_counts(session: Session, brought: Import) -> dict[str, int]:
    """How many rows each tab has."""
    wanted = ImportRow.import_id == brought.id
    counted = [sa.func.count().filter(*TABS[tab]).label(tab) if TABS[tab] else sa.func.count().label(tab) for tab in TABS]
    return dict(session.execute(sa.select(*counted).select_from(ImportRow).where(wanted)).one()._mapping)
