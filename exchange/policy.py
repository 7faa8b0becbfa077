"""THE PAGE: who may do what (GRANTS), who sees and writes which rows (ROWS), and what is open to all (OPEN)."""

from __future__ import annotations

from typing import Any

from exchange.access.actor import Role
from exchange.access.permissions import Permission as P
from exchange.access.rules import ALL, Rows, mine, own, own_or_shared
from exchange.accounts.models import Membership, SecurityRole, User
from exchange.audit.models import AuditEntry, AuditHead
from exchange.certificates.models import Certificate
from exchange.consents.models import Consent
from exchange.drafts.models import Draft, SealedForm
from exchange.files.models import Scan, ScanContent
from exchange.imports.models import Import, ImportChoice, ImportRow
from exchange.internships.models import Internship, InternshipWeek
from exchange.jobs.models import Job
from exchange.merging.models import Apart, Merge
from exchange.organisations.models import Organisation
from exchange.people.models import (
    DocumentOffice,
    Guardian,
    IdentityDocument,
    Person,
    PersonDetails,
    PersonFacts,
    PersonOffice,
)
from exchange.reference.models import (
    District,
    DocumentType,
    ExpulsionGround,
    Funding,
    Level,
    OrderType,
    Programme,
    Region,
    Status,
    StudyForm,
    WorkingDay,
)
from exchange.stays.models import StayFact
from exchange.students.models import Order, OrderLine, SavedView, Student, StudentDetails, StudyPeriod, Undo
from exchange.transfers.models import Transfer
from exchange.web.models import Hit, Submission

UNIVERSITY, ENTERPRISE, MINISTRY, AKIMAT = Role.UNIVERSITY, Role.ENTERPRISE, Role.MINISTRY, Role.AKIMAT
ADMINISTRATOR, AUDITOR, SYSTEM, GATE, STATISTICS = (
    Role.ADMINISTRATOR,
    Role.AUDITOR,
    Role.SYSTEM,
    Role.GATE,
    Role.STATISTICS,
)

GRANTS: dict[Role, frozenset[P]] = {
    UNIVERSITY: frozenset(
        {
            P.OVERVIEW_READ, P.STUDENT_READ, P.STUDENT_REGISTER, P.STUDENT_EDIT, P.STUDENT_REVEAL, P.STUDENT_EXPORT,
            P.ORDER_RECORD, P.ORDER_ANNUL, P.TRANSFER_READ, P.TRANSFER_MAKE,
            P.INTERNSHIP_READ, P.INTERNSHIP_AGREE, P.INTERNSHIP_EXPORT,
            P.IMPORT_READ, P.IMPORT_STUDENTS, P.IMPORT_INTERNS, P.REPORT_READ, P.STAY_READ, P.STAY_RECORD, P.FILE_READ,
            P.FILE_ATTACH,
        }
    ),
    ENTERPRISE: frozenset(
        {
            P.INTERNSHIP_READ, P.INTERNSHIP_LOG, P.INTERNSHIP_EXPORT, P.IMPORT_READ, P.IMPORT_INTERNS, P.REPORT_READ,
        }
    ),
    MINISTRY: frozenset(
        {
            P.OVERVIEW_READ, P.STUDENT_READ, P.STUDENT_EXPORT, P.INTERNSHIP_READ, P.INTERNSHIP_EXPORT, P.REPORT_READ,
            P.STAY_READ,
        }
    ),
    AKIMAT: frozenset({P.OVERVIEW_READ, P.REPORT_READ}),
    ADMINISTRATOR: frozenset({P.USER_MANAGE, P.ORGANISATION_MANAGE, P.AUDIT_READ}),
    AUDITOR: frozenset(
        {P.AUDIT_READ, P.STUDENT_READ, P.STAY_READ, P.INTERNSHIP_READ, P.REPORT_READ, P.OVERVIEW_READ}
    ),
}  # fmt: skip

# Rows of the register: a university has its own, both ministries' figures are counted over all, the akimat has no rows.
_register = Rows(
    readers={UNIVERSITY: own("organisation_id"), MINISTRY: ALL, AUDITOR: ALL, STATISTICS: ALL, SYSTEM: ALL},
    writers={UNIVERSITY: own("organisation_id"), SYSTEM: ALL},
)


# A human is one for all universities that had him (docs/adr/0006): one keeps and writes, the others read along.
def _human(column: str, link: Any) -> Rows:
    return Rows({**_register.readers, UNIVERSITY: own_or_shared(column, link)}, _register.writers)


_reading_along = Rows(readers={UNIVERSITY: own("organisation_id"), AUDITOR: ALL, SYSTEM: ALL}, writers={SYSTEM: ALL})
_joined = Rows(
    readers={UNIVERSITY: own("organisation_id"), AUDITOR: ALL, SYSTEM: ALL},
    writers={UNIVERSITY: own("organisation_id"), SYSTEM: ALL},
)
_at_work = Rows(
    readers={
        ENTERPRISE: own("enterprise_id"), UNIVERSITY: own("university_id"),
        MINISTRY: ALL, AUDITOR: ALL, STATISTICS: ALL, SYSTEM: ALL,
    },
    writers={ENTERPRISE: own("enterprise_id"), UNIVERSITY: own("university_id"), SYSTEM: ALL},
)  # fmt: skip
_brought = Rows(
    readers={UNIVERSITY: own("organisation_id"), ENTERPRISE: own("organisation_id"), AUDITOR: ALL, SYSTEM: ALL},
    writers={UNIVERSITY: own("organisation_id"), ENTERPRISE: own("organisation_id"), SYSTEM: ALL},
)
# A scan is somebody's document: it is read in the office that brought it, and nowhere else.
_kept_here = Rows(
    readers={UNIVERSITY: own("organisation_id"), SYSTEM: ALL}, writers={UNIVERSITY: own("organisation_id"), SYSTEM: ALL}
)
_everybody = {role: ALL for role in Role if role is not STATISTICS}
# The gate opens accounts only: before sign-in nobody is known, and the account itself has to be found.
_account_readers = {GATE: ALL, ADMINISTRATOR: ALL, SYSTEM: ALL, AUDITOR: ALL}
_account_writers = {GATE: ALL, ADMINISTRATOR: ALL, SYSTEM: ALL}
_people_with_accounts = (UNIVERSITY, ENTERPRISE, MINISTRY, AKIMAT)

ROWS: dict[type, Rows] = {
    Person: _human("id", PersonOffice.person_id),
    PersonFacts: _human("person_id", PersonOffice.person_id),
    IdentityDocument: _human("id", DocumentOffice.document_id),
    PersonOffice: _reading_along,
    DocumentOffice: _reading_along,
    # Further particulars of a person: each office has its own rows, copied when the keeping parts.
    PersonDetails: _register,
    Guardian: _register,
    Student: _register,
    StudentDetails: _register,
    Order: _register,
    OrderLine: _register,
    StudyPeriod: _register,
    # Migration facts: personal, so never for enterprises and the akimat; the ministry of the Krai supervises arrivals.
    StayFact: Rows(readers=_register.readers, writers=_register.writers, append_only=True),
    # A consent is given to one university; nobody edits what was signed.
    Consent: Rows(readers=_register.readers, writers=_register.writers, append_only=True),
    # The register of certificates is the university's own: the ministry reads records, not papers handed to people.
    Certificate: Rows(
        readers={UNIVERSITY: own("organisation_id"), AUDITOR: ALL, SYSTEM: ALL},
        writers={UNIVERSITY: own("organisation_id"), SYSTEM: ALL},
        append_only=True,
    ),
    Undo: Rows(
        readers={UNIVERSITY: own("organisation_id"), SYSTEM: ALL},
        writers={UNIVERSITY: own("organisation_id"), SYSTEM: ALL},
    ),
    # A request between two universities is the row of both; what it says of the human goes by the rows of the human.
    Transfer: Rows(
        readers={UNIVERSITY: own("from_organisation_id", "to_organisation_id"), AUDITOR: ALL, SYSTEM: ALL},
        writers={UNIVERSITY: own("from_organisation_id", "to_organisation_id"), SYSTEM: ALL},
    ),
    # Which records an office joined, and which it says are two people: for those who keep the records and who oversee them.
    Merge: _joined,
    Apart: _joined,
    Internship: _at_work,
    InternshipWeek: _at_work,
    Scan: _kept_here,
    ScanContent: _kept_here,
    Import: _brought,
    ImportRow: _brought,
    ImportChoice: _brought,
    User: Rows(
        readers={**_account_readers, **{role: mine("id") for role in _people_with_accounts}},
        writers={**_account_writers, AUDITOR: mine("id"), **{role: mine("id") for role in _people_with_accounts}},
    ),
    Membership: Rows(
        readers={**_account_readers, **{role: mine("user_id") for role in _people_with_accounts}},
        writers={ADMINISTRATOR: ALL, SYSTEM: ALL},
    ),
    AuditEntry: Rows(
        readers={AUDITOR: ALL, ADMINISTRATOR: ALL, SYSTEM: ALL},
        writers=_everybody,
        append_only=True,
    ),
    AuditHead: Rows(readers=dict.fromkeys(Role, ALL), writers=_everybody),
    Submission: Rows(
        readers={**{role: mine("user_id") for role in (*_people_with_accounts, ADMINISTRATOR, AUDITOR)}, SYSTEM: ALL},
        writers={**{role: mine("user_id") for role in (*_people_with_accounts, ADMINISTRATOR, AUDITOR)}, SYSTEM: ALL},
    ),
    SavedView: Rows(
        readers={**{role: mine("user_id") for role in (UNIVERSITY, MINISTRY, AUDITOR)}, SYSTEM: ALL},
        writers={**{role: mine("user_id") for role in (UNIVERSITY, MINISTRY, AUDITOR)}, SYSTEM: ALL},
    ),
    Draft: Rows(
        readers={**{role: mine("user_id") for role in (*_people_with_accounts, ADMINISTRATOR, AUDITOR)}, SYSTEM: ALL},
        writers={**{role: mine("user_id") for role in (*_people_with_accounts, ADMINISTRATOR, AUDITOR)}, SYSTEM: ALL},
    ),
    Job: Rows(
        readers={**{role: mine("user_id") for role in (*_people_with_accounts, ADMINISTRATOR, AUDITOR)}, SYSTEM: ALL},
        writers={**{role: mine("user_id") for role in (*_people_with_accounts, ADMINISTRATOR, AUDITOR)}, SYSTEM: ALL},
    ),
    # Nobody can read what is in them without the token of the browser that sent the form.
    SealedForm: Rows(readers=_everybody, writers=_everybody),
    Hit: Rows(readers=_everybody, writers=_everybody),
}

OPEN: frozenset[type] = frozenset(
    {
        Organisation, SecurityRole, Region, District, Level, StudyForm, Funding, Status, OrderType, ExpulsionGround,
        DocumentType, Programme, WorkingDay,
    }
)  # fmt: skip
