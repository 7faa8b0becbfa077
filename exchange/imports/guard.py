"""The guard before a file that would change much: somebody has to type how many records it changes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.errors import RuleBroken
from exchange.imports.checking import Checked
from exchange.imports.decisions import Decisions
from exchange.imports.models import Import
from exchange.reference.terms import term
from exchange.students.contingent import enrolments_on
from exchange.students.models import StudyPeriod


def count_of(session: Session, brought: Import, checked: Checked) -> dict[str, Any]:
    """{"guard": {"changing": n, "of": total}} when the file changes more than the set share of the organisation's students."""
    changing = sum(row.verdict == "changed" for row in checked.rows)
    if brought.kind != "students" or changing < term("IMPORT_GUARD_LEAST", checked.as_of_on):
        return {}
    asked = enrolments_on(checked.as_of_on).where(StudyPeriod.organisation_id == brought.organisation_id)
    total = session.scalar(asked.with_only_columns(sa.func.count())) or 0
    if 100 * changing <= term("IMPORT_GUARD_SHARE", checked.as_of_on) * total:
        return {}
    return {"guard": {"changing": changing, "of": max(total, changing)}}


def expect_confirmed(brought: Import) -> None:
    """Raises RuleBroken unless somebody typed the number of changes of this very check."""
    found = brought.counts.get("guard")
    if found and Decisions.kept(brought.decisions).confirmed != found["changing"]:
        raise RuleBroken(
            "confirmed",
            _("Файл меняет записи многих студентов: %(count)s. Впишите это число, чтобы подтвердить", count=found["changing"]),
        )


def confirm(brought: Import, typed: str) -> None:
    """Keeps the number that was typed beside the button; what is no number confirms nothing."""
    text = "".join(typed.split())
    if text.isdecimal() and len(text) < 8:
        brought.decisions = {**brought.decisions, "confirmed": int(text)}
