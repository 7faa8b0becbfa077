"""One's own drafts: which form, when, continue, delete; and how long the session lasts, for the warning before its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask_babel import gettext as _

from exchange.access.doors import signed_in
from exchange.accounts.sign_in import inside
from exchange.drafts import actions, queries
from exchange.drafts.keeping import Mark, idle_seconds, link_to, mark_of, seal
from exchange.drafts.models import Draft
from exchange.drafts.sealing import Unreadable
from exchange.extensions import db
from exchange.web.pages import public_id_or_404

room = Blueprint("drafts", __name__, url_prefix="/me")


@dataclass(frozen=True)
class Line:
    """A draft in the list."""

    draft: Draft
    label: Any
    about: str
    url: str


def _about(draft: Draft, mark: Mark | None) -> str:
    """The words by which its owner knows it again."""
    try:
        values = seal().open(draft.sealed)
    except Unreadable:
        return _("не открывается: ключ реестра сменился")
    found = [text for name in (mark.named if mark else ()) for text in values.get(name, [])[:1]]
    return " ".join(text.strip()[:60] for text in found if text.strip())


@room.get("/drafts")
@signed_in
def index() -> str:
    """The drafts of this account; nobody else sees them."""
    lines = []
    for draft in queries.drafts_of(db.session()):
        mark = mark_of(draft.endpoint)
        lines.append(Line(draft, mark.label if mark else _("Форма, которой больше нет"), _about(draft, mark), link_to(draft)))
    return render_template("drafts/index.html", lines=lines, days=actions.KEPT.days)


@room.post("/drafts/<string:public_id>/delete")
@signed_in
def delete(public_id: str) -> Any:
    """«Удалить», or «Начать заново» on the page of the form."""
    draft = queries.draft_of(db.session(), public_id_or_404(public_id))
    actions.drop(db.session(), draft)
    target = request.form.get("next", "")
    if not target:
        flash(_("Черновик удалён"), "ok")
    return redirect(inside(target or "/me/drafts"), 303)


@room.get("/session")
@signed_in
def alive() -> Any:
    """«Продолжить» of the warning: that it was asked for keeps the session."""
    return jsonify(seconds=idle_seconds())
