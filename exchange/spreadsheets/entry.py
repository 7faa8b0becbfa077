"""A workbook that people fill in: lists to choose from, notes at the headings, an example, a page that says how, a stamp.

One sheet of rows, streamed as in every workbook; everything around it is drawn with openpyxl. Nothing in it is a formula.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import openpyxl
from flask_babel import force_locale
from flask_babel import gettext as _
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from exchange.spreadsheets import drawing, paper, styles
from exchange.spreadsheets.book import column_letters
from exchange.spreadsheets.drawing import HEADER_ROW, put
from exchange.spreadsheets.rows import RowStream
from exchange.spreadsheets.sheet import Properties, Sheet
from exchange.spreadsheets.text import safe_text
from exchange.spreadsheets.writer import DIMENSION, STYLE, Written, natural, row_span, weigh, with_ignored_errors

EXAMPLE_ROW, FIRST_ROW = HEADER_ROW + 1, HEADER_ROW + 2
_REQUIRED, _OPTIONAL = styles.HEADER_FILL, PatternFill("solid", fgColor="51607A")
_EXAMPLE_FILL = PatternFill("solid", fgColor="F0F4FA")
_EXAMPLE = Font(name=styles.FAMILY, size=styles.SIZE, italic=True, color=styles.MUTED)
_OPEN = Protection(locked=False)
_GUIDE_WIDTHS = (30.0, 16.0, 84.0)
_FIRST_DAY, _LAST_DAY = 1, 73_415  # 01.01.1900 and 31.12.2100, as Excel counts days
_LONGEST_TITLE, _LONGEST_SAID = 32, 225


@dataclass(frozen=True)
class Guide:
    """What helps to fill a column in.

    note: what to write. choices: the list to choose from. is_strict: nothing else may be typed. is_hidden: kept for the
    machine. length: how many signs the text has.
    """

    note: str = ""
    choices: Sequence[str] = ()
    is_strict: bool = True
    is_required: bool = False
    is_hidden: bool = False
    length: int = 0


@dataclass
class EntryBook:
    """A workbook to be filled in. `guides` and `example` go with the columns of the sheet.

    room: how many rows are ready to be typed below the filled ones. steps: what to do, said before the columns. guide: name of
    the sheet that says how; lists, mark: names of the hidden sheets. stamp: what the workbook says of itself.
    """

    sheet: Sheet
    guides: Sequence[Guide]
    example: Sequence[object]
    stamp: Mapping[str, str]
    steps: Sequence[str]
    guide: str
    lists: str
    mark: str
    room: int = 1_000
    language: str = "ru"
    properties: Properties = field(default_factory=Properties)
    footer: str = ""


def write_entry(entry: EntryBook, target: BinaryIO) -> Written:
    """Writes the file to a stream that can be read again. Raises ValueError when the rows are not as described."""
    start = target.tell()
    with force_locale(entry.language):
        drawn = io.BytesIO()
        _draw(entry).save(drawn)
    with (
        zipfile.ZipFile(drawn) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        for part in sorted(source.namelist(), key=natural):
            content = source.read(part)
            if part != "xl/worksheets/sheet1.xml":
                archive.writestr(part, content)
                continue
            with archive.open(part, "w") as stream:
                for chunk in _body(content, entry.sheet, entry.room):
                    stream.write(chunk)
    return weigh(target, start, entry.sheet.count)


def _body(drawn: bytes, sheet: Sheet, room: int) -> Iterator[bytes]:
    """The sheet as it was drawn, with the rows in place of the model row; an empty workbook has none."""
    start, end = row_span(drawn, FIRST_ROW)
    stream = RowStream(sheet.columns, [int(style) for style in STYLE.findall(drawn[start:end])])
    yield DIMENSION.sub(b"", drawn[:start], count=1)
    yield from stream.chunks(sheet.rows, FIRST_ROW)
    if stream.written != sheet.count:
        raise ValueError(f"{sheet.name}: {sheet.count} rows were promised and {stream.written} came")
    yield with_ignored_errors(drawn[end:], sheet, FIRST_ROW + sheet.count + room - 1)


# -------------------------------------------------------------------------------------------------------------- drawing
def _draw(entry: EntryBook) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book._named_styles["Normal"].font = styles.BODY
    book.calculation.fullCalcOnLoad = False
    worksheet = book.active
    worksheet.title = entry.sheet.title
    last = FIRST_ROW + entry.sheet.count + entry.room - 1
    _draw_rows(worksheet, entry, last)
    guide = book.create_sheet(entry.guide)
    _draw_guide(guide, entry)
    ranges = _draw_lists(book.create_sheet(entry.lists), entry)
    _draw_stamp(book.create_sheet(entry.mark), entry.stamp)
    _limit(worksheet, entry, ranges, last)
    _lock(worksheet)
    _lock(guide)
    for page in (worksheet, guide):
        drawing.set_up_page(page, entry.footer)
    worksheet.sheet_view.showGridLines = True
    paper.cut(worksheet, entry.sheet, HEADER_ROW, max(EXAMPLE_ROW, FIRST_ROW + entry.sheet.count - 1))
    paper.keep_together(guide)
    drawing.describe_book(book, entry.properties, entry.sheet.heading, entry.language)
    return book


def _draw_rows(worksheet: Worksheet, entry: EntryBook, last: int) -> None:
    sheet = entry.sheet
    drawing.put_headings(worksheet, sheet.heading, sheet.subtitle)
    worksheet["A2"].protection = _OPEN
    worksheet.row_dimensions[3].height = 6
    worksheet.row_dimensions[HEADER_ROW].height = 44
    for place, (column, guide, shown) in enumerate(zip(sheet.columns, entry.guides, entry.example, strict=True), start=1):
        letters = column_letters(place)
        dimension = worksheet.column_dimensions[letters]
        dimension.width = styles.width(column, 0, has_button=True)
        dimension.hidden = guide.is_hidden
        # cells that nobody has typed yet take the looks of their column
        dimension.font, dimension.protection, dimension.number_format = styles.BODY, _OPEN, styles.number_format(column)
        heading = put(worksheet, HEADER_ROW, place, column.title, styles.WHITE, styles.HEADER_LEFT)
        heading.fill = _REQUIRED if guide.is_required else _OPTIONAL
        if guide.note:
            note = Comment(safe_text(_said(guide)), safe_text(sheet.heading)[:50])
            note.width, note.height = 300, 40 + 16 * (len(note.text) // 38 + note.text.count("\n") + 1)
            heading.comment = note
        cell = put(worksheet, EXAMPLE_ROW, place, shown, _EXAMPLE, styles.LEFT)
        cell.fill, cell.protection, cell.number_format = _EXAMPLE_FILL, _OPEN, styles.number_format(column)
        model = worksheet.cell(FIRST_ROW, place)
        model.font, model.border, model.alignment, model.protection = styles.BODY, styles.UNDER, styles.LEFT, _OPEN
        model.number_format = styles.number_format(column)
    worksheet.freeze_panes = f"{column_letters((sheet.freeze or 0) + 1)}{EXAMPLE_ROW}"
    worksheet.auto_filter.ref = f"A{HEADER_ROW}:{column_letters(len(sheet.columns))}{last}"
    worksheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"


def _said(guide: Guide) -> str:
    need = _("Обязательно.") if guide.is_required else _("Можно не заполнять.")
    return f"{need} {guide.note}"


def _draw_guide(worksheet: Worksheet, entry: EntryBook) -> None:
    drawing.put_headings(worksheet, entry.guide, entry.sheet.heading)
    drawing.give_widths(worksheet, _GUIDE_WIDTHS)
    row = HEADER_ROW
    for number, step in enumerate(entry.steps, start=1):
        put(worksheet, row, 1, _("Шаг %(number)s", number=number), styles.BOLD, styles.LEFT_WRAPPED)
        worksheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=3)
        put(worksheet, row, 2, step, styles.BODY, styles.LEFT_WRAPPED)
        worksheet.row_dimensions[row].height = styles.height(step, sum(_GUIDE_WIDTHS[1:]))
        row += 1
    row += 1
    for place, title in enumerate((_("Столбец"), _("Нужен ли"), _("Что написать")), start=1):
        put(worksheet, row, place, title, styles.WHITE, styles.MIDDLE).fill = styles.HEADER_FILL
    for column, guide in zip(entry.sheet.columns, entry.guides, strict=True):
        if guide.is_hidden:
            continue
        row += 1
        words = (column.title, _("обязательно") if guide.is_required else "", guide.note)
        for place, text in enumerate(words, start=1):
            font = styles.BOLD if place == 1 else styles.BODY
            put(worksheet, row, place, text, font, styles.LEFT_WRAPPED).border = styles.UNDER
        drawing.give_height(worksheet, row, _GUIDE_WIDTHS)


def _draw_lists(worksheet: Worksheet, entry: EntryBook) -> dict[int, str]:
    """The lists to choose from, a column each; place of the column of the workbook -> range of its list."""
    ranges: dict[int, str] = {}
    quoted = entry.lists.replace("'", "''")
    for place, (column, guide) in enumerate(zip(entry.sheet.columns, entry.guides, strict=True), start=1):
        if not guide.choices:
            continue
        at = len(ranges) + 1
        put(worksheet, 1, at, column.title, styles.BOLD, styles.LEFT)
        for row, choice in enumerate(guide.choices, start=2):
            put(worksheet, row, at, choice, styles.BODY, styles.LEFT)
        letters = column_letters(at)
        ranges[place] = f"'{quoted}'!${letters}$2:${letters}${len(guide.choices) + 1}"
    worksheet.sheet_state = "hidden"
    return ranges


def _draw_stamp(worksheet: Worksheet, stamp: Mapping[str, str]) -> None:
    for row, (name, value) in enumerate(stamp.items(), start=1):
        put(worksheet, row, 1, name, styles.BODY, styles.LEFT)
        put(worksheet, row, 2, value, styles.BODY, styles.LEFT)
    worksheet.sheet_state = "veryHidden"


def _limit(worksheet: Worksheet, entry: EntryBook, ranges: Mapping[int, str], last: int) -> None:
    """What may be typed: of the list; a day; so many signs. Where the importer knows more than a list, Excel only asks."""
    for place, (column, guide) in enumerate(zip(entry.sheet.columns, entry.guides, strict=True), start=1):
        if place in ranges:
            rule = DataValidation(type="list", formula1=ranges[place], allow_blank=True)
            rule.errorStyle = "stop" if guide.is_strict else "warning"
            rule.error = _("Выберите значение из списка")
        elif column.kind == "date":
            rule = DataValidation(
                type="date", operator="between", formula1=str(_FIRST_DAY), formula2=str(_LAST_DAY), allow_blank=True
            )
            rule.errorStyle, rule.error = "warning", _("Введите дату, например 27.03.2007")
        elif guide.length:
            rule = DataValidation(type="textLength", operator="equal", formula1=str(guide.length), allow_blank=True)
            rule.errorStyle, rule.error = "warning", _("Должно быть знаков: %(count)s", count=guide.length)
        else:
            continue
        rule.errorTitle = safe_text(column.title)[:_LONGEST_TITLE]
        rule.error = safe_text(rule.error)[:_LONGEST_SAID]
        rule.showErrorMessage = True
        letters = column_letters(place)
        rule.add(f"{letters}{EXAMPLE_ROW}:{letters}{last}")
        worksheet.add_data_validation(rule)


def _lock(worksheet: Worksheet) -> None:
    """Headings stay as they are; rows may be typed, added, deleted, sorted and filtered. There is no password."""
    lock = worksheet.protection
    lock.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter"):
        setattr(lock, allowed, False)


__all__ = ["EXAMPLE_ROW", "FIRST_ROW", "EntryBook", "Guide", "write_entry"]
