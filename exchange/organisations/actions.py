"""Changes of organisations."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.organisations.models import Kind, Organisation
from exchange.reference import classifiers


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
    for line in classifiers.read("enterprises"):
        short = line["name_ru"].split("(")[0].strip()
        restricted = "допуск иностранцев ограничен" if "режимн" in line["note"] else ""
        rows.append(
            {"code": line["code"], "kind": Kind.ENTERPRISE, "short_ru": short, "name_ru": line["name_ru"], "parent": "",
             "city": line["city"], "industry": line["industry_ru"], "restriction": restricted, "note": line["note"]}
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
    ids = {code: key for code, key in session.execute(sa.select(Organisation.code, Organisation.id))}
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
