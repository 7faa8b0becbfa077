"""Draws with openpyxl what does not depend on the number of rows: cover, headings, headers, models of rows, notes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import openpyxl
from flask_babel import gettext as _
from flask_babel import ngettext
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import AutoFilter, Table, TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from exchange.spreadsheets import paper, styles
from exchange.spreadsheets.book import column_letters
from exchange.spreadsheets.charts import draw_chart
from exchange.spreadsheets.sheet import NUMBERS, Check, Column, CoverValue, Properties, Sheet, Workbook
from exchange.spreadsheets.text import safe_text

HEADER_ROW = 4
FIRST_ROW = 5

_MARGIN = 0.59
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_SHEET_NAME = 31
_LONGEST_FOOTER = 120
_COVER_WIDTHS = (30.0, 62.0, 34.0)
_NOTES_WIDTHS = (30.0, 96.0)
_READABLE = 2_000


def draw(workbook: Workbook) -> openpyxl.Workbook:
    """The workbook without its body rows."""
    book = openpyxl.Workbook()
    # Widths of columns are told in digits of this font, and not every program has the one that openpyxl begins with.
    book._named_styles["Normal"].font = styles.BODY
    # Every formula carries its value, so Excel has nothing to calculate and does not ask to save on closing.
    book.calculation.fullCalcOnLoad = False
    cover = book.active
    names = _sheet_names([_("Обложка"), *(sheet.title for sheet in workbook.sheets), _("Примечания")])
    cover.title = names[0]
    for sheet, name in zip(workbook.sheets, names[1:], strict=False):
        _draw_sheet(book.create_sheet(name), sheet)
    if workbook.notes:
        _draw_notes(book.create_sheet(names[-1]), workbook.notes)
    else:
        names.pop()
    _draw_cover(cover, workbook, names)
    for worksheet in book.worksheets:
        set_up_page(worksheet, workbook.footer)
    paper.keep_together(cover)
    for worksheet, sheet in zip(book.worksheets[1:], workbook.sheets, strict=False):
        paper.cut(worksheet, sheet, HEADER_ROW, FIRST_ROW + body_rows(sheet) - (sheet.totals is None))
    _describe(book, workbook)
    return book


def put(worksheet: Worksheet, row: int, column: int, value: object, font: Font, alignment: Alignment) -> Cell:
    """A cell that can never become a formula: text is stored as text, whatever it begins with."""
    cell = worksheet.cell(row, column)
    if value is None or isinstance(value, (bool, int, float, dt.date)):
        cell.value = value
        if isinstance(value, dt.datetime):
            cell.number_format = styles.FORMATS["datetime"]
        elif isinstance(value, dt.date):
            cell.number_format = styles.FORMATS["date"]
        elif isinstance(value, int):
            cell.number_format = styles.FORMATS["int"]
    else:
        cell.value = safe_text(str(value))
        cell.data_type = "s"
        cell.number_format = styles.FORMATS["text"]
    cell.font, cell.alignment = font, alignment
    return cell


def _sheet_names(wanted: Sequence[str]) -> list[str]:
    """Names that Excel accepts and that differ whatever the case."""
    names: list[str] = []
    taken: set[str] = set()
    for want in wanted:
        allowed = " ".join(_NOT_IN_SHEET_NAMES.sub(" ", safe_text(want)).split())
        clean = allowed.strip("' ")[:_LONGEST_SHEET_NAME].strip("' ") or "1"
        name, again = clean, 2
        while name.casefold() in taken:
            name = f"{clean[: _LONGEST_SHEET_NAME - 4].rstrip()} {again}"
            again += 1
        taken.add(name.casefold())
        names.append(name)
    return names


def header_titles(sheet: Sheet) -> list[str]:
    """The titles as they stand in the header row and, letter for letter, in the table part."""
    return [" ".join(safe_text(column.title).split())[:255] for column in sheet.columns]


def body_rows(sheet: Sheet) -> int:
    """Rows of the table; an empty table has one blank row, for Excel knows no table without rows."""
    return max(sheet.count, 1)


def is_read_by_people(sheet: Sheet) -> bool:
    """A short table whose rows are known beforehand: its text wraps, its widths follow its content."""
    return isinstance(sheet.rows, Sequence) and sheet.count <= _READABLE and sheet.freeze is None


def row_heights(sheet: Sheet, drawn: Worksheet) -> dict[int, float]:
    """Row number to points, for the rows of a readable table that need more than a line."""
    heights: dict[int, float] = {}
    if not is_read_by_people(sheet):
        return heights
    widths = {
        place: drawn.column_dimensions[column_letters(place + 1)].width
        for place, column in enumerate(sheet.columns)
        if column.kind == "text"
    }
    for number, row in enumerate(sheet.known_rows, start=FIRST_ROW):
        texts = ((str(value), widths[place]) for place, value in enumerate(row) if value and place in widths)
        tallest = max((styles.height(text, width) for text, width in texts), default=0.0)
        if tallest > styles.ROW_HEIGHT:
            heights[number] = tallest
    return heights


def _draw_sheet(worksheet: Worksheet, sheet: Sheet) -> None:
    put_headings(worksheet, sheet.heading, sheet.subtitle)
    last = FIRST_ROW + body_rows(sheet) - 1
    for position, (column, title) in enumerate(zip(sheet.columns, header_titles(sheet), strict=True), start=1):
        is_number = column.kind in NUMBERS
        # A filter button covers the right end of a title.
        aside = styles.HEADER_CENTRE if sheet.has_filters else styles.HEADER_RIGHT
        cell = put(worksheet, HEADER_ROW, position, title, styles.WHITE, aside if is_number else styles.HEADER_LEFT)
        cell.fill = styles.HEADER_FILL
        _model(worksheet.cell(FIRST_ROW, position), column, wrapped=is_read_by_people(sheet))
        if sheet.totals is not None:
            total = worksheet.cell(last + 1, position)
            _model(total, column, wrapped=False)
            total.font, total.border = styles.BOLD, styles.OVER_TOTALS
    worksheet.row_dimensions[3].height = 6
    worksheet.row_dimensions[HEADER_ROW].height = 30
    widths = _set_widths(worksheet, sheet)
    worksheet.add_table(_table(sheet, last))
    if sheet.freeze is not None:
        worksheet.freeze_panes = f"{column_letters(sheet.freeze + 1)}{FIRST_ROW}"
    worksheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    below = last + (1 if sheet.totals is not None else 0) + 2
    for note in sheet.notes:
        put(worksheet, below, 1, note, styles.QUIET, styles.MIDDLE)
        below += 1
    if sheet.chart is not None:
        draw_chart(worksheet, sheet, sheet.chart, FIRST_ROW, below + (1 if sheet.notes else 0), widths)


def _model(cell: Cell, column: Column, *, wrapped: bool) -> None:
    """Gives an empty cell the looks of its column; the row stream takes its style number from here."""
    cell.font, cell.border = styles.BODY, styles.UNDER
    cell.number_format = styles.number_format(column)
    if column.kind == "text":
        cell.alignment = styles.LEFT_WRAPPED if wrapped else styles.LEFT
    else:
        cell.alignment = styles.LEFT if column.kind in ("date", "datetime") else styles.RIGHT


def _set_widths(worksheet: Worksheet, sheet: Sheet) -> list[float]:
    longest = [0] * len(sheet.columns)
    if is_read_by_people(sheet):
        for row in (*sheet.known_rows, sheet.totals or ()):
            for position, (column, value) in enumerate(zip(sheet.columns, row, strict=False)):
                if value is not None and column.kind not in ("date", "datetime"):
                    # A sum of many figures is wider than each: digits come in groups of three.
                    shown = (
                        f"{value:,.1f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
                    )
                    longest[position] = max(longest[position], *map(len, shown.split("\n")))
    widths = []
    for position, (column, length) in enumerate(zip(sheet.columns, longest, strict=True), start=1):
        widths.append(styles.width(column, length, sheet.has_filters))
        worksheet.column_dimensions[column_letters(position)].width = widths[-1]
    return widths


def _table(sheet: Sheet, last: int) -> Table:
    reference = f"A{HEADER_ROW}:{column_letters(len(sheet.columns))}{last}"
    table = Table(displayName=sheet.name, name=sheet.name, ref=reference)
    # Named here, because openpyxl would create every cell of the range to find the header.
    for position, title in enumerate(header_titles(sheet), start=1):
        table.tableColumns.append(TableColumn(id=position, name=title))
    if sheet.has_filters:
        table.autoFilter = AutoFilter(ref=reference)
    return table


def put_headings(worksheet: Worksheet, heading: str, subtitle: str) -> None:
    put(worksheet, 1, 1, heading, styles.HEADING, styles.MIDDLE)
    put(worksheet, 2, 1, subtitle, styles.QUIET, styles.MIDDLE)
    worksheet.row_dimensions[1].height = 24
    worksheet.row_dimensions[2].height = 16


def give_widths(worksheet: Worksheet, widths: Sequence[float]) -> None:
    for position, wide in enumerate(widths, start=1):
        worksheet.column_dimensions[column_letters(position)].width = wide


def give_height(worksheet: Worksheet, row: int, widths: Sequence[float]) -> None:
    """As much as the highest of the wrapped texts of a row needs."""
    worksheet.row_dimensions[row].height = max(
        styles.height(str(worksheet.cell(row, position).value or ""), wide) for position, wide in enumerate(widths, start=1)
    )


def _draw_cover(worksheet: Worksheet, workbook: Workbook, names: Sequence[str]) -> None:
    cover = workbook.cover
    put_headings(worksheet, cover.title, cover.subtitle)
    give_widths(worksheet, _COVER_WIDTHS)
    checks = [Check(*check) for check in cover.checks]
    row = _put_verdict(worksheet, 4, checks)
    for label, value in cover.facts:
        row = _put_fact(worksheet, row, label, value)
    if checks:
        row = _put_section(worksheet, row + 1, _("Контрольные суммы"))
        for check in checks:
            row = _put_check(worksheet, row, check)
    row = _put_section(worksheet, row + 1, _("Листы"))
    headings = [sheet.heading for sheet in workbook.sheets] + ([""] if workbook.notes else [])
    for name, heading in zip(names[1:], headings, strict=True):
        link = put(worksheet, row, 1, name, styles.LINKED, styles.LEFT)
        quoted = name.replace("'", "''")
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{quoted}'!A1")
        put(worksheet, row, 2, heading, styles.BODY, styles.LEFT_WRAPPED)
        give_height(worksheet, row, _COVER_WIDTHS)
        row += 1


def _put_verdict(worksheet: Worksheet, row: int, checks: Sequence[Check]) -> int:
    """Figures that disagree are said before anything else."""
    failed = sum(not check.ok for check in checks)
    if not failed:
        return row
    sentence = ngettext(
        "Не сошлась %(num)s контрольная сумма. Не используйте отчёт, сообщите администратору",
        "Не сошлись контрольные суммы: %(num)s. Не используйте отчёт, сообщите администратору",
        failed,
    )
    for column in (1, 2, 3):
        cell = put(worksheet, row, column, sentence if column == 1 else None, styles.FAILED, styles.MIDDLE)
        cell.fill = styles.FAILED_FILL
    worksheet.row_dimensions[row].height = 24
    return row + 2


def _put_fact(worksheet: Worksheet, row: int, label: str, value: CoverValue) -> int:
    put(worksheet, row, 1, label, styles.QUIET, styles.LEFT_WRAPPED).border = styles.UNDER
    put(worksheet, row, 2, value, styles.BODY, styles.LEFT_WRAPPED).border = styles.UNDER
    worksheet.cell(row, 3).border = styles.UNDER
    give_height(worksheet, row, _COVER_WIDTHS)
    return row + 1


def _put_section(worksheet: Worksheet, row: int, title: str) -> int:
    for column in (1, 2, 3):
        cell = put(worksheet, row, column, title if column == 1 else None, styles.WHITE, styles.MIDDLE)
        cell.fill = styles.HEADER_FILL
    worksheet.row_dimensions[row].height = 20
    return row + 1


def _put_check(worksheet: Worksheet, row: int, check: Check) -> int:
    verdict = _("сходится") if check.ok else _("НЕ СХОДИТСЯ")
    font = styles.PASSED if check.ok else styles.FAILED
    texts = f"{check.id}: {verdict}", check.text, check.detail
    for column, text in enumerate(texts, start=1):
        cell = put(worksheet, row, column, text, font if column == 1 or not check.ok else styles.BODY, styles.LEFT_WRAPPED)
        cell.border = styles.UNDER
        if not check.ok:
            cell.fill = styles.FAILED_FILL
    give_height(worksheet, row, _COVER_WIDTHS)
    return row + 1


def _draw_notes(worksheet: Worksheet, notes: Sequence[str | tuple[str, str]]) -> None:
    put_headings(worksheet, _("Примечания"), _("Правила подсчёта, знаки и сокращения"))
    have_terms = any(not isinstance(note, str) for note in notes)
    widths = _NOTES_WIDTHS if have_terms else (sum(_NOTES_WIDTHS),)
    give_widths(worksheet, widths)
    for row, note in enumerate(notes, start=HEADER_ROW):
        term, meaning = ("", note) if isinstance(note, str) else note
        if term:
            put(worksheet, row, 1, term, styles.BOLD, styles.LEFT_WRAPPED)
        put(worksheet, row, len(widths), meaning, styles.BODY, styles.LEFT_WRAPPED)
        give_height(worksheet, row, widths)


def set_up_page(worksheet: Worksheet, footer: str) -> None:
    worksheet.sheet_view.showGridLines = False
    worksheet.sheet_view.zoomScale = 100
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.paperSize = 9
    worksheet.page_setup.fitToWidth = 1
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = worksheet.page_margins
    margins.left = margins.right = margins.top = margins.bottom = _MARGIN
    margins.header = margins.footer = _MARGIN / 2
    # In a footer & begins a command.
    worksheet.oddFooter.left.text = safe_text(footer)[:_LONGEST_FOOTER].replace("&", "&&")
    worksheet.oddFooter.right.text = _("Стр. %(page)s из %(pages)s", page="&P", pages="&N")
    for part in (worksheet.oddFooter.left, worksheet.oddFooter.right):
        part.font, part.size, part.color = styles.FAMILY, 8, styles.MUTED


def _describe(book: openpyxl.Workbook, workbook: Workbook) -> None:
    describe_book(book, workbook.properties, workbook.cover.title, workbook.language)


def describe_book(book: openpyxl.Workbook, given: Properties, title: str, language: str) -> None:
    """What Excel shows about the document itself."""
    known = book.properties
    known.title = safe_text(given.title or title)
    known.creator = known.lastModifiedBy = safe_text(given.author)
    known.subject = safe_text(given.subject)
    known.keywords = safe_text(given.keywords)
    known.description = safe_text(given.description)
    known.category = safe_text(given.category)
    known.language = language
    if given.created is not None:
        known.created = known.modified = given.created
