"""A new workbook with the cells of one that was read: the same sheets, the same places, texts as text; nothing in it acts."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator

from flask_babel import gettext as _

from exchange.spreadsheets.book import Book, Cell, CellError, SheetRead, column_letters
from exchange.spreadsheets.text import xml_text

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  (cells hold local time)
_FIRST_DAY = dt.date(1900, 3, 1)
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}
_HIDDEN, _HIDDEN_SHEET = ' hidden="1"', ' state="hidden"'
#: Numbers of the formats in _STYLES.
_GENERAL, _TEXT, _DAY, _MOMENT, _TIME, _LENGTH = range(6)
_FORMATS = (0, 49, 14, 22, 21, 46)
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="10"/><name val="Arial"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="{len(_FORMATS)}">'
    + "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' for number in _FORMATS
    )
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def sheet_names(book: Book) -> list[str]:
    """What the sheets are called in the copy: names that Excel takes, each once."""
    names: list[str] = []
    for sheet in book.sheets:
        plain = _NOT_IN_NAMES.sub(" ", sheet.name).strip().strip("'")[:31] or _("Список")
        taken = {name.casefold() for name in names}
        names.append(next(n for n in _numbered(plain) if n.casefold() not in taken))
    return names


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in range(2, 1_000):
        yield f"{name[:26]} {number}"


def copy_of(book: Book) -> bytes:
    """The workbook."""
    names = sheet_names(book)
    numbers = range(1, len(names) + 1)
    listed = "".join(
        f'<sheet name="{_quoted(name)}" sheetId="{number}"{_HIDDEN_SHEET if sheet.hidden else ""} r:id="rId{number}"/>'
        for number, name, sheet in zip(numbers, names, book.sheets, strict=True)
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}styles+xml"/>'
        + "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}worksheet+xml"/>' for n in numbers)
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}<Relationship Id="rIdStyles" '
        f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)
        for number, sheet in zip(numbers, book.sheets, strict=True):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", _sheet(sheet))
    return target.getvalue()


def _quoted(text: str) -> str:
    return xml_text(text).replace('"', "&quot;")


def _sheet(sheet: SheetRead) -> str:
    hidden = {number for number in sheet.hidden_columns if number}
    width = max((len(cells) for _number, cells in sheet.rows), default=1)
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{_width(sheet, number)}" customWidth="1"'
        f"{_HIDDEN if number in hidden else ''}/>"
        for number in range(1, width + 1)
    )
    letters = [column_letters(number) for number in range(1, width + 1)]
    rows = "".join(
        f'<row r="{number}"{_HIDDEN if number in sheet.hidden_rows else ""}>'
        + "".join(_cell(f"{letters[place]}{number}", cell) for place, cell in enumerate(cells) if cell is not None)
        + "</row>"
        for number, cells in sheet.rows
    )
    areas = [area for area in sheet.merged if area[:2] != area[2:]]
    merged = "".join(
        f'<mergeCell ref="{column_letters(left)}{top}:{column_letters(right)}{bottom}"/>' for top, left, bottom, right in areas
    )
    joined = f'<mergeCells count="{len(areas)}">{merged}</mergeCells>' if areas else ""
    return f'<worksheet xmlns="{_MAIN}"><cols>{columns}</cols><sheetData>{rows}</sheetData>{joined}</worksheet>'


def _width(sheet: SheetRead, number: int) -> int:
    """Characters that the first rows need."""
    texts = (str(cells[number - 1]) for _number, cells in sheet.rows[:50] if len(cells) >= number and cells[number - 1])
    longest = max(map(len, texts), default=0)
    return min(max(longest + 2, 9), 40)


def _cell(place: str, cell: Cell) -> str:
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell!r}</v></c>'
    if isinstance(cell, CellError) and cell.text in _ERRORS:
        return f'<c r="{place}" t="e"><v>{cell.text}</v></c>'
    found = _serial(cell)
    if found is not None:
        return f'<c r="{place}" s="{found[1]}"><v>{found[0]:.15g}</v></c>'
    text = f"{cell:%d.%m.%Y}" if isinstance(cell, dt.date) else str(cell)
    return f'<c r="{place}" s="{_TEXT}" t="inlineStr"><is><t xml:space="preserve">{xml_text(text)}</t></is></c>'


def _serial(cell: Cell) -> tuple[float, int] | None:
    """A day or a time as Excel counts it, with its format."""
    if isinstance(cell, dt.datetime):
        return ((cell - _EPOCH) / dt.timedelta(days=1), _MOMENT) if cell.date() >= _FIRST_DAY else None
    if isinstance(cell, dt.date):
        return ((cell - _EPOCH.date()).days, _DAY) if cell >= _FIRST_DAY else None
    if isinstance(cell, dt.time):
        return (cell.hour * 3600 + cell.minute * 60 + cell.second) / 86_400, _TIME
    if isinstance(cell, dt.timedelta):
        return cell / dt.timedelta(days=1), _LENGTH
    return None
