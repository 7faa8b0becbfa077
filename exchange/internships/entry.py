"""What is entered of one internship, by a form or by a row of a spreadsheet: checked values, no text to be read any more."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from exchange.errors import RuleBroken
from exchange.internships import rules
from exchange.internships.stages import Kind
from exchange.people.iin import mask
from exchange.people.names import fold, skeleton


@dataclasses.dataclass(frozen=True)
class Entry:
    """One person at one enterprise for one span of days. The names are those of the model's columns."""

    kind: str
    surname: str
    name: str
    starts_on: dt.date
    ends_on: dt.date
    patronymic: str = ""
    iin: str | None = None
    birth_date: dt.date | None = None
    sex: str | None = None
    phone: str = ""
    email: str = ""
    university_id: int | None = None
    university_is_here: bool = False
    employer: str = ""
    employer_bin: str = ""
    position: str = ""
    programme: str = ""
    department: str = ""
    mentor: str = ""
    mentor_phone: str = ""
    hours_planned: int | None = None
    hours_done: int | None = None
    briefing_on: dt.date | None = None
    grade: int | None = None
    outcome: str | None = None

    def columns(self) -> dict[str, Any]:
        """Values by the names of the model's columns."""
        return {name: getattr(self, name) for name in COLUMNS}

    def keys(self) -> dict[str, str]:
        """The folded names: one key to sort by, one to find the surname in any script."""
        parts = (self.surname, self.name, self.patronymic)
        return {"sort_key": " ".join(filter(None, map(fold, parts))), "surname_key": skeleton(self.surname)}

    def check(self, today: dt.date) -> None:
        """Raises RuleBroken for the first rule that is not kept; forms ask the same rules one by one."""
        rules.check_period(self.starts_on, self.ends_on, today)
        if self.birth_date is not None:
            rules.check_age(self.birth_date, self.starts_on)
        for field, hours in (("hours_planned", self.hours_planned), ("hours", self.hours_done)):
            if hours is not None:
                rules.check_hours(field, hours, self.starts_on, self.ends_on, self.birth_date)
        if self.briefing_on is not None:
            rules.check_briefing(self.briefing_on, self.starts_on, self.ends_on)
        if self.grade is not None:
            rules.check_grade(self.grade)
        if self.kind == Kind.PRACTICE and self.university_id is None:
            raise RuleBroken("university", rules.university_needed())
        if self.kind == Kind.SPECIALIST and not self.employer:
            raise RuleBroken("employer", rules.employer_needed())


COLUMNS = tuple(field.name for field in dataclasses.fields(Entry) if field.name != "university_is_here")
# Who the person is and which placement was agreed: a change of these needs the word of the university anew.
IDENTITY = ("kind", "surname", "name", "patronymic", "iin", "birth_date", "university_id")
AGREED = (*IDENTITY, "starts_on", "ends_on")


def for_the_log(column: str, value: Any) -> Any:
    """A value as the log may keep it: an IIN is masked."""
    return mask(value) if column == "iin" and value else value
