"""What the pages of uploads share: who brings what, for whom, and the upload that an address names."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, request
from flask_babel import lazy_gettext as _l

from exchange.access.actor import Role, current_actor
from exchange.access.doors import may
from exchange.access.permissions import Permission
from exchange.extensions import db
from exchange.imports import queries
from exchange.imports.models import Import
from exchange.organisations.models import Organisation
from exchange.web.pages import public_id_or_404

room = Blueprint("imports", __name__, url_prefix="/imports")
UPLOAD = (Permission.IMPORT_STUDENTS, Permission.IMPORT_INTERNS)
STATES = {
    "received": _l("Принята, проверяется"),
    "refused": _l("Не прочитана"),
    "checked": _l("Проверена, не загружена"),
    "applied": _l("Загружена"),
    "cancelled": _l("Отменена"),
    "undone": _l("Загружена и отменена"),
}
KIND_WORDS = {"students": _l("Студенты"), "interns": _l("Практиканты и стажёры")}


BRINGS = {"students": Permission.IMPORT_STUDENTS, "interns": Permission.IMPORT_INTERNS}


def kinds_of_upload() -> list[str]:
    """What the visitor may bring: a university its students and the interns of an enterprise, an enterprise its interns."""
    return [kind for kind, permission in BRINGS.items() if may(permission)]


def for_a_host(kind: str) -> bool:
    """Whether the visitor brings such a list for somebody else: interns are an enterprise's."""
    return kind == "interns" and current_actor().role is Role.UNIVERSITY


def own_organisations() -> list[Organisation]:
    ids = current_actor().organisation_ids
    found = db.session.scalars(sa.select(Organisation).where(Organisation.id.in_(ids), Organisation.is_active)).all()
    return sorted(found, key=lambda o: (o.parent_id is not None, o.short_ru))


def page_number() -> int:
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1


def brought_or_404(public_id: str) -> Import:
    return queries.by_public_id(db.session(), public_id_or_404(public_id))


def opens_cards(brought: Import) -> bool:
    """Whether who looks may open the cards that the rows lead to."""
    return may(Permission.STUDENT_READ if brought.kind == "students" else Permission.INTERNSHIP_READ)


def may_apply(brought: Import) -> bool:
    return brought.state == "checked" and current_actor().role in (Role.UNIVERSITY, Role.ENTERPRISE)
