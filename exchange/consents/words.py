"""Consents in words: where each kind stands today, and the entries behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from exchange.consents.models import Consent
from exchange.consents.papers import Kind, kinds
from exchange.consents.queries import Filed, held_on
from exchange.consents.rules import FORMS
from exchange.web.pages import moment


@dataclass
class Entry:
    """A line of the history of a consent."""

    id: int
    day: dt.date
    title: str
    note: str
    meta: str
    annulled: str = ""
    can_withdraw: bool = False


@dataclass
class State:
    """Where a kind of consent stands on a day, in words and with a badge."""

    kind: Kind
    words: str
    tone: str
    note: str = ""
    renew: bool = False
    entries: list[Entry] = field(default_factory=list)


def states_of(filed: Sequence[Filed], born: dt.date, day: dt.date) -> list[State]:
    """Every kind in its order, those never given too."""
    return [_state(kind, [item for item in filed if item.given.kind == kind.code], born, day) for kind in kinds().values()]


def _state(kind: Kind, filed: Sequence[Filed], born: dt.date, day: dt.date) -> State:
    entries = [entry for item in filed for entry in _entries(item)]
    held = held_on(filed, kind.code, day)
    if held is not None:
        state = State(kind, _("дано"), "ok", _given(held.given), entries=entries)
        if held.needs_own(born, day):
            state.renew, state.words, state.tone = True, _("нужно собственное согласие"), "warn sq"
        return state
    left = next((item.withdrawn for item in filed if item.withdrawn and item.annulled_by is None), None)
    if left is not None:
        return State(kind, _("отозвано"), "ring", _("с %(day)s", day=f"{left.day:%d.%m.%Y}"), entries=entries)
    return State(kind, _("не дано"), "ring", entries=entries)


def _given(given: Consent) -> str:
    who = _("законный представитель: %(name)s", name=given.giver) if given.given_by == "guardian" else _("студент")
    parts = [f"{given.day:%d.%m.%Y}", str(FORMS.get(given.form, given.form)), who]
    return ", ".join(part for part in parts if part)


def _recorded(entry: Consent) -> str:
    return ", ".join(part for part in (_("внесено %(when)s", when=moment(entry.recorded_at)), entry.recorded_by) if part)


def _annulled(entry: Consent | None) -> str:
    if entry is None:
        return ""
    return _("Запись ошибочна: %(reason)s. %(who)s", reason=entry.note.rstrip("."), who=_recorded(entry))


def _entries(item: Filed) -> list[Entry]:
    """A consent with its withdrawals, the newest first."""
    given = item.given
    told = [
        Entry(entry.id, entry.day, _("Согласие отозвано"), entry.note, _recorded(entry), _annulled(annulled))
        for entry, annulled in reversed(item.withdrawals)
    ]
    text = _("текст %(version)s", version=given.text_version)
    can_withdraw = item.annulled_by is None and item.withdrawn is None
    told.append(
        Entry(
            given.id, given.day, _("Согласие дано"), ", ".join(p for p in (_given(given), text, given.note) if p),
            _recorded(given), _annulled(item.annulled_by), can_withdraw,
        )
    )  # fmt: skip
    return told


def facts_of(entry: Entry, name: str, kind: Kind) -> list[tuple[Any, Any]]:
    """What the page that asks once more says of an entry."""
    return [(_("Студент"), name), (_("Согласие"), kind.name), (entry.title, f"{entry.day:%d.%m.%Y}")]
