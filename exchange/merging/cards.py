"""What the list of doubles draws: pairs with what speaks for them, and what was joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from exchange.extensions import db
from exchange.merging import actions, pairs, queries, splitting, words
from exchange.merging.queries import Told
from exchange.organisations.models import Organisation
from exchange.students.views.room import moment_words
from exchange.web.pages import today


@dataclass
class Card:
    """A pair in the list. Of a record of another university only the office is told."""

    first: Told | None
    second: Told | None
    why: list[str]
    office: str
    contact: str
    compare_url: str
    keys: tuple[str, str]
    said: str = ""


def cards_of(found: list[pairs.Pair], *, with_aside: bool) -> list[Card]:
    session = db.session()
    own = {key for pair in found for key in pair.own}
    told = queries.told_of(session, own)
    others = {office for pair in found for office in (pair.first_office, pair.second_office)}
    offices = {one.id: one for one in session.scalars(sa.select(Organisation).where(Organisation.id.in_(others)))}
    said = queries.aparts(session, own) if with_aside else {}
    keys = dict(actions.public_ids(session, [key for pair in found for key in (pair.first, pair.second)]))
    cards = []
    for pair in found:
        first, second = (told.get(key) if key in pair.own else None for key in (pair.first, pair.second))
        elsewhere = offices[pair.second_office if first else pair.first_office] if not (first and second) else None
        apart = said.get((pair.first, pair.second))
        ids = (keys[pair.first], keys[pair.second])
        cards.append(
            Card(
                first, second, words.reasons(pair, first, second),
                elsewhere.short_ru if elsewhere else "", elsewhere.contact if elsewhere else "",
                "" if elsewhere else url_for("merging.compare", first_id=ids[0], second_id=ids[1]), ids,
                _("%(who)s, %(when)s", who=apart.said_by or "—", when=moment_words(apart.said_at)) if apart else "",
            )
        )  # fmt: skip
    return cards


def merges_from(first: int, size: int) -> list[dict[str, Any]]:
    session = db.session()
    found = queries.merges(session, first, size)
    told = queries.told_of(session, [key for merge in found for key in (merge.kept_id, merge.gone_id)])
    return [
        {
            "url": url_for("merging.show", public_id=merge.public_id),
            "title": words.title(told[merge.kept_id]) if merge.kept_id in told else "—",
            "numbers": words.numbers(told[merge.kept_id]) if merge.kept_id in told else "",
            "by": merge.merged_by, "at": moment_words(merge.merged_at),
            "is_split": merge.split_at is not None, "split_by": merge.split_by,
            "split_at": moment_words(merge.split_at) if merge.split_at else "",
            "until": splitting.last_day(merge), "is_open": merge.split_at is None and today() <= splitting.last_day(merge),
        }
        for merge in found
    ]  # fmt: skip
