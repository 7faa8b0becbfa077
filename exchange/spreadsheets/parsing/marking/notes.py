"""Notes at cells: a part with the texts, and a drawing that office programs want beside it. Somebody's own notes stay."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..limits import Limits
from ..refusal import Refused
from . import splices
from .worksheet import letters

# By whom our notes are: so that those of an earlier return are known again.
AUTHOR = "registry"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ORDER = ("authors", "commentList", "extLst")
_SHAPE_ID = re.compile(rb"_x0000_s(\d{1,7})")
_EMPTY_NOTES = f'<comments xmlns="{_MAIN}"><authors><author>{AUTHOR}</author></authors><commentList></commentList></comments>'
_EMPTY_DRAWING = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    b'</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
Bad = tuple[int, int, str]


def without_ours(raw: bytes, limits: Limits) -> tuple[bytes, set[str]]:
    """The part without the notes of an earlier return, and the cells that have a note of somebody."""
    authors: list[str] = []
    heard: list[str] = []
    found: list[splices.Element] = []
    name = ""

    def begins(element: splices.Element, depth: int) -> None:
        nonlocal name
        name = element.name if depth == 2 else ""
        if depth == 2 and element.name == "comment":
            found.append(element)

    def ends(element: splices.Element, depth: int) -> None:
        nonlocal name
        if depth == 2 and element.name == "author":
            authors.append("".join(heard))
            heard.clear()
        name = ""

    def text(piece: str) -> None:
        if name == "author":
            heard.append(piece[:100])

    part = splices.read(raw, limits, begins, ends, text, deepest=2)
    if part.root.name != "comments":
        raise Refused("damaged", "notes")
    kept = set()
    for element in found:
        number = element.attributes.get("authorId", "")
        if number.isdecimal() and len(number) < 6 and int(number) < len(authors) and authors[int(number)] == AUTHOR:
            part.cut(element)
        else:
            kept.add(element.attributes.get("ref", ""))
    return part.edited(), kept


def add(raw: bytes, bad: list[Bad], limits: Limits) -> bytes:
    """The part with notes of ours."""
    authors: list[int] = []

    def begins(element: splices.Element, depth: int) -> None:
        if depth == 2 and element.name == "author":
            authors.append(1)

    part = splices.read(raw, limits, begins, deepest=2)
    p = part.prefix
    part.append("authors", f"<{p}author>{AUTHOR}</{p}author>", _ORDER)
    notes = "".join(
        f'<{p}comment ref="{letters(column)}{row}" authorId="{len(authors)}"><{p}text><{p}r><{p}t xml:space="preserve">'
        f"{splices.xml(said)}</{p}t></{p}r></{p}text></{p}comment>"
        for row, column, said in bad
    )
    part.append("commentList", notes, _ORDER)
    return part.edited()


def draw(raw: bytes, bad: list[Bad], kept: set[str] | None, limits: Limits) -> bytes:
    """The drawing with a box for each of our notes; boxes of notes that are no more go, others stay."""
    shapes: list[_Shape] = []
    heard: list[str] = []

    def begins(element: splices.Element, depth: int) -> None:
        heard.clear()
        if depth == 1 and element.name == "shape":
            shapes.append(_Shape(element))
        elif depth == 2 and element.name == "ClientData" and shapes:
            shapes[-1].kind = element.attributes.get("ObjectType", "")

    def ends(element: splices.Element, depth: int) -> None:
        if depth == 3 and element.name in ("Row", "Column") and shapes:
            shapes[-1].place[element.name] = "".join(heard).strip()

    part = splices.read(raw, limits, begins, ends, lambda piece: heard.append(piece[:20]))
    if part.root.is_empty:
        raise Refused("damaged", "drawing of notes")
    for shape in shapes:
        if kept is not None and shape.kind == "Note" and shape.cell not in kept:
            part.cut(shape.element)
    number = max((int(found) for found in _SHAPE_ID.findall(raw)), default=1024)
    part.put(part.root.close, "".join(_box(number + place, *one) for place, one in enumerate(bad, start=1)))
    return part.edited()


@dataclass
class _Shape:
    """A shape of the drawing, and the cell whose note it shows."""

    element: splices.Element
    kind: str = ""
    place: dict[str, str] = field(default_factory=dict)

    @property
    def cell(self) -> str:
        row, column = self.place.get("Row", ""), self.place.get("Column", "")
        if not (row.isdecimal() and column.isdecimal() and len(row) < 8 and len(column) < 6):
            return ""
        return f"{letters(int(column) + 1)}{int(row) + 1}"


def _box(number: int, row: int, column: int, said: str) -> str:
    lines = 2 + len(said) // 34 + said.count("\n")
    return (
        '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        f'xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{number}" type="#_x0000_t202" '
        'style="position:absolute;margin-left:60pt;margin-top:2pt;'
        f'width:200pt;height:{min(14 * lines, 200)}pt;z-index:{number};visibility:hidden" fillcolor="#fff7dd" '
        'o:insetmode="auto">'
        '<v:fill color2="#fff7dd"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>{column}, 12, {max(row - 2, 0)}, 8, {column + 4}, 12, {max(row - 2, 0) + lines}, 8</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )


def fresh() -> tuple[bytes, bytes]:
    """Both parts, without a note: for `add`, which adds the author again, the list of authors is empty."""
    return _EMPTY_NOTES.replace(f"<author>{AUTHOR}</author>", "").encode(), _EMPTY_DRAWING
