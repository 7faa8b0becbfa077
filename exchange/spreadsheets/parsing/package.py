"""The parts of a workbook around its sheets: relations, list of sheets, date formats, shared strings."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import NamedTuple

from .limits import Limits
from .markup import Markup
from .refusal import Refused
from .values import builtin_shows, format_shows, text

_TRANSITIONAL = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_SHEET_NAMESPACES = (_TRANSITIONAL + "spreadsheetml/2006/main", _STRICT + "spreadsheetml/main")
_RELATION_ID = (_TRANSITIONAL + "officeDocument/2006/relationships}id", _STRICT + "officeDocument/relationships}id")
_RELATION = _TRANSITIONAL + "package/2006/relationships}Relationship"

_LONGEST_NAME = 90
_MOST_RELATIONS = 5_000
_MOST_FORMATS = 70_000
_OTHER_PARTS = 200_000
LONGEST_TEXT = 32_767


def tags(*names: str) -> dict[str, str]:
    """Both spellings of each element name, transitional and strict, to the bare name."""
    return {f"{namespace}}}{name}": name for namespace in _SHEET_NAMESPACES for name in names}


class Relation(NamedTuple):
    """One line of a .rels part: kind is the last word of its type, part is empty when it points outside the file."""

    kind: str
    part: str


@dataclass
class SheetPart:
    """A worksheet as the workbook lists it."""

    name: str
    hidden: bool
    part: str


@dataclass
class Parts:
    """Everything that is needed before a sheet can be read."""

    sheets: list[SheetPart]
    from_1904: bool
    formats: list[str]
    strings: list[str | None]


def read_parts(markup: Markup, limits: Limits) -> Parts:
    """Find the sheets of the workbook and read what their cells refer to. Raises Refused."""
    root = _relations(markup, "_rels/.rels", "")
    workbook = next((one.part for one in root.values() if one.kind == "officeDocument"), "xl/workbook.xml")
    if not markup.has(workbook):
        raise Refused("wrong_kind", "no workbook part")
    folder, name = posixpath.split(workbook)
    relations = _relations(markup, posixpath.join(folder, "_rels", name + ".rels"), folder)
    sheets, from_1904 = _sheets(markup, workbook, relations, limits)
    part_of = {one.kind: one.part for one in relations.values()}
    styles, strings = part_of.get("styles", ""), part_of.get("sharedStrings", "")
    return Parts(
        sheets,
        from_1904,
        _formats(markup, styles) if markup.has(styles) else [],
        _strings(markup, strings, limits) if markup.has(strings) else [],
    )


def _relations(markup: Markup, part: str, folder: str) -> dict[str, Relation]:
    found: dict[str, Relation] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag != _RELATION:
            return
        target = attributes.get("Target", "")
        outside = attributes.get("TargetMode") == "External"
        # A path that climbs out of the archive is a name that no part has.
        full = "" if outside else posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
        found[attributes.get("Id", "")] = Relation(attributes.get("Type", "").rpartition("/")[2], full)
        if len(found) > _MOST_RELATIONS:
            raise Refused("bomb", "relations")

    if markup.has(part):
        markup.walk(part, start)
    return found


def _sheets(markup: Markup, workbook: str, relations: dict[str, Relation], limits: Limits) -> tuple[list[SheetPart], bool]:
    known = tags("sheet", "workbookPr")
    listed: list[tuple[str, str, str]] = []
    from_1904 = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal from_1904
        name = known.get(tag)
        if name == "sheet":
            relation = next((attributes[key] for key in _RELATION_ID if key in attributes), "")
            listed.append((attributes.get("name", ""), attributes.get("state", "visible"), relation))
            if len(listed) > limits.sheets:
                raise Refused("too_many_sheets", most=limits.sheets)
        elif name == "workbookPr":
            from_1904 = attributes.get("date1904") in ("1", "true")

    markup.walk(workbook, start)
    sheets: list[SheetPart] = []
    names: set[str] = set()
    for name, state, key in listed:
        relation = relations.get(key)
        if relation is None or not markup.has(relation.part):
            # Other programs show such a sheet as an empty one: people would be lost without a word.
            raise Refused("damaged", f"sheet {name!r} has no part")
        if relation.kind != "worksheet":
            continue
        if any(relation.part.lower() == sheet.part.lower() for sheet in sheets):
            raise Refused("damaged", f"sheet {name!r} shares its part with another")
        sheets.append(SheetPart(sheet_name(name, names), state != "visible", relation.part))
    if not sheets:
        raise Refused("no_table", "no worksheets")
    return sheets, from_1904


def sheet_name(said: str, others: set[str]) -> str:
    """The name of a sheet, which no other has: rows are known by it."""
    name = (text(said) or "").strip()[:_LONGEST_NAME]
    if name.lower() in others:
        raise Refused("damaged", f"two sheets {name!r}")
    others.add(name.lower())
    return name


def _formats(markup: Markup, part: str) -> list[str]:
    """What each cell format (the `s` of a cell) shows: day, time, length of time or ''."""
    known = tags("numFmt", "cellXfs", "xf")
    own: dict[str, str] = {}
    shows: list[str] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        name = known.get(tag)
        if name == "xf" and inside:
            number = attributes.get("numFmtId", "0")
            if number in own:
                shows.append(own[number])
            else:
                shows.append(builtin_shows(int(number)) if number.isdecimal() and len(number) < 5 else "")
            if len(shows) > _MOST_FORMATS:
                raise Refused("bomb", "formats")
        elif name == "cellXfs":
            inside = True
        elif name == "numFmt":
            own[attributes.get("numFmtId", "")] = format_shows(attributes.get("formatCode", "")[:255])
            if len(own) > _MOST_FORMATS:
                raise Refused("bomb", "number formats")

    def end(tag: str) -> None:
        nonlocal inside
        if known.get(tag) == "cellXfs":
            inside = False

    markup.walk(part, start, end)
    return shows


def _strings(markup: Markup, part: str, limits: Limits) -> list[str | None]:
    """The shared strings: runs of rich text joined, phonetic hints left out. Their declared count is never believed."""
    known = tags("si", "t", "rPh")
    strings: list[str | None] = []
    pieces: list[str] = []
    reading = phonetic = False
    length = total = details = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal reading, phonetic, details
        name = known.get(tag)
        details += 1
        if details > 2 * limits.cells + _OTHER_PARTS:
            raise Refused("bomb", "shared strings")
        if name == "t":
            reading = not phonetic
        elif name == "rPh":
            phonetic = True

    def characters(piece: str) -> None:
        nonlocal length
        if reading:
            pieces.append(piece)
            length += len(piece)
            if length > 2 * LONGEST_TEXT:
                raise Refused("long_text", part)

    def end(tag: str) -> None:
        nonlocal reading, phonetic, length, total
        name = known.get(tag)
        if name == "t":
            reading = False
        elif name == "rPh":
            phonetic = False
        elif name == "si":
            strings.append(text("".join(pieces)))
            pieces.clear()
            total += length
            length = 0
            if total > limits.text:
                raise Refused("too_much_text")
            if len(strings) > limits.cells:
                raise Refused("too_many_cells")

    markup.walk(part, start, end, characters, most_tags=limits.tags)
    return strings
