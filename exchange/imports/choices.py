"""What an organisation remembers of its uploads: written down when somebody decides, looked at, forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.actor import author
from exchange.audit import actions as audit
from exchange.database import now
from exchange.errors import NotFound
from exchange.imports.decisions import NOT_LOADED
from exchange.imports.models import Import, ImportChoice
from exchange.imports.vocabulary_text import plain
from exchange.organisations.models import Organisation


def remember(session: Session, brought: Import, headings: Mapping[str, str], words: Mapping[tuple[str, str], str]) -> int:
    """Headings (text -> field) and words ((field, text) -> text to read instead) of an upload, for the next ones.

    Call it while other uploads of the organisation are held back (`one_at_a_time`). Returns how many are new
    or mean another thing now.
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


def remembered_page(session: Session, first: int, size: int) -> Sequence[Any]:
    """One's own organisations' choices, headings first; with the name of the organisation."""
    return session.execute(
        sa.select(ImportChoice, Organisation.short_ru)
        .join(Organisation, Organisation.id == ImportChoice.organisation_id)
        .order_by(Organisation.short_ru, ImportChoice.kind, ImportChoice.field, ImportChoice.text)
        .offset(first)
        .limit(size)
    ).all()


def count(session: Session) -> int:
    """How many choices one's own organisations remember."""
    return session.scalar(sa.select(sa.func.count()).select_from(ImportChoice)) or 0


def forget(session: Session, public_id: str) -> ImportChoice:
    """The next upload is read as if nobody had decided this. Raises NotFound."""
    one = session.scalar(sa.select(ImportChoice).where(ImportChoice.public_id == public_id))
    if one is None:
        raise NotFound
    session.delete(one)
    session.flush()
    audit.record(session, "import:forgotten", one, kind=one.kind, choices=[told(one.field, one.shown, one.choice)])
    return one


def forget_all(session: Session) -> int:
    """Everything that one's own organisations remember; how many choices it was. Each is named in the log."""
    found = session.scalars(sa.select(ImportChoice).order_by(ImportChoice.id)).all()
    gone: dict[tuple[int, str], list[ImportChoice]] = {}
    for one in found:
        gone.setdefault((one.organisation_id, one.kind), []).append(one)
        session.delete(one)
    session.flush()
    for (_organisation, kind), several in gone.items():
        said = [told(one.field, one.shown, one.choice) for one in several]
        audit.record(session, "import:forgotten", several[0], kind=kind, choices=said)
    return len(found)


def told(name: str, text: str, choice: str) -> str:
    """One choice in a line of the log: «form: очка → очная», «Род. дата → born», «Цвет → —»."""
    return f"{name}: {text} → {choice or '—'}" if name else f"{text} → {choice if choice != NOT_LOADED else '—'}"
