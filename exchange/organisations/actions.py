"""Changes of organisations."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.audit.actions import record
from exchange.errors import RuleBroken
from exchange.organisations.models import Kind, Organisation
from exchange.reference import classifiers

# Enterprises with limits of access for foreigners (defence plants).
RESTRICTED = Path(__file__).with_name("data") / "restricted.csv"


def _known() -> list[dict[str, Any]]:
    """The organisations that the shipped data names: universities of the Krai, enterprises, authorities, partners."""
    rows: list[dict[str, Any]] = []
    for line in classifiers.read("altai_institutions"):
        kind = Kind.BRANCH if line["kind"] == "branch" else Kind.UNIVERSITY
        rows.append(
            {"code": line["code"], "kind": kind, "short_ru": line["short_ru"], "name_ru": line["full_ru"],
             "name_en": line["name_en"], "parent": line["parent_code"], "city": line["city"], "founder": line["founder_ru"],
             "is_active": line["status"] != "closed", "note": line["note"]}
        )  # fmt: skip
    with RESTRICTED.open(encoding="utf-8", newline="") as file:
        restricted = {line["code"]: line["restriction"] for line in csv.DictReader(file)}
    for line in classifiers.read("enterprises"):
        short = line["name_ru"].split("(")[0].strip()
        rows.append(
            {"code": line["code"], "kind": Kind.ENTERPRISE, "short_ru": short, "name_ru": line["name_ru"], "parent": "",
             "city": line["city"], "industry": line["industry_ru"], "note": line["note"],
             "restriction": restricted.get(line["code"], "")}
        )  # fmt: skip
    for line in classifiers.read("kz_institutions"):
        rows.append(
            {"code": f"KZ-{line['code']}", "kind": Kind.PARTNER, "short_ru": line["short_ru"], "name_ru": line["name_ru"],
             "name_kk": line["name_kk"], "name_en": line["name_en"], "parent": "", "city": line["city_ru"], "country": "KZ",
             "region_code": line["kato_region"] or None, "note": line["note"]}
        )  # fmt: skip
    for line in classifiers.read("authorities"):
        rows.append(
            {"code": line["code"], "kind": Kind.AUTHORITY, "short_ru": line["short_ru"], "name_ru": line["full_ru"],
             "name_kk": line["name_kk"], "name_en": line["name_en"], "parent": "", "note": line["note"]}
        )  # fmt: skip
    return rows


def load_known(session: Session) -> int:
    """Adds the organisations of the shipped data that are missing; what an administrator changed stays. Returns how many."""
    ids = {row[0]: row[1] for row in session.execute(sa.select(Organisation.code, Organisation.id))}
    added: dict[str, Organisation] = {}
    parents: list[tuple[Organisation, str]] = []
    for row in _known():
        parent = row.pop("parent")
        if row["code"] in ids:
            continue
        organisation = added[row["code"]] = Organisation(**{**row, "note": row["note"][:400]})
        session.add(organisation)
        if parent:
            parents.append((organisation, parent))
    session.flush()
    for organisation, code in parents:
        parent = added.get(code)
        organisation.parent_id = parent.id if parent else ids.get(code)
    session.flush()
    return len(added)


# ---------------------------------------------------------------------------------------------------- by administrators
# What an administrator may set; nothing else of a form ever reaches the record.
EDITABLE = (
    "short_ru", "name_ru", "name_kk", "name_en", "city", "tax_number", "contact", "restriction", "industry", "founder", "note",
)  # fmt: skip


def _parent(session: Session, kind: str, code: str) -> int | None:
    """The head of a branch: a university; other kinds have none."""
    if kind != Kind.BRANCH:
        return None
    head = session.scalar(sa.select(Organisation).where(Organisation.code == code))
    if head is None or head.kind != Kind.UNIVERSITY:
        raise RuleBroken("parent", _("Выберите вуз, к которому относится филиал"))
    return head.id


def _parent_code(session: Session, organisation: Organisation) -> str:
    if organisation.parent_id is None:
        return ""
    return session.scalar(sa.select(Organisation.code).where(Organisation.id == organisation.parent_id)) or ""


def add_organisation(session: Session, *, code: str, kind: str, parent: str = "", **values: str) -> Organisation:
    """A new organisation; its code stays for good, because addresses and files name it."""
    code = code.strip().upper()
    if session.scalar(sa.select(Organisation.id).where(Organisation.code == code)) is not None:
        raise RuleBroken("code", _("Организация с таким кодом уже есть. Введите другой код"))
    country = "KZ" if kind == Kind.PARTNER else "RU"
    kept = {name: value for name, value in values.items() if name in EDITABLE}
    organisation = Organisation(code=code, kind=kind, country=country, parent_id=_parent(session, kind, parent), **kept)
    session.add(organisation)
    session.flush()
    record(
        session, "organisation:added", ("organisation", code), version=organisation.version,
        after={"code": code, "kind": kind, "parent": parent, **{name: value for name, value in kept.items() if value}},
    )  # fmt: skip
    return organisation


def change_organisation(session: Session, organisation: Organisation, *, parent: str = "", **values: str) -> bool:
    """Takes the new values; returns whether anything changed."""
    before: dict[str, Any] = {name: getattr(organisation, name) for name in EDITABLE if name in values}
    after: dict[str, Any] = {name: values[name] for name in before}
    if organisation.kind == Kind.BRANCH:
        before["parent"], after["parent"] = _parent_code(session, organisation), parent
        organisation.parent_id = _parent(session, organisation.kind, parent)
    changed = [name for name in after if before[name] != after[name]]
    if not changed:
        return False
    for name in changed:
        if name != "parent":
            setattr(organisation, name, after[name])
    session.flush()
    record(
        session, "organisation:changed", ("organisation", organisation.code), version=organisation.version,
        before={name: before[name] for name in changed}, after={name: after[name] for name in changed},
    )  # fmt: skip
    return True


def switch_organisation(session: Session, organisation: Organisation, *, is_active: bool) -> None:
    """Takes an organisation out of the choices, or back in. It is never deleted: the past refers to it."""
    if organisation.is_active == is_active:
        raise RuleBroken("", _("Организация уже включена") if is_active else _("Организация уже отключена"))
    organisation.is_active = is_active
    session.flush()
    record(
        session, "organisation:reactivated" if is_active else "organisation:deactivated",
        ("organisation", organisation.code), version=organisation.version,
        before={"is_active": not is_active}, after={"is_active": is_active},
    )  # fmt: skip
