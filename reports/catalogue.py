"""All reports: a report is one file and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from exchange.access.actor import Role
from reports import contingent, internships, regions
from reports.report import Report

REPORTS: Mapping[str, Report] = {report.number: report for report in (contingent.REPORT, regions.REPORT, internships.REPORT)}


def reports_for(role: Role) -> list[Report]:
    """The reports that a role may make, in the order of their numbers."""
    return [report for report in REPORTS.values() if report.may_be_made_by(role)]
