"""A person, the two-times facts about a person, documents, further particulars, and the offices that read beside the keeper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.access.actor import author
from exchange.database import Base, Key, Moment, TwoTimes, new_public_id, now
from exchange.people.names import twin_key


def _twin(context: Any) -> str:
    """Names as in orders, for comparing with others."""
    said = context.get_current_parameters()
    return twin_key(said.get("surname"), said.get("name"))


def _other_twin(script: str) -> Callable[[Any], str]:
    """The same of another writing, where it does not come to the same key; "" else."""

    def key(context: Any) -> str:
        said = context.get_current_parameters()
        found = twin_key(said.get(f"surname_{script}"), said.get(f"name_{script}"))
        return "" if found == _twin(context) else found

    return key


class Person(Base):
    """A human. Kept by one office at a time; facts that reports count are in PersonFacts."""

    __tablename__ = "person"
    __table_args__ = (
        sa.Index("ix_person_organisation_id", "organisation_id"),
        sa.Index(
            "ix_person_merged_into_id",
            "merged_into_id",
            sqlite_where=sa.text("merged_into_id is not null"),
            postgresql_where=sa.text("merged_into_id is not null"),
        ),
        {"comment": "one row per human; contacts are kept without history"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(12), unique=True, default=new_public_id, comment="id in addresses")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="office that keeps the record")
    iin: Mapped[str | None] = mapped_column(
        sa.String(12), unique=True, comment="IIN of Kazakhstan; format checked, never 'verified'"
    )
    iin_needs_check: Mapped[bool] = mapped_column(default=False, comment="entered 'as in the document' against a warning")
    snils: Mapped[str | None] = mapped_column(sa.String(14), comment="SNILS")
    phone: Mapped[str] = mapped_column(sa.String(40), default="", comment="phone, E.164 where possible")
    email: Mapped[str] = mapped_column(sa.String(255), default="", comment="e-mail")
    address: Mapped[str] = mapped_column(sa.String(300), default="", comment="address in Russia")
    is_in_dormitory: Mapped[bool] = mapped_column(default=False, comment="lives in a dormitory of the university")
    created_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)
    version: Mapped[int] = mapped_column(default=1, comment="grows with every change")
    merged_into_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("person.id"), comment="the record to which this one was joined; empty: it stands for itself"
    )

    documents: Mapped[list[IdentityDocument]] = relationship(order_by="IdentityDocument.id", back_populates="person")

    __mapper_args__ = {"version_id_col": version}


class PersonFacts(TwoTimes, Base):
    """What is said of a person for a span of days: names, sex, birth, citizenship, origin."""

    __tablename__ = "person_facts"
    __table_args__ = (
        sa.CheckConstraint("sex in ('M', 'F')", name="sex_is_known"),
        sa.CheckConstraint("valid_to is null or valid_to > valid_from", name="ends_after_start"),
        sa.CheckConstraint("superseded_at is null or superseded_at >= recorded_at", name="superseded_after_recorded"),
        sa.Index("ix_person_facts_person_id", "person_id", "valid_from"),
        sa.Index(
            "ix_person_facts_sort",
            "organisation_id",
            "sort_key",
            "person_id",
            sqlite_where=sa.text("superseded_at is null"),
            postgresql_where=sa.text("superseded_at is null"),
        ),
        sa.Index(
            "ix_person_facts_sort_all",
            "sort_key",
            "person_id",
            sqlite_where=sa.text("superseded_at is null"),
            postgresql_where=sa.text("superseded_at is null"),
        ),
        sa.Index(
            "ix_person_facts_sort_kk",
            "organisation_id",
            "sort_key_kk",
            "person_id",
            sqlite_where=sa.text("superseded_at is null"),
            postgresql_where=sa.text("superseded_at is null"),
        ),
        sa.Index(
            "ix_person_facts_sort_kk_all",
            "sort_key_kk",
            "person_id",
            sqlite_where=sa.text("superseded_at is null"),
            postgresql_where=sa.text("superseded_at is null"),
        ),
        sa.Index(
            "ix_person_facts_birth",
            "organisation_id",
            "birth_date",
            "person_id",
            sqlite_where=sa.text("superseded_at is null"),
            postgresql_where=sa.text("superseded_at is null"),
        ),
        sa.Index(
            "ix_person_facts_birth_all",
            "birth_date",
            "person_id",
            sqlite_where=sa.text("superseded_at is null"),
            postgresql_where=sa.text("superseded_at is null"),
        ),
        # the few whom the contingent leaves out
        sa.Index(
            "ix_person_facts_not_counted",
            "person_id",
            sqlite_where=sa.text("citizenship != 'KZ' OR is_rf_citizen = 1"),
            postgresql_where=sa.text("citizenship != 'KZ' OR is_rf_citizen"),
        ),
        *(
            sa.Index(
                f"ix_person_facts_{name}",
                name,
                "birth_date",
                "organisation_id",
                "person_id",
                sqlite_where=sa.text(f"superseded_at is null and {name} <> ''"),
                postgresql_where=sa.text(f"superseded_at is null and {name} <> ''"),
            )
            for name in ("twin_key", "twin_key_kk", "twin_key_lat")
        ),
        sa.Index("ix_person_facts_surname_key", "surname_key", "name_key", "patronymic_key", "organisation_id", "person_id"),
        sa.Index("ix_person_facts_name_key", "name_key", "surname_key", "patronymic_key", "organisation_id", "person_id"),
        {"comment": "two-times facts about a person; corrected by superseding, never edited"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="whose")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="office that keeps the record")
    surname: Mapped[str] = mapped_column(sa.String(100), comment="surname as in orders (Russian)")
    name: Mapped[str] = mapped_column(sa.String(100), comment="given name as in orders (Russian)")
    patronymic: Mapped[str] = mapped_column(sa.String(100), default="", comment="patronymic, if any")
    surname_kk: Mapped[str] = mapped_column(sa.String(100), default="", comment="surname in Kazakh")
    name_kk: Mapped[str] = mapped_column(sa.String(100), default="", comment="given name in Kazakh")
    patronymic_kk: Mapped[str] = mapped_column(sa.String(100), default="", comment="patronymic in Kazakh")
    surname_lat: Mapped[str] = mapped_column(sa.String(100), default="", comment="surname as in the passport (Latin)")
    name_lat: Mapped[str] = mapped_column(sa.String(100), default="", comment="given name as in the passport (Latin)")
    sex: Mapped[str] = mapped_column(sa.String(1), comment="M or F")
    birth_date: Mapped[dt.date] = mapped_column(comment="date of birth")
    birth_place: Mapped[str] = mapped_column(sa.String(200), default="", comment="place of birth")
    citizenship: Mapped[str] = mapped_column(sa.String(2), default="KZ", comment="citizenship, ISO 3166")
    is_rf_citizen: Mapped[bool] = mapped_column(default=False, comment="also a citizen of Russia: not counted as a foreigner")
    region_code: Mapped[str | None] = mapped_column(
        sa.ForeignKey("region.code"), comment="region of last residence in Kazakhstan"
    )
    district_code: Mapped[str | None] = mapped_column(sa.ForeignKey("district.code"), comment="its district")
    settlement: Mapped[str] = mapped_column(sa.String(120), default="", comment="its settlement")
    sort_key: Mapped[str] = mapped_column(Key, comment="folded names in order of surname, name, patronymic")
    sort_key_kk: Mapped[str] = mapped_column(Key, server_default="", comment="names in the order of the Kazakh alphabet")
    surname_key: Mapped[str] = mapped_column(Key, comment="search key of the surname, one for three scripts")
    name_key: Mapped[str] = mapped_column(Key, comment="search key of the given name")
    patronymic_key: Mapped[str] = mapped_column(Key, default="", comment="search key of the patronymic")
    twin_key: Mapped[str] = mapped_column(
        Key, default=_twin, server_default="", comment="surname and name in any order, one key for three scripts"
    )
    twin_key_kk: Mapped[str] = mapped_column(
        Key, default=_other_twin("kk"), server_default="", comment="the same of the Kazakh writing, where it differs"
    )
    twin_key_lat: Mapped[str] = mapped_column(
        Key, default=_other_twin("lat"), server_default="", comment="the same of the Latin writing, where it differs"
    )
    ground: Mapped[str] = mapped_column(
        sa.String(300), default="", server_default="", comment="why it holds from its first day, when no order says it"
    )
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), comment="who entered it")
    recorded_by: Mapped[str] = mapped_column(sa.String(200), default=author, comment="name of who entered it")


class IdentityDocument(Base):
    """A document that proves identity. A new document is added; the old one stays as history."""

    __tablename__ = "identity_document"
    __table_args__ = (
        sa.Index("ix_identity_document_person_id", "person_id"),
        sa.UniqueConstraint("type_code", "number", "person_id"),
        sa.Index("ix_identity_document_number", "number", "type_code", "person_id"),
        {"comment": "identity documents with history"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="whose")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="office that keeps the record")
    type_code: Mapped[str] = mapped_column(sa.ForeignKey("document_type.code"), comment="kind of document")
    number: Mapped[str] = mapped_column(sa.String(40), comment="number, normalised")
    issued_by: Mapped[str] = mapped_column(sa.String(200), default="", comment="issued by")
    issued_on: Mapped[dt.date | None] = mapped_column(comment="date of issue")
    valid_until: Mapped[dt.date | None] = mapped_column(comment="last day of validity")
    is_presented: Mapped[bool] = mapped_column(
        default=False, server_default=sa.false(), comment="the one that the person shows now"
    )
    created_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)

    person: Mapped[Person] = relationship(back_populates="documents")


class PersonOffice(Base):
    """An office that reads a person whom another one keeps: it had the person before, or beside, the keeper.

    Names, birth and citizenship are one for both. Contacts stay as they were when the keeping parted: what the keeper enters
    later is not for others.
    """

    __tablename__ = "person_office"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "person_id"),
        sa.Index("ix_person_office_person_id", "person_id"),
        {"comment": "offices that read a person whom another one keeps"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="who reads")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="whom")
    snils: Mapped[str | None] = mapped_column(sa.String(14), comment="SNILS as it was then")
    phone: Mapped[str] = mapped_column(sa.String(40), default="", comment="phone as it was then")
    email: Mapped[str] = mapped_column(sa.String(255), default="", comment="e-mail as it was then")
    address: Mapped[str] = mapped_column(sa.String(300), default="", comment="address as it was then")
    is_in_dormitory: Mapped[bool] = mapped_column(default=False, comment="dormitory as it was then")
    since: Mapped[dt.datetime] = mapped_column(Moment, default=now, comment="when the keeping parted")


class DocumentOffice(Base):
    """An identity document that an office reads beside the keeper: those that were there when the keeping parted."""

    __tablename__ = "document_office"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "document_id"),
        sa.Index("ix_document_office_document_id", "document_id"),
        {"comment": "identity documents that an office reads beside the keeper"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="who reads")
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("identity_document.id"), comment="what")
    since: Mapped[dt.datetime] = mapped_column(Moment, default=now, comment="when the keeping parted")


class PersonDetails(Base):
    """What an office knows of a human besides the facts and the contacts: numbers, further contacts, school, languages.

    A table of its own, not columns of Person: most people have few of these, and what the office that keeps a person learns is
    not for the offices that read along. So each office has its own row: when the keeping parts, the row is copied, and what is
    written later stays with the keeper (docs/adr/0006). Of the person the row of the keeper is the one that holds.
    """

    __tablename__ = "person_details"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "person_id"),
        sa.CheckConstraint("school_year is null or school_year between 1950 and 2100", name="school_year_is_possible"),
        sa.Index("ix_person_details_person_id", "person_id"),
        {"comment": "further particulars of a person as an office knows them; edited, every change is in the log"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="whose")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="office that knows it")
    inn: Mapped[str] = mapped_column(sa.String(12), default="", comment="INN of Russia")
    phone_kz: Mapped[str] = mapped_column(sa.String(40), default="", comment="phone in Kazakhstan")
    messenger: Mapped[str] = mapped_column(sa.String(100), default="", comment="messenger and name in it")
    room: Mapped[str] = mapped_column(sa.String(40), default="", comment="dormitory and room")
    close_name: Mapped[str] = mapped_column(sa.String(200), default="", comment="whom to call: name")
    close_relation: Mapped[str] = mapped_column(sa.String(60), default="", comment="whom to call: who it is")
    close_phone: Mapped[str] = mapped_column(sa.String(40), default="", comment="whom to call: phone")
    school: Mapped[str] = mapped_column(sa.String(300), default="", comment="school that was finished in Kazakhstan")
    school_year: Mapped[int | None] = mapped_column(comment="year of finishing it")
    compatriot: Mapped[str] = mapped_column(sa.String(10), default="", comment="compatriot: no, self (said so), document")
    native_language: Mapped[str] = mapped_column(sa.String(10), default="", comment="native language: kk, ru, other")
    russian_level: Mapped[str] = mapped_column(sa.String(12), default="", comment="level of Russian")
    updated_at: Mapped[dt.datetime] = mapped_column(Moment, default=now, onupdate=now, comment="last change")
    updated_by: Mapped[str] = mapped_column(sa.String(200), default=author, onupdate=author, comment="who changed it last")


class Guardian(Base):
    """Who acts for a person under 18. As with PersonDetails each office has its own rows: a third party is nobody else's."""

    __tablename__ = "guardian"
    __table_args__ = (
        sa.CheckConstraint("until is null or until >= since", name="ends_after_start"),
        sa.Index("ix_guardian_person_id", "person_id"),
        {"comment": "legal representatives of minors; one that no longer acts is ended, not deleted"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="of whom")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="office that knows it")
    name: Mapped[str] = mapped_column(sa.String(200), comment="full name")
    relation: Mapped[str] = mapped_column(sa.String(20), comment="mother, father, adoptive, trustee, other")
    document: Mapped[str] = mapped_column(sa.String(200), default="", comment="document that proves it")
    phone: Mapped[str] = mapped_column(sa.String(40), default="", comment="phone")
    since: Mapped[dt.date] = mapped_column(comment="acts since")
    until: Mapped[dt.date | None] = mapped_column(comment="last day; empty: until the age of 18")
    created_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)
    updated_by: Mapped[str] = mapped_column(sa.String(200), default=author, onupdate=author, comment="who changed it last")
