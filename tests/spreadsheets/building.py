"""Builds workbooks by hand, part by part, so that a test can put anything into them."""

from __future__ import annotations

import io
import zipfile

from exchange.spreadsheets.book import Book, Cell, SheetRead

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def sheet_xml(rows: str, after: str = "", before: str = "", namespace: str = MAIN) -> str:
    return f'<worksheet xmlns="{namespace}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def build_xlsx(
    rows: str = "",
    *,
    sheet: str | bytes | None = None,
    strings: str | None = None,
    styles: str | None = None,
    workbook: str | None = None,
    extra: dict[str, str | bytes] | None = None,
    drop: tuple[str, ...] = (),
) -> bytes:
    """A workbook of one sheet; each part can be replaced, added or left out."""
    relations = [f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>']
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": workbook
        or f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="Лист1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": sheet if sheet is not None else sheet_xml(rows),
    }
    if strings is not None:
        parts["xl/sharedStrings.xml"] = strings
        relations.append(f'<Relationship Id="rId8" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>')
    if styles is not None:
        parts["xl/styles.xml"] = styles
        relations.append(f'<Relationship Id="rId9" Type="{RELATIONS}/styles" Target="/xl/styles.xml"/>')
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{PACKAGE}">{"".join(relations)}</Relationships>'
    parts.update(extra or {})
    return zipped({name: content for name, content in parts.items() if name not in drop})


def zipped(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = " ".join(f'xmlns:{prefix}="{OFFICE}{name}:1.0"' for prefix, name in (
    ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("draw", "drawing"),
)) + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'  # fmt: skip


def ods_content(sheets: str, styles: str = "", body: str = "spreadsheet") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} office:version="1.3">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{body}>{sheets}</office:{body}></office:body></office:document-content>"
    )


def ods_sheet(rows: str, name: str = "Лист1", more: str = "") -> str:
    return f'<table:table table:name="{name}"{more}>{rows}</table:table>'


def ods_text(value: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{more}><text:p>{value}</text:p></table:table-cell>'


def build_ods(
    rows: str = "",
    *,
    content: str | bytes | None = None,
    mimetype: str | None = ODS,
    manifest: str = "",
    extra: dict[str, str | bytes] | None = None,
) -> bytes:
    """An .ods workbook of one sheet, as an office program writes it; each part can be replaced."""
    parts: dict[str, str | bytes] = {} if mimetype is None else {"mimetype": mimetype}
    parts["content.xml"] = content if content is not None else ods_content(ods_sheet(rows))
    entry = '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"'
    parts["META-INF/manifest.xml"] = (
        f'<manifest:manifest xmlns:manifest="{OFFICE}manifest:1.0">{entry}>{manifest}</manifest:file-entry></manifest:manifest>'
    )
    return zipped({**parts, **(extra or {})})


def text_cell(reference: str, value: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'


def only_sheet(book: Book) -> SheetRead:
    (sheet,) = book.sheets
    return sheet


def values(book: Book) -> dict[int, list[Cell]]:
    return dict(only_sheet(book).rows)
