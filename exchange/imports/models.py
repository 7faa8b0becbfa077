"""An uploaded file and what its check said of every row."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column

from exchange.access.actor import author
from exchange.database import Base, Moment, new_public_id, now


class Import(Base):
    """A file that somebody brought: checked first, applied on request, never twice."""

    __tablename__ = "import_file"
    __table_args__ = (
        sa.CheckConstraint("kind in ('students', 'interns')", name="kind_is_known"),
        sa.CheckConstraint(
            "state in ('received', 'refused', 'checked', 'applied', 'cancelled', 'undone')", name="state_is_known"
        ),
        sa.Index("ix_import_file_organisation_id", "organisation_id", "created_at"),
        sa.Index("ix_import_file_sha256", "organisation_id", "kind", "sha256"),
        {"comment": "uploaded rosters"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(12), unique=True, default=new_public_id, comment="id in addresses")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="for which organisation")
    kind: Mapped[str] = mapped_column(sa.String(20), comment="students or interns")
    file_name: Mapped[str] = mapped_column(sa.String(255), comment="name of the file as uploaded")
    sha256: Mapped[str] = mapped_column(sa.String(64), comment="hash of the file")
    size: Mapped[int] = mapped_column(comment="bytes")
    content: Mapped[bytes] = deferred(mapped_column(sa.LargeBinary, comment="the file itself"))
    as_of_on: Mapped[dt.date] = mapped_column(comment="day for which the roster speaks")
    state: Mapped[str] = mapped_column(
        sa.String(20), default="checked", comment="received, refused, checked, applied, cancelled, undone"
    )
    columns: Mapped[list[Any]] = mapped_column(default=list, comment="how columns were understood, by sheet")
    decisions: Mapped[dict[str, Any]] = mapped_column(
        default=dict, server_default="{}", comment="what a person decided of columns, words, cells and rows"
    )
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="people_rows, accepted, rejected, warnings, new, …")
    created_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    created_by: Mapped[str] = mapped_column(sa.String(200), default=author, comment="name of who brought it")
    applied_at: Mapped[dt.datetime | None] = mapped_column(Moment)
    applied_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    applied_by: Mapped[str] = mapped_column(sa.String(200), default="", comment="name of who applied it")
    undo_until: Mapped[dt.datetime | None] = mapped_column(Moment, comment="until when what it did can be taken back")
    undone_at: Mapped[dt.datetime | None] = mapped_column(Moment, comment="when it was taken back")
    undone_by: Mapped[str] = mapped_column(sa.String(200), default="", server_default="", comment="name of who took it back")
    host_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organisation.id"), comment="enterprise for which a university brought a list of interns"
    )
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class ImportRow(Base):
    """One row of people in the file, with Excel's own row number."""

    __tablename__ = "import_row"
    __table_args__ = (
        sa.CheckConstraint("verdict in ('new', 'changed', 'unchanged', 'error', 'skipped')", name="verdict_is_known"),
        sa.Index("ix_import_row_import_id", "import_id", "verdict", "id"),
        sa.Index("ix_import_row_subject_id", "subject_id"),
        {"comment": "rows of uploaded rosters"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("import_file.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="for which organisation")
    sheet: Mapped[str] = mapped_column(sa.String(100), comment="name of the sheet")
    row_number: Mapped[int] = mapped_column(comment="row number as Excel shows it")
    title: Mapped[str] = mapped_column(sa.String(320), comment="who: names as understood")
    verdict: Mapped[str] = mapped_column(sa.String(20), comment="new, changed, unchanged, error, skipped")
    has_warnings: Mapped[bool] = mapped_column(default=False)
    values: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="fields as understood, for the form")
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="field -> [was, becomes]")
    problems: Mapped[list[Any]] = mapped_column(default=list, comment="cell, field, value, severity, message")
    subject_id: Mapped[str] = mapped_column(sa.String(12), default="", comment="public id of the record it made or met")
    journal: Mapped[dict[str, Any] | None] = mapped_column(
        sa.JSON(none_as_null=True), comment="what applying did: the record as it was left, what stood there before"
    )


class ImportChoice(Base):
    """What an organisation decided of a heading or of a word in a cell, to be read so in its later uploads."""

    __tablename__ = "import_choice"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "kind", "field", "text", name="uq_import_choice_text"),
        {"comment": "what headings and words of uploads mean in an organisation"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(12), unique=True, default=new_public_id, comment="id in addresses")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), comment="whose uploads are read so")
    kind: Mapped[str] = mapped_column(sa.String(20), comment="students or interns")
    field: Mapped[str] = mapped_column(
        sa.String(40), default="", comment="of which field the word is; empty: text is a heading"
    )
    text: Mapped[str] = mapped_column(sa.String(300), comment="heading or word, made plain")
    shown: Mapped[str] = mapped_column(sa.String(300), comment="the text as it stood in the file")
    choice: Mapped[str] = mapped_column(
        sa.String(300), comment="field of a heading (empty: not loaded), or text to read instead"
    )
    file_name: Mapped[str] = mapped_column(sa.String(255), comment="the upload in which it was decided")
    recorded_at: Mapped[dt.datetime] = mapped_column(Moment, default=now)
    recorded_by: Mapped[str] = mapped_column(sa.String(200), default=author, comment="name of who decided")
