"""What tests of applying ask: bring content in as an organisation, and what the register holds."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.imports import actions, guard
from exchange.imports.checking import Checked
from exchange.imports.models import Import
from exchange.internships.models import Internship
from exchange.organisations.models import Organisation
from exchange.people.models import IdentityDocument, Person, PersonFacts
from exchange.spreadsheets.book import Book
from exchange.students.models import Order, OrderLine, Student, StudyPeriod
from tests.imports.rosters import TODAY

REGISTER = (Person, PersonFacts, IdentityDocument, Student, Order, OrderLine, StudyPeriod, Internship)


def office(session: Session, code: str) -> Organisation:
    return session.scalars(sa.select(Organisation).where(Organisation.code == code)).one()


def bring(
    session: Session, content: bytes | Book, code: str = "ASU", kind: str = "students", name: str = "roster.xlsx",
    today: dt.date = TODAY,
) -> tuple[Import, Checked]:  # fmt: skip
    """Checks a file for an organisation; nothing of it is in the register yet."""
    book = content if isinstance(content, Book) else actions.read(content)
    return actions.check_file(session, kind, office(session, code), book, name, b"", today)


def load(session: Session, content: bytes | Book, code: str = "ASU", kind: str = "students", **more: Any) -> dict[str, int]:
    """Brings a file in and applies all of it."""
    brought, _ = bring(session, content, code, kind, **more)
    return apply(session, brought, more.get("today", TODAY))


def apply(session: Session, brought: Import, today: dt.date = TODAY) -> dict[str, int]:
    """Applies all of a checked file; types the number of changes where the guard asks for it."""
    if asked := brought.counts.get("guard"):
        guard.confirm(brought, str(asked["changing"]))
    return actions.apply_import(session, brought, good_rows_only=False, today=today)


def counts(session: Session) -> dict[str, int]:
    return {model.__tablename__: session.scalar(sa.select(sa.func.count()).select_from(model)) or 0 for model in REGISTER}


def fingerprint(session: Session) -> str:
    """A digest of every value of every row of the register."""
    digest = hashlib.sha256()
    for model in REGISTER:
        columns = list(model.__table__.columns)
        for row in session.execute(sa.select(*(getattr(model, c.key) for c in columns)).order_by(model.id)):
            digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()
