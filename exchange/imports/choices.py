"""What an organisation remembers of its uploads: written down when somebody decides."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.actor import author
from exchange.database import now
from exchange.imports.models import Import, ImportChoice
from exchange.imports.vocabulary_text import plain


def remember(session: Session, brought: Import, headings: Mapping[str, str], words: Mapping[tuple[str, str], str]) -> int:
    """Headings (text -> field) and words ((field, text) -> text to read instead) of an upload, for the next ones.

    Call it while other uploads of the organisation are held back. Returns how many are new or mean another thing.
    """
    wanted = {("", plain(text)): (text, choice) for text, choice in headings.items()}
    wanted |= {(name, plain(text)): (text, choice) for (name, text), choice in words.items()}
    known = {
        (one.field, one.text): one
        for one in session.scalars(
            sa.select(ImportChoice).where(
                ImportChoice.organisation_id == brought.organisation_id,
                ImportChoice.kind == brought.kind,
                ImportChoice.text.in_({text for _name, text in wanted}),
            )
        )
    }
    changed = 0
    for (name, text), (shown, choice) in wanted.items():
        one = known.get((name, text))
        if one is not None and one.choice == choice:
            continue
        changed += 1
        if one is None:
            one = ImportChoice(organisation_id=brought.organisation_id, kind=brought.kind, field=name, text=text)
            session.add(one)
        one.shown, one.choice, one.file_name = shown[:300], choice[:300], brought.file_name
        one.recorded_at, one.recorded_by = now(), author()
    session.flush()
    return changed
