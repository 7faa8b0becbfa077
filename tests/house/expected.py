"""Who sees and who writes which rows, said once more in plain Python: what both walls are measured against.

Nothing here looks at exchange/policy.py. If the two disagree, one of them is wrong, and a person has to say which.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exchange.access.actor import SYSTEM, Actor, Role

STATISTICS = Actor(Role.STATISTICS)
GATE = Actor(Role.GATE)
NOBODY = {"system": SYSTEM, "gate": GATE, "statistics": STATISTICS}

REGISTER = {
    "Person", "PersonFacts", "IdentityDocument", "PersonDetails", "Guardian", "Student", "StudentDetails", "Order", "OrderLine",
    "StudyPeriod", "StayFact", "Consent",
}  # fmt: skip
# What a university keeps for itself: registers of its office.
OF_THE_OFFICE = {"Certificate": {"auditor", "system"}, "Undo": {"system"}}
# Rows of people that a university reads beside the office that keeps them: (model, id) -> universities. Filled by the test
# that makes such a person.
BESIDE: dict[tuple[str, int], set[int]] = {}
AT_WORK = {"Internship", "InternshipWeek"}
BROUGHT = {"Import", "ImportRow", "ImportChoice"}
SCANS = {"Scan", "ScanContent"}
# Who has lists of students to save.
LISTERS = {"university", "ministry", "auditor"}
# Who looks at the whole register, and who writes for everybody.
OVERSEERS = {"ministry", "auditor", "statistics", "system"}
SIGNED_IN = {"university", "enterprise", "ministry", "akimat", "administrator", "auditor"}
KEEPERS_OF_ACCOUNTS = {"gate", "administrator", "system"}

# Who may do what: permission -> roles.
GRANTS = {
    "overview:read": {"university", "ministry", "akimat", "auditor"},
    "student:read": {"university", "ministry", "auditor"},
    "student:register": {"university"},
    "student:edit": {"university"},
    "student:reveal": {"university"},
    "student:export": {"university", "ministry"},
    "order:record": {"university"},
    "order:annul": {"university"},
    "internship:read": {"university", "enterprise", "ministry", "auditor"},
    "internship:log": {"enterprise"},
    "internship:agree": {"university"},
    "internship:export": {"university", "enterprise", "ministry"},
    "import:read": {"university", "enterprise"},
    "import:students": {"university"},
    "import:interns": {"enterprise", "university"},
    "stay:read": {"university", "ministry", "auditor"},
    "stay:record": {"university"},
    "file:read": {"university"},
    "file:attach": {"university"},
    "transfer:read": {"university"},
    "transfer:make": {"university"},
    "report:read": {"university", "enterprise", "ministry", "akimat", "auditor"},
    "user:manage": {"administrator"},
    "organisation:manage": {"administrator"},
    "audit:read": {"administrator", "auditor"},
}

Row = Mapping[str, Any]


def may_read(model: str, actor: Actor, row: Row) -> bool:
    """Whether the actor sees the row."""
    role, own = str(actor.role), actor.organisation_ids
    if model in REGISTER:
        beside = BESIDE.get((model, row["id"]), set())
        return role in OVERSEERS or (role == "university" and (row["organisation_id"] in own or bool(beside & set(own))))
    if model in OF_THE_OFFICE:
        return role in OF_THE_OFFICE[model] or (role == "university" and row["organisation_id"] in own)
    if model in {"PersonOffice", "DocumentOffice"}:
        return role in {"auditor", "system"} or (role == "university" and row["organisation_id"] in own)
    if model in {"Merge", "Apart"}:
        return role in {"auditor", "system"} or (role == "university" and row["organisation_id"] in own)
    if model == "Transfer":
        between = {row["from_organisation_id"], row["to_organisation_id"]}
        return role in {"auditor", "system"} or (role == "university" and bool(between & set(own)))
    if model in AT_WORK:
        return (
            role in OVERSEERS
            or (role == "university" and row["university_id"] in own)
            or (role == "enterprise" and row["enterprise_id"] in own)
        )
    if model in BROUGHT:
        return role in {"auditor", "system"} or (role in {"university", "enterprise"} and row["organisation_id"] in own)
    if model in SCANS:
        return role == "system" or (role == "university" and row["organisation_id"] in own)
    if model in {"User", "Membership"}:
        owner = row["id"] if model == "User" else row["user_id"]
        return role in KEEPERS_OF_ACCOUNTS | {"auditor"} or (role in SIGNED_IN and owner == actor.user_id)
    if model == "AuditEntry":
        return role in {"auditor", "administrator", "system"}
    if model == "AuditHead":
        return True
    if model in {"Submission", "Draft", "Job"}:
        return role == "system" or (role in SIGNED_IN and row["user_id"] == actor.user_id)
    if model == "SavedView":
        return role == "system" or (role in LISTERS and row["user_id"] == actor.user_id)
    if model in {"Hit", "SealedForm"}:
        return role != "statistics"
    raise AssertionError(f"{model}: say here who sees its rows, and who writes them")


def may_write(model: str, actor: Actor, row: Row) -> bool:
    """Whether the actor may add such a row; also whether they may change or delete it, unless it is append-only."""
    role, own = str(actor.role), actor.organisation_ids
    if role == "system":
        return True
    if model in REGISTER | set(OF_THE_OFFICE):
        return role == "university" and row["organisation_id"] in own
    if model in {"PersonOffice", "DocumentOffice"}:
        return False
    if model in {"Merge", "Apart"}:
        return role == "university" and row["organisation_id"] in own
    if model == "Transfer":
        return role == "university" and bool({row["from_organisation_id"], row["to_organisation_id"]} & set(own))
    if model in AT_WORK:
        return (role == "university" and row["university_id"] in own) or (role == "enterprise" and row["enterprise_id"] in own)
    if model in BROUGHT:
        return role in {"university", "enterprise"} and row["organisation_id"] in own
    if model in SCANS:
        return role == "university" and row["organisation_id"] in own
    if model == "User":
        return role in KEEPERS_OF_ACCOUNTS or (role in SIGNED_IN and row["id"] == actor.user_id)
    if model == "Membership":
        return role == "administrator"
    if model in {"AuditEntry", "AuditHead", "Hit", "SealedForm"}:
        return role != "statistics"
    if model in {"Submission", "Draft", "Job"}:
        return role in SIGNED_IN and row["user_id"] == actor.user_id
    if model == "SavedView":
        return role in LISTERS and row["user_id"] == actor.user_id
    raise AssertionError(f"{model}: say here who writes its rows")


APPEND_ONLY = {"AuditEntry", "Certificate", "StayFact", "Consent"}
