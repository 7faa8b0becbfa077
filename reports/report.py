"""What a report is: number, question, who may make it, what it asks for, and what it answers."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.actor import Actor, Role
from exchange.reference import classifiers
from exchange.spreadsheets.sheet import Check
from reports.counts import Slice
from reports.institutions import Institutions
from reports.table import Query, Table


@dataclass(frozen=True)
class Parameters:
    """What a report is made for. organisation is a code; funding a group; since and until are of reports over a period."""

    on: dt.date
    known_at: dt.datetime | None = None
    organisation: str = ""
    level: str = ""
    form: str = ""
    funding: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    def as_address(self) -> dict[str, str]:
        """The same as parameters of an address; empty ones are left out."""
        known = self.known_at.isoformat() if self.known_at else ""
        found = {
            "on": self.on.isoformat(), "known_at": known, "org": self.organisation, "level": self.level, "form": self.form,
            "funding": self.funding, "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
        }  # fmt: skip
        return {name: value for name, value in found.items() if value}

    def slice(self, known: Institutions) -> Slice:
        """The part of the contingent that they mean."""
        ids = known.family(self.organisation) if self.organisation else None
        return Slice(self.on, self.known_at, ids, self.level, self.form, self.funding)

    def filters(self, known: Institutions) -> dict[str, Sequence[str]]:
        """The same as filters of the list of students."""
        found: dict[str, Sequence[str]] = {"on": (self.on.isoformat(),)}
        if self.organisation:
            found["org"] = [known.by_id[key].code for key in known.family(self.organisation)]
        if self.level:
            found["level"] = (self.level,)
        if self.form:
            found["form"] = (self.form,)
        if self.funding:
            found["funding"] = (self.funding,)
        return found


@dataclass(frozen=True)
class Reader:
    """For whom a report is made: what is hidden and whether a list may stand behind a figure."""

    role: Role
    organisation_name: str = ""
    organisation_ids: tuple[int, ...] = ()
    sees_people: bool = True

    @property
    def is_aggregate(self) -> bool:
        """Sees no persons: small counts are hidden."""
        return self.role is Role.AKIMAT

    @property
    def sees_own(self) -> bool:
        """Sees one organisation only."""
        return self.role in (Role.UNIVERSITY, Role.ENTERPRISE)

    @classmethod
    def of(cls, actor: Actor) -> Reader:
        """An operator of the server is answered as the system: everything is seen."""
        sees = actor.role in (Role.UNIVERSITY, Role.MINISTRY, Role.AUDITOR, Role.SYSTEM)
        return cls(actor.role, actor.organisation_name, actor.organisation_ids, sees)

    def base(self, parameters: Parameters, known: Institutions) -> Query | None:
        """Filters behind all figures of a report; none where the reader sees no list, or where it is of another moment."""
        return parameters.filters(known) if self.sees_people and parameters.known_at is None else None


Fact = tuple[str, Any]


@dataclass(frozen=True)
class Result:
    """A made report: tables, control sums, what the cover says besides, notes."""

    heading: str
    subtitle: str
    tables: tuple[Table, ...]
    checks: tuple[Check, ...] = ()
    facts: tuple[Fact, ...] = ()
    notes: tuple[str | tuple[str, str], ...] = ()

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(len(table.lines) for table in self.tables)

    @property
    def is_whole(self) -> bool:
        return all(check.ok for check in self.checks)

    def digest(self) -> str:
        """SHA-256 over the figures alone: two reports with the same digest say the same."""
        content = [
            [table.name, [[line.key, dict(line.values)] for line in (*table.lines, *([table.total] if table.total else []))]]
            for table in self.tables
        ]
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Report:
    """A report of the catalogue.

    title and question are words of the interface; slug names the file; roles may make it; fields are the parameters that it
    asks for, in the order of the form; aggregate_fields those left to a reader who sees no persons: every further filter would
    let small counts be worked out from differences.
    """

    number: str
    title: Any
    question: Any
    description: Any
    slug: Any
    roles: frozenset[Role]
    make: Callable[[Session, Parameters, Reader], Result]
    fields: tuple[str, ...]
    aggregate_fields: tuple[str, ...] = ("on",)
    has_persons: bool = False
    is_over_period: bool = False

    def asks(self, reader: Reader) -> tuple[str, ...]:
        """The parameters that this reader may choose."""
        chosen = self.aggregate_fields if reader.is_aggregate else self.fields
        return tuple(name for name in chosen if not (name == "org" and reader.sees_own))

    def may_be_made_by(self, role: Role) -> bool:
        return role in self.roles or role is Role.SYSTEM


def selection_in_words(parameters: Parameters, known: Institutions) -> str:
    """The conditions of a report as a sentence for its cover."""
    parts = []
    if parameters.organisation:
        parts.append(_("вуз: %(name)s", name=known.by_code[parameters.organisation].name))
    if parameters.level:
        parts.append(_("уровень: %(name)s", name=classifiers.label(classifiers.levels()[parameters.level])))
    if parameters.form:
        parts.append(_("форма: %(name)s", name=classifiers.label(classifiers.study_forms()[parameters.form])))
    if parameters.funding:
        parts.append(_("финансирование: %(name)s", name=classifiers.funding_group_label(parameters.funding)))
    return "; ".join(parts) or _("без отбора")


@dataclass
class Sums:
    """Control sums as they are gathered: they are printed, and never hold a download back."""

    found: list[Check] = field(default_factory=list)

    def equal(self, key: str, text: str, figures: Mapping[str, int]) -> None:
        """All named figures must be the same."""
        detail = " · ".join(f"{name} {value}" for name, value in figures.items())
        self.found.append(Check(key, text, len(set(figures.values())) <= 1, detail))

    def holds(self, key: str, text: str, ok: bool, detail: str = "") -> None:
        self.found.append(Check(key, text, ok, detail))
