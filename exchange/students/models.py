"""A student, the orders of a university, and the study periods that follow from them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.access.actor import author
from exchange.database import Base, Moment, TwoTimes, new_public_id, now
from exchange.people.models import Person


class Student(Base):
    """One enrolment of one person at one university; what and how is studied when, is in its study periods."""

    __tablename__ = "student"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "record_book_no"),
        sa.Index("ix_student_record_book_no", "record_book_no"),
        sa.Index("ix_student_person_id", "person_id"),
        sa.Index("ix_student_updated_at", "organisation_id", "updated_at", "id"),
        sa.Index("ix_student_updated_at_all", "updated_at", "id"),
        {"comment": "one enrolment of a person at a university"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(12), unique=True, default=new_public_id, comment="id in addresses")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="who")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="university or branch")
    record_book_no: Mapped[str] = mapped_column(
        sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql"),
        comment="number of the personal file, unique in the university",
    )
    faculty: Mapped[str] = mapped_column(sa.String(200), default="", comment="institute or faculty")
    planned_end_on: Mapped[dt.date | None] = mapped_column(comment="planned end of study")
    note: Mapped[str] = mapped_column(sa.String(1000), default="", comment="remark of the office")
    created_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    updated_at: Mapped[dt.datetime] = mapped_column(Moment, default=now, comment="last change of anything on the card")
    updated_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    updated_by: Mapped[str] = mapped_column(
        sa.String(200), default=author, onupdate=author, comment="name of who changed the card last"
    )
    version: Mapped[int] = mapped_column(default=1, comment="grows with every change")

    person: Mapped[Person] = relationship()

    __mapper_args__ = {"version_id_col": version}


class StudentDetails(Base):
    """What is known of an enrolment that no order says: contract, quota, earlier education, what came after.

    A table of its own, not columns of Student: the list and the search read Student all the time, and half of the records have
    nothing here. No row: nothing is known.
    """

    __tablename__ = "student_details"
    __table_args__ = (
        sa.UniqueConstraint("student_id"),
        sa.CheckConstraint("quota_year is null or quota_year between 1990 and 2100", name="quota_year_is_possible"),
        sa.Index("ix_student_details_organisation_id", "organisation_id"),
        {"comment": "particulars of an enrolment that no order says; edited, every change is in the log"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(sa.ForeignKey("student.id"), comment="of which enrolment")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="university or branch")
    language: Mapped[str] = mapped_column(sa.String(10), default="", comment="language of instruction: ru, kk, en, other")
    accredited: Mapped[str] = mapped_column(sa.String(3), default="", comment="the programme is accredited: yes, no")
    contract_no: Mapped[str] = mapped_column(sa.String(60), default="", comment="number of the contract of education")
    contract_on: Mapped[dt.date | None] = mapped_column(comment="its date")
    contract_payer: Mapped[str] = mapped_column(sa.String(200), default="", comment="who pays by it")
    quota_ref: Mapped[str] = mapped_column(sa.String(60), default="", comment="number of the quota direction or file")
    quota_year: Mapped[int | None] = mapped_column(comment="year of the quota")
    prior_type: Mapped[str] = mapped_column(sa.String(12), default="", comment="kind of the earlier education document")
    prior_series: Mapped[str] = mapped_column(sa.String(20), default="", comment="its series")
    prior_number: Mapped[str] = mapped_column(sa.String(40), default="", comment="its number")
    prior_on: Mapped[dt.date | None] = mapped_column(comment="its date")
    prior_country: Mapped[str] = mapped_column(sa.String(2), default="", comment="country that issued it, ISO 3166")
    prior_recognition: Mapped[str] = mapped_column(sa.String(12), default="", comment="recognition: auto, procedure, none")
    scholarship: Mapped[str] = mapped_column(sa.String(12), default="", comment="scholarship: none, rf, bolashak, other")
    partner: Mapped[str] = mapped_column(sa.String(200), default="", comment="partner of the dual degree programme")
    curator: Mapped[str] = mapped_column(sa.String(200), default="", comment="curator in the university")
    recognition_kz: Mapped[str] = mapped_column(
        sa.String(12), default="", comment="recognition of the Russian diploma in Kazakhstan"
    )
    outcome: Mapped[str] = mapped_column(sa.String(12), default="", comment="after graduation: kz, ru, other, study, unknown")
    outcome_country: Mapped[str] = mapped_column(sa.String(2), default="", comment="country, ISO 3166")
    outcome_region: Mapped[str] = mapped_column(sa.String(120), default="", comment="region")
    outcome_organisation: Mapped[str] = mapped_column(sa.String(200), default="", comment="employer or university")
    outcome_on: Mapped[dt.date | None] = mapped_column(comment="day on which the graduate was asked")
    updated_at: Mapped[dt.datetime] = mapped_column(Moment, default=now, onupdate=now, comment="last change")
    updated_by: Mapped[str] = mapped_column(sa.String(200), default=author, onupdate=author, comment="who changed it last")


class Order(Base):
    """An order of a university (or a roster that it sent): the paper that stands behind facts. One paper, many students."""

    __tablename__ = "university_order"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "type_code", "number", "signed_on"),
        sa.Index("ix_university_order_number", "number"),
        {"comment": "orders of universities"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(12), unique=True, default=new_public_id, comment="id in addresses")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="university or branch")
    type_code: Mapped[str] = mapped_column(sa.ForeignKey("order_type.code"), comment="kind of order")
    number: Mapped[str] = mapped_column(sa.String(60), comment="number")
    signed_on: Mapped[dt.date] = mapped_column(comment="date of the order")
    note: Mapped[str] = mapped_column(sa.String(400), default="", comment="remark")
    expected_lines: Mapped[int | None] = mapped_column(comment="how many students the paper names; empty: not said")
    effective_on: Mapped[dt.date | None] = mapped_column(comment="works from this day, as entered before its students")
    fields: Mapped[dict[str, Any] | None] = mapped_column(
        sa.JSON(none_as_null=True), comment="what it sets for all, as entered before its students"
    )
    recorded_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    recorded_by: Mapped[str] = mapped_column(sa.String(200), default=author, comment="name of who entered it")


class OrderLine(Base):
    """What an order says of one student. Never edited: a wrong one is annulled by a line of an order of cancellation."""

    __tablename__ = "order_line"
    __table_args__ = (
        sa.Index("ix_order_line_student_id", "student_id", "effective_on", "id"),
        sa.Index("ix_order_line_order_id", "order_id"),
        sa.Index("ix_order_line_organisation_id", "organisation_id", "effective_on"),
        sa.Index("ix_order_line_effective_on", "effective_on", "event", "student_id"),
        sa.UniqueConstraint("cancels_line_id"),
        {"comment": "what an order says of one student; the only source of study periods"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("university_order.id"), comment="the order")
    student_id: Mapped[int] = mapped_column(sa.ForeignKey("student.id"), comment="of whom")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="university or branch")
    event: Mapped[str] = mapped_column(sa.String(40), comment="event of the table of transitions, e.g. enrol, leave_academic")
    effective_on: Mapped[dt.date] = mapped_column(comment="works from the start of this day")
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="what it sets: programme, course, ground, …")
    cancels_line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("order_line.id"), comment="the line that this one annuls")
    recorded_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    recorded_by: Mapped[str] = mapped_column(sa.String(200), default=author, comment="name of who entered it")

    order: Mapped[Order] = relationship()


class StudyPeriod(TwoTimes, Base):
    """Where, what and how a student studies from a day to a day; computed from orders, never edited."""

    __tablename__ = "study_period"
    __table_args__ = (
        sa.CheckConstraint("valid_to is null or valid_to > valid_from", name="ends_after_start"),
        sa.CheckConstraint("superseded_at is null or superseded_at >= recorded_at", name="superseded_after_recorded"),
        sa.CheckConstraint("course is null or course between 1 and 7", name="course_is_possible"),
        sa.Index("ix_study_period_student_id", "student_id", "valid_from"),
        sa.Index("ix_study_period_day", "organisation_id", "valid_from", "valid_to"),
        # all that a count on a day reads
        sa.Index(
            "ix_study_period_held",
            "valid_to",
            "valid_from",
            "organisation_id",
            "status_code",
            "in_contingent",
            "person_id",
            "student_id",
            "course",
            "superseded_at",
            sqlite_where=sa.text("superseded_at is null"),
            postgresql_where=sa.text("superseded_at is null"),
        ),
        sa.Index(
            "ix_study_period_course",
            "organisation_id",
            "course",
            "student_id",
            sqlite_where=sa.text("superseded_at is null"),
            postgresql_where=sa.text("superseded_at is null"),
        ),
        sa.Index(
            "ix_study_period_programme",
            "programme_code",
            "organisation_id",
            sqlite_where=sa.text("superseded_at is null"),
            postgresql_where=sa.text("superseded_at is null"),
        ),
        {"comment": "two-times study periods, computed from order lines"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(sa.ForeignKey("student.id"), comment="who")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), comment="the person, for counting people")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="university or branch")
    order_line_id: Mapped[int] = mapped_column(sa.ForeignKey("order_line.id"), comment="the line that began the period")
    programme_code: Mapped[str] = mapped_column(sa.String(40), comment="field of study; nearly always a line of programme")
    programme_name: Mapped[str] = mapped_column(
        sa.String(400), default="", comment="name as the document gives it, for codes that the shipped list does not have"
    )
    level_code: Mapped[str] = mapped_column(sa.ForeignKey("level.code"), comment="level")
    form_code: Mapped[str] = mapped_column(sa.ForeignKey("study_form.code"), comment="mode of study")
    funding_code: Mapped[str] = mapped_column(sa.ForeignKey("funding.code"), comment="source of funding")
    course: Mapped[int | None] = mapped_column(comment="year of study; empty: not known for these days")
    group_name: Mapped[str] = mapped_column(sa.String(40), default="", comment="study group")
    status_code: Mapped[str] = mapped_column(sa.ForeignKey("status.code"), comment="status that follows from the orders")
    in_contingent: Mapped[bool] = mapped_column(comment="the status counts as student body")


class Undo(Base):
    """An act that can be taken back for a day: what it was, of whom, and what the records were like right after it.

    `content` is what is needed to take it back. It may hold values of a card as they were, so it is emptied when it was used
    and removed when its time is over.
    """

    __tablename__ = "undo"
    __table_args__ = (
        sa.Index("ix_undo_organisation_id", "organisation_id", "expires_at"),
        sa.Index("ix_undo_student_id", "student_id"),
        {"comment": "acts that can be taken back for a day"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(12), unique=True, default=new_public_id, comment="id in addresses")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="whose office may take it back")
    student_id: Mapped[int | None] = mapped_column(sa.ForeignKey("student.id"), comment="of whom; empty: of several")
    kind: Mapped[str] = mapped_column(sa.String(40), comment="what was done, e.g. order:recorded")
    seen: Mapped[dict[str, Any]] = mapped_column(comment="records as the act left them: public id of a student -> version")
    content: Mapped[dict[str, Any]] = mapped_column(comment="what is needed to take it back; emptied afterwards")
    recorded_at: Mapped[dt.datetime] = mapped_column(Moment, default=now, comment="when it was done")
    recorded_by: Mapped[str] = mapped_column(sa.String(200), default=author, comment="name of who did it")
    expires_at: Mapped[dt.datetime] = mapped_column(Moment, comment="until when it can be taken back")
    undone_at: Mapped[dt.datetime | None] = mapped_column(Moment, comment="when it was taken back")
    undone_by: Mapped[str] = mapped_column(sa.String(200), default="", comment="name of who took it back")


class SavedView(Base):
    """A list of students that somebody calls by a name: its filters, order and columns. Words of a search are not kept."""

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("user_id", "name"), {"comment": "lists of students that people saved under a name"})

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(12), unique=True, default=new_public_id, comment="id in addresses")
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), comment="whose")
    name: Mapped[str] = mapped_column(sa.String(40), comment="what its owner calls it")
    query: Mapped[str] = mapped_column(sa.String(1000), comment="filters, order and columns as in the address of the list")
    created_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)
