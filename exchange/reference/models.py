"""Classifiers as tables: mirrors of the shipped data, so that keys are checked and the database explains itself."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.database import Base


class Coded:
    """A line of a classifier."""

    code: Mapped[str] = mapped_column(sa.String(40), primary_key=True, comment="code of the classifier")
    name_ru: Mapped[str] = mapped_column(sa.String(400), comment="name in Russian")
    name_kk: Mapped[str] = mapped_column(sa.String(400), default="", comment="name in Kazakh")
    name_en: Mapped[str] = mapped_column(sa.String(400), default="", comment="name in English")
    sort: Mapped[int] = mapped_column(default=0, comment="order of display")


class Region(Coded, Base):
    """One of the 20 regions of Kazakhstan since June 2022; the code is KATO."""

    __tablename__ = "region"
    __table_args__ = {"comment": "regions of Kazakhstan (KATO)"}


class District(Coded, Base):
    """A district or city administration of Kazakhstan; the code is KATO."""

    __tablename__ = "district"
    __table_args__ = {"comment": "districts of Kazakhstan (KATO, 17.10.2022)"}

    region_code: Mapped[str] = mapped_column(sa.ForeignKey("region.code"), comment="region")


class Level(Coded, Base):
    """Level of education."""

    __tablename__ = "level"
    __table_args__ = {"comment": "levels of education"}


class StudyForm(Coded, Base):
    """Mode of study: full-time, part-time, extramural."""

    __tablename__ = "study_form"
    __table_args__ = {"comment": "modes of study"}


class Funding(Coded, Base):
    """Source of funding; decides the block and the column of the federal statistics."""

    __tablename__ = "funding"
    __table_args__ = {"comment": "sources of funding"}

    group: Mapped[str] = mapped_column("funding_group", sa.String(20), comment="budget, quota, contract or other")


class Status(Coded, Base):
    """Status of an enrolment; follows from orders."""

    __tablename__ = "status"
    __table_args__ = {"comment": "statuses of an enrolment"}

    in_contingent: Mapped[bool] = mapped_column(comment="counts as student body")


class OrderType(Coded, Base):
    """Kind of an order of a university."""

    __tablename__ = "order_type"
    __table_args__ = {"comment": "kinds of orders"}


class ExpulsionGround(Coded, Base):
    """Ground of expulsion."""

    __tablename__ = "expulsion_ground"
    __table_args__ = {"comment": "grounds of expulsion"}


class DocumentType(Coded, Base):
    """Kind of a document."""

    __tablename__ = "document_type"
    __table_args__ = {"comment": "kinds of documents"}


class Programme(Coded, Base):
    """Field of study (direction, specialty) or scientific specialty."""

    __tablename__ = "programme"
    __table_args__ = {"comment": "fields of study (order 1061 and successors) and scientific specialties (order 118)"}

    level_code: Mapped[str | None] = mapped_column(sa.ForeignKey("level.code"), comment="level that the code implies")
    ugsn_code: Mapped[str] = mapped_column(sa.String(8), default="", comment="enlarged group of specialties")


class WorkingDay(Base):
    """A day of the production calendar of Russia."""

    __tablename__ = "working_day"
    __table_args__ = {"comment": "production calendar of Russia, every day of the years known"}

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    is_working: Mapped[bool] = mapped_column(comment="a working day, transfers included")
