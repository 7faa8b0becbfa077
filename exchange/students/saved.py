"""Saved views: lists of students that their owner calls by a name. Each account has its own."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.errors import NotFound, RuleBroken
from exchange.students.models import SavedView

MOST_VIEWS = 30
LONGEST_NAME = 40
LONGEST_QUERY = 1000


def views_of(session: Session) -> Sequence[SavedView]:
    """The actor's own, by name."""
    return session.scalars(sa.select(SavedView).order_by(SavedView.name, SavedView.id)).all()


def view_of(session: Session, public_id: str) -> SavedView:
    """Raises NotFound, for somebody else's too."""
    view = session.scalar(sa.select(SavedView).where(SavedView.public_id == public_id))
    if view is None:
        raise NotFound
    return view


def save_view(session: Session, name: str, query: str) -> SavedView:
    """Keeps a list under a name; raises RuleBroken when the name is taken, or there are too many."""
    known = views_of(session)
    name = _checked_name(name, known)
    if len(known) >= MOST_VIEWS:
        raise RuleBroken("name", _("Сохранено видов: %(most)s, больше нельзя. Удалите ненужный", most=MOST_VIEWS))
    view = SavedView(user_id=actor_of(session).user_id or 0, name=name, query=_checked_query(query))
    session.add(view)
    session.flush()
    audit.record(session, "view:saved", view)
    return view


def rename_view(session: Session, view: SavedView, name: str) -> None:
    """Gives it another name; raises RuleBroken."""
    view.name = _checked_name(name, [other for other in views_of(session) if other.id != view.id])
    session.flush()
    audit.record(session, "view:changed", view)


def overwrite_view(session: Session, view: SavedView, query: str) -> None:
    """Keeps another list under the same name."""
    view.query = _checked_query(query)
    session.flush()
    audit.record(session, "view:changed", view)


def delete_view(session: Session, view: SavedView) -> None:
    audit.record(session, "view:deleted", view)
    session.delete(view)
    session.flush()


def _checked_name(name: str, others: Sequence[SavedView]) -> str:
    name = " ".join(name.split())
    if not name:
        raise RuleBroken("name", _("Введите название вида, например «Первый курс, договор»"))
    if len(name) > LONGEST_NAME:
        raise RuleBroken("name", _("Название вида — не больше %(most)s знаков, сейчас %(now)s. Сократите его",
                                   most=LONGEST_NAME, now=len(name)))  # fmt: skip
    if name.casefold() in {other.name.casefold() for other in others}:
        raise RuleBroken("name", _("Вид «%(name)s» уже есть. Введите другое название или перезапишите его", name=name))
    return name


def _checked_query(query: str) -> str:
    if len(query) > LONGEST_QUERY:
        raise RuleBroken("name", _("У вида слишком много условий. Уберите часть фильтров"))
    return query
