"""Wide tables on A4 paper: cut between columns, so that they can be read; the first columns stand on every sheet of paper."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from exchange.spreadsheets import styles
from exchange.spreadsheets.book import column_letters
from exchange.spreadsheets.sheet import Sheet
from exchange.spreadsheets.text import safe_text

#: Characters between the margins of a landscape sheet in full size, and the least size that can be read: 8 points of 10.
_ACROSS, _LEAST = 136.0, 0.8
_ROOM = _ACROSS / _LEAST
#: Points between the margins, from top to bottom.
_DOWN = 505.0
_LONGEST_HEADER = 200


def cut(worksheet: Worksheet, sheet: Sheet, first: int, last: int) -> None:
    """Takes the place of «fit to one page» where that would make the letters too small.

    Rows `first` to `last` are printed. The headings above them would be cut as well, so they go into the header of the page.
    """
    widths = [worksheet.column_dimensions[column_letters(place)].width for place in range(1, len(sheet.columns) + 1)]
    if sum(widths) <= _ROOM:
        return
    repeated = _repeated(sheet, widths)
    head = sum(widths[:repeated])
    places = _cuts(widths, repeated, _ROOM - head)
    for place in places[1:-1]:
        worksheet.col_breaks.append(Break(id=place))
    if repeated:
        worksheet.print_title_cols = f"A:{column_letters(repeated)}"
    worksheet.print_area = f"A{first}:{column_letters(len(widths))}{last}"
    # a break holds only where a scale is given, not a number of pages to fit
    worksheet.sheet_properties.pageSetUpPr.fitToPage = False
    widest = head + max(sum(widths[start:end]) for start, end in pairwise(places))
    worksheet.page_setup.scale = max(10, min(100, int(100 * _ACROSS / widest)))
    worksheet.page_setup.pageOrder = "overThenDown"
    worksheet.page_margins.top = 0.9
    heading, subtitle = (safe_text(text)[: _LONGEST_HEADER // 2].replace("&", "&&") for text in (sheet.heading, sheet.subtitle))
    header = worksheet.oddHeader.left
    # no line break: openpyxl writes it as an escape that LibreOffice prints
    header.text = f'{heading} &"{styles.FAMILY},Regular"&8 {subtitle}'
    header.font, header.size, header.color = f"{styles.FAMILY},Bold", 11, styles.HEADER


def keep_together(worksheet: Worksheet) -> None:
    """A cover that is a few rows too long for one sheet of paper is made a little smaller."""
    rows = (worksheet.row_dimensions[row].height or styles.ROW_HEIGHT for row in range(1, worksheet.max_row + 1))
    if sum(rows) <= _DOWN / _LEAST:
        worksheet.page_setup.fitToHeight = 1


def _repeated(sheet: Sheet, widths: Sequence[float]) -> int:
    """How many columns say whose row it is: the frozen ones, or the texts that a table begins with; half a page at most."""
    texts = next((place for place, column in enumerate(sheet.columns) if column.kind != "text"), len(widths))
    named = texts if sheet.freeze is None else sheet.freeze
    return sum(width <= _ROOM / 2 for width in accumulate(widths[:named]))


def _cuts(widths: Sequence[float], first: int, room: float) -> list[int]:
    """Where the pieces begin, and the end: about equally wide, none wider than `room` (but for a single column)."""
    pieces = -int(-sum(widths[first:]) // room)
    places = [first]
    while (place := places[-1]) < len(widths):
        even = sum(widths[place:]) / max(1, pieces - len(places) + 1)
        taken = 0.0
        while place < len(widths) and (not taken or (taken + widths[place] <= room and taken + widths[place] / 2 <= even)):
            taken += widths[place]
            place += 1
        places.append(place)
    return places
