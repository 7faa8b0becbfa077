"""What a template says of itself on a hidden sheet: of which kind and version it is, for whom and on which day it was made."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from exchange.imports.kit.vocabulary import GUIDE, MARK
from exchange.imports.tables import text_of
from exchange.spreadsheets.book import Book

# Grows when a column changes its meaning or its place is taken by others; a new column alone needs no new version.
VERSION = 1
_MOST_LINES = 20


@dataclass(frozen=True)
class Stamp:
    """`organisation` is a code, `name` its short name; `filled`: with the records of the organisation on that day."""

    kind: str
    version: int
    day: dt.date
    organisation: str
    name: str
    filled: bool

    def lines(self) -> dict[str, str]:
        """As it stands in the workbook."""
        return {
            "template": "registry", "kind": self.kind, "version": str(self.version), "day": self.day.isoformat(),
            "organisation": self.organisation, "name": self.name, "filled": "1" if self.filled else "0",
        }  # fmt: skip

    def refusal(self, kind: str) -> str:
        """Why the file can't be taken as a list of this kind; "" when it can."""
        if self.kind != kind:
            return {
                "students": _("Это шаблон списка практикантов. Скачайте шаблон списка студентов"),
                "interns": _("Это шаблон списка студентов. Скачайте шаблон списка практикантов"),
            }[kind]
        if self.version > VERSION:
            return _(
                "Шаблон новее реестра: версия %(version)s, реестр знает %(known)s. Скачайте шаблон на этой странице",
                version=self.version,
                known=VERSION,
            )
        return ""

    def notes(self, today: dt.date) -> list[str]:
        """What to know of a template that is taken."""
        found = []
        if self.version < VERSION:
            found.append(_("Шаблон прошлой версии: столбцы поняты по заголовкам. В следующий раз скачайте новый шаблон"))
        if self.filled and self.day < today:
            found.append(
                _(
                    "В шаблоне данные на %(day)s. Что с тех пор изменилось в реестре, файл может вернуть назад. "
                    "Проверьте обновления",
                    day=f"{self.day:%d.%m.%Y}",
                )
            )
        return found

    def other(self, code: str, name: str) -> str:
        """A sentence when the template was made for another organisation; "" when for this one."""
        if code == self.organisation:
            return ""
        return _(
            "Шаблон скачан для %(theirs)s, а загружается для %(mine)s. Скачайте шаблон для %(mine)s",
            theirs=self.name or self.organisation,
            mine=name,
        )


def stamp_of(book: Book) -> Stamp | None:
    """The stamp of a workbook; None when it has none, or one that nobody can read."""
    sheet = next((sheet for sheet in book.sheets if sheet.name == MARK and sheet.hidden), None)
    if sheet is None:
        return None
    said = {text_of(cells[0]): text_of(cells[1]) for _number, cells in sheet.rows[:_MOST_LINES] if len(cells) > 1}
    try:
        if said["template"] != "registry" or said["kind"] not in ("students", "interns"):
            return None
        return Stamp(
            said["kind"], int(said["version"][:9]), dt.date.fromisoformat(said["day"]), said["organisation"][:40],
            said.get("name", "")[:200], said.get("filled") == "1",
        )  # fmt: skip
    except (KeyError, ValueError):
        return None


def without_help(book: Book) -> Book:
    """The book without the sheets that help to fill it in: nobody looks for people there."""
    return replace(book, sheets=[sheet for sheet in book.sheets if not sheet.hidden and sheet.name != GUIDE])
