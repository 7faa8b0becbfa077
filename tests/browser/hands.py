"""What a person does on a page of the site: fills fields in, presses, opens what was downloaded, reads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Locator, Page

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"


def fill_in(page: Page, **values: str) -> None:
    """Types, chooses or ticks by the names of the fields; a folded group is opened first."""
    for name, value in values.items():
        folded = page.locator("main form[method=post] details:not([open])").filter(has=page.locator(f"[name='{name}']"))
        if folded.count():
            folded.first.locator("summary").first.click()
        fields = page.locator(f"main form[method=post] [name='{name}']:visible")
        kind = fields.first.evaluate("field => field.type")
        if kind in ("radio", "checkbox"):
            page.check(f"main [name='{name}'][value='{value}']")
        elif kind == "select-one":
            fields.first.select_option(value)
        else:
            fields.first.fill(value)


def press(page: Page, words: str, status: int | None = None) -> None:
    """Presses the button or follows the link of these words; the page that opens answers with `status`, if it is given."""
    place = page.locator("main")
    for name in (words, re.compile(rf"^{re.escape(words)}")):
        target = place.get_by_role("button", name=name, exact=True).or_(place.get_by_role("link", name=name, exact=True))
        if target.count():
            break
    if status is None:
        target.first.click()
        page.wait_for_load_state()  # a click waits until an answer comes, not until the page stands
        return
    with page.expect_response(lambda answer: answer.request.is_navigation_request()) as opened:
        target.first.click()
    assert opened.value.status == status, f"{words}: {opened.value.status}"
    page.wait_for_load_state()


def follow(link: Locator) -> None:
    """Follows a link and waits until the page stands."""
    with link.page.expect_navigation():
        link.click()


def go_to(page: Page, section: str) -> None:
    """Follows the menu."""
    follow(page.get_by_role("navigation", name="Разделы").get_by_role("link", name=section, exact=True))


def download(page: Page, words: str) -> Any:
    """Presses a link or a button that gives a file, and opens the workbook."""
    with page.expect_download() as coming:
        press(page, words)
    assert coming.value.suggested_filename.endswith(".xlsx")
    with coming.value.path().open("rb") as file:
        return openpyxl.load_workbook(file, data_only=True)


def heading(page: Page) -> str:
    return plain(page.inner_text("h1"))


def said(page: Page) -> str:
    """The message after an act."""
    return plain(page.inner_text("main .flash"))


def main(page: Page) -> str:
    return plain(page.inner_text("main"))


def plain(text: str) -> str:
    """One line, with ordinary spaces and minus signs."""
    return " ".join(text.replace("\u2212", "-").split())


def names(page: Page) -> list[str]:
    """Who stands in the list on the page."""
    return [plain(text) for text in page.locator("tbody th a").all_inner_texts()]


def number_in(text: str) -> int:
    """The number at the end of a heading («Студенты 1 488»), or the only one of a text."""
    found = re.findall(r"\d[\d ]*", plain(text))
    assert found, text
    return int(found[-1].replace(" ", ""))


def fact(page: Page, label: str) -> str:
    """What a list of facts says beside a label."""
    pair = page.locator("dl > div").filter(has=page.locator("dt", has_text=re.compile(rf"^\s*{re.escape(label)}\s*$")))
    return plain(pair.first.locator("dd").inner_text())


def typed(page: Page, names: Iterable[str]) -> dict[str, str]:
    """What stands in the fields now, in folded groups too."""
    found = {}
    for name in names:
        fields: Locator = page.locator(f"main form[method=post] [name='{name}']:visible")
        if not fields.count():
            fields = page.locator(f"main form[method=post] details:not([open]) [name='{name}']")
        if fields.first.evaluate("field => field.type") == "radio":
            chosen = page.locator(f"main [name='{name}']:checked")
            found[name] = chosen.first.get_attribute("value") or "" if chosen.count() else ""
        else:
            found[name] = fields.first.input_value()
    return found


def focused(page: Page) -> str:
    """The id or, without one, the classes of the element that has the focus."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.className"))


def table_of(book: Any, first: str) -> list[list[Any]]:
    """The rows under the first heading row that begins with `first`, up to an empty line."""
    for sheet in book.worksheets:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        for number, row in enumerate(rows):
            if row and row[0] == first and sum(value is not None for value in row) > 2:
                body = []
                for line in rows[number + 1 :]:
                    if line[0] is None:
                        break
                    body.append(line)
                return [row, *body]
    raise AssertionError(f"no table begins with «{first}»: {book.sheetnames}")


def total_in(book: Any, column: str) -> int:
    """The figure of the row «Итого» in the column of this heading."""
    for sheet in book.worksheets:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        headings = next((row for row in rows if column in row), None)
        last = next((row for row in rows if row and row[0] == "Итого"), None)
        if headings and last:
            return int(last[headings.index(column)])
    raise AssertionError(f"no total of «{column}»: {book.sheetnames}")
