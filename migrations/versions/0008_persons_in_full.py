"""Further particulars of people and enrolments, guardians, consents; the ground of a fact, the document shown now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "person_facts",
        sa.Column(
            "ground", sa.String(length=300), server_default="", nullable=False,
            comment="why it holds from its first day, when no order says it",
        ),
    )  # fmt: skip
    op.add_column(
        "identity_document",
        sa.Column(
            "is_presented", sa.Boolean(), server_default=sa.false(), nullable=False,
            comment="the one that the person shows now",
        ),
    )  # fmt: skip
    op.create_table(
        "person_details",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="whose"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="office that knows it"),
        sa.Column("inn", sa.String(length=12), nullable=False, comment="INN of Russia"),
        sa.Column("phone_kz", sa.String(length=40), nullable=False, comment="phone in Kazakhstan"),
        sa.Column("messenger", sa.String(length=100), nullable=False, comment="messenger and name in it"),
        sa.Column("room", sa.String(length=40), nullable=False, comment="dormitory and room"),
        sa.Column("close_name", sa.String(length=200), nullable=False, comment="whom to call: name"),
        sa.Column("close_relation", sa.String(length=60), nullable=False, comment="whom to call: who it is"),
        sa.Column("close_phone", sa.String(length=40), nullable=False, comment="whom to call: phone"),
        sa.Column("school", sa.String(length=300), nullable=False, comment="school that was finished in Kazakhstan"),
        sa.Column("school_year", sa.Integer(), nullable=True, comment="year of finishing it"),
        sa.Column("compatriot", sa.String(length=10), nullable=False, comment="compatriot: no, self (said so), document"),
        sa.Column("native_language", sa.String(length=10), nullable=False, comment="native language: kk, ru, other"),
        sa.Column("russian_level", sa.String(length=12), nullable=False, comment="level of Russian"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="last change"),
        sa.Column("updated_by", sa.String(length=200), nullable=False, comment="who changed it last"),
        sa.CheckConstraint(
            "school_year is null or school_year between 1950 and 2100", name=op.f("ck_person_details_school_year_is_possible")
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_person_details_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_details_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_details")),
        sa.UniqueConstraint("organisation_id", "person_id", name=op.f("uq_person_details_organisation_id_person_id")),
        comment="further particulars of a person as an office knows them; edited, every change is in the log",
    )
    op.create_index("ix_person_details_person_id", "person_details", ["person_id"], unique=False)
    op.create_table(
        "guardian",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="of whom"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="office that knows it"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="full name"),
        sa.Column("relation", sa.String(length=20), nullable=False, comment="mother, father, adoptive, trustee, other"),
        sa.Column("document", sa.String(length=200), nullable=False, comment="document that proves it"),
        sa.Column("phone", sa.String(length=40), nullable=False, comment="phone"),
        sa.Column("since", sa.Date(), nullable=False, comment="acts since"),
        sa.Column("until", sa.Date(), nullable=True, comment="last day; empty: until the age of 18"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=200), nullable=False, comment="who changed it last"),
        sa.CheckConstraint("until is null or until >= since", name=op.f("ck_guardian_ends_after_start")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_guardian_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_guardian_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
        comment="legal representatives of minors; one that no longer acts is ended, not deleted",
    )
    op.create_index("ix_guardian_person_id", "guardian", ["person_id"], unique=False)
    op.create_table(
        "student_details",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False, comment="of which enrolment"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="university or branch"),
        sa.Column("language", sa.String(length=10), nullable=False, comment="language of instruction: ru, kk, en, other"),
        sa.Column("accredited", sa.String(length=3), nullable=False, comment="the programme is accredited: yes, no"),
        sa.Column("contract_no", sa.String(length=60), nullable=False, comment="number of the contract of education"),
        sa.Column("contract_on", sa.Date(), nullable=True, comment="its date"),
        sa.Column("contract_payer", sa.String(length=200), nullable=False, comment="who pays by it"),
        sa.Column("quota_ref", sa.String(length=60), nullable=False, comment="number of the quota direction or file"),
        sa.Column("quota_year", sa.Integer(), nullable=True, comment="year of the quota"),
        sa.Column("prior_type", sa.String(length=12), nullable=False, comment="kind of the earlier education document"),
        sa.Column("prior_series", sa.String(length=20), nullable=False, comment="its series"),
        sa.Column("prior_number", sa.String(length=40), nullable=False, comment="its number"),
        sa.Column("prior_on", sa.Date(), nullable=True, comment="its date"),
        sa.Column("prior_country", sa.String(length=2), nullable=False, comment="country that issued it, ISO 3166"),
        sa.Column("prior_recognition", sa.String(length=12), nullable=False, comment="recognition: auto, procedure, none"),
        sa.Column("scholarship", sa.String(length=12), nullable=False, comment="scholarship: none, rf, bolashak, other"),
        sa.Column("partner", sa.String(length=200), nullable=False, comment="partner of the dual degree programme"),
        sa.Column("curator", sa.String(length=200), nullable=False, comment="curator in the university"),
        sa.Column(
            "recognition_kz", sa.String(length=12), nullable=False, comment="recognition of the Russian diploma in Kazakhstan"
        ),
        sa.Column("outcome", sa.String(length=12), nullable=False, comment="after graduation: kz, ru, other, study, unknown"),
        sa.Column("outcome_country", sa.String(length=2), nullable=False, comment="country, ISO 3166"),
        sa.Column("outcome_region", sa.String(length=120), nullable=False, comment="region"),
        sa.Column("outcome_organisation", sa.String(length=200), nullable=False, comment="employer or university"),
        sa.Column("outcome_on", sa.Date(), nullable=True, comment="day on which the graduate was asked"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, comment="last change"),
        sa.Column("updated_by", sa.String(length=200), nullable=False, comment="who changed it last"),
        sa.CheckConstraint(
            "quota_year is null or quota_year between 1990 and 2100", name=op.f("ck_student_details_quota_year_is_possible")
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_student_details_organisation_id")),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_student_details_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_details")),
        sa.UniqueConstraint("student_id", name=op.f("uq_student_details_student_id")),
        comment="particulars of an enrolment that no order says; edited, every change is in the log",
    )
    op.create_index("ix_student_details_organisation_id", "student_details", ["organisation_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="whose data"),
        sa.Column("organisation_id", sa.Integer(), nullable=False, comment="university to which it was given"),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="for what: line of kinds.csv"),
        sa.Column(
            "act", sa.String(length=10), nullable=False, comment="given, withdrawn, or annulled (an entry was a mistake)"
        ),
        sa.Column("day", sa.Date(), nullable=False, comment="day on which it was given or withdrawn"),
        sa.Column("text_version", sa.String(length=20), nullable=False, comment="version of the text that was signed"),
        sa.Column("text_hash", sa.String(length=64), nullable=False, comment="SHA-256 of that text"),
        sa.Column("form", sa.String(length=10), nullable=False, comment="paper, or electronic signature"),
        sa.Column("given_by", sa.String(length=10), nullable=False, comment="self, or guardian"),
        sa.Column("giver", sa.String(length=200), nullable=False, comment="name of the guardian who gave it"),
        sa.Column("note", sa.String(length=400), nullable=False, comment="remark; of an annulment the reason"),
        sa.Column("withdraws_id", sa.Integer(), nullable=True, comment="the consent that is withdrawn"),
        sa.Column("cancels_id", sa.Integer(), nullable=True, comment="the entry that was a mistake"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment="since when the registry says so"),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True, comment="who entered it"),
        sa.Column("recorded_by", sa.String(length=200), nullable=False, comment="name of who entered it"),
        sa.CheckConstraint("(act = 'annulled') = (cancels_id is not null)", name=op.f("ck_consent_annulment_names_its_entry")),
        sa.CheckConstraint(
            "(act = 'withdrawn') = (withdraws_id is not null)", name=op.f("ck_consent_withdrawal_names_its_consent")
        ),
        sa.CheckConstraint("act <> 'given' or form in ('paper', 'electronic')", name=op.f("ck_consent_form_is_known")),
        sa.CheckConstraint("act <> 'given' or given_by in ('self', 'guardian')", name=op.f("ck_consent_giver_is_known")),
        sa.CheckConstraint("act in ('given', 'withdrawn', 'annulled')", name=op.f("ck_consent_act_is_known")),
        sa.ForeignKeyConstraint(["cancels_id"], ["consent.id"], name=op.f("fk_consent_cancels_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_consent_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_consent_recorded_by_id")),
        sa.ForeignKeyConstraint(["withdraws_id"], ["consent.id"], name=op.f("fk_consent_withdraws_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("cancels_id", name=op.f("uq_consent_cancels_id")),
        comment="consents of persons, given, withdrawn and annulled; append-only",
    )
    op.create_index("ix_consent_organisation_id", "consent", ["organisation_id", "kind"], unique=False)
    op.create_index("ix_consent_person_id", "consent", ["person_id", "kind"], unique=False)
    op.create_index("ix_consent_withdraws_id", "consent", ["withdraws_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION consents_stay_as_they_are() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'consents are append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER consent_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON consent "
            "FOR EACH STATEMENT EXECUTE FUNCTION consents_stay_as_they_are()"
        )
        return
    for when in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER consent_stays_{when.lower()} BEFORE {when} ON consent "
            "BEGIN SELECT RAISE(ABORT, 'consents are append-only'); END"
        )


def downgrade() -> None:
    op.drop_table("consent")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION consents_stay_as_they_are()")
    op.drop_table("student_details")
    op.drop_table("guardian")
    op.drop_table("person_details")
    op.drop_column("identity_document", "is_presented")
    op.drop_column("person_facts", "ground")
