"""Taking back a list of interns: records that it brought are cancelled, what it filled in is empty again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from exchange.audit.actions import Note, write
from exchange.database import now
from exchange.internships.entry import for_the_log
from exchange.internships.models import Internship
from exchange.internships.stages import Stage
from exchange.internships.vocabulary import WITHDRAWN


def withdraw(session: Session, brought: Sequence[Internship]) -> None:
    """Cancels records that nobody touched since a list brought them, at whatever stage the list put them."""
    notes = []
    for one in brought:
        changes = {"status": [one.status, Stage.CANCELLED], "status_reason": [one.status_reason, WITHDRAWN]}
        notes.append(_note(one, "internship:cancelled", changes))
        one.status, one.status_reason, one.updated_at = Stage.CANCELLED, WITHDRAWN, now()
    session.flush()
    write(session, notes)


def empty_again(session: Session, filled: Sequence[tuple[Internship, Mapping[str, Sequence[Any]]]]) -> None:
    """Gives the fields back what stood in them: column -> [before, after]; one that was changed since stays."""
    notes = []
    for one, was in filled:
        changes: dict[str, list[Any]] = {}
        for name, (before, after) in was.items():
            held = getattr(one, name)
            if (held.isoformat() if hasattr(held, "isoformat") else held) == after:
                changes[name] = [for_the_log(name, held), for_the_log(name, before)]
                setattr(one, name, before)
        if changes:
            notes.append(_note(one, "internship:edited", changes))
            one.updated_at = now()
    session.flush()
    write(session, notes)


def _note(one: Internship, action: str, changes: Mapping[str, Any]) -> Note:
    return Note(action, "internship", one.public_id, {"changes": dict(changes), "version": one.version})
