"""What is wrong with a cell of the file, in words: place, value, what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from exchange.imports import vocabulary
from exchange.imports.fields import EXPECTED, FIELDS
from exchange.imports.tables import Row, text_of


@dataclass
class Problem:
    """One remark about one cell. An error keeps the row out; a warning is only said.

    source: the field of the file, when it has another name. suggestion: the text that would likely be right, and why
    (`because`). skip: the row had better stay out. twin: place of the row with the same person. accepted: a person said
    of a warning that it is so.
    """

    field: str
    severity: str
    message: str
    cell: str = ""
    value: str = ""
    source: str = ""
    suggestion: str = ""
    because: str = ""
    skip: bool = False
    twin: str = ""
    accepted: bool = False

    @property
    def target(self) -> str:
        """The field of the file in which the remark is mended."""
        return self.source or self.field

    def as_dict(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "cell": self.cell, "field": self.field, "value": self.value, "severity": self.severity, "message": self.message,
        }  # fmt: skip
        more = {name: getattr(self, name) for name in ("suggestion", "because", "skip", "twin", "accepted")}
        if self.source not in ("", self.field):
            told["source"] = self.source
        return told | {name: value for name, value in more.items() if value}


# A field of the form may come from a column that has another name: the remark then points to that column.
JOINED = {
    "last_name": ("last_name", "full_name"),
    "first_name": ("first_name", "full_name"),
    "patronymic": ("patronymic", "full_name"),
    "programme": ("programme", "programme_code", "programme_name"),
    "order_number": ("order_number", "order"),
    "order_date": ("order_date", "order", "enrolled_on"),
    "enrolled_on": ("enrolled_on", "order", "order_date"),
    "document_type": ("document_type", "passport"),
    "starts_on": ("starts_on", "period"),
    "ends_on": ("ends_on", "period"),
    "event": ("event", "status"),
    "event_order_number": ("event_order_number", "event_order", "order_number", "order"),
    "event_order_date": ("event_order_date", "event_order", "order_date", "order"),
    "university": ("sender",),
    "employer": ("sender",),
}

# One cell of these columns holds several facts: one fault a cell is said.
SEVERAL_IN_ONE = ("full_name", "period")


@dataclass
class Reading:
    """A row of people as understood: values for the form, and what there is to remark."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    checked: Any = None  # what the form made of an accepted row

    def source(self, name: str) -> str:
        """The field of the file that the value came from."""
        return next((f for f in JOINED.get(name, (name,)) if f in self.row.columns), "")

    def remark(self, name: str, message: Any, severity: str = "error") -> None:
        """Adds a remark to the cell from which the field was read; one error a field is enough."""
        if severity == "error" and any(p.field == name and p.severity == "error" for p in self.problems):
            return
        source = self.source(name)
        address = self.row.address(source)
        if severity == "error" and source in SEVERAL_IN_ONE and self._is_refused(address):
            return  # one cell, one fault
        value = text_of(self.row.cells.get(source))
        self.problems.append(Problem(name, severity, str(message), address, value[:200], source))

    def _is_refused(self, address: str) -> bool:
        return any(p.cell == address and p.severity == "error" for p in self.problems)

    def warn(self, name: str, message: Any) -> None:
        self.remark(name, message, "warning")

    def refuse(self, errors: Mapping[str | None, Sequence[Any]]) -> None:
        """Errors that the form found: the first one of a field, in place of the warnings that the field has."""
        for name, sentences in errors.items():
            self.problems = [p for p in self.problems if p.field != name or p.severity == "error"]
            self.remark(name or "last_name", self.lack(name or "") or sentences[0])

    def lack(self, name: str) -> str:
        """What the file lacks, where the form would only say that a field is empty: the column, the value, a part of it."""
        if name not in EXPECTED or self.values.get(name):
            return ""
        if not (source := self.source(name)):
            return _("В файле нет столбца «%(column)s». Добавьте его. %(write)s", column=FIELDS[name], write=EXPECTED[name])
        text = text_of(self.row.cells.get(source))
        if vocabulary.is_nothing(text):
            return _("Значение не указано. %(write)s", write=EXPECTED[name])
        if source == "full_name":
            return _("В ячейке только «%(text)s». Напишите через пробел фамилию, имя и отчество", text=text[:60])
        return ""

    @property
    def is_rejected(self) -> bool:
        return any(p.severity == "error" for p in self.problems)

    @property
    def title(self) -> str:
        names = (self.values.get(n) or "" for n in ("last_name", "first_name", "patronymic"))
        return " ".join(n for n in names if n)[:320] or text_of(self.row.cells.get("full_name"))[:320]
