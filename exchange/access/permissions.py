"""What can be allowed: `resource:action`."""

from __future__ import annotations

import enum


class Permission(enum.StrEnum):
    """One thing that a role may or may not do; who may is said on the policy page."""

    OVERVIEW_READ = "overview:read"
    STUDENT_READ = "student:read"
    STUDENT_REGISTER = "student:register"
    STUDENT_EDIT = "student:edit"
    STUDENT_REVEAL = "student:reveal"
    STUDENT_EXPORT = "student:export"
    ORDER_RECORD = "order:record"
    ORDER_ANNUL = "order:annul"
    STAY_READ = "stay:read"
    STAY_RECORD = "stay:record"
    FILE_READ = "file:read"
    FILE_ATTACH = "file:attach"
    TRANSFER_READ = "transfer:read"
    TRANSFER_MAKE = "transfer:make"
    INTERNSHIP_READ = "internship:read"
    INTERNSHIP_LOG = "internship:log"
    INTERNSHIP_AGREE = "internship:agree"
    INTERNSHIP_EXPORT = "internship:export"
    IMPORT_READ = "import:read"
    IMPORT_STUDENTS = "import:students"
    IMPORT_INTERNS = "import:interns"
    REPORT_READ = "report:read"
    USER_MANAGE = "user:manage"
    ORGANISATION_MANAGE = "organisation:manage"
    AUDIT_READ = "audit:read"
