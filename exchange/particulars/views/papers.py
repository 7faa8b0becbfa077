"""Identity documents: another one, further particulars of one, which is shown now. Nothing is deleted."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.particulars.actions import Taken, lock, save_document
from exchange.particulars.paper_forms import DocumentForm
from exchange.particulars.queries import Around, document_of
from exchange.particulars.views.room import around_or_404, back, changed_meanwhile, heading, keeper_only, room
from exchange.people import documents as papers
from exchange.people.models import IdentityDocument
from exchange.web.submission import once


def _state(document: IdentityDocument | None) -> str:
    """What a form was opened with, so that a change in between is noticed."""
    if document is None:
        return ""
    names = ("type_code", "number", "issued_by", "issued_on", "valid_until", "is_presented")
    return hashlib.sha256("\n".join(str(getattr(document, name)) for name in names).encode()).hexdigest()[:24]


def _page(
    told: Around, form: DocumentForm, known: IdentityDocument | None, status: int = 200, notice: str = "", url: str = ""
) -> Any:  # fmt: skip
    html = render_template(
        "particulars/document.html",
        **heading(told),
        form=form,
        document_id=known.id if known else None,
        number=papers.mask(known.number) if known else "",
        opened=_state(known),
        notice_text=notice,
        other_url=url,
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
    told = around_or_404(public_id)
    keeper_only(told)
    return _save(told, DocumentForm(around=told), None)


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
    told = around_or_404(public_id)
    lock(db.session(), told.student)
    known = _known(told, document_id)
    form = DocumentForm(around=told, known=known)
    if request.form.get("opened", "") != _state(known):
        form.validate()
        return _page(told, form, known, 409, changed_meanwhile(told.student))
    return _save(told, form, known)


def _save(told: Around, form: DocumentForm, known: IdentityDocument | None) -> Any:
    if not form.validate():
        return _page(told, form, known, 422)
    try:
        save_document(db.session(), told, form.said(), known)
    except Taken as broken:
        form.refuse(broken)
        url = url_for("students.show", public_id=broken.public_id) if broken.public_id else ""
        return _page(told, form, known, 422, url=url)
    except RuleBroken as broken:
        form.refuse(broken)
        return _page(told, form, known, 422)
    flash(_("Документ записан"), "ok")
    return back(told.student, "documents")
