"""Tables side by side in one sheet: each person has a verdict, the workbook comes back the same, fixes reach both sides."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from exchange.imports.models import Import, ImportRow
from tests.applications import Client
from tests.imports.rosters import PEOPLE, lines, text, xlsx
from tests.imports.test_pages import send
from tests.imports.test_returned import asu, place_of, returned

__all__ = ["asu"]
pytestmark = pytest.mark.usefixtures("today")


def rows_beside(shift: int = 0, right: int = 5) -> list[list[Any]]:
    """Three people on the left and five on the right of one sheet; a birth and a form that nobody understands on each side."""
    left = lines(people=PEOPLE[:3], born=lambda p: "весна" if p is PEOPLE[1] else p.born)
    other = lines(people=PEOPLE[3 : 3 + right], form=lambda p: "лунная" if p in (PEOPLE[4], PEOPLE[6]) else p.form)
    empty = [None] * len(left[0])
    return [[None] * shift + one + two for one, two in zip_longest(left, other, fillvalue=empty)]


@pytest.mark.parametrize("shift", [0, 1])
def test_tables_side_by_side_have_their_verdicts_in_the_same_columns(asu: Client, session: Session, shift: int) -> None:
    place = send(asu, xlsx(rows_beside(shift))).headers["Location"].removesuffix("/columns")
    _content, book = returned(asu, place)
    sheet = book.worksheets[0]
    row, column = place_of(sheet, "Проверка")
    said = [re.sub(r"(\d+) ошиб\w+", r"ошибок: \1", sheet.cell(n, column).value) for n in range(row + 1, row + 6)]
    names = [person.last for person in PEOPLE]
    assert said == [
        f"{names[0]}: Готово; {names[3]}: Готово",
        f"{names[1]}: ошибок: 1; {names[4]}: ошибок: 1",
        f"{names[2]}: Готово; {names[5]}: Готово",
        "ошибок: 1",
        "Готово",
    ]
    remarks = sheet.cell(row + 2, column + 1).value.split("\n")
    assert [one.split(": ")[:2] for one in remarks] == [[names[1], "Дата рождения"], [names[4], "Форма обучения"]]
    notes = {cell.column for cell in sheet[row + 2] if cell.comment}
    width = len(lines()[0])
    assert [(one - 1 - shift) // width for one in sorted(notes)] == [0, 1], "one on each side"
    tinted = {str(area) for formats in sheet.conditional_formatting for area in formats.sqref.ranges}
    assert {sheet.cell(row + 2, one).coordinate for one in notes} <= tinted
    assert [n for n in range(row + 1, row + 6) if not sheet.row_dimensions[n].hidden] == [row + 2, row + 4]


@pytest.mark.parametrize("shift", [0, 1])
def test_fixes_reach_rows_of_both_tables(asu: Client, session: Session, shift: int) -> None:
    place = send(asu, xlsx(rows_beside(shift))).headers["Location"].removesuffix("/columns")
    page = BeautifulSoup(asu.get(f"{place}?tab=errors").data, "html.parser")
    data: dict[str, Any] = {
        item["name"]: item.get("value", "") for item in page.select("form[action$=fixes] input[type=hidden]")
    }
    data["row"] = [item["value"] for item in page.select("input[name=row]")]
    data |= {item["name"]: "27.03.2006" for item in page.select("input[name^=fix-][name$=-born]")}
    for item in page.select("select[name^=fix-][name$=-form]"):
        data[item["name"]] = next(option["value"] for option in item.select("option") if option["value"])
    assert len([name for name in data if name.startswith("fix-")]) >= 2
    asu.post(f"{place}/fixes", data=data)
    verdicts_now = session.scalars(sa.select(ImportRow.verdict)).all()
    assert verdicts_now == ["new"] * 8


@pytest.mark.sqlite_only
@pytest.mark.parametrize(("shift", "right", "name"), [(0, 5, "a.xlsx"), (1, 5, "a.xlsx"), (0, 2, "a.xlsx"), (0, 1, "a.csv")])
def test_it_goes_back_and_comes_again_with_the_same_verdicts(
    asu: Client, session: Session, shift: int, right: int, name: str
) -> None:
    rows = rows_beside(shift, right)
    content = text(rows) if name.endswith(".csv") else xlsx(rows)
    heard = []
    for number in range(3):
        place = send(asu, content, "b.xlsx" if number else name).headers["Location"].removesuffix("/columns")
        if number == 1:  # applied: the third time everybody is found in the register, in one row or in two
            assert asu.post(f"{place}/apply", data={"rows": "good"}).status_code == 303
        upload = session.scalars(sa.select(Import).where(Import.public_id == place.rpartition("/")[2])).one()
        kept = sa.select(ImportRow.row_number, ImportRow.verdict, ImportRow.title).where(ImportRow.import_id == upload.id)
        heard.append([tuple(row) for row in session.execute(kept.order_by(ImportRow.id))])
        content, book = returned(asu, place)
        place_of(book.worksheets[0], "registry_id")
    assert heard[0] == heard[1]
    assert [(row, "unchanged" if said == "new" else said, who) for row, said, who in heard[1]] == heard[2]
    assert len(heard[0]) == 3 + right
