"""Identity documents: another one, further particulars of one, which is shown now. Nothing is deleted."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import abort, render_template, url_for
from flask_babel import gettext as _

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.particulars.actions import Taken, save_document
from exchange.particulars.paper_forms import DocumentForm
from exchange.particulars.queries import Around, document_of
from exchange.particulars.views.room import around_or_404, heading, keeper_only, locked_or_404, put_down, room, state_of
from exchange.people import documents as papers
from exchange.people.models import IdentityDocument
from exchange.web.submission import once

# What somebody else may have changed meanwhile.
DOCUMENT = ("type_code", "number", "issued_by", "issued_on", "valid_until", "is_presented")


def _page(
    told: Around, form: DocumentForm, known: IdentityDocument | None, status: int = 200, broken: RuleBroken | None = None,
    notice: str = "",
) -> Any:  # fmt: skip
    card = broken.public_id if isinstance(broken, Taken) else ""
    html = render_template(
        "particulars/document.html",
        **heading(told),
        form=form,
        document_id=known.id if known else None,
        number=papers.mask(known.number) if known else "",
        opened=state_of(known, DOCUMENT),
        notice_text=notice,
        other_url=url_for("students.show", public_id=card) if card else "",
    )
    return html if status == 200 else (html, status)


def _known(told: Around, document_id: int) -> IdentityDocument:
    keeper_only(told)
    document = document_of(db.session(), told.person, document_id)
    if document is None:
        abort(404)
    return document


@room.get("/documents/new")
@allow(Permission.STUDENT_EDIT)
def document_new(public_id: str) -> Any:
    """An empty form."""
    told = around_or_404(public_id)
    keeper_only(told)
    return _page(told, DocumentForm(around=told), None)


@room.post("/documents/new")
@allow(Permission.STUDENT_EDIT)
@once
def document_add(public_id: str) -> Any:
    """Adds the document, or shows the form again with what was typed."""
    told = locked_or_404(public_id)
    keeper_only(told)
    return _save(told, None)


@room.get("/documents/<int(max=2147483647):document_id>")
@allow(Permission.STUDENT_EDIT)
def document(public_id: str, document_id: int) -> Any:
    """A document as it is kept; its number stays masked."""
    told = around_or_404(public_id)
    known = _known(told, document_id)
    form = DocumentForm(around=told, known=known)
    form.begin(known)
    return _page(told, form, known)


@room.post("/documents/<int(max=2147483647):document_id>")
@allow(Permission.STUDENT_EDIT)
@once
def document_save(public_id: str, document_id: int) -> Any:
    """Completes or corrects it."""
    told = locked_or_404(public_id)
    return _save(told, _known(told, document_id))


def _save(told: Around, known: IdentityDocument | None) -> Any:
    form = DocumentForm(around=told, known=known)
    return put_down(
        told, form, state_of(known, DOCUMENT), lambda: save_document(db.session(), told, form.said(), known),
        partial(_page, told, form, known), _("Документ записан"), "documents",
    )  # fmt: skip
