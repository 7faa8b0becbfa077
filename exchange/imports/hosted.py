"""A list of interns that a university brings for an enterprise without an account: its own students, and nobody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.errors import RuleBroken
from exchange.imports.checking import CheckedRow, OtherList
from exchange.imports.intern_kind import InternKind, met_by
from exchange.imports.kit.stamp import Stamp
from exchange.imports.models import Import
from exchange.internships import own_students
from exchange.internships.actions import Brought, Logged, log_internships
from exchange.internships.entry import Entry
from exchange.internships.models import Internship
from exchange.internships.own_students import Own
from exchange.internships.stages import Kind as Sort
from exchange.organisations.models import Kind, Organisation


def hosts(session: Session) -> list[tuple[str, str]]:
    """Enterprises for which a list can be brought: code and short name."""
    asked = sa.select(Organisation.code, Organisation.short_ru).where(_is_host())
    return sorted(((code, name) for code, name in session.execute(asked)), key=lambda one: one[1].casefold())


def host(session: Session, code: str) -> Organisation | None:
    """The enterprise with this code, while it takes part."""
    return session.scalar(sa.select(Organisation).where(Organisation.code == code, _is_host()))


def _is_host() -> sa.ColumnElement[bool]:
    return sa.and_(Organisation.kind == Kind.ENTERPRISE, Organisation.is_active)


def named_host(session: Session, stamp: Stamp | None) -> Organisation | None:
    """The enterprise for which a kit was made; None for a file that names nobody. Raises OtherList."""
    if stamp is None or not stamp.organisation:
        return None
    found = host(session, stamp.organisation)
    if found is None:
        name = stamp.name or stamp.organisation
        raise OtherList(_("Комплект скачан для «%(name)s», а такого предприятия в реестре нет или оно закрыто", name=name))
    return found


def settle(session: Session, brought: Import, stamp: Stamp | None) -> Organisation | None:
    """For whom a checked list is: the stamp of a kit decides, otherwise what was chosen. Raises OtherList."""
    if brought.host_id is None:
        return None
    chosen = session.get_one(Organisation, brought.host_id)
    found = named_host(session, stamp) or host(session, chosen.code)
    if found is None:
        raise OtherList(_closed(chosen))
    brought.host_id = found.id
    return found


def _closed(chosen: Organisation) -> str:
    return _("Предприятие «%(name)s» закрыто: практикантов для него не вносят", name=chosen.short_ru)


def offices_of(session: Session, organisation: Organisation) -> dict[int, str]:
    """The university with its branches: id -> short name. The walls leave of their students the visitor's own."""
    asked = sa.select(Organisation.id, Organisation.short_ru).where(
        sa.or_(Organisation.id == organisation.id, Organisation.parent_id == organisation.id)
    )
    return {row.id: row.short_ru for row in session.execute(asked)}


class HostedKind(InternKind):
    """The list of an enterprise, brought by a university that thereby agrees to what is new in it."""

    def __init__(self, host: Organisation) -> None:
        self.host = self._enterprise = host

    # ------------------------------------------------------------------------------------------------------------ check
    def compare(self, session: Session, organisation: Organisation, rows: list[CheckedRow], as_of_on: dt.date) -> list[str]:
        """As for the enterprise itself; rows that the university has no say in are refused."""
        offices = offices_of(session, organisation)
        for row in rows:
            if sentence := _not_ours(row.reading.checked, organisation, offices):
                row.reading.remark(*sentence)
        ours = [row for row in rows if not row.reading.is_rejected]
        super().compare(session, self._enterprise, ours, as_of_on)
        new = [row for row in ours if row.verdict == "new" and not row.reading.is_rejected]
        for row, found in zip(new, self._students(session, offices, new, as_of_on), strict=True):
            if isinstance(found, RuleBroken):
                row.reading.remark(found.field, found.message)
        return [_("Записи будут внесены для «%(host)s». Вуз согласует их этой загрузкой", host=self._enterprise.short_ru)]

    @staticmethod
    def _students(session: Session, offices: dict[int, str], rows: list[CheckedRow], day: dt.date) -> list[Own | RuleBroken]:
        return own_students.find_all(session, list(offices), [row.reading.checked for row in rows], day)

    def say_of_new(self, row: CheckedRow, entry: Entry) -> None:
        """Nothing: the university agrees."""

    def fills(self, one: Internship) -> bool:
        """What the enterprise entered itself stays its own."""
        return one.brought_by_id is not None

    def say_of_theirs(self, row: CheckedRow, one: Internship) -> None:
        row.reading.warn("last_name", _("Эту запись внесло предприятие: дополняет её оно само"))

    # ------------------------------------------------------------------------------------------------------------ apply
    def log(
        self, session: Session, organisation: Organisation, rows: list[CheckedRow], source: Import, today: dt.date
    ) -> Logged:
        """Asks all of it anew: whether the enterprise still takes part, and whether the students are still the university's."""
        held = sa.select(Organisation.is_active).where(Organisation.id == self._enterprise.id)
        if not session.scalar(held.with_for_update(key_share=True)):  # lists of one enterprise wait for each other
            raise RuleBroken("", _closed(self._enterprise))
        offices = offices_of(session, organisation)
        entries = [row.reading.checked for row in rows]
        met = met_by(rows)
        new = [position for position in range(len(rows)) if position not in met]
        found = self._students(session, offices, [rows[position] for position in new], today)
        students: dict[int, Own] = {}
        for position, one in zip(new, found, strict=True):
            if (refusal := _not_ours(entries[position], organisation, offices)) is not None:
                raise _changed(rows[position], refusal[1])
            if isinstance(one, RuleBroken):
                raise _changed(rows[position], one.message)
            students[position] = one
        brought = Brought(organisation.id, self._enterprise.code, students)
        return log_internships(session, self._enterprise.id, entries, today, met, brought)


def _changed(row: CheckedRow, reason: Any) -> RuleBroken:
    """The register is not what it was when the row was checked."""
    return RuleBroken("", _("Строка %(row)s: %(reason)s. Загрузите файл снова", row=row.reading.row.number, reason=reason))


def _not_ours(entry: Entry, organisation: Organisation, offices: dict[int, str]) -> tuple[str, Any] | None:
    """The field and the sentence when the university may not enter the row."""
    if entry.kind == Sort.SPECIALIST:
        return "kind", _("Специалиста вносит само предприятие. Вуз вносит только своих студентов")
    if entry.university_id not in offices:
        return "sender", _(
            "Студента другого вуза вносит его вуз или само предприятие. %(mine)s вносит только своих",
            mine=organisation.short_ru,
        )
    return None
