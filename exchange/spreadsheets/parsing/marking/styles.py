"""Adds the looks of our own cells to the styles of a workbook: nothing that is there changes its number."""

from __future__ import annotations

from ..limits import Limits
from ..refusal import Refused
from . import splices

_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors", "extLst",
)  # fmt: skip
_MOST = 60_000
EMPTY = (
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b'<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)

# name -> (colour of the letters, bold, size)
_FONTS = {
    "text": ("16212F", False, 10), "heading": ("10294A", True, 10), "ok": ("14693A", True, 10), "error": ("B1221B", True, 10),
    "warning": ("8A4600", True, 10), "quiet": ("51607A", False, 10), "title": ("10294A", True, 14),
}  # fmt: skip
_HEADING_FILL = "E7F0FB"
TINTS = {"error": "FAD4D1", "warning": "FFE7B8"}


def add(raw: bytes, limits: Limits) -> tuple[bytes, dict[str, int], dict[str, int]]:
    """The part with our looks; their numbers by name: of cells (`s`), of conditional formats (`dxfId`). Raises Refused."""
    counted: dict[str, int] = dict.fromkeys(_ORDER, 0)
    inside = ""

    def begins(element: splices.Element, depth: int) -> None:
        nonlocal inside
        if depth == 1:
            inside = element.name
        elif depth == 2 and inside in counted:
            counted[inside] += 1

    part = splices.read(raw, limits, begins)
    if part.root.name != "styleSheet" or not counted["fonts"] or not counted["fills"] or not counted["borders"]:
        raise Refused("damaged", "styles")
    if not counted["cellXfs"] or counted["cellXfs"] > _MOST:
        raise Refused("damaged", "cell formats")
    p = part.prefix
    fonts, fills, borders = counted["fonts"], counted["fills"], counted["borders"]
    _append(part, "fonts", counted, [
        f'<{p}font>{f"<{p}b/>" if bold else ""}<{p}sz val="{size}"/><{p}color rgb="FF{colour}"/>'
        f'<{p}name val="Arial"/></{p}font>'
        for colour, bold, size in _FONTS.values()
    ])  # fmt: skip
    fill = f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{_HEADING_FILL}"/></{p}patternFill></{p}fill>'
    _append(part, "fills", counted, [fill])
    plain = f"<{p}left/><{p}right/><{p}top/><{p}bottom/><{p}diagonal/>"
    _append(part, "borders", counted, [f"<{p}border>{plain}</{p}border>"])
    looks = {}
    formats = []
    for place, name in enumerate(_FONTS):
        looks[name] = counted["cellXfs"] + place
        filled = fills if name == "heading" else 0
        formats.append(
            f'<{p}xf numFmtId="49" fontId="{fonts + place}" fillId="{filled}" borderId="{borders}" xfId="0" '
            'applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1">'
            f'<{p}alignment horizontal="left" vertical="top" wrapText="1"/></{p}xf>'
        )
    _append(part, "cellXfs", counted, formats)
    tints = {name: counted["dxfs"] + place for place, name in enumerate(TINTS)}
    _append(part, "dxfs", counted, [
        f'<{p}dxf><{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{colour}"/><{p}bgColor rgb="FF{colour}"/>'
        f"</{p}patternFill></{p}fill></{p}dxf>"
        for colour in TINTS.values()
    ])  # fmt: skip
    return part.edited(), looks, tints


def _append(part: splices.Part, name: str, counted: dict[str, int], items: list[str]) -> None:
    """More children for a list of the styles, with the count that Excel checks."""
    count, element, content = counted[name] + len(items), part.child(name), "".join(items)
    if element is None or element.is_empty:
        if element is not None:
            part.cut(element)
        text = f'<{part.prefix}{name} count="{count}">{content}</{part.prefix}{name}>'
        part.put(element.end if element is not None else part.place(name, _ORDER), text)
        return
    part.replace(element.start, element.inner, splices.with_attribute(part.tag(element), "count", str(count)))
    part.put(element.close, content)
