"""An internship: practice of a student, or internship of a specialist, at an enterprise of the Krai."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.database import Base, Key, Moment, new_public_id, now
from exchange.organisations.models import Organisation


class Internship(Base):
    """One person at one enterprise for one span of days.

    It carries the names that the enterprise entered, so that an enterprise never needs to see a row of the student register.
    `student_id` is set when the university has recognised its student.
    """

    __tablename__ = "internship"
    __table_args__ = (
        sa.CheckConstraint("kind in ('practice', 'specialist')", name="kind_is_known"),
        sa.CheckConstraint(
            "status in ('planned', 'confirmed', 'started', 'finished', 'evaluated', 'cancelled', 'interrupted')",
            name="status_is_known",
        ),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        sa.CheckConstraint("hours_planned is null or hours_planned >= 0", name="planned_hours_not_negative"),
        sa.CheckConstraint("hours_done is null or hours_done >= 0", name="done_hours_not_negative"),
        sa.CheckConstraint("grade is null or grade between 2 and 5", name="grade_is_possible"),
        sa.CheckConstraint("recognition in ('not_needed', 'waiting', 'recognised', 'refused')", name="recognition_is_known"),
        sa.Index("ix_internship_enterprise_id", "enterprise_id", "starts_on"),
        sa.Index("ix_internship_university_id", "university_id", "recognition"),
        sa.Index("ix_internship_student_id", "student_id"),
        sa.Index("ix_internship_starts_on", "starts_on"),
        {"comment": "practice of students and internships of specialists at enterprises"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(12), unique=True, default=new_public_id, comment="id in addresses")
    kind: Mapped[str] = mapped_column(sa.String(20), comment="practice (student) or specialist")
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="host enterprise")
    university_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), comment="sending university")
    student_id: Mapped[int | None] = mapped_column(sa.ForeignKey("student.id"), comment="the student, once recognised")
    recognition: Mapped[str] = mapped_column(sa.String(20), comment="does the university know this student?")
    agreed_at: Mapped[dt.datetime | None] = mapped_column(Moment, comment="when the university agreed the placement")
    agreed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    refusal: Mapped[str] = mapped_column(sa.String(400), default="", comment="why the university refused")

    surname: Mapped[str] = mapped_column(sa.String(100), comment="surname as the enterprise entered it")
    name: Mapped[str] = mapped_column(sa.String(100), comment="given name")
    patronymic: Mapped[str] = mapped_column(sa.String(100), default="", comment="patronymic, if any")
    sort_key: Mapped[str] = mapped_column(Key, comment="folded names")
    surname_key: Mapped[str] = mapped_column(Key, comment="search key of the surname")
    iin: Mapped[str | None] = mapped_column(sa.String(12), comment="IIN as the enterprise entered it")
    birth_date: Mapped[dt.date | None] = mapped_column(comment="date of birth as the enterprise entered it")
    sex: Mapped[str | None] = mapped_column(sa.String(1), comment="M or F")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    email: Mapped[str] = mapped_column(sa.String(255), default="")

    employer: Mapped[str] = mapped_column(sa.String(200), default="", comment="specialist: sending employer in Kazakhstan")
    employer_bin: Mapped[str] = mapped_column(sa.String(12), default="", comment="its BIN")
    position: Mapped[str] = mapped_column(sa.String(200), default="", comment="specialist: post")
    programme: Mapped[str] = mapped_column(sa.String(400), default="", comment="programme or task")

    starts_on: Mapped[dt.date] = mapped_column(comment="first day")
    ends_on: Mapped[dt.date] = mapped_column(comment="last day, included")
    department: Mapped[str] = mapped_column(sa.String(200), default="", comment="shop or department")
    mentor: Mapped[str] = mapped_column(sa.String(200), default="", comment="mentor at the enterprise")
    mentor_phone: Mapped[str] = mapped_column(sa.String(40), default="")
    hours_planned: Mapped[int | None] = mapped_column(comment="hours planned, whole period")
    hours_done: Mapped[int | None] = mapped_column(comment="hours done, whole period; weeks, if kept, add up to it")
    briefing_on: Mapped[dt.date | None] = mapped_column(comment="date of the safety briefing (decree 2464 of 24.12.2021)")
    grade: Mapped[int | None] = mapped_column(comment="mark, 2 to 5")
    review: Mapped[str] = mapped_column(sa.String(2000), default="", comment="review of the mentor")
    outcome: Mapped[str | None] = mapped_column(sa.String(20), comment="hired, invited, reserve, no; empty: not said")
    status: Mapped[str] = mapped_column(sa.String(20), comment="stage of the internship")
    status_reason: Mapped[str] = mapped_column(sa.String(400), default="", comment="why cancelled or interrupted")

    created_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    brought_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id"), comment="university that brought the record for the enterprise"
    )
    updated_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)
    version: Mapped[int] = mapped_column(default=1, comment="grows with every change")

    enterprise: Mapped[Organisation] = relationship(foreign_keys=[enterprise_id])
    university: Mapped[Organisation | None] = relationship(foreign_keys=[university_id])
    brought_by: Mapped[Organisation | None] = relationship(foreign_keys=[brought_by_id])
    weeks: Mapped[list[InternshipWeek]] = relationship(order_by="InternshipWeek.week_on", back_populates="internship")

    __mapper_args__ = {"version_id_col": version}


class InternshipWeek(Base):
    """Hours of one calendar week of an internship."""

    __tablename__ = "internship_week"
    __table_args__ = (
        sa.UniqueConstraint("internship_id", "week_on"),
        sa.CheckConstraint("hours_planned between 0 and 60", name="planned_hours_possible"),
        sa.CheckConstraint("hours_done between 0 and 60", name="done_hours_possible"),
        {"comment": "planned and actual hours by week"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    internship_id: Mapped[int] = mapped_column(sa.ForeignKey("internship.id"))
    enterprise_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="host enterprise")
    university_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), comment="sending university")
    week_on: Mapped[dt.date] = mapped_column(comment="Monday of the week")
    hours_planned: Mapped[int] = mapped_column(default=0)
    hours_done: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(sa.String(300), default="")

    internship: Mapped[Internship] = relationship(back_populates="weeks")
