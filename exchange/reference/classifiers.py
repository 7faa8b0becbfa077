"""Classifiers in memory: regions, levels, forms, funding, statuses, orders, documents, programmes, organisations.

Every loader reads its file once and gives the same dictionary each time (code -> line, in the order of the file or of its
column `sort`); nothing here asks the database.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from exchange.reference.labels import (
    FUNDING_GROUPS,
    LANGUAGES,
    funding_group_label,
    label,
    short_label,
)
from exchange.reference.lines import (
    District,
    DocumentType,
    Enterprise,
    ExpulsionGround,
    Field,
    Funding,
    Group,
    Institution,
    Level,
    MigrationStatus,
    OrderType,
    Region,
    Status,
    StudyForm,
    Tile,
    Transition,
)
from exchange.reference.programmes import (
    LEVEL_OF_PAIR,
    Programme,
    is_programme_code,
    level_of,
    programme_for,
    programmes,
    programmes_named,
    search_programmes,
)
from exchange.reference.search import search
from exchange.reference.shelf import read, short_names, years

__all__ = [
    "FUNDING_GROUPS", "HOST_TILE", "LANGUAGES", "LEVEL_OF_PAIR", "District", "DocumentType", "Enterprise", "ExpulsionGround",
    "Field", "Funding", "Group", "Institution", "Level", "MigrationStatus", "OrderType", "Programme", "Region", "Status",
    "StudyForm", "Tile", "Transition", "authorities", "districts", "document_types", "enterprises", "expulsion_grounds",
    "funding_group_label", "fundings", "institutions", "is_programme_code", "kz_fields", "kz_institutions", "label",
    "level_of", "levels", "migration_statuses", "order_types", "programme_for", "programmes", "programmes_named", "read",
    "regions", "search_institutions", "search_programmes", "search_regions", "short_label", "statuses", "study_forms",
    "tiles", "transitions", "ugsn",
]  # fmt: skip

HOST_TILE = "RU-ALT"


def _names(row: dict[str, str], classifier: str = "", code: str = "code") -> dict[str, Any]:
    """What every line has, for the constructors below."""
    short = short_names(classifier).get(row[code], ("", "", ""))
    return {
        "code": row[code],
        "name_ru": row["name_ru"],
        "name_kk": row.get("name_kk", ""),
        "name_en": row.get("name_en", ""),
        "short_ru": short[0],
        "short_kk": short[1],
        "short_en": short[2],
        "confidence": row.get("confidence", ""),
    }


def _flag(text: str) -> bool:
    return text == "1"


@cache
def regions() -> dict[str, Region]:
    """KATO -> region."""
    columns = [f"short_{language}" for language in LANGUAGES]
    short = {row["code"]: {column: row[column] for column in columns} for row in read("region_tiles")}
    return {
        row["kato_code"]: Region(
            **(_names(row, code="kato_code") | short[row["kato_code"]]),
            iso=row["iso_3166_2"], kind=row["type"], centre_ru=row["centre_ru"], centre_kk=row["centre_kk"],
            centre_en=row["centre_en"], is_neighbour=_flag(row["borders_altai_krai"]),
        )
        for row in read("kz_regions")
    }  # fmt: skip


@cache
def tiles() -> tuple[Tile, ...]:
    """Tiles of the map; the one with code HOST_TILE is the Krai itself."""
    return tuple(Tile(row["code"], int(row["column"]), int(row["row"])) for row in read("region_tiles"))


@cache
def districts() -> dict[str, District]:
    """KATO -> district or city administration."""
    return {
        row["kato_code"]: District(**_names(row, code="kato_code"), region_code=row["region_kato"], kind=row["type"])
        for row in read("kz_districts")
    }


@cache
def levels() -> dict[str, Level]:
    """code -> level, in the order of the column `sort`."""
    return {
        row["code"]: Level(
            **_names(row, "level"), stat_form=row["stat_form"],
            years_min=years(row["typical_years"])[0], years_max=years(row["typical_years"])[1],
        )
        for row in sorted(read("levels"), key=lambda row: int(row["sort"]))
    }  # fmt: skip


@cache
def study_forms() -> dict[str, StudyForm]:
    """code -> mode of study."""
    return {
        row["code"]: StudyForm(
            **_names(row, "form"), has_stay_extension=_flag(row["stay_extension"]), has_rvpo=_flag(row["rvpo_eligible"]),
            has_mvd_notice=_flag(row["mvd_notice_on_end"]),
        )
        for row in read("study_forms")
    }  # fmt: skip


@cache
def fundings() -> dict[str, Funding]:
    """code -> source of funding."""
    return {
        row["code"]: Funding(
            **_names(row, "funding"), group=_funding_group(row), is_budget=_flag(row["budget"]),
            stat_column=row["stat_column"], stat_block=row["stat_block"], payer=row["payer"],
        )
        for row in read("funding")
    }  # fmt: skip


def _funding_group(row: dict[str, str]) -> str:
    """The quota is counted apart; column 8 of the statistics is contracts, columns 5 to 7 are budgets, the rest is neither."""
    if row["code"] == "quota":
        return "quota"
    column = row["stat_column"][:1]
    return "contract" if column == "8" else "budget" if column in {"5", "6", "7"} else "other"


@cache
def statuses() -> dict[str, Status]:
    """code -> status."""
    return {
        row["code"]: Status(
            **_names(row, "status"), in_contingent=_flag(row["in_contingent"]), is_terminal=_flag(row["terminal"]),
            has_mvd_notice=_flag(row["mvd_notice"]),
        )
        for row in read("statuses")
    }  # fmt: skip


@cache
def transitions() -> tuple[Transition, ...]:
    """The machine of statuses."""
    return tuple(
        Transition(
            from_status=row["from"], event=row["event_code"], to_status=row["to"],
            order_type=row["order_type"] if row["order_type"] in order_types() else None,
            requires=row["requires"], effects=row["effects"], confidence=row["confidence"],
        )
        for row in read("status_transitions")
    )  # fmt: skip


@cache
def order_types() -> dict[str, OrderType]:
    """code -> kind of order."""
    effects = {"+1": 1, "0": 0, "-1": -1}
    return {
        row["code"]: OrderType(**_names(row), contingent_effect=effects.get(row["contingent_effect"]))
        for row in read("order_types")
    }


@cache
def expulsion_grounds() -> dict[str, ExpulsionGround]:
    """code -> ground of expulsion."""
    known = {"student", "org"}
    return {
        row["code"]: ExpulsionGround(
            **_names(row), initiative=row["initiative"] if row["initiative"] in known else "none",
            is_good_reason=_flag(row["good_reason"]),
        )
        for row in read("expulsion_grounds")
    }  # fmt: skip


@cache
def document_types() -> dict[str, DocumentType]:
    """code -> kind of document."""
    return {
        row["code"]: DocumentType(**_names(row, "document"), number_pattern=row["number_regex"], validity=row["validity"])
        for row in read("doc_types")
    }


@cache
def migration_statuses() -> dict[str, MigrationStatus]:
    """code -> ground of stay."""
    return {
        row["code"]: MigrationStatus(
            **_names(row), counts_90_days=_flag(row["counts_90_days"]), needs_extension=_flag(row["needs_extension"]),
            needs_medical=_flag(row["needs_med_fingerprint"]),
        )
        for row in read("migration_statuses")
    }  # fmt: skip


@cache
def ugsn() -> dict[str, Group]:
    """code -> enlarged group of specialties."""
    return {
        row["code"]: Group(**_names(row), area_ru=row["area_ru"], kz_field_code=row["kz_field_code"]) for row in read("ugsn")
    }


@cache
def kz_fields() -> dict[str, Field]:
    """code -> field of the Kazakh classifier."""
    return {
        row["code"]: Field(
            **_names(row), bachelor_code=row["bachelor_code"], master_code=row["master_code"],
            doctoral_code=row["doctoral_code"],
        )
        for row in read("kz_fields")
    }  # fmt: skip


def _institution(row: dict[str, str], name: str, city: str) -> Institution:
    return Institution(
        code=row["code"], name_ru=row[name], name_kk=row.get("name_kk", ""), name_en=row.get("name_en", ""),
        short_ru=row["short_ru"], confidence=row["confidence"], kind=row["kind"], parent_code=row.get("parent_code", ""),
        city=row.get(city, ""), is_active=row.get("status") != "closed", region_code=row.get("kato_region", ""),
    )  # fmt: skip


@cache
def institutions() -> dict[str, Institution]:
    """code -> university or branch of the Krai, closed ones too."""
    return {row["code"]: _institution(row, "full_ru", "city") for row in read("altai_institutions")}


@cache
def kz_institutions() -> dict[str, Institution]:
    """code -> partner university in Kazakhstan."""
    return {row["code"]: _institution(row, "name_ru", "city_ru") for row in read("kz_institutions")}


@cache
def authorities() -> dict[str, Institution]:
    """code -> the operator of the registry and the authorities that look at it."""
    return {row["code"]: _institution(row, "full_ru", "city") for row in read("authorities")}


@cache
def enterprises() -> dict[str, Enterprise]:
    """code -> enterprise of the Krai."""
    return {
        row["code"]: Enterprise(
            **_names(row), city=row["city"], industry_ru=row["industry_ru"], industry_en=row["industry_en"]
        )
        for row in read("enterprises")
    }  # fmt: skip


def search_regions(text: str, limit: int = 20) -> list[Region]:
    """Regions by any words of their names in any language, long or short, or of the name of their centre."""
    return search(
        regions().values(), text,
        lambda r: (r.name_ru, r.name_kk, r.name_en, r.short_ru, r.short_kk, r.short_en, r.centre_ru, r.centre_kk, r.centre_en),
        limit,
    )  # fmt: skip


def search_institutions(text: str, limit: int = 20) -> list[Institution]:
    """Universities of the Krai, then partners in Kazakhstan, by any words of their names or by the city."""
    everywhere = (*institutions().values(), *kz_institutions().values())
    return search(
        everywhere, text, lambda i: (i.short_ru, i.name_ru, i.name_kk, i.name_en, f"{i.short_ru} {i.name_ru} {i.city}"), limit
    )
