"""A sheet of ours at the end of the workbook: columns of text, with headings."""

from __future__ import annotations

from typing import Any

from .worksheet import cell_xml, letters

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


_ACROSS = 200


def page_xml(page: dict[str, Any], looks: dict[str, int]) -> bytes:
    """The sheet. `rows`: lists of [look, text]; a text of nothing leaves the cell out."""
    rows = "".join(
        f'<row r="{number}">'
        + "".join(
            cell_xml("", f"{letters(place)}{number}", looks[look], text)
            for place, (look, text) in enumerate(cells, start=1)
            if text
        )
        + "</row>"
        for number, cells in enumerate(page["rows"], start=1)
    )
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{float(width):g}" customWidth="1"/>'
        for place, width in enumerate(page["widths"], start=1)
    )
    # what is much wider than a sheet of paper would be too small to read on one
    fits = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' if sum(page["widths"]) <= _ACROSS else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}">{fits}'
        '<sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{rows}</sheetData>"
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode("utf-8", "replace")
