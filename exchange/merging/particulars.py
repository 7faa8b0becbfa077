"""Further particulars and guardians when records are joined and parted: every office has its own rows of them.

Particulars of the one who is gone stay where they are, as his contacts do, and are copied: so parting them has nothing to give
back. Guardians are moved, as documents are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.merging.fields import DETAILS, is_filled, values_of
from exchange.people.models import Guardian, Person, PersonDetails

COLUMNS = tuple(column for names in DETAILS.values() for column in names)
_OF_GUARDIAN = tuple(
    column.key
    for column in sa.inspect(Guardian).column_attrs
    if column.key not in ("id", "person_id", "organisation_id", "created_at", "updated_by")
)


# ------------------------------------------------------------------------------------------------------------ joining
def join_particulars(session: Session, kept: Person, gone: Person, taken: Iterable[str]) -> dict[str, Any]:
    """Brings what is known of `gone` to `kept`; returns what parting needs. With the master key."""
    moved = _Details(session, kept, gone).join(set(taken) & set(DETAILS)) | _join_guardians(session, kept, gone)
    session.flush()
    return moved


class _Details:
    """Rows of PersonDetails of both, by office."""

    def __init__(self, session: Session, kept: Person, gone: Person) -> None:
        self.session, self.kept, self.gone = session, kept, gone
        asked = sa.select(PersonDetails).where(PersonDetails.person_id.in_((kept.id, gone.id))).order_by(PersonDetails.id)
        rows = session.scalars(asked.execution_options(populate_existing=True)).all()
        self.of_kept = {row.organisation_id: row for row in rows if row.person_id == kept.id}
        self.of_gone = {row.organisation_id: row for row in rows if row.person_id == gone.id}
        self.notes: list[dict[str, Any]] = []

    def join(self, taken: set[str]) -> dict[str, Any]:
        """The office that keeps the record gets what was chosen; every other one, what it knew of either."""
        keeper, theirs = self.kept.organisation_id, dict(self.of_gone)
        said = theirs.pop(self.gone.organisation_id, None)
        if said is not None:
            self._take(keeper, said, taken)
            if self.gone.organisation_id != keeper:
                self._fill(self.gone.organisation_id, said)
        for office, row in theirs.items():
            self._fill(office, row)
        now = self.of_kept.get(keeper)
        return {"details": self.notes, "details_after": {name: getattr(now, name, None) or None for name in COLUMNS}}

    def _fill(self, office: int, source: PersonDetails) -> None:
        """What an office says of the one who is kept stays; what it says nothing of is taken over."""
        held = self.of_kept.get(office)
        lacking = {name for name, columns in DETAILS.items() if not is_filled(values_of(held, columns))}
        self._take(office, source, {name for name in lacking if is_filled(values_of(source, DETAILS[name]))})

    def _take(self, office: int, source: PersonDetails, taken: set[str]) -> None:
        if not taken:
            return
        row, is_made = self.of_kept.get(office), False
        if row is None:
            empty = {name: None if name == "school_year" else "" for name in COLUMNS}
            row, is_made = PersonDetails(person_id=self.kept.id, organisation_id=office, **empty), True
            row.updated_at, row.updated_by = source.updated_at, source.updated_by
            self.session.add(row)
            self.session.flush()
            self.of_kept[office] = row
        names = [column for name in DETAILS if name in taken for column in DETAILS[name]]
        before, after = ({name: getattr(one, name) for name in names} for one in (row, source))
        write_details(self.session, row, after)
        self.notes.append({"id": row.id, "is_made": is_made, "before": before, "after": after})


def write_details(session: Session, row: PersonDetails, values: Mapping[str, Any]) -> None:
    """Who changed the row last stays who it was: that two records were joined is told by the merge itself."""
    _write(session, PersonDetails, row, {**values, "updated_at": row.updated_at, "updated_by": row.updated_by})


def _write(session: Session, model: type[Any], row: Any, values: Mapping[str, Any]) -> None:
    changed = sa.update(model).where(model.id == row.id).values(**values)
    session.execute(changed.execution_options(synchronize_session=False))
    session.refresh(row)


def _join_guardians(session: Session, kept: Person, gone: Person) -> dict[str, Any]:
    """Guardians go over; one of whom the office says the very same already stays. Who kept the one who is gone reads on."""
    asked = sa.select(Guardian).where(Guardian.person_id.in_((kept.id, gone.id))).order_by(Guardian.id)
    rows = session.scalars(asked.execution_options(populate_existing=True)).all()
    known = {(row.organisation_id, *_said(row)) for row in rows if row.person_id == kept.id}
    moved: dict[str, int] = {}
    copies: list[Guardian] = []
    for row in rows:
        if row.person_id != gone.id:
            continue
        office = row.organisation_id
        is_keepers = office == gone.organisation_id
        to = kept.organisation_id if is_keepers else office
        if is_keepers and office != to and (office, *_said(row)) not in known:
            said = {name: getattr(row, name) for name in (*_OF_GUARDIAN, "created_at", "updated_by")}
            copies.append(Guardian(person_id=kept.id, organisation_id=office, **said))
        if (to, *_said(row)) in known:
            continue
        known.add((to, *_said(row)))
        moved[str(row.id)] = office
        _write(session, Guardian, row, {"person_id": kept.id, "organisation_id": to, "updated_by": row.updated_by})
    session.add_all(copies)
    session.flush()
    return {"guardians": moved, "guardian_copies": {str(row.id): [str(part) for part in _said(row)] for row in copies}}


def _said(row: Guardian) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _OF_GUARDIAN)


# ------------------------------------------------------------------------------------------------------------ parting
def part_particulars(session: Session, kept: Person, gone: Person, moved: Mapping[str, Any]) -> None:
    """What the merge brought goes; what was entered or changed since stays with the record that was kept."""
    for note in moved.get("details", ()):
        row = session.get(PersonDetails, note["id"], populate_existing=True)
        if row is not None and row.person_id == kept.id:
            _restore(session, row, note)
    for key, office in moved.get("guardians", {}).items():
        guardian = session.get(Guardian, int(key), populate_existing=True)
        if guardian is not None and guardian.person_id == kept.id:
            back = {"person_id": gone.id, "organisation_id": office, "updated_by": guardian.updated_by}
            _write(session, Guardian, guardian, back)
    for key, said in moved.get("guardian_copies", {}).items():
        copy = session.get(Guardian, int(key), populate_existing=True)
        if copy is not None and [str(part) for part in _said(copy)] == said:
            session.delete(copy)
    session.flush()


def _restore(session: Session, row: PersonDetails, note: Mapping[str, Any]) -> None:
    before, after = note["before"], note["after"]
    values: dict[str, Any] = {}
    for columns in DETAILS.values():
        mine = [name for name in columns if name in after]
        if mine and all(getattr(row, name) == after[name] for name in mine):
            values |= {name: before[name] for name in mine}
    if values:
        write_details(session, row, values)
    if note["is_made"] and not is_filled(values_of(row, COLUMNS)):
        session.delete(row)


def changed_since(session: Session, kept: Person, moved: Mapping[str, Any]) -> tuple[str, ...]:
    """Rows of the comparison in which the particulars were changed after the merge."""
    if "details_after" not in moved:
        return ()
    asked = sa.select(PersonDetails).where(
        PersonDetails.person_id == kept.id, PersonDetails.organisation_id == kept.organisation_id
    )
    now, after = session.scalar(asked), moved["details_after"]
    return tuple(
        name for name, columns in DETAILS.items() if values_of(now, columns) != tuple(after[column] for column in columns)
    )


def guardians_brought(moved: Mapping[str, Any]) -> Sequence[int]:
    """Ids of guardians that the merge itself brought: they were not entered since."""
    return [int(key) for name in ("guardians", "guardian_copies") for key in moved.get(name, ())]
