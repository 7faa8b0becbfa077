"""The foundation: organisations, accounts, people, students and their orders, internships, imports, the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Keys for search and order are compared byte by byte on both databases.
KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")

ONE_FACT_A_DAY = (("person_facts", "person_id"), ("study_period", "student_id"))


def no_overlap(table: str, owner: str) -> None:
    """Two current facts of one owner never hold on one day."""
    name = f"ex_{table}_one_fact_a_day"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist (int8range({owner}, {owner}, '[]') WITH &&, "
            "daterange(valid_from, valid_to) WITH &&) WHERE (superseded_at IS NULL)"
        )
        return
    overlap = (
        f"SELECT 1 FROM {table} o WHERE o.{owner} = NEW.{owner} AND o.superseded_at IS NULL AND o.id <> NEW.id "
        "AND (o.valid_to IS NULL OR o.valid_to > NEW.valid_from) AND (NEW.valid_to IS NULL OR NEW.valid_to > o.valid_from)"
    )
    for when in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER {name}_{when.lower()} AFTER {when} ON {table} WHEN NEW.superseded_at IS NULL "
            f"AND EXISTS ({overlap}) BEGIN SELECT RAISE(ABORT, '{name}'); END"
        )


def append_only(table: str) -> None:
    """What is written in the log stays as it is."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION stays_as_it_is() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION stays_as_it_is()"
        )
        return
    for when in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_stays_{when.lower()} BEFORE {when} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        )


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False, comment="e-mail, lower case; name at sign-in"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="name of the person"),
        sa.Column("position", sa.String(length=200), nullable=False, comment="office or post"),
        sa.Column(
            "password", sa.String(length=255), nullable=True, comment="argon2id hash; empty until the invitation is used"
        ),
        sa.Column("active", sa.Boolean(), nullable=False, comment="may sign in"),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False, comment="changing it ends all sessions"),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True, comment="when the invitation was used"),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False, comment="when invited"),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("current_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_login_ip", sa.String(length=64), nullable=True),
        sa.Column("current_login_ip", sa.String(length=64), nullable=True),
        sa.Column("login_count", sa.Integer(), nullable=True),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True, comment="second factor: authenticator, or empty"),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True, comment="encrypted secret of the second factor"),
        sa.Column("mf_recovery_codes", sa.Text(), nullable=True, comment="hashed codes"),
        sa.Column("language", sa.String(length=2), nullable=False, comment="language of the interface"),
        sa.Column("is_demo", sa.Boolean(), nullable=False, comment="account of the demonstration; production refuses to start"),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows with every change by an administrator"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
        comment="accounts of people",
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="number in the chain, without gaps"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="when"),
        sa.Column("user_id", sa.Integer(), nullable=True, comment="account, empty for commands of an operator"),
        sa.Column("user_name", sa.String(length=200), nullable=False, comment="name of the account at that time"),
        sa.Column("organisation_id", sa.Integer(), nullable=True, comment="for which organisation"),
        sa.Column("role", sa.String(length=20), nullable=False, comment="in which role"),
        sa.Column("address", sa.String(length=64), nullable=False, comment="network address of the request"),
        sa.Column("action", sa.String(length=60), nullable=False, comment="what: resource:verb"),
        sa.Column("subject_type", sa.String(length=40), nullable=False, comment="kind of the record"),
        sa.Column("subject_id", sa.String(length=40), nullable=False, comment="public id of the record"),
        sa.Column("details", sa.JSON(), nullable=False, comment="changed fields (before, after), filters, counts"),
        sa.Column("previous_hash", sa.String(length=64), nullable=False, comment="hash of the entry before"),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="SHA-256 over this entry and previous_hash"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        comment="who changed, viewed and downloaded what; append-only, hash-chained",
    )
    op.create_index("ix_audit_entry_action", "audit_entry", ["action", "id"], unique=False)
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"], unique=False)
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject_type", "subject_id"], unique=False)
    op.create_index("ix_audit_entry_user_id", "audit_entry", ["user_id", "id"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="number of the newest entry"),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="hash of the newest entry"),
        sa.Column("data_version", sa.Integer(), nullable=False, comment="grows by one with every change of data"),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
        comment="end of the audit chain; one row",
    )
    op.create_table(
        "document_type",
        sa.Column("code", sa.String(length=40), nullable=False, comment="code of the classifier"),
        sa.Column("name_ru", sa.String(length=400), nullable=False, comment="name in Russian"),
        sa.Column("name_kk", sa.String(length=400), nullable=False, comment="name in Kazakh"),
        sa.Column("name_en", sa.String(length=400), nullable=False, comment="name in English"),
        sa.Column("sort", sa.Integer(), nullable=False, comment="order of display"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_document_type")),
        comment="kinds of documents",
    )
    op.create_table(
        "expulsion_ground",
        sa.Column("code", sa.String(length=40), nullable=False, comment="code of the classifier"),
        sa.Column("name_ru", sa.String(length=400), nullable=False, comment="name in Russian"),
        sa.Column("name_kk", sa.String(length=400), nullable=False, comment="name in Kazakh"),
        sa.Column("name_en", sa.String(length=400), nullable=False, comment="name in English"),
        sa.Column("sort", sa.Integer(), nullable=False, comment="order of display"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_expulsion_ground")),
        comment="grounds of expulsion",
    )
    op.create_table(
        "funding",
        sa.Column("funding_group", sa.String(length=20), nullable=False, comment="budget, quota, contract or other"),
        sa.Column("code", sa.String(length=40), nullable=False, comment="code of the classifier"),
        sa.Column("name_ru", sa.String(length=400), nullable=False, comment="name in Russian"),
        sa.Column("name_kk", sa.String(length=400), nullable=False, comment="name in Kazakh"),
        sa.Column("name_en", sa.String(length=400), nullable=False, comment="name in English"),
        sa.Column("sort", sa.Integer(), nullable=False, comment="order of display"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_funding")),
        comment="sources of funding",
    )
    op.create_table(
        "level",
        sa.Column("code", sa.String(length=40), nullable=False, comment="code of the classifier"),
        sa.Column("name_ru", sa.String(length=400), nullable=False, comment="name in Russian"),
        sa.Column("name_kk", sa.String(length=400), nullable=False, comment="name in Kazakh"),
        sa.Column("name_en", sa.String(length=400), nullable=False, comment="name in English"),
        sa.Column("sort", sa.Integer(), nullable=False, comment="order of display"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_level")),
        comment="levels of education",
    )
    op.create_table(
        "limit_hit",
        sa.Column("key", sa.String(length=200), nullable=False, comment="what is limited, for whom, in which window"),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limit_hit")),
        comment="counters of limits",
    )
    op.create_index("ix_limit_hit_expires_at", "limit_hit", ["expires_at"], unique=False)
    op.create_table(
        "order_type",
        sa.Column("code", sa.String(length=40), nullable=False, comment="code of the classifier"),
        sa.Column("name_ru", sa.String(length=400), nullable=False, comment="name in Russian"),
        sa.Column("name_kk", sa.String(length=400), nullable=False, comment="name in Kazakh"),
        sa.Column("name_en", sa.String(length=400), nullable=False, comment="name in English"),
        sa.Column("sort", sa.Integer(), nullable=False, comment="order of display"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_order_type")),
        comment="kinds of orders",
    )
    op.create_table(
        "region",
        sa.Column("code", sa.String(length=40), nullable=False, comment="code of the classifier"),
        sa.Column("name_ru", sa.String(length=400), nullable=False, comment="name in Russian"),
        sa.Column("name_kk", sa.String(length=400), nullable=False, comment="name in Kazakh"),
        sa.Column("name_en", sa.String(length=400), nullable=False, comment="name in English"),
        sa.Column("sort", sa.Integer(), nullable=False, comment="order of display"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
        comment="regions of Kazakhstan (KATO)",
    )
    op.create_table(
        "security_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_role")),
        sa.UniqueConstraint("name", name=op.f("uq_security_role_name")),
        comment="required by the sign-in library; always empty",
    )
    op.create_table(
        "status",
        sa.Column("in_contingent", sa.Boolean(), nullable=False, comment="counts as student body"),
        sa.Column("code", sa.String(length=40), nullable=False, comment="code of the classifier"),
        sa.Column("name_ru", sa.String(length=400), nullable=False, comment="name in Russian"),
        sa.Column("name_kk", sa.String(length=400), nullable=False, comment="name in Kazakh"),
        sa.Column("name_en", sa.String(length=400), nullable=False, comment="name in English"),
        sa.Column("sort", sa.Integer(), nullable=False, comment="order of display"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_status")),
        comment="statuses of an enrolment",
    )
    op.create_table(
        "study_form",
        sa.Column("code", sa.String(length=40), nullable=False, comment="code of the classifier"),
        sa.Column("name_ru", sa.String(length=400), nullable=False, comment="name in Russian"),
        sa.Column("name_kk", sa.String(length=400), nullable=False, comment="name in Kazakh"),
        sa.Column("name_en", sa.String(length=400), nullable=False, comment="name in English"),
        sa.Column("sort", sa.Integer(), nullable=False, comment="order of display"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_study_form")),
        comment="modes of study",
    )
    op.create_table(
        "submission",
        sa.Column("token", sa.String(length=40), nullable=False, comment="one-time token of the form"),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="who sent it"),
        sa.Column("location", sa.String(length=500), nullable=False, comment="address of the result"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_submission")),
        comment="one-time tokens of forms already sent",
    )
    op.create_index("ix_submission_created_at", "submission", ["created_at"], unique=False)
    op.create_table(
        "working_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False, comment="a working day, transfers included"),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_working_day")),
        comment="production calendar of Russia, every day of the years known",
    )
    op.create_table(
        "district",
        sa.Column("region_code", sa.String(length=40), nullable=False, comment="region"),
        sa.Column("code", sa.String(length=40), nullable=False, comment="code of the classifier"),
        sa.Column("name_ru", sa.String(length=400), nullable=False, comment="name in Russian"),
        sa.Column("name_kk", sa.String(length=400), nullable=False, comment="name in Kazakh"),
        sa.Column("name_en", sa.String(length=400), nullable=False, comment="name in English"),
        sa.Column("sort", sa.Integer(), nullable=False, comment="order of display"),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_district_region_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_district")),
        comment="districts of Kazakhstan (KATO, 17.10.2022)",
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False, comment="short Latin code, e.g. ASTU"),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="university, branch, enterprise, authority, partner"),
        sa.Column("short_ru", sa.String(length=120), nullable=False, comment="short name in Russian"),
        sa.Column("name_ru", sa.String(length=400), nullable=False, comment="full name in Russian"),
        sa.Column("name_kk", sa.String(length=400), nullable=False, comment="full name in Kazakh"),
        sa.Column("name_en", sa.String(length=400), nullable=False, comment="full name in English"),
        sa.Column("parent_id", sa.Integer(), nullable=True, comment="head organisation of a branch"),
        sa.Column("city", sa.String(length=120), nullable=False, comment="city"),
        sa.Column("founder", sa.String(length=200), nullable=False, comment="founder of a university"),
        sa.Column("industry", sa.String(length=200), nullable=False, comment="industry of an enterprise"),
        sa.Column("country", sa.String(length=2), nullable=False, comment="ISO 3166 country"),
        sa.Column("region_code", sa.String(length=40), nullable=True, comment="region of a partner in Kazakhstan"),
        sa.Column("tax_number", sa.String(length=12), nullable=False, comment="INN (Russia) or BIN (Kazakhstan)"),
        sa.Column("contact", sa.String(length=300), nullable=False, comment="office, phone and e-mail that others may use"),
        sa.Column("restriction", sa.String(length=300), nullable=False, comment="limits of access for foreigners"),
        sa.Column("is_active", sa.Boolean(), nullable=False, comment="takes part now; closed ones stay for history"),
        sa.Column("note", sa.String(length=400), nullable=False, comment="source and doubts"),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows with every change"),
        sa.CheckConstraint(
            "kind in ('university', 'branch', 'enterprise', 'authority', 'partner')", name=op.f("ck_organisation_kind_is_known")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["organisation.id"], name=op.f("fk_organisation_parent_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_organisation_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
        comment="universities and branches, enterprises, authorities, partners",
    )
    op.create_index("ix_organisation_kind", "organisation", ["kind", "short_ru"], unique=False)
    op.create_table(
        "programme",
        sa.Column("level_code", sa.String(length=40), nullable=True, comment="level that the code implies"),
        sa.Column("ugsn_code", sa.String(length=8), nullable=False, comment="enlarged group of specialties"),
        sa.Column("code", sa.String(length=40), nullable=False, comment="code of the classifier"),
        sa.Column("name_ru", sa.String(length=400), nullable=False, comment="name in Russian"),
        sa.Column("name_kk", sa.String(length=400), nullable=False, comment="name in Kazakh"),
        sa.Column("name_en", sa.String(length=400), nullable=False, comment="name in English"),
        sa.Column("sort", sa.Integer(), nullable=False, comment="order of display"),
        sa.ForeignKeyConstraint(["level_code"], ["level.code"], name=op.f("fk_programme_level_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_programme")),
        comment="fields of study (order 1061 and successors) and scientific specialties (order 118)",
    )
    op.create_table(
        "import_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False, comment="id in addresses"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="for which organisation"),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="students or interns"),
        sa.Column("file_name", sa.String(length=255), nullable=False, comment="name of the file as uploaded"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="hash of the file"),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("content", sa.LargeBinary(), nullable=True, comment="the file itself"),
        sa.Column("as_of_on", sa.Date(), nullable=False, comment="day for which the roster speaks"),
        sa.Column("state", sa.String(length=20), nullable=False, comment="checked, applied, cancelled"),
        sa.Column("columns", sa.JSON(), nullable=False, comment="how columns were understood, by sheet"),
        sa.Column("counts", sa.JSON(), nullable=False, comment="people_rows, accepted, rejected, warnings, new, …"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.String(length=200), nullable=False, comment="name of who brought it"),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by_id", sa.Integer(), nullable=True),
        sa.Column("applied_by", sa.String(length=200), nullable=False, comment="name of who applied it"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind in ('students', 'interns')", name=op.f("ck_import_file_kind_is_known")),
        sa.CheckConstraint("state in ('checked', 'applied', 'cancelled')", name=op.f("ck_import_file_state_is_known")),
        sa.ForeignKeyConstraint(["applied_by_id"], ["account.id"], name=op.f("fk_import_file_applied_by_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_import_file_created_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_import_file_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_import_file_public_id")),
        comment="uploaded rosters",
    )
    op.create_index("ix_import_file_organisation_id", "import_file", ["organisation_id", "created_at"], unique=False)
    op.create_index("ix_import_file_sha256", "import_file", ["organisation_id", "kind", "sha256"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False, comment="account"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="for which organisation"),
        sa.Column("role", sa.String(length=20), nullable=False, comment="role"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="first day"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="first day on which it is over; empty: no end"),
        sa.CheckConstraint(
            "role in ('university', 'enterprise', 'ministry', 'akimat', 'administrator', 'auditor')",
            name=op.f("ck_membership_role_is_known"),
        ),
        sa.CheckConstraint("valid_to is null or valid_to >= valid_from", name=op.f("ck_membership_ends_after_start")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id")),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_membership_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        comment="role of an account for an organisation",
    )
    op.create_index("ix_membership_organisation_id", "membership", ["organisation_id"], unique=False)
    op.create_index("ix_membership_user_id", "membership", ["user_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False, comment="id in addresses"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="office that keeps the record"),
        sa.Column("iin", sa.String(length=12), nullable=True, comment="IIN of Kazakhstan; format checked, never 'verified'"),
        sa.Column("iin_needs_check", sa.Boolean(), nullable=False, comment="entered 'as in the document' against a warning"),
        sa.Column("snils", sa.String(length=14), nullable=True, comment="SNILS"),
        sa.Column("phone", sa.String(length=40), nullable=False, comment="phone, E.164 where possible"),
        sa.Column("email", sa.String(length=255), nullable=False, comment="e-mail"),
        sa.Column("address", sa.String(length=300), nullable=False, comment="address in Russia"),
        sa.Column("is_in_dormitory", sa.Boolean(), nullable=False, comment="lives in a dormitory of the university"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows with every change"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_person_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("iin", name=op.f("uq_person_iin")),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_public_id")),
        comment="one row per human; contacts are kept without history",
    )
    op.create_index("ix_person_organisation_id", "person", ["organisation_id"], unique=False)
    op.create_table(
        "university_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False, comment="id in addresses"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="university or branch"),
        sa.Column("type_code", sa.String(length=40), nullable=False, comment="kind of order"),
        sa.Column("number", sa.String(length=60), nullable=False, comment="number"),
        sa.Column("signed_on", sa.Date(), nullable=False, comment="date of the order"),
        sa.Column("note", sa.String(length=400), nullable=False, comment="remark"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=200), nullable=False, comment="name of who entered it"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_university_order_organisation_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_university_order_recorded_by_id")),
        sa.ForeignKeyConstraint(["type_code"], ["order_type.code"], name=op.f("fk_university_order_type_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_university_order")),
        sa.UniqueConstraint(
            "organisation_id",
            "type_code",
            "number",
            "signed_on",
            name=op.f("uq_university_order_organisation_id_type_code_number_signed_on"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_university_order_public_id")),
        comment="orders of universities",
    )
    op.create_table(
        "identity_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="whose"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="office that keeps the record"),
        sa.Column("type_code", sa.String(length=40), nullable=False, comment="kind of document"),
        sa.Column("number", sa.String(length=40), nullable=False, comment="number, normalised"),
        sa.Column("issued_by", sa.String(length=200), nullable=False, comment="issued by"),
        sa.Column("issued_on", sa.Date(), nullable=True, comment="date of issue"),
        sa.Column("valid_until", sa.Date(), nullable=True, comment="last day of validity"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_identity_document_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_document_person_id")),
        sa.ForeignKeyConstraint(["type_code"], ["document_type.code"], name=op.f("fk_identity_document_type_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_document")),
        sa.UniqueConstraint("type_code", "number", "person_id", name=op.f("uq_identity_document_type_code_number_person_id")),
        comment="identity documents with history",
    )
    op.create_index("ix_identity_document_number", "identity_document", ["number"], unique=False)
    op.create_index("ix_identity_document_person_id", "identity_document", ["person_id"], unique=False)
    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="for which organisation"),
        sa.Column("sheet", sa.String(length=100), nullable=False, comment="name of the sheet"),
        sa.Column("row_number", sa.Integer(), nullable=False, comment="row number as Excel shows it"),
        sa.Column("title", sa.String(length=320), nullable=False, comment="who: names as understood"),
        sa.Column("verdict", sa.String(length=20), nullable=False, comment="new, changed, unchanged, error"),
        sa.Column("has_warnings", sa.Boolean(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False, comment="fields as understood, for the form"),
        sa.Column("changes", sa.JSON(), nullable=False, comment="field -> [was, becomes]"),
        sa.Column("problems", sa.JSON(), nullable=False, comment="cell, field, value, severity, message"),
        sa.Column("subject_id", sa.String(length=12), nullable=False, comment="public id of the record it made or met"),
        sa.CheckConstraint("verdict in ('new', 'changed', 'unchanged', 'error')", name=op.f("ck_import_row_verdict_is_known")),
        sa.ForeignKeyConstraint(["import_id"], ["import_file.id"], name=op.f("fk_import_row_import_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_import_row_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        comment="rows of uploaded rosters",
    )
    op.create_index("ix_import_row_import_id", "import_row", ["import_id", "verdict", "id"], unique=False)
    op.create_table(
        "person_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="whose"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="office that keeps the record"),
        sa.Column("surname", sa.String(length=100), nullable=False, comment="surname as in orders (Russian)"),
        sa.Column("name", sa.String(length=100), nullable=False, comment="given name as in orders (Russian)"),
        sa.Column("patronymic", sa.String(length=100), nullable=False, comment="patronymic, if any"),
        sa.Column("surname_kk", sa.String(length=100), nullable=False, comment="surname in Kazakh"),
        sa.Column("name_kk", sa.String(length=100), nullable=False, comment="given name in Kazakh"),
        sa.Column("patronymic_kk", sa.String(length=100), nullable=False, comment="patronymic in Kazakh"),
        sa.Column("surname_lat", sa.String(length=100), nullable=False, comment="surname as in the passport (Latin)"),
        sa.Column("name_lat", sa.String(length=100), nullable=False, comment="given name as in the passport (Latin)"),
        sa.Column("sex", sa.String(length=1), nullable=False, comment="M or F"),
        sa.Column("birth_date", sa.Date(), nullable=False, comment="date of birth"),
        sa.Column("birth_place", sa.String(length=200), nullable=False, comment="place of birth"),
        sa.Column("citizenship", sa.String(length=2), nullable=False, comment="citizenship, ISO 3166"),
        sa.Column(
            "is_rf_citizen", sa.Boolean(), nullable=False, comment="also a citizen of Russia: not counted as a foreigner"
        ),
        sa.Column("region_code", sa.String(length=40), nullable=True, comment="region of last residence in Kazakhstan"),
        sa.Column("district_code", sa.String(length=40), nullable=True, comment="its district"),
        sa.Column("settlement", sa.String(length=120), nullable=False, comment="its settlement"),
        sa.Column("sort_key", KEY, nullable=False, comment="folded names in order of surname, name, patronymic"),
        sa.Column("surname_key", KEY, nullable=False, comment="search key of the surname, one for three scripts"),
        sa.Column("name_key", KEY, nullable=False, comment="search key of the given name"),
        sa.Column("patronymic_key", KEY, nullable=False, comment="search key of the patronymic"),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True, comment="who entered it"),
        sa.Column("recorded_by", sa.String(length=200), nullable=False, comment="name of who entered it"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="first day on which the fact holds"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="first day on which it no longer holds; empty: still holds"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment="when the registry began to say so"),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True, comment="when the registry stopped to say so"),
        sa.CheckConstraint("sex in ('M', 'F')", name=op.f("ck_person_facts_sex_is_known")),
        sa.CheckConstraint(
            "superseded_at is null or superseded_at >= recorded_at", name=op.f("ck_person_facts_superseded_after_recorded")
        ),
        sa.CheckConstraint("valid_to is null or valid_to > valid_from", name=op.f("ck_person_facts_ends_after_start")),
        sa.ForeignKeyConstraint(["district_code"], ["district.code"], name=op.f("fk_person_facts_district_code")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_person_facts_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_facts_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_person_facts_recorded_by_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_person_facts_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_facts")),
        comment="two-times facts about a person; corrected by superseding, never edited",
    )
    op.create_index(
        "ix_person_facts_birth",
        "person_facts",
        ["organisation_id", "birth_date", "person_id"],
        unique=False,
        sqlite_where=sa.text("superseded_at is null"),
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_index(
        "ix_person_facts_birth_all",
        "person_facts",
        ["birth_date", "person_id"],
        unique=False,
        sqlite_where=sa.text("superseded_at is null"),
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_index("ix_person_facts_name_key", "person_facts", ["name_key"], unique=False)
    op.create_index("ix_person_facts_person_id", "person_facts", ["person_id", "valid_from"], unique=False)
    op.create_index(
        "ix_person_facts_sort",
        "person_facts",
        ["organisation_id", "sort_key", "person_id"],
        unique=False,
        sqlite_where=sa.text("superseded_at is null"),
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_index(
        "ix_person_facts_sort_all",
        "person_facts",
        ["sort_key", "person_id"],
        unique=False,
        sqlite_where=sa.text("superseded_at is null"),
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_index("ix_person_facts_surname_key", "person_facts", ["surname_key"], unique=False)
    op.create_table(
        "student",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False, comment="id in addresses"),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="who"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="university or branch"),
        sa.Column(
            "record_book_no",
            sa.String(length=40),
            nullable=False,
            comment="number of the personal file, unique in the university",
        ),
        sa.Column("faculty", sa.String(length=200), nullable=False, comment="institute or faculty"),
        sa.Column("planned_end_on", sa.Date(), nullable=True, comment="planned end of study"),
        sa.Column("note", sa.String(length=1000), nullable=False, comment="remark of the office"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="last change of anything on the card"),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.String(length=200), nullable=False, comment="name of who changed the card last"),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows with every change"),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_student_created_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_student_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_student_person_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["account.id"], name=op.f("fk_student_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student")),
        sa.UniqueConstraint("organisation_id", "record_book_no", name=op.f("uq_student_organisation_id_record_book_no")),
        sa.UniqueConstraint("public_id", name=op.f("uq_student_public_id")),
        comment="one enrolment of a person at a university",
    )
    op.create_index("ix_student_person_id", "student", ["person_id"], unique=False)
    op.create_index("ix_student_updated_at", "student", ["organisation_id", "updated_at", "id"], unique=False)
    op.create_index("ix_student_updated_at_all", "student", ["updated_at", "id"], unique=False)
    op.create_table(
        "internship",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False, comment="id in addresses"),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="practice (student) or specialist"),
        sa.Column("enterprise_id", sa.Integer(), nullable=False, comment="host enterprise"),
        sa.Column("university_id", sa.Integer(), nullable=True, comment="sending university"),
        sa.Column("student_id", sa.Integer(), nullable=True, comment="the student, once recognised"),
        sa.Column("recognition", sa.String(length=20), nullable=False, comment="does the university know this student?"),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True, comment="when the university agreed the placement"),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("refusal", sa.String(length=400), nullable=False, comment="why the university refused"),
        sa.Column("surname", sa.String(length=100), nullable=False, comment="surname as the enterprise entered it"),
        sa.Column("name", sa.String(length=100), nullable=False, comment="given name"),
        sa.Column("patronymic", sa.String(length=100), nullable=False, comment="patronymic, if any"),
        sa.Column("sort_key", KEY, nullable=False, comment="folded names"),
        sa.Column("surname_key", KEY, nullable=False, comment="search key of the surname"),
        sa.Column("iin", sa.String(length=12), nullable=True, comment="IIN as the enterprise entered it"),
        sa.Column("birth_date", sa.Date(), nullable=True, comment="date of birth as the enterprise entered it"),
        sa.Column("sex", sa.String(length=1), nullable=True, comment="M or F"),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("employer", sa.String(length=200), nullable=False, comment="specialist: sending employer in Kazakhstan"),
        sa.Column("employer_bin", sa.String(length=12), nullable=False, comment="its BIN"),
        sa.Column("position", sa.String(length=200), nullable=False, comment="specialist: post"),
        sa.Column("programme", sa.String(length=400), nullable=False, comment="programme or task"),
        sa.Column("starts_on", sa.Date(), nullable=False, comment="first day"),
        sa.Column("ends_on", sa.Date(), nullable=False, comment="last day, included"),
        sa.Column("department", sa.String(length=200), nullable=False, comment="shop or department"),
        sa.Column("mentor", sa.String(length=200), nullable=False, comment="mentor at the enterprise"),
        sa.Column("mentor_phone", sa.String(length=40), nullable=False),
        sa.Column("hours_planned", sa.Integer(), nullable=True, comment="hours planned, whole period"),
        sa.Column("hours_done", sa.Integer(), nullable=True, comment="hours done, whole period; weeks, if kept, add up to it"),
        sa.Column("briefing_on", sa.Date(), nullable=True, comment="date of the safety briefing (decree 2464 of 24.12.2021)"),
        sa.Column("grade", sa.Integer(), nullable=True, comment="mark, 2 to 5"),
        sa.Column("review", sa.String(length=2000), nullable=False, comment="review of the mentor"),
        sa.Column("outcome", sa.String(length=20), nullable=True, comment="hired, invited, reserve, no; empty: not said"),
        sa.Column("status", sa.String(length=20), nullable=False, comment="stage of the internship"),
        sa.Column("status_reason", sa.String(length=400), nullable=False, comment="why cancelled or interrupted"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows with every change"),
        sa.CheckConstraint("kind in ('practice', 'specialist')", name=op.f("ck_internship_kind_is_known")),
        sa.CheckConstraint(
            "recognition in ('not_needed', 'waiting', 'recognised', 'refused')", name=op.f("ck_internship_recognition_is_known")
        ),
        sa.CheckConstraint(
            "status in ('planned', 'confirmed', 'started', 'finished', 'evaluated', 'cancelled', 'interrupted')",
            name=op.f("ck_internship_status_is_known"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_internship_ends_after_start")),
        sa.CheckConstraint("grade is null or grade between 2 and 5", name=op.f("ck_internship_grade_is_possible")),
        sa.CheckConstraint("hours_done is null or hours_done >= 0", name=op.f("ck_internship_done_hours_not_negative")),
        sa.CheckConstraint(
            "hours_planned is null or hours_planned >= 0", name=op.f("ck_internship_planned_hours_not_negative")
        ),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["account.id"], name=op.f("fk_internship_agreed_by_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_internship_created_by_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["organisation.id"], name=op.f("fk_internship_enterprise_id")),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_internship_student_id")),
        sa.ForeignKeyConstraint(["university_id"], ["organisation.id"], name=op.f("fk_internship_university_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internship")),
        sa.UniqueConstraint("public_id", name=op.f("uq_internship_public_id")),
        comment="practice of students and internships of specialists at enterprises",
    )
    op.create_index("ix_internship_enterprise_id", "internship", ["enterprise_id", "starts_on"], unique=False)
    op.create_index("ix_internship_starts_on", "internship", ["starts_on"], unique=False)
    op.create_index("ix_internship_student_id", "internship", ["student_id"], unique=False)
    op.create_index("ix_internship_university_id", "internship", ["university_id", "recognition"], unique=False)
    op.create_table(
        "order_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False, comment="the order"),
        sa.Column("student_id", sa.Integer(), nullable=False, comment="of whom"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="university or branch"),
        sa.Column(
            "event",
            sa.String(length=40),
            nullable=False,
            comment="event of the table of transitions, e.g. enrol, leave_academic",
        ),
        sa.Column("effective_on", sa.Date(), nullable=False, comment="works from the start of this day"),
        sa.Column("fields", sa.JSON(), nullable=False, comment="what it sets: programme, course, ground, …"),
        sa.Column("cancels_line_id", sa.Integer(), nullable=True, comment="the line that this one annuls"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by", sa.String(length=200), nullable=False, comment="name of who entered it"),
        sa.ForeignKeyConstraint(["cancels_line_id"], ["order_line.id"], name=op.f("fk_order_line_cancels_line_id")),
        sa.ForeignKeyConstraint(["order_id"], ["university_order.id"], name=op.f("fk_order_line_order_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_order_line_organisation_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_order_line_recorded_by_id")),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_order_line_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
        sa.UniqueConstraint("cancels_line_id", name=op.f("uq_order_line_cancels_line_id")),
        comment="what an order says of one student; the only source of study periods",
    )
    op.create_index("ix_order_line_order_id", "order_line", ["order_id"], unique=False)
    op.create_index("ix_order_line_organisation_id", "order_line", ["organisation_id", "effective_on"], unique=False)
    op.create_index("ix_order_line_student_id", "order_line", ["student_id", "effective_on", "id"], unique=False)
    op.create_table(
        "internship_week",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("internship_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False, comment="host enterprise"),
        sa.Column("university_id", sa.Integer(), nullable=True, comment="sending university"),
        sa.Column("week_on", sa.Date(), nullable=False, comment="Monday of the week"),
        sa.Column("hours_planned", sa.Integer(), nullable=False),
        sa.Column("hours_done", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.CheckConstraint("hours_done between 0 and 60", name=op.f("ck_internship_week_done_hours_possible")),
        sa.CheckConstraint("hours_planned between 0 and 60", name=op.f("ck_internship_week_planned_hours_possible")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["organisation.id"], name=op.f("fk_internship_week_enterprise_id")),
        sa.ForeignKeyConstraint(["internship_id"], ["internship.id"], name=op.f("fk_internship_week_internship_id")),
        sa.ForeignKeyConstraint(["university_id"], ["organisation.id"], name=op.f("fk_internship_week_university_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internship_week")),
        sa.UniqueConstraint("internship_id", "week_on", name=op.f("uq_internship_week_internship_id_week_on")),
        comment="planned and actual hours by week",
    )
    op.create_table(
        "study_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False, comment="who"),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="the person, for counting people"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="university or branch"),
        sa.Column("order_line_id", sa.Integer(), nullable=False, comment="the line that began the period"),
        sa.Column(
            "programme_code", sa.String(length=40), nullable=False, comment="field of study; nearly always a line of programme"
        ),
        sa.Column(
            "programme_name",
            sa.String(length=400),
            nullable=False,
            comment="name as the document gives it, for codes that the shipped list does not have",
        ),
        sa.Column("level_code", sa.String(length=40), nullable=False, comment="level"),
        sa.Column("form_code", sa.String(length=40), nullable=False, comment="mode of study"),
        sa.Column("funding_code", sa.String(length=40), nullable=False, comment="source of funding"),
        sa.Column("course", sa.Integer(), nullable=True, comment="year of study; empty: not known for these days"),
        sa.Column("group_name", sa.String(length=40), nullable=False, comment="study group"),
        sa.Column("status_code", sa.String(length=40), nullable=False, comment="status that follows from the orders"),
        sa.Column("in_contingent", sa.Boolean(), nullable=False, comment="the status counts as student body"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="first day on which the fact holds"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="first day on which it no longer holds; empty: still holds"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment="when the registry began to say so"),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True, comment="when the registry stopped to say so"),
        sa.CheckConstraint("course is null or course between 1 and 7", name=op.f("ck_study_period_course_is_possible")),
        sa.CheckConstraint(
            "superseded_at is null or superseded_at >= recorded_at", name=op.f("ck_study_period_superseded_after_recorded")
        ),
        sa.CheckConstraint("valid_to is null or valid_to > valid_from", name=op.f("ck_study_period_ends_after_start")),
        sa.ForeignKeyConstraint(["form_code"], ["study_form.code"], name=op.f("fk_study_period_form_code")),
        sa.ForeignKeyConstraint(["funding_code"], ["funding.code"], name=op.f("fk_study_period_funding_code")),
        sa.ForeignKeyConstraint(["level_code"], ["level.code"], name=op.f("fk_study_period_level_code")),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_line.id"], name=op.f("fk_study_period_order_line_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_study_period_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_study_period_person_id")),
        sa.ForeignKeyConstraint(["status_code"], ["status.code"], name=op.f("fk_study_period_status_code")),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_study_period_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_period")),
        comment="two-times study periods, computed from order lines",
    )
    op.create_index(
        "ix_study_period_course",
        "study_period",
        ["organisation_id", "course", "student_id"],
        unique=False,
        sqlite_where=sa.text("superseded_at is null"),
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_index("ix_study_period_day", "study_period", ["organisation_id", "valid_from", "valid_to"], unique=False)
    op.create_index(
        "ix_study_period_programme",
        "study_period",
        ["programme_code", "organisation_id"],
        unique=False,
        sqlite_where=sa.text("superseded_at is null"),
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_index("ix_study_period_student_id", "study_period", ["student_id", "valid_from"], unique=False)
    for table, owner in ONE_FACT_A_DAY:
        no_overlap(table, owner)
    append_only("audit_entry")
    op.execute(f"INSERT INTO audit_head (id, sequence, hash, data_version) VALUES (1, 0, '{'0' * 64}', 0)")


def downgrade() -> None:
    op.drop_index("ix_study_period_student_id", table_name="study_period")
    op.drop_index(
        "ix_study_period_programme",
        table_name="study_period",
        sqlite_where=sa.text("superseded_at is null"),
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.drop_index("ix_study_period_day", table_name="study_period")
    op.drop_index(
        "ix_study_period_course",
        table_name="study_period",
        sqlite_where=sa.text("superseded_at is null"),
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.drop_table("study_period")
    op.drop_table("internship_week")
    op.drop_index("ix_order_line_student_id", table_name="order_line")
    op.drop_index("ix_order_line_organisation_id", table_name="order_line")
    op.drop_index("ix_order_line_order_id", table_name="order_line")
    op.drop_table("order_line")
    op.drop_index("ix_internship_university_id", table_name="internship")
    op.drop_index("ix_internship_student_id", table_name="internship")
    op.drop_index("ix_internship_starts_on", table_name="internship")
    op.drop_index("ix_internship_enterprise_id", table_name="internship")
    op.drop_table("internship")
    op.drop_index("ix_student_updated_at_all", table_name="student")
    op.drop_index("ix_student_updated_at", table_name="student")
    op.drop_index("ix_student_person_id", table_name="student")
    op.drop_table("student")
    op.drop_index("ix_person_facts_surname_key", table_name="person_facts")
    op.drop_index(
        "ix_person_facts_sort_all",
        table_name="person_facts",
        sqlite_where=sa.text("superseded_at is null"),
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.drop_index(
        "ix_person_facts_sort",
        table_name="person_facts",
        sqlite_where=sa.text("superseded_at is null"),
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.drop_index("ix_person_facts_person_id", table_name="person_facts")
    op.drop_index("ix_person_facts_name_key", table_name="person_facts")
    op.drop_index(
        "ix_person_facts_birth_all",
        table_name="person_facts",
        sqlite_where=sa.text("superseded_at is null"),
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.drop_index(
        "ix_person_facts_birth",
        table_name="person_facts",
        sqlite_where=sa.text("superseded_at is null"),
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.drop_table("person_facts")
    op.drop_index("ix_import_row_import_id", table_name="import_row")
    op.drop_table("import_row")
    op.drop_index("ix_identity_document_person_id", table_name="identity_document")
    op.drop_index("ix_identity_document_number", table_name="identity_document")
    op.drop_table("identity_document")
    op.drop_table("university_order")
    op.drop_index("ix_person_organisation_id", table_name="person")
    op.drop_table("person")
    op.drop_index("ix_membership_user_id", table_name="membership")
    op.drop_index("ix_membership_organisation_id", table_name="membership")
    op.drop_table("membership")
    op.drop_index("ix_import_file_sha256", table_name="import_file")
    op.drop_index("ix_import_file_organisation_id", table_name="import_file")
    op.drop_table("import_file")
    op.drop_table("programme")
    op.drop_index("ix_organisation_kind", table_name="organisation")
    op.drop_table("organisation")
    op.drop_table("district")
    op.drop_table("working_day")
    op.drop_index("ix_submission_created_at", table_name="submission")
    op.drop_table("submission")
    op.drop_table("study_form")
    op.drop_table("status")
    op.drop_table("security_role")
    op.drop_table("region")
    op.drop_table("order_type")
    op.drop_index("ix_limit_hit_expires_at", table_name="limit_hit")
    op.drop_table("limit_hit")
    op.drop_table("level")
    op.drop_table("funding")
    op.drop_table("expulsion_ground")
    op.drop_table("document_type")
    op.drop_table("audit_head")
    op.drop_index("ix_audit_entry_user_id", table_name="audit_entry")
    op.drop_index("ix_audit_entry_subject", table_name="audit_entry")
    op.drop_index("ix_audit_entry_at", table_name="audit_entry")
    op.drop_index("ix_audit_entry_action", table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("account")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION stays_as_it_is()")
