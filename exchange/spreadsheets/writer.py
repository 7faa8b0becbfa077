"""Writes a workbook: openpyxl draws it small, the body rows are streamed into their places; memory does not grow with rows."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from flask_babel import force_locale
from flask_babel import gettext as _

from exchange.spreadsheets.book import column_letters
from exchange.spreadsheets.charts import can_be_drawn
from exchange.spreadsheets.drawing import FIRST_ROW, HEADER_ROW, body_rows, draw, row_heights
from exchange.spreadsheets.file_names import ascii_file_name, content_disposition, file_name
from exchange.spreadsheets.rows import RowStream, number
from exchange.spreadsheets.sheet import Sheet, Workbook
from exchange.spreadsheets.text import xml_text

__all__ = [
    "FIRST_ROW",
    "HEADER_ROW",
    "MIMETYPE",
    "Written",
    "ascii_file_name",
    "content_disposition",
    "file_name",
    "write",
]

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_BIG = 20_000
STYLE = re.compile(rb'<c\b[^>]*?\bs="(\d+)"[^>]*?>')
DIMENSION = re.compile(rb"<dimension\b[^>]*/>")
_AFTER_IGNORED_ERRORS = re.compile(rb"<(?:drawing|legacyDrawing|tableParts|extLst)\b|</worksheet>")
_DRAWING = re.compile(r"xl/drawings/drawing\d+\.xml")
_CHART_NAME = re.compile(rb'(<(?:\w+:)?cNvPr\b[^>]*?\bname=")[^"]*(")')
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Written:
    """What was written: size of the file, its SHA-256, rows of all tables together."""

    bytes: int
    sha256: str
    rows: int


def write(workbook: Workbook, target: BinaryIO | str | os.PathLike[str]) -> Written:
    """Write the file. A path appears only when the file is whole. Raises ValueError when the rows are not as described."""
    with force_locale(workbook.language):
        if isinstance(target, (str, os.PathLike)):
            return _write_path(workbook, Path(target))
        return _write_stream(workbook, target)


def _write_path(workbook: Workbook, path: Path) -> Written:
    descriptor, unfinished = tempfile.mkstemp(prefix=".", suffix=".xlsx", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w+b") as stream:
            written = _write_stream(workbook, stream)
        # mkstemp keeps the file to its owner; a report is as readable as any new file.
        mask = os.umask(0)
        os.umask(mask)
        Path(unfinished).chmod(0o666 & ~mask)
        Path(unfinished).replace(path)
    except BaseException:
        Path(unfinished).unlink()
        raise
    return written


def _write_stream(workbook: Workbook, target: BinaryIO) -> Written:
    if target.seekable() and target.readable():
        start = target.tell()
        rows = _write_archive(workbook, target)
        return weigh(target, start, rows)
    # Programs other than Excel want the sizes in front of the data, so a pipe gets a finished file.
    with tempfile.TemporaryFile() as finished:
        rows = _write_archive(workbook, cast(BinaryIO, finished))
        written = weigh(cast(BinaryIO, finished), 0, rows)
        finished.seek(0)
        shutil.copyfileobj(finished, target, _CHUNK)
    return written


def weigh(stream: BinaryIO, start: int, rows: int) -> Written:
    digest, size = hashlib.sha256(), 0
    stream.seek(start)
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Written(size, digest.hexdigest(), rows)


def _write_archive(workbook: Workbook, target: BinaryIO) -> int:
    book = draw(workbook)
    drawn = io.BytesIO()
    book.save(drawn)
    # openpyxl numbers sheets and drawings in the order of the workbook; the first sheet is the cover.
    bodies = {f"xl/worksheets/sheet{place}.xml": sheet for place, sheet in enumerate(workbook.sheets, start=2)}
    heights = {part: row_heights(sheet, book.worksheets[place]) for place, (part, sheet) in enumerate(bodies.items(), start=1)}
    alts = iter([sheet.chart.alt for sheet in workbook.sheets if sheet.chart and can_be_drawn(sheet)])
    cells = sum(sheet.count * len(sheet.columns) for sheet in workbook.sheets)
    level = 1 if cells >= _BIG * 10 else 6
    rows = 0
    with (
        zipfile.ZipFile(drawn) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive,
    ):
        for part in sorted(source.namelist(), key=natural):
            content = source.read(part)
            if part in bodies:
                with archive.open(part, "w") as stream:
                    for chunk in _sheet_xml(content, bodies[part], heights[part]):
                        stream.write(chunk)
                rows += bodies[part].count
            else:
                if _DRAWING.fullmatch(part):
                    content = _describe_chart(content, next(alts, ""))
                archive.writestr(part, content)
    return rows


def natural(part: str) -> tuple[bool, str, int]:
    """The list of content types first, as Excel writes it; then drawing2 before drawing10."""
    digits = re.findall(r"\d+", part)
    return part != "[Content_Types].xml", re.sub(r"\d+", "", part), int(digits[-1]) if digits else 0


def _sheet_xml(drawn: bytes, sheet: Sheet, heights: dict[int, float]) -> Iterator[bytes]:
    """The sheet as openpyxl drew it, with the body in place of the model row and figures in the totals row."""
    start, end = row_span(drawn, FIRST_ROW)
    styles = [int(style) for style in STYLE.findall(drawn[start:end])]
    # The range in use is optional, and what was drawn does not know the body.
    yield DIMENSION.sub(b"", drawn[:start], count=1)
    stream = RowStream(sheet.columns, styles)
    yield from stream.chunks(sheet.rows, FIRST_ROW, heights)
    if stream.written != sheet.count:
        raise ValueError(f"{sheet.name}: {sheet.count} rows were promised and {stream.written} came")
    if not sheet.count:
        yield from RowStream(sheet.columns, styles).chunks([_nothing(sheet)], FIRST_ROW)
    last = FIRST_ROW + body_rows(sheet) - 1
    if sheet.totals is not None:
        total_start, total_end = row_span(drawn, last + 1)
        yield drawn[end:total_start]
        yield _totals_row(drawn[total_start:total_end], sheet, sheet.totals, stream, last)
        end = total_end
    yield with_ignored_errors(drawn[end:], sheet, last)


def row_span(drawn: bytes, row: int) -> tuple[int, int]:
    start = drawn.index(b'<row r="%d"' % row)
    return start, drawn.index(b"</row>", start) + len(b"</row>")


def _nothing(sheet: Sheet) -> list[str | None]:
    """The row of an empty table says so where there is room for words."""
    said = False
    cells: list[str | None] = []
    for column in sheet.columns:
        cells.append(_("Нет записей") if column.kind == "text" and not said else None)
        said = said or column.kind == "text"
    return cells


def _totals_row(drawn: bytes, sheet: Sheet, totals: Sequence[object], stream: RowStream, last: int) -> bytes:
    """A formula only where it gives exactly the figure beside it: not over figures that are hidden from the reader."""
    styles = STYLE.findall(drawn)
    cells = []
    for place, (column, value) in enumerate(zip(sheet.columns, totals, strict=True)):
        letters = column_letters(place + 1)
        cell = f'<c r="{letters}{last + 1}" s="{int(styles[place])}"'
        added = stream.sum(place) if column.total else None
        shown = added if value is None else value
        if shown is None or shown == "":
            cells.append(f"{cell}/>")
        elif isinstance(shown, str):
            cells.append(f'{cell} t="inlineStr"><is><t>{xml_text(shown)}</t></is></c>')
        elif added is not None and _same(added, shown):
            formula = f"SUBTOTAL(109,{letters}{FIRST_ROW}:{letters}{last})"
            cells.append(f"{cell}><f>{formula}</f><v>{number(shown)}</v></c>")
        elif column.kind in ("date", "datetime", "text"):
            cells.append(f'{cell} t="inlineStr"><is><t>{xml_text(str(shown))}</t></is></c>')
        else:
            cells.append(f"{cell}><v>{number(shown)}</v></c>")
    return f'<row r="{last + 1}">{"".join(cells)}</row>'.encode()


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        first, second = float(cast(float, one)), float(cast(float, other))
        return abs(first - second) <= 1e-9 * max(abs(first), abs(second), 1.0)
    return one == other


def with_ignored_errors(tail: bytes, sheet: Sheet, last: int) -> bytes:
    """Digits kept as text get no green corners."""
    ranges = " ".join(
        f"{letters}{FIRST_ROW}:{letters}{last}"
        for letters, column in ((column_letters(place), column) for place, column in enumerate(sheet.columns, start=1))
        if column.digit_text
    )
    if not ranges:
        return tail
    element = f'<ignoredErrors><ignoredError sqref="{ranges}" numberStoredAsText="1"/></ignoredErrors>'.encode()
    return _AFTER_IGNORED_ERRORS.sub(lambda found: element + found[0], tail, count=1)


def _describe_chart(content: bytes, alt: str) -> bytes:
    words = xml_text(alt).replace('"', "&quot;").replace("\n", " ").encode()
    return _CHART_NAME.sub(lambda found: found[1] + _("Диаграмма").encode() + found[2] + b' descr="' + words + b'"', content)
