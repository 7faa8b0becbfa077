"""What several pages of this room ask first: the record of the address, the day, the enterprise that acts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, render_template
from flask_babel import gettext as _

from exchange.access.actor import current_actor
from exchange.errors import NotFound
from exchange.extensions import db
from exchange.internships import matching, queries, words
from exchange.internships.models import Internship
from exchange.organisations.models import Organisation
from exchange.web import pages


def today() -> dt.date:
    return pages.today()


def asked(public_id: str) -> Internship:
    """The record of the address, or 404."""
    return queries.internship(db.session(), pages.public_id_or_404(public_id))


def enterprise() -> Organisation:
    """The enterprise for which the actor works."""
    found = db.session.get(Organisation, current_actor().organisation_id or 0)
    if found is None:
        raise NotFound
    return found


def changed_meanwhile(one: Internship, version: int) -> str:
    """Who changed the record after it was opened, and when."""
    since = matching.changes_since(db.session(), one, version)
    if since.at is None:
        return str(_("Запись изменилась, пока вы работали. Проверьте её и повторите"))
    who, at = since.who, pages.moment(since.at)
    return str(_("Запись изменилась, пока вы работали: %(who)s, %(at)s. Проверьте её и повторите", who=who, at=at))


def reopen(form: Any, one: Internship) -> Any:
    """The form of somebody who was second: nothing typed is lost, it says who was first and can be sent again."""
    form.form_errors.append(changed_meanwhile(one, form.version.number))
    form.version.data = str(one.version)
    return form


def show(template: str, status: int = 200, **values: Any) -> tuple[str, int]:
    """A page of this room, with its words."""
    return render_template(f"internships/{template}", words=words, **values), status


def done(sentence: Any) -> None:
    """Says what happened on the next page."""
    flash(str(sentence), "ok")
