"""Shapes of the lines of classifiers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Named:
    """A line of a classifier with its names."""

    code: str
    name_ru: str
    name_kk: str = ""
    name_en: str = ""
    short_ru: str = ""
    short_kk: str = ""
    short_en: str = ""
    confidence: str = ""


@dataclass(frozen=True)
class Region(Named):
    """One of the 20 regions of Kazakhstan since June 2022; the code is KATO. `is_neighbour`: it borders the Krai."""

    iso: str = ""
    kind: str = "oblast"
    centre_ru: str = ""
    centre_kk: str = ""
    centre_en: str = ""
    is_neighbour: bool = False


@dataclass(frozen=True)
class District(Named):
    """A district or a city administration of a region; the code is KATO."""

    region_code: str = ""
    kind: str = "district"


@dataclass(frozen=True)
class Level(Named):
    """A level of education. `stat_form` is the federal form that counts it, years are the usual full-time length."""

    stat_form: str = ""
    years_min: float | None = None
    years_max: float | None = None


@dataclass(frozen=True)
class StudyForm(Named):
    """A mode of study; it decides the migration rules."""

    has_stay_extension: bool = False
    has_rvpo: bool = False
    has_mvd_notice: bool = False


@dataclass(frozen=True)
class Funding(Named):
    """Who pays. `group` is one of FUNDING_GROUPS; the block and the column are those of the federal statistics."""

    group: str = "other"
    is_budget: bool = False
    stat_column: str = ""
    stat_block: str = ""
    payer: str = ""


@dataclass(frozen=True)
class Status(Named):
    """A status of an enrolment; it follows from orders."""

    in_contingent: bool = False
    is_terminal: bool = False
    has_mvd_notice: bool = False


@dataclass(frozen=True)
class OrderType(Named):
    """A kind of order. `contingent_effect` is +1, 0 or -1; None when it reverses another order."""

    contingent_effect: int | None = 0


@dataclass(frozen=True)
class ExpulsionGround(Named):
    """A ground of expulsion. `initiative` is student, org or none."""

    initiative: str = ""
    is_good_reason: bool = False


@dataclass(frozen=True)
class DocumentType(Named):
    """A kind of document; `number_pattern` is a regular expression for its normalised number."""

    number_pattern: str = ""
    validity: str = ""


@dataclass(frozen=True)
class MigrationStatus(Named):
    """A ground of stay in Russia."""

    counts_90_days: bool = False
    needs_extension: bool = False
    needs_medical: bool = False


@dataclass(frozen=True)
class Group(Named):
    """An enlarged group of specialties with its Kazakh field (a correspondence, not an official one)."""

    area_ru: str = ""
    kz_field_code: str = ""


@dataclass(frozen=True)
class Field(Named):
    """A field of the Kazakh classifier."""

    bachelor_code: str = ""
    master_code: str = ""
    doctoral_code: str = ""


@dataclass(frozen=True)
class Institution(Named):
    """A university, a branch or an authority. `short_ru` is how it is called in lists."""

    kind: str = ""
    parent_code: str = ""
    city: str = ""
    is_active: bool = True
    region_code: str = ""


@dataclass(frozen=True)
class Enterprise(Named):
    """An enterprise of the Krai."""

    city: str = ""
    industry_ru: str = ""
    industry_en: str = ""


@dataclass(frozen=True)
class Transition:
    """What an event does to a status; `order_type` is None when no order is needed."""

    from_status: str
    event: str
    to_status: str
    order_type: str | None
    requires: str
    effects: str
    confidence: str


@dataclass(frozen=True)
class Tile:
    """The place of a region on the tile map, counted from 0 at the upper left."""

    code: str
    column: int
    row: int
